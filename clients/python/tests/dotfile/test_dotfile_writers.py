"""Two writers at once: exactly one wins, and the other is told."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from files import LIMIT, doc, fork, siblings, status_of
from kernel_connector import dotfile as module
from kernel_connector.dotfile import Busy, Conflict, Dotfile, etag_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="flock")
WRITERS = 4
WON, LOST = 0, 7


@pytest.fixture(autouse=True)
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a lock, everybody would have compared tags before anybody has renamed."""
    sync = os.fsync

    def slowly(descriptor: int) -> None:
        time.sleep(0.05)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", slowly)


@pytest.fixture(params=[True, False], ids=["replace", "create"])
def expected(request: pytest.FixtureRequest, path: Path, dotfile: Dotfile) -> str | None:
    if not request.param:
        return None
    path.write_bytes(doc("old"))
    return etag_of(doc("old"))


def attempt(path: Path, expected: str | None, number: int) -> int:
    try:
        Dotfile(path, LIMIT).replace(doc(f"writer {number}"), expected)
    except Conflict as conflict:
        # The loser learns the winner's tag.
        assert conflict.etag == etag_of(path.read_bytes())
        return LOST
    return WON


def assert_one_won(results: list[int], path: Path, expected: str | None) -> None:
    assert sorted(results) == [WON] + [LOST] * (WRITERS - 1)
    files = {"store": doc(f"writer {results.index(WON)}")}
    assert siblings(path) == files | ({"store.bak1": doc("old")} if expected else {})


def test_threads(path: Path, expected: str | None) -> None:
    start = threading.Barrier(WRITERS)

    def work(number: int) -> int:
        start.wait()
        return attempt(path, expected, number)

    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(work, range(WRITERS)))
    assert_one_won(results, path, expected)


def test_processes(path: Path, expected: str | None) -> None:
    ready, go = os.pipe()

    def work(number: int) -> int:
        os.read(ready, 1)
        return attempt(path, expected, number)

    children = [fork(partial(work, number)) for number in range(WRITERS)]
    os.write(go, bytes(WRITERS))
    results = [status_of(child) for child in children]
    os.close(ready)
    os.close(go)
    assert_one_won(results, path, expected)


def test_lock_of_a_killed_writer_is_free(path: Path, dotfile: Dotfile) -> None:
    def work() -> None:
        with dotfile.lock():
            os._exit(WON)

    status_of(fork(work))
    begun = time.monotonic()
    dotfile.replace(doc("one"), None)
    assert time.monotonic() - begun < 5


def test_writer_waits_for_the_lock_but_not_for_ever(
    dotfile: Dotfile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with dotfile.lock():
            later = pool.submit(dotfile.replace, doc("one"), None)
            time.sleep(0.1)
            assert not later.done()
            assert not path.exists()
        assert later.result(5) == etag_of(doc("one"))
    monkeypatch.setattr(module, "LOCK_WAIT", 0.05)
    with dotfile.lock(), pytest.raises(Busy):
        dotfile.replace(doc("two"), etag_of(doc("one")))
    assert path.read_bytes() == doc("one")


def test_reader_never_waits_and_sees_whole_files(dotfile: Dotfile, path: Path) -> None:
    versions = [doc(bytes([number]) * 4000) for number in range(6)]
    tag = dotfile.replace(versions[0], None)
    with ThreadPoolExecutor(1) as pool:

        def write() -> None:
            current = tag
            for version in versions[1:]:
                current = dotfile.replace(version, current)

        writing = pool.submit(write)
        seen = set()
        while not writing.done():
            found = dotfile.read()
            assert found is not None
            seen.add(found[0])
        writing.result()
    assert seen <= {*versions}
    assert len(seen) > 1
