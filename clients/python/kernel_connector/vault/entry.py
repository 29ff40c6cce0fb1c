"""An entry (spec/vault.md section 6) and its row in the index (section 7)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..secret import Secret
from .canonical import Json, arranged
from .errors import VaultError, damaged
from .schema import HASH_SIZE, an_object, binary, ident, integer, objects, string, strings

#: Bytes of an entry before it is padded.
SIZE_LIMIT = 1024 * 1024
NAME_LIMIT = 256
_FIELD = ("name", "type", "value")
_ENTRY = (
    *("id", "rev", "kind", "name", "user", "url", "notes"),
    *("tags", "fields", "created", "changed"),
)
ROW = (
    *("id", "rev", "digest", "name", "kind", "user", "url"),
    *("tags", "fields", "created", "changed"),
)


@dataclass(frozen=True)
class Field:
    """One value of an entry. type: `text` or `hidden`; others count as `hidden`."""

    name: str
    value: str = field(repr=False)
    type: str = "hidden"
    #: Members that this version does not know; they are kept.
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Entry:
    """What one entry holds. Values, and the notes, are `Secret`s where they come from a store.

    created, changed: milliseconds since 1970.
    """

    name: str
    fields: tuple[Field, ...]
    kind: str = "login"
    user: str = ""
    url: str = ""
    notes: str = field(default="", repr=False)
    tags: tuple[str, ...] = ()
    #: Given by the store: empty, and 0, until the entry is put there.
    id: str = ""
    rev: int = 0
    created: int = 0
    changed: int = 0
    #: Members that this version does not know; they are kept.
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Row:
    """What the index tells of an entry. fields: names and types."""

    id: str
    rev: int
    name: str
    kind: str
    user: str
    url: str
    tags: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    created: int
    changed: int


def check_entry(value: Any) -> Json:
    """VaultError `damaged`."""
    entry = an_object(value, "entry")
    _check_common(entry)
    string(entry, "notes")
    for one in entry["fields"]:
        string(one, "value")
    return entry


def check_row(row: Json) -> None:
    """VaultError `damaged`."""
    _check_common(row)
    binary(row, "digest", HASH_SIZE)


def entry_from(value: Json) -> Entry:
    return Entry(
        name=value["name"],
        fields=tuple(
            Field(one["name"], Secret(one["value"]), one["type"], _unknown(one, _FIELD))
            for one in value["fields"]
        ),
        kind=value["kind"],
        user=value["user"],
        url=value["url"],
        notes=Secret(value["notes"]),
        tags=tuple(value["tags"]),
        id=value["id"],
        rev=value["rev"],
        created=value["created"],
        changed=value["changed"],
        unknown=_unknown(value, _ENTRY),
    )


def entry_json(entry: Entry) -> Json:
    """Raises ValueError if no entry can be so: its name, its fields."""
    value: Json = {
        "id": entry.id,
        "rev": entry.rev,
        "kind": entry.kind,
        "name": _writable_name(entry.name),
        "user": entry.user,
        "url": entry.url,
        "notes": entry.notes,
        "tags": list(entry.tags),
        "fields": [
            {"name": one.name, "type": one.type, "value": one.value} | _unknown(one.unknown, _FIELD)
            for one in entry.fields
        ],
        "created": entry.created,
        "changed": entry.changed,
    }
    value |= _unknown(entry.unknown, _ENTRY)
    try:
        check_entry(value)
    except VaultError as error:
        part = error.detail
    else:
        return value
    raise ValueError(f"No entry can have such a member: {part}.")


def row_json(entry: Json, digest: str, old: Json | None = None) -> Json:
    """The row of an entry; `old`: that before, whose unknown members are kept."""
    types = {one["name"]: one for one in (old or {}).get("fields", [])}
    row = {name: entry[name] for name in ROW if name in entry} | {
        "digest": digest,
        "fields": [
            {"name": one["name"], "type": one["type"]}
            | _unknown(types.get(one["name"], {}), _FIELD)
            for one in entry["fields"]
        ],
    }
    return arranged(row, ROW) | _unknown(old or {}, ROW)


def row_from(value: Json) -> Row:
    return Row(
        id=value["id"],
        rev=value["rev"],
        name=value["name"],
        kind=value["kind"],
        user=value["user"],
        url=value["url"],
        tags=tuple(value["tags"]),
        fields=tuple((one["name"], one["type"]) for one in value["fields"]),
        created=value["created"],
        changed=value["changed"],
    )


def code_units(text: str) -> int:
    """The length of a text as ECMAScript counts."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _check_common(value: Json) -> None:
    ident(value)
    integer(value, "rev", 1)
    if not 1 <= code_units(string(value, "name")) <= NAME_LIMIT:
        damaged("name")
    for name in ("kind", "user", "url"):
        string(value, name)
    strings(value, "tags")
    names = [string(one, "name") for one in objects(value, "fields")]
    if not names or len(set(names)) != len(names):
        damaged("fields")
    for one in value["fields"]:
        string(one, "type")
    integer(value, "created")
    integer(value, "changed")


def _unknown(members: Mapping[str, Any], known: tuple[str, ...]) -> Json:
    return {name: value for name, value in members.items() if name not in known}


def normal_name(name: str) -> str:
    """A name as names are compared: in Unicode NFC."""
    return unicodedata.normalize("NFC", name)


def _writable_name(name: str) -> str:
    text = normal_name(name)
    if not text.strip() or code_units(text) > NAME_LIMIT:
        raise ValueError(f"A name has 1 to {NAME_LIMIT} characters, not only spaces.")
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise ValueError("A name has no control characters.")
    return text
