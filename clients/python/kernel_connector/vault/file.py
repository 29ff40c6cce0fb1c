"""The file's five members (spec/vault.md section 1): what can be told of it without a key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..dotfile import START
from . import base64url, canonical, header
from .canonical import Json
from .errors import VaultError, damaged
from .keys import header_mac
from .schema import HASH_SIZE, ID_SIZE, an_object, binary, integer, string
from .suites import SUITES, Suite

#: Bytes of a file.
SIZE_LIMIT = 16 * 1024 * 1024
_MEMBERS = ["credentialstore", "header", "mac", "index", "entries"]
_VERSION = re.compile(rb"[ \t\n\r]*([1-9][0-9]*)")


@dataclass(frozen=True)
class File:
    """A well-formed file, still locked. Nothing in it is authenticated yet.

    header_bytes: what the mac is over. index: base64url; entries: likewise, by id.
    """

    header_bytes: bytes
    header: Json
    mac: bytes
    index: str
    entries: dict[str, str]

    @property
    def suite(self) -> Suite:
        return SUITES[self.header["suite"]]

    @property
    def vault_id(self) -> bytes:
        return base64url.decode(self.header["vault"])


def check_start(data: bytes) -> None:
    """`foreign` or `newer`: files that are never written to. The beginning of a file will do."""
    start = START.match(data)
    if start is None:
        raise VaultError("foreign")
    version = _VERSION.match(data, start.end())
    if version is not None and version[1] != b"1":
        raise VaultError("newer", "credentialstore")


def parse(data: bytes) -> File:
    """The checks of section 4 down to the header's: `foreign`, `newer`, `damaged`, `bounds`."""
    check_start(data)
    if len(data) > SIZE_LIMIT:
        damaged("size")
    text = data.removesuffix(b"\n")
    if not text.endswith(b"}}"):
        # Tells most cut files at once, however many megabytes are left of them.
        damaged("end")
    value = an_object(canonical.read(text), "file")
    if list(value) != _MEMBERS:
        damaged("members")
    if integer(value, "credentialstore") != header.VERSION:
        damaged("credentialstore")
    header_bytes = string(value, "header").encode()
    mac = binary(value, "mac", HASH_SIZE)
    index = string(value, "index")
    base64url.decode(index)
    entries = an_object(value["entries"], "entries")
    for entry_id, text in entries.items():
        base64url.decode(entry_id, ID_SIZE)
        if not isinstance(text, str):
            damaged("entries")
    members = header.check(canonical.read(header_bytes))
    header.check_bounds(members)
    return File(header_bytes, members, mac, index, entries)


def assemble(key: bytes, members: Json, index: str, entries: dict[str, str]) -> bytes:
    """The bytes of a file, under the mac of its header."""
    header_bytes = canonical.write(canonical.arranged(members, header.MEMBERS))
    vault_id = base64url.decode(members["vault"])
    mac = header_mac(key, vault_id, SUITES[members["suite"]], header_bytes)
    return canonical.write(
        {
            "credentialstore": header.VERSION,
            "header": header_bytes.decode(),
            "mac": base64url.encode(mac),
            "index": index,
            "entries": entries,
        }
    )
