"""The attacks alone, at their full size: what was tried, what was refused, what came through.

In a browser each attack counts, by the annotations of ui-tests/tests/support/attack.ts; elsewhere
each test. Small sizes of the same run with `make test`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
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
    skipped: int = 0


#: Where `tally` of the tests writes.
COUNTS = REPORTS / "credential-store-adversary-counts"
#: Tests that the table of SECURITY.md names: of the browser below the second of these folders.
_NAMED = re.compile(r"`([\w/*.-]+\.spec\.ts|[\w/*.-]*test_\w+\.py)`")
FOLDERS = (ROOT, UI_TESTS / "tests")


def named() -> list[Path]:
    """What the table names. Fails if it names what is not there."""
    found: set[Path] = set()
    for name in _NAMED.findall((ROOT / "SECURITY.md").read_text()):
        files = [path for folder in FOLDERS for path in folder.glob(name)]
        if not files:
            fail(f"SECURITY.md names {name}, which is not there.")
        found.update(files)
    return sorted(found)


def browser(report: Path) -> Count:
    """Against the real page, server and kernels."""
    folders = [UI_TESTS / "tests", UI_TESTS / "tests" / "adversary"]
    elsewhere = [path for path in named() if folders[0] in path.parents]
    chosen = [folders[1], *(path for path in elsewhere if folders[1] not in path.parents)]
    execute(
        UI_TESTS / "node_modules" / ".bin" / "playwright",
        *("test", "--project=light"),
        *chosen,
        cwd=UI_TESTS,
        CHROMIUM=chromium(),
        PLAYWRIGHT_JSON_OUTPUT_FILE=str(report),
        ADVERSARY="full",
        ADVERSARY_COUNTS=str(COUNTS),
        **kernels.environment(),
    )
    result = json.loads(report.read_text())
    # Such as a server that did not start.
    for error in result["errors"]:
        print(f"outside the tests: {error.get('message', error)}", file=sys.stderr)
    tried, refused, skipped = len(result["errors"]), 0, 0
    for title, test in _tests(result):
        # What passes at the second try only does not pass.
        first = test["results"][0]
        if first["status"] == "skipped":
            skipped += 1
            continue
        made = [note["type"] for note in first.get("annotations", [])]
        attacks = max(made.count("attack"), 1)
        tried += attacks
        passed = first["status"] == "passed"
        refused += attacks if passed else min(made.count("refused"), attacks - 1)
        if not passed:
            print(f"{first['status']} at the first try: {title}", file=sys.stderr)
    return Count(tried, refused, skipped)


def _tests(suite: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with its file and title."""
    for spec in suite.get("specs", []):
        yield from ((f"{spec['file']}: {spec['title']}", test) for test in spec["tests"])
    for inner in suite.get("suites", []):
        yield from _tests(inner)


def servers(report: Path) -> Count:
    """Real servers on real disks, and the file, in Python."""
    chosen = _chosen(
        "test_*.py", "faults", "clients/python/tests", "jupyterlab_credential_store/tests"
    )
    execute(
        *(BIN / "python", "-m", "pytest", f"--junitxml={report}", "tests/adversary"),
        *chosen,
        PYTHONPATH=f"{ROOT}:{ROOT / 'clients/python'}",
        ADVERSARY="full",
        ADVERSARY_COUNTS=str(COUNTS),
    )
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 our own file
    tried = refused = skipped = 0
    for suite in suites:
        left_out = int(suite.get("skipped", 0))
        ran = int(suite.get("tests", 0)) - left_out
        tried, skipped = tried + ran, skipped + left_out
        refused += ran - int(suite.get("failures", 0)) - int(suite.get("errors", 0))
    return Count(tried, refused, skipped)


def file(report: Path) -> Count:
    """The file, and two writers, in TypeScript."""
    chosen = _chosen("*.spec.ts", "testing/adversary", "src")
    execute(
        *(NODE_BIN / "jest", "--json", f"--outputFile={report}"),
        *chosen,
        ADVERSARY="full",
        ADVERSARY_COUNTS=str(COUNTS),
    )
    result = json.loads(report.read_text())
    broken = result["numRuntimeErrorTestSuites"]
    passed = result["numPassedTests"]
    skipped = result["numPendingTests"] + result["numTodoTests"]
    return Count(passed + result["numFailedTests"] + broken, passed, skipped)


def _chosen(pattern: str, sized: str, *folders: str) -> list[Path]:
    """The attacks there: those that the table names, and those whose text has `sized`."""
    wanted = named()
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob(pattern))
        if path in wanted or sized in path.read_text()
    ]


PARTS = {"browser": browser, "servers": servers, "file": file}


def tallied() -> Counter[str]:
    """How much single tests have tried."""
    lines = COUNTS.read_text().splitlines() if COUNTS.exists() else []
    return sum((Counter(json.loads(line)) for line in lines), Counter[str]())


def main() -> None:
    unknown = set(sys.argv[1:]) - set(PARTS)
    if unknown:
        fail(f"There is no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.")
    run_tests.install(["playwright", "pytest", "jest"])
    counts = {}
    COUNTS.unlink(missing_ok=True)
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
    for name, (tried, refused, skipped) in counts.items():
        print(
            f"{name}: {tried} attacks tried, {refused} refused, {tried - refused} survived,"
            f" {skipped} skipped"
        )
    for what, count in sorted(tallied().items()):
        print(f"  within these: {count:,} {what}")
    tried = sum(count.tried for count in counts.values())
    refused = sum(count.refused for count in counts.values())
    print(f"{tried} attacks tried, {refused} refused, {tried - refused} survived", flush=True)
    raise SystemExit(0 if tried and tried == refused else 1)


if __name__ == "__main__":
    main()
