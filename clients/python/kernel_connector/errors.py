"""What can go wrong, each in one or two sentences for the person at the notebook."""

from __future__ import annotations

__all__ = [
    "CredentialDenied",
    "CredentialError",
    "CredentialNotFound",
    "CredentialTimeout",
    "NoFrontend",
    "ProtocolError",
    "StoreLocked",
]


class CredentialError(Exception):
    """No credential was handed out."""

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines in place of the frames. In a script it is never called.
        return [f"{type(self).__name__}: {self}"]


class CredentialNotFound(CredentialError):
    """There is no such credential, or no such field in it."""


class CredentialDenied(CredentialError):
    """The person denied it, or the page was closed before a decision."""


class StoreLocked(CredentialError):
    """The store is locked, or there is none yet."""


class NoFrontend(CredentialError):
    """Nothing that could hand out credentials can be asked from here."""


class CredentialTimeout(CredentialError):
    """Nobody decided within `timeout`."""


class ProtocolError(CredentialError):
    """The answer breaks a rule of the exchange; nothing was taken from it."""
