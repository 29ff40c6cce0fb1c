"""A disk that is full, or a quota that is used up, in the middle of a real server's save."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from files import age, doc, siblings
from kernel_connector.dotfile import BACKUP_AGE
from servers import NAME, Server

ROOM = 256 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with a quarter of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ("-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(folder))
    if not mount or subprocess.run([mount, *options], capture_output=True).returncode:
        pytest.skip("to mount a small disk is not allowed here: the limit on file sizes stands in")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(server: Server, tell: Callable[[str], None], what: str) -> None:
    """Save more and more, until there is no room for it; then make room."""
    etag, stored, size, saves = None, b"", 0, 0
    while True:
        size += 5_000
        body = doc(f"version of {size} ", size)
        # A backup each time.
        age(server.store.parent, BACKUP_AGE + 60)
        answer = server.put(body, etag)
        if answer.status == 507:
            break
        assert answer.status == 204
        etag, stored, saves = answer.etag, body, saves + 1
    assert saves > 2
    assert "disk is full" in json.loads(answer.body)["message"]
    assert server.get() == (200, etag, stored)
    beside = siblings(server.store)
    assert not [name for name in beside if ".tmp-" in name]
    assert all(data.startswith(b'{"credentialstore":') for data in beside.values())
    # What fits is saved all the same, and all again when there is room.
    smaller = server.put(doc("smaller"), etag, "?backups=drop")
    assert smaller.status == 204
    assert siblings(server.store) == {NAME: doc("smaller")}
    tell(f"{what}: full after {saves} saves, refused, old file kept")


def test_full_disk_keeps_the_old_file_and_says_so(
    small_disk: Path, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    server = Server(tmp_path, f"--CredentialStore.path={small_disk / NAME}")
    server.store = small_disk / NAME
    server.start()
    try:
        fill(server, tell, "a disk of 256 KiB")
        # Somebody else has taken the last byte.
        etag = server.get().etag
        with pytest.raises(OSError, match="No space"), (small_disk / "other").open("wb") as other:
            while True:
                other.write(bytes(1024))
                other.flush()
        refused = server.put(doc("more", 50_000), etag)
        assert refused.status == 507
        assert server.get().body == doc("smaller")
        (small_disk / "other").unlink()
        assert server.put(doc("more", 50_000), etag).status == 204
    finally:
        server.kill()


def test_quota_keeps_the_old_file_and_says_so(tmp_path: Path, tell: Callable[[str], None]) -> None:
    server = Server(tmp_path, file_limit=100_000)
    server.start()
    try:
        fill(server, tell, "files of 100 kB at most")
    finally:
        server.kill()
