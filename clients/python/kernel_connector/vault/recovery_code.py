"""The recovery code as it is shown and typed (spec/vault.md section 4)."""

from __future__ import annotations

from .errors import VaultError
from .keys import sha256

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {
    **{letter: value for value, letter in enumerate(_ALPHABET)},
    **{letter.lower(): value for value, letter in enumerate(_ALPHABET)},
    **dict.fromkeys("Oo", 0),
    **dict.fromkeys("IiLl", 1),
}
_IGNORED = " \u00a0\t\n\r-"
_LENGTH = 32


def show(code: bytes) -> str:
    """The 16 bytes of a code as eight groups of four characters."""
    if len(code) != 16:
        raise ValueError("a code has 16 bytes")
    number = int.from_bytes(code + sha256(code)[:4], "big")
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def parse(typed: str) -> bytes:
    """The 16 bytes of a code as somebody typed it. VaultError `mistyped-code`."""
    letters = [letter for letter in typed if letter not in _IGNORED]
    if len(letters) != _LENGTH:
        raise VaultError("mistyped-code")
    number = 0
    for letter in letters:
        if letter not in _VALUES:
            raise VaultError("mistyped-code")
        number = number << 5 | _VALUES[letter]
    data = number.to_bytes(20, "big")
    if sha256(data[:16])[:4] != data[16:]:
        raise VaultError("mistyped-code")
    return data[:16]
