"""The file: what is read, what is written, what lies beside it."""

from __future__ import annotations

import os
import secrets
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyterlab_credential_store.dotfile import (
    BACKUP_AGE,
    BACKUPS,
    STALE_AGE,
    Conflict,
    Dotfile,
    NotAFile,
    TooLarge,
    etag_of,
)

from .conftest import LIMIT, mode, siblings

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX modes and files")
LITTER = "store.tmp-0123456789abcdef"


@pytest.fixture
def umask() -> Iterator[None]:
    old = os.umask(0)
    yield
    os.umask(old)


def grow_old(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


@given(st.binary(min_size=1, max_size=LIMIT))
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
            current = f"version {number}".encode()
            tag = dotfile.replace(current, tag, drop_backups=drop)
            expected = {f"store.bak{n}": data for n, data in enumerate(backups, 1)}
            assert siblings(path) == {"store": current, **expected}


@pytest.mark.usefixtures("umask")
@posix
@pytest.mark.parametrize("bits", [0, 0o022, 0o077, 0o277, 0o777])
def test_mode_is_the_owners_whatever_the_umask(bits: int, dotfile: Dotfile, path: Path) -> None:
    os.umask(bits)
    tag = dotfile.replace(b"one", None)
    assert mode(path) == 0o600
    path.chmod(0o644)
    dotfile.replace(b"two", tag)
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
    dotfile.replace(b"one", None)
    assert seen
    assert all(not bits & 0o177 for bits in seen)


@posix
def test_file_system_without_modes_is_written_all_the_same(
    dotfile: Dotfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchmod", refuse)
    tag = dotfile.replace(b"one", None)
    assert dotfile.read() == (b"one", tag)


def test_limit_is_of_the_file_and_of_what_is_written(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(bytes(LIMIT), None)
    with pytest.raises(TooLarge):
        dotfile.replace(bytes(LIMIT + 1), tag)
    assert dotfile.read() == (bytes(LIMIT), tag)
    path.write_bytes(bytes(LIMIT + 1))
    with pytest.raises(TooLarge):
        dotfile.read()


def test_too_many_bytes_are_refused_before_anything_is_touched(
    dotfile: Dotfile, path: Path
) -> None:
    with pytest.raises(TooLarge):
        dotfile.replace(bytes(LIMIT + 1), None)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("there", [False, True])
def test_link_stays_and_its_target_is_replaced(there: bool, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "here").mkdir()
    target, link = tmp_path / "else" / "target", tmp_path / "here" / "store"
    if there:
        target.write_bytes(b"one")
    link.symlink_to(Path("..", "else", "target"))
    dotfile = Dotfile(link, LIMIT)
    assert dotfile.read() == ((b"one", etag_of(b"one")) if there else None)
    dotfile.replace(b"two", etag_of(b"one") if there else None)
    assert link.is_symlink()
    assert mode(target) == 0o600
    assert siblings(target) == {"target": b"two"} | ({"target.bak1": b"one"} if there else {})
    assert list(link.parent.iterdir()) == [link]


def test_link_to_itself_is_an_error_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "store"
    link.symlink_to(link)
    dotfile = Dotfile(link, LIMIT)
    with pytest.raises(OSError, match="symbolic links"):
        dotfile.read()
    with pytest.raises(OSError, match="symbolic links"):
        dotfile.replace(b"x", None)
    assert link.is_symlink()


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
        Dotfile(tmp_path / "fifo", LIMIT).replace(b"x", None)
    assert stat.S_ISFIFO((tmp_path / "fifo").stat().st_mode)


@posix
def test_socket_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("store")
        with pytest.raises(OSError):
            Dotfile(tmp_path / "store", LIMIT).replace(b"x", None)
    assert stat.S_ISSOCK((tmp_path / "store").stat().st_mode)


def test_conflict_tells_the_tag_and_touches_nothing(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(b"one", None)
    for expected in (None, etag_of(b"two"), "", "*"):
        with pytest.raises(Conflict) as caught:
            dotfile.replace(b"three", expected)
        assert caught.value.etag == tag
    assert siblings(path) == {"store": b"one"}


def test_newest_backup_is_kept_for_a_while(dotfile: Dotfile, path: Path) -> None:
    tag = None
    backup = path.with_name("store.bak1")
    for data in (b"1", b"2", b"3"):
        tag = dotfile.replace(data, tag)
    assert backup.read_bytes() == b"1"
    grow_old(backup, BACKUP_AGE - 60)
    tag = dotfile.replace(b"4", tag)
    assert backup.read_bytes() == b"1"
    grow_old(backup, BACKUP_AGE + 60)
    dotfile.replace(b"5", tag)
    assert siblings(path) == {"store": b"5", "store.bak1": b"4", "store.bak2": b"1"}


def test_backup_from_the_future_does_not_end_backups(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(b"2", dotfile.replace(b"1", None))
    grow_old(path.with_name("store.bak1"), -10 * BACKUP_AGE)
    dotfile.replace(b"3", tag)
    assert path.with_name("store.bak1").read_bytes() == b"2"


def test_backups_that_cannot_be_dropped_keep_the_old_file(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(b"one", None)
    path.with_name("store.bak2").mkdir()
    with pytest.raises(OSError):
        dotfile.replace(b"two", tag, drop_backups=True)
    assert siblings(path) == {"store": b"one"}


def test_backup_that_cannot_be_made_keeps_the_old_file(dotfile: Dotfile, path: Path) -> None:
    tag = dotfile.replace(b"one", None)
    path.with_name("store.bak3").mkdir()
    path.with_name("store.bak2").write_bytes(b"older")
    with pytest.raises(OSError):
        dotfile.replace(b"two", tag)
    assert siblings(path) == {"store": b"one", "store.bak2": b"older"}


@pytest.mark.parametrize("name", ["store", "st[o]re", "*", "a+b"])
@pytest.mark.parametrize(("age", "left"), [(STALE_AGE - 60, 1), (STALE_AGE + 60, 0)])
def test_old_litter_goes_and_nothing_else(name: str, age: float, left: int, tmp_path: Path) -> None:
    litter = tmp_path / f"{name}.tmp-0123456789abcdef"
    others = ["other.tmp-0123456789abcdef", f"{name}.tmp-notes", f"{name}.tmp-0123456789abcdef.txt"]
    for other in (litter, *(tmp_path / other for other in others)):
        other.write_bytes(b"x")
        grow_old(other, age)
    Dotfile(tmp_path / name, LIMIT).replace(b"one", None)
    assert litter.exists() == bool(left)
    assert all((tmp_path / other).exists() for other in others)


def test_dropping_backups_drops_young_litter_too(dotfile: Dotfile, path: Path) -> None:
    path.with_name(LITTER).write_bytes(b"an old version")
    dotfile.replace(b"one", None, drop_backups=True)
    assert siblings(path) == {"store": b"one"}


def test_folder_that_cannot_be_listed_is_no_reason_not_to_save(
    dotfile: Dotfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    tag = dotfile.replace(b"one", None)
    assert dotfile.read() == (b"one", tag)
    with pytest.raises(PermissionError):
        dotfile.replace(b"two", tag, drop_backups=True)
    assert dotfile.read() == (b"one", tag)


def test_no_litter_of_a_planted_file(
    dotfile: Dotfile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Somebody guessed the name: the file must not be written through.
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0123456789abcdef")
    path.with_name(LITTER).symlink_to(path.with_name("victim"))
    with pytest.raises(FileExistsError):
        dotfile.replace(b"one", None)
    assert not path.with_name("victim").exists()
