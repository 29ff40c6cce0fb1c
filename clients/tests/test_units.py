"""The clients' own tests, in their own languages: every vector, the sentences, the masking."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import kernels
import pytest

CLIENTS = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """What it prints, without colours; fails with it."""
    env = {**os.environ, **kernels.environment(), "NO_COLOR": "1"}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, text=True, capture_output=True
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed[-8000:]
    return printed


@pytest.mark.skipif(not kernels.has_r(), reason="no R here: run scripts/kernels.py")
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_r(locale: str) -> None:
    printed = run("env", f"LC_ALL={locale}", "Rscript", "testthat.R", cwd=CLIENTS / "r" / "tests")
    found = re.search(r"FAIL 0 \| WARN 0 \| SKIP 0 \| PASS (\d+)", printed)
    assert found, printed
    assert int(found[1]) > 600


@pytest.mark.skipif(not kernels.has_deno(), reason="no Deno here: run scripts/kernels.py")
def test_javascript() -> None:
    program = kernels.deno()
    assert program
    printed = run(program, "test", "--no-check", "--allow-read", "test", cwd=CLIENTS / "js")
    found = re.search(r"ok \| (\d+) passed \| 0 failed", printed)
    assert found, printed
    assert int(found[1]) > 200
