"""A store of its own, and programs that use it."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from programs import CHEAP, PASSPHRASE, Home

# For mutation tests: the properties run anew for each mutant, and what fails is not made smaller.
settings.register_profile(
    "few", deadline=None, max_examples=15, phases=[Phase.explicit, Phase.generate]
)


@pytest.fixture(autouse=True, scope="session")
def signals_as_at_a_terminal() -> None:
    """A job in the background begins with them ignored, and so would all that it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)


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
