"""Where the store's file is, for programs that no page tells."""

from __future__ import annotations

import os
from pathlib import Path

#: Environment variable with the path of the store's file.
PATH_VARIABLE = "CREDENTIALSTORE_PATH"
DEFAULT = "~/.credentialstore"


def store_path(given: str | os.PathLike[str] | None = None) -> Path:
    """The path given, or that of the environment, or the default; absolute, links not followed.

    Raises ValueError if it means nothing, such as `~` for a user without a home.
    """
    text = os.fspath(given) if given else os.environ.get(PATH_VARIABLE) or DEFAULT
    if "\0" in text:
        raise ValueError("A path has no zero bytes.")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError("There is no home directory here.") from None


def shown(path: Path) -> str:
    """A path for people: with `~` for the home directory, and nothing that a terminal obeys."""
    try:
        home = Path.home()
    except RuntimeError:
        home = Path("/")
    text = str(path)
    if home != Path("/") and path.is_relative_to(home):
        text = f"~/{path.relative_to(home)}"
    return "".join(c if c.isprintable() else "?" for c in text)
