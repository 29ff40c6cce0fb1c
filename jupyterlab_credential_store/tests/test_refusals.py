"""What the disk may refuse, as the page gets to hear it; and what nobody gets to hear."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kernel_connector import dotfile as module
from kernel_connector.dotfile import Dotfile, etag_of
from tornado.httpclient import HTTPResponse

from jupyterlab_credential_store.handlers import PATH_HEADER

from .conftest import LIMIT, ROUTE, doc, siblings

CREATE = {"If-None-Match": "*"}
OVER_ONE = {"If-Match": etag_of(doc("one"))}


def fail_with(code: int) -> Callable[..., Any]:
    def fail(*args: Any, **options: Any) -> Any:
        raise OSError(code, os.strerror(code), "/a/path/of/the/server")

    return fail


def assert_refused(response: HTTPResponse, status: int) -> None:
    assert response.code == status
    assert list(json.loads(response.body)) == ["message"]
    assert b"/a/path" not in response.body
    assert response.headers[PATH_HEADER] == "~/.credentialstore"


async def test_body_of_the_limit_is_stored_and_one_byte_more_refused(
    call: Any, home_file: Path
) -> None:
    full = doc("", LIMIT)
    assert (await call("PUT", full, CREATE)).code == 204
    assert_refused(await call("PUT", full + b"x", {"If-Match": etag_of(full)}), 413)
    assert siblings(home_file) == {home_file.name: full}
    assert (await call()).body == full


async def test_body_in_chunks_is_counted(call: Any, home_file: Path) -> None:
    for size, status in [(LIMIT + 1, 413), (LIMIT, 204)]:

        async def produce(write: Callable[[bytes], Any], size: int = size) -> None:
            for start in range(0, size, 1000):
                await write(doc("", size)[start : start + 1000])

        response = await call("PUT", None, CREATE, body_producer=produce)
        assert response.code == status
        assert home_file.exists() == (status == 204)


async def answer_to(port: int, *parts: bytes) -> bytes:
    """What the server answers to a connection that sends the parts, then ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    # The server may hang up first.
    with contextlib.suppress(OSError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.02)
        writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (b"Content-Length: 100", b"x" * 99),
        (b"Transfer-Encoding: chunked", b"5\r\nxxxxx\r\n5\r\nxx"),
        (b"Transfer-Encoding: chunked", b"5\r\nxxxxx\r\n"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"3\r\nxxx\r\n0\r\n\r\n"),
        (b"Content-Length: 3\r\nContent-Length: 4", b"xxxx"),
        (b"Content-Length: -1", b"x"),
        (b"Content-Length: 99999999999999", b"x"),
    ],
)
async def test_body_that_is_not_what_its_length_says_is_not_stored(
    framing: bytes,
    body: bytes,
    call: Any,
    http_server: Any,
    jp_http_port: int,
    jp_base_url: str,
    jp_auth_header: dict[str, str],
    home_file: Path,
) -> None:
    home_file.write_bytes(doc("one"))
    head = (
        f"PUT {jp_base_url}{'/'.join(ROUTE)} HTTP/1.1\r\nHost: localhost:{jp_http_port}\r\n"
        f"Authorization: {jp_auth_header['Authorization']}\r\nIf-Match: {OVER_ONE['If-Match']}\r\n"
    ).encode()
    assert b" 204 " not in await answer_to(jp_http_port, head + framing + b"\r\n\r\n", body)
    await asyncio.sleep(0.05)
    assert siblings(home_file) == {home_file.name: doc("one")}


@pytest.mark.parametrize("name", ["open", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
async def test_full_disk_is_told_from_the_rest(
    name: str, code: int, call: Any, home_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home_file.write_bytes(doc("one"))
    with monkeypatch.context() as patch:
        patch.setattr(f"{module.__name__}.os.{name}", fail_with(code))
        response = await call("PUT", doc("two"), OVER_ONE)
    assert_refused(response, 507)
    assert siblings(home_file) == {home_file.name: doc("one")}


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EIO])
async def test_disk_that_refuses(
    code: int, call: Any, home_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home_file.write_bytes(doc("one"))
    with monkeypatch.context() as patch:
        patch.setattr(f"{module.__name__}.os.open", fail_with(code))
        assert_refused(await call(), 403)
        assert_refused(await call("PUT", doc("two"), OVER_ONE), 403)
        assert_refused(await call("PUT", doc("two"), CREATE), 403)
    assert siblings(home_file) == {home_file.name: doc("one")}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
async def test_unreadable_file_is_not_replaced(call: Any, home_file: Path) -> None:
    home_file.write_bytes(doc("one"))
    home_file.chmod(0)
    assert_refused(await call(), 403)
    assert_refused(await call("PUT", doc("two"), CREATE), 403)
    home_file.chmod(0o600)
    assert home_file.read_bytes() == doc("one")


async def test_directory_at_the_path(call: Any, home_file: Path) -> None:
    home_file.mkdir()
    for response in (await call(), await call("PUT", doc("x"), CREATE)):
        assert_refused(response, 409)
        assert "CredentialStore.path" in json.loads(response.body)["message"]
    assert list(home_file.iterdir()) == []


async def test_missing_home(call: Any, jp_home_dir: Path) -> None:
    for child in jp_home_dir.iterdir():
        child.unlink()
    jp_home_dir.rmdir()
    assert (await call()).code == 404
    assert_refused(await call("PUT", doc("x"), CREATE), 403)
    assert not jp_home_dir.exists()


async def test_file_over_the_limit_is_neither_sent_nor_replaced(call: Any, home_file: Path) -> None:
    data = doc("", LIMIT + 1)
    home_file.write_bytes(data)
    assert_refused(await call(), 413)
    assert_refused(await call("PUT", doc("two"), {"If-Match": etag_of(data)}), 413)
    assert siblings(home_file) == {home_file.name: data}


@pytest.mark.skipif(os.name != "posix", reason="flock")
async def test_lock_that_is_never_released(
    call: Any, home_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_WAIT", 0.1)
    with Dotfile(home_file, LIMIT).lock():
        response = await asyncio.wait_for(call("PUT", doc("two"), CREATE), 5)
        assert_refused(response, 503)
    assert siblings(home_file) == {}
    assert (await call("PUT", doc("two"), CREATE)).code == 204


@pytest.mark.parametrize("method", ["read", "replace"])
async def test_unforeseen_error_shows_no_traceback(
    method: str, call: Any, home_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> Any:
        raise KeyError("INNERMOST")

    home_file.write_bytes(doc("FILEBYTES"))
    monkeypatch.setattr(Dotfile, method, fail)
    response = await call(*(("GET",) if method == "read" else ("PUT", doc("NEWBYTES"), CREATE)))
    assert response.code == 500
    for word in (b"INNERMOST", b"FILEBYTES", b"NEWBYTES", b"Traceback", b"dotfile", b"KeyError"):
        assert word not in response.body


async def test_no_byte_of_the_file_is_logged(
    call: Any, home_file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    old, new = doc("OLDBYTES" * 8), doc("NEWBYTES" * 8)
    form = {"Content-Type": "application/json"}
    seen = [
        await call("PUT", old, CREATE),
        await call(),
        await call("PUT", new, CREATE),
        await call("PUT", new, form),
        await call("PUT", new * LIMIT, {"If-Match": etag_of(old)}),
        await call("POST", new),
        await call("PUT", new, {**CREATE, "Authorization": ""}),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(f"{module.__name__}.os.fsync", fail_with(errno.ENOSPC))
        seen.append(await call("PUT", new, {"If-Match": etag_of(old)}))
        patch.setattr(f"{module.__name__}.os.fsync", lambda _: 1 / 0)
        seen.append(await call("PUT", new, {"If-Match": etag_of(old)}))
    assert [one.code for one in seen] == [204, 200, 412, 428, 413, 405, 403, 507, 500]
    logged = caplog.text + "".join(repr(record.__dict__) for record in caplog.records)
    assert "ZeroDivisionError" in logged
    for word in ("OLDBYTES", "NEWBYTES"):
        assert word not in logged
    for response in seen[2:]:
        assert b"BYTES" not in response.body
