"""Run the benches: print a table, and write bench/results.json. BENCH_QUICK=1: see that they run.

Exits with 1 if a bench broke off, never because of a figure.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scripts"))
import kernels  # noqa: E402
import project  # noqa: E402
import run_tests  # noqa: E402

Figures = dict[str, float]
Row = dict[str, Any]

RESULTS = HERE / "results.json"
PASSPHRASE = "correct horse battery staple"  # noqa: S105 that of the UI tests
SIZES = (10, 100, 1_000, 10_000)
#: Those without a page, by file; the others are Playwright's.
IN_PYTHON = ("commands", "opening", "languages")
_HEADINGS = ("", "entries", "ours", "p95", "peer", "p95", "ratio", "target", "")
_OF = {"ratio": "peer x", "median": "", "largest": "at most"}


def prepare() -> tuple[str, str, str]:
    """Builds and installs; gives Chromium, and keepassxc-cli and pass, or nothing for one."""
    run_tests.install([])
    kernels.install()
    project.jlpm_install(project.UI_TESTS)
    requirements = HERE / "requirements.txt"
    if project.once("bench", "Installing what the benches need", [requirements]):
        project.pip("-r", requirements)
        project.stamp("bench", [requirements])
    return run_tests.chromium(), debian("keepassxc", "keepassxc-cli"), debian("pass", "pass")


def debian(package: str, program: str) -> str:
    """Where the program is, installed if need be; empty if it cannot be had."""
    if not shutil.which(program):
        project.install_debian(package)
    return shutil.which(program) or ""


def measure(home: Path, chromium: str, keepassxc: str, pass_: str) -> bool:
    """Whether all benches ran to their end; their rows are in `home`."""
    fixtures = home / "fixtures"
    for folder in (fixtures, home / "work"):
        folder.mkdir()
    project.say("Making the stores")
    sizes = map(str, SIZES)
    project.run(project.BIN / "python", HERE / "fixtures.py", fixtures, PASSPHRASE, *sizes)
    project.say("Measuring")
    chosen = sys.argv[1:]
    in_python = [name for name in IN_PYTHON if not chosen or name in chosen]
    in_page = [name for name in chosen if name not in IN_PYTHON]
    env = {"BENCH_HOME": str(home), "BENCH_KEEPASSXC": keepassxc, "BENCH_PASS": pass_}
    complete = True
    if in_page or not chosen:
        complete = run_tests.execute(
            *(project.UI_TESTS / "node_modules" / ".bin" / "playwright", "test"),
            *(f"--config={HERE}", *in_page),
            cwd=project.ROOT,
            BENCH_PORT=str(20000 + os.getpid() % 20000),
            CHROMIUM=chromium,
            **env,
        )
    for name in in_python:
        project.say(name)
        # What the person has set for kernels and programs is not read.
        command = (project.BIN / "python", HERE / f"{name}.py")
        done = run_tests.execute(*command, cwd=project.ROOT, HOME=str(home), **env)
        complete = done and complete
    return complete


def summary(values: list[float]) -> Figures:
    ranked = sorted(values)
    p95 = ranked[max(0, -(-len(ranked) * 95 // 100) - 1)]
    return {
        "median": round(statistics.median(ranked), 2),
        "p95": round(p95, 2),
        "largest": round(ranked[-1], 2),
        "count": len(ranked),
    }


def judged(row: Row) -> Row:
    """A row with its figures in the place of the measured values."""
    ours = summary(row["ours"])
    values = row["peer"]["values"]
    peer = summary(values) if values else None
    ratio = round(ours["median"] / peer["median"], 2) if peer and peer["median"] else None
    target: Row | None = row.get("target")
    figure = {**ours, "ratio": ratio}[target["of"]] if target else None
    return {
        "what": row["what"],
        "entries": row.get("entries"),
        "unit": row["unit"],
        "ours": ours,
        "peer": {"name": row["peer"]["name"], **(peer or {"missing": True})},
        "ratio": ratio,
        "target": target,
        "met": figure <= target["most"] if target and figure is not None else None,
        **({"note": row["note"]} if "note" in row else {}),
    }


def machine(chromium: str) -> dict[str, Any]:
    def version(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()

    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "system": platform.platform(),
        "chromium": version(chromium, "--version"),
        "node": version("node", "--version"),
        "python": version(str(project.BIN / "python"), "--version"),
    }


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def table(rows: list[Row]) -> str:
    lines: list[tuple[str, ...]] = [
        ("", "entries", "ours", "p95", "peer", "p95", "ratio", "target", "")
    ]
    for row in rows:
        ours, peer, target = row["ours"], row["peer"], row["target"]
        missing = "peer missing" if "missing" in peer else ""
        lines.append(
            (
                f"{row['what']} ({row['unit']})",
                number(row["entries"]),
                number(ours["median"]),
                number(ours["p95"]),
                number(peer.get("median")),
                number(peer.get("p95")),
                number(row["ratio"]),
                f"{_OF[target['of']]} {target['most']:,}".strip() if target else "",
                {True: "met", False: "NOT MET"}.get(row["met"], missing),
            )
        )
        lines.append((f"    against {peer['name']}", *[""] * 8))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        " ".join(
            cell.ljust(width) if at in (0, 8) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) or value >= 1000 else f"{value:,.2f}"


def main() -> None:
    programs = prepare()
    with tempfile.TemporaryDirectory(prefix="credential-store-bench-") as home:
        complete = measure(Path(home), *programs)
        found = Path(home) / "rows.jsonl"
        rows = [json.loads(line) for line in found.read_text().splitlines()]
    rows = [judged(row) for row in rows]
    print(table(rows))
    if os.environ.get("BENCH_QUICK") or sys.argv[1:]:
        print("A part, or too few runs to tell anything: bench/results.json stays as it is.")
    else:
        result = {
            "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "machine": machine(programs[0]),
            "rows": rows,
        }
        RESULTS.write_text(f"{json.dumps(result, indent=2, ensure_ascii=False)}\n")
    if not complete:
        project.fail("A bench broke off, see above.")


if __name__ == "__main__":
    main()
