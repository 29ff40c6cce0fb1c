"""The R and the JavaScript client in real kernels, end to end but for the browser."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from page import grant, request, request_json, seal

VALUE = "hunter2 päss 🔑"


def test_the_value_arrives_and_does_not_show(notebook: Any) -> None:
    say = notebook.language
    ran = notebook.run(say.assign.format(say.get), lambda prompt: grant(prompt, VALUE))
    assert ran.error is None
    assert ran.passwords == [True]
    assert request(ran.prompts[0])["want"] == [{"name": "db"}]
    assert VALUE in notebook.run(say.plain).output
    for code in say.shown:
        shown = notebook.run(code)
        assert shown.error is None
        assert say.mask in shown.output
        assert "hunter2" not in shown.output
    shown = notebook.run(say.get, lambda prompt: grant(prompt, VALUE))
    assert say.mask in shown.output
    assert "hunter2" not in shown.output


def test_several_in_one_question(notebook: Any) -> None:
    say = notebook.language
    ran = notebook.run(say.assign.format(say.get_two), lambda prompt: grant(prompt, "one", "two"))
    assert len(ran.prompts) == 1
    assert request(ran.prompts[0])["want"] == [{"name": "db"}, {"name": "api"}]
    assert "one two" in notebook.run(say.plain_two).output


def test_field_reason_and_timeout_are_sent(notebook: Any) -> None:
    ran = notebook.run(notebook.language.get_field, lambda prompt: grant(prompt, "x"))
    members = request(ran.prompts[0])
    assert members["want"] == [{"name": "db", "field": "host"}]
    assert (members["reason"], members["timeout"]) == ("why", 30_000)


def test_a_value_of_half_a_megabyte(notebook: Any) -> None:
    say, text = notebook.language, "0123456789abcdef" * 32768
    ran = notebook.run(say.assign.format(say.get), lambda prompt: grant(prompt, text))
    assert ran.error is None
    assert text in notebook.run(say.plain).output


LOST = {"status": "not-found", "missing": [0], "what": "credential"}


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        (
            {"status": "denied"},
            "CredentialDenied",
            'You denied this notebook "db". Run the cell again to be asked again.',
        ),
        (
            {"status": "blocked"},
            "CredentialDenied",
            '"db" was denied without asking, as you chose for this kernel. '
            "Restart the kernel to be asked again.",
        ),
        (
            {"status": "busy"},
            "CredentialDenied",
            '"db" was denied, since too many requests are waiting. '
            "Answer those in the page, then run the cell again.",
        ),
        (
            {"status": "closed"},
            "CredentialDenied",
            'The page was closed before you decided on "db". Run the cell again.',
        ),
        (
            {"status": "locked"},
            "StoreLocked",
            'The credential store is locked, so "db" cannot be read. '
            "Run the cell again and enter the passphrase.",
        ),
        (
            {"status": "no-store"},
            "StoreLocked",
            'There is no credential store to read "db" from. '
            "Open the key icon in the sidebar to see why, or to create one.",
        ),
        (
            {"status": "timeout"},
            "CredentialTimeout",
            'Nobody decided on "db" in time. Run the cell again, or allow a longer timeout.',
        ),
        (
            {"status": "invalid"},
            "ProtocolError",
            'The page\'s credential store cannot read this request for "db". '
            "Update {package} here, or jupyterlab-credential-store there.",
        ),
        (
            {"status": "perhaps"},
            "ProtocolError",
            "The answer does not fit the question (status), so nothing was taken from it. "
            "Run the cell again; if it happens again, reload the page and restart the kernel.",
        ),
        (
            {**LOST, "suggest": ["db2"]},
            "CredentialNotFound",
            'There is no credential "db". Did you mean "db2"? '
            "Add it with the key icon in the sidebar.",
        ),
    ],
    ids=lambda given: given["status"] if isinstance(given, dict) else "",
)
def test_a_refusal_is_its_own_error_without_frames(
    notebook: Any, body: dict[str, Any], name: str, words: str
) -> None:
    say = notebook.language
    words = words.format(package=say.package)
    ran = notebook.run(say.get, lambda prompt: seal(prompt, **body))
    assert ran.error is not None
    assert say.title(ran.error) == name
    lines = "\n".join(ran.error["traceback"]).replace("Traceback:", "").split("\n")
    assert [line for line in lines if line.strip()] == [f"{name}: {words}"]
    assert words in ran.error["evalue"]
    assert ran.output == ""

    caught = notebook.run(say.catch, lambda prompt: seal(prompt, **body))
    assert caught.output.strip().lower() == f"{name}|true|{words}".lower()


@pytest.mark.parametrize("typed", ["", "  ", "hunter2", "Zm9v" * 400])
def test_what_a_person_types_is_never_a_value(notebook: Any, typed: str) -> None:
    ran = notebook.run(notebook.language.catch, lambda prompt: typed)
    assert ran.output.startswith("NoFrontend|")
    assert 'Nothing here can hand out "db"' in ran.output
    assert "hunter2" not in ran.output
    assert len(ran.prompts) == 1


def test_without_a_front_end_it_ends_at_once(notebook: Any) -> None:
    ran = notebook.run(notebook.language.catch, allow_stdin=False, timeout=20)
    assert ran.output.startswith("NoFrontend|")
    assert ran.prompts == []
    assert ran.seconds < 5


def test_passes_over_two_leftover_replies(notebook: Any) -> None:
    say = notebook.language
    left: list[str] = []

    def remember(prompt: str) -> str:
        left.append(grant(prompt, "old"))
        return left[0]

    notebook.run(say.get, remember)
    replies = iter(left * 2)
    ran = notebook.run(
        say.assign.format(say.get), lambda prompt: next(replies, None) or grant(prompt, "new")
    )
    assert ran.error is None
    assert len(ran.prompts) == 3
    assert len(set(ran.prompts)) == 1, "the same id and key"
    assert "new" in notebook.run(say.plain).output

    ran = notebook.run(say.catch, lambda prompt: left[0])
    assert len(ran.prompts) == 3
    assert ran.output.startswith("ProtocolError|")
    assert "earlier request" in ran.output


def test_each_request_has_a_key_and_an_id_of_its_own(notebook: Any) -> None:
    ran = notebook.run(notebook.language.repeat.format(20), lambda prompt: grant(prompt, "x"))
    assert ran.error is None
    asked = [request(prompt) for prompt in ran.prompts]
    assert len(asked) == 20
    assert len({one["key"] for one in asked}) == len({one["id"] for one in asked}) == 20


@pytest.mark.parametrize("member", ["v", "id", "hash", "kernel", "page", "values"])
def test_an_answer_to_another_question_is_refused(notebook: Any, member: str) -> None:
    def answer(prompt: str) -> str:
        other = hashlib.sha256(request_json(prompt)).hexdigest()
        return seal(prompt, **{"status": "granted", "values": ["hunter2"], member: other})

    ran = notebook.run(notebook.language.catch, answer)
    assert ran.output.startswith("ProtocolError|")
    assert f"({member})" in ran.output
    assert "hunter2" not in json.dumps(ran.output)


def test_an_interrupt_ends_it_and_its_reply_is_passed_over(r_notebook: Any) -> None:
    # An interrupt ends Deno's kernel, whatever runs in it.
    say = r_notebook.language
    ran = r_notebook.run(say.get, interrupt=True, timeout=20)
    replies = iter([grant(ran.prompts[0], "old")])
    ran = r_notebook.run(
        say.assign.format(say.get), lambda prompt: next(replies, None) or grant(prompt, "new")
    )
    assert ran.error is None
    assert len(ran.prompts) == 2
    assert "new" in r_notebook.run(say.plain).output
