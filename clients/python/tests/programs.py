"""Starts `credentialstore` and Python programs, with a store of their own and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kernel_connector.agent import client
from kernel_connector.vault import Cost, Passphrase, Store

CHEAP = Cost(memory=19456, passes=2)
PASSPHRASE = "correct horse battery staple"
NEW = "another passphrase"
CLI = [sys.executable, "-m", "kernel_connector.cli"]
SOURCES = str(Path(__file__).parents[1])


class Home:
    """A folder with a store, and the environment of programs that use it.

    Without `secret` the environment has no passphrase.
    """

    code = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.runtime = folder / "run"

    def environment(self, secret: str | None = PASSPHRASE, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.folder),
            "PYTHONPATH": SOURCES,
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_RUNTIME_DIR": str(self.runtime),
            "CREDENTIALSTORE_PATH": str(self.store),
            **({} if secret is None else {"CREDENTIALSTORE_PASSPHRASE": secret}),
            **more,
        }

    def run(
        self,
        *words: str,
        input: str | bytes = b"",
        secret: str | None = PASSPHRASE,
        **more: str,
    ) -> subprocess.CompletedProcess[bytes]:
        """`credentialstore` with these words, and no terminal."""
        return self.execute([*CLI, *words], input=input, secret=secret, **more)

    def python(
        self, code: str, *, secret: str | None = PASSPHRASE, **more: str
    ) -> subprocess.CompletedProcess[bytes]:
        return self.execute([sys.executable, "-c", code], secret=secret, **more)

    def execute(
        self,
        command: list[str],
        input: str | bytes = b"",
        secret: str | None = PASSPHRASE,
        **more: str,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            input=input.encode() if isinstance(input, str) else input,
            capture_output=True,
            env=self.environment(secret, **more),
            cwd=self.folder,
            start_new_session=True,
            timeout=120,
            check=False,
        )

    def open(self, secret: str = PASSPHRASE) -> Store:
        return Store.open(self.store, Passphrase(secret))

    def lock(self) -> None:
        """End the agent, if there is one."""
        old = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(self.runtime)
        try:
            client.lock(self.store)
        finally:
            if old is None:
                del os.environ["XDG_RUNTIME_DIR"]
            else:
                os.environ["XDG_RUNTIME_DIR"] = old


def said(done: subprocess.CompletedProcess[bytes], code: int = 0) -> str:
    """What a program said on standard error; it ended with `code`."""
    text = done.stderr.decode()
    assert done.returncode == code, text
    assert "Traceback" not in text
    return text
