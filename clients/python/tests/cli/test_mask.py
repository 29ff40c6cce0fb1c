"""Values are masked wherever a stream is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kernel_connector.cli.mask import MASK, Masker, needles

BYTES = st.text("ab\n", max_size=40)
VALUES = st.lists(st.text("ab\n", min_size=1, max_size=6), min_size=1, max_size=4)


def masked(values: list[str], *parts: bytes) -> bytes:
    masker = Masker(needles(values))
    return b"".join([*(masker.feed(part) for part in parts), masker.end()])


def reference(values: list[str], text: bytes) -> bytes:
    """Slow and plain: mark each byte of each occurrence, then replace what is marked as one."""
    spans = sorted(
        (at, at + len(one))
        for one in needles(values)
        for at in range(len(text))
        if text.startswith(one, at)
    )
    shown, at = b"", 0
    while spans:
        start, end = spans.pop(0)
        while spans and spans[0][0] < end:
            end = max(end, spans.pop(0)[1])
        shown += text[at:start] + MASK
        at = end
    return shown + text[at:]


@given(VALUES, BYTES, st.lists(st.integers(0, 40), max_size=8))
@example(["ab", "abab"], "aababab", [2, 4])
@example(["aba"], "ababa", [1, 2, 3, 4])
def test_any_cutting_gives_what_the_whole_gives(
    values: list[str], text: str, cuts: list[int]
) -> None:
    data = text.encode()
    at = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    parts = [data[start:end] for start, end in pairwise(at)]
    assert masked(values, *parts) == reference(values, data)


@given(VALUES, BYTES)
def test_byte_by_byte(values: list[str], text: str) -> None:
    data = text.encode()
    assert masked(values, *(data[i : i + 1] for i in range(len(data)))) == reference(values, data)


def test_a_value_in_two_pieces() -> None:
    assert masked(["hunter2"], b"x hun", b"ter2 y") == b"x " + MASK + b" y"


def test_what_only_begins_like_a_value_is_shown_at_the_end() -> None:
    assert masked(["hunter2"], b"hunter", b"") == b"hunter"


def test_only_what_may_be_a_value_is_held_back() -> None:
    masker = Masker(needles(["hunter2"]))
    assert masker.feed(b"a prompt: ") == b"a prompt: "
    assert masker.feed(b"password? h") == b"password? "
    assert masker.feed(b"m") == b"hm"


def test_the_longer_of_two_values_is_masked_whole() -> None:
    assert masked(["abc", "abcdef"], b"abc", b"def!") == MASK + b"!"
    assert masked(["abcd", "cdef"], b"abcdef") == MASK


def test_lines_of_a_value_are_masked_by_themselves_unless_short() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\n}\r\n"
    assert masked([key], b"MIIEvQIBADANBg } x") == MASK + b" } x"
    assert masked([key], key.encode()) == MASK


@pytest.mark.parametrize("value", ["", "\n"])
def test_nothing_is_no_value(value: str) -> None:
    assert masked([value], b"abc") == b"abc"


def test_a_value_that_is_not_ascii_is_cut_within_a_letter() -> None:
    data = "grüße".encode()
    assert masked(["grüße"], data[:3], data[3:]) == MASK


def test_a_long_stream_takes_a_moment() -> None:
    masker = Masker(needles(["hunter2", "x" * 4096]))
    line = b"hunter2 and a line of some length, as programs print them\n" * 1000
    shown = b"".join(masker.feed(line) for _ in range(50)) + masker.end()
    assert b"hunter2" not in shown and shown.count(MASK) == 50_000
