"""Front ends that know of no store show the sentence, and send what was typed: it is no value."""

from __future__ import annotations

import importlib.util
import sys
import time
from typing import Any

import jupyter_client
import pexpect
import pytest
from programs import Home

TYPED = "typed-by-hand"

#: Leaves a file that says whether there was a value, or which error.
ASK = """
import pathlib
import kernel_connector as kc
try:
    said = f"{len(kc.get_credential('db'))} characters"
except kc.CredentialError as error:
    said = type(error).__name__
pathlib.Path("saying").write_text(said)
pathlib.Path("saying").rename("said")
"""


def said(home: Home) -> str:
    file = home.folder / "said"
    end = time.monotonic() + 60
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.1)
    return file.read_text()


@pytest.mark.skipif(
    importlib.util.find_spec("jupyter_console") is None, reason="jupyter_console is not installed"
)
@pytest.mark.parametrize("typed", ["", TYPED, "QUJD" * 200])
def test_what_is_typed_at_a_terminal_is_no_value(typed: str, home: Home) -> None:
    (home.folder / "asks.py").write_text(ASK)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "jupyter_console", "--simple-prompt"],
        env=home.environment(None, TERM="dumb"),
        cwd=str(home.folder),
        timeout=60,
        encoding="utf-8",
        dimensions=(24, 4000),
    )
    child.expect_exact("In [1]: ")
    child.sendline("exec(open('asks.py').read())")
    child.expect_exact("Do not type a secret here.")
    child.expect(r"credentialstore-request/1 [\w-]+\]")
    child.sendline(typed)
    assert said(home) == "NoFrontend"
    child.close(force=True)


@pytest.mark.parametrize("typed", ["", TYPED, "QUJD" * 500])
def test_what_is_typed_into_an_input_box_is_no_value(typed: str, home: Home) -> None:
    """VS Code opens a box for any input_request, and sends its text, or an empty one."""
    manager = jupyter_client.KernelManager(kernel_name="python3")
    manager.start_kernel(env=home.environment(None), cwd=str(home.folder))
    client = manager.blocking_client()
    client.start_channels()
    asked: list[dict[str, Any]] = []

    def box(message: dict[str, Any]) -> None:
        asked.append(message["content"])
        client.input(typed)

    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(ASK, allow_stdin=True, stdin_hook=box, timeout=60)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert said(home) == "NoFrontend"
    # The box hides what is typed, and says not to.
    assert [question["password"] for question in asked] == [True]
    assert "Do not type a secret here." in asked[0]["prompt"]
