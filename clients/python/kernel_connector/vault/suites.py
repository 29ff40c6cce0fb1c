"""The two suites (spec/vault.md section 3): what seals a text under a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from nacl import bindings
from nacl.exceptions import CryptoError

SuiteName = Literal["nacl", "aes"]


@dataclass(frozen=True)
class Suite:
    """nonce_size, overhead: bytes that come before the text, and those that it grows by in all."""

    name: SuiteName
    nonce_size: int
    overhead: int


NACL = Suite("nacl", nonce_size=24, overhead=40)
AES = Suite("aes", nonce_size=12, overhead=28)
SUITES: dict[str, Suite] = {"nacl": NACL, "aes": AES}


def require(suite: Suite) -> None:
    """Raises ImportError, with a sentence for the person, if the suite's library is missing."""
    if suite is AES:
        _import_aes()


def seal(suite: Suite, key: bytes, nonce: bytes, text: bytes) -> bytes:
    if len(nonce) != suite.nonce_size:
        raise ValueError("a nonce of another size")
    if suite is NACL:
        return nonce + bytes(bindings.crypto_secretbox(text, nonce, key))
    aesgcm, _ = _import_aes()
    return nonce + bytes(aesgcm(key).encrypt(nonce, text, None))


def open_sealed(suite: Suite, key: bytes, sealed: bytes) -> bytes | None:
    """The text, or None if it does not open."""
    if len(sealed) < suite.overhead:
        return None
    nonce, box = sealed[: suite.nonce_size], sealed[suite.nonce_size :]
    if suite is NACL:
        try:
            return bytes(bindings.crypto_secretbox_open(box, nonce, key))
        except CryptoError:
            return None
    aesgcm, invalid_tag = _import_aes()
    try:
        return bytes(aesgcm(key).decrypt(nonce, box, None))
    except invalid_tag:
        return None


def _import_aes() -> tuple[Any, type[Exception]]:
    """The cipher, and what it raises if a text does not open. Here, since few files need it."""
    try:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise ImportError(
            "Files of the suite aes need the package cryptography: "
            'pip install "kernel-connector[vault]"'
        ) from None
    return AESGCM, InvalidTag
