"""What can be done with an open vault, and what is refused."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from kernel_connector.secret import Secret
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
    keys,
    parse,
    unlock,
)

CHEAP = Cost(memory=19456, passes=2)
DAY = 24 * 60 * 60 * 1000
NEW = "another passphrase"


def again(vault: Vault, now: int | None = None) -> Vault:
    """As if it were saved and read."""
    return vault.reopen(vault.to_bytes(now))


def entry(name: str = "x", **more: Any) -> Entry:
    return Entry(name, (Field("value", "v"),), **more)


def test_entries_come_back_as_they_went(made: Any) -> None:
    vault = made.open()
    given = Entry(
        "na\u00efve \U0001f511",
        (Field("value", "a\0b\n\u2028"), Field("", "", "text", {"icon": 1})),
        kind="other",
        user="u",
        url="https://example.org",
        notes="n",
        tags=("a", "b"),
        unknown={"future": {"a": [1, None, True]}, "7": 1},
    )
    put = vault.put(given, 5)
    assert put == replace(given, id=put.id, rev=1, created=5, changed=5)
    saved = again(vault)
    assert saved.read(put.id) == put
    row = saved.find(given.name)
    assert row is not None
    for member in ("id", "rev", "name", "kind", "user", "url", "tags", "created", "changed"):
        assert getattr(row, member) == getattr(put, member)
    assert row.fields == (("value", "hidden"), ("", "text"))
    row = saved.find("na\u00efve \U0001f511")
    assert row is not None
    assert (row.id, row.tags, row.fields) == (
        put.id,
        ("a", "b"),
        (("value", "hidden"), ("", "text")),
    )


def test_what_is_sealed_is_as_long_as_others(made: Any) -> None:
    vault = made.open()
    notes = ("", "x" * 30, "x" * 400, "x" * 70_000)
    ids = [vault.put(entry(f"n{at}", notes=text)).id for at, text in enumerate(notes)]
    file = parse(vault.to_bytes())
    overhead = 24 + 16
    sizes = [len(base64url.decode(file.entries[one])) - overhead for one in ids]
    assert sizes == [256, 256, 1024, 131_072]
    assert (len(base64url.decode(file.index)) - overhead) % 1024 == 0


def test_values_and_notes_do_not_show(made: Any) -> None:
    vault = made.open()
    put = vault.put(Entry("x", (Field("value", "hunter3"),), notes="hunter4"))
    assert "hunter" not in repr(vault.read(put.id))
    assert isinstance(vault.read(put.id).fields[0].value, Secret)
    assert isinstance(vault.read(put.id).notes, Secret)
    assert "hunter" not in repr(Passphrase("hunter2")) + repr(RecoveryCode("hunter2"))


def test_keys_do_not_show(made: Any) -> None:
    sealer = made.open()._sealer
    assert repr(sealer.key) not in repr(sealer)
    assert repr(sealer.key) not in repr(sealer.wrapper)


def test_a_revision_rises_by_one_for_each_save(made: Any) -> None:
    vault = made.open()
    row = vault.find("db")
    assert row is not None
    for _ in range(3):
        assert vault.put(vault.read(row.id)).rev == 2
    vault = again(vault)
    assert vault.put(vault.read(row.id)).rev == 3
    new = vault.put(entry())
    assert vault.put(new).rev == 1
    assert again(vault).put(new).rev == 2


def test_a_change_keeps_when_it_was_created(made: Any) -> None:
    vault = made.open()
    put = vault.put(entry(), 5)
    changed = vault.put(replace(put, user="u", created=99), 7)
    assert (changed.created, changed.changed) == (5, 7)


def test_an_entry_that_was_removed_leaves_a_tombstone_for_90_days(made: Any) -> None:
    vault = made.open()
    row = vault.find("db")
    assert row is not None
    vault.put(vault.read(row.id))
    vault.remove(row.id, 1000)
    with pytest.raises(LookupError):
        vault.read(row.id)
    saved = again(vault, 1000 + 90 * DAY)
    assert saved._index["deleted"] == [{"id": row.id, "rev": 2, "at": 1000}]
    assert [row.name for row in saved.rows()] == ["api"]
    assert again(saved, 1001 + 90 * DAY)._index["deleted"] == []


def test_an_entry_that_was_never_saved_leaves_none(made: Any) -> None:
    vault = made.open()
    vault.remove(vault.put(entry()).id)
    assert again(vault)._index["deleted"] == []


def test_of_several_of_one_name_the_one_changed_last_is_meant(made: Any) -> None:
    vault = made.open()
    first, second = vault.put(entry("a\u0308"), 5), vault.put(entry("\u00e4"), 4)
    found = vault.find("a\u0308")
    assert found is not None and found.id == first.id
    vault.put(second, 6)
    found = vault.find("\u00e4")
    assert found is not None and found.id == second.id
    assert vault.find("nobody") is None


def test_epochs_and_what_has_changed(made: Any) -> None:
    vault = made.open()
    assert (vault.epoch, vault.generation, vault.changed) == (1, 1, False)
    vault.put(entry())
    assert vault.changed
    data = vault.to_bytes()
    assert (vault.epoch, vault.changed) == (1, True)
    assert (vault.reopen(data).epoch, vault.reopen(data).changed) == (2, False)


def test_unknown_members_survive_everywhere(made: Any) -> None:
    vault = made.open()
    vault._header |= {"future": {"b": 1, "a": 2}, "7": None}
    vault._header["slots"][0]["label"] = "x"
    vault._header["slots"].append({"type": "passkey", "x": 1})
    vault._index["future"] = [1]
    row = next(iter(vault._rows.values()))
    row["icon"], row["fields"][0]["icon"] = "x", "y"
    for name in ("grants", "revoked", "deleted"):
        times = {"since": 1, "used": 1, "at": 10**15, "rev": 1}
        vault._index[name] = [
            {"by": "x", "path": "p", "entry": row["id"], "id": row["id"], **times}
        ]
    saved = again(vault)
    saved.put(replace(saved.read(row["id"]), user="changed"))
    saved = again(saved)
    assert saved._header["future"] == {"b": 1, "a": 2}
    assert next(iter(saved._header)) == "7"
    assert saved._header["slots"][0]["label"] == "x"
    assert saved._header["slots"][2] == {"type": "passkey", "x": 1}
    assert saved._index["future"] == [1]
    kept = saved._rows[row["id"]]
    assert (kept["icon"], kept["fields"][0]["icon"]) == ("x", "y")
    for name in ("grants", "revoked", "deleted"):
        assert saved._index[name][0]["by"] == "x"
    rekeyed, _ = saved.rekeyed(NEW, CHEAP)
    opened = unlock(rekeyed.to_bytes(), Passphrase(NEW))
    assert opened._header["future"] == {"b": 1, "a": 2}
    assert opened._index["future"] == [1]
    assert opened._rows[row["id"]]["icon"] == "x"


def test_writers_order_members_as_the_tables_do(made: Any) -> None:
    vault = made.open()
    vault._header = dict(reversed(vault._header.items()))
    for row in vault._rows.values():
        items = list(reversed(row.items()))
        row.clear()
        row.update(items)
    file = parse(vault.to_bytes())
    assert list(file.header)[:3] == ["version", "vault", "epoch"]
    rows = list(vault.reopen(vault.to_bytes())._rows.values())
    assert list(rows[0])[:3] == ["id", "rev", "digest"]


@pytest.mark.parametrize("suite", [None, "aes"])
def test_another_passphrase_is_another_key_for_everything(made: Any, suite: Any) -> None:
    if suite:
        pytest.importorskip("cryptography")
    vault = made.open()
    vault.put(entry("unsaved"))
    rekeyed, code = vault.rekeyed(NEW, CHEAP, suite)
    data = rekeyed.to_bytes()
    assert code is not None and code != made.code
    for secret in (Passphrase(NEW), RecoveryCode(code)):
        opened = unlock(data, secret)
        assert [row.name for row in opened.rows()] == ["db", "api", "unsaved"]
        assert [row.rev for row in opened.rows()] == [1, 1, 1]
        assert (opened.epoch, opened.generation, opened.suite) == (2, 2, suite or "nacl")
        assert opened.read(opened.rows()[0].id).fields[0].value == "hunter2"
    for secret in (Passphrase("correct horse battery staple"), RecoveryCode(made.code)):
        with pytest.raises(VaultError) as caught:
            unlock(data, secret)
        assert caught.value.code == "wrong-secret"
    with pytest.raises(VaultError) as caught:
        vault.reopen(data)
    assert caught.value.code == "passphrase-changed"
    # Nothing sealed is the same, and the old key opens nothing.
    assert not set(rekeyed._sealed.values()) & set(vault._sealed.values())
    assert (vault.generation, vault._sealer.key) == (1, made.open()._sealer.key)


def test_no_recovery_code_where_none_was_wanted() -> None:
    vault, code = create("nacl", NEW, cost=CHEAP, recovery=False)
    assert (code, vault.changed) == (None, True)
    rekeyed, code = vault.rekeyed("yet another", CHEAP)
    assert code is None
    assert [slot["type"] for slot in rekeyed._header["slots"]] == ["passphrase"]


@pytest.mark.parametrize("passphrase", ["", "1234567", "x" * 1025, "1234567\ud800"])
def test_passphrases_that_cannot_be(passphrase: str, made: Any) -> None:
    with pytest.raises(ValueError, match="8 to 1024"):
        create("nacl", passphrase)
    with pytest.raises(ValueError, match="8 to 1024"):
        made.open().rekeyed(passphrase)


@pytest.mark.parametrize(("memory", "passes"), [(19455, 2), (1048577, 2), (19456, 1), (19456, 17)])
def test_costs_that_no_reader_would_accept(memory: int, passes: int) -> None:
    with pytest.raises(ValueError, match="bounds"):
        Cost(memory, passes)


@pytest.mark.parametrize(
    "wrong",
    [
        entry(""),
        entry("  \u00a0"),
        entry("n" * 257),
        entry("\U0001f511" * 129),
        entry("a\tb"),
        entry("a\x7fb"),
        entry("a\x85b"),
        entry("\ud800"),
        Entry("x", ()),
        Entry("x", (Field("a", "1"), Field("a", "2"))),
        Entry("x", (Field("a", "\udc00"),)),
        Entry("x", (Field("a", 1),)),  # type: ignore[arg-type]
        entry(user=None),
        entry(tags=(1,)),
        entry(notes="x" * 1024 * 1024),
        entry(unknown={"future": 1.5}),
        entry(unknown={"future": -1}),
        entry(unknown={"future": 2**53}),
        entry(unknown={"future": b""}),
    ],
)
def test_entries_that_cannot_be(wrong: Entry, made: Any) -> None:
    vault = made.open()
    with pytest.raises(ValueError):
        vault.put(wrong)
    assert not vault.changed
    assert len(vault.rows()) == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (entry(" "), "A name has 1 to 256 characters, not only spaces."),
        (entry("a\tb"), "A name has no control characters."),
        (Entry("x", ()), "No entry can have such a member: fields."),
    ],
)
def test_why_an_entry_cannot_be_is_said(wrong: Entry, words: str, made: Any) -> None:
    with pytest.raises(ValueError) as caught:
        made.open().put(wrong)
    assert str(caught.value) == words


@pytest.mark.parametrize("name", ["n" * 256, "\uffff" * 256, "\U0001f511" * 128, "a\u0308" * 256])
def test_a_name_has_up_to_256_characters_as_a_page_counts(name: str, made: Any) -> None:
    vault = made.open()
    put = vault.put(entry(name))
    assert again(vault).read(put.id).name == put.name


def test_a_name_is_kept_in_nfc(made: Any) -> None:
    vault = made.open()
    put = vault.put(entry("a\u0308"))
    assert put.name == "\u00e4"
    assert again(vault).read(put.id).name == "\u00e4"


def test_sizes_are_looked_at_when_reading(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = made.open()
    put = vault.put(entry(notes="x" * 1000))
    data = vault.to_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("kernel_connector.vault.entry.SIZE_LIMIT", 1000)
        with pytest.raises(VaultError) as caught:
            vault.read(put.id)
        assert caught.value.code == "damaged"
    for limit, refused in ((len(data), False), (len(data) - 1, True)):
        monkeypatch.setattr("kernel_connector.vault.file.SIZE_LIMIT", limit)
        if not refused:
            parse(data)
            continue
        with pytest.raises(VaultError) as caught:
            parse(data)
        assert caught.value.code == "damaged"
        # What it is comes first.
        with pytest.raises(VaultError) as caught:
            parse(b"x" * len(data))
        assert caught.value.code == "foreign"


def test_unknown_members_cannot_replace_known_ones(made: Any) -> None:
    vault = made.open()
    put = vault.put(entry(unknown={"id": "x", "rev": 9, "name": "y"}))
    assert (vault.read(put.id).name, vault.read(put.id).rev) == ("x", 1)


def test_entries_that_are_not_there(made: Any) -> None:
    vault = made.open()
    gone = vault.put(entry())
    vault.remove(gone.id)
    for act in (
        lambda: vault.read(gone.id),
        lambda: vault.put(gone),
        lambda: vault.remove(gone.id),
    ):
        with pytest.raises(LookupError):
            act()


def test_another_vault_is_never_merged(made: Any) -> None:
    other, _ = create("nacl", NEW, cost=CHEAP)
    for act in (lambda: made.open().reopen(other.to_bytes()), lambda: made.open().merged(other)):
        with pytest.raises(VaultError) as caught:
            act()
        assert caught.value.code == "other-vault"


def test_a_merge_changes_neither_side(made: Any) -> None:
    mine, theirs = made.open(), made.open()
    for vault, user in ((mine, "mine"), (theirs, "theirs")):
        row = vault.find("db")
        assert row is not None
        vault.put(replace(vault.read(row.id), user=user))
    theirs = again(theirs)
    before = copy.deepcopy((mine._current_index(), mine._header, theirs._current_index()))
    merged = mine.merged(theirs)
    assert (mine._current_index(), mine._header, theirs._current_index()) == before
    assert sorted(row.name for row in merged.rows()) == ["api", "db", "db (2)"]
    assert (merged.epoch, merged.changed) == (2, True)
    # What is remembered of the file is that of the one read last.
    assert merged.pin == theirs.pin != mine.pin


def test_a_merge_that_only_deletes_is_to_be_saved_too(made: Any) -> None:
    mine = made.open()
    mine.remove(mine.rows()[0].id)
    merged = mine.merged(made.open())
    assert merged.changed
    assert [row.name for row in merged.rows()] == ["api"]


def test_tombstones_age_by_the_time_of_the_merge(made: Any) -> None:
    mine, theirs = made.open(), made.open()
    theirs.remove(theirs.rows()[0].id, 5)
    assert len(mine.merged(theirs, 5 + 90 * DAY)._index["deleted"]) == 1
    assert mine.merged(theirs, 6 + 90 * DAY)._index["deleted"] == []
    assert mine.merged(theirs)._index["deleted"] == []


def test_a_copy_keeps_what_a_later_version_added_to_its_row(made: Any) -> None:
    mine, theirs = made.open(), made.open()
    for vault, user in ((mine, "mine"), (theirs, "theirs")):
        row = vault.find("db")
        assert row is not None
        vault.put(replace(vault.read(row.id), user=user))
        vault._rows[row.id]["icon"] = user
    merged = mine.merged(again(theirs))
    assert {one["name"]: one.get("icon") for one in merged._rows.values()} == {
        "db": "theirs",
        "db (2)": "mine",
        "api": None,
    }


def test_the_larger_epoch_counts(made: Any) -> None:
    # Theirs is older, and the person accepted that.
    mine, theirs = made.open(), made.open()
    for _ in range(3):
        mine.put(entry())
        mine = again(mine)
    assert mine.merged(theirs).epoch == 4
    assert theirs.merged(mine).epoch == 4


def test_what_was_edited_here_and_deleted_there_is_above_both(made: Any) -> None:
    mine, theirs = made.open(), made.open()
    row = mine.find("db")
    assert row is not None
    mine.put(mine.read(row.id))
    theirs.put(theirs.read(row.id))
    theirs = again(theirs)
    theirs.remove(row.id)
    merged = mine.merged(again(theirs))
    assert merged.read(row.id).rev == 4
    assert merged.put(merged.read(row.id)).rev == 4
    merged.remove(row.id)
    assert [stone["rev"] for stone in again(merged)._index["deleted"]] == [4]


def test_after_a_new_passphrase_untouched_entries_are_not_copied(made: Any) -> None:
    mine, theirs = made.open(), made.open()
    names = {row.name: row.id for row in mine.rows()}
    mine.put(replace(mine.read(names["db"]), user="mine"))
    theirs, _ = theirs.rekeyed(NEW, CHEAP)
    theirs = unlock(theirs.to_bytes(), Passphrase(NEW))
    merged = mine.merged(theirs)
    assert {(row.name, row.user) for row in merged.rows()} == {("db", "mine"), ("api", "")}
    # Both made the same change, byte for byte: no copy either.
    theirs.put(mine.read(names["db"]), mine.read(names["db"]).changed)
    merged = mine.merged(again(theirs))
    assert {(row.name, row.user) for row in merged.rows()} == {("db", "mine"), ("api", "")}
    theirs.put(replace(theirs.read(names["db"]), user="theirs"))
    merged = mine.merged(again(theirs))
    assert {row.name for row in merged.rows()} == {"db", "db (2)", "api"}
    opened = unlock(merged.to_bytes(), Passphrase(NEW))
    for row in opened.rows():
        opened.read(row.id)


def test_errors_have_nothing_of_the_file(made: Any) -> None:
    """Neither the message nor what Python keeps with it."""
    vault = made.open()
    sealer = vault._sealer
    row = vault.rows()[0]
    text = canonical.write(vault._open(row.id))
    for broken in (text + b"hunter2", b"\xff" + text, text.replace(b'"value"', b'"vaLue"')):
        padded = broken + b"\x80"
        sealed = sealer._seal(keys.entry_label(_bytes(row.id), row.rev), padded)
        with pytest.raises(VaultError) as caught:
            sealer.open_entry(sealed, {"id": row.id, "rev": row.rev, "digest": _digest(sealed)})
        shown = repr((caught.value, caught.value.__dict__, caught.value.__context__))
        assert "hunter2" not in shown
        assert "vaLue" not in shown
        assert caught.value.__cause__ is None


def test_an_error_survives_a_pickle() -> None:
    error = pickle.loads(pickle.dumps(VaultError("damaged", "mac")))
    assert (error.code, error.detail) == ("damaged", "mac")


def _bytes(entry_id: str) -> bytes:
    from kernel_connector.vault import base64url

    return base64url.decode(entry_id)


def _digest(text: str) -> str:
    from kernel_connector.vault.sealing import digest_of

    return digest_of(text)


@pytest.mark.parametrize(
    ("ikm", "salt", "info", "expected"),
    [
        (
            b"\x0b" * 22,
            bytes(range(13)),
            bytes(range(0xF0, 0xFA)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        ),
        (
            bytes(range(0x50)),
            bytes(range(0x60, 0xB0)),
            bytes(range(0xB0, 0x100)),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
        ),
        (
            b"\x0b" * 22,
            b"",
            b"",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
        ),
    ],
)
def test_hkdf_is_that_of_rfc_5869(ikm: bytes, salt: bytes, info: bytes, expected: str) -> None:
    """Appendix A, the first 32 bytes of test cases 1 to 3."""
    assert keys.hkdf(ikm, salt, info).hex() == expected


def test_hkdf_is_that_of_the_library() -> None:
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    hkdf = pytest.importorskip("cryptography.hazmat.primitives.kdf.hkdf")
    for size in (1, 16, 32, 64, 100):
        ikm, salt, info = (bytes([byte]) * size for byte in (1, 2, 3))
        library = hkdf.HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info)
        assert keys.hkdf(ikm, salt, info) == library.derive(ikm)


def run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def test_asking_for_a_credential_loads_nothing_of_this() -> None:
    run(
        "import sys, kernel_connector\n"
        "loaded = ('kernel_connector.vault', 'cryptography')\n"
        "assert not [name for name in sys.modules if name.startswith(loaded)]"
    )


def test_a_file_of_the_suite_nacl_needs_pynacl_alone(made: Any) -> None:
    run(
        "import sys\n"
        "sys.modules['cryptography'] = None\n"
        "from kernel_connector.vault import RecoveryCode, create, unlock\n"
        f"vault = unlock({made.data!r}, RecoveryCode({made.code!r}))\n"
        "assert vault.read(vault.find('db').id).fields[0].value == 'hunter2'\n"
        "try:\n"
        "    create('aes', 'correct horse')\n"
        "except ImportError as error:\n"
        "    assert 'kernel-connector[vault]' in str(error)\n"
        "else:\n"
        "    raise SystemExit(1)\n"
    )


def test_the_order_of_entries_in_the_file_says_nothing_of_names_or_age(made: Any) -> None:
    vault = made.open()
    before = [row.id for row in vault.rows()]
    ids = before + [vault.put(entry(f"name {n}")).id for n in range(20)]
    assert list(json.loads(vault.to_bytes())["entries"]) == sorted(ids)
