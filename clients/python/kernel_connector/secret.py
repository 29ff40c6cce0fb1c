"""A string that does not show itself."""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["Secret"]


class Secret(str):
    """A `str` whose `repr` is masked, always by as many dots: its length is a secret too.

    `str(secret)` is the plain value. Pickling is refused, for a pickle is a file or a wire.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('••••••••••••')"

    def __str__(self) -> str:
        return str.__getitem__(self, slice(None))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A Secret is not pickled, for that would write it out. Use str(secret).")
