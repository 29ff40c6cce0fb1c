"""The command run: which values a command gets, and under which names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..agent import client
from ..headless import find
from ..protocol import Reply, Want
from ..refusals import refusal
from ..vault import Store
from . import child, session
from .outcome import Exit, Failure
from .reading import ADD

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def run(path: Path, given: Sequence[str], command: Sequence[str], masking: bool) -> int:
    """The command's exit code. Raises Failure, CredentialError, VaultError."""
    values = _values(path, [_split(one) for one in given])
    if not masking:
        child.replace(command, values)
    return child.run(command, values)


def _split(given: str) -> tuple[str, str]:
    variable, sign, name = given.partition("=")
    if not sign or not name or not _VARIABLE.fullmatch(variable):
        raise Failure(Exit.USAGE, f"Write --env VARIABLE=name, not {given!r}.")
    return variable, name


def _values(path: Path, wanted: list[tuple[str, str]]) -> dict[str, str]:
    """By variable. A name that no credential has may end in `:` and a field."""
    look = _Lookup(path)
    return {variable: look.value(name) for variable, name in wanted}


class _Lookup:
    """From the agent, or from the file, which is opened once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: Store | None = None

    def value(self, name: str) -> str:
        want = [Want(name)]
        reply = self._ask(want)
        whole, sign, field = name.rpartition(":")
        if reply.status != "granted" and reply.what == "credential" and sign and whole and field:
            want = [Want(whole, field)]
            reply = self._ask(want)
        if reply.status != "granted":
            raise refusal(reply, want, ADD)
        return str(reply.values[0])

    def _ask(self, want: list[Want]) -> Reply:
        if self._store is None:
            try:
                return client.get(self._path, want)
            except (client.NoAgent, client.AgentRefused):
                self._store = session.open_store(self._path, reading=True)
        return find(self._store.vault, want)
