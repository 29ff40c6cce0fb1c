"""The vault's file at its path: `kernel_connector.dotfile`, with the vault's errors.

Besides, a file of a newer version is never replaced.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..dotfile import Busy, Dotfile, NotAFile, NotAStore, TooLarge, etag_of
from ..dotfile import Conflict as OtherVersion
from .errors import VaultError
from .file import SIZE_LIMIT, check_start

__all__ = ["Conflict", "Storage", "tag_of"]

tag_of = etag_of


class Conflict(VaultError):
    """The file is another than the one that was to be replaced."""

    def __init__(self) -> None:
        super().__init__("conflict")


class Storage:
    """One path. It may be a symbolic link; what it points to is replaced, not the link."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._dotfile = Dotfile(Path(path).expanduser(), SIZE_LIMIT)

    @property
    def path(self) -> Path:
        """Absolute; links are not followed."""
        return self._dotfile.path

    def read(self) -> tuple[bytes, str] | None:
        """The bytes and their tag, or None if there is no file.

        Raises VaultError `not-a-file`; `foreign`, `newer`, `damaged` if it is too large; OSError.
        """
        with _translated():
            try:
                return self._dotfile.read()
            except TooLarge as error:
                check_start(error.start)
                raise

    def replace(self, data: bytes, expected: str | None, *, drop_backups: bool = False) -> str:
        """Put `data` in the place of the version with the tag `expected` (None: create), and
        return its tag.

        Killed at any point, or with the disk full, the file is the old or the new one. If this
        raises, it is the old one. drop_backups: no copy of an older version is left.

        Raises Conflict; VaultError `busy`, `not-a-file`, `foreign`, `newer`, `damaged` if what is
        there is too large; ValueError if there are too many bytes; OSError.
        """
        if len(data) > SIZE_LIMIT:
            raise ValueError("The store would be larger than 16 MiB.")
        self._refuse_newer(expected)
        with _translated():
            return self._dotfile.replace(data, expected, drop_backups=drop_backups)

    def _refuse_newer(self, expected: str | None) -> None:
        # Without the lock, since the tag tells that what is replaced is what is looked at here.
        found = None if expected is None else self.read()
        if found and found[1] == expected:
            check_start(found[0])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OtherVersion:
        raise Conflict from None
    except Busy:
        raise VaultError("busy") from None
    except NotAFile:
        raise VaultError("not-a-file") from None
    except NotAStore:
        raise VaultError("foreign") from None
    except TooLarge:
        raise VaultError("damaged", "size") from None
