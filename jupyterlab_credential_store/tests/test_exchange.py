"""GET and PUT, as src/server/file.ts calls them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyterlab_credential_store.handlers import PATH_HEADER

from .conftest import doc, siblings

CREATE = {"If-None-Match": "*"}
BINARY = doc("") + bytes(range(256)) + b"\r\n\0\0\xff\xfe"


def tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()}"'


async def test_no_file_yet(call: Any) -> None:
    response = await call()
    assert response.code == 404
    assert response.headers[PATH_HEADER] == "~/.credentialstore"
    assert "ETag" not in response.headers


async def test_read_gives_the_bytes_and_a_strong_tag(call: Any, home_file: Path) -> None:
    home_file.write_bytes(BINARY)
    response = await call()
    assert response.code == 200
    assert response.body == BINARY
    assert response.headers["ETag"] == tag(BINARY)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers[PATH_HEADER] == "~/.credentialstore"


@pytest.mark.parametrize(
    ("form", "status"),
    [("{}", 304), ("W/{}", 304), ('"other", {}', 304), ("*", 304), ('"other"', 200), ("", 200)],
)
async def test_unchanged_file_is_not_sent_again(
    form: str, status: int, call: Any, home_file: Path
) -> None:
    home_file.write_bytes(doc("one"))
    response = await call(headers={"If-None-Match": form.format(tag(doc("one")))})
    assert response.code == status
    assert response.headers["ETag"] == tag(doc("one"))
    assert response.body == (b"" if status == 304 else doc("one"))


async def test_create_then_replace(call: Any, home_file: Path) -> None:
    created = await call("PUT", BINARY, CREATE)
    assert (created.code, created.body) == (204, b"")
    assert "Content-Type" not in created.headers
    assert created.headers["ETag"] == tag(BINARY)
    assert created.headers[PATH_HEADER] == "~/.credentialstore"
    assert home_file.read_bytes() == BINARY

    replaced = await call("PUT", doc("two"), {"If-Match": created.headers["ETag"]})
    assert replaced.code == 204
    assert replaced.headers["ETag"] == tag(doc("two"))
    assert (await call()).body == doc("two")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"If-None-Match": tag(doc("one"))},
        {"If-None-Match": ""},
        {"If-Match": tag(doc("one")), "If-None-Match": "*"},
    ],
    ids=["none", "tag", "empty", "both"],
)
async def test_write_without_a_clear_condition_is_refused(
    headers: dict[str, str], call: Any, home_file: Path
) -> None:
    home_file.write_bytes(doc("one"))
    assert (await call("PUT", doc("two"), headers)).code == 428
    assert siblings(home_file) == {home_file.name: doc("one")}


async def test_write_over_another_version_is_refused(call: Any, home_file: Path) -> None:
    home_file.write_bytes(doc("one"))
    for headers in (CREATE, {"If-Match": tag(doc("other"))}):
        response = await call("PUT", doc("two"), headers)
        assert response.code == 412
        assert response.headers["ETag"] == tag(doc("one"))
        assert response.headers[PATH_HEADER] == "~/.credentialstore"
    assert siblings(home_file) == {home_file.name: doc("one")}


async def test_write_over_a_file_that_is_gone_is_refused(call: Any, home_file: Path) -> None:
    response = await call("PUT", doc("two"), {"If-Match": tag(doc("one"))})
    assert response.code == 412
    assert "ETag" not in response.headers
    assert siblings(home_file) == {}


async def test_empty_body_is_refused(call: Any, home_file: Path) -> None:
    home_file.write_bytes(doc("one"))
    assert (await call("PUT", b"", {"If-Match": tag(doc("one"))})).code == 400
    assert siblings(home_file) == {home_file.name: doc("one")}


async def test_bytes_that_are_no_store_are_not_written(call: Any, home_file: Path) -> None:
    for body in (b"my notes", b"{}", b"\0" + doc("one")):
        response = await call("PUT", body, CREATE)
        assert response.code == 422
        assert "no credential store" in json.loads(response.body)["message"]
    assert siblings(home_file) == {}


async def test_file_that_is_no_store_is_sent_but_never_replaced(call: Any, home_file: Path) -> None:
    home_file.write_bytes(b"my notes")
    assert (await call()).body == b"my notes"
    for params in ({}, {"backups": "drop"}):
        response = await call("PUT", doc("one"), {"If-Match": tag(b"my notes")}, params=params)
        assert response.code == 409
        assert "Move it away" in json.loads(response.body)["message"]
        assert response.headers[PATH_HEADER] == "~/.credentialstore"
    assert (await call("PUT", doc("one"), CREATE)).code == 412
    assert siblings(home_file) == {home_file.name: b"my notes"}


async def test_one_of_many_writers_at_once_wins(call: Any, home_file: Path) -> None:
    home_file.write_bytes(doc("one"))
    bodies = [doc(f"writer {number}") for number in range(8)]
    answers = await asyncio.gather(
        *(call("PUT", body, {"If-Match": tag(doc("one"))}) for body in bodies)
    )
    assert sorted(answer.code for answer in answers) == [204] + [412] * 7
    winner = bodies[[answer.code for answer in answers].index(204)]
    assert home_file.read_bytes() == winner
    assert {answer.headers["ETag"] for answer in answers} == {tag(winner)}


async def test_backups_are_kept_unless_dropped(call: Any, home_file: Path) -> None:
    name, backup = home_file.name, f"{home_file.name}.bak1"
    home_file.write_bytes(doc("one"))
    await call("PUT", doc("two"), {"If-Match": tag(doc("one"))})
    assert siblings(home_file) == {name: doc("two"), backup: doc("one")}
    await call("PUT", doc("three"), {"If-Match": tag(doc("two"))}, params={"backups": "other"})
    assert siblings(home_file) == {name: doc("three"), backup: doc("one")}
    await call("PUT", doc("four"), {"If-Match": tag(doc("three"))}, params={"backups": "drop"})
    assert siblings(home_file) == {name: doc("four")}


async def test_a_form_in_the_body_is_bytes_too(call: Any, home_file: Path) -> None:
    body = doc("&backups=drop&_xsrf=1")
    home_file.write_bytes(doc("one"))
    headers = {"If-Match": tag(doc("one")), "Content-Type": "application/x-www-form-urlencoded"}
    assert (await call("PUT", body, headers)).code == 204
    name = home_file.name
    assert siblings(home_file) == {name: body, f"{name}.bak1": doc("one")}


async def test_refusal_is_a_message(call: Any) -> None:
    response = await call("PUT", doc("x"), {})
    assert response.headers["Content-Type"] == "application/json"
    assert list(json.loads(response.body)) == ["message"]


VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=80)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example("*")
@example("")
@example("W/" + tag(doc("one")))
@example(tag(doc("one")).strip('"'))
@example(tag(doc("one")) + ", " + tag(doc("one")))
@example(tag(doc("one")).upper())
@example(tag(doc("one"))[:-2] + '"')
@given(VISIBLE | VISIBLE.map(lambda text: f'"{text}"'))
def test_nothing_but_the_exact_tag_matches(
    call: Any, jp_asyncio_loop: asyncio.AbstractEventLoop, home_file: Path, header: str
) -> None:
    home_file.write_bytes(doc("one"))
    response = jp_asyncio_loop.run_until_complete(call("PUT", doc("two"), {"If-Match": header}))
    assert response.code == 412
    assert siblings(home_file) == {home_file.name: doc("one")}
