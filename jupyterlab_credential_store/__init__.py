"""The server part of the credential store: one handler that keeps opaque bytes in a dotfile."""

from __future__ import annotations

from typing import Any

try:
    from ._version import __version__  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    # A checkout that was never built.
    __version__ = "0"

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-credential-store"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "jupyterlab_credential_store"}]


def _load_jupyter_server_extension(server_app: Any) -> None:
    """Add the handler.

    The imports are here because kernels may import this package, and have no server.
    """
    from .config import CredentialStore
    from .handlers import FileHandler, route

    store = CredentialStore(parent=server_app)
    server_app.web_app.add_handlers(
        ".*$", [(route(server_app.web_app.settings["base_url"]), FileHandler, {"store": store})]
    )
