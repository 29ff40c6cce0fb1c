"""Types of members; a member that is missing or of another type is `damaged`.

Only names of members that the specification has get into an error.
"""

from __future__ import annotations

from typing import Any

from . import base64url
from .canonical import Json
from .errors import damaged

ID_SIZE = 16
HASH_SIZE = 32


def an_object(value: Any, what: str) -> Json:
    if not isinstance(value, dict):
        damaged(what)
    return value


def string(value: Json, name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str):
        damaged(name)
    return text


def integer(value: Json, name: str, least: int = 0) -> int:
    number = value.get(name)
    # To Python, True is an int.
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        damaged(name)
    return number


def strings(value: Json, name: str) -> list[str]:
    items = _array(value, name)
    if not all(isinstance(item, str) for item in items):
        damaged(name)
    return items


def objects(value: Json, name: str) -> list[Json]:
    items = _array(value, name)
    if not all(isinstance(item, dict) for item in items):
        damaged(name)
    return items


def binary(value: Json, name: str, size: int) -> bytes:
    return base64url.decode(string(value, name), size)


def ident(value: Json, name: str = "id") -> bytes:
    return binary(value, name, ID_SIZE)


def _array(value: Json, name: str) -> list[Any]:
    items = value.get(name)
    if not isinstance(items, list):
        damaged(name)
    return items
