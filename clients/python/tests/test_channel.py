"""Who can be asked from here, by what `getpass` and IPython are."""

from __future__ import annotations

import functools
import getpass
import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from kernel_connector import channel


def answer(prompt: str) -> str:
    return f"answer to {prompt}"


@pytest.fixture
def ipython(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what `get_ipython()` gives; without arguments IPython was never imported."""

    def install(*shell: Any) -> None:
        monkeypatch.delitem(sys.modules, "IPython", raising=False)
        if shell:
            module = SimpleNamespace(get_ipython=lambda: shell[0])
            monkeypatch.setitem(sys.modules, "IPython", module)

    return install


def test_a_kernel_is_one_by_what_ipython_says(ipython: Any) -> None:
    ipython(SimpleNamespace(kernel=object()))
    assert channel.is_there()
    for shell in ([], [None], [SimpleNamespace()]):
        ipython(*shell)
        assert not channel.is_there()


def test_whatever_replaces_getpass_is_there(ipython: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ipython()
    monkeypatch.setattr(getpass, "getpass", answer)
    assert channel.is_there()


def test_a_function_that_is_not_written_in_python_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    # As that of xeus-python: it has no globals.
    monkeypatch.setattr(getpass, "getpass", functools.partial(answer))
    assert channel.ask("it", "db") == "answer to it"


def test_a_front_end_is_open_unless_the_cell_may_not_ask(
    ipython: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", answer)
    for kernel, opened in (({"_allow_stdin": True}, True), ({"_allow_stdin": False}, False)):
        ipython(SimpleNamespace(kernel=SimpleNamespace(**kernel)))
        assert channel.is_open() is opened
    for shell in ([], [None], [SimpleNamespace(kernel=object())]):
        ipython(*shell)
        assert channel.is_open()


def test_a_front_end_is_not_open_between_cells_and_in_a_child(
    ipython: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ipython(SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=True)))
    assert not channel.is_open()

    class Kernel:
        session = SimpleNamespace(pid=os.getpid() + 1)

        def getpass(self, prompt: str) -> str:
            raise AssertionError

    monkeypatch.setattr(getpass, "getpass", Kernel().getpass)
    assert not channel.is_open()


def test_errors_name_what_was_wanted_and_say_what_to_do(ipython: Any) -> None:
    ipython(SimpleNamespace(kernel=object()))
    with pytest.raises(channel.NoFrontend) as caught:
        channel.ask("it", '"db"')
    assert str(caught.value) == (
        '"db" can only be asked for while a cell runs. '
        "Get it in a cell, and use the variable in callbacks and background work."
    )
    assert str(channel.no_store('"db"')) == (
        'Nothing here can hand out "db": this front end has no credential store. '
        "In JupyterLab install jupyterlab-credential-store and reload the page; "
        "in a script read the value from the environment."
    )
