"""Whatever the file: nothing but a VaultError. Whatever was edited: nothing of it is lost."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel_connector.vault import (
    Cost,
    Entry,
    Field,
    Passphrase,
    RecoveryCode,
    Vault,
    VaultError,
    base64url,
    canonical,
    create,
    padding,
    parse,
    recovery_code,
    unlock,
)

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(relaxed, max_examples=40)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = texts.filter(
    lambda text: text.strip() and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)
)
numbers = st.integers(0, 2**53 - 1)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts | st.integers(0, 2**33).map(str), inner, max_size=3)
    ),
    max_leaves=8,
)
entries = st.builds(
    Entry,
    name=names,
    fields=st.lists(
        st.builds(Field, name=texts, value=texts, type=texts),
        min_size=1,
        max_size=3,
        unique_by=lambda field: field.name,
    ).map(tuple),
    user=texts,
    notes=texts,
    tags=st.lists(texts, max_size=2).map(tuple),
    unknown=st.dictionaries(texts.map("x-{}".format), json_values, max_size=2),
)


def refuse(data: bytes, code: str) -> None:
    """It opens as well as a file can, or a VaultError says why not."""
    try:
        vault = unlock(data, RecoveryCode(code))
        for row in vault.rows():
            vault.read(row.id)
    except VaultError:
        pass


@given(st.binary(max_size=200))
@relaxed
def test_any_bytes(data: bytes) -> None:
    with pytest.raises(VaultError):
        parse(data)
    with pytest.raises(VaultError):
        parse(b'{"credentialstore":1' + data)


@given(st.data())
@relaxed
def test_a_file_with_bytes_replaced(made: Any, data: st.DataObject) -> None:
    file = made.data
    start = data.draw(st.integers(0, len(file)))
    end = data.draw(st.integers(start, min(len(file), start + 50)))
    changed = file[:start] + data.draw(st.binary(max_size=50)) + file[end:]
    if changed in (file, file + b"\n"):
        return
    with pytest.raises(VaultError):
        vault = unlock(changed, RecoveryCode(made.code))
        for row in vault.rows():
            vault.read(row.id)


@given(st.data())
@relaxed
def test_a_file_with_a_part_of_its_json_replaced(made: Any, data: st.DataObject) -> None:
    file = json.loads(made.data)
    if data.draw(st.booleans()):
        header = json.loads(file["header"])
        replaced = _replace_somewhere(data, header)
        # Under the right mac, as only somebody with the key could do.
        vault = made.open()
        text = canonical.write(replaced)
        file["header"] = text.decode()
        file["mac"] = _mac(vault, text)
    else:
        file = _replace_somewhere(data, file)
    refuse(canonical.write(file), made.code)


@given(st.data())
@relaxed
def test_an_index_with_a_part_replaced(made: Any, data: st.DataObject) -> None:
    vault = made.open()
    index = _replace_somewhere(data, copy.deepcopy(vault._current_index()))
    refuse(vault._sealer.assemble(vault._header, index, vault._sealed), made.code)


@given(st.data())
@relaxed
def test_an_entry_with_a_part_replaced(made: Any, data: st.DataObject) -> None:
    vault = made.open()
    entry_id, row = next(iter(vault._rows.items()))
    value = _replace_somewhere(data, copy.deepcopy(vault._open(entry_id)))
    text = canonical.write(value)
    label = b"entry " + base64url.decode(entry_id) + row["rev"].to_bytes(8, "big")
    sealed = vault._sealer._seal(label, padding.pad(text, len(text) + 1))
    from kernel_connector.vault.sealing import digest_of

    row["digest"] = digest_of(sealed)
    vault._sealed[entry_id] = sealed
    refuse(vault.to_bytes(), made.code)


def _mac(vault: Vault, text: bytes) -> str:
    from kernel_connector.vault.keys import header_mac

    sealer = vault._sealer
    return base64url.encode(header_mac(sealer.key, sealer.vault_id, sealer.suite, text))


def _replace_somewhere(data: st.DataObject, value: Any) -> Any:
    """One part replaced by any other JSON."""
    if isinstance(value, (dict, list)) and value and data.draw(st.integers(0, 4)):
        at = data.draw(
            st.sampled_from(list(value) if isinstance(value, dict) else range(len(value)))
        )
        value[at] = _replace_somewhere(data, value[at])
        return value
    return data.draw(json_values)


@given(json_values)
@relaxed
def test_json_comes_back_as_it_went(value: Any) -> None:
    data = canonical.write(value)
    assert canonical.read(data) == value
    assert canonical.write(canonical.read(data)) == data


@given(st.text())
@relaxed
def test_text_is_canonical_or_damaged(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    try:
        assert canonical.write(canonical.read(data)) == data
    except VaultError as error:
        assert error.code == "damaged"


@given(st.binary(max_size=70))
def test_base64url_comes_back_as_it_went(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@given(st.binary(min_size=16, max_size=16), st.data())
def test_one_wrong_character_of_a_code_is_noticed(code: bytes, data: st.DataObject) -> None:
    shown = recovery_code.show(code)
    assert recovery_code.parse(shown.lower().replace("-", "")) == code
    at = data.draw(st.sampled_from([at for at, letter in enumerate(shown) if letter != "-"]))
    letter = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    mistyped = shown[:at] + letter + shown[at + 1 :]
    if letter != shown[at]:
        # Of 2^32 wrong ones a check of four bytes lets one pass.
        with pytest.raises(VaultError):
            recovery_code.parse(mistyped)


@given(st.text())
def test_typed_codes_are_codes_or_mistyped(text: str) -> None:
    with pytest.raises(VaultError):
        recovery_code.parse(text)


@given(st.binary(max_size=3000))
def test_padding_comes_off(data: bytes) -> None:
    for size in (padding.entry_size(len(data)), padding.index_size(len(data))):
        assert len(padding.pad(data, size)) == size
        assert padding.unpad(padding.pad(data, size)) == data


@given(st.lists(entries, max_size=4))
@few
def test_entries_come_back_as_they_went(made: Any, some: list[Entry]) -> None:
    vault = made.open()
    put = [vault.put(entry) for entry in some]
    vault = vault.reopen(vault.to_bytes())
    assert [vault.read(entry.id) for entry in put] == put
    for before, after in zip(some, put, strict=True):
        assert replace(after, id="", rev=0, created=0, changed=0, name="") == replace(
            before, name=""
        )


changes = st.lists(
    st.tuples(
        st.sampled_from(["edit", "remove", "add"]), st.integers(0, 4), st.text("abc", min_size=1)
    ),
    max_size=6,
)


def _make(suite: Any = "nacl") -> tuple[bytes, str]:
    vault, code = create(suite, "correct horse", cost=Cost(19456, 2))
    assert code is not None
    for number in range(4):
        vault.put(Entry(f"n{number}", (Field("value", str(number)),)))
    return vault.to_bytes(), code


MADE = _make()


def _change(vault: Vault, side: str, some: list[tuple[str, int, str]]) -> set[str]:
    """Change a vault; returns the values that were written, and not overwritten after."""
    for what, at, text in some:
        rows = vault.rows()
        value = f"{side} {text}"
        if what == "add" or not rows:
            vault.put(Entry(text, (Field("value", value),)))
        elif what == "edit":
            entry = vault.read(rows[at % len(rows)].id)
            vault.put(replace(entry, fields=(Field("value", value),)))
        else:
            vault.remove(rows[at % len(rows)].id)
    values = {str(vault.read(row.id).fields[0].value) for row in vault.rows()}
    return {value for value in values if value.startswith(side)}


@given(changes, changes, st.booleans())
@few
def test_a_merge_keeps_every_edit(
    here: list[tuple[str, int, str]], there: list[tuple[str, int, str]], rekey: bool
) -> None:
    data, code = MADE
    mine, theirs = (unlock(data, RecoveryCode(code)) for _ in range(2))
    edits = _change(mine, "mine", here) | _change(theirs, "theirs", there)
    theirs = theirs.reopen(theirs.to_bytes())
    if rekey:
        theirs, _ = theirs.rekeyed("another passphrase", Cost(19456, 2))
        theirs = unlock(theirs.to_bytes(), Passphrase("another passphrase"))
    merged = mine.merged(theirs)
    merged = merged.reopen(merged.to_bytes())
    values = [str(merged.read(row.id).fields[0].value) for row in merged.rows()]
    assert edits <= set(values)
    # What neither touched is there once; what one deleted and the other left alone is gone.
    ids = {row.id for row in unlock(data, RecoveryCode(code)).rows()}
    gone = {one["id"] for side in (mine, theirs) for one in side._index["deleted"]}
    untouched = ids - gone
    assert untouched <= {row.id for row in merged.rows()}
    # Names of copies are their own.
    copies = [row for row in merged.rows() if row.name.endswith(")")]
    assert len({row.name for row in copies}) == len(copies)


@given(changes, changes)
@few
def test_a_second_merge_changes_nothing(
    here: list[tuple[str, int, str]], there: list[tuple[str, int, str]]
) -> None:
    data, code = MADE
    mine, theirs = (unlock(data, RecoveryCode(code)) for _ in range(2))
    _change(mine, "mine", here)
    _change(theirs, "theirs", there)
    merged = mine.merged(theirs.reopen(theirs.to_bytes()))
    saved = merged.reopen(merged.to_bytes())
    again = saved.merged(saved.reopen(saved.to_bytes()))
    assert [row for row in again.rows()] == [row for row in saved.rows()]
