"""spec/examples.md is what this implementation computes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

GENERATOR = Path(__file__).resolve().parents[3] / "spec" / "generate_examples.py"


def test_the_examples_are_what_their_generator_writes() -> None:
    run = subprocess.run([sys.executable, GENERATOR, "--check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
