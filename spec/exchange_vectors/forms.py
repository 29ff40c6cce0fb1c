"""Vectors for the parts that requests and replies are made of."""

from __future__ import annotations

from typing import Any

from .common import KERNEL, LOW_ORDER, b64u, flip_top, padded_length

Vectors = list[dict[str, Any]]


def base64url() -> Vectors:
    good = [b"", b"\0", b"\xff\xfe", b"\xfb\xff\xbf", bytes(range(16))]
    bad = {
        "padding": "AA==",
        "unused bits of the last of two characters": "AB",
        "unused bits of the last of three characters": "AAB",
        "one character too many": "AAAAA",
        "the alphabet of plain base64, +": "+_-A",
        "the alphabet of plain base64, /": "/_-A",
        "a space within": "AA AA",
        "a line feed at the end": "AAAA\n",
        "a letter beyond ASCII": "AAA\u00e9",
    }
    return [
        {"description": f"{len(data)} bytes", "text": b64u(data), "bytesHex": data.hex()}
        for data in good
    ] + [{"description": what, "text": text, "bytesHex": None} for what, text in bad.items()]


def public_keys() -> Vectors:
    result: Vectors = []

    def add(description: str, key: bytes, fault: str | None = None) -> None:
        vector = {"description": description, "key": b64u(key), "valid": fault is None}
        result.append(vector | ({"fault": fault} if fault else {}))

    add("a fresh key", KERNEL)
    add("the base point, 9", (9).to_bytes(32, "little"))
    add("p + 9, which is 9 not reduced", (2**255 - 10).to_bytes(32, "little"))
    for description, key in LOW_ORDER.items():
        add(f"low order: {description}", key, "low-order")
        add(f"low order, with the top bit: {description}", flip_top(key), "form")
    add("a fresh key with the top bit set", flip_top(KERNEL), "form")
    add("31 bytes", KERNEL[:31], "form")
    add("33 bytes", KERNEL + b"\0", "form")
    add("no bytes", b"", "form")
    return result


def padding() -> Vectors:
    buckets = (1024, 4096, 16384, 65536, 131072, 1024 * 1024)
    lengths = [0, 1, *(size + d for size in buckets for d in (-1, 0, 1))]
    return [{"description": f"{n} bytes", "length": n, "padded": padded_length(n)} for n in lengths]
