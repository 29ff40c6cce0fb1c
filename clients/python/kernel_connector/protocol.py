"""The bytes of the exchange, spec/exchange.md: builds a request, opens a reply."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from .errors import ProtocolError
from .secret import Secret

if TYPE_CHECKING:
    from nacl.public import PrivateKey

#: It comes first, since some front ends cut a prompt after its first words.
SENTENCE = (
    "Do not type a secret here. This front end has no credential store, so press Enter to cancel."
)
PROMPT_LIMIT = 4096
PLAIN_ERROR = "credentialstore-error/1"

_VERSION = 1
_ID = slice(1, 17)
_PAGE_KEY = slice(17, 49)
_NONCE = slice(49, 73)
_BOX = slice(73, None)
_OVERHEAD = 73 + 16
_LEAST_REPLY = _OVERHEAD + 1024
_LONGEST_REPLY = _OVERHEAD + 1024 * 1024
#: Those that come with nothing else.
_PLAIN_STATUSES = frozenset(
    {"denied", "blocked", "busy", "locked", "no-store", "timeout", "closed", "invalid"}
)


class NotAReply(Exception):
    """The text is no reply: somebody typed it, or it is another program's."""


class StaleReply(Exception):
    """The reply belongs to an earlier request."""


@dataclass(frozen=True)
class Want:
    """One credential, or one field of it."""

    name: str
    field: str | None = None


@dataclass(frozen=True)
class Reply:
    """What the page decided."""

    status: str
    #: With `granted`: one for each Want, in order.
    values: tuple[Secret, ...] = ()
    #: With `not-found`: indices of the Wants that do not exist.
    missing: tuple[int, ...] = ()
    #: With `not-found`: "credential" or "field".
    what: str = ""
    #: With `not-found`: names that do exist.
    suggest: tuple[str, ...] = ()


class Request:
    """One question with its fresh key pair."""

    def __init__(
        self,
        want: list[Want],
        reason: str | None = None,
        timeout_ms: int | None = None,
        *,
        secret_key: bytes | None = None,
        request_id: bytes | None = None,
    ) -> None:
        """`secret_key` and `request_id` are for known-answer tests; random otherwise.

        Raises ValueError if the request does not fit into a prompt.
        """
        # Here, since it takes ten times as long as the rest of the package.
        from nacl.public import PrivateKey

        private = PrivateKey(secret_key) if secret_key else PrivateKey.generate()
        self._private: PrivateKey | None = private
        self._id = request_id or secrets.token_bytes(16)
        self._key = encode(bytes(private.public_key))
        self._want = want
        members: dict[str, Any] = {
            "v": _VERSION,
            "id": encode(self._id),
            "key": self._key,
            "want": [
                {"name": one.name} | ({} if one.field is None else {"field": one.field})
                for one in want
            ],
        }
        if reason is not None:
            members["reason"] = reason
        if timeout_ms is not None:
            members["timeout"] = timeout_ms
        self.json = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
        self.prompt = f"{SENTENCE} [credentialstore-request/{_VERSION} {encode(self.json)}]"
        if len(self.prompt) > PROMPT_LIMIT:
            raise ValueError(
                f"The names and the reason take {len(self.prompt) - PROMPT_LIMIT} bytes more than "
                "fit into one request. Shorten the reason, or ask for fewer at a time."
            )

    def forget(self) -> None:
        """Drop the secret key. No reply can be opened any more."""
        self._private = None

    def open(self, text: str) -> Reply:
        """The page's decision.

        Raises NotAReply, StaleReply, ProtocolError.
        """
        text = text.strip(" \t\r\n")
        if text == PLAIN_ERROR:
            raise ProtocolError(
                "The page's credential store cannot read requests of this kernel. "
                "Update kernel-connector here, or jupyterlab-credential-store there."
            )
        data = _frame(text)
        if data[_ID] != self._id:
            raise StaleReply
        message = _parse(_unpad(self._decrypt(data)))
        expected = {
            "v": _VERSION,
            "id": encode(self._id),
            "hash": encode(hashlib.sha256(self.json).digest()),
            "kernel": self._key,
            "page": encode(data[_PAGE_KEY]),
        }
        for name, value in expected.items():
            # True == 1 in Python, but not in JSON.
            if type(message.get(name)) is not type(value) or message[name] != value:
                _reject(name)
        return _read(message, len(self._want))

    def _decrypt(self, data: bytes) -> bytes:
        from nacl.exceptions import CryptoError
        from nacl.public import Box, PublicKey

        page = data[_PAGE_KEY]
        if page[-1] & 0x80:
            _reject("key")
        if self._private is None:
            raise ValueError("the key was dropped")
        try:
            # libsodium refuses keys of low order itself: RuntimeError or CryptoError.
            box = Box(self._private, PublicKey(page))
            return bytes(box.decrypt(data[_BOX], data[_NONCE]))
        except (CryptoError, RuntimeError):
            _reject("box")


def encode(data: bytes) -> str:
    """base64url without padding."""
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


def _frame(text: str) -> bytes:
    # Size first: a front end may hand over anything.
    if not _LEAST_REPLY <= len(text) * 3 // 4 <= _LONGEST_REPLY:
        raise NotAReply
    try:
        data = decode(text)
    except ValueError:
        raise NotAReply from None
    if data[0] != _VERSION:
        raise NotAReply
    return data


def _unpad(padded: bytes) -> bytes:
    stripped = padded.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        _reject("padding")
    return stripped[:-1]


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
    except (ValueError, RecursionError):
        _reject("JSON")
    if not isinstance(message, dict):
        _reject("JSON")
    return message


def _read(message: dict[str, Any], wanted: int) -> Reply:
    status = message.get("status")
    if status == "granted":
        values = _strings(message, "values")
        if len(values) != wanted:
            _reject("values")
        return Reply("granted", values=tuple(Secret(value) for value in values))
    if status == "not-found":
        missing = message.get("missing")
        if (
            not isinstance(missing, list)
            or not missing
            or not all(type(i) is int and 0 <= i < wanted for i in missing)
            or len(set(missing)) != len(missing)
        ):
            _reject("missing")
        what = message.get("what")
        if not isinstance(what, str) or what not in ("credential", "field"):
            _reject("what")
        suggest = _strings(message, "suggest") if "suggest" in message else []
        return Reply("not-found", missing=tuple(missing), what=what, suggest=tuple(suggest))
    if isinstance(status, str) and status in _PLAIN_STATUSES:
        return Reply(status)
    _reject("status")


def _strings(message: dict[str, Any], name: str) -> list[str]:
    strings = message.get(name)
    if not isinstance(strings, list) or not all(isinstance(one, str) for one in strings):
        _reject(name)
    try:
        "".join(strings).encode()
    except UnicodeEncodeError:  # an unpaired surrogate
        _reject(name)
    return strings


def _reject(what: str) -> NoReturn:
    raise ProtocolError(
        f"The answer does not fit the question ({what}), so nothing was taken from it. "
        "Run the cell again; if it happens again, reload the page and restart the kernel."
    )
