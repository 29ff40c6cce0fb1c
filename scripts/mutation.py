"""Mutation test: break the code in one place at a time, and see whether a test goes red.

    python scripts/mutation.py [exchange] [crypto] [vault] [python] [disk] [promises] [browser]

Stryker mutates the folders of src/, mutmut the Python client; reports are in .cache/mutation. What
survives is listed, and counted in a table at the end. Takes an hour or more: the processes give way
to others.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import project
import promises
from project import BIN, ROOT, fail, say

RESULTS = ROOT / ".cache" / "mutation"
CLIENT = ROOT / "clients" / "python"
MUTMUT = "mutmut==3.8.1"
#: By the client and its tests; the client itself is used where it lies.
NEEDED = ("PyNaCl>=1.5", "cryptography>=42", "pytest>=8", "hypothesis>=6")


class Client(NamedTuple):
    """Modules of the Python client that are mutated together, and what should notice."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    #: Words in the names of tests that are not used.
    left_out: tuple[str, ...] = ()
    #: Tests that take nearly all the time: only for what survives the others.
    slow: tuple[str, ...] = ()


#: What a kernel runs, and the vault. Left out are tests that start a Python of their own, which
#: would not run the mutant, and one that counts frames, of which mutmut adds some.
KERNEL = Client(
    ("api", "channel", "errors", "protocol", "refusals", "secret", "vault/*"),
    (
        "test_api.py",
        "test_channel.py",
        "test_exchange_vectors.py",
        "test_protocol.py",
        "test_secret.py",
        "test_sources.py",
        "vault",
    ),
    (
        "its_generator",
        "a_script_gets",
        "loads_nothing",
        "importing",
        "needs_pynacl",
        "killed",
        "two_programs",
        "holds_no_frame",
    ),
    (
        "(test_vault_properties and entries_come_back)",
        "a_byte_altered",
        "a_merge_keeps_every_edit",
        "a_second_merge_changes_nothing",
        "any_one_bit_altered",
        "a_text_mutated",
        "a_member_missing_twice",
        "a_mutated_file_of_the_page",
    ),
)
#: What is on the disk, and when a question ends. Their tests fork, and children run the mutant.
DISK = Client(("dotfile", "deadline"), ("dotfile", "test_deadline.py"))
#: They start Python processes, or try a thousand vectors: too slow for thousands of mutants.
_TOO_SLOW = ("other-writer.spec.ts", "fuzz.spec.ts", "wycheproof.spec.ts")
_STATES = ("killed", "timeout", "survived", "no coverage")


def stryker(folder: str) -> Counter[str]:
    """Each file against the spec beside it, and what survives that against all of the folder's."""
    source = ROOT / "src" / folder
    specs = [spec for spec in source.glob("*.spec.ts") if spec.name not in _TOO_SLOW]
    mutants: dict[Mutant, str] = {}
    for file in sorted(set(source.glob("*.ts")) - set(source.glob("*.spec.ts"))):
        beside = file.with_suffix(".spec.ts")
        near = [beside] if beside in specs else specs
        mutants |= _run_stryker([_relative(file)], near, file.stem)
    left = {mutant for mutant, status in mutants.items() if status not in ("Killed", "Timeout")}
    if left:
        again = _run_stryker(sorted({mutant.place for mutant in left}), specs, "left")
        mutants |= {mutant: status for mutant, status in again.items() if mutant in left}
    for mutant, status in mutants.items():
        if status not in ("Killed", "Timeout", "CompileError", "RuntimeError"):
            print(f"{status}: {mutant.place} {mutant.name}: {mutant.replacement}")
    names = {"NoCoverage": "no coverage"}
    return Counter(names.get(status, status.lower()) for status in mutants.values())


class Mutant(NamedTuple):
    place: str
    name: str
    replacement: str


def _run_stryker(places: list[str], specs: list[Path], name: str) -> dict[Mutant, str]:
    """What became of each mutant of these files, or parts of files."""
    report = RESULTS / f"{name}.json"
    report.unlink(missing_ok=True)
    nice(
        *(ROOT / "node_modules" / ".bin" / "stryker", "run"),
        cwd=ROOT,
        MUTATE=",".join(places),
        SPECS=",".join(map(_relative, specs)),
        REPORT=str(report),
    )
    if not report.exists():
        say(f"No report of {', '.join(places)}: it has nothing to mutate, or its specs fail")
        return {}
    files = json.loads(report.read_text())["files"]
    return {
        Mutant(_place(path, one["location"]), one["mutatorName"], one["replacement"]): one["status"]
        for path, file in files.items()
        for one in file["mutants"]
    }


def _place(path: str, location: dict[str, dict[str, int]]) -> str:
    """As Stryker takes it: it counts lines from 1 and columns from 0."""
    start, end = (f"{at['line']}:{at['column'] - 1}" for at in (location["start"], location["end"]))
    return f"{path}:{start}-{end}"


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def promised() -> Counter[str]:
    """The lines that keep what SECURITY.md promises."""
    return _counted(*promises.lines())


def browser() -> Counter[str]:
    """… each seen by a test against the real page."""
    return _counted(*promises.browser())


def _counted(tried: int, missed: int) -> Counter[str]:
    return Counter(killed=tried - missed, survived=missed)


def mutmut(client: Client) -> Counter[str]:
    """Every mutant against the quick tests, and what survives those against the slow ones."""
    words = (*client.left_out, *client.slow)
    mutants = _run_mutmut(client, " and ".join(f"not {word}" for word in words))
    left = [mutant for mutant, status in mutants.items() if status not in ("killed", "timeout")]
    if left and client.slow:
        again = _run_mutmut(client, " or ".join(client.slow), *left)
        mutants |= {mutant: again[mutant] for mutant in left if again[mutant] != "no tests"}
    for mutant, status in mutants.items():
        if status not in ("killed", "timeout"):
            print(f"{status}: {mutant}")
    names = {"no tests": "no coverage"}
    return Counter(names.get(status, status) for status in mutants.values())


def _run_mutmut(client: Client, tests: str, *mutants: str) -> dict[str, str]:
    """What became of these mutants, or of all, with the tests of this expression (pytest's -k)."""
    folder = _staged(client, tests)
    nice(BIN / "python", "-m", "mutmut", "run", "--max-children", "2", *mutants, cwd=folder)
    command = [str(BIN / "python"), "-m", "mutmut", "results", "--all", "true"]
    listed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    lines = (line.strip().rpartition(": ") for line in listed.stdout.splitlines())
    # An interrupt that came too late, and so ended the tests, is noticed.
    noticed = {"check was interrupted by user": "killed"}
    return {mutant: noticed.get(status, status) for mutant, _, status in lines if mutant}


def _staged(client: Client, tests: str) -> Path:
    """A copy of the client with a configuration of its own: mutmut works where it is started."""
    folder = RESULTS / "python"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in ("kernel_connector", "tests"):
        shutil.copytree(CLIENT / part, folder / part)
    # Where the tests look for it.
    spec = RESULTS / "spec"
    spec.unlink(missing_ok=True)
    spec.symlink_to(ROOT / "spec")
    mutated = "\n  ".join(
        f"kernel_connector/{name.removesuffix('.py')}*" for name in client.modules
    )
    chosen = f"\n  -k\n  {tests}" if tests else ""
    (folder / "setup.cfg").write_text(
        f"""[mutmut]
source_paths = kernel_connector
only_mutate =
  {mutated}
also_copy =
  kernel_connector
  pytest.ini
timeout_constant = 5
timeout_multiplier = 3
pytest_add_cli_args =
  --import-mode=importlib
  --hypothesis-profile=few{chosen}
pytest_add_cli_args_test_selection =
  {chr(10).join(f"  tests/{name}" for name in client.tests).strip()}
"""
    )
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = . tests\n")
    return folder


def nice(*command: str | Path, cwd: Path, **env: str) -> None:
    """Run it below everything else. That mutants survive is no error."""
    words = ["nice", "-n", "19", *map(str, command)]
    subprocess.run(words, cwd=cwd, env=project.environment(**env))


SUITES: dict[str, Callable[[], Counter[str]]] = {
    "exchange": lambda: stryker("exchange"),
    "crypto": lambda: stryker("crypto"),
    "vault": lambda: stryker("vault"),
    "python": lambda: mutmut(KERNEL),
    "disk": lambda: mutmut(DISK),
    "promises": promised,
    "browser": browser,
}


def main() -> None:
    chosen = sys.argv[1:] or list(SUITES)
    unknown = set(chosen) - set(SUITES)
    if unknown:
        fail(f"There is no suite {', '.join(sorted(unknown))}: choose from {', '.join(SUITES)}.")
    project.install_python()
    project.install_node()
    if {"python", "disk"} & set(chosen):
        project.pip(*NEEDED, MUTMUT)
    RESULTS.mkdir(parents=True, exist_ok=True)
    counts = {name: SUITES[name]() for name in chosen}
    say("Mutants")
    print(f"{'':10}" + "".join(f"{state:>12}" for state in _STATES) + f"{'score':>9}")
    for name, count in counts.items():
        caught = count["killed"] + count["timeout"]
        tried = sum(count[state] for state in _STATES)
        score = f"{100 * caught / tried:.1f} %" if tried else "none"
        print(f"{name:10}" + "".join(f"{count[s]:12}" for s in _STATES) + f"{score:>9}")


if __name__ == "__main__":
    main()
