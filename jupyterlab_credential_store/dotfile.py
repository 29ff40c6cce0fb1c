"""The store's file: read whole, replaced atomically, with a few backups."""

from __future__ import annotations

import contextlib
import hashlib
import os
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


class Conflict(Exception):
    """The file is another than the one that was to be replaced. `etag`: its tag, or None."""

    def __init__(self, etag: str | None) -> None:
        super().__init__("the file has changed")
        self.etag = etag


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

        Killed at any point, or with the disk full, the file is the old or the new one.

        Raises Conflict, TooLarge, NotAFile, OSError.
        """
        if len(data) > self._max_bytes:
            raise TooLarge
        with self._lock():
            current = self.read()
            if (current[1] if current else None) != expected:
                raise Conflict(current[1] if current else None)
            temporary = self._write_temporary(data)
            try:
                if current and not drop_backups:
                    self._back_up(current[0])
                os.replace(temporary, self._path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._sync_directory()
            if drop_backups:
                for number in range(1, BACKUPS + 1):
                    self._backup(number).unlink(missing_ok=True)
                self._sync_directory()
        return etag_of(data)

    def _backup(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.bak{number}")

    def _back_up(self, data: bytes) -> None:
        newest = self._backup(1)
        with contextlib.suppress(FileNotFoundError):
            if time.time() - newest.stat().st_mtime < BACKUP_AGE:
                return
        temporary = self._write_temporary(data)
        for number in range(BACKUPS, 1, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(self._backup(number - 1), self._backup(number))
        os.replace(temporary, newest)

    def _write_temporary(self, data: bytes) -> Path:
        path = self._path.with_name(f"{self._path.name}.tmp-{secrets.token_hex(8)}")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
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
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, MODE)
        try:
            if os.name == "posix":
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._remove_litter()
            yield
        finally:
            os.close(descriptor)

    def _remove_litter(self) -> None:
        for path in self._path.parent.glob(f"{self._path.name}.tmp-*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE_AGE:
                    path.unlink()

    def _sync_directory(self) -> None:
        if os.name != "posix":
            return
        descriptor = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _open_nonblocking(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
