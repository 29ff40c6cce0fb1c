"""Ends a question that nobody answers any more: the page keeps the time, but may be gone itself."""

from __future__ import annotations

import _thread
import contextlib
import threading
from collections.abc import Iterator

__all__ = ["Expired", "deadline"]


class Expired(Exception):
    """The time is over."""


@contextlib.contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise Expired out of what is done within, after so many seconds.

    In the main thread only: a kernel that waits for an answer passes on nothing but interrupts.
    """
    watch = None if seconds is None else _Watch(seconds)
    try:
        if watch and threading.current_thread() is threading.main_thread():
            watch.start()
        try:
            yield
        finally:
            if watch:
                watch.stop()
    except KeyboardInterrupt:
        if watch and watch.has_struck:
            raise Expired from None
        raise


class _Watch:
    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._stopped = False
        self.has_struck = False

    def start(self) -> None:
        # Pyodide has no threads.
        with contextlib.suppress(RuntimeError):
            self._timer.start()

    def stop(self) -> None:
        """After this no interrupt comes; one that came before is raised here at the latest."""
        with self._lock:
            self._stopped = True
        self._timer.cancel()

    def _strike(self) -> None:
        with self._lock:
            if not self._stopped:
                self.has_struck = True
                _thread.interrupt_main()
