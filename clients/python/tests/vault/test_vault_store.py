"""A vault at its path: saved without losing what others wrote meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kernel_connector.vault import (
    Cost,
    Entry,
    Field,
    Passphrase,
    RecoveryCode,
    Store,
    VaultError,
    parse,
)
from kernel_connector.vault.storage import Storage

CHEAP = Cost(memory=19456, passes=2)
NEW = "another passphrase"


def entry(name: str) -> Entry:
    return Entry(name, (Field("value", "v"),))


def names(store: Store) -> list[str]:
    return sorted(row.name for row in store.vault.rows())


def edit(store: Store, name: str, user: str) -> None:
    row = store.vault.find(name)
    assert row is not None
    store.vault.put(replace(store.vault.read(row.id), user=user))


def costs(path: Path) -> list[Cost]:
    """Of the passphrases that open the file."""
    slots = parse(path.read_bytes()).header["slots"]
    return [Cost(one["memory"], one["passes"]) for one in slots if one["type"] == "passphrase"]


def code_of(caught: Any) -> str:
    code: str = caught.value.code
    return code


def test_a_new_store_is_there_at_once(path: Path) -> None:
    store, code = Store.create(path, NEW, cost=CHEAP)
    assert code is not None
    assert (store.vault.epoch, store.vault.generation, store.vault.changed) == (1, 1, False)
    assert costs(path) == [CHEAP]
    store.vault.put(entry("x"))
    store.save()
    for secret in (Passphrase(NEW), RecoveryCode(code)):
        opened = Store.open(path, secret, pin=store.vault.pin)
        assert names(opened) == ["x"]
        assert opened.vault.epoch == 2
    with pytest.raises(VaultError) as caught:
        Store.create(path, NEW, cost=CHEAP)
    assert code_of(caught) == "conflict"


def test_a_new_store_costs_what_the_specification_says_and_may_have_no_code(path: Path) -> None:
    store, code = Store.create(path, NEW, recovery=False)
    assert code is None
    assert (costs(path), store.vault.slots) == ([Cost()], ["passphrase"])


def test_a_save_keeps_the_version_before(store: Store, path: Path, made: Any) -> None:
    store.vault.put(entry("x"))
    store.save()
    assert path.with_name("store.bak1").read_bytes() == made.data


def test_a_removal_alone_is_saved(store: Store, path: Path, made: Any) -> None:
    row = store.vault.find("db")
    assert row is not None
    store.vault.remove(row.id)
    assert store.vault.changed
    store.save()
    assert names(Store.open(path, RecoveryCode(made.code))) == ["api"]


def test_a_tombstone_is_kept_for_90_days_of_the_time_that_is_told(store: Store) -> None:
    later = 4_102_444_800_000  # 2100
    row = store.vault.find("db")
    assert row is not None
    store.vault.put(store.vault.read(row.id), later)
    store.vault.remove(row.id, later)
    for days, kept in ((90, 1), (91, 0)):
        store.vault.put(entry(f"after {days}"))
        store.save(later + days * 24 * 60 * 60 * 1000)
        assert len(store.vault._index["deleted"]) == kept


def test_nothing_changed_is_nothing_written(store: Store, path: Path) -> None:
    before = path.stat().st_mtime_ns
    store.save()
    assert path.stat().st_mtime_ns == before


def test_no_store_and_another_file(path: Path) -> None:
    with pytest.raises(VaultError) as caught:
        Store.open(path, Passphrase(NEW))
    assert code_of(caught) == "no-file"
    path.write_bytes(b"my notes")
    with pytest.raises(VaultError) as caught:
        Store.open(path, Passphrase(NEW))
    assert code_of(caught) == "foreign"
    with pytest.raises(VaultError) as caught:
        Store.create(path, NEW, cost=CHEAP)
    assert code_of(caught) == "conflict"
    assert path.read_bytes() == b"my notes"


def test_two_that_change_at_once_both_keep_what_they_did(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    one, other = (Store.open(path, RecoveryCode(made.code)) for _ in range(2))
    edit(one, "db", "one")
    one.vault.put(entry("of one"))
    edit(other, "db", "other")
    other.vault.put(entry("of the other"))
    one.save()
    other.save()
    assert names(other) == ["api", "db", "db (2)", "of one", "of the other"]
    users = {row.name: row.user for row in other.vault.rows()}
    assert (users["db"], users["db (2)"]) == ("one", "other")
    assert other.vault.epoch == 3
    # And again, from there.
    one.vault.put(entry("later"))
    one.save()
    assert names(one) == ["api", "db", "db (2)", "later", "of one", "of the other"]
    assert names(Store.open(path, RecoveryCode(made.code))) == names(one)


def test_a_passphrase_that_was_changed_elsewhere(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    one, other = (Store.open(path, RecoveryCode(made.code)) for _ in range(2))
    edit(other, "db", "other")
    code = one.change_passphrase(NEW, cost=CHEAP)
    assert code is not None
    assert not path.with_name("store.bak1").exists()
    with pytest.raises(VaultError) as caught:
        other.save()
    assert code_of(caught) == "passphrase-changed"
    assert other.vault.changed
    with pytest.raises(VaultError) as caught:
        other.rebase(Passphrase("the wrong one"))
    assert code_of(caught) == "wrong-secret"
    assert other.vault.changed
    other.rebase(Passphrase(NEW))
    other.save()
    opened = Store.open(path, RecoveryCode(code))
    assert {row.name: row.user for row in opened.vault.rows()} == {"db": "other", "api": ""}
    assert (opened.vault.epoch, opened.vault.generation) == (3, 2)


def test_a_passphrase_is_changed_after_a_merge(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    one, other = (Store.open(path, RecoveryCode(made.code)) for _ in range(2))
    one.vault.put(entry("of one"))
    one.save()
    other.vault.put(entry("of the other"))
    other.change_passphrase(NEW, cost=CHEAP)
    opened = Store.open(path, Passphrase(NEW))
    assert names(opened) == ["api", "db", "of one", "of the other"]
    assert opened.vault.generation == 2
    assert {other.name for other in path.parent.iterdir()} == {"store", "store.lock"}


def test_after_a_rebase_only_changes_are_written_and_at_once(
    path: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(made.data)
    one, other = (Store.open(path, RecoveryCode(made.code)) for _ in range(2))
    one.change_passphrase(NEW, cost=CHEAP)
    other.rebase(Passphrase(NEW))
    assert not other.vault.changed
    other.vault.put(entry("x"))
    monkeypatch.setattr(Store, "_merge", lambda *_: pytest.fail("it is the latest version"))
    other.save()
    assert names(Store.open(path, Passphrase(NEW))) == ["api", "db", "x"]


def test_a_new_passphrase_with_another_suite_and_cost(store: Store, path: Path) -> None:
    pytest.importorskip("cryptography")
    cost = Cost(memory=20000, passes=3)
    done: list[tuple[int, int]] = []
    store.change_passphrase(
        NEW, cost=cost, suite="aes", progress=lambda *numbers: done.append(numbers)
    )
    assert done == [(1, 2), (2, 2)]
    assert costs(path) == [cost]
    assert Store.open(path, Passphrase(NEW)).vault.suite == "aes"


def test_an_older_file_is_not_merged(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    store = Store.open(path, RecoveryCode(made.code))
    store.vault.put(entry("x"))
    store.save()
    path.write_bytes(made.data)
    store.vault.put(entry("y"))
    with pytest.raises(VaultError) as caught:
        store.save()
    assert code_of(caught) == "rolled-back"
    assert path.read_bytes() == made.data
    with pytest.raises(VaultError) as caught:
        Store.open(path, RecoveryCode(made.code), pin=store.vault.pin)
    assert code_of(caught) == "rolled-back"
    with pytest.raises(VaultError) as caught:
        store.rebase(RecoveryCode(made.code))
    assert code_of(caught) == "rolled-back"
    assert store.vault.find("y") is not None
    assert names(Store.open(path, RecoveryCode(made.code))) == ["api", "db"]


def test_another_past_is_not_merged(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    one, other = (Store.open(path, RecoveryCode(made.code)) for _ in range(2))
    one.vault.put(entry("x"))
    one.save()
    path.write_bytes(made.data)
    other.vault.put(entry("y"))
    other.save()
    one.vault.put(entry("z"))
    with pytest.raises(VaultError) as caught:
        one.save()
    assert code_of(caught) == "forked"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"my notes", "foreign"),
        (b'{"credentialstore":2}', "newer"),
        (b'{"credentialstore":1}', "damaged"),
        (None, "no-file"),
    ],
)
def test_what_took_its_place_is_left_alone(
    data: bytes | None, code: str, store: Store, path: Path
) -> None:
    path.unlink() if data is None else path.write_bytes(data)
    store.vault.put(entry("x"))
    for act in (store.save, lambda: store.change_passphrase(NEW, cost=CHEAP)):
        with pytest.raises(VaultError) as caught:
            act()
        assert code_of(caught) == code
    assert (path.read_bytes() if path.exists() else None) == data
    assert store.vault.find("x") is not None


def test_another_store_in_its_place(store: Store, path: Path) -> None:
    path.unlink()
    Store.create(path, NEW, cost=CHEAP)
    store.vault.put(entry("x"))
    with pytest.raises(VaultError) as caught:
        store.save()
    assert code_of(caught) == "other-vault"


def test_another_store_than_the_one_that_is_remembered(store: Store, path: Path) -> None:
    path.unlink()
    Store.create(path, NEW, cost=CHEAP)
    with pytest.raises(VaultError) as caught:
        Store.open(path, Passphrase(NEW), pin=store.vault.pin)
    assert code_of(caught) == "other-vault"


def test_what_others_saved_is_read_again(store: Store, path: Path, made: Any) -> None:
    before = store.vault
    store.refresh()
    assert store.vault is before
    other = Store.open(path, RecoveryCode(made.code))
    other.vault.put(entry("of the other"))
    other.save()
    store.refresh()
    assert names(store) == ["api", "db", "of the other"]
    store.vault.put(entry("of this"))
    store.save()
    assert store.vault.epoch == other.vault.epoch + 1


def test_a_file_that_looks_the_same_is_not_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.refresh()
    monkeypatch.setattr(Storage, "read", lambda _: pytest.fail("it was read"))
    store.refresh()


def test_an_older_file_and_none_are_not_read_again(store: Store, path: Path, made: Any) -> None:
    store.vault.put(entry("x"))
    store.save()
    path.write_bytes(made.data)
    before = store.vault
    with pytest.raises(VaultError) as caught:
        store.refresh()
    assert code_of(caught) == "rolled-back"
    path.unlink()
    with pytest.raises(VaultError) as caught:
        store.refresh()
    assert code_of(caught) == "no-file"
    assert store.vault is before


def test_an_error_of_the_disk_loses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.vault.put(entry("x"))

    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        with pytest.raises(OSError):
            store.save()
    assert store.vault.changed
    store.save()
    assert names(store) == ["api", "db", "x"]


SAVER = """
import sys
from kernel_connector.vault import Entry, Field, RecoveryCode, Store
store = Store.open(sys.argv[1], RecoveryCode(sys.argv[2]))
print(flush=True)
for number in range(int(sys.argv[4])):
    store.vault.put(Entry(f"{sys.argv[3]} {number}", (Field("value", "v"),)))
    store.save()
"""


def saver(path: Path, made: Any, label: str, times: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", SAVER, str(path), made.code, label, str(times)]
    return subprocess.Popen(words, stdout=subprocess.PIPE)


def test_two_programs_that_save_at_once_lose_nothing(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    writers = [saver(path, made, label, 10) for label in "ab"]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    found = names(Store.open(path, RecoveryCode(made.code)))
    assert found == sorted(["api", "db", *(f"{x} {n}" for x in "ab" for n in range(10))])


def test_killed_while_it_saves_a_program_leaves_a_store_that_opens(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    saved = 2
    for turn in range(6):
        with saver(path, made, f"turn {turn}", 1000) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.03 * turn)
            writer.kill()
        store = Store.open(path, RecoveryCode(made.code))
        for row in store.vault.rows():
            store.vault.read(row.id)
        assert len(store.vault.rows()) >= saved
        saved = len(store.vault.rows())
    assert saved > 2
