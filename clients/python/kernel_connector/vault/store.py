"""A vault at a path: opened, changed, and saved without losing what others wrote meanwhile."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from .errors import VaultError
from .file import parse
from .pins import Pin, compare, pin_of
from .slots import Cost, Opener
from .storage import Conflict, Storage
from .suites import SuiteName
from .vault import Progress, Vault, create, now_ms, unlock

#: How often a save starts again, since the file was changed once more, and how long (seconds) it
#: waits at most before that: two writers in step would get in each other's way again.
_ATTEMPTS = 10
_PAUSE = 0.1


class Store:
    """The file of one vault, and the vault itself, to be changed through `vault`.

        store = Store.open("~/.credentialstore", Passphrase("..."))
        store.vault.put(Entry("db", (Field("value", "..."),)))
        store.save()

    No error loses what was changed: it stays in `vault` until `save` returns.
    """

    def __init__(self, storage: Storage, vault: Vault, tag: str | None) -> None:
        """For this package; others call `open` and `create`."""
        self.vault = vault
        self._storage = storage
        self._tag = tag
        #: How the file looked when it was last read by `refresh`.
        self._seen: tuple[int, ...] | None = None

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        secret: Opener,
        pin: Pin | None = None,
    ) -> Store:
        """The store at a path.

        pin: what is remembered of the last time (section 9): `rolled-back`, `forked` and
            `other-vault` are then errors. If the person accepts the file, leave it out.

        Raises VaultError with a code of section 4 or 9, `no-file` or `not-a-file`; OSError, and
        what `unlock` raises.
        """
        storage = Storage(path)
        data, tag = _read(storage)
        file = parse(data)
        _refuse_earlier(pin, pin_of(file))
        return cls(storage, unlock(file, secret), tag)

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        passphrase: str,
        *,
        suite: SuiteName = "nacl",
        cost: Cost | None = None,
        recovery: bool = True,
    ) -> tuple[Store, str | None]:
        """A new store, already saved, and its recovery code.

        Raises VaultError `conflict` if there is a file; what `create` and `save` raise.
        """
        vault, code = create(suite, passphrase, cost=cost, recovery=recovery)
        store = cls(Storage(path), vault, None)
        store._write(vault, now_ms())
        return store, code

    @property
    def path(self) -> Path:
        """Absolute; links are not followed."""
        return self._storage.path

    def refresh(self) -> None:
        """Read the file again if others have written it. For a store without changes of its own.

        Raises VaultError, and then the vault is what it was: `passphrase-changed`, `other-vault`,
        `rolled-back`, `forked`, any code of section 4, `no-file`, `not-a-file`; OSError.
        """
        seen = _looks_of(self.path)
        if seen is not None and seen == self._seen:
            return
        data, tag = _read(self._storage)
        if tag != self._tag:
            theirs = self.vault.reopen(data)
            _refuse_earlier(self.vault.pin, theirs.pin)
            self.vault, self._tag = theirs, tag
        self._seen = seen

    def save(self, now: int | None = None) -> None:
        """Write what was changed. What others saved meanwhile is merged with it first (section 8).

        now: milliseconds since 1970.

        Raises VaultError, and then nothing was written and the changes are still in `vault`:
        `passphrase-changed` (see `rebase`), `other-vault`, `rolled-back`, `forked`, any code of
        section 4, `no-file`, `not-a-file`, `busy`; `conflict` if the file keeps changing; OSError.
        """
        if not self.vault.changed:
            return
        now = now_ms() if now is None else now
        for _ in range(_ATTEMPTS):
            try:
                return self._write(self.vault, now)
            except Conflict:
                self._merge(now)
        raise Conflict

    def rebase(self, secret: Opener, now: int | None = None) -> None:
        """Open the file with the new secret, after `passphrase-changed`, and carry the changes
        over. Nothing is written: `save` follows.

        Raises what `open` raises; the changes are then still in `vault`.
        """
        data, tag = _read(self._storage)
        file = parse(data)
        _refuse_earlier(self.vault.pin, pin_of(file))
        self._follow(unlock(file, secret), tag, now_ms() if now is None else now)

    def change_passphrase(
        self,
        passphrase: str,
        *,
        cost: Cost | None = None,
        suite: SuiteName | None = None,
        progress: Progress | None = None,
    ) -> str | None:
        """Save everything under a new vault key, and remove the backups, which the old passphrase
        opens. Returns the new recovery code, if there was one before.

        progress: called after each entry.

        Raises what `save` raises; ValueError for a passphrase outside 8 to 1024 bytes.
        """
        now = now_ms()
        for _ in range(_ATTEMPTS):
            vault, code = self.vault.rekeyed(passphrase, cost, suite, progress)
            try:
                self._write(vault, now, drop_backups=True)
            except Conflict:
                self._merge(now)
            else:
                return code
        raise Conflict

    def _write(self, vault: Vault, now: int, *, drop_backups: bool = False) -> None:
        data = vault.to_bytes(now)
        # What cannot be read is not written.
        written = vault.reopen(data)
        self._tag = self._storage.replace(data, self._tag, drop_backups=drop_backups)
        self.vault = written

    def _merge(self, now: int) -> None:
        time.sleep(_PAUSE * random.random())  # noqa: S311 no secret
        data, tag = _read(self._storage)
        theirs = self.vault.reopen(data)
        _refuse_earlier(self.vault.pin, theirs.pin)
        self._follow(theirs, tag, now)

    def _follow(self, theirs: Vault, tag: str, now: int) -> None:
        self.vault = self.vault.merged(theirs, now) if self.vault.changed else theirs
        self._tag = tag


def _looks_of(path: Path) -> tuple[int, ...] | None:
    """Another file at the path, which every save makes, looks different."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _read(storage: Storage) -> tuple[bytes, str]:
    found = storage.read()
    if found is None:
        raise VaultError("no-file")
    return found


def _refuse_earlier(old: Pin | None, new: Pin | None) -> None:
    if old is None or new is None:
        return
    verdict = compare(old, new)
    if verdict in ("other-vault", "rolled-back", "forked"):
        raise VaultError(verdict)
