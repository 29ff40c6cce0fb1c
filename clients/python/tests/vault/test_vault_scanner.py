"""The scanner takes the strings that JSON.stringify writes, and nothing else."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_connector.vault.errors import VaultError
from kernel_connector.vault.scanner import Scanner

NAME = re.compile(r'"(\w)":')


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def string_of(text: str) -> str:
    scanner = Scanner(text.encode())
    value = scanner.string("text")
    assert scanner.at_end
    return value


@given(st.lists(st.text()))
def test_strings_are_read_as_json_reads_them(texts: list[str]) -> None:
    scanner = Scanner(",".join(map(written, texts)).encode())
    for text in texts:
        assert scanner.string("text") == text
        scanner.skip(",")
    assert scanner.at_end


@given(st.text(alphabet='"\\/bfnrtu0019afAFd8\x7f\u2028😀'))
def test_a_string_is_taken_only_as_it_is_written(inner: str) -> None:
    literal = f'"{inner}"'
    try:
        value = json.loads(literal)
        canonical = written(value) == literal
        literal.encode()
        value.encode()
    except ValueError:
        canonical = False
    scanner = Scanner(literal.encode())
    try:
        scanner.string("text")
        taken = scanner.at_end
    except VaultError:
        taken = False
    assert taken == canonical


@pytest.mark.parametrize(
    "text",
    [
        "AA",
        "",
        '"AA',
        r'"AA\"',
        "1",
        r'"\x41"',
        r'"\u0041"',
        r'"\/"',
        r'"\u001F"',
        r'"\ud83d"',
        '"A\0"',
        '"A\n"',
        '"A\x1f"',
        '"A"\t',
    ],
)
def test_what_is_no_canonical_string_is_refused(text: str) -> None:
    with pytest.raises(VaultError) as refused:
        string_of(text)
    assert refused.value.code == "damaged"


def test_bytes_that_are_no_utf_8_are_refused_without_their_text() -> None:
    with pytest.raises(VaultError) as refused:
        Scanner(b'"secret\xff"')
    assert refused.value.code == "damaged"
    assert refused.value.__context__ is None


def test_what_stands_behind_a_string_with_escapes_is_read_on() -> None:
    scanner = Scanner(rb'"\\","a","\"","b"')
    for text in ("\\", "a", '"', "b"):
        assert scanner.string("text") == text
        scanner.skip(",")
    assert scanner.at_end


@pytest.mark.parametrize("members", [{}, {"a": ""}, {"b": "1", "a": '\\"\n'}])
def test_members_are_read_up_to_the_brace(members: dict[str, str]) -> None:
    scanner = Scanner((written(members)[1:] + "]").encode())
    assert scanner.strings(NAME, "text") == members
    scanner.expect("]", "text")


@pytest.mark.parametrize(
    "text", ['"a":"1","a":"2"}', '"aa":"1"}', '"a":1}', '"a":"1"', '"a":"1",}', '"a":"1" }', ""]
)
def test_members_that_are_not_as_they_must_be_are_refused(text: str) -> None:
    with pytest.raises(VaultError):
        Scanner(text.encode()).strings(NAME, "text")
