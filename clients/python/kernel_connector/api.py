"""The two calls that people write in a cell."""

from __future__ import annotations

import unicodedata
from typing import Any

from . import channel
from .errors import (
    CredentialDenied,
    CredentialError,
    CredentialNotFound,
    CredentialTimeout,
    ProtocolError,
    StoreLocked,
)
from .protocol import NotAReply, Request, StaleReply, Want
from .secret import Secret

_NAME_LIMIT = 256
_REASON_LIMIT = 500
_WANT_LIMIT = 16
_TIMEOUT_LIMIT = 86_400
#: How often a leftover reply of an earlier request is passed over.
_RETRIES = 2


def get_credential(
    name: str,
    field: str | None = None,
    *,
    reason: str | None = None,
    timeout: float | None = None,
) -> Secret:
    """The value of a credential, after the person at the page has agreed.

    name: as in the store. field: of an entry with several fields, the one wanted.
    reason: shown to the person. timeout: seconds to wait for a decision; None waits.

    Raises CredentialError: CredentialNotFound, CredentialDenied, StoreLocked, NoFrontend,
    CredentialTimeout, ProtocolError.
    """
    want = Want(_text(name, "name"), None if field is None else _text(field, "field"))
    return _exchange([want], reason, timeout)[0]


def get_credentials(*names: str, reason: str | None = None) -> tuple[Secret, ...]:
    """The values of several credentials, in the order of `names`, asked for in one dialog.

    Raises CredentialError, as `get_credential`.
    """
    if not 1 <= len(names) <= _WANT_LIMIT:
        raise ValueError(f"Ask for 1 to {_WANT_LIMIT} credentials at a time.")
    return _exchange([Want(_text(name, "name")) for name in names], reason, None)


def _exchange(want: list[Want], reason: str | None, timeout: float | None) -> tuple[Secret, ...]:
    if reason is not None:
        reason = _text(reason, "reason", _REASON_LIMIT)
    request = Request(want, reason, _milliseconds(timeout))
    names = ", ".join(_quoted(one.name) for one in want)
    with channel.lock():
        message = _ask(request, names)
    if message.get("status") == "granted":
        return tuple(Secret(value) for value in message["values"])
    raise _error(message, want, names)


def _ask(request: Request, names: str) -> dict[str, Any]:
    for _ in range(1 + _RETRIES):
        reply = channel.ask(request.prompt, names)
        if not reply.strip():
            raise channel.no_frontend(names)
        try:
            return request.open(reply)
        except NotAReply:
            raise channel.no_frontend(names) from None
        except StaleReply:
            continue
    raise ProtocolError("The front end keeps answering an earlier request. Restart the kernel.")


def _error(message: dict[str, Any], want: list[Want], names: str) -> CredentialError:
    match message.get("status"):
        case "denied":
            return CredentialDenied(
                f"You denied this notebook {names}. Run the cell again to be asked again."
            )
        case "blocked":
            return CredentialDenied(
                f"{names} was denied: you chose not to be asked again for this kernel. "
                "Restart the kernel to be asked again."
            )
        case "busy":
            return CredentialDenied(
                f"{names} was denied: too many requests are waiting. Answer those, and run again."
            )
        case "closed":
            return CredentialDenied(
                f"The page was closed, or the kernel restarted, before you decided on {names}. "
                "Run the cell again."
            )
        case "not-found":
            return _not_found(message, want)
        case "locked":
            return StoreLocked(
                f"The credential store is locked, so {names} could not be read. "
                "Run the cell again and enter the passphrase."
            )
        case "no-store":
            return StoreLocked(
                f"There is no credential store to read {names} from. "
                "Create one with the key icon in the sidebar."
            )
        case "timeout":
            return CredentialTimeout(
                f"Nobody decided on {names} in time. Run the cell again, or give more `timeout`."
            )
        case "invalid":
            return ProtocolError(
                "The credential store could not read the request. Update kernel-connector."
            )
    return ProtocolError(
        "The credential store sent an answer that this version does not know. "
        "Update kernel-connector."
    )


def _not_found(message: dict[str, Any], want: list[Want]) -> CredentialNotFound:
    indices = message.get("missing")
    missing = [
        want[i]
        for i in (indices if isinstance(indices, list) else [])
        if isinstance(i, int) and 0 <= i < len(want)
    ] or want
    suggest = message.get("suggest")
    names = (
        [_quoted(one) for one in suggest if isinstance(one, str)]
        if isinstance(suggest, list)
        else []
    )
    if message.get("what") == "field":
        one = missing[0]
        which = "has several fields" if one.field is None else f"has no field {_quoted(one.field)}"
        fields = f" Its fields are {', '.join(names)}." if names else ""
        return CredentialNotFound(f"The credential {_quoted(one.name)} {which}.{fields}")
    hint = f" Did you mean {' or '.join(names[:3])}?" if names else ""
    asked = ", ".join(_quoted(one.name) for one in missing)
    return CredentialNotFound(
        f"There is no credential {asked}.{hint} Add it with the key icon in the sidebar."
    )


def _text(value: object, what: str, limit: int = _NAME_LIMIT) -> str:
    if not isinstance(value, str):
        raise TypeError(f"The {what} must be a str, not {type(value).__name__}.")
    text = unicodedata.normalize("NFC", value)
    try:
        length = len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise ValueError(f"The {what} contains half a character (a lone surrogate).") from None
    if not (1 if what != "reason" else 0) <= length <= limit:
        raise ValueError(f"The {what} must have 1 to {limit} characters.")
    return text


def _milliseconds(timeout: float | None) -> int | None:
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError("The timeout must be a number of seconds.")
    if not 0.001 <= timeout <= _TIMEOUT_LIMIT:
        raise ValueError(f"The timeout must be between 0.001 and {_TIMEOUT_LIMIT} seconds.")
    return round(timeout * 1000)


def _quoted(name: str) -> str:
    """The name in quotes, with what a terminal would obey made visible."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
    return f'"{shown}"'
