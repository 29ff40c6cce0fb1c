"""Asks the agent. It needs the standard library alone."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from ..protocol import Reply, Want
from ..secret import Secret
from . import place, wire


class NoAgent(Exception):
    """No agent holds this store's key."""


class AgentRefused(Exception):
    """The agent cannot read the store any more. code: see `wire`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def get(store: Path, want: list[Want]) -> Reply:
    """`granted` or `not-found`. Raises NoAgent, AgentRefused."""
    wants = [
        {"name": one.name} | ({} if one.field is None else {"field": one.field}) for one in want
    ]
    answer = _ask(store, {"do": "get", "want": wants})
    if answer["status"] == "ok":
        return Reply("granted", values=tuple(Secret(value) for value in answer["values"]))
    return Reply(
        "not-found",
        missing=tuple(answer["missing"]),
        what=answer["what"],
        suggest=tuple(answer["suggest"]),
    )


def rows(store: Path) -> list[dict[str, Any]]:
    """What the index tells of all entries: members as in `kernel_connector.vault.Row`.

    Raises NoAgent, AgentRefused.
    """
    return [*_ask(store, {"do": "list"})["rows"]]


def until(store: Path) -> int:
    """When the agent ends by itself, in milliseconds since 1970. Raises NoAgent, AgentRefused."""
    return int(_ask(store, {"do": "status"})["until"])


def lock(store: Path) -> bool:
    """End the agent. Returns whether there was one."""
    try:
        _ask(store, {"do": "lock"})
    except NoAgent:
        return False
    except AgentRefused:
        pass
    return True


def _ask(store: Path, request: dict[str, Any]) -> dict[str, Any]:
    if not hasattr(socket, "AF_UNIX") or not hasattr(os, "geteuid"):
        raise NoAgent
    message = {"v": wire.VERSION, "store": place.identity(store), **request}
    for path in place.sockets(store):
        try:
            return _exchange(path, message)
        except (OSError, wire.WireError, KeyError, TypeError):
            # None listens here, or it ended just now.
            continue
    raise NoAgent


def _exchange(path: Path, message: dict[str, Any]) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(wire.PATIENCE)
        connection.connect(str(path))
        # The names are secrets too: not to somebody else's program.
        if wire.peer_uid(connection) not in (None, os.geteuid()):
            raise wire.WireError("peer")
        wire.send(connection, message)
        answer = wire.receive(connection, wire.REPLY_LIMIT)
    if answer.get("v") != wire.VERSION:
        raise wire.WireError("version")
    if answer["status"] == "refused":
        raise AgentRefused(str(answer["code"]))
    return answer
