"""The file: what is read, what is written, what lies beside it."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from files import LIMIT, doc, grow_old, mode, siblings
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_connector.dotfile import (
    BACKUP_AGE,
    BACKUPS,
    STALE_AGE,
    Conflict,
    Dotfile,
    NotAFile,
    NotAStore,
    TooLarge,
    etag_of,
)

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX modes and files")
LITTER = "store.tmp-0123456789abcdef"


@pytest.fixture
def umask() -> Iterator[None]:
    old = os.umask(0)
    yield
    os.umask(old)


@given(st.binary(max_size=LIMIT - 30).map(doc))
@settings(max_examples=40, deadline=None)
def test_bytes_come_back_as_they_went(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dotfile = Dotfile(Path(folder, "store"), LIMIT)
        tag = dotfile.replace(data, None)
        assert dotfile.read() == (data, tag)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12))
@settings(max_examples=30, deadline=None)
def test_any_history_leaves_the_newest_and_few_backups(steps: list[tuple[bool, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store")
        dotfile, tag, backups = Dotfile(path, LIMIT), None, list[bytes]()
        current = b""
        for number, (old, drop) in enumerate(steps):
            if old and backups:
                grow_old(path.with_name("store.bak1"), BACKUP_AGE + 1)
            if drop:
                backups = []
            elif current and (old or not backups):
                backups = [current, *backups][:BACKUPS]
            current = doc(f"version {number}")
            tag = dotfile.replace(current, tag, drop_backups=drop)
            expected = {f"store.bak{n}": data for n, data in enumerate(backups, 1)}
            assert siblings(path) == {"store": current, **expected}


@pytest.mark.usefixtures("umask")
@posix
@pytest.mark.parametrize("bits", [0, 0o022, 0o077, 0o277, 0o777])
def test_mode_is_the_owners_whatever_the_umask(bits: int, dotfile: Dotfile, path: Path) -> None:
    os.umask(bits)
    tag = dotfile.replace(doc("one"), None)
    assert mode(path) == 0o600
    path.chmod(0o644)
    dotfile.replace(doc("two"), tag)
    found = {other.name: mode(other) for other in path.parent.iterdir()}
    assert found == {"store": 0o600, "store.bak1": 0o600, "store.lock": 0o600}


@posix
def test_temporary_file_is_private_from_its_first_moment(
    dotfile: Dotfile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(
        os,
        "fchmod",
        lambda descriptor, _: seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode)),
    )
    dotfile.replace(doc("one"), None)
    assert seen
    assert all(not bits & 0o177 for bits in seen)


@posix
def test_file_system_without_modes_is_written_all_the_same(
    dotfile: Dotfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchmod", refuse)
    tag = dotfile.replace(doc("one"), None)
    assert dotfile.read() == (doc("one"), tag)


def test_limit_is_of_the_file_and_of_what_is_written(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(doc("", LIMIT), None)
    with pytest.raises(TooLarge):
        dotfile.replace(doc("", LIMIT + 1), tag)
    assert dotfile.read() == (doc("", LIMIT), tag)
    path.write_bytes(doc("", 2 * LIMIT))
    with pytest.raises(TooLarge) as caught:
        dotfile.read()
    # Enough to tell whose it is.
    assert caught.value.start == doc("", 4096)


def test_file_that_grows_while_it_is_read_is_too_large(
    dotfile: Dotfile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotfile.replace(doc(""), None)
    look = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        found = look(descriptor)
        path.write_bytes(doc("", 2 * LIMIT))
        return found

    monkeypatch.setattr(os, "fstat", grow)
    with pytest.raises(TooLarge) as caught:
        dotfile.read()
    assert caught.value.start == doc("", 4096)


def test_too_many_bytes_are_refused_before_anything_is_touched(
    dotfile: Dotfile, path: Path
) -> None:
    with pytest.raises(TooLarge) as caught:
        dotfile.replace(doc("", LIMIT + 1), None)
    assert caught.value.start == b""
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("there", [False, True])
def test_link_stays_and_its_target_is_replaced(there: bool, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "here").mkdir()
    target, link = tmp_path / "else" / "target", tmp_path / "here" / "store"
    if there:
        target.write_bytes(doc("one"))
    link.symlink_to(Path("..", "else", "target"))
    dotfile = Dotfile(link, LIMIT)
    assert dotfile.read() == ((doc("one"), etag_of(doc("one"))) if there else None)
    dotfile.replace(doc("two"), etag_of(doc("one")) if there else None)
    assert link.is_symlink()
    assert mode(target) == 0o600
    assert siblings(target) == {"target": doc("two")} | (
        {"target.bak1": doc("one")} if there else {}
    )
    assert list(link.parent.iterdir()) == [link]


def test_link_to_itself_is_no_file_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "store"
    link.symlink_to(link)
    dotfile = Dotfile(link, LIMIT)
    with pytest.raises(NotAFile):
        dotfile.read()
    with pytest.raises(NotAFile):
        dotfile.replace(doc("x"), None)
    assert list(tmp_path.iterdir()) == [link]


def test_link_to_a_directory_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "store").symlink_to(tmp_path)
    with pytest.raises(NotAFile):
        Dotfile(tmp_path / "store", LIMIT).read()


@posix
def test_fifo_and_device_are_no_files_and_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for other in (tmp_path / "fifo", Path("/dev/null")):
        with pytest.raises(NotAFile):
            Dotfile(other, LIMIT).read()
    with pytest.raises(NotAFile):
        Dotfile(tmp_path / "fifo", LIMIT).replace(doc("x"), None)
    assert stat.S_ISFIFO((tmp_path / "fifo").stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["fifo"]


@posix
@pytest.mark.parametrize("linked", [False, True])
def test_nothing_is_put_beside_what_is_no_file(
    linked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    Path("there/directory").mkdir()
    os.mkfifo("there/fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("there/socket")
        for name in ("directory", "fifo", "socket"):
            path = Path("there", name)
            if linked:
                path = Path("link")
                path.unlink(missing_ok=True)
                path.symlink_to(Path("there", name))
            with pytest.raises(NotAFile):
                Dotfile(path, LIMIT).read()
            with pytest.raises(NotAFile):
                Dotfile(path, LIMIT).replace(doc("x"), None)
    assert {path.name for path in Path("there").iterdir()} == {"directory", "fifo", "socket"}


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize(
    "data",
    [b"", b"my notes", b"{}", b'{"credentialstore"', b'"credentialstore":', b'x{"credentialstore":',
     b'\xef\xbb\xbf{"credentialstore":1}', b'{"credentialstores":1}', b'\0' + doc("one")],
)  # fmt: skip
def test_what_does_not_begin_like_a_store_is_neither_replaced_nor_written(
    data: bytes, drop: bool, dotfile: Dotfile, path: Path
) -> None:
    with pytest.raises(NotAStore) as caught:
        dotfile.replace(data, None, drop_backups=drop)
    assert not caught.value.there
    assert list(path.parent.iterdir()) == []
    path.write_bytes(data)
    with pytest.raises(NotAStore) as caught:
        dotfile.replace(doc("one"), etag_of(data), drop_backups=drop)
    assert caught.value.there
    assert siblings(path) == {"store": data}
    assert dotfile.read() == (data, etag_of(data))


@pytest.mark.parametrize(
    "data", [b'{"credentialstore":', b' \t\r\n{ "credentialstore"\n: 2.5', doc("one")]
)
def test_what_begins_like_one_is(data: bytes, dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(data, None)
    dotfile.replace(doc("one"), tag)
    assert path.read_bytes() == doc("one")


def test_link_that_is_laid_anew_is_followed_anew(tmp_path: Path) -> None:
    (tmp_path / "store").symlink_to("one")
    dotfile = Dotfile(tmp_path / "store", LIMIT)
    tag = dotfile.replace(doc("one"), None)
    (tmp_path / "store").unlink()
    (tmp_path / "store").symlink_to("two")
    assert dotfile.read() is None
    with pytest.raises(Conflict):
        dotfile.replace(doc("two"), tag)
    assert not (tmp_path / "two").exists()


@posix
def test_link_that_is_put_there_after_it_was_resolved_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "victim").write_bytes(doc("another's"))
    (tmp_path / "store").symlink_to("victim")
    monkeypatch.setattr(os.path, "realpath", lambda path: path)
    with pytest.raises(NotAFile):
        Dotfile(tmp_path / "store", LIMIT).read()


def test_relative_path_is_that_of_when_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dotfile = Dotfile("store", LIMIT)
    monkeypatch.chdir("/")
    dotfile.replace(doc("one"), None)
    assert (tmp_path / "store").exists()


@posix
def test_lock_that_is_a_link_is_not_followed(dotfile: Dotfile, path: Path) -> None:
    path.with_name("store.lock").symlink_to(path.with_name("victim"))
    with pytest.raises(OSError):
        dotfile.replace(doc("one"), None)
    assert not path.with_name("victim").exists()


@pytest.mark.parametrize("drop", [False, True])
def test_file_that_its_owner_made_read_only_is_not_replaced(
    drop: bool, dotfile: Dotfile, path: Path
) -> None:
    tag = dotfile.replace(doc("one"), None)
    path.chmod(0o400)
    with pytest.raises(PermissionError) as caught:
        dotfile.replace(doc("two"), tag, drop_backups=drop)
    assert caught.value.errno == errno.EACCES
    assert dotfile.read() == (doc("one"), tag)
    assert siblings(path) == {"store": doc("one")}
    path.chmod(0o600)
    dotfile.replace(doc("two"), tag, drop_backups=drop)


@posix
def test_socket_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("store")
        with pytest.raises(NotAFile):
            Dotfile(tmp_path / "store", LIMIT).replace(doc("x"), None)
    assert stat.S_ISSOCK((tmp_path / "store").stat().st_mode)


def test_conflict_tells_the_tag_and_touches_nothing(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(doc("one"), None)
    for expected in (None, etag_of(doc("two")), "", "*"):
        with pytest.raises(Conflict) as caught:
            dotfile.replace(doc("three"), expected)
        assert caught.value.etag == tag
    assert siblings(path) == {"store": doc("one")}


def test_newest_backup_is_kept_for_a_while(dotfile: Dotfile, path: Path) -> None:
    tag = None
    backup = path.with_name("store.bak1")
    for data in (doc("1"), doc("2"), doc("3")):
        tag = dotfile.replace(data, tag)
    assert backup.read_bytes() == doc("1")
    grow_old(backup, BACKUP_AGE - 60)
    tag = dotfile.replace(doc("4"), tag)
    assert backup.read_bytes() == doc("1")
    grow_old(backup, BACKUP_AGE + 60)
    dotfile.replace(doc("5"), tag)
    assert siblings(path) == {"store": doc("5"), "store.bak1": doc("4"), "store.bak2": doc("1")}


def test_backup_from_the_future_does_not_end_backups(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(doc("2"), dotfile.replace(doc("1"), None))
    grow_old(path.with_name("store.bak1"), -10 * BACKUP_AGE)
    dotfile.replace(doc("3"), tag)
    assert path.with_name("store.bak1").read_bytes() == doc("2")


def test_backups_that_cannot_be_dropped_keep_the_old_file(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(doc("one"), None)
    path.with_name("store.bak2").mkdir()
    with pytest.raises(OSError):
        dotfile.replace(doc("two"), tag, drop_backups=True)
    assert siblings(path) == {"store": doc("one")}


def test_backup_that_cannot_be_made_keeps_the_old_file(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(doc("one"), None)
    path.with_name("store.bak3").mkdir()
    path.with_name("store.bak2").write_bytes(doc("older"))
    with pytest.raises(OSError):
        dotfile.replace(doc("two"), tag)
    assert siblings(path) == {"store": doc("one"), "store.bak2": doc("older")}


@pytest.mark.parametrize("name", ["store", "st[o]re", "*", "a+b"])
@pytest.mark.parametrize(("age", "left"), [(STALE_AGE - 60, 1), (STALE_AGE + 60, 0)])
def test_old_litter_goes_and_nothing_else(name: str, age: float, left: int, tmp_path: Path) -> None:
    litter = tmp_path / f"{name}.tmp-0123456789abcdef"
    others = ["other.tmp-0123456789abcdef", f"{name}.tmp-notes", f"{name}.tmp-0123456789abcdef.txt"]
    for other in (litter, *(tmp_path / other for other in others)):
        other.write_bytes(b"x")
        grow_old(other, age)
    Dotfile(tmp_path / name, LIMIT).replace(doc("one"), None)
    assert litter.exists() == bool(left)
    assert all((tmp_path / other).exists() for other in others)


def test_dropping_backups_drops_no_copy_of_somebody_else(dotfile: Dotfile, path: Path) -> None:
    others = {f"store.bak{number}": doc("a copy") for number in (0, BACKUPS + 1)}
    for name, data in others.items():
        path.with_name(name).write_bytes(data)
    dotfile.replace(doc("one"), None, drop_backups=True)
    assert siblings(path) == {"store": doc("one"), **others}


def test_dropping_backups_drops_young_litter_too(dotfile: Dotfile, path: Path) -> None:
    path.with_name(LITTER).write_bytes(doc("an old version"))
    dotfile.replace(doc("one"), None, drop_backups=True)
    assert siblings(path) == {"store": doc("one")}


def test_folder_that_cannot_be_listed_is_no_reason_not_to_save(
    dotfile: Dotfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    tag = dotfile.replace(doc("one"), None)
    assert dotfile.read() == (doc("one"), tag)
    with pytest.raises(PermissionError):
        dotfile.replace(doc("two"), tag, drop_backups=True)
    assert dotfile.read() == (doc("one"), tag)


def test_no_litter_of_a_planted_file(
    dotfile: Dotfile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Somebody guessed the name: the file must not be written through.
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0123456789abcdef")
    path.with_name(LITTER).symlink_to(path.with_name("victim"))
    with pytest.raises(FileExistsError):
        dotfile.replace(doc("one"), None)
    assert not path.with_name("victim").exists()
