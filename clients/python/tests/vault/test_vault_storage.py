"""The bytes at a path: atomic, exclusive, private, and nothing that is not ours."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from kernel_connector import dotfile
from kernel_connector.vault import VaultError
from kernel_connector.vault import storage as module
from kernel_connector.vault.storage import Storage, tag_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="flock, modes")

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


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(VaultError) as caught:
        act()
    assert caught.value.code == code


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


def test_a_link_is_followed_and_stays(storage: Storage, path: Path) -> None:
    target = path.with_name("target")
    path.symlink_to(target)
    assert storage.read() is None
    tag = storage.replace(OLD, None)
    assert storage.read() == (OLD, tag)
    storage.replace(NEW, tag)
    assert path.is_symlink() and target.read_bytes() == NEW
    assert {*beside(path)} == {"store", "target", "target.bak1"}


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


def test_sizes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE_LIMIT", len(OLD))
    storage = Storage(path)
    tag = storage.replace(OLD, None)
    with pytest.raises(ValueError, match="16 MiB"):
        storage.replace(OLD + b"x", tag)
    for start, code in [
        (OLD, "damaged"),
        (b"x" + OLD, "foreign"),
        (b'{"credentialstore":2}', "newer"),
    ]:
        path.write_bytes(start + OLD)
        refused(code, storage.read)
        refused(code, partial(storage.replace, OLD, tag_of(start + OLD)))
        assert path.read_bytes() == start + OLD


def test_the_lock_is_waited_for_but_not_for_ever(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with storage._dotfile.lock():
            later = pool.submit(storage.replace, OLD, None)
            time.sleep(0.1)
            assert not later.done()
        assert later.result(5) == tag_of(OLD)
    monkeypatch.setattr(dotfile, "LOCK_WAIT", 0.05)
    with storage._dotfile.lock():
        refused("busy", partial(storage.replace, NEW, tag_of(OLD)))


def test_server_and_command_line_exclude_each_other(
    storage: Storage, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = pytest.importorskip("jupyterlab_credential_store.config")
    server = config.CredentialStore()
    server.path = str(path)
    monkeypatch.setattr(dotfile, "LOCK_WAIT", 0.05)
    with server.dotfile.lock():
        refused("busy", partial(storage.replace, OLD, None))
    with storage._dotfile.lock(), pytest.raises(dotfile.Busy):
        server.dotfile.replace(OLD, None)
    # Each takes the other's file and tags for its own.
    tag = server.dotfile.replace(NEW, storage.replace(OLD, None))
    storage.replace(OTHER, tag)
    assert beside(path) == {"store": OTHER, "store.bak1": OLD}


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
