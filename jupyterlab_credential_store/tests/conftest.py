"""A Jupyter server with the extension, and the one call to its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

# Not `pytest_plugins`, which would start a server for the other folders' tests too.
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPResponse
from traitlets.config import Config

Call = Callable[..., Awaitable[HTTPResponse]]
ROUTE = ("jupyterlab-credential-store", "file")
LIMIT = 4096


def siblings(path: Path) -> dict[str, bytes]:
    """What lies beside a file and is named after it, but for the lock."""
    return {
        other.name: other.read_bytes()
        for other in path.parent.iterdir()
        if other.name.startswith(path.name) and not other.name.endswith(".lock") and other.is_file()
    }


def doc(text: str, size: int = 0) -> bytes:
    """Bytes that begin like a store, so many at least."""
    return (b'{"credentialstore":1,"x":' + text.encode()).ljust(size, b" ")


@pytest.fixture
def path_trait() -> str | None:
    """`c.CredentialStore.path`; None leaves it unset. Parametrize a test to set it."""
    return None


@pytest.fixture  # type: ignore[no-redef]
def jp_server_config(path_trait: str | None, tmp_path: Path) -> Config:
    config = Config(
        {
            "ServerApp": {"jpserver_extensions": {"jupyterlab_credential_store": True}},
            "CredentialStore": {"max_bytes": LIMIT},
        }
    )
    if path_trait is not None:
        config.CredentialStore.path = path_trait.format(tmp=tmp_path)
    return config


@pytest.fixture
def home_file(jp_home_dir: Path) -> Path:
    """Where the server keeps the file, unless it is told otherwise."""
    return jp_home_dir / ".credentialstore"


@pytest.fixture
def call(jp_fetch: Callable[..., Awaitable[HTTPResponse]]) -> Call:
    """`await call("PUT", b"...", {"If-None-Match": "*"})`: the answer, whatever its status."""

    async def fetch(
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> HTTPResponse:
        options.setdefault("allow_nonstandard_methods", True)
        options.setdefault("follow_redirects", False)
        # jp_fetch adds the token to the very dictionary it is given.
        own = dict(headers or {})
        return await jp_fetch(
            *ROUTE, method=method, body=body, headers=own, raise_error=False, **options
        )

    return fetch


@pytest.fixture
def nobody() -> dict[str, str]:
    """Headers of somebody who has not logged in."""
    return {"Authorization": ""}


@pytest.fixture
def server(jp_serverapp: ServerApp) -> ServerApp:
    return jp_serverapp
