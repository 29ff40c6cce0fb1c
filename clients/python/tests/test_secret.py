"""A Secret is a str that does not show itself."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from IPython.lib.pretty import pretty
from kernel_connector import Secret

MASK = "Secret('••••••••••••')"


@given(st.text())
def test_shows_the_same_for_every_value(value: str) -> None:
    secret = Secret(value)
    assert repr(secret) == MASK
    assert f"{secret!r}" == MASK
    assert "%r" % secret == MASK  # noqa: UP031
    assert pretty(secret) == MASK


@pytest.mark.parametrize("show", [repr, pretty])
def test_is_masked_within_containers(show: Callable[[object], str]) -> None:
    secret = Secret("hunter2")
    for holder in ([secret], (secret,), {secret}, {"a": secret}, {secret: 1}, [{"a": (secret,)}]):
        assert "hunter2" not in show(holder)
        assert MASK in show(holder)


def test_is_masked_in_every_format_of_a_cells_result() -> None:
    data, metadata = DisplayFormatter().format(Secret("hunter2"))
    assert data == {"text/plain": MASK}
    assert metadata == {}


def test_is_masked_in_tracebacks_that_show_variables() -> None:
    def fail(secret: str) -> None:
        raise ValueError("no")

    value = Secret("hunter" + str(2))
    try:
        fail(value)
    except ValueError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert MASK in "".join(shown.format())
    assert "hunter2" not in "".join(shown.format())


@given(st.text())
def test_is_the_value_for_everything_that_takes_a_str(value: str) -> None:
    secret = Secret(value)
    assert secret == value
    assert hash(secret) == hash(value)
    assert f"{secret}" == "{}".format(secret) == "%s" % secret == value  # noqa: UP031, UP032
    assert type(str(secret)) is str
    assert str(secret) == value
    assert secret + "x" == value + "x"
    assert json.loads(json.dumps(secret)) == value
    assert secret.encode("utf-8") == value.encode("utf-8")


def test_copies() -> None:
    secret = Secret("hunter2")
    assert copy.copy(secret) is secret
    deep = copy.deepcopy({"a": [secret]})["a"][0]
    assert deep == "hunter2"
    assert isinstance(deep, Secret)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_refuses_to_be_pickled(protocol: int) -> None:
    for holder in (Secret("hunter2"), {"a": [Secret("hunter2")]}):
        with pytest.raises(TypeError) as caught:
            pickle.dumps(holder, protocol)
        assert str(caught.value) == (
            "A Secret cannot be pickled, for that would write it to a file or send it to another "
            "process in the clear. If you must, pickle str(secret)."
        )
    assert pickle.loads(pickle.dumps(str(Secret("hunter2")), protocol)) == "hunter2"
