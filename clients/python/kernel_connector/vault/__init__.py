"""The credential store's file, without a browser: opens, lists, reads, writes, merges, re-keys it.

It is the second implementation of spec/vault.md, and shares nothing with the first but that
document and its vectors. Files of the suite `nacl` need PyNaCl alone, those of the suite `aes` the
extra `kernel-connector[vault]`.

    store = Store.open("~/.credentialstore", Passphrase("..."))
    row = store.vault.find("db")
    password = store.vault.read(row.id).fields[0].value
    store.vault.put(Entry("api", (Field("value", "..."),)))
    store.save()

`Store` is the file at its path, `Vault` what is in it; `unlock` and `create` need no path.
"""

from __future__ import annotations

from .entry import Entry, Field, Row
from .errors import Code, VaultError
from .file import File, parse
from .pick import Missing, pick
from .pins import Pin, Verdict, compare, pin_of
from .slots import Cost, Passphrase, RecoveryCode, VaultKey
from .store import Store
from .suites import SuiteName
from .vault import Vault, create, unlock

__all__ = [
    "Code",
    "Cost",
    "Entry",
    "Field",
    "File",
    "Missing",
    "Passphrase",
    "Pin",
    "RecoveryCode",
    "Row",
    "Store",
    "SuiteName",
    "Vault",
    "VaultError",
    "VaultKey",
    "Verdict",
    "compare",
    "create",
    "parse",
    "pick",
    "pin_of",
    "unlock",
]
