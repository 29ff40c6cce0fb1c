"""What `make lab` does for somebody who has just cloned the repository."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import lab
import project
import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_root_in_a_container_gets_what_it_needs_and_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert lab.options([]) == ["--allow-root", "--no-browser"]
    said = capsys.readouterr().out
    assert "--allow-root" in said and "--no-browser" in said


def test_what_was_given_is_not_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert lab.options(["--allow-root", "--no-browser"]) == []


def test_a_person_at_a_desktop_gets_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("DISPLAY", ":0")
    assert lab.options([]) == []


def test_a_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit):
            lab.check_port(port)
    assert capsys.readouterr().err == (
        f"Port {port} is taken: choose another one with make lab PORT={port + 1}.\n"
    )


def test_a_missing_node_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        project.install_node()
    said = capsys.readouterr().err
    assert "Node.js 20 or newer is needed" in said
    assert said.count("\n") == 1


def test_an_old_python_is_one_sentence(tmp_path: Path) -> None:
    run = subprocess.run(
        ["make", "lab", "PYTHON="], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode != 0
    assert "Python 3.10 or newer is missing" in run.stderr


def test_make_lab_starts_a_server_that_has_the_extension(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        ["make", "lab", f"PORT={port}", "ARGS=--IdentityProvider.token=abc"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/jupyterlab-credential-store/file",
        headers={"Authorization": "token abc"},
    )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(request)
            except urllib.error.HTTPError as answer:
                # There is no store yet, and the handler says where one would be.
                assert answer.code == 404
                assert answer.headers["X-Credential-Store-Path"]
                break
            except OSError:
                assert server.poll() is None, server.stdout and server.stdout.read()
                assert time.monotonic() < deadline
                time.sleep(0.5)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        output, _ = server.communicate(timeout=30)
    assert f"http://localhost:{port}/lab" in output
