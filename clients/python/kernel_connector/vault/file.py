"""The file's five members (spec/vault.md section 1): what can be told of it without a key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..dotfile import START
from . import base64url, canonical, header
from .canonical import Json
from .errors import VaultError, damaged
from .keys import header_mac
from .scanner import Scanner
from .schema import HASH_SIZE
from .suites import SUITES, Suite

#: Bytes of a file.
SIZE_LIMIT = 16 * 1024 * 1024
#: base64url of 16 bytes, canonical: the last letter stands for two bits.
_ID = re.compile(r'"([A-Za-z0-9_-]{21}[AQgw])":')
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
    scanner = Scanner(text)
    scanner.expect(f'{{"credentialstore":{header.VERSION},"header":', "members")
    header_bytes = scanner.string("header").encode()
    scanner.expect(',"mac":', "members")
    mac = base64url.decode(scanner.string("mac"), HASH_SIZE)
    scanner.expect(',"index":', "members")
    index = scanner.string("index")
    base64url.decode(index)
    scanner.expect(',"entries":{', "members")
    entries = scanner.strings(_ID, "entry")
    scanner.expect("}", "members")
    if not scanner.at_end:
        damaged("something behind")
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
