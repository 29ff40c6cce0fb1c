"""The bytes at a path (spec/vault.md section 10): read whole, replaced atomically, a few backups.

The conventions are those of the server extension, so that the two exclude each other. Unlike it,
this refuses links, and never replaces what is no store of this version.
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

from .errors import VaultError
from .file import SIZE_LIMIT, check_start

if os.name == "posix":
    import fcntl

MODE = 0o600
BACKUPS = 3
#: A backup is made if the newest is older than this (seconds).
BACKUP_AGE = 3600
#: Temporary files older than this (seconds) are litter of a killed writer.
STALE_AGE = 3600
#: So long (seconds) we wait for the lock.
LOCK_WAIT = 10.0
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
#: Opening a FIFO would wait for a writer for ever.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


class Conflict(VaultError):
    """The file is another than the one that was to be replaced."""

    def __init__(self) -> None:
        super().__init__("conflict")


def tag_of(data: bytes) -> str:
    """What tells versions apart: SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Storage:
    """One path. Its last part must not be a symbolic link; folders before it may be."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser().absolute()

    def read(self) -> tuple[bytes, str] | None:
        """The bytes and their tag, or None if there is no file.

        Raises VaultError `not-a-file`, OSError. A file above the limit of section 1 is cut off one
        byte behind it.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO) or self._is_other():
                raise VaultError("not-a-file") from None
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise VaultError("not-a-file")
        with open(descriptor, "rb") as file:
            data = file.read(SIZE_LIMIT + 1)
        return data, tag_of(data)

    def replace(self, data: bytes, expected: str | None, *, drop_backups: bool = False) -> str:
        """Put `data` in the place of the version with the tag `expected` (None: create), and
        return its tag.

        Killed at any point, or with the disk full, the file is the old or the new one. If this
        raises, it is the old one. drop_backups: no copy of an older version is left.

        Raises Conflict; VaultError `busy`, `not-a-file`, `foreign`, `newer`; ValueError if there
        are too many bytes; OSError.
        """
        if len(data) > SIZE_LIMIT:
            raise ValueError("The store would be larger than 64 MiB.")
        if self._is_other():
            raise VaultError("not-a-file")
        with self._lock():
            current = self._current(expected)
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
                elif current is not None:
                    self._back_up(current)
                os.replace(temporary, self.path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._sync_folder()
        return tag_of(data)

    def _current(self, expected: str | None) -> bytes | None:
        found = self.read()
        if (found[1] if found else None) != expected:
            raise Conflict
        if found is None:
            return None
        check_start(found[0])
        return found[0]

    def _is_other(self) -> bool:
        """Whether something is there that is no file, a socket say."""
        try:
            return not stat.S_ISREG(os.lstat(self.path).st_mode)
        except OSError:
            return False

    def _beside(self, end: str) -> Path:
        return self.path.with_name(self.path.name + end)

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
        ours = re.compile(re.escape(self.path.name) + r"\.tmp-[0-9a-f]{16}")
        for path in self.path.parent.iterdir():
            if ours.fullmatch(path.name) and _age(path) >= age:
                path.unlink()

    def _write_temporary(self, data: bytes) -> Path:
        path = self._beside(f".tmp-{secrets.token_hex(8)}")
        descriptor = _open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One writer at a time. The lock's file stays: to remove it races."""
        descriptor = _open_private(self._beside(".lock"), os.O_RDWR | os.O_CREAT | _NO_FOLLOW)
        try:
            if os.name == "posix":
                _acquire(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _sync_folder(self) -> None:
        if os.name != "posix":
            return
        # Some file systems cannot. The file is the new one by now: an error would deny that.
        with contextlib.suppress(OSError):
            descriptor = os.open(self.path.parent, os.O_RDONLY)
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
                raise VaultError("busy") from None
        time.sleep(0.02)


def _open_private(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags, MODE)
    if os.name == "posix":
        # A umask may have taken the owner's bits as well. Some file systems have no modes.
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, MODE)
    return descriptor
