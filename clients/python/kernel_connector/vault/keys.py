"""Keys (spec/vault.md section 4): what is derived from the vault key, and from a secret.

HKDF comes from the standard library's HMAC, so that a file of the suite `nacl` needs nothing but
PyNaCl.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from nacl.pwhash import argon2id as _argon2id

from .suites import Suite

_PREFIX = b"credentialstore/1 "
_PASSPHRASE_BYTES = range(8, 1024 + 1)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def hkdf(ikm: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, 32 bytes: one block, so that expanding is one step."""
    return hmac.digest(hmac.digest(salt, ikm, "sha256"), info + b"\1", "sha256")


def subkey(vault_key: bytes, vault_id: bytes, suite: Suite, label: bytes) -> bytes:
    return hkdf(vault_key, vault_id, _info(suite, label))


def entry_label(entry_id: bytes, rev: int) -> bytes:
    return b"entry " + entry_id + rev.to_bytes(8, "big")


def wrapping_key(ikm: bytes, vault_id: bytes, suite: Suite, slot_id: bytes) -> bytes:
    return hkdf(ikm, vault_id, _info(suite, b"wrap " + slot_id))


def header_mac(vault_key: bytes, vault_id: bytes, suite: Suite, header: bytes) -> bytes:
    return hmac.digest(subkey(vault_key, vault_id, suite, b"header"), header, "sha256")


def passphrase_bytes(passphrase: str) -> bytes | None:
    """What is derived from; None if no store can have this passphrase."""
    try:
        data = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        return None
    return data if len(data) in _PASSPHRASE_BYTES else None


def passphrase_ikm(passphrase: bytes, salt: bytes, memory: int, passes: int) -> bytes:
    """Argon2id, one lane. `memory` is in KiB. Raises MemoryError."""
    try:
        return bytes(_argon2id.kdf(32, passphrase, salt, opslimit=passes, memlimit=memory * 1024))
    except RuntimeError:
        raise MemoryError(f"Deriving the key takes {memory // 1024} MiB of memory.") from None


def recovery_ikm(code: bytes, salt: bytes) -> bytes:
    return hkdf(code, salt, _PREFIX + b"recovery")


def _info(suite: Suite, label: bytes) -> bytes:
    return _PREFIX + suite.name.encode() + b" " + label
