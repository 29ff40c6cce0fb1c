"""The passphrase, where no page has it: from the environment, or typed at a terminal."""

from __future__ import annotations

import getpass
import os
import sys

#: Environment variables: the passphrase, or the path of a file that has it. The first counts.
VARIABLE = "CREDENTIALSTORE_PASSPHRASE"
FILE_VARIABLE = "CREDENTIALSTORE_PASSPHRASE_FILE"
#: Bytes; more than any passphrase has.
_FILE_LIMIT = 4096


class Unusable(Exception):
    """The environment names a passphrase that cannot be read: why, in a sentence."""


def is_in_environment() -> bool:
    return bool(os.environ.get(VARIABLE) or os.environ.get(FILE_VARIABLE))


def from_environment() -> str | None:
    """The passphrase, or None if the environment has none. Raises Unusable.

    Of a file, one line feed at the end does not count.
    """
    text = os.environ.get(VARIABLE)
    if text:
        return text
    path = os.environ.get(FILE_VARIABLE)
    return from_file(path, FILE_VARIABLE) if path else None


def can_be_typed() -> bool:
    """Whether a person sits at a terminal that this process reads from."""
    try:
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None
    except ValueError:  # closed
        return False


def typed(prompt: str) -> str:
    """What a person types at the terminal, unseen. Raises EOFError."""
    # The standard library's own, which some kernels replace.
    standard = vars(getpass)
    ask = standard["unix_getpass"] if os.name == "posix" else standard["win_getpass"]
    return str(ask(prompt))


def from_file(path: str, what: str) -> str:
    """The passphrase in a file; `what` names the file in the error. Raises Unusable."""
    try:
        with open(path, "rb") as file:
            data = file.read(_FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unusable(f"The file that {what} names cannot be read: {reason}.") from None
    if len(data) > _FILE_LIMIT:
        raise Unusable(f"The file that {what} names is too long for a passphrase.")
    try:
        return data.removesuffix(b"\n").removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise Unusable(f"The file that {what} names is no text in UTF-8.") from None
