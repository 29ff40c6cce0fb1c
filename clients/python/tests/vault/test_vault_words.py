"""What errors of the vault say, and which part of the file they name."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest
from kernel_connector.vault import (
    Cost,
    Passphrase,
    RecoveryCode,
    VaultError,
    canonical,
    create,
    keys,
    padding,
    suites,
    unlock,
)
from kernel_connector.vault.vault import now_ms


def test_an_error_names_the_part_after_its_sentence() -> None:
    assert str(VaultError("no-file")) == "There is no store at this path yet."
    assert str(VaultError("damaged", "mac")) == (
        "The store's file is damaged. Put back a backup. (mac)"
    )


def test_a_file_that_was_altered_says_where(made: Any) -> None:
    file = json.loads(made.data)
    other = json.loads(create("nacl", "another passphrase", cost=Cost(19456, 2))[0].to_bytes())
    for name, part in (("mac", "header"), ("index", "digest of the index")):
        with pytest.raises(VaultError) as caught:
            unlock(
                json.dumps(file | {name: other[name]}, separators=(",", ":")).encode(), code(made)
            )
        assert (caught.value.code, caught.value.detail) == ("altered", part)


def code(made: Any) -> RecoveryCode:
    return RecoveryCode(made.code)


@pytest.mark.parametrize("number", ["1.0", "1e3", "NaN", "-Infinity"])
def test_a_number_that_is_none_of_ours_is_named(number: str) -> None:
    with pytest.raises(VaultError) as caught:
        canonical.read(f'{{"a":{number}}}'.encode())
    assert caught.value.detail == "a number that is no integer"


def test_without_the_memory_it_says_how_much_it_takes(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(keys._argon2id, "kdf", fail)
    with pytest.raises(MemoryError) as caught:
        unlock(made.data, Passphrase("correct horse battery staple"))
    assert str(caught.value) == "Deriving the key takes 19 MiB of memory."


def test_without_cryptography_a_suite_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    suites.require(suites.NACL)
    with pytest.raises(ImportError) as caught:
        suites.require(suites.AES)
    assert str(caught.value) == (
        "Files of the suite aes need the package cryptography: "
        'pip install "kernel-connector[vault]"'
    )


def test_a_cost_and_a_passphrase_that_cannot_be_say_why() -> None:
    with pytest.raises(ValueError) as caught:
        Cost(1, 2)
    assert str(caught.value) == "A cost outside the bounds: no reader would open the file."
    with pytest.raises(ValueError) as caught:
        create("nacl", "short")
    assert str(caught.value) == "A passphrase has 8 to 1024 bytes in UTF-8."


@pytest.mark.parametrize("size", [15, 16])
def test_a_text_is_never_padded_without_room_for_the_mark(size: int) -> None:
    with pytest.raises(ValueError, match=r"^no room for the mark$"):
        padding.pad(b"x" * 16, size)


def test_times_are_milliseconds_since_1970() -> None:
    assert abs(now_ms() - time.time() * 1000) < 60_000
