"""Where an agent's socket is: in a directory that nobody but its user can enter.

`$XDG_RUNTIME_DIR/credentialstore`, `/run/user/<uid>/credentialstore`, `/tmp/credentialstore-<uid>`:
an agent takes the first it can use, a client looks in all, since a job without a login session
has no XDG_RUNTIME_DIR.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

#: Bytes of a socket's path: 104 on some systems, its final zero counted.
_LONGEST = 100
#: Owner's bits only.
PRIVATE = 0o700


def identity(store: Path) -> str:
    """What stands for a store in requests: its path without symbolic links."""
    return os.path.realpath(store)


def sockets(store: Path) -> Iterator[Path]:
    """The paths where an agent of this store may listen, in directories that are safe."""
    for folder in _folders():
        path = folder / _name(store)
        if _fits(path) and is_private(folder):
            yield path


def make(store: Path) -> Path:
    """The path where an agent of this store is to listen; its directory is made.

    Raises PermissionError if there is no safe directory.
    """
    for folder in _folders():
        path = folder / _name(store)
        if not _fits(path) or not _may_be_in(folder.parent):
            continue
        try:
            folder.mkdir(mode=PRIVATE, exist_ok=True)
        except OSError:
            continue
        if is_private(folder):
            return path
    raise PermissionError("There is no directory that only you can enter, for the agent's socket.")


def is_private(folder: Path) -> bool:
    """Whether it is a directory of ours, not a link to one, that nobody else can enter."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not stat.S_IMODE(found.st_mode) & 0o077
    )


def _folders() -> Iterator[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime):
        yield Path(runtime, "credentialstore")
    uid = os.geteuid()
    yield Path("/run/user", str(uid), "credentialstore")
    yield Path("/tmp", f"credentialstore-{uid}")  # noqa: S108 it is checked by is_private


def _may_be_in(parent: Path) -> bool:
    """A runtime directory has to be ours; /tmp is everybody's, and nobody can rename what is ours
    there."""
    try:
        found = os.lstat(parent)
    except OSError:
        return False
    return is_private(parent) or bool(found.st_mode & stat.S_ISVTX and found.st_uid == 0)


def _name(store: Path) -> str:
    return hashlib.sha256(os.fsencode(identity(store))).hexdigest()[:32]


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= _LONGEST
