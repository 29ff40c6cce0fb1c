"""Opening a store in Python with its key at hand, without a key derivation.

Each from its file, which is in the system's cache, to the names of all entries; and of the largest
to all values, since json.loads and pykeepass have decrypted those by then, and we have not. And how
long a file of the largest size that breaks a rule is looked at until it is refused.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from functools import partial

from kernel_connector.vault import Passphrase, Vault, VaultError, VaultKey, unlock
from kernel_connector.vault.file import SIZE_LIMIT
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


def large(store: bytes) -> bytes:
    """A store of that size: the form of its entries is right, and that is all that is seen yet."""
    parts, size, sealed = [store[: store.rindex(b"}}")]], len(store), b"A" * 560
    while size < SIZE_LIMIT - 1000:
        parts.append(b',"%sA":"%s"' % (str(len(parts)).rjust(21, "_").encode(), sealed))
        size += len(parts[-1])
    return b"".join([*parts, b"}}\n"])


def refuse() -> None:
    """As refusal.bench.ts does it in the page."""
    whole = large((FIXTURES / f"{SIZES[0]}.credentialstore").read_bytes())
    faults = {
        "one that ends too early": whole[:-9],
        "a quote in the last entry": whole[:-9] + b'"' + whole[-8:],
        "another cipher suite": whole.replace(b"nacl", b"none", 1),
    }
    for fault, data in faults.items():
        if not is_refused(data):
            raise SystemExit(f"Not refused: {fault}")
        calls = {"ours": partial(is_refused, data), "plain": partial(is_no_json, data)}
        values = in_turn(calls, times(30))
        what = f"a damaged file of 16 MiB refused in Python: {fault}"
        report(what, values["ours"], "json.loads of it", values["plain"])


def is_refused(data: bytes) -> bool:
    try:
        unlock(data, Passphrase(PASSPHRASE))
    except VaultError as error:
        return error.code == "damaged"
    return False


def is_no_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return True
    return False


def main() -> None:
    refuse()
    for size in SIZES:
        # pykeepass takes a second or two for ten thousand.
        count = times(100 if size <= 100 else 30 if size <= 1_000 else 10)
        stores = Stores(size)
        measure("opened in Python, names listed", stores.names(), size, count)
    measure("opened in Python, all values read", stores.values(), size, count)


if __name__ == "__main__":
    main()
