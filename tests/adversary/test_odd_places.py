"""What may lie at the store's path in a file's place, as a real server meets it."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from files import doc, mode, siblings
from kernel_connector.dotfile import etag_of
from servers import Answer, Server

HUGE = 200 * 1024 * 1024


def message(answer: Answer) -> str:
    found = json.loads(answer.body)
    assert list(found) == ["message"]
    return str(found["message"])


def make_directory(path: Path) -> None:
    path.mkdir()
    (path / "notes").write_text("mine")


def make_socket(path: Path) -> None:
    # Names of sockets are short.
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/full")


def make_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    "make", [make_directory, os.mkfifo, make_socket, make_device, make_link_to_itself]
)
@pytest.mark.parametrize("linked", [False, True], ids=["there", "behind a link"])
def test_what_is_no_file_is_neither_read_nor_replaced(
    make: Callable[[Path], None], linked: bool, server: Server, tell: Callable[[str], None]
) -> None:
    folder = server.home / "there"
    folder.mkdir()
    place = folder / "place" if linked else server.store
    make(place)
    if linked:
        server.store.symlink_to(place)
    before = place.lstat()
    for answer in (server.get(), server.put(doc("x"), None), server.put(doc("x"), etag_of(b""))):
        assert answer.status == 409
        assert "Move it away, or set CredentialStore.path" in message(answer)
    assert stat.S_IFMT(place.lstat().st_mode) == stat.S_IFMT(before.st_mode)
    assert place.lstat().st_ino == before.st_ino
    beside = {path.name for path in place.parent.iterdir() if path.name.startswith(place.name)}
    assert beside == {place.name}
    if place.is_dir():
        assert (place / "notes").read_text() == "mine"
    tell(f"{make.__name__.removeprefix('make_')} in the file's place: refused, untouched")


def test_link_is_followed_and_stays(server: Server) -> None:
    (server.home / "else").mkdir()
    target = server.home / "else" / "target"
    server.store.symlink_to(Path("else", "target"))
    first = server.put(doc("one"), None)
    assert server.put(doc("two"), first.etag).status == 204
    assert server.store.is_symlink()
    assert siblings(target) == {"target": doc("two"), "target.bak1": doc("one")}
    assert mode(target) == 0o600
    assert [path.name for path in server.home.glob(".credentialstore*")] == [server.store.name]


def test_read_only_file_is_read_but_not_replaced(
    server: Server, tell: Callable[[str], None]
) -> None:
    server.store.write_bytes(doc("one"))
    server.store.chmod(0o400)
    found = server.get()
    assert found == (200, etag_of(doc("one")), doc("one"))
    for query in ("", "?backups=drop"):
        answer = server.put(doc("two"), found.etag, query)
        assert answer.status == 403
        assert "chmod u+rw" in message(answer)
    assert siblings(server.store) == {server.store.name: doc("one")}
    assert mode(server.store) == 0o400
    server.store.chmod(0o600)
    assert server.put(doc("two"), found.etag).status == 204
    tell("a read-only file: read, not replaced, also by root")


def test_200_megabytes_are_neither_sent_nor_replaced(
    server: Server, tell: Callable[[str], None]
) -> None:
    with server.store.open("wb") as file:
        file.write(doc(""))
        file.truncate(HUGE)
    before = server.store.stat()
    for answer in (server.get(), server.put(doc("x"), None), server.put(doc("x"), etag_of(b""))):
        assert answer.status == 413
        assert "Move the file away" in message(answer)
    assert server.store.stat() == before
    assert len(siblings(server.store)) == 1
    tell("200 MB in the file's place: refused, untouched")


def test_what_is_no_store_is_not_replaced(server: Server, tell: Callable[[str], None]) -> None:
    for data in (b"", b"my notes", b"\0" * 1000, b'{"credentials": {}}'):
        server.store.write_bytes(data)
        answer = server.put(doc("x"), etag_of(data))
        assert answer.status == 409
        assert "Move it away" in message(answer)
        assert siblings(server.store) == {server.store.name: data}
    tell("another program's file in the file's place: refused, untouched")
