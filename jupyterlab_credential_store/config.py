"""The server extension's traits: `c.CredentialStore.path` and `c.CredentialStore.max_bytes`."""

from __future__ import annotations

from pathlib import Path

from kernel_connector.dotfile import Dotfile, NotAFile
from traitlets import Integer, Unicode
from traitlets.config import Configurable


class CredentialStore(Configurable):
    """Where the store's file lies, and how large it may be."""

    path = Unicode(
        "~/.credentialstore", help="The store's file. `~` is the home directory.", config=True
    )
    max_bytes = Integer(16 * 1024 * 1024, min=1024, help="Largest file, in bytes.", config=True)

    @property
    def dotfile(self) -> Dotfile:
        """Raises NotAFile if the path has no meaning, such as `~` for a user without a home."""
        try:
            return Dotfile(Path(self.path).expanduser(), self.max_bytes)
        except (RuntimeError, ValueError):
            raise NotAFile from None

    @property
    def display_path(self) -> str:
        """The path for people: with `~` for the home directory."""
        try:
            path, home = Path(self.path).expanduser(), Path.home()
        except RuntimeError:
            return str(self.path)
        return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
