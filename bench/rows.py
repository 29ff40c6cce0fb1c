"""What the benches in Python share: how often to measure, and where a row goes.

Their folder is BENCH_HOME, as for those in TypeScript; support/run.ts is the same for these.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

HOME = Path(os.environ["BENCH_HOME"])
FIXTURES = HOME / "fixtures"

Values = dict[str, list[float]]


def times(count: int) -> int:
    """How often to measure; less to see whether a bench works at all."""
    return -(-count // 10) if os.environ.get("BENCH_QUICK") else count


def in_turn(calls: Mapping[str, Callable[[], object]], count: int) -> Values:
    """The milliseconds of each call, made one after the other, so often; after one round that
    does not count."""
    values: Values = {name: [] for name in calls}
    for number in range(count + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            took = (time.perf_counter() - start) * 1000
            if number:
                values[name].append(took)
    return values


def report(
    what: str,
    ours: Sequence[float],
    peer: str,
    values: Sequence[float],
    *,
    entries: int | None = None,
    note: str = "",
) -> None:
    """For run.py, which makes the table. A peer without values could not be had here."""
    row = {
        "what": what,
        "entries": entries,
        "unit": "ms",
        "ours": ours,
        "peer": {"name": peer, "values": values},
        **({"note": note} if note else {}),
    }
    with (HOME / "rows.jsonl").open("a") as file:
        file.write(f"{json.dumps(row)}\n")
