"""The store's file: read whole, replaced atomically, with a few backups."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

if os.name == "posix":
    import fcntl

MODE = 0o600
BACKUPS = 3
#: A backup is made if the newest is older than this (seconds): a backup for each save
#: would push out every version but those of the last minute.
BACKUP_AGE = 3600
#: Temporary files older than this (seconds) are litter of a killed server.
STALE_AGE = 3600
#: A suspended server may hold the lock for ever; so long (seconds) we wait for it.
LOCK_WAIT = 10.0


class Conflict(Exception):
    """The file is another than the one that was to be replaced. `etag`: its tag, or None."""

    def __init__(self, etag: str | None) -> None:
        super().__init__("the file has changed")
        self.etag = etag


class Busy(Exception):
    """Another writer does not let go of the lock."""


class TooLarge(Exception):
    """More bytes than allowed."""


class NotAFile(Exception):
    """The path is a directory, a device or the like."""


def etag_of(data: bytes) -> str:
    """A strong entity tag (RFC 9110 §8.8.3)."""
    return f'"{hashlib.sha256(data).hexdigest()}"'


class Dotfile:
    """One file. `path` may be a symbolic link; what it points to is replaced, not the link."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = Path(os.path.realpath(path))
        self._max_bytes = max_bytes

    def read(self) -> tuple[bytes, str] | None:
        """The bytes and their tag, or None if there is no file.

        Raises TooLarge, NotAFile, OSError.
        """
        try:
            with open(self._path, "rb", opener=_open_nonblocking) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise NotAFile
                data = file.read(self._max_bytes + 1)
        except FileNotFoundError:
            return None
        except IsADirectoryError:
            raise NotAFile from None
        if len(data) > self._max_bytes:
            raise TooLarge
        return data, etag_of(data)

    def replace(self, data: bytes, expected: str | None, *, drop_backups: bool = False) -> str:
        """Put `data` in the place of the version `expected` (None: create), and return its tag.

        Killed at any point, or with the disk full, the file is the old or the new one. If this
        raises, it is the old one. `drop_backups`: no copy of an older version is left.

        Raises Conflict, Busy, TooLarge, NotAFile, OSError.
        """
        if len(data) > self._max_bytes:
            raise TooLarge
        with self._lock():
            current = self.read()
            if (current[1] if current else None) != expected:
                raise Conflict(current[1] if current else None)
            if drop_backups:
                self._remove_litter(0)
            else:
                with contextlib.suppress(OSError):
                    self._remove_litter(STALE_AGE)
            temporary = self._write_temporary(data)
            try:
                if drop_backups:
                    # Before the file is replaced: killed in between, no backup outlives the
                    # passphrase that was changed.
                    self._remove_backups()
                elif current:
                    self._back_up(current[0])
                os.replace(temporary, self._path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._sync_directory()
        return etag_of(data)

    def _backup(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.bak{number}")

    def _back_up(self, data: bytes) -> None:
        newest = self._backup(1)
        with contextlib.suppress(FileNotFoundError):
            if _age(newest) < BACKUP_AGE:
                return
        temporary = self._write_temporary(data)
        try:
            for number in range(BACKUPS, 1, -1):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(self._backup(number - 1), self._backup(number))
            os.replace(temporary, newest)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _remove_backups(self) -> None:
        for number in range(1, BACKUPS + 1):
            self._backup(number).unlink(missing_ok=True)

    def _write_temporary(self, data: bytes) -> Path:
        path = self._path.with_name(f"{self._path.name}.tmp-{secrets.token_hex(8)}")
        descriptor = _open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One writer at a time, also among servers. The lock's file stays: to remove it races."""
        path = self._path.with_name(f"{self._path.name}.lock")
        descriptor = _open_private(path, os.O_RDWR | os.O_CREAT)
        try:
            if os.name == "posix":
                _acquire(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _remove_litter(self, age: float) -> None:
        ours = re.compile(re.escape(self._path.name) + r"\.tmp-[0-9a-f]{16}")
        for path in self._path.parent.iterdir():
            if ours.fullmatch(path.name) and _age(path) >= age:
                path.unlink()

    def _sync_directory(self) -> None:
        if os.name != "posix":
            return
        # Some file systems cannot. The file is the new one by now: an error would deny that.
        with contextlib.suppress(OSError):
            descriptor = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _age(path: Path) -> float:
    """Seconds since the last change, or until then: the clock may have been set back."""
    return abs(time.time() - path.stat().st_mtime)


def _acquire(descriptor: int) -> None:
    until = time.monotonic() + LOCK_WAIT
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy from None
        time.sleep(0.02)


def _open_private(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags, MODE)
    if os.name == "posix":
        # A umask may have taken the owner's bits as well. Some file systems have no modes.
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, MODE)
    return descriptor


def _open_nonblocking(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
