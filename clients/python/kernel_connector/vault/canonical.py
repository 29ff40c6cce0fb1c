"""Canonical JSON (spec/vault.md section 1): what ECMAScript's JSON.stringify writes, and no more.

Objects are dictionaries, whose order is that of the members.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from .errors import VaultError, damaged

#: An object of the file. What its members are is checked by `schema`.
Json = dict[str, Any]

LARGEST = 2**53 - 1
DEPTH = 32
_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_MALFORMED = object()


def read(data: bytes) -> Any:
    """The value that the bytes stand for. VaultError `damaged` if they are not canonical."""
    text = _decode(data)
    value = _MALFORMED if text is None else _load(text)
    # Not raised while the decoder's error is handled, for that error has the whole text.
    if value is _MALFORMED:
        damaged("JSON")
    _check_depth(value, DEPTH)
    if _dump(value) != text:
        damaged("JSON is not canonical")
    return value


def write(value: Any) -> bytes:
    """The canonical bytes of a value; members keep their order, but for those that have a place.

    Raises ValueError if no canonical JSON stands for the value.
    """
    return _dump(_ordered(value, DEPTH)).encode()


def arranged(members: Json, names: tuple[str, ...]) -> Json:
    """The members named in `names` in that order, then the others."""
    return {name: members[name] for name in names if name in members} | members


def _decode(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _load(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except VaultError:
        raise
    except (ValueError, RecursionError):
        return _MALFORMED


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _object(pairs: list[tuple[str, Any]]) -> Json:
    # Of a repeated member one is left, so that the text written is another.
    value = dict(pairs)
    if list(value) != _names_in_order(value):
        damaged("members named by numbers are not first")
    return value


def _integer(digits: str) -> int:
    # The length first: Python refuses, with an error of its own, to convert thousands of digits.
    if len(digits) > 16 or not 0 <= int(digits) <= LARGEST:
        damaged("a number out of range")
    return int(digits)


def _refuse(_: str) -> NoReturn:
    damaged("a number that is no integer")


def _check_depth(value: Any, left: int) -> None:
    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)):
        return
    if left == 0:
        damaged("nested too deeply")
    for part in parts:
        if isinstance(part, (dict, list)):
            _check_depth(part, left - 1)


def _names_in_order(value: Json) -> list[str]:
    """As ECMAScript lists members: array indices first, ascending."""
    indices = [name for name in value if _is_array_index(name)]
    if not indices:
        return list(value)
    indices.sort(key=int)
    return indices + [name for name in value if not _is_array_index(name)]


def _is_array_index(name: str) -> bool:
    return name[:1].isdigit() and bool(_ARRAY_INDEX.fullmatch(name)) and int(name) < 2**32 - 1


def _ordered(value: Any, left: int) -> Any:
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("half a character, a lone surrogate")
        return value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if not 0 <= value <= LARGEST:
            raise ValueError("a number out of range")
        return value
    if not isinstance(value, (dict, list)):
        raise ValueError(f"a {type(value).__name__}")
    if left == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, list):
        return [_ordered(part, left - 1) for part in value]
    return {
        _ordered(name, left): _ordered(value[name], left - 1) for name in _names_in_order(value)
    }
