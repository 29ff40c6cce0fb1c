"""Exit codes, and what an error means in one."""

from __future__ import annotations

from enum import IntEnum

from ..errors import CredentialError, CredentialNotFound, NoFrontend
from ..vault import VaultError


class Exit(IntEnum):
    """What the command ends with."""

    OK = 0
    #: The disk, a missing package, and what nobody foresaw.
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    #: No passphrase, or a wrong one.
    LOCKED = 4
    #: There is no store, or its file cannot be used.
    NO_STORE = 5
    #: The name is taken, or others are writing.
    CONFLICT = 6
    #: Of `run`, as shells have it.
    CANNOT_RUN = 126
    NO_COMMAND = 127
    INTERRUPTED = 130


HELP = """\b
Exit codes
  0  done                      4  no passphrase, or a wrong one
  1  failed: the disk, say     5  no store, or its file cannot be used
  2  wrong usage               6  the name is taken, or others are writing
  3  no such credential        130  interrupted; for run see there"""


class Failure(Exception):
    """The command ends: why, in one or two sentences, and with which code."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def failure_of(error: Exception) -> Failure | None:
    """What an error of the packages beneath means here; None if it is not one."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, VaultError):
        return Failure(_code_of(error), str(error))
    if isinstance(error, CredentialNotFound):
        return Failure(Exit.NOT_FOUND, str(error))
    if isinstance(error, NoFrontend):
        return Failure(Exit.FAILED, str(error))
    if isinstance(error, CredentialError):
        return Failure(Exit.LOCKED, str(error))
    if isinstance(error, MemoryError):
        return Failure(Exit.FAILED, str(error) or "There is not enough memory.")
    if isinstance(error, OSError):
        return Failure(
            Exit.FAILED, f"The file system refused: {error.strerror}. Nothing was changed."
        )
    if isinstance(error, ImportError):
        return Failure(Exit.FAILED, str(error))
    return None


def _code_of(error: VaultError) -> Exit:
    if error.code in ("wrong-secret", "mistyped-code", "passphrase-changed"):
        return Exit.LOCKED
    if error.code in ("conflict", "busy"):
        return Exit.CONFLICT
    return Exit.NO_STORE
