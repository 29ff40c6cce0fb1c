"""The header (spec/vault.md section 2): its form, and the bounds of its key derivations."""

from __future__ import annotations

from typing import Any

from .canonical import Json
from .errors import VaultError, damaged
from .schema import HASH_SIZE, an_object, binary, ident, integer, objects, string, strings
from .suites import SUITES

VERSION = 1
MEMBERS = (
    "version",
    "vault",
    "epoch",
    "generation",
    "suite",
    "slots",
    "count",
    "digest",
    "critical",
)
KEY_SIZE = 32
SALT_SIZE = 16
MEMORY_KIB = range(19456, 1048576 + 1)
PASSES = range(2, 16 + 1)
_SLOTS = range(1, 16 + 1)


def check(value: Any) -> Json:
    """`damaged`, or `newer` for a critical member that we do not know. Bounds are not checked."""
    header = an_object(value, "header")
    if integer(header, "version") != VERSION:
        damaged("version")
    if not set(strings(header, "critical")) <= set(MEMBERS):
        raise VaultError("newer", "critical")
    ident(header, "vault")
    integer(header, "epoch", 1)
    integer(header, "generation", 1)
    suite = SUITES.get(string(header, "suite"))
    if suite is None:
        damaged("suite")
    slots = objects(header, "slots")
    for slot in slots:
        _check_slot(slot, KEY_SIZE + suite.overhead)
    if len(slots) not in _SLOTS or not of_type(header, "passphrase"):
        damaged("slots")
    integer(header, "count")
    binary(header, "digest", HASH_SIZE)
    return header


def check_bounds(header: Json) -> None:
    """Refuse derivations that are too cheap, or too dear, before any is done."""
    for slot in of_type(header, "passphrase"):
        if slot["kdf"] != "argon2id" or slot["lanes"] != 1:
            raise VaultError("bounds", "kdf")
        if slot["memory"] not in MEMORY_KIB or slot["passes"] not in PASSES:
            raise VaultError("bounds", "cost")


def of_type(header: Json, kind: str) -> list[Json]:
    """The slots of a type, in their order."""
    return [slot for slot in header["slots"] if slot["type"] == kind]


def _check_slot(slot: Json, wrap_size: int) -> None:
    kind = string(slot, "type")
    if kind not in ("passphrase", "recovery"):
        return
    ident(slot)
    binary(slot, "salt", SALT_SIZE)
    binary(slot, "wrap", wrap_size)
    if kind == "passphrase":
        string(slot, "kdf")
        for name in ("memory", "passes", "lanes"):
            integer(slot, name)
