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
    VaultKey,
    base64url,
    canonical,
    create,
    keys,
    padding,
    suites,
    unlock,
)
from kernel_connector.vault.sealing import digest_of
from kernel_connector.vault.vault import now_ms


def test_an_error_names_the_part_after_its_sentence() -> None:
    assert str(VaultError("no-file")) == "There is no store at this path yet."
    assert str(VaultError("damaged", "mac")) == (
        "The store's file is damaged. Put back a backup. (mac)"
    )


def altered(made: Any, **members: Any) -> str:
    """Which part is told of the file with other members."""
    data = json.dumps(json.loads(made.data) | members, separators=(",", ":")).encode()
    with pytest.raises(VaultError, match="altered") as caught:
        vault = unlock(data, RecoveryCode(made.code))
        for row in vault.rows():
            vault.read(row.id)
    return caught.value.detail


def test_a_file_that_was_altered_says_where(made: Any) -> None:
    other = json.loads(create("nacl", "another passphrase", cost=Cost(19456, 2))[0].to_bytes())
    assert altered(made, mac=other["mac"]) == "header"
    assert altered(made, index=other["index"]) == "digest of the index"
    entries = json.loads(made.data)["entries"]
    first, second = entries
    assert altered(made, entries={first: entries[first]}) == "an entry was added or removed"
    swapped = {first: entries[second], second: entries[first]}
    assert altered(made, entries=swapped) == "digest of an entry"


def test_an_entry_in_the_place_of_another_is_altered_even_if_its_digest_is_right(made: Any) -> None:
    vault = made.open()
    first, second = vault._rows.values()
    vault._sealed[first["id"]] = vault._sealed[second["id"]]
    first["digest"] = second["digest"]
    with pytest.raises(VaultError) as caught:
        vault.read(first["id"])
    assert (caught.value.code, caught.value.detail) == ("altered", "entry")


def test_an_entry_that_says_it_is_another_is_altered(made: Any) -> None:
    sealer = made.open()._sealer
    value = made.open()._open(made.open().rows()[0].id)
    label = keys.entry_label(base64url.decode(value["id"]), 7)
    text = canonical.write(value)
    sealed = sealer._seal(label, padding.pad(text, 1024))
    with pytest.raises(VaultError) as caught:
        sealer.open_entry(sealed, {"id": value["id"], "rev": 7, "digest": digest_of(sealed)})
    assert caught.value.detail == "entry under another id or revision"


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_another_size_is_the_wrong_one(key: bytes, made: Any) -> None:
    opened = unlock(made.data, VaultKey(made.open().key))
    assert opened.read(opened.rows()[0].id).name == "db"
    with pytest.raises(VaultError) as caught:
        unlock(made.data, VaultKey(key))
    assert caught.value.code == "wrong-secret"


def test_an_entry_has_at_most_so_many_bytes(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = made.open()
    row = vault.rows()[0]
    size = len(canonical.write(vault._open(row.id)))
    monkeypatch.setattr("kernel_connector.vault.entry.SIZE_LIMIT", size)
    assert vault.read(vault.put(vault.read(row.id), row.changed).id).name == row.name
    monkeypatch.setattr("kernel_connector.vault.entry.SIZE_LIMIT", size - 1)
    with pytest.raises(VaultError, match=r"damaged.*\(size of an entry\)$"):
        vault.read(row.id)
    monkeypatch.setattr("kernel_connector.vault.entry.SIZE_LIMIT", size)
    entry = vault.read(row.id)
    monkeypatch.setattr("kernel_connector.vault.entry.SIZE_LIMIT", size - 1)
    with pytest.raises(ValueError, match=r"^An entry has at most 1 MiB\.$"):
        vault.put(entry, row.changed)


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


@pytest.mark.parametrize("other", range(1, 256))
def test_behind_the_mark_are_zeros_and_nothing_else(other: int) -> None:
    if other != 0x80:
        with pytest.raises(VaultError, match=r"\(padding\)$"):
            padding.unpad(b"a\x80" + bytes([other]) + b"\0")
