"""get_credential and get_credentials, with a page that answers through a patched getpass."""

from __future__ import annotations

import contextlib
import copy
import functools
import getpass
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace, TracebackType
from typing import Any

import kernel_connector as kc
import pytest
from kernel_connector import api, channel
from kernel_connector.protocol import Request
from page import grant, request, seal

Answer = Callable[[str], Any]


@pytest.fixture
def front_end(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], list[str]]:
    """Answers with the function given; the list gets each prompt."""

    def install(answer: Answer) -> list[str]:
        prompts: list[str] = []

        def ask(prompt: str) -> Any:
            prompts.append(prompt)
            return answer(prompt)

        monkeypatch.setattr(getpass, "getpass", ask)
        return prompts

    return install


def test_returns_the_value(front_end: Any) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "hunter2"))
    value = kc.get_credential("my_secret")
    assert isinstance(value, kc.Secret)
    assert value == "hunter2"
    assert request(prompts[0])["want"] == [{"name": "my_secret"}]
    assert "reason" not in request(prompts[0])
    assert "timeout" not in request(prompts[0])


@pytest.mark.parametrize("seconds", [0.001, 86_400])
def test_a_timeout_is_between_a_millisecond_and_a_day(front_end: Any, seconds: float) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "x"))
    kc.get_credential("db", timeout=seconds)
    assert request(prompts[0])["timeout"] == seconds * 1000


def test_several_are_asked_for_with_the_reason(front_end: Any) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "x", "y"))
    kc.get_credentials("a", "b", reason="why")
    assert request(prompts[0])["reason"] == "why"


def test_a_reason_may_be_empty(front_end: Any) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "x"))
    kc.get_credential("db", reason="")
    assert request(prompts[0])["reason"] == ""


def test_a_page_is_waited_for_two_seconds_longer_than_it_may_take(
    front_end: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float | None] = []

    def expire(seconds: float | None) -> Any:
        limits.append(seconds)
        raise api.Expired

    monkeypatch.setattr(api, "deadline", expire)
    front_end(lambda prompt: grant(prompt, "x"))
    for seconds in (1.5, None):
        with pytest.raises(kc.CredentialTimeout) as caught:
            kc.get_credential("db", timeout=seconds)
        assert str(caught.value) == (
            'No answer about "db" came in time: the page is closed or has lost its connection. '
            "Open it again, then run the cell again."
        )
    assert limits == [3.5, None]


def test_sends_field_reason_and_timeout(front_end: Any) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "x"))
    kc.get_credential("db", "host", reason="why", timeout=1.5)
    members = request(prompts[0])
    assert members["want"] == [{"name": "db", "field": "host"}]
    assert members["reason"] == "why"
    assert members["timeout"] == 1500


def test_asks_for_several_at_once_and_keeps_their_order(front_end: Any) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "1", "2"))
    first, second = kc.get_credentials("a", "b", reason="why")
    assert (first, second) == ("1", "2")
    assert [request(prompt)["want"] for prompt in prompts] == [[{"name": "a"}, {"name": "b"}]]


def test_sends_names_as_the_page_compares_them(front_end: Any) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "x"))
    kc.get_credential("cafe\u0301", "A\u030a")
    assert request(prompts[0])["want"] == [{"name": "caf\u00e9", "field": "\u00c5"}]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: kc.get_credential(1), TypeError, "name must be a str, not int"),
        (lambda: kc.get_credential(None), TypeError, "name must be a str, not NoneType"),
        (lambda: kc.get_credential("a", 1), TypeError, "field must be a str"),
        (lambda: kc.get_credential("a", reason=1), TypeError, "reason must be a str"),
        (lambda: kc.get_credential("a", timeout="1"), TypeError, "of seconds, not str"),
        (lambda: kc.get_credential("a", timeout=True), TypeError, "number of seconds"),
        (lambda: kc.get_credentials(["a", "b"]), TypeError, "name must be a str, not list"),
        (lambda: kc.get_credential(""), ValueError, "name is empty"),
        (lambda: kc.get_credential("a", ""), ValueError, "field is empty"),
        (lambda: kc.get_credential("n" * 257), ValueError, "257 characters; 256"),
        (lambda: kc.get_credential("\U0001f511" * 129), ValueError, "258 characters; 256"),
        (lambda: kc.get_credential("a", reason="r" * 501), ValueError, "501 characters; 500"),
        (lambda: kc.get_credential("\ud83d"), ValueError, "lone surrogate"),
        (lambda: kc.get_credential("a", timeout=0), ValueError, "between"),
        (lambda: kc.get_credential("a", timeout=-1), ValueError, "between"),
        (lambda: kc.get_credential("a", timeout=86_401), ValueError, "between"),
        (lambda: kc.get_credential("a", timeout=float("nan")), ValueError, "between"),
        (lambda: kc.get_credentials(), ValueError, "1 to 16"),
        (lambda: kc.get_credentials(*"abcdefghijklmnopq"), ValueError, "1 to 16"),
        (lambda: kc.get_credentials(*["n" * 256] * 16), ValueError, "Shorten"),
    ],
)
def test_refuses_wrong_arguments_before_anything_is_sent(
    front_end: Any, call: Callable[[], Any], error: type[Exception], words: str
) -> None:
    prompts = front_end(lambda prompt: grant(prompt, "x"))
    with pytest.raises(error, match=words):
        call()
    assert prompts == []


MISSING = {"status": "not-found", "missing": [0], "what": "credential"}
NO_FIELD = {"status": "not-found", "missing": [0], "what": "field"}


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (
            {"status": "denied"},
            kc.CredentialDenied,
            'You denied this notebook "db". Run the cell again to be asked again.',
        ),
        (
            {"status": "blocked"},
            kc.CredentialDenied,
            '"db" was denied without asking, as you chose for this kernel. '
            "Restart the kernel to be asked again.",
        ),
        (
            {"status": "busy"},
            kc.CredentialDenied,
            '"db" was denied, since too many requests are waiting. '
            "Answer those in the page, then run the cell again.",
        ),
        (
            {"status": "closed"},
            kc.CredentialDenied,
            'The page was closed before you decided on "db". Run the cell again.',
        ),
        (
            {"status": "locked"},
            kc.StoreLocked,
            'The credential store is locked, so "db" cannot be read. '
            "Run the cell again and enter the passphrase.",
        ),
        (
            {"status": "no-store"},
            kc.StoreLocked,
            'There is no credential store to read "db" from. '
            "Open the key icon in the sidebar to see why, or to create one.",
        ),
        (
            {"status": "timeout"},
            kc.CredentialTimeout,
            'Nobody decided on "db" in time. Run the cell again, or allow a longer timeout.',
        ),
        (
            {"status": "invalid"},
            kc.ProtocolError,
            'The page\'s credential store cannot read this request for "db". '
            "Update kernel-connector here, or jupyterlab-credential-store there.",
        ),
        (
            MISSING,
            kc.CredentialNotFound,
            'There is no credential "db". Add it with the key icon in the sidebar.',
        ),
        (
            {**MISSING, "suggest": ["db2", "a\x1b[0m"]},
            kc.CredentialNotFound,
            'There is no credential "db". Did you mean "db2" or "a\\u001b[0m"? '
            "Add it with the key icon in the sidebar.",
        ),
        (
            {**MISSING, "suggest": ["db1", "db2", "db3", "db4"]},
            kc.CredentialNotFound,
            'There is no credential "db". Did you mean "db1" or "db2" or "db3"? '
            "Add it with the key icon in the sidebar.",
        ),
        (
            {**NO_FIELD, "suggest": ["user", "value"]},
            kc.CredentialNotFound,
            'The credential "db" has several fields: "user", "value". '
            'Name the one you want: get_credential("db", "user").',
        ),
        (
            NO_FIELD,
            kc.CredentialNotFound,
            'The credential "db" has several fields. '
            'Name the one you want: get_credential("db", "its name").',
        ),
    ],
)
def test_says_what_happened_and_what_to_do(
    front_end: Any, body: dict[str, Any], error: type[Exception], words: str
) -> None:
    front_end(lambda prompt: seal(prompt, **body))
    with pytest.raises(error) as caught:
        kc.get_credential("db")
    assert str(caught.value) == words


def test_names_the_field_and_the_credentials_that_are_missing(front_end: Any) -> None:
    front_end(lambda prompt: seal(prompt, **NO_FIELD, suggest=["user", "value"]))
    with pytest.raises(
        kc.CredentialNotFound, match=r'"db" has no field "x"\. Its fields are "user", "value"\.$'
    ):
        kc.get_credential("db", "x")
    front_end(lambda prompt: seal(prompt, **{**MISSING, "missing": [2, 0]}))
    with pytest.raises(kc.CredentialNotFound, match=r'no credential "c", "a"\. Add them'):
        kc.get_credentials("a", "b", "c")
    front_end(lambda prompt: seal(prompt, **NO_FIELD))
    with pytest.raises(kc.CredentialNotFound) as caught:
        kc.get_credential("db", "x")
    assert str(caught.value) == 'The credential "db" has no field "x".'


def test_shows_what_a_terminal_would_obey(front_end: Any) -> None:
    front_end(lambda prompt: seal(prompt, status="denied"))
    with pytest.raises(kc.CredentialDenied) as caught:
        kc.get_credential("a\x1b[2J\u202eb\U000e0041\n")
    assert '"a\\u001b[2J\\u202eb\\U000e0041\\u000a"' in str(caught.value)


@pytest.mark.parametrize("typed", ["", "  ", "hunter2", "Zm9v" * 400, None, b"bytes"])
def test_what_a_person_types_is_never_a_value(front_end: Any, typed: Any) -> None:
    prompts = front_end(lambda prompt: typed)
    with pytest.raises(kc.NoFrontend, match='Nothing here can hand out "db"') as caught:
        kc.get_credential("db")
    assert len(prompts) == 1
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("error", [EOFError(), NotImplementedError("no input here")])
def test_a_front_end_without_input_is_none(front_end: Any, error: Exception) -> None:
    def refuse(prompt: str) -> str:
        raise error

    front_end(refuse)
    with pytest.raises(kc.NoFrontend):
        kc.get_credential("db")


@pytest.mark.parametrize("error", [KeyboardInterrupt("Interrupted by user"), OSError("socket")])
def test_what_else_a_kernel_raises_passes_untouched(front_end: Any, error: BaseException) -> None:
    def fail(prompt: str) -> str:
        raise error

    front_end(fail)
    with pytest.raises(type(error)) as caught:
        kc.get_credential("db")
    assert caught.value is error
    front_end(lambda prompt: grant(prompt, "x"))
    assert kc.get_credential("db") == "x", "the lock is free again"


def test_passes_over_two_leftover_replies(front_end: Any) -> None:
    front_end(lambda prompt: grant(prompt, "old"))
    leftover = ""

    def remember(prompt: str) -> str:
        nonlocal leftover
        leftover = grant(prompt, "old")
        return leftover

    front_end(remember)
    kc.get_credential("other")
    replies = iter([leftover, leftover])
    prompts = front_end(lambda prompt: next(replies, None) or grant(prompt, "new"))
    assert kc.get_credential("db") == "new"
    assert len(prompts) == 3
    assert len(set(prompts)) == 1, "the same id and key"

    prompts = front_end(lambda prompt: leftover)
    with pytest.raises(kc.ProtocolError) as caught:
        kc.get_credential("db")
    assert str(caught.value) == (
        'The front end keeps answering an earlier request in place of the one for "db". '
        "Restart the kernel."
    )
    assert len(prompts) == 3


def test_the_standard_librarys_getpass_is_never_called(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("unix_getpass", "win_getpass", "fallback_getpass"):
        standard = getattr(getpass, name)
        monkeypatch.setattr(getpass, "getpass", standard)
        with pytest.raises(kc.NoFrontend):
            kc.get_credential("db")
        assert channel._is_standard(standard)


def test_in_a_kernel_that_runs_no_cell_nobody_is_asked_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(getpass, "calls", calls, raising=False)
    standard = eval("lambda prompt: calls.append(prompt) or ''", vars(getpass))
    monkeypatch.setattr(getpass, "getpass", standard)
    monkeypatch.setattr(channel, "_ipython", lambda: SimpleNamespace(kernel=object()))
    with pytest.raises(kc.NoFrontend, match="only be asked for while a cell runs"):
        kc.get_credential("db")
    assert calls == []


@pytest.mark.parametrize("elsewhere", [0, 1])
def test_a_child_of_the_kernels_process_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, elsewhere: int
) -> None:
    class Kernel:
        session = SimpleNamespace(pid=os.getpid() + elsewhere)

        def getpass(self, prompt: str) -> str:
            prompts.append(prompt)
            return grant(prompt, "x")

    prompts: list[str] = []
    monkeypatch.setattr(getpass, "getpass", Kernel().getpass)
    if elsewhere:
        with pytest.raises(kc.NoFrontend, match=r'^"db" can only .* own process\. Get it there'):
            kc.get_credential("db")
    else:
        assert kc.get_credential("db") == "x"
    assert len(prompts) == 1 - elsewhere


def test_a_kernels_function_that_is_dressed_as_the_standard_one_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @functools.wraps(getpass.unix_getpass)
    def kernels(prompt: str = "Password: ", stream: Any = None) -> str:
        return grant(prompt, "x")

    monkeypatch.setattr(getpass, "getpass", kernels)
    assert kc.get_credential("db") == "x"


def test_one_exchange_at_a_time(front_end: Any) -> None:
    running = 0
    most = 0

    def answer(prompt: str) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.01)
        running -= 1
        return grant(prompt, request(prompt)["want"][0]["name"])

    front_end(answer)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda n=name: got.append(kc.get_credential(n)))  # type: ignore[misc]
        for name in "abcdef"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list("abcdef")
    assert most == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is nothing to fork")
def test_a_child_forked_during_an_exchange_does_not_wait_for_ever(front_end: Any) -> None:
    child = 0

    def answer(prompt: str) -> str:
        nonlocal child
        if not child:
            child = os.fork()
            if child == 0:
                child = -1
                status = 1
                try:
                    status = 0 if kc.get_credential("inner") == "x" else 2
                finally:
                    os._exit(status)
        return grant(prompt, "x")

    front_end(answer)
    assert kc.get_credential("db") == "x"
    deadline = time.monotonic() + 5
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        assert time.monotonic() < deadline, "the child hangs"
        time.sleep(0.01)


def frames(traceback: TracebackType | None) -> Iterator[dict[str, Any]]:
    while traceback:
        yield traceback.tb_frame.f_locals
        traceback = traceback.tb_next


def test_an_error_holds_no_frame_with_what_was_typed_or_opened(front_end: Any) -> None:
    def too_many(prompt: str) -> str:
        return grant(prompt, "hunter2", "hunter2")

    for answer in (lambda prompt: "hunter2", too_many):
        front_end(answer)
        with pytest.raises(kc.CredentialError) as caught:
            kc.get_credential("db")
        error: BaseException = caught.value
        assert error.__context__ is None
        assert error.__cause__ is None
        names = [frame.get("__name__") for frame in frames(error.__traceback__)]
        assert len(names) == 3, "the test, get_credential, _exchange"
        for frame in frames(error.__traceback__):
            assert not {"text", "data", "message", "padded"} & frame.keys()
            request_ = frame.get("request")
            assert getattr(request_, "_private", None) is None


def test_the_key_is_dropped_with_the_answer(
    front_end: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Request] = []

    def make(*arguments: Any) -> Request:
        made.append(Request(*arguments))
        return made[-1]

    monkeypatch.setattr(api, "Request", make)
    for status in ("granted", "denied"):
        front_end(lambda prompt, status=status: seal(prompt, status=status, values=["x"]))
        with contextlib.suppress(kc.CredentialError):
            kc.get_credential("db")
    assert len(made) == 2
    for one in made:
        with pytest.raises(ValueError, match="dropped"):
            one.open(seal(one.prompt, status="denied"))


def test_an_error_keeps_what_the_person_was_handling(front_end: Any) -> None:
    front_end(lambda prompt: seal(prompt, status="denied"))
    try:
        raise KeyError("mine")
    except KeyError as mine:
        with pytest.raises(kc.CredentialDenied) as caught:
            kc.get_credential("db")
        assert caught.value.__context__ is mine


def test_every_error_is_a_credential_error() -> None:
    for name in kc.__all__:
        thing = getattr(kc, name)
        if isinstance(thing, type) and issubclass(thing, Exception):
            assert issubclass(thing, kc.CredentialError)
            assert copy.copy(thing("words")).args == ("words",)
            assert thing("words")._render_traceback_() == [f"{name}: words"]


def test_a_script_gets_a_sentence_and_is_not_asked() -> None:
    code = "import kernel_connector as kc; kc.get_credential('my_secret')"
    run = subprocess.run(
        [sys.executable, "-c", code],
        input="hunter2\n",
        capture_output=True,
        text=True,
        # Without a terminal, which would be asked in place of the standard input.
        start_new_session=True,
    )
    last = run.stderr.strip().splitlines()[-1]
    assert last.startswith('kernel_connector.errors.NoFrontend: Nothing here can hand out "my_')
    assert "environment" in last
    assert "Do not type" not in run.stdout + run.stderr, "nobody sees a prompt"


def test_importing_it_does_not_load_the_cryptography() -> None:
    code = "import sys, kernel_connector; sys.exit('nacl' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
