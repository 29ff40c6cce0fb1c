"""The one error of the package: its code, as in spec/vault.md, and a sentence for the person."""

from __future__ import annotations

from typing import Literal, NoReturn

__all__ = ["Code", "VaultError", "altered", "damaged"]

Code = Literal[
    # Opening a file, section 4.
    "foreign",
    "newer",
    "damaged",
    "bounds",
    "mistyped-code",
    "wrong-secret",
    "altered",
    # Meeting another version of it, sections 8 and 9.
    "other-vault",
    "passphrase-changed",
    "rolled-back",
    "forked",
    # The file at its path; not in the specification.
    "no-file",
    "not-a-file",
    "conflict",
    "busy",
]

_WORDS: dict[Code, str] = {
    "foreign": "This file is not a credential store, so it is left alone.",
    "newer": "A newer version of the credential store wrote this file. Update to open it.",
    "damaged": "The store's file is damaged. Put back a backup.",
    "bounds": "The store's file asks for a key derivation outside the allowed bounds, "
    "so nothing was derived.",
    "mistyped-code": "This is not a recovery code: a character is missing or mistyped.",
    "wrong-secret": "This passphrase or recovery code does not open the store.",
    "altered": "The store's file was altered by something without its key. Put back a backup.",
    "other-vault": "This file is another store than the one that was here before.",
    "passphrase-changed": "The passphrase was changed elsewhere. Open the store with the new one.",
    "rolled-back": "The store's file is older than the one that was here before.",
    "forked": "The store's file has another past than the one that was here before.",
    "no-file": "There is no store at this path yet.",
    "not-a-file": "The store's path is a directory or a device, not a file.",
    "conflict": "The store's file was changed meanwhile. Open it again.",
    "busy": "Another program is writing the store's file. Try again.",
}


class VaultError(Exception):
    """A file or a secret that is refused.

    code: which check refused it.
    detail: which part of the file, for a report of a bug. Neither it nor the message ever has
        anything that was typed or decrypted.
    """

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(_WORDS[code] + (f" ({detail})" if detail else ""))
        self.code: Code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type[VaultError], tuple[str, str]]:
        # For process pools: an exception would be made from its message alone.
        return VaultError, (self.code, self.detail)


def damaged(detail: str) -> NoReturn:
    raise VaultError("damaged", detail)


def altered(detail: str) -> NoReturn:
    raise VaultError("altered", detail)
