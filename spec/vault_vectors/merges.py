"""Vectors for the three-way merge (section 8): indices alone, and whole files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kernel_connector.vault import base64url
from kernel_connector.vault.canonical import Json
from kernel_connector.vault.errors import VaultError
from kernel_connector.vault.keys import sha256
from kernel_connector.vault.merge import merge
from kernel_connector.vault.slots import RecoveryCode
from kernel_connector.vault.vault import Vault, unlock

from .common import (
    AES,
    CHEAP,
    DAY,
    NACL,
    NEW_YEAR,
    Drawn,
    Sample,
    Vectors,
    edited,
    expect,
    ident,
    present,
    stringify,
)

NOW = NEW_YEAR + 200 * DAY
KEPT = 90 * DAY

#: What is the same in all rows.
ROW: Json = {
    "kind": "login",
    "user": "",
    "url": "",
    "tags": [],
    "fields": [{"name": "value", "type": "hidden"}],
    "created": NEW_YEAR,
    "changed": NEW_YEAR,
}
#: And in all sides.
SIDE: Json = {
    "vault": NACL.header["vault"],
    "generation": 1,
    "entries": [],
    "deleted": [],
    "grants": [],
    "revoked": [],
}
A, B, C, D = (ident(f"merge: {name}") for name in "ABCD")
NEW = [ident(f"merge: new {number}") for number in range(3)]


def row(entry_id: str, rev: int = 1, name: str = "a", text: str = "") -> Json:
    """text: what the digest stands for."""
    digest = base64url.encode(sha256(f"{entry_id} {rev} {text}".encode()))
    return {"id": entry_id, "rev": rev, "digest": digest, "name": name}


def stone(entry_id: str, rev: int = 2, at: int = NOW - DAY) -> Json:
    return {"id": entry_id, "rev": rev, "at": at}


def grant(path: str = "n.ipynb", entry: str = A, since: int = 100, used: int = 200) -> Json:
    return {"path": path, "entry": entry, "since": since, "used": used}


def revoked(path: str = "n.ipynb", entry: str = A, at: int = NOW - DAY) -> Json:
    return {"path": path, "entry": entry, "at": at}


def merges() -> Json:
    result: Vectors = [_merged(**case) for case in _cases()]
    other = ident("another vault")
    for description, base, theirs, error in (
        ("another vault", {}, {"vault": other}, "other-vault"),
        ("another vault and generation", {}, {"vault": other, "generation": 2}, "other-vault"),
        ("a later generation", {}, {"generation": 2, "epoch": 5}, "passphrase-changed"),
        ("an earlier generation", {"generation": 2}, {"epoch": 5}, "passphrase-changed"),
    ):
        sides: dict[str, Json] = {"base": {"epoch": 4} | base, "mine": {"epoch": 4} | base}
        sides["theirs"] = {"epoch": 4} | theirs
        result.append({"description": description, **sides, "error": error})
    defaults = {"now": NOW, "newIds": NEW, "row": ROW, "side": SIDE}
    return {"mergeDefaults": defaults, "merge": result}


def _merged(
    description: str,
    base: Json | None = None,
    mine: Json | None = None,
    theirs: Json | None = None,
    epochs: tuple[int, int, int] = (4, 4, 5),
) -> dict[str, Any]:
    sides: list[Json] = []
    for given, epoch in zip((base, mine, theirs), epochs, strict=True):
        sides.append({"epoch": epoch} | (given or {}))
    full = [
        SIDE | side | {"entries": [ROW | one for one in side.get("entries", [])]} for side in sides
    ]
    new_ids = iter(NEW)
    merged = merge(full[0], full[1], full[2], NOW, lambda: next(new_ids))
    entries = []
    for one in merged.entries:
        side = full[1] if one.side == "mine" else full[2]
        old = next(row for row in side["entries"] if row["id"] == one.of)
        entries.append(
            {
                "from": one.side,
                "of": one.of,
                "id": one.id,
                "rev": one.rev,
                "name": one.name,
                "sealed": (one.id, one.rev, one.name) != (old["id"], old["rev"], old["name"]),
            }
        )
    return {
        "description": description,
        "base": sides[0],
        "mine": sides[1],
        "theirs": sides[2],
        "result": {
            "epoch": max(epochs[1], epochs[2]) + 1,
            "entries": entries,
        }
        | {
            name: value
            for name, value in (
                ("deleted", merged.deleted),
                ("grants", merged.grants),
                ("revoked", merged.revoked),
            )
            if value
        },
    }


def _cases() -> Iterator[dict[str, Any]]:
    yield from _table()
    yield from _names()
    yield from _stones()
    yield from _grants()


def case(description: str, base: Any = (), mine: Any = (), theirs: Any = (), **more: Any) -> Json:
    """Sides are rows, or sides."""

    def side(given: Any) -> Json:
        return given if isinstance(given, dict) else {"entries": list(given)} if given else {}

    return {
        "description": description,
        "base": side(base),
        "mine": side(mine),
        "theirs": side(theirs),
        **more,
    }


def _table() -> Iterator[Json]:
    old, mine, theirs = row(A), row(A, 2, text="mine"), row(A, 2, text="theirs")
    buried = {"deleted": [stone(A)]}
    yield case("nothing at all")
    yield case("unchanged, unchanged", [old], [old], [old])
    yield case("unchanged, edited", [old], [old], [theirs])
    yield case("unchanged, edited twice", [old], [old], [row(A, 3, text="theirs")])
    yield case("unchanged, deleted", [old], [old], buried)
    yield case("unchanged, deleted without a tombstone", [old], [old], [])
    yield case("absent, added", [], [], [old])
    yield case("edited, unchanged", [old], [mine], [old])
    yield case("deleted, unchanged", [old], buried, [old])
    yield case("deleted without a tombstone, unchanged", [old], [], [old])
    yield case("added, absent", [], [old], [])
    yield case("added, absent, though theirs has a tombstone", [], [old], buried)
    yield case("both edited to the same", [old], [mine], [mine])
    yield case("both added the same", [], [old], [old])
    yield case("edited, deleted", [old], [mine], buried)
    yield case("edited, deleted at a later revision", [old], [mine], {"deleted": [stone(A, 7)]})
    yield case(
        "edited, deleted with two tombstones",
        [old],
        [mine],
        {"deleted": [stone(A, 4), stone(A, 6)]},
    )
    yield case("edited, deleted without a tombstone", [old], [mine], [])
    yield case(
        "edited, deleted long ago", [old], [mine], {"deleted": [stone(A, 5, at=NOW - 2 * KEPT)]}
    )
    yield case("edited at a late revision, deleted", [old], [row(A, 9, text="mine")], buried)
    yield case("deleted, edited", [old], buried, [theirs])
    yield case("deleted at a later revision, edited", [old], {"deleted": [stone(A, 9)]}, [theirs])
    yield case("deleted without a tombstone, edited", [old], [], [theirs])
    yield case("deleted, deleted", [old], buried, buried)
    yield case("deleted, deleted, neither with a tombstone", [old], [], [])
    yield case("edited, edited", [old], [mine], [theirs])
    yield case("edited, edited to a later revision", [old], [mine], [row(A, 5, text="theirs")])
    yield case("edited to a later revision, edited", [old], [row(A, 5, text="mine")], [theirs])
    yield case("the same digest, another revision", [old], [mine], [mine | {"rev": 3}])
    yield case("the same revision as in base, another digest", [old], [row(A, text="x")], [theirs])
    yield case("added differently under one id", [], [mine], [theirs])
    yield case(
        "several at once",
        [row(A, name="a"), row(B, name="b"), row(C, name="c")],
        [row(A, 2, "a2", "mine"), row(B, name="b"), row(D, name="d")],
        [row(B, 2, "b2", "theirs"), row(C, name="c")],
    )
    yield case("epochs: mine is larger", [old], [old], [old], epochs=(4, 8, 5))
    yield case("epochs: far apart", [old], [old], [old], epochs=(4, 4, 1000))


def _names() -> Iterator[Json]:
    def conflict(
        description: str,
        mine: str,
        theirs: str,
        more: tuple[str, ...] = (),
        ours: tuple[str, ...] = (),
    ) -> Json:
        others = [row(ident(f"other {at}"), name=name) for at, name in enumerate(more)]
        new = [row(ident(f"ours {at}"), name=name) for at, name in enumerate(ours)]
        return case(
            f"copy: {description}",
            [row(A, name="base"), *others],
            [row(A, 2, mine, "mine"), *others, *new],
            [row(A, 2, theirs, "theirs"), *others],
        )

    yield conflict("the name is free", "mine", "theirs")
    yield conflict("2 is taken", "a", "a", ("a (2)",))
    yield conflict("2 and 3 are taken", "a", "a", ("a (2)", "a (3)"))
    yield conflict("3 is taken, 2 is free", "a", "a", ("a (3)",))
    yield conflict("2 is taken by what mine added", "a", "a", (), ("a (2)",))
    yield conflict("theirs took it by a rename", "a", "a (2)")
    yield conflict("2 to 10 are taken", "a", "a", tuple(f"a ({n})" for n in range(2, 11)))
    yield conflict("of a copy", "a (2)", "a")
    yield conflict("another case is another name", "a", "a", ("A (2)",))
    yield conflict("252 code units fit", "n" * 252, "a")
    yield conflict("253 code units are cut", "n" * 253, "a")
    yield conflict("256 code units are cut", "n" * 256, "a")
    yield conflict(
        "cut by more for 10", "n" * 256, "a", tuple("n" * 252 + f" ({n})" for n in range(2, 10))
    )
    yield conflict("no half characters", "\U0001f511" * 128, "a")
    yield conflict("no half characters, odd", "n" + "\U0001f511" * 127, "a")
    yield conflict("a space before the cut stays", "n" * 251 + " nnnn", "a")
    base = [row(one, name="a") for one in (A, B)]
    yield case(
        "copy: two, named in the order of mine's index",
        base,
        [row(B, 2, "a", "mine"), row(A, 2, "a", "mine")],
        [row(A, 2, "a", "theirs"), row(B, 2, "a", "theirs")],
    )
    yield case(
        "copy: two, of which the second has the first's name",
        [row(A, name="a"), row(B, name="a (2)")],
        [row(A, 2, "a", "mine"), row(B, 2, "a", "mine")],
        [row(A, 2, "b", "theirs"), row(B, 2, "c", "theirs")],
    )


def _stones() -> Iterator[Json]:
    def stones(description: str, mine: list[Json], theirs: list[Json]) -> Json:
        return case(f"tombstones: {description}", (), {"deleted": mine}, {"deleted": theirs})

    yield stones("of both", [stone(A)], [stone(B)])
    yield stones("the larger rev and the later at", [stone(A, 2, NOW - 5)], [stone(A, 4, NOW - 9)])
    yield stones("the same", [stone(A)], [stone(A)])
    yield stones("90 days old, to the millisecond", [stone(A, at=NOW - KEPT)], [])
    yield stones("a millisecond more", [stone(A, at=NOW - KEPT - 1)], [stone(B, at=0)])
    yield stones("one old and one young", [stone(A, 5, NOW - KEPT - 1)], [stone(A, 2, NOW - 1)])
    yield stones("of tomorrow", [stone(A, at=NOW + DAY)], [])
    yield stones(
        "unknown members", [stone(A) | {"by": "mine", "in": "x"}], [stone(A) | {"by": "theirs"}]
    )
    yield case(
        "tombstones: of an entry that is there",
        [row(A)],
        {"entries": [row(A)], "deleted": [stone(A)]},
        {"entries": [row(A)], "deleted": [stone(A)]},
    )


def _grants() -> Iterator[Json]:
    def side(*grants: Json, revoked: tuple[Json, ...] = ()) -> Json:
        return {"entries": [row(A), row(B)], "grants": list(grants), "revoked": list(revoked)}

    def grants(description: str, mine: Json, theirs: Json, base: Json | None = None) -> Json:
        return case(f"grants: {description}", base or side(), mine, theirs)

    early, late = NOW - 9, NOW - 3
    yield grants("of both", side(grant("a")), side(grant("b")))
    yield grants("for another entry", side(grant("a", A)), side(grant("a", B)))
    yield grants("the later times", side(grant(since=5, used=6)), side(grant(since=4, used=9)))
    yield grants(
        "unknown members", side(grant() | {"by": "mine"}), side(grant() | {"in": "theirs"})
    )
    yield grants("revoked by mine", side(revoked=(revoked(),)), side(grant()), side(grant()))
    yield grants("revoked by theirs", side(grant()), side(revoked=(revoked(),)), side(grant()))
    yield grants("gone from mine without a revocation", side(), side(grant()), side(grant()))
    yield grants(
        "given after it was revoked", side(grant(since=late)), side(revoked=(revoked(at=early),))
    )
    yield grants(
        "given when it was revoked", side(grant(since=late)), side(revoked=(revoked(at=late),))
    )
    yield grants(
        "revoked a moment later", side(grant(since=early)), side(revoked=(revoked(at=early + 1),))
    )
    yield grants("another path was revoked", side(grant("a")), side(revoked=(revoked("b"),)))
    yield grants(
        "the later of two revocations",
        side(grant(since=NOW - 5), revoked=(revoked(at=early),)),
        side(revoked=(revoked(at=late),)),
    )
    yield grants("of an entry that is not there", side(grant(entry=C)), side())
    yield case(
        "grants: of an entry that was deleted",
        side(grant()),
        side(grant()),
        {"deleted": [stone(A)], "entries": [row(B)], "grants": [grant()]},
    )
    yield grants(
        "an old revocation counts, then it is dropped",
        side(grant(since=1), revoked=(revoked(at=NOW - KEPT - 1),)),
        side(grant(since=1)),
    )
    yield grants(
        "a revocation of 90 days, to the millisecond, is kept",
        side(revoked=(revoked(at=NOW - KEPT),)),
        side(),
    )
    yield grants(
        "revocations of entries that are not there are kept",
        side(revoked=(revoked(entry=C),)),
        side(),
    )


def merge_files() -> Vectors:
    result: Vectors = []
    for sample in (NACL, AES):
        result.append(_edited_by_both(sample))
    result.append(_passphrase_changed(NACL))
    result.append(_passphrase_changed_and_both_edited(NACL))
    return result


def _opened(sample: Sample, label: str) -> Vault:
    return unlock(sample.text.encode(), RecoveryCode(sample.recovery_code), random=Drawn(label))


def _edited_by_both(sample: Sample) -> dict[str, Any]:
    first, second = sample.ids
    label = f"merge files {sample.name}"
    mine, theirs = _opened(sample, f"{label} mine"), _opened(sample, f"{label} theirs")
    mine.put(replace(mine.read(first), user="mine"), NOW)
    mine.put(replace(mine.read(second), user="mine"), NOW)
    theirs.put(replace(theirs.read(first), user="theirs"), NOW)
    theirs.remove(second, NOW)
    data = theirs.to_bytes(NOW)
    merged = mine.merged(theirs.reopen(data), NOW)
    return _files(
        f"{sample.name}: edited by both, and edited here but deleted there",
        sample,
        mine.to_bytes(NOW),
        data,
        merged,
        sample.secret,
    )


def _passphrase_changed(sample: Sample) -> dict[str, Any]:
    first, second = sample.ids
    label = "merge files, another generation"
    mine, theirs = _opened(sample, f"{label}, mine"), _opened(sample, f"{label}, theirs")
    mine.put(replace(mine.read(first), user="mine"), NOW)
    theirs.put(replace(theirs.read(second), user="theirs"), NOW)
    return _rekeyed(
        "the passphrase was changed there, and each edited another entry",
        sample,
        mine,
        theirs,
        label,
    )


def _passphrase_changed_and_both_edited(sample: Sample) -> dict[str, Any]:
    first, second = sample.ids
    label = "merge files, another generation, conflict"
    mine, theirs = _opened(sample, f"{label}, mine"), _opened(sample, f"{label}, theirs")
    for vault, user in ((mine, "mine"), (theirs, "theirs")):
        vault.put(replace(vault.read(first), user=user), NOW)
        vault.put(replace(vault.read(second), user="the same"), NOW)
    return _rekeyed(
        "the passphrase was changed there, and both edited one entry, the other alike",
        sample,
        mine,
        theirs,
        label,
    )


def _rekeyed(
    description: str, sample: Sample, mine: Vault, theirs: Vault, label: str
) -> dict[str, Any]:
    theirs, code = theirs.reopen(theirs.to_bytes(NOW)).rekeyed("another passphrase", CHEAP)
    data = theirs.to_bytes(NOW)
    refused = ""
    try:
        mine.reopen(data)
    except VaultError as error:
        refused = error.code
    secret = RecoveryCode(present(code))
    merged = mine.merged(unlock(data, secret, random=Drawn(f"{label}, again")), NOW)
    given = {"type": "recovery", "text": secret.text}
    vector = _files(description, sample, mine.to_bytes(NOW), data, merged, given)
    return vector | {"reopen": refused}


def _files(
    description: str,
    sample: Sample,
    mine: bytes,
    theirs: bytes,
    merged: Vault,
    secret: Json,
) -> dict[str, Any]:
    again = merged.reopen(merged.to_bytes(NOW))
    entries = [merged._open(row.id) for row in merged.rows()]
    expect([again._open(row.id) for row in again.rows()] == entries, description)
    return {
        "description": description,
        "now": NOW,
        "base": {"of": sample.name},
        "mine": edited(sample, mine),
        "theirs": edited(sample, theirs),
        "secret": secret,
        "newIds": [one["id"] for one in entries if one["id"] not in sample.ids],
        "result": {
            "epoch": merged.epoch + 1,
            "generation": merged.generation,
            "entries": [stringify(one) for one in entries],
            "deleted": merged._index["deleted"],
            "grants": merged._index["grants"],
            "revoked": merged._index["revoked"],
        },
    }
