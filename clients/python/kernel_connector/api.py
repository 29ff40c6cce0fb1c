"""The calls that people write in a cell or a script."""

from __future__ import annotations

import unicodedata

from . import channel, sources
from .deadline import Expired, deadline
from .errors import CredentialError, CredentialTimeout, ProtocolError
from .protocol import NotAReply, Reply, Request, StaleReply, Want
from .refusals import listed, refusal
from .secret import Secret
from .sources import SOURCES, Source

__all__ = ["get_credential", "get_credentials", "source"]

_NAME_LIMIT = 256
_REASON_LIMIT = 500
_WANT_LIMIT = 16
_TIMEOUT_LIMIT = 86_400
#: How often a leftover reply to an earlier request is passed over.
_RETRIES = 2
#: Seconds that the page's own time-out has for its way here.
_GRACE = 2.0


#: Which way each credential came the last time, by name.
_came: dict[str, Source] = {}


def get_credential(
    name: str,
    field: str | None = None,
    *,
    reason: str | None = None,
    timeout: float | None = None,
    source: Source | None = None,
) -> Secret:
    """The value of a credential, once the person at the page has agreed.

    Where there is no page with a store, as in a script or under papermill, it comes from the agent
    ("credentialstore unlock"), or from the file, with a passphrase from the environment or the
    terminal.

    name: as in the store.
    field: which one, of a credential with several fields.
    reason: shown to the person, as written by the code.
    timeout: seconds to wait for the person; without it, as long as it takes.
    source: the one way to go, "front-end", "agent", "environment" or "terminal"; without it, the
        first that is there.

    Raises a CredentialError: CredentialNotFound, CredentialDenied, StoreLocked, NoFrontend,
    CredentialTimeout or ProtocolError.
    """
    want = Want(_text(name, "name"), None if field is None else _text(field, "field"))
    return _exchange([want], reason, timeout, source)[0]


def get_credentials(
    *names: str, reason: str | None = None, source: Source | None = None
) -> tuple[Secret, ...]:
    """The values of 1 to 16 credentials, in the order of `names`, asked for in one dialog:

        user, password = get_credentials("db-user", "db-password")

    Raises a CredentialError, as `get_credential` does; then none is handed out.
    """
    if not 1 <= len(names) <= _WANT_LIMIT:
        raise ValueError(f"Ask for 1 to {_WANT_LIMIT} credentials at a time, not {len(names)}.")
    return _exchange([Want(_text(name, "name")) for name in names], reason, None, source)


def source(name: str) -> Source:
    """Which way `get_credential(name)` went the last time in this process, or would go now.

    Nothing is asked. A front end is taken at its word: whether it has a store shows when it is
    asked. Raises NoFrontend if there is no way.
    """
    want = Want(_text(name, "name"))
    if want.name in _came:
        return _came[want.name]
    from . import ways

    for way in SOURCES:
        if ways.is_open(way):
            return way
    raise ways.nothing([want], None)


def _exchange(
    want: list[Want], reason: str | None, timeout: float | None, source: Source | None
) -> tuple[Secret, ...]:
    sources.check(source)
    outcome = _first_answer(
        want,
        None if reason is None else _text(reason, "reason", least=0, most=_REASON_LIMIT),
        None if timeout is None else _milliseconds(timeout),
        source,
    )
    if isinstance(outcome, CredentialError):
        raise outcome
    return outcome


def _first_answer(
    want: list[Want], reason: str | None, timeout: int | None, source: Source | None
) -> tuple[Secret, ...] | CredentialError:
    """What the first way that is open leads to."""
    for way in SOURCES if source is None else (source,):
        if way == "front-end":
            if not channel.is_there():
                continue
            outcome = _attempt(Request(want, reason, timeout), listed(want), timeout)
            how = "with the key icon in the sidebar"
        else:
            outcome = _elsewhere(way, want)
            how = 'with "credentialstore set"'
        if outcome is None:
            continue
        _came.update({one.name: way for one in want})
        if isinstance(outcome, CredentialError):
            return outcome
        return outcome.values if outcome.status == "granted" else refusal(outcome, want, how)
    # Here, since most kernels never need it.
    from . import ways

    return ways.nothing(want, source)


def _elsewhere(way: Source, want: list[Want]) -> Reply | CredentialError | None:
    """None if this way is closed."""
    from . import ways

    try:
        return ways.without_front_end(way, want)
    except ways.Closed:
        return None
    except CredentialError as error:
        return _bare(error)


def _attempt(request: Request, names: str, timeout: int | None) -> Reply | CredentialError | None:
    """What the front end answers; None if there is none, or none with a store."""
    limit = None if timeout is None else timeout / 1000 + _GRACE
    try:
        with channel.lock(), deadline(limit):
            return _ask(request, names)
    except channel.Nobody:
        return None
    except Expired:
        return CredentialTimeout(
            f"No answer about {names} came in time: the page is closed or has lost its connection. "
            "Open it again, then run the cell again."
        )
    except CredentialError as error:
        return _bare(error)
    finally:
        request.forget()


def _bare(error: CredentialError) -> CredentialError:
    # A traceback, and IPython keeps the last one, holds the variables of its frames: here
    # what was typed, or decrypted. So the error leaves them behind.
    error.__context__ = None
    return error.with_traceback(None)


def _ask(request: Request, names: str) -> Reply:
    for _ in range(1 + _RETRIES):
        try:
            return request.open(channel.ask(request.prompt, names))
        except NotAReply:
            # Empty, or typed into a box by a person: what it was is not looked at.
            raise channel.Nobody from None
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
