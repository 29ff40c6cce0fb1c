"""The names of the ways to a credential, in the order in which they are tried."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["SOURCES", "Source", "check"]

Source = Literal["front-end", "agent", "environment", "terminal"]
SOURCES: tuple[Source, ...] = get_args(Source)


def check(source: object) -> None:
    """Raises ValueError if it is no way."""
    if source is not None and source not in SOURCES:
        raise ValueError(f"The source must be one of {', '.join(SOURCES)}.")
