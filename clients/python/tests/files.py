"""Files that begin like a store, what lies beside them, and children that write them."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 4096


def doc(text: str | bytes, size: int = 0) -> bytes:
    """Bytes that begin like a store, so many at least."""
    data = text.encode() if isinstance(text, str) else text
    return (b'{"credentialstore":1,"x":' + data).ljust(size, b" ")


def siblings(path: Path) -> dict[str, bytes]:
    """What lies beside a file and is named after it, but for the lock."""
    return {
        other.name: other.read_bytes()
        for other in path.parent.iterdir()
        if other.name.startswith(path.name) and not other.name.endswith(".lock") and other.is_file()
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def grow_old(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def age(folder: Path, seconds: float) -> None:
    for path in folder.iterdir():
        grow_old(path, seconds)


def fork(work: Callable[[], int | None]) -> int:
    """A child that does the work, ends with its result as status, and cleans up nothing."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = work() or 0
        finally:
            os._exit(status)
    return child


def status_of(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
