"""Plays the page for the tests: reads a prompt, seals a reply. It does not check what it reads."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from nacl.public import Box, PrivateKey, PublicKey
from nacl.utils import random


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def request_json(prompt: str) -> bytes:
    return unb64u(prompt.rpartition(" [credentialstore-request/1 ")[2].rstrip().removesuffix("]"))


def request(prompt: str) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(request_json(prompt))
    return members


def seal(prompt: str, plaintext: bytes | None = None, **body: Any) -> str:
    """The reply with `body`; or with `plaintext` in the box, whatever it is."""
    asked, page = request(prompt), PrivateKey.generate()
    message = {
        "v": 1,
        "id": asked["id"],
        "hash": b64u(hashlib.sha256(request_json(prompt)).digest()),
        "kernel": asked["key"],
        "page": b64u(bytes(page.public_key)),
        **body,
    }
    text = json.dumps(message).encode() + b"\x80"
    size = 1024 if len(text) <= 1024 else -(-len(text) // 4096) * 4096
    nonce = random(24)
    box = Box(page, PublicKey(unb64u(asked["key"]))).encrypt(
        plaintext if plaintext is not None else text.ljust(size, b"\0"), nonce
    )
    head = b"\1" + unb64u(asked["id"]) + bytes(page.public_key)
    return b64u(head + bytes(box))


def grant(prompt: str, *values: str) -> str:
    return seal(prompt, status="granted", values=list(values))
