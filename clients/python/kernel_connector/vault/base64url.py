"""b64u of spec/exchange.md: base64url without padding, canonical."""

from __future__ import annotations

import base64
import binascii

from .errors import damaged


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, size: int | None = None) -> bytes:
    """The bytes; `size`: how many there must be. VaultError `damaged`."""
    data = _bytes(text)
    if data is None or encode(data) != text:
        damaged("base64url")
    if size is not None and len(data) != size:
        damaged("length of base64url")
    return data


def _bytes(text: str) -> bytes | None:
    try:
        raw = text.encode("ascii")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
