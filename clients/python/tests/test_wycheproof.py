"""Project Wycheproof's cases against what the Python side calls; spec/vectors/wycheproof.json."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from kernel_connector.vault.keys import hkdf
from kernel_connector.vault.suites import SUITES, open_sealed, seal
from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey

FILE = Path(__file__).resolve().parents[3] / "spec" / "vectors" / "wycheproof.json"
VECTORS = json.loads(FILE.read_text())


def cases(name: str) -> list[Any]:
    return [pytest.param(*row[1:], id=str(row[0])) for row in VECTORS[name]["tests"]]


def whole(name: str) -> list[Any]:
    """Those of at least 32 bytes: that many ours gives."""
    return [case for case in cases(name) if case.values[0] == "valid" and case.values[4] >= 32]


def unhex(*texts: str) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize(("result", "peer", "secret", "shared", "flags"), cases("x25519"))
def test_x25519(result: str, peer: str, secret: str, shared: str, flags: list[str]) -> None:
    if "ZeroSharedSecret" in flags:
        # libsodium's refusal; RFC 7748 section 6.1 allows what spec/exchange.md section 1 demands.
        with pytest.raises((RuntimeError, CryptoError)):
            Box(PrivateKey(bytes.fromhex(secret)), PublicKey(bytes.fromhex(peer)))
    else:
        assert bindings.crypto_scalarmult(*unhex(secret, peer)).hex() == shared


@pytest.mark.parametrize(("result", "key", "nonce", "text", "cipher", "tag"), cases("aes256gcm"))
def test_aes_256_gcm(result: str, key: str, nonce: str, text: str, cipher: str, tag: str) -> None:
    k, n, t, sealed = unhex(key, nonce, text, nonce + cipher + tag)
    if result == "valid":
        assert seal(SUITES["aes"], k, n, t) == sealed
        assert open_sealed(SUITES["aes"], k, sealed) == t
    else:
        assert open_sealed(SUITES["aes"], k, sealed) is None


@pytest.mark.parametrize(("result", "key", "msg", "tag"), cases("hmacSha256"))
def test_hmac_sha256(result: str, key: str, msg: str, tag: str) -> None:
    k, m, t = unhex(key, msg, tag)
    assert (hmac.digest(k, m, "sha256") == t) == (result == "valid")


@pytest.mark.parametrize(("result", "ikm", "salt", "info", "size", "okm"), whole("hkdfSha256"))
def test_hkdf_sha256(result: str, ikm: str, salt: str, info: str, size: int, okm: str) -> None:
    assert hkdf(*unhex(ikm, salt, info)).hex() == okm[:64]
