"""Real Jupyter servers, each in a process of its own, that can be killed, limited and asked.

They are forked from one process that has imported Jupyter already: to start one takes a tenth of a
second, so a thousand can be killed. Run as a program it is one server, for tests in another
language: `servers.py HOME PORT`.
"""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import random
import resource
import signal
import socket
import sys
import time
from pathlib import Path
from typing import NamedTuple

from jupyter_server.serverapp import ServerApp

TOKEN = "adversary"
ROUTE = "/jupyterlab-credential-store/file"
HEADERS = {"Authorization": f"token {TOKEN}"}
#: Where it lies within the server's home.
NAME = ".credentialstore"
CREATE = {"If-None-Match": "*"}
#: Seconds that a busy machine may take.
PATIENCE = 60.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        # A child imports the module that was started, too.
        "pytest",
        "jupyter_server.serverapp",
        "jupyter_server.services.contents.handlers",
        "jupyter_server.services.kernels.handlers",
    ]
)


class Answer(NamedTuple):
    status: int
    etag: str | None
    body: bytes


class Server:
    """A server whose home is `home`. file_limit: the largest file, in bytes, that it can write."""

    def __init__(self, home: Path, *options: str, file_limit: int | None = None) -> None:
        self.home = home
        self.store = home / NAME
        self._options = options
        self._file_limit = file_limit
        self.port = 0

    def start(self) -> None:
        self.port = free_port()
        self._process = _context.Process(
            target=serve,
            args=(str(self.home), self.port, self._options, self._file_limit),
            # A test that fails leaves none behind, for which the whole run would wait.
            daemon=True,
        )
        self._process.start()
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                assert self._process.is_alive(), "the server did not start"
                assert time.monotonic() < until, "the server takes too long to start"
                time.sleep(0.01)

    def kill(self) -> None:
        """As the kernel's out-of-memory killer does it."""
        self._process.kill()
        self._process.join()

    def get(self) -> Answer:
        return self.ask("GET")

    def put(self, body: bytes, etag: str | None, query: str = "") -> Answer:
        """Replace the version `etag`; None: create."""
        return self.ask("PUT", body, {"If-Match": etag} if etag else CREATE, query)

    def ask(
        self, method: str, body: bytes = b"", headers: dict[str, str] | None = None, query: str = ""
    ) -> Answer:
        """Raises OSError or HTTPException if the server goes away meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, ROUTE + query, body, HEADERS | (headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers["ETag"], response.read())
        finally:
            connection.close()


def free_port() -> int:
    """Below those that the system hands out: a kernel that starts meanwhile would take it."""
    while True:
        port = random.randrange(10_000, 20_000)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def serve(home: str, port: int, options: tuple[str, ...], file_limit: int | None) -> None:
    """Be a Jupyter server with the extension alone; does not return."""
    os.environ.update(HOME=home, JUPYTER_NO_CONFIG="1", IPYTHONDIR=home)
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "XDG_DATA_HOME"):
        os.environ.pop(name, None)
    os.chdir(home)
    if file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    ServerApp.launch_instance(
        [
            *(f"--port={port}", "--port-retries=0", "--ip=127.0.0.1", "--no-browser"),
            *("--allow-root", "--log-level=CRITICAL", f"--IdentityProvider.token={TOKEN}"),
            "--ServerApp.jpserver_extensions={'jupyterlab_credential_store': True}",
            *options,
        ]
    )


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), (), None)
