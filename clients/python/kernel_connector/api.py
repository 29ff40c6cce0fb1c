"""The two calls that people write in a cell."""

from __future__ import annotations

import unicodedata

from . import channel
from .errors import CredentialError, ProtocolError
from .protocol import NotAReply, Reply, Request, StaleReply, Want
from .refusals import listed, refusal
from .secret import Secret

__all__ = ["get_credential", "get_credentials"]

_NAME_LIMIT = 256
_REASON_LIMIT = 500
_WANT_LIMIT = 16
_TIMEOUT_LIMIT = 86_400
#: How often a leftover reply to an earlier request is passed over.
_RETRIES = 2


def get_credential(
    name: str,
    field: str | None = None,
    *,
    reason: str | None = None,
    timeout: float | None = None,
) -> Secret:
    """The value of a credential, once the person at the page has agreed.

    name: as in the store.
    field: which one, of a credential with several fields.
    reason: shown to the person, as written by the code.
    timeout: seconds to wait for the person; without it, as long as it takes.

    Raises a CredentialError: CredentialNotFound, CredentialDenied, StoreLocked, NoFrontend,
    CredentialTimeout or ProtocolError.
    """
    want = Want(_text(name, "name"), None if field is None else _text(field, "field"))
    return _exchange([want], reason, timeout)[0]


def get_credentials(*names: str, reason: str | None = None) -> tuple[Secret, ...]:
    """The values of 1 to 16 credentials, in the order of `names`, asked for in one dialog:

        user, password = get_credentials("db-user", "db-password")

    Raises a CredentialError, as `get_credential` does; then none is handed out.
    """
    if not 1 <= len(names) <= _WANT_LIMIT:
        raise ValueError(f"Ask for 1 to {_WANT_LIMIT} credentials at a time, not {len(names)}.")
    return _exchange([Want(_text(name, "name")) for name in names], reason, None)


def _exchange(want: list[Want], reason: str | None, timeout: float | None) -> tuple[Secret, ...]:
    request = Request(
        want,
        None if reason is None else _text(reason, "reason", least=0, most=_REASON_LIMIT),
        None if timeout is None else _milliseconds(timeout),
    )
    outcome = _attempt(request, listed(want))
    if isinstance(outcome, CredentialError):
        raise outcome
    if outcome.status != "granted":
        raise refusal(outcome, want)
    return outcome.values


def _attempt(request: Request, names: str) -> Reply | CredentialError:
    try:
        with channel.lock():
            return _ask(request, names)
    except CredentialError as error:
        # A traceback, and IPython keeps the last one, holds the variables of its frames: here
        # what was typed, or decrypted. So the error leaves them behind.
        error.__context__ = None
        return error.with_traceback(None)
    finally:
        request.forget()


def _ask(request: Request, names: str) -> Reply:
    for _ in range(1 + _RETRIES):
        try:
            return request.open(channel.ask(request.prompt, names))
        except NotAReply:
            # Empty, or typed into a box by a person: what it was is not looked at.
            raise channel.no_store(names) from None
        except StaleReply:
            continue
    raise ProtocolError(
        f"The front end keeps answering an earlier request in place of the one for {names}. "
        "Restart the kernel."
    )


def _text(value: object, what: str, *, least: int = 1, most: int = _NAME_LIMIT) -> str:
    """The text in the form that the page compares. Raises TypeError, ValueError."""
    if not isinstance(value, str):
        raise TypeError(f"The {what} must be a str, not {type(value).__name__}.")
    text = unicodedata.normalize("NFC", value)
    try:
        # The page counts as JavaScript does.
        length = len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise ValueError(f"The {what} contains half a character, a lone surrogate.") from None
    if length < least:
        raise ValueError(f"The {what} is empty.")
    if length > most:
        raise ValueError(f"The {what} has {length} characters; {most} are allowed.")
    return text


def _milliseconds(timeout: object) -> int:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"The timeout must be a number of seconds, not {type(timeout).__name__}.")
    if not 0.001 <= timeout <= _TIMEOUT_LIMIT:
        raise ValueError(f"The timeout must be between 0.001 and {_TIMEOUT_LIMIT} seconds.")
    return round(timeout * 1000)
