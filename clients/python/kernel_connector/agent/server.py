"""Listens for one request at a time, until its time is over."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import socket
import time
from pathlib import Path

from . import wire
from .holder import Holder

#: How often (seconds) it looks whether its time is over: a laptop that slept wakes up locked.
_TICK = 1.0


class Deadline:
    """So many seconds from now, by the wall clock; set back, that does not make it longer."""

    def __init__(self, seconds: float) -> None:
        self._wall = time.time() + seconds
        self._steady = time.monotonic() + seconds

    @property
    def at(self) -> int:
        """Milliseconds since 1970."""
        return int(self._wall * 1000)

    def passed(self) -> bool:
        return time.time() >= self._wall or time.monotonic() >= self._steady


class Listener:
    """A socket at a path, for its user alone. It takes the place of what is there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        temporary = path.with_name(f"{secrets.token_hex(8)}.new")
        old = os.umask(0o177)
        try:
            self._socket.bind(str(temporary))
            self._socket.listen(16)
            os.chmod(temporary, 0o600)
            os.rename(temporary, path)
        except BaseException:
            self._socket.close()
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        finally:
            os.umask(old)
        self._inode = os.lstat(path).st_ino

    def serve(self, holder: Holder, deadline: Deadline) -> None:
        """Until the deadline, a `lock`, a signal, or another agent in our place."""
        ended = False

        def end(*_: object) -> None:
            nonlocal ended
            ended = True

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, end)
        while not (ended or holder.ended or deadline.passed()) and self._is_ours():
            if not select.select([self._socket], [], [], _TICK)[0]:
                continue
            # Whoever hangs up, or is slow, harms nobody but itself.
            with contextlib.suppress(OSError):
                connection, _ = self._socket.accept()
                with connection:
                    if not deadline.passed():
                        _answer(connection, holder)

    def close(self) -> None:
        self._socket.close()
        if self._is_ours():
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _is_ours(self) -> bool:
        try:
            return os.lstat(self._path).st_ino == self._inode
        except OSError:
            return False


def _answer(connection: socket.socket, holder: Holder) -> None:
    if wire.peer_uid(connection) not in (None, os.geteuid()):
        return
    try:
        message = wire.receive(connection, wire.REQUEST_LIMIT)
    except wire.WireError:
        return
    reply = holder.answer(message)
    try:
        wire.send(connection, reply)
    except wire.WireError:
        wire.send(connection, {"v": wire.VERSION, "status": "refused", "code": "too-large"})
