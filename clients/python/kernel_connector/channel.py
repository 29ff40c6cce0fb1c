"""Sends a prompt to the front end, and returns what it answers, whatever kernel this is."""

from __future__ import annotations

import getpass
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from .errors import NoFrontend

#: Kernels have one stdin socket, and do not check which request a reply belongs to.
_lock = threading.Lock()


def _new_lock() -> None:
    # A child that was forked during an exchange would wait for ever.
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)


def lock() -> threading.Lock:
    """Hold it during an exchange."""
    return _lock


class Nobody(Exception):
    """There is no front end, or none that can be asked."""


def ask(prompt: str, names: str) -> str:
    """The front end's answer to `prompt`; `names` is for messages.

    Raises Nobody; NoFrontend if there may be one, but it cannot be asked from here.
    """
    # Looked up at each call, and called with one positional argument: this is what
    # ipykernel, xeus-python, metakernel and Pyodide replace, each with its own signature.
    function = getpass.getpass
    if _is_standard(function):
        # It reads from a terminal, where a person would type the secret.
        if _in_kernel():
            raise no_cell(names)
        raise Nobody
    if _was_forked(function):
        raise NoFrontend(
            f"{names} can only be asked for in the kernel's own process. "
            "Get it there, and pass str(value) to the others."
        )
    try:
        reply: object = function(prompt)
    except (EOFError, NotImplementedError):
        # The latter is IPython's StdinNotImplementedError: nbconvert, or allow_stdin is off.
        raise Nobody from None
    return reply if isinstance(reply, str) else ""


def is_there() -> bool:
    """Whether this is a kernel, or something else that asks a person in place of a terminal."""
    return _in_kernel() or not _is_standard(getpass.getpass)


def is_open() -> bool:
    """Whether a front end could be asked now, with or without a store."""
    function = getpass.getpass
    if _is_standard(function) or _was_forked(function):
        return False
    # ipykernel knows whether whoever runs this cell answers questions.
    kernel = getattr(_ipython(), "kernel", None)
    return getattr(kernel, "_allow_stdin", True) is not False


def no_store(names: str) -> NoFrontend:
    return NoFrontend(
        f"Nothing here can hand out {names}: this front end has no credential store. "
        "In JupyterLab install jupyterlab-credential-store and reload the page; "
        "in a script read the value from the environment."
    )


def no_cell(names: str) -> NoFrontend:
    return NoFrontend(
        f"{names} can only be asked for while a cell runs. "
        "Get it in a cell, and use the variable in callbacks and background work."
    )


def _is_standard(function: Callable[..., object]) -> bool:
    """Whether it is the standard library's, under whatever name."""
    return getattr(function, "__globals__", None) is vars(getpass)


def _in_kernel() -> bool:
    """Whether a Jupyter kernel runs here, which gives getpass back after each cell."""
    return hasattr(_ipython(), "kernel")


def _ipython() -> Any:
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def _was_forked(function: Callable[..., object]) -> bool:
    """Whether the kernel is in the parent process: a child's requests are never sent."""
    session = getattr(getattr(function, "__self__", None), "session", None)
    return bool(getattr(session, "pid", os.getpid()) != os.getpid())
