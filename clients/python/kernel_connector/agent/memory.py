"""Keeps the key off the disk: no core dump, no swap, where the platform allows it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

if os.name == "posix":
    import resource

_PR_SET_DUMPABLE = 4
_MCL_CURRENT_AND_FUTURE = 1 | 2


def forbid_dumps() -> bool:
    """No core file; on Linux no debugger of the same user either. Before a secret is there.

    Returns whether all of it worked.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return True
    library = _library()
    return library is not None and library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0


def keep_in_memory(key: bytes) -> bool:
    """Lock all pages of this process if that is allowed, otherwise those that hold the key.

    What a call makes of the key for a moment is covered by the first alone. Returns whether one of
    the two worked.
    """
    library = _library()
    if library is None:
        return False
    if _without_limit() and library.mlockall(_MCL_CURRENT_AND_FUTURE) == 0:
        return True
    if sys.implementation.name != "cpython":
        return False
    # A bytes object never moves, and ends with its bytes and a zero.
    start = id(key) + sys.getsizeof(key) - len(key) - 1
    page = resource.getpagesize()
    first = start - start % page
    return bool(
        library.mlock(ctypes.c_void_p(first), ctypes.c_size_t(start + len(key) - first)) == 0
    )


def _without_limit() -> bool:
    """Whether locking all cannot make a later allocation fail."""
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
    limit, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    return limit == resource.RLIM_INFINITY or os.geteuid() == 0


def _library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None
