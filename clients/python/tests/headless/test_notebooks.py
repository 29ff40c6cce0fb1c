"""One notebook, unchanged: by hand with a page that answers, under papermill, under nbconvert."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import jupyter_client
import nbformat
import pytest
from page import grant
from programs import Home, said

CELL = """
import kernel_connector as kc
value = kc.get_credential("db", "value", reason="load the March figures")
assert value == "hunter2", "another value"
print("came by", kc.source("db"))
value
"""


@pytest.fixture
def notebook(home: Home) -> Path:
    path = home.folder / "analysis.ipynb"
    cell = nbformat.v4.new_code_cell(CELL)
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=spec), path)
    return path


def outputs(path: Path) -> str:
    text = path.read_text()
    assert "hunter2" not in text.replace('assert value == \\"hunter2\\"', "")
    cells = json.loads(text)["cells"]
    assert "Secret('" in json.dumps(cells[-1]["outputs"], ensure_ascii=False)
    return str(cells[-1]["outputs"][0]["text"])


def papermill(home: Home, notebook: Path, secret: str | None, **more: str) -> Any:
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), "out.ipynb"]
    return home.execute(command, secret=secret, **more)


def nbconvert(home: Home, notebook: Path, secret: str | None, **more: str) -> Any:
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--execute", "--to", "notebook"]
    return home.execute([*command, "--output", "out", str(notebook)], secret=secret, **more)


@pytest.mark.parametrize("run", [papermill, nbconvert])
def test_runs_with_the_agent(run: Any, home: Home, notebook: Path) -> None:
    said(home.run("unlock"))
    done = run(home, notebook, None)
    assert done.returncode == 0, done.stderr.decode()
    assert "came by agent" in outputs(home.folder / "out.ipynb")


@pytest.mark.parametrize("run", [papermill, nbconvert])
def test_runs_with_a_passphrase_file(run: Any, home: Home, notebook: Path) -> None:
    file = home.folder / "passphrase"
    file.write_text(home.environment()["CREDENTIALSTORE_PASSPHRASE"])
    done = run(home, notebook, None, CREDENTIALSTORE_PASSPHRASE_FILE=str(file))
    assert done.returncode == 0, done.stderr.decode()
    assert "came by environment" in outputs(home.folder / "out.ipynb")


@pytest.mark.parametrize("run", [papermill, nbconvert])
def test_without_any_way_the_cell_says_so(run: Any, home: Home, notebook: Path) -> None:
    done = run(home, notebook, None)
    assert done.returncode == 1
    assert 'NoFrontend: Nothing here can hand out "db"' in done.stderr.decode()


def by_hand(home: Home, code: str, answer: Any, secret: str | None = None) -> dict[str, Any]:
    """A real kernel, and a front end that answers its questions."""
    manager = jupyter_client.KernelManager(kernel_name="python3")
    manager.start_kernel(env=home.environment(secret), cwd=str(home.folder))
    client = manager.blocking_client()
    client.start_channels()
    texts: list[str] = []
    prompts: list[str] = []

    def question(message: dict[str, Any]) -> None:
        prompts.append(message["content"]["prompt"])
        client.input(answer(prompts[-1]))

    def output(message: dict[str, Any]) -> None:
        content = message["content"]
        texts.append(str(content.get("text") or content.get("data") or content.get("evalue") or ""))

    try:
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive(
            code, allow_stdin=True, stdin_hook=question, output_hook=output, timeout=60
        )
        return {"status": reply["content"]["status"], "text": "".join(texts), "asked": prompts}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_by_hand_the_page_is_asked_though_the_agent_is_there(home: Home) -> None:
    said(home.run("unlock"))
    before = "import kernel_connector as kc; print('would', kc.source('db'))\n"
    seen = by_hand(home, before + CELL, lambda prompt: grant(prompt, "hunter2"))
    assert seen["status"] == "ok"
    assert "would front-end" in seen["text"] and "came by front-end" in seen["text"]
    assert len(seen["asked"]) == 1


def test_a_refusal_of_the_page_is_not_asked_around(home: Home) -> None:
    from page import seal

    said(home.run("unlock"))
    seen = by_hand(home, CELL, lambda prompt: seal(prompt, status="denied"))
    assert seen["status"] == "error" and "You denied this notebook" in seen["text"]


@pytest.mark.parametrize("agent", [True, False])
def test_what_is_typed_into_a_front_end_without_a_store_is_never_a_value(
    agent: bool, home: Home
) -> None:
    if agent:
        said(home.run("unlock"))
    seen = by_hand(home, CELL, lambda prompt: "typed-by-hand")
    assert len(seen["asked"]) == 1
    assert "typed-by-hand" not in seen["text"]
    if agent:
        assert seen["status"] == "ok" and "came by agent" in seen["text"]
    else:
        assert seen["status"] == "error"
        assert "this front end has no credential store, no agent is running" in seen["text"]


def test_a_pinned_agent_asks_no_front_end(home: Home) -> None:
    said(home.run("unlock"))
    code = CELL.replace("reason=", "source='agent', reason=")
    seen = by_hand(home, code, lambda prompt: "")
    assert seen["status"] == "ok" and seen["asked"] == []


@pytest.mark.skipif(not os.path.exists("/dev/tty"), reason="no terminals")
def test_a_kernel_never_asks_at_a_terminal(home: Home) -> None:
    code = "import kernel_connector as kc; kc.get_credential('db', source='terminal')"
    seen = by_hand(home, code, lambda prompt: "")
    assert seen["status"] == "error" and "There is no terminal here" in seen["text"]
    assert seen["asked"] == []
