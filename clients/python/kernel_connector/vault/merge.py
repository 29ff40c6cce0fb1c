"""The three-way merge (spec/vault.md section 8), as a function of what the three indices say.

It decides; what gets another id, name or revision is sealed by `combine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from .canonical import Json
from .entry import NAME_LIMIT, code_units

#: Milliseconds that tombstones and revocations are kept.
KEPT_MS = 90 * 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Side:
    """The index of one version, and its rows by id."""

    index: Json
    rows: dict[str, Json]

    @classmethod
    def of(cls, index: Json) -> Side:
        return cls(index, {row["id"]: row for row in index["entries"]})


@dataclass(frozen=True)
class Chosen:
    """An entry of the result. of: the id it had on its side."""

    side: Literal["mine", "theirs"]
    of: str
    id: str
    rev: int
    name: str


@dataclass(frozen=True)
class Merged:
    """The result, but for its epoch."""

    entries: list[Chosen] = field(default_factory=list)
    deleted: list[Json] = field(default_factory=list)
    grants: list[Json] = field(default_factory=list)
    revoked: list[Json] = field(default_factory=list)


def merge(
    base: Json,
    mine: Json,
    theirs: Json,
    now: int,
    new_id: Callable[[], str],
    same_text: Callable[[str], bool] | None = None,
) -> Merged:
    """What becomes of three indices.

    now: milliseconds since 1970.
    same_text: given if theirs is sealed under another vault key, where digests tell nothing:
        whether an entry of mine and of theirs, by id, hold the same text.
    """
    sides = Side.of(base), Side.of(mine), Side.of(theirs)
    chosen, copies = _choose(*sides, same_text)
    _name_copies(chosen, copies, new_id)
    live = {one.id for one in chosen}
    revoked = _joined(theirs["revoked"], mine["revoked"], ("path", "entry"), ("at",))
    return Merged(
        entries=chosen,
        deleted=[
            stone
            for stone in _joined(theirs["deleted"], mine["deleted"], ("id",), ("rev", "at"))
            if stone["id"] not in live and is_kept(stone, now)
        ],
        grants=_standing(
            _joined(theirs["grants"], mine["grants"], ("path", "entry"), ("since", "used")),
            revoked,
            live,
        ),
        revoked=[one for one in revoked if is_kept(one, now)],
    )


def is_kept(one: Json, now: int) -> bool:
    """Whether a tombstone or a revocation is young enough."""
    return bool(now - one["at"] <= KEPT_MS)


def _choose(
    base: Side, mine: Side, theirs: Side, same_text: Callable[[str], bool] | None
) -> tuple[list[Chosen], list[Json]]:
    """The rows of the table, in their order. The second are to become copies."""
    chosen, copies = list[Chosen](), set[str]()
    for entry_id in theirs.rows | mine.rows | base.rows:
        old, my, their = (side.rows.get(entry_id) for side in (base, mine, theirs))
        if _unchanged(my, old):
            chosen += _taken("theirs", their)
        elif _unchanged(their, old, by_revision=same_text is not None):
            chosen += _taken("mine", my)
        elif my and their and _same(my, their, same_text):
            chosen += _taken("theirs", their)
        elif my and not their:
            rev = max([my["rev"], *_tombstone_revs(theirs, entry_id)]) + 1
            chosen.append(Chosen("mine", entry_id, entry_id, rev, my["name"]))
        else:
            chosen += _taken("theirs", their)
            copies |= {entry_id} if my else set()
    return chosen, [row for row in mine.index["entries"] if row["id"] in copies]


def _unchanged(row: Json | None, old: Json | None, by_revision: bool = False) -> bool:
    """The same revision and digest, or absent in both."""
    if row is None or old is None:
        return row is old
    return row["rev"] == old["rev"] and (by_revision or row["digest"] == old["digest"])


def _same(my: Json, their: Json, same_text: Callable[[str], bool] | None) -> bool:
    if my["rev"] != their["rev"]:
        return False
    return same_text(my["id"]) if same_text else bool(my["digest"] == their["digest"])


def _tombstone_revs(side: Side, entry_id: str) -> list[int]:
    return [stone["rev"] for stone in side.index["deleted"] if stone["id"] == entry_id]


def _taken(side: Literal["mine", "theirs"], row: Json | None) -> list[Chosen]:
    return [Chosen(side, row["id"], row["id"], row["rev"], row["name"])] if row else []


def _name_copies(chosen: list[Chosen], copies: list[Json], new_id: Callable[[], str]) -> None:
    taken = {one.name for one in chosen}
    for row in copies:
        number = 2
        while (name := _numbered(row["name"], number)) in taken:
            number += 1
        taken.add(name)
        chosen.append(Chosen("mine", row["id"], new_id(), 1, name))


def _numbered(name: str, number: int) -> str:
    end = f" ({number})"
    while code_units(name + end) > NAME_LIMIT:
        name = name[:-1]
    return name + end


def _joined(
    theirs: Iterable[Json], mine: Iterable[Json], key: tuple[str, ...], larger: tuple[str, ...]
) -> list[Json]:
    """One for each key, with the larger of some numbers. Unknown members of theirs come first."""
    found: dict[tuple[object, ...], Json] = {}
    for one in [*theirs, *mine]:
        name = tuple(one[part] for part in key)
        old = found.get(name, one)
        found[name] = one | old | {number: max(one[number], old[number]) for number in larger}
    return list(found.values())


def _standing(grants: list[Json], revoked: list[Json], live: set[str]) -> list[Json]:
    """Grants of entries in the result that no later revocation ends."""
    ends = {(one["path"], one["entry"]): one["at"] for one in revoked}
    return [
        grant
        for grant in grants
        if grant["entry"] in live and ends.get((grant["path"], grant["entry"]), 0) <= grant["since"]
    ]
