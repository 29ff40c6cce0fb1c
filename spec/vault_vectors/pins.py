"""Vectors for what is remembered of a file (section 9)."""

from __future__ import annotations

import copy
from typing import Any

from kernel_connector.vault import base64url, file
from kernel_connector.vault import pins as product
from kernel_connector.vault.keys import sha256

from .common import NACL, Vectors, expect, ident, stored, stringify


def pins() -> Vectors:
    pin = product.pin_of(file.parse(NACL.text.encode()))
    shown = {
        "vault": pin.vault,
        "epoch": pin.epoch,
        "generation": pin.generation,
        "digest": pin.digest,
    }
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("the same file", {}, "same"),
        ("the next epoch", {"epoch": 4}, "later"),
        ("a much later epoch, another generation", {"epoch": 100, "generation": 2}, "later"),
        ("an earlier epoch", {"epoch": 2}, "rolled-back"),
        ("an earlier epoch, a later generation", {"epoch": 2, "generation": 2}, "rolled-back"),
        ("the same epoch, another header", {"count": 3}, "forked"),
        ("the same epoch, another generation", {"generation": 2}, "forked"),
        ("another vault", {"vault": ident("another vault")}, "other-vault"),
        (
            "another vault, an earlier epoch",
            {"vault": ident("another vault"), "epoch": 1},
            "other-vault",
        ),
    ]
    result: Vectors = []
    for description, changes, verdict in cases:
        text = stringify(copy.deepcopy(NACL.header) | changes)
        result.append(
            {"description": description, "pin": shown, "header": text, "verdict": verdict}
        )
    second = shown | {"generation": 2, "epoch": 2}
    result.append(
        {
            "description": "a later epoch, an earlier generation",
            "pin": second,
            "header": stored(NACL.text)["header"],
            "verdict": "rolled-back",
        }
    )
    for vector in result:
        members = stored(vector["header"])
        new = product.Pin(
            members["vault"],
            members["epoch"],
            members["generation"],
            base64url.encode(sha256(vector["header"].encode())),
        )
        verdict = product.compare(product.Pin(**vector["pin"]), new)
        expect(verdict == vector["verdict"], vector["description"])
    return result
