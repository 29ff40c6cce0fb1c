"""How long to go on, and a server in a home of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import Server

#: `make adversary` sets it: the full sizes, whose figures stand in SECURITY.md.
FULL = os.environ.get("ADVERSARY") == "full"
_TOLD = pytest.StashKey[list[str]]()


@pytest.fixture
def size() -> Callable[[int, int], int]:
    """`size(small, full)`: the one that this run is to take."""
    return lambda small, full: full if FULL else small


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`tell("what was tried, and came of it")`: a line below the results."""
    return request.config.stash.setdefault(_TOLD, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in terminalreporter.config.stash.get(_TOLD, []):
        terminalreporter.write_line(f"attack: {line}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    server = Server(home)
    server.start()
    yield server
    server.kill()
