"""What goes through the agent's socket: one request and one reply, each a frame.

A frame is the length of what follows, four bytes, big endian, then that many bytes of JSON, an
object. A connection has one request:

    {"v":1,"store":<path without links>,"do":"get","want":[{"name":<text>,"field":<text>}, ...]}

`field` may be missing; 1 to 16 wants. `do` is also `list`, `status` or `lock`, without `want`.
Another member, or one of another type, and nothing is answered. The reply has `"v":1` and

    "status":"ok"         `get`: "values", in order; `list`: "rows"; `status`: "until", milliseconds
                          since 1970; `lock`: nothing, and the agent ends
    "status":"not-found"  "missing", indices into `want`; "what", `credential` or `field`; "suggest"
    "status":"refused"    "code", one of `kernel_connector.vault.Code`, `request`, `too-large`
                          or `failed`
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from typing import Any, NoReturn

VERSION = 1
REQUEST_LIMIT = 64 * 1024
REPLY_LIMIT = 32 * 1024 * 1024
WANT_LIMIT = 16
#: Code units of a name or a field.
NAME_LIMIT = 256
#: Seconds that a request, or a reply, may take to arrive.
PATIENCE = 5.0
_ACTIONS = frozenset({"list", "status", "lock"})
_LENGTH = struct.Struct(">I")


class WireError(Exception):
    """What came is no frame, no object, or no request."""


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Raises OSError; WireError if the message is too large."""
    data = encode(message)
    connection.settimeout(PATIENCE)
    connection.sendall(data)


def encode(message: dict[str, Any]) -> bytes:
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > REPLY_LIMIT:
        raise WireError("too large")
    return _LENGTH.pack(len(data)) + data


def receive(connection: socket.socket, limit: int) -> dict[str, Any]:
    """Raises WireError, OSError (TimeoutError among them)."""
    until = time.monotonic() + PATIENCE
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, until))
    if length > limit:
        raise WireError("too large")
    return _parse(_exactly(connection, length, until))


def check_request(message: dict[str, Any]) -> None:
    """Raises WireError if it is not one of the requests above."""
    action = message.get("do")
    members = {"v", "store", "do"} | ({"want"} if action == "get" else set())
    if set(message) != members or type(message["v"]) is not int or message["v"] != VERSION:
        raise WireError("members")
    if not isinstance(message["store"], str):
        raise WireError("store")
    if action == "get":
        _check_wants(message["want"])
    elif not isinstance(action, str) or action not in _ACTIONS:
        raise WireError("do")


def peer_uid(connection: socket.socket) -> int | None:
    """Who is at the other end of a Unix socket; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", data)
    return int(uid)


def _check_wants(wants: Any) -> None:
    if not isinstance(wants, list) or not 1 <= len(wants) <= WANT_LIMIT:
        raise WireError("want")
    for want in wants:
        if not isinstance(want, dict) or not {"name"} <= set(want) <= {"name", "field"}:
            raise WireError("want")
        for text in want.values():
            if not isinstance(text, str) or not 1 <= _code_units(text) <= NAME_LIMIT:
                raise WireError("want")


def _code_units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def _exactly(connection: socket.socket, size: int, until: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(min(size - len(data), 65536))
        if not part:
            raise WireError("cut off")
        data += part
    return bytes(data)


def _parse(data: bytes) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("repeated member")
        return members

    def refuse(constant: str) -> NoReturn:
        raise ValueError("NaN and infinities are not JSON")

    try:
        message = json.loads(data.decode(), object_pairs_hook=unique, parse_constant=refuse)
        # An unpaired surrogate can be written in JSON, but not sent on.
        json.dumps(message, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise WireError("JSON") from None
    if not isinstance(message, dict):
        raise WireError("JSON")
    return message
