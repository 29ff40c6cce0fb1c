"""What `make test` says at its end."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
import run_tests
from run_tests import Count


def slow(_report: Path) -> Count:
    time.sleep(1)
    return Count(3, 0)


def test_the_end_says_how_long_each_suite_took_then_what_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    suites = {"lint": slow, "playwright": lambda _: Count(5, 2)}
    monkeypatch.setattr(run_tests, "SUITES", suites)
    monkeypatch.setattr(run_tests, "install", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["run_tests.py", *suites])
    with pytest.raises(SystemExit) as ended:
        run_tests.main()
    assert ended.value.code == 1
    *_, times, counts = capsys.readouterr().out.splitlines()
    assert times == "» installing 0 s, lint 1 s, playwright 0 s, 0 minutes in all"
    assert counts == "8 passed, 2 failed"


def test_a_suite_in_a_process_of_its_own_is_counted_by_its_last_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_tests, "SUITES", {"pytest": slow})
    run_tests.run("pytest")
    log = capsys.readouterr().out
    assert run_tests.counted("pytest", f"{log}3 passed, 0 failed\n") == Count(3, 0, 1)
    assert run_tests.counted("pytest", "Killed\n") == Count(0, 1)
