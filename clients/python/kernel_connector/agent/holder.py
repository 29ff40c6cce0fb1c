"""Answers requests from an open store, which it reads again when others have written it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..headless import find
from ..protocol import Want
from ..vault import Store, VaultError
from . import place, wire

#: After these there is nothing that the key at hand could open any more.
_ENDS = ("passphrase-changed", "other-vault", "no-file")


class Holder:
    """store: open. until: when the agent ends, in milliseconds since 1970.

    ended: whether it is of no more use.
    """

    def __init__(self, store: Store, until: int) -> None:
        self._store = store
        self._identity = place.identity(store.path)
        self._until = until
        self.ended = False

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The reply to a request, whatever it is."""
        try:
            wire.check_request(message)
        except wire.WireError:
            return _refused("request")
        if message["store"] != self._identity:
            return _refused("request")
        try:
            return {"v": wire.VERSION, **self._act(message)}
        except VaultError as error:
            self.ended = error.code in _ENDS
            return _refused(error.code)
        except OSError:
            return _refused("failed")

    def _act(self, message: dict[str, Any]) -> dict[str, Any]:
        action = message["do"]
        if action == "lock":
            self.ended = True
            return {"status": "ok"}
        if action == "status":
            return {"status": "ok", "until": self._until}
        self._store.refresh()
        if action == "list":
            return {"status": "ok", "rows": [asdict(row) for row in self._store.vault.rows()]}
        return self._values(message["want"])

    def _values(self, wants: list[dict[str, str]]) -> dict[str, Any]:
        found = find(self._store.vault, [Want(one["name"], one.get("field")) for one in wants])
        if found.status == "granted":
            return {"status": "ok", "values": [str(value) for value in found.values]}
        return {
            "status": "not-found",
            "missing": list(found.missing),
            "what": found.what,
            "suggest": list(found.suggest),
        }


def _refused(code: str) -> dict[str, Any]:
    return {"v": wire.VERSION, "status": "refused", "code": code}
