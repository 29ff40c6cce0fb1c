"""A store of its own, and programs that use it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import CHEAP, PASSPHRASE, Home


@pytest.fixture
def home() -> Iterator[Home]:
    """A store with `db` and `api`, in a folder whose path is short enough for a socket."""
    from kernel_connector.vault import Entry, Field, Store

    folder = Path(tempfile.mkdtemp(prefix="cs-", dir="/tmp"))
    (folder / "run").mkdir(mode=0o700)
    made = Home(folder)
    store, code = Store.create(made.store, PASSPHRASE, cost=CHEAP)
    assert code is not None
    made.code = code
    hidden = Field("value", "hunter2")
    store.vault.put(Entry("db", (hidden, Field("host", "h.example", "text")), user="me"))
    store.vault.put(Entry("api", (Field("token", "s3cret-token"),), tags=("ci", "web")))
    store.save()
    yield made
    made.lock()
    shutil.rmtree(folder)
