"""The commands that change the store: init, set, edit, rm, mv, passwd."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from .. import passphrase
from ..location import shown
from ..refusals import quoted
from ..vault import Entry, Field, Passphrase, Row, Store, SuiteName, VaultError
from ..vault.entry import normal_name
from . import screen, session
from .drafts import BadText, Draft, entry_of, text_of
from .outcome import Exit, Failure

#: Bytes of a value from standard input; an entry has no more.
_VALUE_LIMIT = 1024 * 1024


def init(path: Path, suite: SuiteName, recovery: bool) -> str | None:
    """A new store. Returns its recovery code."""
    if path.exists():
        raise Failure(Exit.CONFLICT, f"{shown(path)} is there already, so nothing was made.")
    try:
        text = passphrase.from_environment()
    except passphrase.Unusable as error:
        raise Failure(Exit.LOCKED, str(error)) from None
    text = session.new_passphrase() if text is None else text
    try:
        with screen.waiting("Deriving the key…"):
            _, code = Store.create(path, text, suite=suite, recovery=recovery)
    except ValueError as error:
        raise Failure(Exit.LOCKED, str(error)) from None
    return code


def put(
    path: Path,
    name: str,
    field: str | None,
    *,
    user: str | None,
    url: str | None,
    tags: Sequence[str],
    text: bool,
) -> bool:
    """Set one value, from standard input or typed. Returns whether the entry is new."""
    # Unlocked before somebody types: a mistyped passphrase must not lose what was typed.
    given = _from_input() if not passphrase.can_be_typed() else None
    store = session.open_store(path)
    value = session.ask(f"Value of {quoted(name)}: ") if given is None else given
    if not value:
        raise Failure(Exit.USAGE, "The value is empty, so nothing was changed.")
    row = store.vault.find(name)
    old = store.vault.read(row.id) if row else Entry(name, ())
    entry = replace(
        old,
        fields=_with(old, _field_name(old, field), value, text),
        user=old.user if user is None else user,
        url=old.url if url is None else url,
        tags=tuple(tags) or old.tags,
    )
    _put(store, entry)
    save(store)
    return row is None


def edit(
    path: Path, name: str, user: str | None, url: str | None, tags: Sequence[str] | None
) -> bool:
    """Change an entry in an editor, or only what is given. Returns whether it changed."""
    store = session.open_store(path)
    old = store.vault.read(_row(store, name).id)
    if user is None and url is None and tags is None:
        return _edit_text(store, old)
    _put(
        store,
        replace(
            old,
            user=old.user if user is None else user,
            url=old.url if url is None else url,
            tags=old.tags if tags is None else tuple(tags),
        ),
    )
    save(store)
    return True


def remove(path: Path, names: Sequence[str], sure: bool) -> None:
    store = session.open_store(path)
    found = [_row(store, name) for name in dict.fromkeys(names)]
    if not sure:
        what = ", ".join(quoted(row.name) for row in found)
        if not passphrase.can_be_typed():
            raise Failure(Exit.USAGE, f"Add --yes to delete {what} without being asked.")
        click.confirm(f"Delete {what}?", abort=True, err=True)
    for row in found:
        store.vault.remove(row.id)
    save(store)


def rename(path: Path, old: str, new: str) -> None:
    store = session.open_store(path)
    row = _row(store, old)
    other = store.vault.find(new)
    if other and other.id != row.id:
        raise Failure(
            Exit.CONFLICT, f"There is a credential {quoted(new)} already; nothing was changed."
        )
    _put(store, replace(store.vault.read(row.id), name=new))
    save(store)


def change_passphrase(path: Path, recovery: bool, new_file: Path | None) -> str | None:
    """Returns the new recovery code, if there was one."""
    store = session.open_store(path, recovery=recovery)
    if new_file is None:
        new = session.new_passphrase()
    else:
        try:
            new = passphrase.from_file(str(new_file), "--new-passphrase-file")
        except passphrase.Unusable as error:
            raise Failure(Exit.LOCKED, f"{error} Nothing was changed.") from None
    try:
        with screen.counting("Sealing anew") as step:
            return store.change_passphrase(new, progress=step)
    except ValueError as error:
        raise Failure(Exit.LOCKED, f"{error} Nothing was changed.") from None


def save(store: Store) -> None:
    """Write; what others saved meanwhile is merged. If they changed the passphrase, it is asked
    for: what was changed here is kept."""
    try:
        store.save()
    except VaultError as error:
        if error.code != "passphrase-changed":
            raise
        screen.say("The passphrase was changed elsewhere meanwhile. Your change is kept.")
        with screen.waiting("Deriving the key…"):
            store.rebase(Passphrase(session.ask("New passphrase of the store: ")))
        store.save()


def _edit_text(store: Store, old: Entry) -> bool:
    draft = Draft(text_of(old))
    try:
        while True:
            draft.edit()
            try:
                entry = entry_of(draft.read(), old)
                if entry == old:
                    draft.remove()
                    return False
                _put(store, entry)
                break
            except (BadText, Failure) as error:
                screen.say(f"This is no entry: {error}.".replace("..", "."))
                if not passphrase.can_be_typed() or not click.confirm("Edit it again?", err=True):
                    raise Failure(Exit.USAGE, "Nothing was changed.") from None
        save(store)
    except BaseException:
        screen.say(f"What you wrote is in {draft.path}, in the clear: delete it when done.")
        raise
    draft.remove()
    return True


def _put(store: Store, entry: Entry) -> None:
    try:
        store.vault.put(entry)
    except ValueError as error:
        raise Failure(Exit.USAGE, str(error)) from None


def _row(store: Store, name: str) -> Row:
    row = store.vault.find(name)
    if row is None:
        raise Failure(Exit.NOT_FOUND, f"There is no credential {quoted(name)}.")
    return row


def _field_name(entry: Entry, field: str | None) -> str:
    """As it is read: without a name, the only field, or `value`."""
    if field is None and len(entry.fields) == 1:
        return entry.fields[0].name
    return "value" if field is None else normal_name(field)


def _with(entry: Entry, name: str, value: str, text: bool) -> tuple[Field, ...]:
    if any(one.name == name for one in entry.fields):
        return tuple(
            replace(one, value=value, type="text" if text else one.type)
            if one.name == name
            else one
            for one in entry.fields
        )
    return (*entry.fields, Field(name, value, "text" if text else "hidden"))


def _from_input() -> str:
    """Standard input, without one line feed at its end."""
    data = sys.stdin.buffer.read(_VALUE_LIMIT + 1)
    if len(data) > _VALUE_LIMIT:
        raise Failure(Exit.USAGE, "The value is larger than 1 MiB, so nothing was changed.")
    try:
        return data.removesuffix(b"\n").decode()
    except UnicodeDecodeError:
        raise Failure(
            Exit.USAGE, "The value is no text in UTF-8, so nothing was changed. Encode it first."
        ) from None
