"""Padding (spec/vault.md section 5): ISO/IEC 7816-4, then zeros, which hides lengths."""

from __future__ import annotations

from .errors import damaged

_SMALLEST = 256
_LARGEST = 65536
_INDEX_STEP = 1024


def entry_size(length: int) -> int:
    """Bytes that an entry of so many is padded to."""
    size = _SMALLEST
    while size <= length and size < _LARGEST:
        size *= 2
    return size if length < size else _next_multiple(length, _LARGEST)


def index_size(length: int) -> int:
    return _next_multiple(length, _INDEX_STEP)


def pad(text: bytes, size: int) -> bytes:
    if len(text) >= size:
        raise ValueError("no room for the mark")
    return (text + b"\x80").ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """VaultError `damaged` if the mark is missing."""
    text = padded.rstrip(b"\0")
    if not text.endswith(b"\x80"):
        damaged("padding")
    return text[:-1]


def _next_multiple(length: int, step: int) -> int:
    return (length // step + 1) * step
