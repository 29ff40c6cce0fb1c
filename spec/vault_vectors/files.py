"""Whole files, with every value on the way from the secret to the entries."""

from __future__ import annotations

from typing import Any

from kernel_connector.vault import recovery_code
from kernel_connector.vault.keys import (
    entry_label,
    passphrase_bytes,
    passphrase_ikm,
    recovery_ikm,
    sha256,
    wrapping_key,
)

from .common import PASSPHRASE, SAMPLES, Sample, present, stored, stringify, unb64u


def files() -> dict[str, Any]:
    return {sample.name: _file(sample) for sample in SAMPLES.values()}


def _file(sample: Sample) -> dict[str, Any]:
    return {
        "suite": sample.suite.name,
        "passphrase": PASSPHRASE,
        "recoveryCode": sample.recovery_code,
        "text": sample.text,
        "header": stored(sample.text)["header"],
        "headerSha256Hex": sha256(stored(sample.text)["header"].encode()).hex(),
        "slots": [_slot(sample, slot) for slot in sample.header["slots"]],
        "vaultKeyHex": sample.key.hex(),
        "headerKeyHex": sample.subkey(b"header").hex(),
        "indexKeyHex": sample.subkey(b"index").hex(),
        "index": stringify(sample.index),
        "entries": {
            entry_id: {
                "keyHex": sample.subkey(entry_label(unb64u(entry_id), value["rev"])).hex(),
                "text": stringify(value),
            }
            for entry_id, value in sample.entries.items()
        },
    }


def _slot(sample: Sample, slot: dict[str, Any]) -> dict[str, Any]:
    salt = unb64u(slot["salt"])
    if slot["type"] == "passphrase":
        data = present(passphrase_bytes(PASSPHRASE))
        ikm = passphrase_ikm(data, salt, slot["memory"], slot["passes"])
    else:
        ikm = recovery_ikm(recovery_code.parse(sample.recovery_code), salt)
    key = wrapping_key(ikm, sample.vault_id, sample.suite, unb64u(slot["id"]))
    return {"type": slot["type"], "ikmHex": ikm.hex(), "wrappingKeyHex": key.hex()}
