"""What is written as canonical JSON can be read, up to every bound; beyond, nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from kernel_connector.vault import VaultError, canonical


@pytest.mark.parametrize("text", ["\ud7ff", "\ue000", "\U0010ffff", "\0", "\u2028"])
def test_every_whole_character_comes_back(text: str) -> None:
    assert canonical.read(canonical.write({text: text})) == {text: text}


@pytest.mark.parametrize("half", ["\ud800", "\udbff", "\udc00", "\udfff"])
def test_half_a_character_is_not_written(half: str) -> None:
    for value in ([f"a{half}"], {half: 1}):
        with pytest.raises(ValueError, match=r"^half a character, a lone surrogate$"):
            canonical.write(value)


def test_numbers_are_those_that_a_page_can_hold() -> None:
    for number in (0, 2**53 - 1):
        assert canonical.read(canonical.write([number])) == [number]
    for number in (-1, 2**53):
        with pytest.raises(ValueError, match=r"^a number out of range$"):
            canonical.write([number])
        with pytest.raises(VaultError) as caught:
            canonical.read(f"[{number}]".encode())
        assert caught.value.detail == "a number out of range"


@pytest.mark.parametrize(("value", "kind"), [(1.5, "float"), (b"", "bytes")])
def test_what_is_no_json_of_ours_is_named_by_its_type(value: Any, kind: str) -> None:
    with pytest.raises(ValueError, match=rf"^a {kind}$"):
        canonical.write([value])


@pytest.mark.parametrize("inside", [lambda value: [value], lambda value: {"a": value}])
def test_what_is_written_is_nested_32_deep_and_no_deeper(inside: Any) -> None:
    value: Any = "x"
    for _ in range(32):
        value = inside(value)
    assert canonical.read(canonical.write(value)) == value
    with pytest.raises(ValueError, match=r"^nested too deeply$"):
        canonical.write(inside(value))
    with pytest.raises(VaultError) as caught:
        canonical.read(canonical._dump(inside(value)).encode())
    assert caught.value.detail == "nested too deeply"
