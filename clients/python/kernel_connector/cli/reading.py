"""The commands that change nothing: list, get, search, export, check."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict
from glob import escape as glob_escape
from pathlib import Path
from typing import Any

from ..agent import client
from ..headless import find
from ..location import shown
from ..protocol import Reply, Want
from ..refusals import refusal
from ..vault import Entry, Store
from . import screen, session
from .outcome import Exit, Failure

ADD = 'with "credentialstore set"'
_LISTED = ("name", "kind", "user", "url", "tags", "fields", "created", "changed")


def rows(path: Path) -> list[dict[str, Any]]:
    """What the index tells of all entries, by name: from the agent, or from the file."""
    try:
        found = client.rows(path)
    except (client.NoAgent, client.AgentRefused):
        found = [asdict(row) for row in session.open_store(path, reading=True).vault.rows()]
    return sorted(found, key=lambda row: (str(row["name"]).casefold(), row["changed"]))


def values(path: Path, want: list[Want]) -> tuple[str, ...]:
    """Values, from the agent or from the file. Raises CredentialNotFound."""
    reply = _reply(path, want)
    if reply.status != "granted":
        raise refusal(reply, want, ADD)
    return reply.values


def _reply(path: Path, want: list[Want]) -> Reply:
    try:
        return client.get(path, want)
    except (client.NoAgent, client.AgentRefused):
        return find(session.open_store(path, reading=True).vault, want)


def show(found: Iterable[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        screen.json_out([_public(row) for row in found])
        return
    screen.table(
        ("Name", "User", "URL", "Tags", "Changed"),
        (
            (*(row[name] for name in ("name", "user", "url")), ", ".join(row["tags"]), day(row))
            for row in found
        ),
    )


def matching(found: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Those that have every word of the text in a name, user, URL or tag."""
    words = text.casefold().split()
    return [row for row in found if all(_has(row, word) for word in words)]


def day(row: dict[str, Any]) -> str:
    return screen.day(row["changed"])


def _has(row: dict[str, Any], word: str) -> bool:
    parts = (row["name"], row["user"], row["url"], *row["tags"])
    return any(word in part.casefold() for part in parts)


def export(path: Path, output: Path | None) -> int:
    """All entries in the clear, as JSON. Returns how many."""
    if output is None and screen.is_terminal():
        raise Failure(
            Exit.USAGE,
            "This would show every value. Name a file with --output, or send it to a program.",
        )
    store = session.open_store(path)
    entries = [_exported(entry) for entry in _all(store, "Decrypting")]
    if output is None:
        screen.json_out({"entries": entries})
    else:
        _write_private(output, screen.json_text({"entries": entries}) + "\n")
    return len(entries)


def check(path: Path, as_json: bool) -> None:
    """Read everything there is to read, and tell about it. Raises VaultError at the first fault."""
    store = session.open_store(path)
    count = len(list(_all(store, "Checking")))
    vault = store.vault
    about = {
        "path": str(path),
        "target": os.path.realpath(path),
        "mode": f"{os.stat(path).st_mode & 0o777:04o}",
        "bytes": os.stat(path).st_size,
        "vault": vault.vault_id,
        "suite": vault.suite,
        "epoch": vault.epoch,
        "generation": vault.generation,
        "slots": vault.slots,
        "entries": count,
        "backups": len([*_backups(path)]),
    }
    if as_json:
        screen.json_out(about)
        return
    screen.table(("", ""), ((name, _plain(value)) for name, value in about.items()))
    screen.say(f"All {count} entries of {shown(path)} open, and nothing was altered.")


def _all(store: Store, what: str) -> list[Entry]:
    found = list[Entry]()
    all_rows = store.vault.rows()
    with screen.counting(what) as step:
        for row in all_rows:
            found.append(store.vault.read(row.id))
            step(len(found), len(all_rows))
    return found


def _exported(entry: Entry) -> dict[str, Any]:
    whole = asdict(entry)
    return {name: whole[name] for name in (*_LISTED[:5], "notes", *_LISTED[5:])} | {
        "fields": [
            {"name": one.name, "type": one.type, "value": str(one.value)} for one in entry.fields
        ],
        "notes": str(entry.notes),
    }


def _public(row: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": name, "type": kind} for name, kind in row["fields"]]
    return {name: row[name] for name in _LISTED} | {"fields": fields}


def _write_private(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Failure(Exit.CONFLICT, f"{shown(path)} is there already; name another.") from None
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _backups(path: Path) -> Iterable[Path]:
    target = Path(os.path.realpath(path))
    return target.parent.glob(f"{glob_escape(target.name)}.bak[0-9]")


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
