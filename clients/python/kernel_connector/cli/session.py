"""Opens the store for a command: whose passphrase, and where from."""

from __future__ import annotations

import sys
from pathlib import Path

from .. import passphrase
from ..location import shown
from ..vault import Passphrase, RecoveryCode, Store, VaultError
from . import screen
from .outcome import Exit, Failure

_TRIES = 3
_LEAST, _MOST = 8, 1024


def open_store(path: Path, *, recovery: bool = False, reading: bool = False) -> Store:
    """The store, with the passphrase of the environment, or typed.

    recovery: with the recovery code instead, which is typed.
    reading: an agent would have done, had there been one.

    Raises Failure, VaultError, OSError.
    """
    if not path.exists():
        raise VaultError("no-file") from None
    if recovery:
        return _try(path, RecoveryCode(ask("Recovery code: ")))
    try:
        text = passphrase.from_environment()
    except passphrase.Unusable as error:
        raise Failure(Exit.LOCKED, str(error)) from None
    if text is not None:
        return _try(path, Passphrase(text))
    for left in reversed(range(_TRIES)):
        try:
            return _try(path, Passphrase(ask(f"Passphrase of {shown(path)}: ", agent=reading)))
        except VaultError as error:
            if error.code != "wrong-secret" or not left:
                raise
            screen.say("That passphrase does not open this store.")
    raise AssertionError


def new_passphrase() -> str:
    """A passphrase that is to be, typed twice, or that of the environment where nobody types.

    Raises Failure.
    """
    for _ in range(_TRIES):
        text = ask("New passphrase: ")
        if not _LEAST <= len(text.encode("utf-8", "replace")) <= _MOST:
            screen.say(f"A passphrase has {_LEAST} to {_MOST} bytes. Four random words are good.")
            continue
        if ask("Repeat it: ") == text:
            return text
        screen.say("These two differ.")
    raise Failure(Exit.LOCKED, "No passphrase was set, so nothing was changed.")


def ask(prompt: str, *, agent: bool = False) -> str:
    """Something secret that a person types, unseen, at the terminal even if input is a pipe.

    agent: with one, nothing would be asked.

    Raises Failure.
    """
    if not _terminal():
        before = 'Run "credentialstore unlock" in one before, or set' if agent else "Set"
        raise Failure(
            Exit.LOCKED,
            f'There is no terminal to ask "{prompt.strip().rstrip(":")}" at. '
            f"{before} {passphrase.FILE_VARIABLE}, or run this in a terminal.",
        )
    try:
        return passphrase.typed(prompt)
    except EOFError:
        raise Failure(Exit.LOCKED, "Nothing was typed, so nothing was done.") from None


def _terminal() -> bool:
    """Whether there is one: standard input may be a pipe."""
    try:
        with open("/dev/tty"):
            return True
    except OSError:
        return sys.stdin is not None and sys.stdin.isatty()


def _try(path: Path, secret: Passphrase | RecoveryCode) -> Store:
    with screen.waiting("Deriving the key…"):
        return Store.open(path, secret)
