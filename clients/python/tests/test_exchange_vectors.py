"""The kernel's side gives the answers of spec/vectors/exchange.json."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kernel_connector.errors import CredentialError, ProtocolError
from kernel_connector.protocol import (
    NotAReply,
    Reply,
    Request,
    StaleReply,
    Want,
    decode,
    encode,
)
from kernel_connector.refusals import refusal
from page import request, unb64u

SPEC = Path(__file__).parents[3] / "spec"
VECTORS = json.loads((SPEC / "vectors" / "exchange.json").read_text(encoding="ascii"))


def cases(section: str) -> Any:
    return pytest.mark.parametrize(
        "vector", [pytest.param(v, id=v["description"]) for v in VECTORS[section]]
    )


def asked(vector: dict[str, Any]) -> Request:
    members = json.loads(vector["request"])
    want = [Want(one["name"], one.get("field")) for one in members["want"]]
    secret = bytes.fromhex(vector["kernelSecretHex"])
    result = Request(want, secret_key=secret, request_id=decode(members["id"]))
    assert result.json == vector["request"].encode()
    return result


def outcome(vector: dict[str, Any]) -> tuple[str, Reply | None]:
    """What the vectors call it, and what was read."""
    question = asked(vector)
    try:
        reply = question.open(vector["reply"])
    except NotAReply:
        return "NoFrontend", None
    except StaleReply:
        return "ask-again", None
    except ProtocolError:
        return "ProtocolError", None
    if reply.status == "granted":
        return "granted", reply
    want = [Want(one["name"]) for one in request(question.prompt)["want"]]
    return type(refusal(reply, want, "somehow")).__name__, reply


@cases("base64url")
def test_base64url(vector: dict[str, Any]) -> None:
    if vector["bytesHex"] is None:
        with pytest.raises(ValueError):
            decode(vector["text"])
    else:
        assert decode(vector["text"]).hex() == vector["bytesHex"]
        assert encode(decode(vector["text"])) == vector["text"]


@cases("open")
def test_open(vector: dict[str, Any]) -> None:
    name, reply = outcome(vector)
    assert name == vector["outcome"]
    assert (reply and list(reply.values)) == vector.get("body", {}).get("values")


@pytest.mark.parametrize(
    "vector",
    [pytest.param(v, id=v["description"]) for v in VECTORS["seal"] if "reply" in v],
)
def test_open_what_a_page_seals(vector: dict[str, Any]) -> None:
    name, reply = outcome(vector)
    assert name == vector["outcome"]
    body = vector["body"]
    assert reply is not None
    assert reply.status == body["status"]
    assert list(reply.values) == body.get("values", [])
    assert list(reply.missing) == body.get("missing", [])
    assert reply.what == body.get("what", "")
    assert list(reply.suggest) == body.get("suggest", [])


@cases("prompts")
def test_the_request_of_a_well_formed_prompt_is_built_alike(vector: dict[str, Any]) -> None:
    if vector["outcome"] != "request":
        return
    members = vector["request"]
    built = Request(
        [Want(one["name"], one.get("field")) for one in members["want"]],
        members.get("reason"),
        members.get("timeout"),
    )
    given = request(built.prompt)
    assert given["want"] == members["want"]
    assert given.get("reason") == members.get("reason")
    assert given.get("timeout") == members.get("timeout")
    assert (given["v"], len(unb64u(given["id"])), len(unb64u(given["key"]))) == (1, 16, 32)


def test_the_file_is_what_its_generator_writes() -> None:
    subprocess.run([sys.executable, SPEC / "generate_exchange.py", "--check"], check=True)


def test_every_error_has_a_vector() -> None:
    seen = {
        vector["outcome"]
        for section in ("seal", "open")
        for vector in VECTORS[section]
        if "outcome" in vector
    }
    assert {error.__name__ for error in CredentialError.__subclasses__()} <= seen
