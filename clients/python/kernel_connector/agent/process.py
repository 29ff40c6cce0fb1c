"""The agent's process: `start` runs it, with the vault key on standard input.

    python -m kernel_connector.agent.process <path of the socket> <seconds> <path of the store>

It writes `ready`, or why not, and goes on alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import memory
from .server import Deadline, Listener

KEY_SIZE = 32


def main(arguments: list[str]) -> int:
    memory.forbid_dumps()
    # Behind it, since it takes the longest: nothing secret is here before.
    from ..vault import Store, VaultError, VaultKey
    from .holder import Holder

    path, seconds, store_path = arguments
    deadline = Deadline(float(seconds))
    key = _read_key()
    memory.keep_in_memory(key)
    try:
        store = Store.open(store_path, VaultKey(key))
        listener = Listener(Path(path))
    except VaultError as error:
        return _give_up(str(error))
    except OSError as error:
        return _give_up(f"The agent cannot listen or read the store: {error.strerror}.")
    try:
        _say("ready")
        _let_go()
        listener.serve(Holder(store, deadline.at), deadline)
    finally:
        listener.close()
    return 0


def _read_key() -> bytes:
    key = b""
    while len(key) < KEY_SIZE and (part := os.read(0, KEY_SIZE - len(key))):
        key += part
    if len(key) != KEY_SIZE:
        raise SystemExit("The agent is started by: credentialstore unlock")
    return key


def _let_go() -> None:
    """Of the terminal, and of whoever waits for us to close our ends."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _say(text: str) -> None:
    print(text, flush=True)


def _give_up(sentence: str) -> int:
    _say(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
