"""Run every check and suite, and end with one line: how many passed, how many failed.

Without arguments all of them; otherwise those named: lint, jest, pytest, playwright. The line
before the last says how long each took. The counts come from the reports that the suites write
for machines. A suite that breaks off, or runs no test, counts as a failure.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import kernels
import project
from project import BIN, ROOT, UI_TESTS, fail, install_debian, say

NODE_BIN = ROOT / "node_modules" / ".bin"
REPORTS = Path(tempfile.gettempdir())


class Count(NamedTuple):
    passed: int
    failed: int
    seconds: float = 0


def execute(*command: str | Path, cwd: Path = ROOT, **env: str) -> bool:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=project.environment(**env)).returncode == 0


def lint(_report: Path) -> Count:
    """Each tool counts as one check."""
    tsc = NODE_BIN / "tsc"
    checks: dict[str, Sequence[str | Path]] = {
        "eslint": [NODE_BIN / "eslint", ".", "--cache", "--max-warnings=0"],
        "prettier": [NODE_BIN / "prettier", "--check", "--log-level=warn", "."],
        "stylelint": [NODE_BIN / "stylelint", "--cache", "style/**/*.css"],
        "types of src": [tsc, "--noEmit", "-p", "tsconfig.test.json"],
        "types of ui-tests": [tsc, "--noEmit", "-p", "ui-tests"],
        "ruff": [BIN / "ruff", "check", "--quiet"],
        "ruff format": [BIN / "ruff", "format", "--check", "--quiet"],
        "mypy": [BIN / "mypy", "--no-error-summary"],
        "mypy of scripts": [
            *(BIN / "mypy", "--no-error-summary", "--ignore-missing-imports"),
            *("scripts", "ui-tests/support", "bench"),
        ],
    }
    bad = []
    for name, command in checks.items():
        if execute(*command):
            print(f"  {name}: ok", flush=True)
        else:
            print(f"  {name}: FAILED", flush=True)
            bad.append(name)
    return Count(len(checks) - len(bad), len(bad))


def jest(report: Path) -> Count:
    execute(NODE_BIN / "jest", "--json", f"--outputFile={report}")
    result = json.loads(report.read_text())
    broken = result["numRuntimeErrorTestSuites"]
    return Count(result["numPassedTests"], result["numFailedTests"] + broken)


def pytest(report: Path) -> Count:
    # The sources, also in the kernels that the tests start; not what .venv holds.
    sources = os.pathsep.join(str(ROOT / path) for path in (".", "clients/python"))
    execute(
        *(BIN / "python", "-m", "pytest", f"--junitxml={report}"),
        PYTHONPATH=sources,
    )
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 our own file
    passed = failed = 0
    for suite in suites:
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
        failed += bad
    return Count(passed, failed)


def playwright(report: Path) -> Count:
    return browse(report, "light", "dark")


def pictures(report: Path) -> Count:
    """Not a suite: what the README shows, and a gallery to look at."""
    return browse(report, "pictures-light", "pictures-dark")


def browse(report: Path, *names: str) -> Count:
    execute(
        *(UI_TESTS / "node_modules" / ".bin" / "playwright", "test"),
        *(f"--project={name}" for name in names),
        cwd=UI_TESTS,
        CHROMIUM=chromium(),
        **kernels.environment(),
        PLAYWRIGHT_JSON_OUTPUT_FILE=str(report),
    )
    result = json.loads(report.read_text())
    for fault in faults(result):
        print(f"  {fault}", flush=True)
    stats = result["stats"]
    if stats["flaky"]:
        say(f"{stats['flaky']} of them passed at the second try only")
    return Count(
        stats["expected"] + stats["flaky"], stats["unexpected"] + len(result.get("errors", []))
    )


def faults(suite: dict[str, Any]) -> Iterator[str]:
    """What did not pass at once, and why, in a few lines each: a log may be cut to its end."""
    for spec in suite.get("specs", []):
        tests = [test for test in spec["tests"] if test["status"] in ("unexpected", "flaky")]
        for result in (result for test in tests for result in test["results"] if result["errors"]):
            message = re.sub("\x1b\\[[0-9;]*m", "", result["errors"][0]["message"])
            lines = " / ".join(line.strip() for line in message.splitlines() if line.strip())
            yield f"{spec['file']}: {spec['title']}, try {result['retry'] + 1}: {lines[:300]}"
    for inner in suite.get("suites", []):
        yield from faults(inner)


#: What a plain run runs.
ALL = ("lint", "jest", "pytest", "playwright")
SUITES: dict[str, Callable[[Path], Count]] = {
    "lint": lint,
    "jest": jest,
    "pytest": pytest,
    "playwright": playwright,
    "pictures": pictures,
}


def chromium() -> str:
    """A Chromium; installs Debian's where there is none and we may."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted) or fail(f"CHROMIUM names no program: {wanted}.")
    found = _find_chromium()
    if not found and install_debian("chromium"):
        found = _find_chromium()
    return found or fail("Chromium is missing: install it, or name one with CHROMIUM=/path.")


def _find_chromium() -> str | None:
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    if platform.system() == "Darwin":
        names.append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def install(chosen: Sequence[str]) -> None:
    wheels = project.install()
    project.install_node()
    sources = [*project.files(["pyproject.toml", "scripts/requirements.txt"])]
    if project.once("test", "Installing what the tests need", sources, BIN / "pytest"):
        project.pip(wheels[0], f"{wheels[1]}[test]")
        project.stamp("test", sources)
    browsers = {"playwright", "pictures"} & set(chosen)
    if browsers or "lint" in chosen:
        project.jlpm_install(UI_TESTS)
    if browsers or "pytest" in chosen:
        kernels.install()
    if browsers:
        project.install_fresh(wheels)
        project.install_hub(wheels)
        chromium()


def run(name: str) -> Count:
    """One suite; a missing or unreadable report is a failure, and so is a suite without tests."""
    say(name)
    started = time.monotonic()
    report = REPORTS / f"credential-store-{os.getpid()}-{name}"
    try:
        count = SUITES[name](report)
        if count.passed + count.failed == 0:
            print(f"{name} ran no tests.", file=sys.stderr)
            count = Count(0, 1)
    except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
        print(f"{name} broke off: {error!r}", file=sys.stderr)
        count = Count(0, 1)
    finally:
        report.unlink(missing_ok=True)
    count = count._replace(seconds=time.monotonic() - started)
    say(f"{name}: {count.passed} passed, {count.failed} failed, {count.seconds:.0f} s")
    return count


def counted(name: str, log: str) -> Count:
    """What the last line of a suite says."""
    line = rf"^» {name}: (\d+) passed, (\d+) failed, (\d+) s$"
    counts = re.findall(line, log, re.MULTILINE)
    return Count(*map(int, counts[-1])) if counts else Count(0, 1)


class Beside:
    """A suite in a process of its own, while others run; what it prints is shown in its turn."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._log = REPORTS / f"credential-store-{os.getpid()}-{name}.log"
        command = [sys.executable, __file__, name]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def count(self) -> Count:
        self._process.wait()
        text = self._log.read_text()
        self._log.unlink()
        print(text, end="", flush=True)
        return counted(self._name, text)


def main() -> None:
    unknown = set(sys.argv[1:]) - set(SUITES)
    if unknown:
        fail(f"There is no suite {', '.join(sorted(unknown))}: choose from {', '.join(SUITES)}.")
    chosen = sys.argv[1:] or list(ALL)
    started = time.monotonic()
    install(chosen)
    installed = time.monotonic()
    # The longest but for the browser's, and it waits for processes most of the time.
    beside = {"pytest": Beside("pytest")} if {"jest", "pytest"} <= set(chosen) else {}
    counts = {name: beside[name].count() if name in beside else run(name) for name in chosen}
    took = [f"installing {installed - started:.0f} s"]
    for name, count in counts.items():
        took.append(f"{name} {count.seconds:.0f} s{' beside' * (name in beside)}")
    say(f"{', '.join(took)}, {(time.monotonic() - started) / 60:.0f} minutes in all")
    failed = sum(count.failed for count in counts.values())
    passed = sum(count.passed for count in counts.values())
    print(f"{passed} passed, {failed} failed", flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
