"""Opening a store in Python with its key at hand, without a key derivation.

Each from its file, which is in the system's cache, to the names of all entries; and of the largest
to all values, since json.loads and pykeepass have decrypted those by then, and we have not.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable

from kernel_connector.vault import Passphrase, Vault, VaultKey, unlock
from pykeepass import PyKeePass
from rows import FIXTURES, in_turn, report, times
from run import PASSPHRASE, SIZES

JSON = "json.loads of the same entries in the clear"
KEEPASS = "pykeepass, the transformed key given"

Calls = dict[str, Callable[[], list[str]]]


class Stores:
    """The same entries three times, and the keys."""

    def __init__(self, size: int) -> None:
        self._vault = FIXTURES / f"{size}.credentialstore"
        self._plain = FIXTURES / f"{size}.plain.json"
        self._keepass = FIXTURES / f"{size}.kdbx"
        self._key = VaultKey(unlock(self._vault.read_bytes(), Passphrase(PASSPHRASE)).key)
        self._transformed = PyKeePass(self._keepass, PASSPHRASE).transformed_key

    def names(self) -> Calls:
        return {
            "ours": lambda: [row.name for row in self._open().rows()],
            JSON: lambda: [entry["name"] for entry in json.loads(self._plain.read_bytes())],
            KEEPASS: lambda: [entry.title for entry in self._open_keepass().entries],
        }

    def values(self) -> Calls:
        def ours() -> list[str]:
            vault = self._open()
            return [vault.read(row.id).fields[0].value for row in vault.rows()]

        return {
            "ours": ours,
            JSON: lambda: [e["fields"][0]["value"] for e in json.loads(self._plain.read_bytes())],
            KEEPASS: lambda: [entry.password for entry in self._open_keepass().entries],
        }

    def _open(self) -> Vault:
        return unlock(self._vault.read_bytes(), self._key)

    def _open_keepass(self) -> PyKeePass:
        return PyKeePass(self._keepass, transformed_key=self._transformed)


def measure(what: str, calls: Calls, size: int, count: int) -> None:
    found = [sorted(call()) for call in calls.values()]
    if any(one != found[0] or len(one) != size for one in found):
        raise SystemExit(f"Not the same entries in all: {what}, {size}")
    del found
    # None pays for what another has left.
    gc.collect()
    gc.freeze()
    values = in_turn(calls, count)
    gc.unfreeze()
    for peer in (JSON, KEEPASS):
        report(what, values["ours"], peer, values[peer], entries=size)


def main() -> None:
    for size in SIZES:
        # pykeepass takes a second or two for ten thousand.
        count = times(100 if size <= 100 else 30 if size <= 1_000 else 10)
        stores = Stores(size)
        measure("opened in Python, names listed", stores.names(), size, count)
    measure("opened in Python, all values read", stores.values(), size, count)


if __name__ == "__main__":
    main()
