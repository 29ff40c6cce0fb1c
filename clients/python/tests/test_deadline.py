"""A page that does not answer, since it is gone, and the time that was allowed."""

from __future__ import annotations

import getpass
import threading
import time
from typing import Any

import kernel_connector as kc
import pytest
from kernel_connector import api
from kernel_connector.deadline import _Watch, deadline
from page import grant

#: As it is when nobody has shortened it.
GRACE = api._GRACE


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_GRACE", 0.1)


def wait(prompt: str) -> str:
    """As ipykernel does: only an interrupt gets through."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            time.sleep(0.01)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Interrupted by user") from None
    return ""


def test_nobody_answers_and_the_time_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", wait)
    begun = time.monotonic()
    with pytest.raises(kc.CredentialTimeout, match='No answer about "db" came in time'):
        kc.get_credential("db", timeout=0.1)
    assert time.monotonic() - begun < 5
    # Nothing is left of it: the next question is asked.
    monkeypatch.setattr(getpass, "getpass", lambda prompt: grant(prompt, "hunter2"))
    assert kc.get_credential("db", timeout=0.1) == "hunter2"


def test_the_error_is_two_seconds_late_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_GRACE", GRACE)
    monkeypatch.setattr(getpass, "getpass", wait)
    begun = time.monotonic()
    with pytest.raises(kc.CredentialTimeout):
        kc.get_credential("db", timeout=0.5)
    # A second and a half is for a machine that has other work.
    assert 0.5 < time.monotonic() - begun < 0.5 + 2 + 1.5


def test_answer_in_time_is_followed_by_no_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: grant(prompt, "hunter2"))
    for _ in range(20):
        assert kc.get_credential("db", timeout=0.01) == "hunter2"
    time.sleep(0.3)


def test_interrupt_by_the_person_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(prompt: str) -> Any:
        raise KeyboardInterrupt("Interrupted by user")

    monkeypatch.setattr(getpass, "getpass", interrupted)
    with pytest.raises(KeyboardInterrupt, match="by user"):
        kc.get_credential("db", timeout=5)


def test_answer_at_the_last_moment_is_an_answer_or_a_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for delay in range(80, 120):

        def answer(prompt: str, delay: int = delay) -> str:
            time.sleep(delay / 1000)
            return grant(prompt, "hunter2")

        monkeypatch.setattr(api, "_GRACE", 0.0)
        monkeypatch.setattr(getpass, "getpass", answer)
        try:
            assert kc.get_credential("db", timeout=0.1) == "hunter2"
        except kc.CredentialTimeout:
            continue


def test_where_no_thread_can_be_started_the_question_is_asked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with deadline(1):
        pass


def test_no_strike_once_it_is_stopped_though_the_timer_was_under_way() -> None:
    watch = _Watch(60)
    watch.stop()
    # No interrupt, which would end the tests.
    watch._strike()
    assert not watch.has_struck


def test_a_program_that_ends_does_not_wait_for_it() -> None:
    with deadline(60):
        timers = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
        assert timers
        assert all(timer.daemon for timer in timers)
