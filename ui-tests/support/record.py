"""Records what passes between server and kernels, and page and server, and what the server says."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import threading
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_server.base.handlers import APIHandler
from jupyter_server.log import log_request

_PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
_connections = itertools.count()


def http(c: Any, folder: Path) -> None:
    """Append each HTTP request and the headers of its answer to `http.log`, and what answers of
    ours and of Jupyter's API hold to `answers.log`."""
    folder.mkdir(exist_ok=True)
    flush = APIHandler.flush

    def recorded(handler: Any, *args: Any, **options: Any) -> Any:
        with open(folder / "answers.log", "ab") as file:
            file.write(f"{handler.request.uri}\n".encode())
            file.write(b"".join(handler._write_buffer) + b"\n")
        return flush(handler, *args, **options)

    APIHandler.flush = recorded  # type: ignore[method-assign, assignment]

    def record(handler: Any) -> None:
        request = handler.request
        with open(folder / "http.log", "ab") as file:
            file.write(f"{request.method} {request.uri}\n{request.headers}\n".encode())
            file.write(request.body + b"\n")
            file.write(f"{handler.get_status()}\n{handler._headers}\n\n".encode())
        # The server's own, whose place this takes: its lines belong in the log.
        log_request(handler)  # type: ignore[no-untyped-call]

    # Tornado calls it at the end of each request.
    c.ServerApp.tornado_settings = {"log_function": record}


def log(c: Any, folder: Path) -> None:
    """Write what the server logs into `server.log`, at level DEBUG."""
    folder.mkdir(exist_ok=True)
    file = {
        "class": "logging.FileHandler",
        "filename": str(folder / "server.log"),
        "level": "DEBUG",
    }
    verbose = {"level": "DEBUG", "handlers": ["console", "file"]}
    loggers = {"ServerApp": verbose, "LabApp": verbose}
    c.Application.logging_config = {"handlers": {"file": file}, "loggers": loggers}


def output(folder: Path) -> None:
    """Copy to `stdout.log` and `stderr.log` what the server writes, and what it starts."""
    folder.mkdir(exist_ok=True)
    for stream, name in ((1, "stdout"), (2, "stderr")):
        threading.Thread(target=_tee, args=(stream, folder / f"{name}.log"), daemon=True).start()


def _tee(stream: int, path: Path) -> None:
    original = os.dup(stream)
    read, write = os.pipe()
    os.dup2(write, stream)
    os.close(write)
    with open(path, "wb", buffering=0) as file:
        while data := os.read(read, 65536):
            file.write(data)
            os.write(original, data)


def kernels(c: Any, folder: Path) -> None:
    """Put a recording relay between the server and every kernel's sockets."""
    folder.mkdir(exist_ok=True)
    RecordingProvisioner.folder = folder
    name = "recording"
    KernelProvisionerFactory.provisioners[name] = EntryPoint(
        name, f"{__name__}:RecordingProvisioner", KernelProvisionerFactory.GROUP_NAME
    )
    c.KernelProvisionerFactory.default_provisioner_name = name


class RecordingProvisioner(LocalProvisioner):
    """The kernel listens on ports of its own; relays listen on those that the server knows."""

    folder: Path
    # Not traits: HasTraits would want to validate them.
    _own_ports: dict[int, int] | None = None
    _relays: list[asyncio.Server] | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = await super().pre_launch(**kwargs)
        known = Path(self._manager.connection_file)
        connection = json.loads(known.read_text())
        if self._own_ports is None:
            self._own_ports = {connection[port]: _free_port() for port in _PORTS}
            self._relays = [
                await asyncio.start_server(self._relay(own), connection["ip"], port)
                for port, own in self._own_ports.items()
            ]
        for port in _PORTS:
            connection[port] = self._own_ports[connection[port]]
        own = known.with_name(f"own-{known.name}")
        own.write_text(json.dumps(connection))
        kwargs["cmd"] = [word.replace(str(known), str(own)) for word in kwargs["cmd"]]
        return kwargs

    @property
    def _manager(self) -> Any:
        return self.parent

    async def cleanup(self, restart: bool = False) -> None:
        if not restart:
            for relay in self._relays or []:
                relay.close()
        await super().cleanup(restart=restart)

    def _relay(self, own: int) -> Any:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            number = next(_connections)
            try:
                there = await asyncio.open_connection("127.0.0.1", own)
            except OSError:
                # The kernel does not listen yet; ZeroMQ tries again.
                writer.close()
                return
            with (
                open(self.folder / f"{number}-to-kernel.bin", "wb", buffering=0) as sent,
                open(self.folder / f"{number}-to-server.bin", "wb", buffering=0) as received,
            ):
                await asyncio.gather(
                    _copy(reader, there[1], sent), _copy(there[0], writer, received)
                )

        return connected


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, file: Any) -> None:
    try:
        while data := await reader.read(65536):
            file.write(data)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
