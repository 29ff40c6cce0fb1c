"""An entry as text in the person's editor. The text lies in memory, not on a disk, if it can."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..vault import Entry, Field
from .outcome import Exit, Failure

_MEMBERS = ("name", "user", "url", "notes", "tags", "fields")
_FIELD = ("name", "type", "value")


class BadText(Exception):
    """What the person wrote is no entry: why, in a sentence."""


class Draft:
    """A file with an entry's text, for its user alone."""

    def __init__(self, text: str) -> None:
        folder = tempfile.mkdtemp(prefix="credentialstore-", dir=_place())
        self.path = Path(folder, "entry.json")
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def edit(self) -> None:
        """Open the editor, and wait for it. Raises Failure if it cannot be run."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        try:
            command = [*shlex.split(editor), str(self.path)]
            status = subprocess.run(command, check=False).returncode  # noqa: S603 theirs
        except (OSError, ValueError):
            raise Failure(
                Exit.FAILED, f"The editor {editor!r} cannot be run: set EDITOR."
            ) from None
        if status:
            raise Failure(Exit.FAILED, "The editor ended with an error, so nothing was changed.")

    def read(self) -> str:
        """Raises BadText."""
        try:
            return self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise BadText("the text is gone, or not in UTF-8") from None

    def remove(self) -> None:
        """It, and what an editor left beside it."""
        for path in self.path.parent.iterdir():
            with contextlib.suppress(OSError):
                path.unlink()
        with contextlib.suppress(OSError):
            self.path.parent.rmdir()


def text_of(entry: Entry) -> str:
    value = {
        "name": entry.name,
        "user": entry.user,
        "url": entry.url,
        "notes": str(entry.notes),
        "tags": list(entry.tags),
        "fields": [
            {"name": one.name, "type": one.type, "value": str(one.value)} for one in entry.fields
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def entry_of(text: str, old: Entry) -> Entry:
    """The entry that the text says; what it does not say is that of `old`. Raises BadText."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BadText("this is no JSON" + (f", see line {line}" if line else "")) from None
    if not isinstance(value, dict) or set(value) != set(_MEMBERS):
        raise BadText(f"it must have {', '.join(_MEMBERS)}, and nothing else")
    for name in ("name", "user", "url", "notes"):
        if not isinstance(value[name], str):
            raise BadText(f"{name} must be a text")
    if not _are(str, value["tags"]):
        raise BadText("tags must be a list of texts")
    return replace(
        old,
        **{name: value[name] for name in ("name", "user", "url", "notes")},
        tags=tuple(value["tags"]),
        fields=_fields(value["fields"], {one.name: one for one in old.fields}),
    )


def _fields(value: Any, old: Mapping[str, Field]) -> tuple[Field, ...]:
    if not _are(dict, value) or not value:
        raise BadText("fields must be a list of one at least")
    for one in value:
        if set(one) != set(_FIELD) or not _are(str, list(one.values())):
            raise BadText(f"a field must have {', '.join(_FIELD)}, all texts")
    return tuple(
        Field(
            one["name"],
            one["value"],
            one["type"],
            old[one["name"]].unknown if one["name"] in old else {},
        )
        for one in value
    )


def _are(kind: type, values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(one, kind) for one in values)


def _place() -> str | None:
    """A file system that is in memory and that is ours, if there is one."""
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108 mkdtemp is private
        if folder and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return None
