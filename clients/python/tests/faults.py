"""What an attacker does to a file; twice in src/testing: adversary.ts and faults.ts."""

from __future__ import annotations

import atexit
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

#: A little with every test; for minutes with ADVERSARY=full.
FULL = os.environ.get("ADVERSARY") == "full"

_TYPES: list[Any] = [None, True, 7, "text", ["text"], {}]
_PIECES = [
    *('"', "{", "}", "[", "]", ",", ":", "\\", "0", "1", "2", "-", ".", "e9"),
    *("null", "true", '""', "{}", "\\u0000", "\\ud800", "\ufeff", " ", "\n"),
    *("9007199254740992", "4294967296", '"__proto__":1,', '"critical":["x"],'),
]

Edit = Callable[[bytes], bytes]


def cases(few: int, full: int) -> int:
    return full if FULL else few


_tried: Counter[str] = Counter()


def tally(what: str, count: int = 1) -> None:
    """For `make adversary`, which prints how much was tried within single tests."""
    _tried[what] += count


@atexit.register
def _tell() -> None:
    path = os.environ.get("ADVERSARY_COUNTS")
    if path and _tried:
        with open(path, "a") as file:
            file.write(f"{json.dumps(_tried)}\n")


def faults(value: Any) -> Iterator[tuple[str, str]]:
    """What is wrong, and the text: one member removed, there twice, or of another type; or one
    element of an array of another type."""
    if not isinstance(value, (dict, list)):
        return
    named = isinstance(value, dict)
    parts = list(value.items() if isinstance(value, dict) else enumerate(value))
    before = [f"{_dump(name)}:" if named else "" for name, _ in parts]
    whole = [before[at] + _dump(part) for at, (_, part) in enumerate(parts)]

    def written(at: int, *own: str) -> str:
        inner = ",".join([*whole[:at], *own, *whole[at + 1 :]])
        return f"{{{inner}}}" if named else f"[{inner}]"

    for at, (name, part) in enumerate(parts):
        if named:
            yield f"no {name}", written(at)
            yield f"{name} twice", written(at, whole[at], whole[at])
        for other in _TYPES:
            if type(other) is not type(part):
                yield f"{name} is {_dump(other)}", written(at, before[at] + _dump(other))
        for what, text in faults(part):
            yield f"{name}: {what}", written(at, before[at] + text)


def edits(others: list[bytes]) -> st.SearchStrategy[list[Edit]]:
    """others: files from which a piece may be taken."""
    where = st.floats(0, 1, exclude_max=True)
    length = st.integers(0, 4) | st.integers(0, 60) | st.integers(0, 4000)
    pieces = st.sampled_from(_PIECES).map(str.encode) | st.binary(max_size=8)
    return st.lists(
        st.builds(_flip, where, st.integers(1, 255))
        | st.builds(_splice, where, st.integers(0, 5), pieces)
        | st.builds(_splice, where, length, st.just(b""))
        | st.builds(_take, where, length, st.sampled_from(others), where, length),
        min_size=1,
        max_size=4,
    )


def edited(data: bytes, changes: list[Edit]) -> bytes:
    for change in changes:
        data = change(data)
    return data


def _flip(where: float, mask: int) -> Edit:
    def edit(data: bytes) -> bytes:
        changed = bytearray(data)
        if changed:
            changed[int(where * len(data))] ^= mask
        return bytes(changed)

    return edit


def _splice(where: float, drop: int, piece: bytes) -> Edit:
    def edit(data: bytes) -> bytes:
        start = int(where * len(data))
        return data[:start] + piece + data[start + drop :]

    return edit


def _take(where: float, drop: int, source: bytes, place: float, size: int) -> Edit:
    start = int(place * len(source))
    return _splice(where, drop, source[start : start + size])


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
