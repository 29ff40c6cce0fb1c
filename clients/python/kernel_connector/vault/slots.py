"""Key slots (spec/vault.md sections 2 and 4): each wraps the vault key under one secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import base64url, header, recovery_code
from .canonical import Json
from .errors import VaultError
from .file import File
from .keys import passphrase_bytes, passphrase_ikm, recovery_ikm, wrapping_key
from .schema import ID_SIZE
from .suites import Suite, open_sealed, require, seal

#: Makes so many random bytes.
Random = Callable[[int], bytes]


@dataclass(frozen=True)
class Passphrase:
    """Any text; before it is used it is brought into Unicode NFC."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class RecoveryCode:
    """A code as the person typed it."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class VaultKey:
    """The 32 bytes that a slot wraps, kept by a program that has opened the vault before."""

    key: bytes = field(repr=False)


#: What opens a vault.
Opener = Passphrase | RecoveryCode | VaultKey


@dataclass(frozen=True)
class Cost:
    """What one guess at a passphrase costs. memory: KiB, 19456 to 1048576; passes: 2 to 16."""

    memory: int = 65536
    passes: int = 3

    def __post_init__(self) -> None:
        if self.memory not in header.MEMORY_KIB or self.passes not in header.PASSES:
            raise ValueError("A cost outside the bounds: no reader would open the file.")


@dataclass(frozen=True)
class Wrapper:
    """What makes slots for one vault key."""

    suite: Suite
    vault_id: bytes
    key: bytes = field(repr=False)
    random: Random

    def passphrase_slot(self, passphrase: str, cost: Cost) -> Json:
        """Raises ValueError if the passphrase is too short, too long, or no text."""
        data = passphrase_bytes(passphrase)
        if data is None:
            raise ValueError("A passphrase has 8 to 1024 bytes in UTF-8.")
        slot_id, salt = self._id_and_salt()
        ikm = passphrase_ikm(data, salt, cost.memory, cost.passes)
        return {
            "type": "passphrase",
            "id": base64url.encode(slot_id),
            "kdf": "argon2id",
            "salt": base64url.encode(salt),
            "memory": cost.memory,
            "passes": cost.passes,
            "lanes": 1,
            "wrap": self._wrap(ikm, slot_id),
        }

    def recovery_slot(self) -> tuple[Json, str]:
        """The slot, and the code for the person to write down."""
        code = self.random(16)
        slot_id, salt = self._id_and_salt()
        slot = {
            "type": "recovery",
            "id": base64url.encode(slot_id),
            "salt": base64url.encode(salt),
            "wrap": self._wrap(recovery_ikm(code, salt), slot_id),
        }
        return slot, recovery_code.show(code)

    def _id_and_salt(self) -> tuple[bytes, bytes]:
        return self.random(ID_SIZE), self.random(header.SALT_SIZE)

    def _wrap(self, ikm: bytes, slot_id: bytes) -> str:
        key = wrapping_key(ikm, self.vault_id, self.suite, slot_id)
        return base64url.encode(seal(self.suite, key, self.random(self.suite.nonce_size), self.key))


def unwrap(file: File, secret: Opener) -> bytes:
    """The vault key. `mistyped-code`, `wrong-secret`.

    A VaultKey is what it says: whether it is this vault's shows when the mac is checked.

    Raises ImportError if the suite's library is missing, MemoryError.
    """
    require(file.suite)
    if isinstance(secret, VaultKey):
        if len(secret.key) != header.KEY_SIZE:
            raise VaultError("wrong-secret")
        return secret.key
    for slot, ikm in _candidates(file, secret):
        slot_id = base64url.decode(slot["id"])
        key = wrapping_key(ikm, file.vault_id, file.suite, slot_id)
        vault_key = open_sealed(file.suite, key, base64url.decode(slot["wrap"]))
        if vault_key is not None:
            return vault_key
    raise VaultError("wrong-secret")


def _candidates(file: File, secret: Passphrase | RecoveryCode) -> Iterator[tuple[Json, bytes]]:
    """The slots of the secret's type, in order, each with what the secret derives to there."""
    if isinstance(secret, RecoveryCode):
        code = recovery_code.parse(secret.text)
        for slot in header.of_type(file.header, "recovery"):
            yield slot, recovery_ikm(code, base64url.decode(slot["salt"]))
        return
    data = passphrase_bytes(secret.text)
    if data is None:
        return
    for slot in header.of_type(file.header, "passphrase"):
        salt = base64url.decode(slot["salt"])
        yield slot, passphrase_ikm(data, salt, slot["memory"], slot["passes"])
