"""The bytes at a path: atomic, exclusive, private, and nothing that is not ours."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from kernel_connector.vault import VaultError
from kernel_connector.vault import storage as module
from kernel_connector.vault.storage import BACKUP_AGE, STALE_AGE, Conflict, Storage, tag_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="flock, fork, modes")

KILLED = 9
OLD, NEW, OTHER = (b'{"credentialstore":1,"' + name * 500 for name in (b"old", b"new", b"other"))


@pytest.fixture
def storage(path: Path) -> Storage:
    return Storage(path)


def beside(path: Path) -> dict[str, bytes]:
    """All that lies there but the lock."""
    return {
        other.name: other.read_bytes()
        for other in path.parent.iterdir()
        if not other.name.endswith(".lock")
    }


def age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    for path in folder.iterdir():
        os.utime(path, (then, then))


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(VaultError) as caught:
        act()
    assert caught.value.code == code


def fork(work: Callable[[], int | None]) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = work() or 0
        finally:
            os._exit(status)
    return child


def status_of(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_bytes_come_back_as_they_went(storage: Storage, path: Path) -> None:
    assert storage.read() is None
    tag = storage.replace(OLD, None)
    assert storage.read() == (OLD, tag)
    assert beside(path) == {"store": OLD}
    tag = storage.replace(NEW, tag)
    assert storage.read() == (NEW, tag)
    assert beside(path) == {"store": NEW, "store.bak1": OLD}


def test_another_version_is_a_conflict_and_nothing_is_touched(storage: Storage, path: Path) -> None:
    storage.replace(OLD, None)
    for expected in (None, tag_of(OTHER), ""):
        refused("conflict", partial(storage.replace, NEW, expected))
    assert beside(path) == {"store": OLD}
    path.unlink()
    refused("conflict", partial(storage.replace, NEW, tag_of(OLD)))
    assert beside(path) == {}


@pytest.mark.parametrize("bits", [0, 0o022, 0o277])
def test_modes_are_the_owners(bits: int, storage: Storage, path: Path) -> None:
    old = os.umask(bits)
    try:
        tag = storage.replace(OLD, None)
        path.chmod(0o644)
        storage.replace(NEW, tag)
    finally:
        os.umask(old)
    modes = {other.name: stat.S_IMODE(other.stat().st_mode) for other in path.parent.iterdir()}
    assert modes == {"store": 0o600, "store.bak1": 0o600, "store.lock": 0o600}


def test_a_link_is_refused_and_stays(storage: Storage, path: Path) -> None:
    target = path.with_name("target")
    path.symlink_to(target)
    refused("not-a-file", storage.read)
    refused("not-a-file", partial(storage.replace, NEW, None))
    target.write_bytes(OLD)
    refused("not-a-file", storage.read)
    refused("not-a-file", partial(storage.replace, NEW, tag_of(OLD)))
    assert path.is_symlink() and target.read_bytes() == OLD


def test_a_link_to_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    Storage(tmp_path / "link" / "store").replace(OLD, None)
    assert {path.name for path in (tmp_path / "real").iterdir()} == {"store", "store.lock"}


def test_a_home_directory_is_meant_by_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Storage("~/store").path == tmp_path / "store"


def test_a_relative_path_is_that_of_when_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    storage = Storage("store")
    monkeypatch.chdir("/")
    storage.replace(OLD, None)
    assert (tmp_path / "store").exists()


def test_directories_fifos_sockets_and_devices_are_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("directory").mkdir()
    os.mkfifo("fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        for name in ("directory", "fifo", "socket"):
            refused("not-a-file", Storage(name).read)
            refused("not-a-file", partial(Storage(name).replace, NEW, None))
    refused("not-a-file", Storage("/dev/null").read)
    # Nor is anything put beside them.
    assert {path.name for path in tmp_path.iterdir()} == {"directory", "fifo", "socket"}
    assert stat.S_ISFIFO(os.stat("fifo").st_mode)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "foreign"),
        (b"my notes", "foreign"),
        (b'{"credentialstore":2}', "newer"),
    ],
)
def test_what_is_no_store_of_this_version_is_never_replaced(
    data: bytes, code: str, storage: Storage, path: Path
) -> None:
    path.write_bytes(data)
    for drop in (False, True):
        refused(code, partial(storage.replace, NEW, tag_of(data), drop_backups=drop))
    assert beside(path) == {"store": data}


def test_a_damaged_file_may_be_replaced(storage: Storage, path: Path) -> None:
    # By a backup, for one.
    path.write_bytes(OLD[:30])
    storage.replace(NEW, tag_of(OLD[:30]))
    assert path.read_bytes() == NEW


def test_sizes(storage: Storage, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE_LIMIT", len(OLD))
    tag = storage.replace(OLD, None)
    with pytest.raises(ValueError, match="64 MiB"):
        storage.replace(OLD + b"x", tag)
    path.write_bytes(OLD + b"xyz")
    found = storage.read()
    assert found is not None and found[0] == OLD + b"x"


def test_backups_are_few_and_hourly(storage: Storage, path: Path) -> None:
    versions = [OLD + bytes([number]) for number in range(7)]
    tag = storage.replace(versions[0], None)
    for version in versions[1:3]:
        tag = storage.replace(version, tag)
    assert beside(path) == {"store": versions[2], "store.bak1": versions[0]}
    for version in versions[3:]:
        age(path.parent, BACKUP_AGE + 60)
        tag = storage.replace(version, tag)
    assert beside(path) == {
        "store": versions[6],
        **{f"store.bak{number}": versions[6 - number] for number in (1, 2, 3)},
    }
    path.with_name("store.tmp-0123456789abcdef").write_bytes(b"young litter")
    storage.replace(NEW, tag, drop_backups=True)
    assert beside(path) == {"store": NEW}


def test_old_litter_goes_and_nothing_else(storage: Storage, path: Path) -> None:
    litter = path.with_name("store.tmp-0123456789abcdef")
    others = [path.with_name(name) for name in ("other.tmp-0123456789abcdef", "store.tmp-notes")]
    for other in (litter, *others):
        other.write_bytes(b"x")
    age(path.parent, STALE_AGE + 60)
    storage.replace(OLD, None)
    assert not litter.exists()
    assert all(other.exists() for other in others)


def test_a_lock_that_is_a_link_is_not_followed(storage: Storage, path: Path) -> None:
    path.with_name("store.lock").symlink_to(path.with_name("victim"))
    with pytest.raises(OSError):
        storage.replace(OLD, None)
    assert not path.with_name("victim").exists()


def test_the_lock_is_waited_for_but_not_for_ever(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with storage._lock():
            later = pool.submit(storage.replace, OLD, None)
            time.sleep(0.1)
            assert not later.done()
        assert later.result(5) == tag_of(OLD)
    monkeypatch.setattr(module, "LOCK_WAIT", 0.05)
    with storage._lock():
        refused("busy", partial(storage.replace, NEW, tag_of(OLD)))


def test_server_and_command_line_exclude_each_other(
    storage: Storage, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = pytest.importorskip("jupyterlab_credential_store.dotfile")
    dotfile = server.Dotfile(path, 10_000)
    monkeypatch.setattr(module, "LOCK_WAIT", 0.05)
    monkeypatch.setattr(server, "LOCK_WAIT", 0.05)
    with dotfile._lock():
        refused("busy", partial(storage.replace, OLD, None))
    with storage._lock(), pytest.raises(server.Busy):
        dotfile.replace(OLD, None)
    # Each takes the other's file, backups and litter for its own.
    storage.replace(OLD, None)
    dotfile.replace(NEW, server.etag_of(OLD))
    assert beside(path) == {"store": NEW, "store.bak1": OLD}
    age(path.parent, BACKUP_AGE + 60)
    storage.replace(OTHER, tag_of(NEW))
    assert beside(path) == {"store": OTHER, "store.bak1": NEW, "store.bak2": OLD}
    assert f'"{tag_of(OLD)}"' == server.etag_of(OLD)
    for name in ("MODE", "BACKUPS", "BACKUP_AGE", "STALE_AGE"):
        assert getattr(module, name) == getattr(server, name)


def attempt(path: Path, expected: str | None, number: int) -> int:
    try:
        Storage(path).replace(OLD + b"%d" % number, expected)
    except Conflict:
        return 7
    return 0


@pytest.mark.parametrize("there", [True, False])
def test_of_several_writers_one_wins(
    there: bool, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def slowly(descriptor: int) -> None:
        time.sleep(0.05)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", slowly)
    expected = None
    if there:
        path.write_bytes(OLD)
        expected = tag_of(OLD)
    children = [fork(partial(attempt, path, expected, number)) for number in range(4)]
    results = [status_of(child) for child in children]
    assert sorted(results) == [0, 7, 7, 7]
    assert path.read_bytes() == OLD + b"%d" % results.index(0)


def test_a_reader_sees_whole_files(storage: Storage) -> None:
    versions = [OLD + bytes([number]) * 4096 for number in range(10)]
    tag = storage.replace(versions[0], None)
    seen, done = set[bytes](), threading.Event()

    def watch() -> None:
        while not done.is_set():
            found = storage.read()
            assert found is not None
            seen.add(found[0])

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        for version in versions[1:]:
            tag = storage.replace(version, tag)
        done.set()
        watching.result()
    assert seen <= {*versions}


def die_at(line: int) -> None:
    """From now on, end this process at the n-th line that storage.py runs."""
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


@pytest.mark.parametrize("drop", [False, True], ids=["keep", "drop"])
def test_killed_at_any_line_the_file_is_the_old_or_the_new(
    drop: bool, storage: Storage, path: Path
) -> None:
    backups = {f"store.bak{number}": OLD + b"%d" % number for number in (1, 2, 3)}
    outcomes = []
    for line in range(1, 500):
        for other in path.parent.iterdir():
            other.unlink()
        for name, data in {"store": OLD, **backups}.items():
            path.with_name(name).write_bytes(data)
        age(path.parent, BACKUP_AGE + 60)

        def work(line: int = line) -> None:
            die_at(line)
            storage.replace(NEW, tag_of(OLD), drop_backups=drop)

        status = status_of(fork(work))
        outcomes.append(path.read_bytes())
        assert outcomes[-1] in (OLD, NEW)
        if drop and outcomes[-1] == NEW:
            assert beside(path) == {"store": NEW}
        # A later save works, and leaves no litter.
        age(path.parent, STALE_AGE + 60)
        storage.replace(OTHER, tag_of(outcomes[-1]))
        assert not [name for name in beside(path) if ".tmp-" in name]
        if status == 0:
            break
        assert status == KILLED
    else:
        pytest.fail("never came to the end")
    assert outcomes == sorted(outcomes, reverse=True)
    assert outcomes.count(OLD) > 20
    assert outcomes.count(NEW) > 3


def test_an_error_while_writing_leaves_the_old_file_and_no_litter(
    storage: Storage, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.replace(OLD, None)

    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, fail)
            with pytest.raises(OSError):
                storage.replace(NEW, tag_of(OLD))
        assert beside(path) == {"store": OLD}


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_answer(
    storage: Storage, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc")
    storage.replace(OLD, None)
    events: list[str] = []
    sync, rename = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        target = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        size = os.fstat(descriptor).st_size
        events.append("sync folder" if target.is_dir() else f"sync {size}")
        sync(descriptor)

    def note_rename(source: Path, target: Path) -> None:
        rename(source, target)
        events.append(f"name {Path(target).name}")

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_rename)
    storage.replace(NEW + b"!", tag_of(OLD))
    assert events == [
        f"sync {len(NEW) + 1}",
        f"sync {len(OLD)}",
        "name store.bak1",
        "name store",
        "sync folder",
    ]


def test_killed_by_a_signal_a_program_leaves_whole_files(path: Path) -> None:
    """A writer in a process of its own, killed again and again."""
    code = (
        "import sys\n"
        "from kernel_connector.vault.storage import Storage\n"
        "storage = Storage(sys.argv[1])\n"
        "found = storage.read()\n"
        "tag = found[1] if found else None\n"
        "number = 0\n"
        "print(flush=True)\n"
        "while True:\n"
        "    number += 1\n"
        "    data = b'{\"credentialstore\":1,' + b'%d' % number * 20000 + b'}'\n"
        "    tag = storage.replace(data, tag)\n"
    )
    for turn in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.02 * turn)
            writer.kill()
        found = Storage(path).read()
        if found is not None:
            assert found[0].startswith(b'{"credentialstore":1,') and found[0].endswith(b"}")
