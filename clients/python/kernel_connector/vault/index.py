"""The index (spec/vault.md section 7): its form."""

from __future__ import annotations

from typing import Any

from .canonical import Json
from .entry import check_row
from .errors import damaged
from .schema import an_object, ident, integer, objects, string

MEMBERS = ("entries", "deleted", "grants", "revoked")


def empty() -> Json:
    return {name: [] for name in MEMBERS}


def check(value: Any) -> Json:
    """VaultError `damaged`."""
    index = an_object(value, "index")
    for row in objects(index, "entries"):
        check_row(row)
    for stone in objects(index, "deleted"):
        ident(stone)
        integer(stone, "rev", 1)
        integer(stone, "at")
    for grant in objects(index, "grants"):
        string(grant, "path")
        ident(grant, "entry")
        integer(grant, "since")
        integer(grant, "used")
    for revocation in objects(index, "revoked"):
        string(revocation, "path")
        ident(revocation, "entry")
        integer(revocation, "at")
    if len({row["id"] for row in index["entries"]}) != len(index["entries"]):
        damaged("an id twice in the index")
    return index
