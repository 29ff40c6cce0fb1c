"""Runs a command with values in its environment, and masks them in what it prints.

Its output goes through two pipes, one for each stream; its input is ours. It stays in our process
group, so that the terminal's keys and job control reach it without us; signals that are sent to
us alone are passed on. Its exit code is ours, or 128 and the number of the signal that ended it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from ..passphrase import FILE_VARIABLE, VARIABLE
from .mask import Masker, needles
from .outcome import Exit, Failure

_FORWARDED = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT")
_CHUNK = 65536


def environment_with(values: Mapping[str, str]) -> dict[bytes, bytes]:
    """Ours with the values, and without the store's passphrase. Raises Failure."""
    environment = dict(os.environb)
    for name in (VARIABLE, FILE_VARIABLE):
        environment.pop(os.fsencode(name), None)
    for name, value in values.items():
        if "\0" in value:
            raise Failure(
                Exit.FAILED,
                f"The value for {name} has a zero byte, which no environment can hold.",
            )
        environment[os.fsencode(name)] = value.encode()
    return environment


def replace(command: Sequence[str], values: Mapping[str, str]) -> None:
    """Become the command: nothing stands between it and the terminal. Raises Failure."""
    environment = environment_with(values)
    try:
        os.execvpe(command[0], list(command), environment)  # noqa: S606 what the person typed
    except OSError as error:
        raise _cannot(command, error) from None


def run(command: Sequence[str], values: Mapping[str, str]) -> int:
    """Run it to its end. Returns the exit code. Raises Failure if it cannot be started."""
    environment = environment_with(values)
    watched = {getattr(signal, name) for name in _FORWARDED} | {signal.SIGCHLD}
    # Ignored by whoever started us (nohup): it stays so, also for the command.
    watched -= {number for number in watched if signal.getsignal(number) is signal.SIG_IGN}
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    watched.add(signal.SIGCHLD)
    old = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    try:
        child = subprocess.Popen(  # noqa: S603 what the person typed
            list(command),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # No other thread is there yet.
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, old),
        )
    except OSError as error:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
        raise _cannot(command, error) from None
    wanted = needles(values.values())
    pumps = [_Pump(child.stdout, 1, wanted), _Pump(child.stderr, 2, wanted)]
    for pump in pumps:
        pump.start()
    code = _wait(child, watched)
    # From here on a signal is for us: something that the command left behind may still print.
    signal.pthread_sigmask(signal.SIG_SETMASK, old)
    for pump in pumps:
        pump.join()
    return code


class _Pump(threading.Thread):
    """From a pipe to one of our streams, masked."""

    def __init__(self, source: IO[bytes] | None, target: int, wanted: list[bytes]) -> None:
        super().__init__(daemon=True)
        if source is None:
            raise ValueError("no pipe")
        self._source = source
        self._target = target
        self._masker = Masker(wanted)

    def run(self) -> None:
        # Closing our end tells the command that nobody reads any more, as a pipe would.
        with self._source:
            try:
                while data := os.read(self._source.fileno(), _CHUNK):
                    _write(self._target, self._masker.feed(data))
                _write(self._target, self._masker.end())
            except OSError:
                return


def _write(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


def _wait(child: subprocess.Popen[bytes], watched: set[signal.Signals]) -> int:
    while child.poll() is None:
        number, theirs_too = _next_signal(watched)
        if number != signal.SIGCHLD and not theirs_too:
            child.send_signal(number)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _next_signal(watched: set[signal.Signals]) -> tuple[int, bool]:
    """A signal, and whether the terminal sent it, to the whole group."""
    if sys.platform == "darwin":
        number = signal.sigwait(watched)
        keys = (signal.SIGINT, signal.SIGQUIT, signal.SIGWINCH)
        return number, number in keys and sys.stdin.isatty()
    found = signal.sigwaitinfo(watched)
    # Above zero: the kernel's own; what a process sent is zero or below.
    return found.si_signo, found.si_code > 0


def _cannot(command: Sequence[str], error: OSError) -> Failure:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Failure(Exit.NO_COMMAND, f"There is no command {command[0]!r}.")
    return Failure(Exit.CANNOT_RUN, f"{command[0]!r} cannot be run: {error.strerror}.")
