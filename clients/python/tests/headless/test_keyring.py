"""keyring's own suite, with the store as its backend; and how keyring finds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring.errors
import pytest
from kernel_connector import headless
from kernel_connector.keyring_backend import CredentialStoreKeyring
from kernel_connector.vault import Entry, Field
from keyring.testing.backend import BackendBasicTests
from programs import PASSPHRASE, Home, said

READ = "import keyring; print(keyring.get_password('db', 'me'), keyring.get_password('db', 'you'))"


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """This process uses the store."""
    monkeypatch.setenv("CREDENTIALSTORE_PATH", str(home.store))
    monkeypatch.setenv("CREDENTIALSTORE_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.runtime))
    yield home
    headless._open.clear()


class TestSuiteOfKeyring(BackendBasicTests):
    @pytest.fixture(autouse=True)
    def _store(self, here: Home) -> None:
        self.home = here

    # Its own fixture asks for the store first.
    @pytest.fixture(autouse=True)
    def _init_properties(self, request: Any, _store: None) -> None:
        self.keyring = self.init_keyring()
        self.credentials_created: set[tuple[str, str]] = set()
        request.addfinalizer(self.cleanup)

    def init_keyring(self) -> CredentialStoreKeyring:
        return CredentialStoreKeyring()


def test_reads_what_somebody_made_by_hand(here: Home) -> None:
    ring = CredentialStoreKeyring()
    assert ring.get_password("db", "me") == "hunter2"
    assert ring.get_password("db", "you") is None
    found = ring.get_credential("db", None)
    assert found is not None and (found.username, found.password) == ("me", "hunter2")
    # Its only field, whatever its name.
    assert ring.get_password("api", "") == "s3cret-token"


def test_changes_what_it_would_read_and_nothing_else(here: Home) -> None:
    ring = CredentialStoreKeyring()
    ring.set_password("db", "me", "new")
    ring.set_password("db", "you", "yours")
    store = here.open()
    assert {row.name for row in store.vault.rows()} == {"api", "db", "db (2)"}
    row = store.vault.find("db")
    assert row is not None
    values = {one.name: str(one.value) for one in store.vault.read(row.id).fields}
    assert values == {"value": "new", "host": "h.example"}
    assert ring.get_password("db", "you") == "yours"


def test_does_not_delete_an_entry_that_has_more(here: Home) -> None:
    ring = CredentialStoreKeyring()
    with pytest.raises(keyring.errors.PasswordDeleteError, match="more than the password"):
        ring.delete_password("db", "me")
    ring.delete_password("api", "")
    assert {row.name for row in here.open().vault.rows()} == {"db"}


def test_what_it_makes_has_a_name_for_people(here: Home) -> None:
    ring = CredentialStoreKeyring()
    for service in ("https://pypi.org/legacy/", "a\nb", " ", "x" * 300, "e\u0301"):
        ring.set_password(service, "me", "p")
        assert ring.get_password(service, "me") == "p"
    names = {row.name for row in here.open().vault.rows()} - {"db", "api"}
    assert names == {"https://pypi.org/legacy/", "a b", "keyring", "x" * 256, "\u00e9"}


def test_of_two_entries_with_one_name_each_user_gets_his_own(here: Home) -> None:
    store = here.open()
    for user in ("a", "b"):
        store.vault.put(Entry("twice", (Field("value", f"of {user}"),), user=user))
    store.save()
    said(here.run("unlock"))
    ring = CredentialStoreKeyring()
    assert [ring.get_password("twice", user) for user in ("a", "b")] == ["of a", "of b"]


def test_without_passphrase_or_agent_it_is_locked(
    here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALSTORE_PASSPHRASE")
    ring = CredentialStoreKeyring()
    with pytest.raises(keyring.errors.KeyringLocked, match="CREDENTIALSTORE_PASSPHRASE_FILE"):
        ring.get_password("db", "me")
    with pytest.raises(keyring.errors.KeyringLocked):
        ring.set_password("db", "me", "x")
    said(here.run("unlock"))
    assert ring.get_password("db", "me") == "hunter2"
    monkeypatch.setenv("CREDENTIALSTORE_PASSPHRASE", "wrong passphrase")
    with pytest.raises(keyring.errors.KeyringLocked, match="does not open"):
        ring.set_password("db", "me", "x")


def test_is_viable_where_there_is_a_store(
    here: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert 0 < CredentialStoreKeyring.priority < 1
    monkeypatch.setenv("CREDENTIALSTORE_PATH", str(tmp_path / "none"))
    assert not CredentialStoreKeyring.viable


def test_keyring_takes_it_by_name(home: Home) -> None:
    name = "kernel_connector.keyring_backend.CredentialStoreKeyring"
    done = home.python(READ, PYTHON_KEYRING_BACKEND=name)
    assert done.stdout == b"hunter2 None\n", done.stderr
    command = [sys.executable, "-m", "keyring", "get", "db", "me"]
    assert home.execute(command, PYTHON_KEYRING_BACKEND=name).stdout == b"hunter2\n"


def test_its_entry_point_is_declared() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '[project.entry-points."keyring.backends"]' in text
    assert 'credentialstore = "kernel_connector.keyring_backend"' in text
