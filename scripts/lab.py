"""Start JupyterLab with the extension, after building and installing what changed."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys

import project
from project import BIN, ROOT, fail, say


def options(given: list[str]) -> list[str]:
    """What this machine needs besides what was given; says so."""
    extra = []
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in given:
        say("Running as root: adding --allow-root")
        extra.append("--allow-root")
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not display and "--no-browser" not in given:
        say("No display here: adding --no-browser, open the address below yourself")
        extra.append("--no-browser")
    return extra


def check_port(port: int) -> None:
    with socket.socket() as probe:
        # As servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fail(f"Port {port} is taken: choose another one with make lab PORT={port + 1}.")


def develop() -> None:
    """Use the sources where they lie, and rebuild the page's part when they change."""
    project.install_python()
    project.install_node()
    project.run(BIN / "jlpm", "build")
    env = project.environment(SKIP_JUPYTER_BUILDER="1")
    editable = ("-m", "pip", "install", "--quiet", "--no-build-isolation")
    project.run(BIN / "python", *editable, "-e", "clients/python", "-e", ".", env=env)
    project.run(BIN / "jupyter-builder", "develop", ".", "--overwrite")
    # `make lab` puts the wheels back.
    project.forget("installed")
    project.forget("frontend")
    subprocess.Popen([BIN / "jlpm", "watch"], cwd=ROOT, env=project.environment())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("arguments", nargs="*", help="for jupyter lab")
    chosen = parser.parse_args()
    check_port(chosen.port)
    if chosen.watch:
        develop()
    else:
        project.install()
    extra = options(chosen.arguments)
    say(f"Starting JupyterLab on port {chosen.port}; Ctrl-C stops it")
    command = [str(BIN / "jupyter-lab"), f"--port={chosen.port}", "--port-retries=0"]
    os.chdir(ROOT)
    words = [*command, *extra, *chosen.arguments]
    os.execve(words[0], words, project.environment())  # noqa: S606 there is no shell to need


if __name__ == "__main__":
    main()
