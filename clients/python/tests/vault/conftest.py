"""A small vault that costs no Argon2id to open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kernel_connector.vault import Cost, Entry, Field, RecoveryCode, Store, Vault, create, unlock

VECTORS = Path(__file__).parents[4] / "spec" / "vectors"
CHEAP = Cost(memory=19456, passes=2)
PASSPHRASE = "correct horse battery staple"


@dataclass
class Made:
    """A saved file with two entries, `db` and `api`, and what opens it."""

    data: bytes
    code: str

    def open(self) -> Vault:
        return unlock(self.data, RecoveryCode(self.code))


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((VECTORS / "vault.json").read_text(encoding="ascii"))
    return loaded


@pytest.fixture(scope="session")
def made() -> Made:
    vault, code = create("nacl", PASSPHRASE, cost=CHEAP)
    assert code is not None
    vault.put(Entry("db", (Field("value", "hunter2"), Field("host", "h", "text"))))
    vault.put(Entry("api", (Field("value", "s3cret"),)))
    return Made(vault.to_bytes(), code)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(path: Path, made: Made) -> Store:
    path.write_bytes(made.data)
    return Store.open(path, RecoveryCode(made.code))
