"""Who may call the handler."""

from __future__ import annotations

import json
import warnings
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPResponse
from traitlets.config import Config

from jupyterlab_credential_store.handlers import PATH_HEADER

from .conftest import doc

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SECRET = b"SECRETBYTES"
CREATE = {"If-None-Match": "*"}


class Denier(Authorizer):
    """Denies, and remembers what it was asked."""

    asked: list[tuple[str, str]]

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        self.asked = [*getattr(self, "asked", []), (action, resource)]
        return False


def cookies_of(response: HTTPResponse) -> dict[str, str]:
    found = SimpleCookie()
    for line in response.headers.get_list("Set-Cookie"):
        found.load(line)
    return {name: morsel.value for name, morsel in found.items()}


def assert_nothing_told(response: HTTPResponse) -> None:
    assert PATH_HEADER not in response.headers
    assert "ETag" not in response.headers
    assert SECRET not in (response.body or b"")


@pytest.mark.parametrize("closed", [False, True], ids=["default", "closed"])
async def test_unauthenticated_is_refused_and_told_nothing(
    closed: bool, server: ServerApp, call: Any, home_file: Path, nobody: dict[str, str]
) -> None:
    server.web_app.settings["allow_unauthenticated_access"] = not closed
    home_file.write_bytes(SECRET)
    for method in METHODS:
        body = b"x" if method in ("POST", "PUT", "PATCH") else None
        response = await call(method, body, {**nobody, **CREATE})
        assert_nothing_told(response)
        if method in ("GET", "PUT"):
            assert response.code == 403, method
        elif method == "OPTIONS":
            assert response.body == b""
        else:
            assert response.code in (403, 405), method
    assert home_file.read_bytes() == SECRET


async def test_wrong_token_is_refused(call: Any, home_file: Path) -> None:
    home_file.write_bytes(SECRET)
    response = await call(headers={"Authorization": "token wrong"})
    assert response.code == 403
    assert_nothing_told(response)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PATCH", "DELETE"])
async def test_only_get_and_put_exist(method: str, call: Any, home_file: Path) -> None:
    home_file.write_bytes(SECRET)
    response = await call(method, b"x" if method in ("POST", "PATCH") else None)
    assert response.code == 405
    assert home_file.read_bytes() == SECRET


def test_server_closed_to_the_unauthenticated_has_nothing_to_complain_of(
    jp_configurable_serverapp: Any, jp_server_config: Config
) -> None:
    jp_server_config.ServerApp.allow_unauthenticated_access = False
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        jp_configurable_serverapp(config=jp_server_config)
    assert not [one for one in caught if "FileHandler" in str(one.message)]


async def test_authorizer_decides_by_action_and_resource(
    server: ServerApp, call: Any, home_file: Path
) -> None:
    denier = Denier(parent=server)
    server.web_app.settings["authorizer"] = denier
    home_file.write_bytes(SECRET)
    for method, body, headers in [("GET", None, {}), ("PUT", doc("new"), CREATE)]:
        response = await call(method, body, headers)
        assert response.code == 403
        assert_nothing_told(response)
    assert denier.asked == [("read", "credentialstore"), ("write", "credentialstore")]
    assert home_file.read_bytes() == SECRET


async def test_cookie_without_xsrf_token_cannot_write(
    call: Any, http_server_client: Any, jp_base_url: str, home_file: Path, nobody: dict[str, str]
) -> None:
    cookies = cookies_of(await call())
    login = await http_server_client.fetch(f"{jp_base_url}login", raise_error=False)
    cookies |= cookies_of(login)
    token = cookies["_xsrf"]
    cookie = {**nobody, "Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items())}

    assert (await call(headers=cookie)).code == 404

    refused = await call("PUT", doc("new"), {**cookie, **CREATE})
    assert refused.code == 403
    assert "_xsrf" in json.loads(refused.body)["message"]
    refused = await call("PUT", doc("new"), {**cookie, **CREATE, "X-XSRFToken": "1" + token[1:]})
    assert refused.code == 403
    assert not home_file.exists()

    assert (await call("PUT", doc("new"), {**cookie, **CREATE, "X-XSRFToken": token})).code == 204
    assert home_file.read_bytes() == doc("new")


async def test_foreign_host_is_refused(call: Any, home_file: Path) -> None:
    home_file.write_bytes(SECRET)
    foreign = await call(headers={"Host": "evil.example"})
    assert foreign.code == 403
    assert_nothing_told(foreign)
