"""The Python vault as a peer of the page's (src/testing/python-vault.ts): JSON lines in and out.

    {"create": "nacl"}                            -> {"file": …, "code": …}
    {"file": …, "code": …, "operations": [...]}   -> {"file": …, "entries": [...]}
    {"file": …, "code": …}                        -> {"error": …, "entry": …}

Files are base64. An operation is ["put", name, value, user, notes, tags], which adds an entry or
takes the place of the one of that name, or ["remove", name]. The error is the first code that
reading everything ends with, or null; if it comes when an entry is read, that entry's id is told.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from kernel_connector.vault import (
    Cost,
    Entry,
    Field,
    RecoveryCode,
    Vault,
    VaultError,
    create,
    unlock,
)


def apply(vault: Vault, operation: list[Any]) -> None:
    kind, name, *rest = operation
    found = vault.find(name)
    if kind == "remove":
        if found:
            vault.remove(found.id)
        return
    value, user, notes, tags = rest
    vault.put(
        Entry(
            name,
            (Field("value", value),),
            user=user,
            notes=notes,
            tags=tuple(tags),
            id=found.id if found else "",
        )
    )


def entries(vault: Vault) -> list[dict[str, Any]]:
    whole = [vault.read(row.id) for row in vault.rows()]
    return [
        {
            "id": entry.id,
            "rev": entry.rev,
            "name": entry.name,
            "user": entry.user,
            "notes": entry.notes,
            "tags": list(entry.tags),
            "values": [field.value for field in entry.fields],
            "changed": entry.changed,
        }
        for entry in whole
    ]


def refusal(data: bytes, code: str) -> dict[str, Any]:
    entry = None
    try:
        vault = unlock(data, RecoveryCode(code))
        for row in vault.rows():
            entry = row.id
            vault.read(row.id)
    except VaultError as error:
        return {"error": error.code, "entry": entry}
    return {"error": None, "entry": None}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    if "create" in asked:
        vault, code = create(asked["create"], "a passphrase", cost=Cost(19456, 2))
        return {"file": base64.b64encode(vault.to_bytes()).decode(), "code": code}
    data = base64.b64decode(asked["file"])
    if "operations" not in asked:
        return refusal(data, asked["code"])
    vault = unlock(data, RecoveryCode(asked["code"]))
    for operation in asked["operations"]:
        apply(vault, operation)
    return {"file": base64.b64encode(vault.to_bytes()).decode(), "entries": entries(vault)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
