"""A file in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from files import LIMIT
from kernel_connector.dotfile import Dotfile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "store"


@pytest.fixture
def dotfile(path: Path) -> Dotfile:
    path.parent.mkdir()
    return Dotfile(path, LIMIT)
