"""Writes golden files of this version into vectors/golden/, once: they are kept for ever.

    python spec/generate_golden.py

A golden file is what a released writer wrote, with real randomness and the default cost, and every
later reader opens it. A file that is there is never written again.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

SPEC = Path(__file__).resolve().parent
sys.path.insert(0, str(SPEC.parent / "clients" / "python"))

from kernel_connector.vault import Entry, Field, Store, SuiteName  # noqa: E402

GOLDEN = SPEC / "vectors" / "golden"
SECRET = "a golden passphrase, \u00e9t\u00e9 \U0001f511"  # noqa: S105


def write(name: str, suite: SuiteName) -> None:
    path = GOLDEN / f"{name}.credentialstore"
    if path.exists():
        return
    store, code = Store.create(path, SECRET, suite=suite)
    fields = (Field("value", "hunter2"), Field("host", "db.example.org", "text"))
    first = store.vault.put(
        Entry("db", fields, user="bj\u00f6rn", url="https://example.org", tags=("work", "db"))
    )
    store.vault.put(
        Entry("\U0001f511", (Field("value", "x" * 5000),), notes='two\nlines, "quoted"')
    )
    gone = store.vault.put(Entry("gone", (Field("value", "y"),)))
    store.save()
    store.vault.put(dataclasses.replace(store.vault.read(first.id), unknown={"future": [1, None]}))
    store.vault.remove(gone.id)
    store.save()
    expected = {
        "passphrase": SECRET,
        "recoveryCode": code,
        "epoch": store.vault.epoch,
        "entries": [json.loads(store.vault._text(row.id)) for row in store.vault.rows()],
    }
    beside = GOLDEN / f"{name}.json"
    beside.write_text(json.dumps(expected, indent=2) + "\n", encoding="ascii", newline="\n")
    for end in (".lock", ".bak1"):
        path.with_name(path.name + end).unlink(missing_ok=True)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    write("1-nacl-python", "nacl")
    write("1-aes-python", "aes")
