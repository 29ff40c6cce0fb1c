"""Which value a name and a field mean."""

from __future__ import annotations

from typing import Any

import pytest
from kernel_connector import Secret
from kernel_connector.vault import Entry, Field, Missing, Vault, pick


@pytest.fixture
def vault(made: Any) -> Vault:
    """Besides `db`, with `value` and `host`, and `api`, with `value`."""
    vault: Vault = made.open()
    web = (Field("value", "x"), Field("user", "own"))
    vault.put(Entry("web", web, user="ada", url="https://w"))
    vault.put(Entry("caf\u00e9", (Field("\u00e9", "one"),)))
    vault.put(Entry("pair", (Field("left", "l"), Field("right", "r")), user="eve"))
    return vault


def test_without_a_field_it_is_the_only_one_or_value(vault: Vault) -> None:
    assert pick(vault, "caf\u00e9") == "one"
    assert pick(vault, "db") == "hunter2"
    assert isinstance(pick(vault, "db"), Secret)


def test_a_field_is_the_one_that_is_named(vault: Vault) -> None:
    assert (pick(vault, "pair", "left"), pick(vault, "pair", "right")) == ("l", "r")


def test_names_are_compared_in_nfc(vault: Vault) -> None:
    assert pick(vault, "cafe\u0301", "e\u0301") == "one"


def test_user_name_and_url_are_fields_unless_a_field_has_that_name(vault: Vault) -> None:
    assert pick(vault, "pair", "user") == "eve"
    assert pick(vault, "web", "url") == "https://w"
    assert pick(vault, "web", "user") == "own"
    assert isinstance(pick(vault, "web", "url"), Secret)


def test_an_entry_without_a_url_has_no_such_field(vault: Vault) -> None:
    with pytest.raises(Missing):
        pick(vault, "pair", "url")


@pytest.mark.parametrize("field", [None, "middle"])
def test_of_a_field_that_is_missing_all_that_are_there_are_told(
    vault: Vault, field: str | None
) -> None:
    with pytest.raises(Missing, match="field") as caught:
        pick(vault, "pair", field)
    assert caught.value.what == "field"
    assert caught.value.suggest == ("left", "right", "user")
    with pytest.raises(Missing) as caught:
        pick(vault, "web", "x")
    assert caught.value.suggest == ("value", "user", "url"), "each once"


def test_of_a_credential_that_is_missing_three_with_similar_names_are_told(vault: Vault) -> None:
    with pytest.raises(Missing, match="credential") as caught:
        pick(vault, "cafe")
    assert (caught.value.what, caught.value.suggest) == ("credential", ("caf\u00e9",))
    for number in range(4):
        vault.put(Entry(f"number {number}", (Field("value", "x"),)))
    with pytest.raises(Missing) as caught:
        pick(vault, "number")
    assert len(caught.value.suggest) == 3
    with pytest.raises(Missing) as caught:
        pick(vault, "nobody knows")
    assert caught.value.suggest == ()
