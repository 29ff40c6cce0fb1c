"""A string that does not show itself."""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["Secret"]


class Secret(str):
    """A `str` whose `repr` is masked, always by as many dots: its length is a secret too.

    It is masked wherever Python shows a `repr`: as a cell's last expression, in lists and
    dictionaries, in tracebacks that show variables. `str(secret)`, `print(secret)`, f-strings, and
    what is made of it (`secret + "x"`, `secret[1:]`), give the plain value.

    Pickling is refused, for a pickle is a file or a wire; copies are fine.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('••••••••••••')"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # IPython has a printer of its own for strings.
        printer.text(repr(self))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(
            "A Secret cannot be pickled, for that would write it to a file or send it to another "
            "process in the clear. If you must, pickle str(secret)."
        )
