"""The Python vault as a peer of src/vault/other-writer.spec.ts: a line of JSON in, a line out.

    {"create": "nacl"}                            -> {"file": …, "code": …}
    {"file": …, "code": …, "operations": [...]}   -> {"file": …, "entries": [...]}

Files are base64. An operation is ["put", name, value, user, notes, tags], which adds an entry or
takes the place of the one of that name, or ["remove", name].
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from kernel_connector.vault import Cost, Entry, Field, RecoveryCode, Vault, create, unlock


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


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    if "create" in asked:
        vault, code = create(asked["create"], "a passphrase", cost=Cost(19456, 2))
        return {"file": base64.b64encode(vault.to_bytes()).decode(), "code": code}
    vault = unlock(base64.b64decode(asked["file"]), RecoveryCode(asked["code"]))
    for operation in asked["operations"]:
        apply(vault, operation)
    return {"file": base64.b64encode(vault.to_bytes()).decode(), "entries": entries(vault)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
