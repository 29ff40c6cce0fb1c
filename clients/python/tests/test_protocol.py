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
    PLAIN_ERROR,
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
    # Padded to exactly that.
    value = "x" * 1_048_000
    assert question.open(grant(question.prompt, value)).values == (value,)


def test_text_that_is_not_ascii_takes_its_utf_8_and_no_escapes() -> None:
    assert len(Request([Want("\u00e9" * 256, "\u00e9" * 256)], "\u00e9" * 500).prompt) < 3500


@pytest.mark.parametrize("around", ["\u00a0", "\v", "\f"])
def test_white_space_that_is_not_that_of_json_makes_it_no_reply(around: str) -> None:
    question = Request(DB)
    with pytest.raises(NotAReply):
        question.open(around + grant(question.prompt, "x"))


def test_behind_the_message_are_zeros_and_nothing_else() -> None:
    question = Request(DB)
    for other in range(1, 256):
        if other != 0x80:
            padded = (b"{}\x80" + bytes([other])).ljust(1024, b"\0")
            with pytest.raises(ProtocolError, match="padding"):
                question.open(seal(question.prompt, plaintext=padded))


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


def test_a_request_of_4096_bytes_fits_and_none_longer() -> None:
    lengths = []
    with pytest.raises(ValueError, match=r"take ([1-4]) bytes more than fit") as caught:
        for size in range(400):
            want = [Want("n" * 250)] * 10 + [
                Want("n" * (1 + size // 2)),
                Want("n" * (1 + size // 3)),
            ]
            lengths.append(len(Request(want).prompt))
    assert lengths[-1] in range(PROMPT_LIMIT - 3, PROMPT_LIMIT + 1)
    assert "Shorten the reason" in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "reply"),
    [
        ("padding", {"plaintext": bytes(1024)}),
        ("JSON", {"plaintext": b"{".ljust(1023, b" ") + b"\x80"}),
        ("JSON", {"plaintext": b"[]".ljust(1023, b" ") + b"\x80"}),
        ("hash", {"hash": "x", "status": "denied"}),
        ("status", {"status": "later"}),
        ("values", {"status": "granted", "values": ["x", "y"]}),
        ("values", {"status": "granted", "values": [1]}),
        ("values", {"status": "granted", "values": ["\ud83d"]}),
        ("missing", {"status": "not-found", "missing": [], "what": "field"}),
        ("what", {"status": "not-found", "missing": [0], "what": "x"}),
        ("suggest", {"status": "not-found", "missing": [0], "what": "field", "suggest": [1]}),
    ],
)
def test_an_error_names_the_rule_and_says_what_to_do(rule: str, reply: dict[str, Any]) -> None:
    question = Request(DB)
    with pytest.raises(ProtocolError) as caught:
        question.open(seal(question.prompt, **reply))
    assert str(caught.value) == (
        f"The answer does not fit the question ({rule}), so nothing was taken from it. "
        "Run the cell again; if it happens again, reload the page and restart the kernel."
    )


def test_a_key_or_a_box_that_was_altered_is_named() -> None:
    question = Request(DB)
    for at, bit, rule in ((48, 0x80, "key"), (48, 1, "box"), (-1, 1, "box")):
        reply = bytearray(unb64u(grant(question.prompt, "x")))
        reply[at] ^= bit
        with pytest.raises(ProtocolError, match=rf"the question \({rule}\)"):
            question.open(b64u(bytes(reply)))


def test_a_page_that_is_older_says_which_to_update() -> None:
    with pytest.raises(ProtocolError, match=r"^The page's .* Update kernel-connector here, or "):
        Request(DB).open(PLAIN_ERROR)


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
