"""Canonical JSON (spec/vault.md section 1) front to back, megabytes in one pass.

It is for the file, whose members have their places; `canonical` reads the rest.
"""

from __future__ import annotations

import json
import re

from .errors import damaged

#: Canonical JSON has them as escapes.
_CONTROLS = bytes(range(0x20))
#: From the first quote to the last.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


class Scanner:
    """Raises VaultError `damaged` wherever the text is not canonical, or another is expected."""

    def __init__(self, data: bytes) -> None:
        if len(data.translate(None, _CONTROLS)) != len(data):
            damaged("a control character")
        self._text = _decode(data)
        self._at = 0
        #: Where the next backslash is: most texts have none, and are not searched again.
        self._escape = self._next("\\")

    @property
    def at_end(self) -> bool:
        return self._at == len(self._text)

    def skip(self, token: str) -> bool:
        """Whether this comes next: it is passed over."""
        found = self._text.startswith(token, self._at)
        if found:
            self._at += len(token)
        return found

    def expect(self, token: str, what: str) -> None:
        if not self.skip(token):
            damaged(what)

    def string(self, what: str) -> str:
        """What the string that comes next says."""
        text, start = self._text, self._at
        if text[start : start + 1] != '"':
            damaged(what)
        if self._escape < start:
            self._escape = self._next("\\")
        end = text.find('"', start + 1)
        if end > self._escape:
            return self._escaped(start, what)
        if end < 0:
            damaged(what)
        self._at = end + 1
        return text[start + 1 : end]

    def strings(self, name: re.Pattern[str], what: str) -> dict[str, str]:
        """What comes next up to a brace: members, all strings.

        name: the member's name, its group, with quotes and colon.
        """
        found: dict[str, str] = {}
        if self.skip("}"):
            return found
        while True:
            match = name.match(self._text, self._at)
            if match is None or match[1] in found:
                damaged(f"name of {what}")
            self._at = match.end()
            found[match[1]] = self.string(what)
            if self._text[self._at : self._at + 1] != ",":
                self.expect("}", what)
                return found
            self._at += 1

    def _escaped(self, start: int, what: str) -> str:
        match = _STRING.match(self._text, start)
        value = None if match is None else _load(match[0])
        if match is None or value is None or json.dumps(value, ensure_ascii=False) != match[0]:
            damaged(f"{what}, not canonical")
        self._at = match.end()
        return value

    def _next(self, character: str) -> int:
        found = self._text.find(character, self._at)
        return len(self._text) if found < 0 else found


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    # Not raised while the decoder's error is handled, for that error has the whole text.
    damaged("UTF-8")


def _load(literal: str) -> str | None:
    """The string's value; half a character is none, for no UTF-8 has it."""
    try:
        value: str = json.loads(literal)
        value.encode()
    except ValueError:
        return None
    return value
