"""A real server is killed at a random moment of a save, again and again."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import tally
from files import age, doc, siblings
from kernel_connector.dotfile import BACKUP_AGE, BACKUPS, STALE_AGE, etag_of
from servers import HEADERS, ROUTE, Server


class Writer(threading.Thread):
    """Saves one version after another, until the server is gone."""

    def __init__(self, server: Server, etag: str | None, rng: random.Random, first: int) -> None:
        super().__init__()
        self._server = server
        self._rng = rng
        self._number = first
        self.etag = etag
        #: What the server has said is stored, and what it was given since.
        self.acknowledged: bytes | None = None
        self.sent: bytes | None = None
        self.refused: int | None = None
        self.versions: set[str] = set()

    def run(self) -> None:
        while True:
            self._number += 1
            size = self._rng.randrange(100, 2_000_000)
            self.sent = doc(f"version {self._number} ", size)
            self.versions.add(etag_of(self.sent))
            drop = "?backups=drop" if self._rng.random() < 0.1 else ""
            try:
                answer = self._server.put(self.sent, self.etag, drop)
            except (OSError, http.client.HTTPException):
                return
            if answer.status != 204:
                self.refused = answer.status
                return
            self.acknowledged, self.etag = self.sent, answer.etag


def test_killed_while_saving_the_file_is_the_old_or_the_new_one(
    home: Path,
    size: Callable[[int, int], int],
    tell: Callable[[str], None],
) -> None:
    seed = time.time_ns()
    rng = random.Random(seed)
    server = Server(home)
    known: set[str] = set()
    current: bytes | None = None
    found: Counter[str] = Counter()
    kills = size(20, 1000)
    for number in range(kills):
        if rng.random() < 0.1:
            # From time to time the store is made anew.
            for path in home.iterdir():
                if path.is_file():
                    path.unlink()
            current = None
        elif rng.random() < 0.5:
            # The next save makes a backup, and clears away.
            age(home, max(BACKUP_AGE, STALE_AGE) + 60)
        server.start()
        answer = server.get()
        assert answer.status == (404 if current is None else 200)
        assert current is None or answer.body == current
        writer = Writer(server, answer.etag, rng, number * 1_000_000)
        writer.start()
        time.sleep(rng.uniform(0, 0.15))
        server.kill()
        writer.join()

        assert writer.refused is None, seed
        new = server.store.read_bytes() if server.store.exists() else None
        old = writer.acknowledged or current
        assert new in (old, writer.sent), seed
        found["new" if new == writer.sent else "old" if new else "nothing yet"] += 1
        known |= writer.versions
        beside = siblings(server.store)
        whole = {name: data for name, data in beside.items() if ".tmp-" not in name}
        assert len(whole) <= 1 + BACKUPS
        assert {etag_of(data) for name, data in whole.items()} <= known, seed
        found["temporary files"] += len(beside) - len(whole)
        current = new

    age(home, STALE_AGE + 60)
    server.start()
    etag = server.get().etag
    assert server.put(doc("the last"), etag).status == 204
    server.kill()
    assert server.store.read_bytes() == doc("the last")
    assert not [path for path in home.iterdir() if ".tmp-" in path.name]
    tally("kills of a server", kills)
    tell(f"kill -9 of a server that saves, {kills} times; left behind: {dict(found)}")


def test_a_save_whose_reply_was_lost_is_told_from_one_that_was_not_made(server: Server) -> None:
    first = server.put(doc("one"), None)
    server.put(doc("two"), first.etag)
    # The writer has heard nothing, and tries again with the tag that it knows.
    again = server.put(doc("two"), first.etag)
    assert (again.status, again.etag) == (412, etag_of(doc("two")))
    assert server.put(doc("three"), again.etag).status == 204
    assert server.get().body == doc("three")


@pytest.mark.parametrize("sent", [0, 1, 500_000])
def test_a_connection_that_breaks_off_in_a_save_leaves_the_old_file(
    sent: int, server: Server
) -> None:
    first = server.put(doc("one"), None)
    body = doc("two", 1_000_000)
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.putrequest("PUT", ROUTE)
    for name, value in {
        **HEADERS,
        "If-Match": str(first.etag),
        "Content-Length": str(len(body)),
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[:sent])
    connection.close()
    assert server.get().body == doc("one")
    assert server.put(doc("two"), first.etag).status == 204
    assert [path.name for path in server.home.glob("*.tmp-*")] == []
