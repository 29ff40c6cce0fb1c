"""Sends a prompt to the front end, and returns what it answers, from whatever kernel this is."""

from __future__ import annotations

import getpass
import os
import threading

from .errors import NoFrontend

#: Kernels have one stdin socket, and do not check whose reply it is.
_lock = threading.Lock()


def _new_lock() -> None:
    # A child forked during an exchange would wait for ever.
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)

_STANDARD = frozenset({"unix_getpass", "win_getpass", "fallback_getpass"})

_NO_STORE = (
    "this front end has no credential store. In JupyterLab install jupyterlab-credential-store "
    "and run the cell again; in a script read the value from the environment."
)


def no_frontend(names: str) -> NoFrontend:
    return NoFrontend(f"Nothing here can hand out {names}: {_NO_STORE}")


def lock() -> threading.Lock:
    """Hold it during an exchange."""
    return _lock


def ask(prompt: str, names: str) -> str:
    """The front end's answer to `prompt`; `names` is for messages.

    `getpass.getpass` is looked up at each call: it is what kernels replace.

    Raises NoFrontend.
    """
    function = getpass.getpass
    if getattr(function, "__module__", None) == "getpass" and (
        getattr(function, "__name__", "") in _STANDARD
    ):
        # It would read from a terminal, where a person would type the secret in the clear.
        raise no_frontend(names)
    try:
        return str(function(prompt))
    except EOFError:
        raise no_frontend(names) from None
    except RuntimeError as error:
        # ipykernel: "raw_input was called, but this frontend does not support input requests",
        # and the same type when no cell runs.
        if "frontend does not support" in str(error):
            raise no_frontend(names) from None
        raise NoFrontend(
            f"{names} can only be asked for while a cell runs. "
            "Get it in a cell first, then use it in callbacks and background work."
        ) from None
    except Exception as error:
        if type(error).__name__ == "StdinNotImplementedError":
            raise no_frontend(names) from None
        raise
