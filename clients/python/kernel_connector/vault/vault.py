"""An open vault: lists, reads and changes entries, writes the file, merges another version."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from . import base64url, canonical, index
from . import entry as entries
from .canonical import Json
from .entry import Entry, Row
from .errors import VaultError
from .file import File, parse
from .merge import Chosen, is_kept, merge
from .pins import Pin, pin_of
from .schema import ID_SIZE
from .sealing import Sealer, digest_of
from .slots import Cost, Opener, Random, unwrap
from .suites import SUITES, SuiteName, require

#: Told how many of how many are done.
Progress = Callable[[int, int], None]

_ARRANGED = {
    "deleted": ("id", "rev", "at"),
    "grants": ("path", "entry", "since", "used"),
    "revoked": ("path", "entry", "at"),
}


class Vault:
    """What `create` and `unlock` give. Changes stay in memory until `to_bytes` is written.

    Times are in milliseconds since 1970. A vault holds its key: keep it no longer than needed.
    """

    def __init__(
        self,
        sealer: Sealer,
        header: Json,
        rows: Json,
        sealed: dict[str, str],
        pin: Pin | None = None,
    ) -> None:
        """For this package; others call `create` and `unlock`."""
        self._sealer = sealer
        self._header = header
        self._index = rows
        self._rows: dict[str, Json] = {row["id"]: row for row in rows["entries"]}
        self._sealed = sealed
        #: What the file has, to merge with.
        self._base: Json = {name: [*value] for name, value in rows.items() if name in index.MEMBERS}
        self._base_revs: dict[str, int] = {row["id"]: row["rev"] for row in rows["entries"]}
        self._changed = False
        self.pin = pin

    @property
    def suite(self) -> SuiteName:
        return self._sealer.suite.name

    @property
    def epoch(self) -> int:
        """How often the file was saved; 0 for a vault that never was."""
        return int(self._header["epoch"])

    @property
    def generation(self) -> int:
        """1, and one more for each vault key since."""
        return int(self._header["generation"])

    @property
    def key(self) -> bytes:
        """The vault key, for `VaultKey`: whoever has it reads all entries, until it is replaced."""
        return self._sealer.key

    @property
    def vault_id(self) -> str:
        """Base64url; never changes."""
        return str(self._header["vault"])

    @property
    def slots(self) -> list[str]:
        """The types of the key slots, in their order."""
        return [slot["type"] for slot in self._header["slots"]]

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return self._changed

    # Entries

    def rows(self) -> list[Row]:
        """What the index tells of all entries; none is decrypted."""
        return [entries.row_from(row) for row in self._rows.values()]

    def find(self, name: str) -> Row | None:
        """The entry of that name, of several the one changed last (section 6)."""
        wanted = entries.normal_name(name)
        found = [row for row in self._rows.values() if entries.normal_name(row["name"]) == wanted]
        return max(map(entries.row_from, found), key=lambda row: row.changed, default=None)

    def read(self, entry_id: str) -> Entry:
        """One entry, decrypted.

        Raises VaultError `altered` or `damaged`; LookupError if there is none.
        """
        return entries.entry_from(self._open(entry_id))

    def put(self, entry: Entry, now: int | None = None) -> Entry:
        """Add an entry whose id is empty, or put it in the place of that with its id.

        Returns it as it is kept. Raises ValueError if it breaks section 6, LookupError if there is
        none to replace.
        """
        now = now_ms() if now is None else now
        old = self._row(entry.id) if entry.id else None
        value = entries.entry_json(
            replace(
                entry,
                id=entry.id or self._new_id(),
                rev=self._next_rev(entry.id),
                created=old["created"] if old else now,
                changed=now,
            )
        )
        self._seal(value, old)
        return entries.entry_from(value)

    def remove(self, entry_id: str, now: int | None = None) -> None:
        """Delete an entry. Raises LookupError if there is none."""
        self._row(entry_id)
        rev = self._next_rev(entry_id)
        del self._rows[entry_id], self._sealed[entry_id]
        if rev > 1:
            stone = {"id": entry_id, "rev": rev, "at": now_ms() if now is None else now}
            self._index["deleted"] = [*self._index["deleted"], stone]
        self._changed = True

    # The file

    def to_bytes(self, now: int | None = None) -> bytes:
        """The file to write, its epoch raised by one. The vault itself does not change: when the
        bytes are written, go on with `reopen(bytes)`."""
        now = now_ms() if now is None else now
        rows = {
            **self._index,
            "entries": [canonical.arranged(row, entries.ROW) for row in self._rows.values()],
        }
        for name, members in _ARRANGED.items():
            rows[name] = [
                canonical.arranged(one, members)
                for one in rows[name]
                if name == "grants" or is_kept(one, now)
            ]
        header = self._header | {"epoch": self.epoch + 1}
        # In the file their order says nothing, neither of names nor of age.
        sealed = {entry_id: self._sealed[entry_id] for entry_id in sorted(self._rows)}
        return self._sealer.assemble(header, canonical.arranged(rows, index.MEMBERS), sealed)

    def reopen(self, data: bytes) -> Vault:
        """Another version of the same file, opened with the key at hand; of this vault nothing is
        changed.

        Raises VaultError: `other-vault`, `passphrase-changed` (open it with `unlock`), or whatever
        opening can raise (section 4).
        """
        file = parse(data)
        if file.header["vault"] != self._header["vault"]:
            raise VaultError("other-vault")
        if file.header["generation"] != self._header["generation"]:
            raise VaultError("passphrase-changed")
        return _opened(file, replace(self._sealer, suite=file.suite))

    def merged(self, theirs: Vault, now: int | None = None) -> Vault:
        """What was changed here since the file was read, merged into `theirs`, another version of
        it that was read later (section 8). Neither is changed.

        Raises VaultError `other-vault`; `altered` or `damaged` if an entry that must be sealed
        anew cannot be read.
        """
        if theirs._header["vault"] != self._header["vault"]:
            raise VaultError("other-vault")
        same_key = (theirs._sealer.suite, theirs._sealer.key) == (
            self._sealer.suite,
            self._sealer.key,
        )
        decision = merge(
            self._base,
            self._current_index(),
            theirs._current_index(),
            now_ms() if now is None else now,
            self._new_id,
            None if same_key else lambda entry_id: self._text(entry_id) == theirs._text(entry_id),
        )
        result = theirs._copy()
        result._rows, result._sealed = {}, {}
        for chosen in decision.entries:
            side = self if chosen.side == "mine" else theirs
            result._take(side, chosen, anew=side is self and not same_key)
        for name in _ARRANGED:
            result._index[name] = getattr(decision, name)
        result._header["epoch"] = max(self.epoch, theirs.epoch)
        result._changed = True
        return result

    def rekeyed(
        self,
        passphrase: str,
        cost: Cost | None = None,
        suite: SuiteName | None = None,
        progress: Progress | None = None,
    ) -> tuple[Vault, str | None]:
        """The same entries under a new vault key and a new passphrase, and the new recovery code,
        if there was one (section 8). To be written with `drop_backups`.

        progress: called after each entry.

        Raises ValueError for a passphrase outside 8 to 1024 bytes; VaultError `altered` or
        `damaged` if an entry cannot be read.
        """
        chosen = SUITES[suite or self.suite]
        require(chosen)
        sealer = replace(self._sealer, suite=chosen, key=self._sealer.random(32))
        slots = [sealer.wrapper.passphrase_slot(passphrase, cost or Cost())]
        code = None
        if any(slot["type"] == "recovery" for slot in self._header["slots"]):
            slot, code = sealer.wrapper.recovery_slot()
            slots.append(slot)
        result = self._copy()
        result._sealer = sealer
        result._header |= {
            "generation": self.generation + 1,
            "suite": chosen.name,
            "slots": slots,
        }
        for number, (entry_id, row) in enumerate(self._rows.items(), 1):
            result._seal(self._open(entry_id), row)
            if progress:
                progress(number, len(self._rows))
        return result, code

    # Inside

    def _copy(self) -> Vault:
        return Vault(
            self._sealer, {**self._header}, self._current_index(), {**self._sealed}, self.pin
        )

    def _current_index(self) -> Json:
        return {**self._index, "entries": [*self._rows.values()]}

    def _row(self, entry_id: str) -> Json:
        row = self._rows.get(entry_id)
        if row is None:
            raise LookupError("There is no entry of this id.")
        return row

    def _next_rev(self, entry_id: str) -> int:
        """One above the revision in the file, however often it is changed before it is saved."""
        rev = int(self._rows[entry_id]["rev"]) if entry_id in self._rows else 1
        return rev + (self._base_revs.get(entry_id) == rev)

    def _new_id(self) -> str:
        return base64url.encode(self._sealer.random(ID_SIZE))

    def _open(self, entry_id: str) -> Json:
        row = self._row(entry_id)
        return self._sealer.open_entry(self._sealed[entry_id], row)

    def _text(self, entry_id: str) -> bytes:
        return canonical.write(self._open(entry_id))

    def _seal(self, value: Json, old: Json | None) -> None:
        text = self._sealer.seal_entry(value)
        self._sealed[value["id"]] = text
        self._rows[value["id"]] = entries.row_json(value, digest_of(text), old)
        self._changed = True

    def _take(self, side: Vault, chosen: Chosen, anew: bool) -> None:
        """Make a chosen entry ours, as it is if it can be."""
        row = side._row(chosen.of)
        if not anew and (row["id"], row["rev"], row["name"]) == (
            chosen.id,
            chosen.rev,
            chosen.name,
        ):
            self._rows[chosen.id] = row
            self._sealed[chosen.id] = side._sealed[chosen.of]
            return
        value = side._open(chosen.of)
        self._seal(value | {"id": chosen.id, "rev": chosen.rev, "name": chosen.name}, row)


def create(
    suite: SuiteName,
    passphrase: str,
    *,
    cost: Cost | None = None,
    recovery: bool = True,
    random: Random = secrets.token_bytes,
) -> tuple[Vault, str | None]:
    """A new vault, and its recovery code for the person to write down (None without `recovery`).

    random: makes so many bytes; another than the default is for known-answer tests.

    Raises ValueError for a passphrase outside 8 to 1024 bytes, ImportError if the suite's library
    is missing.
    """
    chosen = SUITES[suite]
    require(chosen)
    vault_id, key = random(ID_SIZE), random(32)
    sealer = Sealer(chosen, vault_id, key, random)
    slots = [sealer.wrapper.passphrase_slot(passphrase, cost or Cost())]
    code = None
    if recovery:
        slot, code = sealer.wrapper.recovery_slot()
        slots.append(slot)
    header: Json = {
        "version": 1,
        "vault": base64url.encode(vault_id),
        "epoch": 0,
        "generation": 1,
        "suite": suite,
        "slots": slots,
        "critical": [],
    }
    vault = Vault(sealer, header, index.empty(), {})
    vault._changed = True
    return vault, code


def unlock(
    data: bytes | File,
    secret: Opener,
    *,
    random: Random = secrets.token_bytes,
) -> Vault:
    """The vault of a file, all checks of section 4 passed but for those of each entry.

    random: makes so many bytes; another than the default is for known-answer tests.

    Raises VaultError with one of the codes of section 4; ImportError if the suite's library is
    missing; MemoryError if the key cannot be derived here.
    """
    file = data if isinstance(data, File) else parse(data)
    return _opened(file, Sealer(file.suite, file.vault_id, unwrap(file, secret), random))


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def _opened(file: File, sealer: Sealer) -> Vault:
    rows = sealer.open_index(file)
    return Vault(sealer, dict(file.header), rows, dict(file.entries), pin_of(file))
