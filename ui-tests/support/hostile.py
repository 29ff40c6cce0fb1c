"""A hostile kernel. A cell executes this file, and sends what no client of ours would send."""

# ruff: noqa: F821 `get_ipython` is the kernel's.
from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import zmq
from kernel_connector.errors import ProtocolError
from kernel_connector.protocol import (
    PLAIN_ERROR,
    SENTENCE,
    NotAReply,
    Request,
    StaleReply,
    Want,
    decode,
    encode,
)


def framed(text: str | bytes, version: str = "1") -> str:
    data = text.encode() if isinstance(text, str) else text
    return f"{SENTENCE} [credentialstore-request/{version} {encode(data)}]"


class Crafted(Request):
    """A request whose JSON was edited, and for which a reply can be opened all the same."""

    def __init__(self, edit: Callable[[str], str] = str, *names: str, **keys: Any) -> None:
        super().__init__([Want(name) for name in names or ("db",)], **keys)
        self.json = edit(self.json.decode()).encode()
        self.prompt = framed(self.json)


def altered(**changes: Any) -> Crafted:
    """Other values of the JSON's members; None leaves one out."""

    def edit(text: str) -> str:
        members = json.loads(text) | changes
        return json.dumps({name: value for name, value in members.items() if value is not None})

    return Crafted(edit)


def status(request: Request, reply: str) -> str:
    """What a reply says to a kernel."""
    if reply == PLAIN_ERROR:
        return "plain"
    try:
        return request.open(reply).status
    except NotAReply:
        return "no reply" if reply else "empty"
    except StaleReply:
        return "stale"
    except ProtocolError:
        return "sealed for somebody else"


def ask(request: Request) -> str:
    return status(request, getpass.getpass(request.prompt))


def vectors(path: str) -> dict[str, list[str]]:
    """The prompts of spec/vectors that break a rule: what each should hear, and what it hears."""
    tables = json.loads(Path(path).read_text())
    secret = bytes.fromhex(tables["seal"][0]["kernelSecretHex"])
    used = json.loads(tables["seal"][0]["request"])["id"]
    heard = {}
    for vector in tables["prompts"]:
        name, prompt = vector["description"], vector["prompt"]
        if vector["outcome"] == "unanswerable":
            heard[name] = ["plain", status(Request([Want("db")]), getpass.getpass(prompt))]
        elif vector["outcome"] == "invalid":
            # With an id of its own, or it would be refused for having been sent before.
            own = os.urandom(16)

            def edit(_: str, text: str = vector["json"], own: bytes = own) -> str:
                return text.replace(used, encode(own))

            heard[name] = ["invalid", ask(Crafted(edit, secret_key=secret, request_id=own))]
    return heard


def keys(path: str) -> dict[str, list[str]]:
    """The public keys of spec/vectors: what a request for each should hear, and what it hears."""
    heard = {}
    for vector in json.loads(Path(path).read_text())["publicKeys"]:
        # A good one is another's: nothing but its reply cannot be opened.
        expected = "sealed for somebody else" if vector["valid"] else "plain"
        heard[vector["description"]] = [expected, ask(altered(key=vector["key"]))]
    return heard


def _kernel() -> Any:
    return get_ipython().kernel  # type: ignore[name-defined]


def send(prompts: Iterable[Any], parent: dict[str, Any] | None = None) -> int:
    """Ask without waiting for the answers."""
    kernel = _kernel()
    parent = parent or kernel.get_parent("shell")
    ident = kernel._get_shell_context_var(kernel._shell_parent_ident)
    sent = 0
    for prompt in prompts:
        content = {"prompt": prompt, "password": True}
        kernel.session.send(kernel.stdin_socket, "input_request", content, parent, ident=ident)
        sent += 1
    return sent


def replies(count: int, seconds: float) -> list[str]:
    """Those that arrive within this time, and within a moment more than there should be."""
    kernel = _kernel()
    texts: list[str] = []
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if len(texts) >= count:
            left = min(left, 0.5)
        if not kernel.stdin_socket.poll(left * 1000, zmq.POLLIN):
            break
        _, reply = kernel.session.recv(kernel.stdin_socket)
        texts.append(reply["content"]["value"])
    return texts


def answers(requests: list[Crafted], seconds: float) -> list[str]:
    """Ask all at once; what each of them hears, and "again" for each reply too many."""
    send(request.prompt for request in requests)
    waiting = {encode(request._id): request for request in requests}
    heard = []
    for text in replies(len(requests), seconds):
        request = waiting.pop(encode(decode(text)[1:17]), None)
        heard.append("again" if request is None else status(request, text))
    return heard


def tell(state: str) -> None:
    """A status that the kernel is not in."""
    kernel = _kernel()
    content = {"execution_state": state}
    kernel.session.send(kernel.iopub_socket, "status", content, {}, ident=kernel._topic("status"))
    time.sleep(0.3)


def counted(texts: Iterable[str]) -> dict[str, int]:
    result: dict[str, int] = {}
    for text in texts:
        result[text] = result.get(text, 0) + 1
    return result
