"""The attacks alone, at their full size: what was tried, what was refused, what came through.

In a browser each attack counts, by the annotations of ui-tests/tests/support/attack.ts; elsewhere
each test. Small sizes of the same run with `make test`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import kernels
import run_tests
from project import BIN, ROOT, UI_TESTS, fail, say
from run_tests import NODE_BIN, REPORTS, chromium, execute


class Count(NamedTuple):
    tried: int
    refused: int


#: Beside those of one size that grow with ADVERSARY=full.
FIXED = (
    "clients/python/tests/dotfile/test_dotfile_crash.py",
    "clients/python/tests/test_deadline.py",
    "clients/python/tests/test_known_answers.py",
    "clients/python/tests/test_wycheproof.py",
    "src/crypto/wycheproof.spec.ts",
    "src/custodian/gate.spec.ts",
    "src/custodian/natives.spec.ts",
    "src/kernel/request-queue.spec.ts",
    "src/store/pin.spec.ts",
    "src/vault/vectors.spec.ts",
)


def browser(report: Path) -> Count:
    """Against the real page, server and kernels."""
    execute(
        UI_TESTS / "node_modules" / ".bin" / "playwright",
        *("test", "--project=light", "tests/adversary"),
        cwd=UI_TESTS,
        CHROMIUM=chromium(),
        PLAYWRIGHT_JSON_OUTPUT_FILE=str(report),
        ADVERSARY="full",
        **kernels.environment(),
    )
    result = json.loads(report.read_text())
    # Such as a server that did not start.
    tried, refused = len(result["errors"]), 0
    for test in _tests(result):
        # What passes at the second try only does not pass.
        first = test["results"][0]
        made = [note["type"] for note in first.get("annotations", [])]
        attacks = max(made.count("attack"), 1)
        tried += attacks
        passed = first["status"] == "passed"
        refused += attacks if passed else min(made.count("refused"), attacks - 1)
    return Count(tried, refused)


def _tests(suite: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for spec in suite.get("specs", []):
        yield from spec["tests"]
    for inner in suite.get("suites", []):
        yield from _tests(inner)


def servers(report: Path) -> Count:
    """Real servers on real disks, and the file, in Python."""
    chosen = _chosen("clients/python/tests", "test_*.py", "faults")
    execute(
        *(BIN / "python", "-m", "pytest", f"--junitxml={report}", "tests/adversary"),
        *chosen,
        PYTHONPATH=f"{ROOT}:{ROOT / 'clients/python'}",
        ADVERSARY="full",
    )
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 our own file
    tried = refused = 0
    for suite in suites:
        ran = int(suite.get("tests", 0)) - int(suite.get("skipped", 0))
        tried += ran
        refused += ran - int(suite.get("failures", 0)) - int(suite.get("errors", 0))
    return Count(tried, refused)


def file(report: Path) -> Count:
    """The file, and two writers, in TypeScript."""
    chosen = _chosen("src", "*.spec.ts", "testing/adversary")
    execute(NODE_BIN / "jest", "--json", f"--outputFile={report}", *chosen, ADVERSARY="full")
    result = json.loads(report.read_text())
    broken = result["numRuntimeErrorTestSuites"]
    passed = result["numPassedTests"]
    return Count(passed + result["numFailedTests"] + broken, passed)


def _chosen(folder: str, pattern: str, sized: str) -> list[Path]:
    """The attacks there: those whose text has `sized`, and the fixed ones."""
    return [
        path
        for path in sorted((ROOT / folder).rglob(pattern))
        if path.relative_to(ROOT).as_posix() in FIXED or sized in path.read_text()
    ]


PARTS = {"browser": browser, "servers": servers, "file": file}


def main() -> None:
    unknown = set(sys.argv[1:]) - set(PARTS)
    if unknown:
        fail(f"There is no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.")
    run_tests.install(["playwright", "pytest", "jest"])
    counts = {}
    for name in sys.argv[1:] or list(PARTS):
        say(name)
        report = REPORTS / f"credential-store-adversary-{name}"
        report.unlink(missing_ok=True)
        try:
            counts[name] = PARTS[name](report)
        except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
            print(f"{name} broke off: {error!r}", file=sys.stderr)
            counts[name] = Count(0, 0)
        finally:
            report.unlink(missing_ok=True)
        if not counts[name].tried:
            print(f"{name} tried nothing.", file=sys.stderr)
            counts[name] = Count(1, 0)
    for name, (tried, refused) in counts.items():
        print(f"{name}: {tried} attacks tried, {refused} refused, {tried - refused} survived")
    tried = sum(count.tried for count in counts.values())
    refused = sum(count.refused for count in counts.values())
    print(f"{tried} attacks tried, {refused} refused, {tried - refused} survived", flush=True)
    raise SystemExit(0 if tried and tried == refused else 1)


if __name__ == "__main__":
    main()
