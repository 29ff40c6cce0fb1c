"""Which way a credential comes, in a process that has a page, or none."""

from __future__ import annotations

import getpass
import io
import sys
from typing import Any

import kernel_connector as kc
import pytest
from kernel_connector import api, headless
from page import grant
from programs import Home


@pytest.fixture(autouse=True)
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page, no terminal, no agent, and a passphrase in the environment."""
    for name, value in home.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(api, "_came", {})
    monkeypatch.setattr(headless, "_open", {})


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: grant(prompt, "of the page"))


def test_without_a_page_the_next_way_that_is_open_is_gone() -> None:
    assert kc.get_credential("db", "value") == "hunter2"
    assert kc.get_credentials("api") == ("s3cret-token",)


def test_a_page_without_a_store_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "")
    assert kc.get_credential("api") == "s3cret-token"


@pytest.mark.usefixtures("page")
def test_a_way_that_is_named_is_the_only_one() -> None:
    assert kc.get_credential("api") == "of the page"
    assert kc.get_credential("api", source="environment") == "s3cret-token"
    assert kc.get_credentials("api", source="environment") == ("s3cret-token",)
    with pytest.raises(kc.NoFrontend, match=r"^There is no terminal here .* of \"api\"\.$"):
        kc.get_credential("api", source="terminal")


def test_a_way_that_is_none_is_refused() -> None:
    wrong: Any = "page"
    with pytest.raises(ValueError, match=r"must be one of front-end, agent, environment, terminal"):
        kc.get_credential("api", source=wrong)


def test_what_is_not_in_the_file_can_be_added_at_the_command_line() -> None:
    with pytest.raises(kc.CredentialNotFound) as caught:
        kc.get_credential("none of these")
    assert str(caught.value) == (
        'There is no credential "none of these". Add it with "credentialstore set".'
    )


def test_an_error_leaves_behind_what_was_read_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALSTORE_PASSPHRASE", "not the passphrase")
    with pytest.raises(kc.StoreLocked, match="does not open") as caught:
        kc.get_credential("api")
    assert caught.value.__context__ is None
    assert caught.value.__traceback__ is not None
    traceback = caught.value.__traceback__.tb_next
    while traceback:
        assert "not the passphrase" not in map(str, traceback.tb_frame.f_locals.values())
        traceback = traceback.tb_next


def test_source_tells_the_way_that_would_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kc.source("api") == "environment"
    monkeypatch.setattr(getpass, "getpass", lambda prompt: pytest.fail("nobody is asked"))
    assert kc.source("api") == "front-end"


@pytest.mark.usefixtures("page")
def test_source_tells_the_way_that_was_gone() -> None:
    kc.get_credential("api", source="environment")
    assert (kc.source("api"), kc.source("db")) == ("environment", "front-end")


def test_source_without_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALSTORE_PASSPHRASE")
    with pytest.raises(kc.NoFrontend, match=r"^Nothing here can hand out \"api\": there is no fr"):
        kc.source("api")
    wrong: Any = 1
    with pytest.raises(TypeError, match=r"^The name must be a str, not int\.$"):
        kc.source(wrong)
