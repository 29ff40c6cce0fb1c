"""Sealed texts (spec/vault.md sections 3 to 7): entries and the index under a vault key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from . import base64url, canonical, entry, header, index
from .canonical import Json
from .errors import altered, damaged
from .file import File, assemble
from .keys import entry_label, header_mac, sha256, subkey
from .padding import entry_size, index_size, pad, unpad
from .slots import Random, Wrapper
from .suites import Suite, open_sealed, seal


@dataclass(frozen=True)
class Sealer:
    """Seals and opens under one vault key. random: where nonces and ids come from."""

    suite: Suite
    vault_id: bytes
    key: bytes = field(repr=False)
    random: Random

    @property
    def wrapper(self) -> Wrapper:
        return Wrapper(self.suite, self.vault_id, self.key, self.random)

    def seal_entry(self, value: Json) -> str:
        """The text of an entry for the file. Raises ValueError if it is too large."""
        text = canonical.write(value)
        if len(text) > entry.SIZE_LIMIT:
            raise ValueError("An entry has at most 1 MiB.")
        label = entry_label(base64url.decode(value["id"]), value["rev"])
        return self._seal(label, pad(text, entry_size(len(text))))

    def open_entry(self, text: str, row: Json) -> Json:
        """The entry of a row of the index; the checks of section 4's second table."""
        if digest_of(text) != row["digest"]:
            altered("digest of an entry")
        label = entry_label(base64url.decode(row["id"]), row["rev"])
        padded = self._open(label, base64url.decode(text))
        if padded is None:
            altered("entry")
        plain = unpad(padded)
        if len(plain) > entry.SIZE_LIMIT:
            damaged("size of an entry")
        value = entry.check_entry(canonical.read(plain))
        if (value["id"], value["rev"]) != (row["id"], row["rev"]):
            altered("entry under another id or revision")
        return value

    def seal_index(self, value: Json) -> str:
        text = canonical.write(value)
        return self._seal(b"index", pad(text, index_size(len(text))))

    def open_index(self, file: File) -> Json:
        """The index of a file whose vault key this is; the last checks of section 4's first
        table."""
        mac = header_mac(self.key, self.vault_id, self.suite, file.header_bytes)
        if not hmac.compare_digest(mac, file.mac):
            altered("header")
        if digest_of(file.index) != file.header["digest"]:
            altered("digest of the index")
        padded = self._open(b"index", base64url.decode(file.index))
        if padded is None:
            altered("index")
        value = index.check(canonical.read(unpad(padded)))
        if {row["id"] for row in value["entries"]} != set(file.entries):
            altered("an entry was added or removed")
        if len(file.entries) != file.header["count"]:
            damaged("count")
        return value

    def assemble(self, members: Json, rows: Json, sealed: dict[str, str]) -> bytes:
        """The bytes of a file. members: the header, but for what follows from the rest."""
        text = self.seal_index(rows)
        whole = members | {"count": len(sealed), "digest": digest_of(text)}
        return assemble(self.key, canonical.arranged(whole, header.MEMBERS), text, sealed)

    def _seal(self, label: bytes, padded: bytes) -> str:
        key = subkey(self.key, self.vault_id, self.suite, label)
        nonce = self.random(self.suite.nonce_size)
        return base64url.encode(seal(self.suite, key, nonce, padded))

    def _open(self, label: bytes, sealed: bytes) -> bytes | None:
        key = subkey(self.key, self.vault_id, self.suite, label)
        return open_sealed(self.suite, key, sealed)


def digest_of(text: str) -> str:
    return base64url.encode(sha256(text.encode()))
