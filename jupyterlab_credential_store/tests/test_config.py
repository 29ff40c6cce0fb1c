"""The traits, and how the extension is found."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jupyter_server.serverapp import ServerApp
from kernel_connector.dotfile import NotAFile
from traitlets import TraitError
from traitlets.config import Config

import jupyterlab_credential_store
from jupyterlab_credential_store.config import CredentialStore
from jupyterlab_credential_store.handlers import PATH_HEADER, route

from .conftest import doc

CREATE = {"If-None-Match": "*"}


def configured(path: str) -> Config:
    return Config({"CredentialStore": {"path": path}})


@pytest.mark.parametrize(
    ("path_trait", "place", "shown"),
    [
        ("~/.config store/ü", "home/.config store/ü", "~/.config store/ü"),
        ("{tmp}/else/where", "else/where", "{tmp}/else/where"),
        ("{tmp}/home/.store", "home/.store", "~/.store"),
        ("{tmp}/home2/.store", "home2/.store", "{tmp}/home2/.store"),
    ],
)
async def test_path_is_expanded_and_shown(
    place: str, shown: str, tmp_path: Path, call: Any
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    response = await call("PUT", doc("one"), CREATE)
    assert response.code == 204
    assert (tmp_path / place).read_bytes() == doc("one")
    header = response.headers[PATH_HEADER]
    assert header.isascii()
    assert " " not in header
    assert unquote(header) == shown.format(tmp=tmp_path)


async def test_link_is_shown_not_its_target(call: Any, home_file: Path, tmp_path: Path) -> None:
    home_file.symlink_to(tmp_path / "target")
    assert (await call("PUT", doc("one"), CREATE)).headers[PATH_HEADER] == "~/.credentialstore"
    assert (tmp_path / "target").read_bytes() == doc("one")


async def test_no_home_at_all(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What expanduser does for a user without $HOME and without a line in /etc/passwd.
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    for response in (await call(), await call("PUT", doc("one"), CREATE)):
        assert response.code == 409
        assert b"CredentialStore.path" in response.body
        assert unquote(response.headers[PATH_HEADER]) == "~/.credentialstore"
    assert not Path("~").exists()


def test_path_is_shown_whole_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    store = CredentialStore(config=configured("/data/store"))
    assert store.display_path == "/data/store"
    assert store.dotfile.read() is None


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_path_that_cannot_be_a_files(path: str) -> None:
    with pytest.raises(NotAFile):
        CredentialStore(config=configured(path)).dotfile.read()


async def test_path_that_is_no_text_is_shown_all_the_same(
    server: ServerApp, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CredentialStore, "display_path", os.fsdecode(b"/home/\xff"))
    response = await call()
    assert response.code == 404
    assert unquote(response.headers[PATH_HEADER]) == "/home/?"


def test_limit_has_a_floor_and_a_default() -> None:
    assert CredentialStore().max_bytes == 16 * 1024 * 1024
    with pytest.raises(TraitError):
        CredentialStore(config=Config({"CredentialStore": {"max_bytes": 1023}}))


def test_route_lies_under_the_base_url() -> None:
    assert route("/user/me/") == "/user/me/jupyterlab-credential-store/file"


def test_extension_is_announced_under_its_name() -> None:
    points = jupyterlab_credential_store._jupyter_server_extension_points()
    assert points == [{"module": "jupyterlab_credential_store"}]
    assert importlib.util.find_spec(points[0]["module"])
    extension = jupyterlab_credential_store._jupyter_labextension_paths()
    assert extension == [{"src": "labextension", "dest": "jupyterlab-credential-store"}]
    assert isinstance(jupyterlab_credential_store.__version__, str)


def test_import_in_a_kernel_needs_no_server() -> None:
    code = (
        "import sys\n"
        "sys.modules['jupyter_server'] = sys.modules['tornado'] = None\n"
        "sys.modules['traitlets'] = None\n"
        "import jupyterlab_credential_store\n"
    )
    root = pathlib.Path(jupyterlab_credential_store.__file__).parents[1]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
