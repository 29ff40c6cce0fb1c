"""What is shown: tables and progress for people, plain lines and JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

# rich is imported where it is used: `get` in a script's loop has no need of it.
if TYPE_CHECKING:
    from rich.console import Console


def is_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout.isatty()


def say(sentence: str) -> None:
    """What happened, on standard error: standard output is for results."""
    print(sentence, file=sys.stderr)


def safe(text: str) -> str:
    """A text of the store for a terminal: what it would obey is made visible."""
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def json_out(value: Any) -> None:
    """On a terminal, what it would obey stays written as an escape."""
    print(json.dumps(value, ensure_ascii=is_terminal(), indent=2))


def value_out(value: str) -> None:
    """To a program the value and nothing else; to a person a line that a terminal can show."""
    if is_terminal():
        print("\n".join(safe(line) for line in value.split("\n")))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(value.encode())
    sys.stdout.buffer.flush()


def table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """A table for a person; for a program a line each, parted by tabs, without headings."""
    if not is_terminal():
        for line in lines:
            print("\t".join(safe(text) for text in line))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for line in lines:
        shown.add_row(*(Text(safe(text)) for text in line))
    Console(highlight=False, emoji=False, markup=False).print(shown)


def day(milliseconds: int) -> str:
    """A date of the store, local."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return "?"


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """For work whose length nobody knows: a key derivation."""
    if not sys.stderr.isatty():
        yield
        return
    with _errors().status(text):
        yield


@contextmanager
def counting(text: str) -> Iterator[Callable[[int, int], None]]:
    """For work on many entries; call what you get with how many of how many are done."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), "{task.completed}"
    console = _errors()
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(text, total=None)

        def step(done: int, total: int) -> None:
            if done % 64 == 0 or done == total:
                bar.update(task, completed=done, total=total)

        yield step


def _errors() -> Console:
    from rich.console import Console

    dumb = os.environ.get("TERM") == "dumb"
    return Console(stderr=True, force_terminal=False if dumb else None, highlight=False)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
