"""The commands unlock and lock."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path

from ..agent import client, start
from ..location import shown
from . import screen, session
from .outcome import Exit, Failure

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
#: Seconds.
_LONGEST = 7 * 86400


def seconds_of(text: str) -> float:
    """`90s`, `15m`, `8h`, `1d`. Raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if match is None:
        raise ValueError(f"{text!r} is no time: write 90s, 15m, 8h or 1d.")
    seconds = int(match[1]) * _UNITS[match[2]]
    if not 0 < seconds <= _LONGEST:
        raise ValueError("The time must be between 1s and 7d.")
    return seconds


def unlock(path: Path, seconds: float) -> None:
    """Start an agent for the store, in place of the one there may be."""
    store = session.open_store(path)
    try:
        start.start(store, seconds)
    except start.NotStarted as error:
        raise Failure(Exit.FAILED, str(error)) from None
    end = datetime.fromtimestamp(time.time() + seconds)
    screen.say(
        f'{shown(path)} is unlocked until {end:%Y-%m-%d %H:%M}, or until "credentialstore lock".'
    )


def lock(path: Path) -> None:
    there = client.lock(path)
    screen.say(f"{shown(path)} is locked." if there else f"{shown(path)} was not unlocked.")
