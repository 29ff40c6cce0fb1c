"""Reads the store in this process, without a page and without an agent.

The store stays open until the process ends, so that a script derives the key once: whoever reads
this process's memory finds the passphrase there anyway.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import CredentialError, NoFrontend, StoreLocked
from .location import shown
from .protocol import Reply, Want
from .secret import Secret

if TYPE_CHECKING:
    from .vault import Store, Vault

EXTRA = 'pip install "kernel-connector[vault]"'
_lock = threading.RLock()
#: By path: the store, and a digest of the passphrase that opened it.
_open: dict[Path, tuple[bytes, Store]] = {}


def _new_lock() -> None:
    # A child that was forked meanwhile would wait for ever.
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)


class WrongPassphrase(Exception):
    """It does not open the store."""


def opened(path: Path, passphrase: str) -> Store:
    """The store, as it is in the file now.

    Raises WrongPassphrase; StoreLocked if the file cannot be used; NoFrontend if a package is
    missing for it.
    """
    try:
        from .vault import Passphrase, Store, VaultError
    except ImportError as error:
        raise _missing(error) from None
    digest = hashlib.sha256(passphrase.encode("utf-8", "surrogatepass")).digest()
    with _lock:
        if path in _open and _open[path][0] == digest:
            store = still_open(path)
            if store is not None:
                return store
        try:
            store = Store.open(path, Passphrase(passphrase))
        except VaultError as error:
            if error.code == "wrong-secret":
                raise WrongPassphrase from None
            raise unusable(path, error.code, str(error)) from None
        except OSError as error:
            raise StoreLocked(f"{shown(path)} cannot be read: {error.strerror}.") from None
        except MemoryError as error:
            raise StoreLocked(str(error)) from None
        except ImportError as error:
            raise _missing(error) from None
        _open[path] = digest, store
        return store


def still_open(path: Path) -> Store | None:
    """The store that was opened before, as it is in the file now; None if its key does not do."""
    with _lock:
        if path not in _open:
            return None
        from .vault import VaultError

        _, store = _open[path]
        try:
            store.refresh()
        except (VaultError, OSError):
            # A new passphrase, or a file to be looked at anew.
            del _open[path]
            return None
        return store


def look_up(store: Store, want: list[Want]) -> Reply:
    """What the page would answer, had the person agreed: `granted` or `not-found`.

    Raises StoreLocked if an entry cannot be read.
    """
    from .vault import VaultError

    with _lock:
        try:
            return find(store.vault, want)
        except VaultError as error:
            raise unusable(store.path, error.code, str(error)) from None


def find(vault: Vault, want: list[Want]) -> Reply:
    """`granted` or `not-found`. Raises VaultError if an entry cannot be read."""
    from .vault import Missing, pick

    values, missing = list[Secret](), list[tuple[int, Missing]]()
    for number, one in enumerate(want):
        try:
            values.append(pick(vault, one.name, one.field))
        except Missing as error:
            missing.append((number, error))
    if not missing:
        return Reply("granted", values=tuple(values))
    # Credentials that are not there before fields that are not.
    first = next((one for _, one in missing if one.what == "credential"), missing[0][1])
    return Reply(
        "not-found",
        missing=tuple(number for number, one in missing if one.what == first.what),
        what=first.what,
        suggest=first.suggest,
    )


def unusable(path: Path, code: str, sentence: str) -> CredentialError:
    if code == "no-file":
        return StoreLocked(
            f"There is no credential store at {shown(path)}. Make one in JupyterLab or with "
            '"credentialstore init", or name another with CREDENTIALSTORE_PATH.'
        )
    return StoreLocked(f"{shown(path)}: {sentence}")


def _missing(error: ImportError) -> NoFrontend:
    name = error.name or "a package"
    return NoFrontend(f"Reading the store here needs {name}: {EXTRA}")
