"""Which value a name and a field mean (spec/exchange.md section 5, spec/vault.md section 6)."""

from __future__ import annotations

import difflib
from typing import Literal

from ..secret import Secret
from .entry import normal_name
from .vault import Vault

#: How many similar names are offered.
_SUGGESTIONS = 3


class Missing(LookupError):
    """There is no such credential, or no such field in it.

    suggest: similar names; for a field, those that the credential has.
    """

    def __init__(self, what: Literal["credential", "field"], suggest: tuple[str, ...]) -> None:
        super().__init__(what)
        self.what: Literal["credential", "field"] = what
        self.suggest = suggest


def pick(vault: Vault, name: str, field: str | None = None) -> Secret:
    """The value of a credential's field; without one, of its only field, or else of `value`.

    `user` and `url` are the user name and the URL, unless a field has that name.

    Raises Missing; VaultError `altered` or `damaged`.
    """
    row = vault.find(name)
    if row is None:
        names = {one.name for one in vault.rows()}
        close = difflib.get_close_matches(normal_name(name), names, _SUGGESTIONS)
        raise Missing("credential", tuple(close))
    fields = [one for one, _ in row.fields]
    if field is None and len(fields) == 1:
        wanted = fields[0]
    else:
        wanted = normal_name("value" if field is None else field)
    parts = {part: text for part, text in (("user", row.user), ("url", row.url)) if text}
    if wanted not in fields and wanted in parts:
        return Secret(parts[wanted])
    values = {one.name: one.value for one in vault.read(row.id).fields}
    if wanted not in values:
        raise Missing("field", tuple(dict.fromkeys([*values, *parts])))
    return Secret(values[wanted])
