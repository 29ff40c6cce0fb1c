"""Takes values out of a stream of bytes, however it is cut into pieces."""

from __future__ import annotations

from collections.abc import Iterable

#: Always as long: the length of a value is a secret too.
MASK = "••••••••••••".encode()
#: Bytes. Of a value with several lines, lines from this length on are masked by themselves too.
_LEAST_LINE = 8


def needles(values: Iterable[str]) -> list[bytes]:
    """What to look for: each value, and the lines of those with several."""
    found = set[bytes]()
    for value in values:
        data = value.encode()
        found.add(data)
        found.update(
            line
            for line in (part.strip(b"\r") for part in data.split(b"\n"))
            if len(line) >= _LEAST_LINE
        )
    return sorted(found - {b""}, key=len, reverse=True)


class Masker:
    """One stream. `feed` gives what can be shown by now, `end` the rest.

    What overlaps is masked as one. Held back is only what may be the beginning of a value.
    """

    def __init__(self, wanted: list[bytes]) -> None:
        self._wanted = wanted
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        self._held += data
        return self._take(self._settled())

    def end(self) -> bytes:
        return self._take(len(self._held))

    def _settled(self) -> int:
        """How many bytes no later byte can make part of a value."""
        settled = min((self._beginning(one) for one in self._wanted), default=len(self._held))
        # Nor may a value that is whole be cut, or what overlaps it.
        for start, end in reversed(self._spans()):
            if start < settled < end:
                settled = start
        return settled

    def _beginning(self, one: bytes) -> int:
        """Where the first part of `one` begins that the stream's end has cut off."""
        held = self._held
        at = held.find(one[:1], max(0, len(held) - len(one) + 1))
        while at >= 0:
            if one.startswith(held[at:]):
                return at
            at = held.find(one[:1], at + 1)
        return len(held)

    def _spans(self) -> list[tuple[int, int]]:
        """Where values are; those that overlap are one."""
        found = list[tuple[int, int]]()
        for one in self._wanted:
            at = self._held.find(one)
            while at >= 0:
                found.append((at, at + len(one)))
                at = self._held.find(one, at + 1)
        joined = list[tuple[int, int]]()
        for start, end in sorted(found):
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return joined

    def _take(self, size: int) -> bytes:
        """The first bytes, masked."""
        shown, at = bytearray(), 0
        for start, end in self._spans():
            if end > size:
                break
            shown += self._held[at:start] + MASK
            at = end
        shown += self._held[at:size]
        self._held = self._held[size:]
        return bytes(shown)
