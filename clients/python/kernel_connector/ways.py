"""The ways to a credential, and which of them are open here.

In this order: the front end, with the exchange; the agent; a passphrase in the environment; a
passphrase typed at the terminal. The first that is open decides: a refusal is not asked around.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from . import channel, headless, passphrase
from .agent import client
from .errors import CredentialError, NoFrontend, StoreLocked
from .location import shown, store_path
from .protocol import Reply, Want
from .refusals import listed
from .sources import Source

if TYPE_CHECKING:
    from .vault import Store

#: How often a passphrase may be mistyped.
_TRIES = 3


class Closed(Exception):
    """This way leads nowhere from here."""


def without_front_end(source: Source, want: list[Want]) -> Reply:
    """The answer by one of the other ways.

    Raises Closed; StoreLocked; NoFrontend if a package is missing.
    """
    return {"agent": _by_agent, "environment": _by_environment, "terminal": _by_terminal}[source](
        want
    )


def opened_here() -> Store:
    """The store itself, by the ways that have a passphrase.

    Raises StoreLocked; NoFrontend if there is none, or a package is missing.
    """
    for way in (_opened_by_environment, lambda: _opened_at_terminal("")):
        try:
            return way()
        except Closed:
            continue
    raise NoFrontend(
        f"There is nobody here to ask for the passphrase of {_shown_path()}. "
        f"Set {passphrase.FILE_VARIABLE}."
    )


def is_open(source: Source) -> bool:
    """Whether this way would be gone, as far as can be told without asking anybody."""
    if source == "front-end":
        return channel.is_open()
    if source == "environment":
        return passphrase.is_in_environment()
    if source == "terminal":
        return _is_terminal()
    try:
        client.until(_path())
    except (client.NoAgent, CredentialError):
        return False
    except client.AgentRefused:
        pass
    return True


def nothing(want: list[Want], pinned: Source | None) -> NoFrontend:
    """The error if no way is open, or not the one that was asked for."""
    names = listed(want)
    if pinned == "front-end":
        return channel.no_store(names)
    if pinned == "agent":
        return NoFrontend(
            f"No agent can hand out {names}: none is running for {_shown_path()}. "
            f'Run "credentialstore unlock" ({headless.EXTRA}).'
        )
    if pinned == "environment":
        return NoFrontend(
            f"The environment has no passphrase to read {names} with. "
            f"Set {passphrase.VARIABLE} or {passphrase.FILE_VARIABLE}."
        )
    if pinned == "terminal":
        return NoFrontend(f"There is no terminal here to ask for the passphrase of {names}.")
    first = (
        "this front end has no credential store"
        if channel.is_there()
        else "there is no front end with a credential store"
    )
    return NoFrontend(
        f"Nothing here can hand out {names}: {first}, no agent is running, the environment has "
        "no passphrase, and there is no terminal to ask for it. In JupyterLab install "
        'jupyterlab-credential-store and reload the page; in a script run "credentialstore unlock" '
        f"before ({headless.EXTRA}), or set {passphrase.FILE_VARIABLE}."
    )


def _by_agent(want: list[Want]) -> Reply:
    path = _path()
    try:
        return client.get(path, want)
    except client.NoAgent:
        raise Closed from None
    except client.AgentRefused as error:
        code = error.code
    if code in ("passphrase-changed", "other-vault", "no-file"):
        # It has ended; the next way opens the file as it is now.
        raise Closed
    raise StoreLocked(
        f"The agent cannot read {shown(path)} any more ({code}). "
        'See "credentialstore check", then "credentialstore unlock".'
    )


def _by_environment(want: list[Want]) -> Reply:
    return headless.look_up(_opened_by_environment(), want)


def _by_terminal(want: list[Want]) -> Reply:
    return headless.look_up(_opened_at_terminal(f", for {listed(want)}"), want)


def _opened_by_environment() -> Store:
    try:
        text = passphrase.from_environment()
    except passphrase.Unusable as error:
        raise StoreLocked(str(error)) from None
    if text is None:
        raise Closed
    path = _path()
    try:
        return headless.opened(path, text)
    except headless.WrongPassphrase:
        raise StoreLocked(
            f"The passphrase in the environment does not open {shown(path)}. "
            f"Correct {passphrase.VARIABLE} or {passphrase.FILE_VARIABLE}."
        ) from None


def _opened_at_terminal(purpose: str) -> Store:
    if not _is_terminal():
        raise Closed
    path = _path()
    store = headless.still_open(path)
    if store is not None:
        return store
    if not path.exists():
        raise headless.unusable(path, "no-file", "")
    for _ in range(_TRIES):
        try:
            text = passphrase.typed(f"Passphrase of {shown(path)}{purpose}: ")
        except EOFError:
            break
        if not text:
            break
        try:
            return headless.opened(path, text)
        except headless.WrongPassphrase:
            continue
    raise StoreLocked(f"No passphrase opened {shown(path)}, so nothing was read from it.")


def _is_terminal() -> bool:
    return passphrase.can_be_typed() and not channel.is_there()


def _path() -> Path:
    try:
        return store_path()
    except ValueError as error:
        raise StoreLocked(f"{error} Name the store's file with CREDENTIALSTORE_PATH.") from None


def _shown_path() -> str:
    return shown(_path())
