"""For each promise of SECURITY.md: the line that keeps it, broken, and the test that notices.

    python scripts/promises.py [browser] [WORD ...]

Works in a copy of the checkout. First all the tests are to pass; then each line is broken in its
turn, and its test has to fail. Takes some minutes; with `browser`, where the page's part is built
anew for each line and attacked in Chromium, three quarters of an hour. With words only those
promises that have one of them in their name or their test's. Part of `make mutation`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import kernels
import project
import run_tests
from project import BIN, ROOT, fail, say
from promised import BROWSER, PROMISES, Promise

#: A test that waits for ever has noticed, in seconds: by itself, and in a browser.
PATIENCE = 120
BROWSER_PATIENCE = 600
#: What a copy shares with the checkout.
INSTALLED = ("node_modules", "ui-tests/node_modules", ".venv", ".venv-fresh", ".venv-hub", ".cache")
LABEXTENSION = "jupyterlab-credential-store"

Passes = Callable[[Path, Promise], bool]


def by_itself(copy: Path, promise: Promise) -> bool:
    command: Sequence[str | Path]
    if promise.test.endswith(".py"):
        command = [BIN / "python", "-m", "pytest", "-q", "-x", "--no-header", promise.test]
    else:
        command = [copy / "node_modules" / ".bin" / "jest", "--silent", promise.test]
    return _run(command, copy, PATIENCE, PYTHONPATH=_sources(copy))


def in_a_browser(copy: Path, promise: Promise) -> bool:
    """Against the copy's own build, and with the Python parts of the copy."""
    if not (copy / "lib").exists() or promise.file.startswith("src/"):
        _build(copy)
    paths = kernels.environment()
    paths["JUPYTER_PATH"] = f"{copy / 'share'}{os.pathsep}{paths['JUPYTER_PATH']}"
    playwright = str(copy / "ui-tests" / "node_modules" / ".bin" / "playwright")
    report = copy / "report.json"
    for _ in range(3):
        report.unlink(missing_ok=True)
        passed = _run(
            [playwright, "test", "--project=light", promise.test, "-g", promise.title],
            copy / "ui-tests",
            BROWSER_PATIENCE,
            CHROMIUM=run_tests.chromium(),
            UI_TESTS_PYTHONPATH=_sources(copy),
            PLAYWRIGHT_JSON_OUTPUT_FILE=str(report),
            **paths,
        )
        # A server whose port was taken is no test that has noticed. No report: it waited for ever.
        if not report.exists() or not json.loads(report.read_text())["errors"]:
            return passed
    fail(f"{promise.test} could not be run.")


def _build(copy: Path) -> None:
    """Broken code need not be well typed."""
    tsc = str(copy / "node_modules" / ".bin" / "tsc")
    _run([tsc, "--noEmitOnError", "false"], copy, PATIENCE)
    if not _run([BIN / "jlpm", "build:labextension"], copy, BROWSER_PATIENCE):
        fail("The page's part cannot be built.")
    extensions = copy / "share" / "labextensions"
    extensions.mkdir(parents=True, exist_ok=True)
    (extensions / LABEXTENSION).unlink(missing_ok=True)
    (extensions / LABEXTENSION).symlink_to(copy / "jupyterlab_credential_store" / "labextension")


def _sources(copy: Path) -> str:
    return f"{copy}{os.pathsep}{copy / 'clients/python'}"


def _run(command: Sequence[str | Path], cwd: Path, patience: int, **env: str) -> bool:
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=project.environment(**env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        # It ends the servers that it has started.
        process.terminate()
        process.wait()
        return False


def stays_green(copy: Path, promise: Promise, passes: Passes) -> bool:
    file = copy / promise.file
    text = file.read_text(encoding="utf-8")
    if text.count(promise.line) != 1:
        fail(f"{promise.file} has this line {text.count(promise.line)} times: {promise.line}")
    file.write_text(text.replace(promise.line, promise.broken), encoding="utf-8")
    try:
        return passes(copy, promise)
    finally:
        file.write_text(text, encoding="utf-8")


@contextmanager
def _copied() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        for name in INSTALLED:
            if (ROOT / name).exists():
                (copy / name).symlink_to(ROOT / name)
        yield copy


def check(promises: list[Promise], passes: Passes) -> tuple[int, int]:
    """How many promises there are, and how many were broken without a test that noticed."""
    with _copied() as copy:
        for promise in {(one.test, one.title): one for one in promises}.values():
            if not passes(copy, promise):
                fail(f"{promise.test} fails without anything broken.")
        missed = 0
        for promise in promises:
            green = stays_green(copy, promise, passes)
            missed += green
            print(f"  {'NOT NOTICED' if green else 'noticed'}: {promise.what}", flush=True)
    return len(promises), missed


def lines() -> tuple[int, int]:
    return check(PROMISES, by_itself)


def browser() -> tuple[int, int]:
    return check(BROWSER, in_a_browser)


def main() -> None:
    say("Promises")
    words = sys.argv[1:]
    in_browser = words[:1] == ["browser"]
    words = words[in_browser:]
    promises, passes = (BROWSER, in_a_browser) if in_browser else (PROMISES, by_itself)
    chosen = [
        one
        for one in promises
        if not words or any(word in f"{one.what} {one.test}" for word in words)
    ]
    tried, missed = check(chosen, passes)
    print(f"{tried} broken, {tried - missed} noticed")
    raise SystemExit(1 if missed or not tried else 0)


if __name__ == "__main__":
    main()
