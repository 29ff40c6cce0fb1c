"""Killed, or failing, at any point: the file is the old or the new one.

"Any point" is taken literally: a trace function counts the lines that dotfile.py runs, and a
forked child ends at the n-th, for every n.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from faults import tally
from files import LIMIT, age, doc, fork, mode, siblings, status_of
from kernel_connector import dotfile as module
from kernel_connector.dotfile import BACKUP_AGE, STALE_AGE, Dotfile, etag_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="fork")
KILLED = 9
CALLS = ["open", "fchmod", "fdopen", "fsync", "replace", "unlink"]
OLD, NEW = doc(b"old" * 500), doc(b"new" * 500)


def die_at(line: int) -> None:
    """From now on, end this process at the n-th line that dotfile.py runs."""
    left = line

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename != module.__file__:
            return None
        if event in ("line", "return"):
            left -= 1
            if left == 0:
                os._exit(KILLED)
        return trace

    sys.settrace(trace)


@pytest.fixture
def old(dotfile: Dotfile, path: Path) -> dict[str, bytes]:
    """A file with all its backups, of which the newest is due for rotation."""
    names = ["store", "store.bak1", "store.bak2", "store.bak3"]
    found = {name: doc(f"{name} ".encode() * 50) for name in names} | {"store": OLD}
    for name, data in found.items():
        path.with_name(name).write_bytes(data)
    age(path.parent, BACKUP_AGE + 60)
    return found


def reset(path: Path, files: dict[str, bytes]) -> None:
    for other in path.parent.iterdir():
        other.unlink()
    for name, data in files.items():
        path.with_name(name).write_bytes(data)
    age(path.parent, BACKUP_AGE + 60)


def assert_usable(dotfile: Dotfile, path: Path, drop: bool) -> None:
    """A later save works, and no stray file is left."""
    age(path.parent, STALE_AGE + 60)
    found = dotfile.read()
    tag = dotfile.replace(doc("later"), found[1] if found else None, drop_backups=drop)
    assert dotfile.read() == (doc("later"), tag)
    assert not [name for name in siblings(path) if ".tmp-" in name]
    assert mode(path) == 0o600


@pytest.mark.parametrize("drop", [False, True], ids=["keep", "drop"])
def test_killed_at_any_line_leaves_the_old_or_the_new_file(
    drop: bool, dotfile: Dotfile, path: Path, old: dict[str, bytes]
) -> None:
    outcomes = []
    for line in range(1, 500):
        reset(path, old)

        def work(line: int = line) -> None:
            die_at(line)
            dotfile.replace(NEW, etag_of(OLD), drop_backups=drop)

        status = status_of(fork(work))
        outcomes.append(path.read_bytes())
        assert outcomes[-1] in (OLD, NEW)
        beside = siblings(path)
        known = {*old.values(), NEW}
        assert all(data in known for name, data in beside.items() if ".tmp-" not in name)
        if drop and outcomes[-1] == NEW:
            assert beside == {"store": NEW}
        elif not drop:
            # At most the oldest is lost.
            assert {*old.values()} - {old["store.bak3"]} <= {*beside.values()}
        assert_usable(dotfile, path, drop)
        if status == 0:
            break
        assert status == KILLED
    else:
        pytest.fail("never came to the end")
    tally("kills at a line of the write", len(outcomes) - 1)
    # Old up to a point, and new from there on; and there was something to interrupt.
    assert outcomes == sorted(outcomes, reverse=True)
    assert outcomes.count(OLD) > 20
    assert outcomes.count(NEW) > 3


def test_killed_while_creating_leaves_nothing_or_the_file(dotfile: Dotfile, path: Path) -> None:
    for line in range(1, 500):
        reset(path, {})

        def work(line: int = line) -> None:
            die_at(line)
            dotfile.replace(NEW, None)

        status = status_of(fork(work))
        found = dotfile.read()
        assert found is None or found[0] == NEW
        assert_usable(dotfile, path, False)
        if status == 0:
            return
    pytest.fail("never came to the end")


@pytest.mark.parametrize("drop", [False, True], ids=["keep", "drop"])
@pytest.mark.parametrize("name", CALLS)
def test_error_at_any_call_means_the_old_file_and_no_litter(
    name: str,
    drop: bool,
    dotfile: Dotfile,
    path: Path,
    old: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    genuine = getattr(os, name)
    failed = 0
    for fault in range(1, 30):
        reset(path, old)
        left = fault

        def call(*args: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(errno.EIO, "fault")
            return genuine(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, name, call)
            try:
                dotfile.replace(NEW, etag_of(OLD), drop_backups=drop)
                saved = True
            except OSError:
                saved = False
                failed += 1
        if left > 0:
            break
        assert path.read_bytes() == (NEW if saved else OLD)
        beside = siblings(path)
        # A file that cannot be unlinked stays.
        assert name == "unlink" or not [one for one in beside if ".tmp-" in one]
        if not saved and not drop:
            assert {*old.values()} - {old["store.bak3"]} <= {*beside.values()}
        assert_usable(dotfile, path, drop)
    else:
        pytest.fail("never came to the end")
    assert failed or name in ("fchmod", "unlink")


def test_disk_full_midway_is_an_error_that_keeps_the_old_file(dotfile: Dotfile, path: Path) -> None:
    # A limit on the size of files stands in for the disk: the write itself falls short.
    path.write_bytes(doc("old"))

    resource = pytest.importorskip("resource")

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            dotfile.replace(NEW, etag_of(doc("old")))
        except OSError as error:
            os._exit(42 if error.errno == errno.EFBIG else 43)

    assert status_of(fork(work)) == 42
    assert siblings(path) == {"store": doc("old")}


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_answer(
    dotfile: Dotfile, path: Path, old: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync, replace = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        target = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        whole = "" if target.is_dir() else f" {os.fstat(descriptor).st_size}"
        events.append(f"sync {'folder' if target.is_dir() else 'file'}{whole}")
        sync(descriptor)

    def note_replace(source: Path, target: Path) -> None:
        replace(source, target)
        events.append(f"name {Path(target).name}")

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc")
    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    dotfile.replace(NEW + b"!", etag_of(OLD))
    assert events == [
        f"sync file {len(NEW) + 1}",
        f"sync file {len(OLD)}",
        "name store.bak3",
        "name store.bak2",
        "name store.bak1",
        "name store",
        "sync folder",
    ]


def test_temporary_file_lies_in_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A rename is atomic only within one file system, and a link may lead to another.
    (tmp_path / "else").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "else" / "target")
    replace, folders = os.replace, set()

    def note(source: Path, target: Path) -> None:
        folders.update({Path(source).parent, Path(target).parent})
        replace(source, target)

    monkeypatch.setattr(os, "replace", note)
    Dotfile(tmp_path / "store", LIMIT).replace(NEW, None)
    assert folders == {tmp_path / "else"}
