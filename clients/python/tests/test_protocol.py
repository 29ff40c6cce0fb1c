"""No text but the page's reply yields a value, whatever it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_connector.errors import ProtocolError
from kernel_connector.protocol import (
    PROMPT_LIMIT,
    NotAReply,
    Request,
    StaleReply,
    Want,
    encode,
)
from page import b64u, grant, request, seal, unb64u

DB = [Want("db")]
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def refuse(question: Request, text: str) -> None:
    with pytest.raises((NotAReply, StaleReply, ProtocolError)):
        question.open(text)


@given(st.text())
def test_typed_text_is_no_reply(text: str) -> None:
    refuse(Request(DB), text)


@given(st.binary(min_size=1000, max_size=2000))
def test_bytes_behind_our_id_are_no_reply(data: bytes) -> None:
    question = Request(DB)
    refuse(question, b64u(b"\1" + unb64u(request(question.prompt)["id"]) + data))


@given(st.binary(max_size=64))
def test_a_box_with_any_text_yields_nothing(data: bytes) -> None:
    question = Request(DB)
    refuse(question, seal(question.prompt, plaintext=(data + b"\x80").ljust(1024, b"\0")))
    refuse(question, seal(question.prompt, plaintext=data.ljust(1024, b"\0")))


@given(st.sampled_from(["v", "id", "hash", "kernel", "page", "status", "values"]), json_values)
def test_a_grant_with_any_other_member_yields_nothing(name: str, value: Any) -> None:
    question = Request(DB)
    body = {"status": "granted", "values": ["x"], name: value}
    right = (
        (name == "v" and type(value) is int and value == 1)
        or (
            name == "values"
            and isinstance(value, list)
            and len(value) == 1
            and isinstance(value[0], str)
        )
        or (name == "status" and value == "denied")
    )
    if not right:
        refuse(question, seal(question.prompt, **body))


@given(st.lists(st.text(), min_size=1, max_size=16))
def test_values_arrive_as_they_are(values: list[str]) -> None:
    question = Request([Want(f"n{i}") for i in range(len(values))])
    assert list(question.open(grant(question.prompt, *values)).values) == values


@given(
    st.text(min_size=1, max_size=256),
    st.none() | st.text(min_size=1, max_size=256),
    st.none() | st.text(max_size=300),
)
def test_a_prompt_carries_any_name_past_every_kernel(
    name: str, field: str | None, reason: str | None
) -> None:
    prompt = Request([Want(name, field)], reason, 1000).prompt
    assert re.fullmatch(r"[ -9;-~]*", prompt), "printable ASCII without ':'"
    assert len(prompt) <= PROMPT_LIMIT
    members = request(prompt)
    want = {"name": name} | ({} if field is None else {"field": field})
    assert members["want"] == [want]
    assert members.get("reason") == reason
    assert members["timeout"] == 1000


def test_a_value_of_nearly_a_mebibyte_arrives() -> None:
    question = Request(DB)
    value = "x" * 1_040_000
    assert question.open(grant(question.prompt, value)).values == (value,)


def test_a_longer_reply_is_not_decoded() -> None:
    question = Request(DB)
    with pytest.raises(NotAReply):
        question.open(seal(question.prompt, plaintext=bytes(1024 * 1024 + 1)))


def test_json_that_is_nested_deeply_is_survived() -> None:
    question = Request(DB)
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(ProtocolError):
        question.open(seal(question.prompt, plaintext=deep + b"\x80"))


def test_each_request_has_its_own_key_and_id() -> None:
    first, second = request(Request(DB).prompt), request(Request(DB).prompt)
    assert first["key"] != second["key"]
    assert first["id"] != second["id"]


def test_nothing_opens_once_the_key_is_dropped() -> None:
    question = Request(DB)
    reply = grant(question.prompt, "x")
    question.forget()
    with pytest.raises(ValueError, match="dropped"):
        question.open(reply)


def test_a_request_that_does_not_fit_says_by_how_much() -> None:
    with pytest.raises(ValueError, match=r"take [0-9]+ bytes more"):
        Request([Want("n" * 256)] * 16)


def test_a_reply_does_not_show_its_values() -> None:
    question = Request(DB)
    assert "hunter2" not in repr(question.open(grant(question.prompt, "hunter2")))


def test_an_error_does_not_quote_the_reply() -> None:
    question = Request(DB)
    reply = seal(question.prompt, status="granted", values=["hunter2", "hunter2"])
    with pytest.raises(ProtocolError) as caught:
        question.open(reply)
    assert "hunter2" not in str(caught.value)
    assert encode(question.json) not in str(caught.value)
    assert json.loads(question.json)["key"] not in str(caught.value)
