"""Starts an agent for a store that is open here."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time

from ..passphrase import FILE_VARIABLE, VARIABLE
from ..vault import Store
from . import client, place

#: Seconds that it may take to start.
_START = 30.0


class NotStarted(Exception):
    """Why the agent did not start, in a sentence."""


def start(store: Store, seconds: float) -> None:
    """Replace the store's agent, if there is one, by one that ends after so many seconds.

    It gets the vault key, not the passphrase. Raises NotStarted.
    """
    client.lock(store.path)
    try:
        path = place.make(store.path)
    except OSError as error:
        raise NotStarted(str(error)) from None
    environment = {
        name: value for name, value in os.environ.items() if name not in (VARIABLE, FILE_VARIABLE)
    }
    # No module from the directory where somebody happens to be.
    environment["PYTHONSAFEPATH"] = "1"
    process = subprocess.Popen(  # noqa: S603 ourselves
        [sys.executable, "-m", f"{__package__}.process", path, str(seconds), store.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment,
        start_new_session=True,
    )
    answer = _hand_over(process, store.vault.key)
    if answer.strip() == b"ready":
        # It lives on, and is no longer ours to wait for.
        process.returncode = 0
        return
    process.kill()
    process.wait()
    text = answer.decode(errors="replace").strip()
    raise NotStarted(text or "The agent did not start.")


def _hand_over(process: subprocess.Popen[bytes], key: bytes) -> bytes:
    """What it says, until it lets go of its output."""
    if process.stdin is None or process.stdout is None:
        raise NotStarted("The agent did not start.")
    with process.stdin, process.stdout:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(key)
            process.stdin.close()
        answer, until = b"", time.monotonic() + _START
        while (left := until - time.monotonic()) > 0:
            if not select.select([process.stdout], [], [], left)[0]:
                break
            part = os.read(process.stdout.fileno(), 4096)
            if not part:
                break
            answer += part
    return answer
