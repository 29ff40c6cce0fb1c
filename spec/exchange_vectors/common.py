"""Keys, encodings and the primitives that PyNaCl does not offer unchecked."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from typing import Any

from nacl import bindings

SENTENCE = (
    "Do not type a secret here. This front end has no credential store, so press Enter to cancel."
)

# Points of order 1, 2, 4 and 8 in every form that has the top bit clear
# (https://cr.yp.to/ecdh.html#validate).
LOW_ORDER = {
    "0, of order 4": bytes(32),
    "1, of order 1": (1).to_bytes(32, "little"),
    "the first of order 8": bytes.fromhex(
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
    ),
    "the second of order 8": bytes.fromhex(
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
    ),
    "p - 1, of order 2": (2**255 - 20).to_bytes(32, "little"),
    "p, which is 0 not reduced": (2**255 - 19).to_bytes(32, "little"),
    "p + 1, which is 1 not reduced": (2**255 - 18).to_bytes(32, "little"),
}


def seed(label: str, size: int = 32) -> bytes:
    """Bytes that look random and follow from their name."""
    return hashlib.sha256(f"credentialstore exchange vectors, {label}".encode()).digest()[:size]


def public(secret: bytes) -> bytes:
    return bindings.crypto_scalarmult_base(secret)


KERNEL_SECRET = seed("kernel secret key")
KERNEL = public(KERNEL_SECRET)
PAGE_SECRET = seed("page secret key")
PAGE = public(PAGE_SECRET)
ID = seed("request id", 16)
NONCE = seed("nonce", 24)


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def loosened(data: bytes) -> str:
    """base64url with an unused bit set."""
    if len(data) % 3 == 0:
        raise ValueError("three bytes leave no bit unused")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = b64u(data)
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def compact(value: Any) -> str:
    """JSON as ECMAScript's JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def flip_top(key: bytes) -> bytes:
    return key[:-1] + bytes([key[-1] ^ 0x80])


def request(**changes: Any) -> dict[str, Any]:
    """A well-formed request with some members replaced; None leaves a member out."""
    members = {"v": 1, "id": b64u(ID), "key": b64u(KERNEL), "want": [{"name": "db"}], **changes}
    return {name: value for name, value in members.items() if value is not None}


def padded_length(length: int) -> int | None:
    """None: too long."""
    for bucket in (1024, 4096, 16384, 65536):
        if length < bucket:
            return bucket
    padded = (length // 65536 + 1) * 65536
    return padded if padded <= 1024 * 1024 else None


def pad(message: bytes, size: int | None = None) -> bytes:
    size = size or padded_length(len(message))
    if size is None:
        raise ValueError("too long")
    return (message + b"\x80").ljust(size, b"\0")


def agree(peer: bytes, secret: bytes) -> bytes:
    """crypto_box_beforenm, without its check: for points of low order, the key that follows."""
    try:
        shared = bindings.crypto_scalarmult(secret, peer)
    except Exception:
        shared = bytes(32)
    return _hsalsa20(shared)


def _hsalsa20(key: bytes) -> bytes:
    k, c = struct.unpack("<8I", key), struct.unpack("<4I", b"expand 32-byte k")
    x = [c[0], *k[:4], c[1], 0, 0, 0, 0, c[2], *k[4:], c[3]]

    def quarter(a: int, b: int, c: int, d: int) -> None:
        for to, p, q, turn in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
            total = (x[p] + x[q]) & 0xFFFFFFFF
            x[to] ^= (total << turn | total >> (32 - turn)) & 0xFFFFFFFF

    for _ in range(10):
        for column in ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)):
            quarter(*column)
        for row in ((0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)):
            quarter(*row)
    return struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


if agree(PAGE, KERNEL_SECRET) != bindings.crypto_box_beforenm(PAGE, KERNEL_SECRET):
    raise AssertionError("HSalsa20 differs from libsodium's")
