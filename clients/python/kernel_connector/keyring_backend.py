"""The store as a backend of the package keyring: `keyring.get_password("service", "user")`.

It reads, in this order,

1. the entry that it made itself: its URL is `keyring:` and the service, percent-encoded, and its
   user name is the user name;
2. an entry that somebody made: its name is the service, and its user name is the user name.

The password is the entry's only field, or the one named `value`. `set_password` changes what it
would read, or makes an entry, named after the service. `delete_password` deletes it, but not an
entry of 2 that has more than the one field.

Reading goes by the agent, a passphrase in the environment, or the terminal, as get_credential does
without a page; writing needs the passphrase. The priority is below 1: keyring takes it by itself
only where it finds no other backend, and only where there is a store.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from keyring import errors
from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.credentials import Credential, SimpleCredential

from . import ways
from .agent import client
from .errors import NoFrontend, StoreLocked
from .location import store_path
from .protocol import Want
from .vault import Entry, Field, Row, VaultError
from .vault.entry import NAME_LIMIT, code_units, normal_name

_PRIORITY = 0.6
_SCHEME = "keyring:"


class CredentialStoreKeyring(KeyringBackend):
    """See the module."""

    @properties.classproperty
    def priority(self) -> float:
        try:
            there = store_path().exists()
        except ValueError:
            there = False
        if not there:
            raise RuntimeError("There is no credential store.")
        return _PRIORITY

    def get_password(self, service: str, username: str) -> str | None:
        found = self.get_credential(service, username)
        return None if found is None else found.password

    def get_credential(self, service: str, username: str | None) -> Credential | None:
        """With the user name, or any of the service's if it is None."""
        with _translated(errors.KeyringError):
            with suppress(_NoAnswer):
                return _by_agent(service, username)
            vault = ways.opened_here().vault
            row = _find(vault.rows(), service, username)
            return None if row is None else _credential(row, vault.read(row.id).fields)

    def set_password(self, service: str, username: str, password: str) -> None:
        with _translated(errors.PasswordSetError):
            store = ways.opened_here()
            row = _find(store.vault.rows(), service, username)
            if row:
                entry = _with_password(store.vault.read(row.id), password)
            else:
                name = _free_name({one.name for one in store.vault.rows()}, service)
                fields = (Field("value", password),)
                entry = Entry(name, fields, user=username, url=_url(service))
            store.vault.put(entry)
            store.save()

    def delete_password(self, service: str, username: str) -> None:
        with _translated(errors.PasswordDeleteError):
            store = ways.opened_here()
            row = _find(store.vault.rows(), service, username)
            if row is None:
                raise errors.PasswordDeleteError("There is no such password.")
            if row.url != _url(service) and len(row.fields) > 1:
                raise errors.PasswordDeleteError(
                    "This entry has more than the password. Delete it with credentialstore rm."
                )
            store.vault.remove(row.id)
            store.save()


@contextmanager
def _translated(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except NoFrontend as error:
        raise errors.KeyringLocked(str(error)) from None
    except StoreLocked as error:
        raise errors.KeyringLocked(str(error)) from None
    except (VaultError, ValueError, OSError) as error:
        raise kind(str(error)) from None


class _NoAnswer(Exception):
    """The agent is not there, or does not know."""


def _by_agent(service: str, username: str | None) -> Credential | None:
    """What the agent knows. Raises _NoAnswer."""
    path = store_path()
    try:
        rows = [_row(one) for one in client.rows(path)]
        row = _find(rows, service, username)
        if row is None:
            return None
        # It is asked by name, which has to mean this one.
        same = [one for one in rows if normal_name(one.name) == normal_name(row.name)]
        field = _password_field([name for name, _ in row.fields])
        if field is None:
            return None
        if len(same) > 1:
            raise _NoAnswer
        reply = client.get(path, [Want(row.name, field)])
    except (client.NoAgent, client.AgentRefused, TypeError):
        raise _NoAnswer from None
    if reply.status != "granted":
        return None
    return SimpleCredential(row.user, str(reply.values[0]))


def _row(one: dict[str, Any]) -> Row:
    return Row(**{**one, "tags": tuple(one["tags"]), "fields": tuple(map(tuple, one["fields"]))})


def _credential(row: Row, fields: Sequence[Field]) -> Credential | None:
    wanted = _password_field([one.name for one in fields])
    return next(
        (SimpleCredential(row.user, str(one.value)) for one in fields if one.name == wanted), None
    )


def _password_field(names: Sequence[str]) -> str | None:
    if len(names) == 1:
        return names[0]
    return "value" if "value" in names else None


def _find(rows: Sequence[Row], service: str, username: str | None) -> Row | None:
    url, name = _url(service), normal_name(service)
    rows = [row for row in rows if username is None or row.user == username]
    own = [row for row in rows if row.url == url]
    others = [row for row in rows if normal_name(row.name) == name]
    return max(own or others, key=lambda row: row.changed, default=None)


def _with_password(entry: Entry, password: str) -> Entry:
    wanted = _password_field([one.name for one in entry.fields])
    if wanted is None:
        return replace(entry, fields=(*entry.fields, Field("value", password)))
    return replace(
        entry,
        fields=tuple(
            replace(one, value=password) if one.name == wanted else one for one in entry.fields
        ),
    )


def _url(service: str) -> str:
    return _SCHEME + quote(service, safe="")


def _free_name(taken: set[str], service: str) -> str:
    """The service as far as a name may be so, with a number if another entry has it."""
    shown = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs") else letter
        for letter in normal_name(service)
    )
    name, end, number = shown.strip() or "keyring", "", 1
    while name + end in taken or code_units(name + end) > NAME_LIMIT:
        if code_units(name + end) > NAME_LIMIT:
            name = name[:-1]
            continue
        number += 1
        end = f" ({number})"
    return name + end
