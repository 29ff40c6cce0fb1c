"""The bytes of the exchange, spec/exchange.md: builds a request, opens a reply."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from .errors import ProtocolError

MARKER = "[credentialstore-request/1 "
PLAIN_ERROR = "credentialstore-error/1"
SENTENCE = (
    "A credential is asked for, but this front end has no credential store. "
    "Do not type the secret, press Enter to cancel"
)
PROMPT_LIMIT = 4096
_VERSION = 1
_ID_BYTES = 16
_KEY_BYTES = 32
_NONCE_BYTES = 24
_HEAD_BYTES = 1 + _ID_BYTES + _KEY_BYTES + _NONCE_BYTES
_LEAST_REPLY = _HEAD_BYTES + 16 + 1024


class NotAReply(Exception):
    """The text is no reply: somebody typed it, or it is another program's."""


class StaleReply(Exception):
    """The reply belongs to an earlier request."""


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Canonical base64url without padding. Raises ValueError."""
    try:
        raw = text.encode("ascii")
        data = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64url") from None
    if encode(data) != text:
        raise ValueError("not canonical base64url")
    return data


@dataclass(frozen=True)
class Want:
    """One credential, or one field of it."""

    name: str
    field: str | None = None


class Request:
    """One question with its fresh key pair. Open one reply, then drop it."""

    def __init__(
        self,
        want: list[Want],
        reason: str | None = None,
        timeout_ms: int | None = None,
        *,
        _secret_key: bytes | None = None,
        _id: bytes | None = None,
    ) -> None:
        """Raises ValueError if the request does not fit into a prompt."""
        from nacl.public import PrivateKey

        self._private = PrivateKey(_secret_key) if _secret_key else PrivateKey.generate()
        self._id = _id or secrets.token_bytes(_ID_BYTES)
        self._want = want
        members: dict[str, Any] = {
            "v": _VERSION,
            "id": encode(self._id),
            "key": encode(bytes(self._private.public_key)),
            "want": [
                {"name": one.name} | ({} if one.field is None else {"field": one.field})
                for one in want
            ],
        }
        if reason is not None:
            members["reason"] = reason
        if timeout_ms is not None:
            members["timeout"] = timeout_ms
        self._members = members
        self._bytes = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
        self.prompt = f"{SENTENCE} {MARKER}{encode(self._bytes)}]"
        if len(self.prompt) > PROMPT_LIMIT:
            raise ValueError("The names and the reason are too long for one request; shorten them.")

    def open(self, reply: str) -> dict[str, Any]:
        """The message in a reply.

        Raises NotAReply, StaleReply, ProtocolError.
        """
        from nacl.exceptions import CryptoError
        from nacl.public import Box, PublicKey

        text = reply.strip(" \r\n\t")
        if text == PLAIN_ERROR:
            raise ProtocolError("The credential store could not read the request.")
        try:
            data = decode(text)
        except ValueError:
            raise NotAReply from None
        if len(data) < _LEAST_REPLY or data[0] != _VERSION:
            raise NotAReply
        if data[1 : 1 + _ID_BYTES] != self._id:
            raise StaleReply
        page = data[1 + _ID_BYTES : 1 + _ID_BYTES + _KEY_BYTES]
        if page[-1] & 0x80:
            raise _broken("key")
        try:
            # libsodium refuses keys of low order itself.
            padded = Box(self._private, PublicKey(page)).decrypt(
                data[_HEAD_BYTES:], data[_HEAD_BYTES - _NONCE_BYTES : _HEAD_BYTES]
            )
        except (CryptoError, ValueError, RuntimeError):
            raise _broken("box") from None
        message = _parse(_unpad(padded))
        expected = {
            "v": _VERSION,
            "id": self._members["id"],
            "hash": encode(hashlib.sha256(self._bytes).digest()),
            "kernel": self._members["key"],
            "page": encode(page),
        }
        for name, value in expected.items():
            if type(message.get(name)) is not type(value) or message[name] != value:
                raise _broken(name)
        if message.get("status") == "granted":
            values = message.get("values")
            if (
                not isinstance(values, list)
                or len(values) != len(self._want)
                or not all(isinstance(value, str) for value in values)
            ):
                raise _broken("values")
        return message


def _unpad(padded: bytes) -> bytes:
    stripped = padded.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        raise _broken("padding")
    return stripped[:-1]


def _parse(data: bytes) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("repeated member")
        return members

    try:
        message = json.loads(data.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise _broken("JSON") from None
    if not isinstance(message, dict):
        raise _broken("JSON")
    return message


def _broken(what: str) -> ProtocolError:
    return ProtocolError(
        f"The answer of the credential store does not fit the question ({what}). "
        "Nothing was taken from it; run the cell again."
    )
