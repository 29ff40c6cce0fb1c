"""The store's file (spec/vault.md section 10): read whole, replaced atomically, a few backups.

The server extension and `kernel_connector.vault` both use it, and so exclude each other. It needs
the standard library alone. What the bytes mean is not its business, but for how they begin:
nothing else than a store is replaced or written.
"""

from __future__ import annotations

import contextlib
import errno
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

__all__ = [
    "START",
    "Busy",
    "Conflict",
    "Dotfile",
    "NotAFile",
    "NotAStore",
    "TooLarge",
    "etag_of",
]

#: How a store begins, whatever its version (section 1).
START = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"credentialstore"[ \t\n\r]*:')
_START_BYTES = 4096
MODE = 0o600
BACKUPS = 3
#: A backup is made if the newest is older than this (seconds): a backup for each save
#: would push out every version but those of the last minute.
BACKUP_AGE = 3600
#: Temporary files older than this (seconds) are litter of a killed writer.
STALE_AGE = 3600
#: A suspended writer may hold the lock for ever; so long (seconds) we wait for it.
LOCK_WAIT = 10.0
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
#: Opening a FIFO would wait for a writer for ever.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
#: A directory, a socket, a link to itself.
_NO_FILES = (errno.EISDIR, errno.ENXIO, errno.ELOOP)


class Conflict(Exception):
    """The file is another than the one that was to be replaced. etag: its tag, or None."""

    def __init__(self, etag: str | None) -> None:
        super().__init__("the file has changed")
        self.etag = etag


class Busy(Exception):
    """Another writer does not let go of the lock."""


class TooLarge(Exception):
    """More bytes than allowed. start: enough of them to tell whether it is a store's."""

    def __init__(self, start: bytes = b"") -> None:
        super().__init__("more bytes than allowed")
        self.start = start


class NotAFile(Exception):
    """The path is a directory, a FIFO, a device, a link to itself or the like."""


class NotAStore(Exception):
    """The file that was to be replaced, or the bytes that were to be written, are no store's.

    there: whether it is the file.
    """

    def __init__(self, there: bool) -> None:
        super().__init__("not a store")
        self.there = there


def etag_of(data: bytes) -> str:
    """What tells versions apart: a strong entity tag (RFC 9110 section 8.8.3) of SHA-256."""
    return f'"{hashlib.sha256(data).hexdigest()}"'


class Dotfile:
    """One file. path: it may be a symbolic link; what it points to is replaced, not the link.

    max_bytes: the largest file that is read or written.
    """

    def __init__(self, path: str | os.PathLike[str], max_bytes: int) -> None:
        # A relative path is that of now; a link is followed anew each time.
        self.path = Path(path).absolute()
        self._max_bytes = max_bytes

    def read(self) -> tuple[bytes, str] | None:
        """The bytes and their tag, or None if there is no file.

        Raises TooLarge, NotAFile, OSError.
        """
        return _Target(self.path, self._max_bytes).read()

    def replace(self, data: bytes, expected: str | None, *, drop_backups: bool = False) -> str:
        """Put `data` in the place of the version `expected` (None: create), and return its tag.

        Killed at any point, or with the disk full, the file is the old or the new one. If this
        raises, it is the old one. drop_backups: no copy of an older version is left.

        Raises Conflict, Busy, TooLarge, NotAFile, NotAStore, OSError.
        """
        if len(data) > self._max_bytes:
            raise TooLarge
        if START.match(data) is None:
            raise NotAStore(there=False)
        return _Target(self.path, self._max_bytes).replace(data, expected, drop_backups)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other writers out. `replace` takes it by itself. Raises Busy, OSError."""
        with _Target(self.path, self._max_bytes).lock():
            yield


class _Target:
    """The file that a path leads to, for one call."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        try:
            self._path = Path(os.path.realpath(path))
        except ValueError:  # a zero byte
            raise NotAFile from None
        self._max_bytes = max_bytes

    def read(self) -> tuple[bytes, str] | None:
        try:
            # It was resolved: a link here is one to itself, or was put here since.
            descriptor = os.open(self._path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in _NO_FILES:
                raise NotAFile from None
            raise
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            raise NotAFile
        with open(descriptor, "rb") as file:
            if found.st_size > self._max_bytes:
                raise TooLarge(file.read(_START_BYTES))
            data = file.read(self._max_bytes + 1)
        if len(data) > self._max_bytes:  # It grows.
            raise TooLarge(data[:_START_BYTES])
        return data, etag_of(data)

    def replace(self, data: bytes, expected: str | None, drop_backups: bool) -> str:
        self._refuse_others()
        with self.lock():
            current = self.read()
            if (current[1] if current else None) != expected:
                raise Conflict(current[1] if current else None)
            if current and START.match(current[0]) is None:
                raise NotAStore(there=True)
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
            self._sync_folder()
        return etag_of(data)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One writer at a time, in whatever process. The lock's file stays: to remove it races."""
        descriptor = _open_private(self._beside(".lock"), os.O_RDWR | os.O_CREAT | _NO_FOLLOW)
        try:
            if os.name == "posix":
                _acquire(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _refuse_others(self) -> None:
        """Before anything is put beside a socket, say."""
        try:
            found = os.stat(self._path).st_mode
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno in _NO_FILES:
                raise NotAFile from None
            raise
        if not stat.S_ISREG(found):
            raise NotAFile
        if not found & stat.S_IWUSR:
            # A rename needs no right to the file itself, and root none at all.
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def _beside(self, end: str) -> Path:
        return self._path.with_name(self._path.name + end)

    def _backup(self, number: int) -> Path:
        return self._beside(f".bak{number}")

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

    def _remove_litter(self, age: float) -> None:
        ours = re.compile(re.escape(self._path.name) + r"\.tmp-[0-9a-f]{16}")
        for path in self._path.parent.iterdir():
            if ours.fullmatch(path.name) and _age(path) >= age:
                path.unlink()

    def _write_temporary(self, data: bytes) -> Path:
        path = self._beside(f".tmp-{secrets.token_hex(8)}")
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

    def _sync_folder(self) -> None:
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
    return abs(time.time() - path.lstat().st_mtime)


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
