"""Real kernels for the tests, and a page that answers what their cells ask.

`notebook` is a notebook of each language in turn: it runs code with the kernel that
scripts/kernels.py has installed, and plays the front end of it.
"""

from __future__ import annotations

import os
import queue
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import kernels
import pytest
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

#: Given the prompt; None leaves it without an answer.
Answer = Callable[[str], str | None]
LAST_WORDS = "that is all"


@dataclass(frozen=True)
class Language:
    """The same cells in each language; {name} stands for a call's arguments."""

    kernel: str
    here: Callable[[], bool]
    imports: str
    get: str
    get_two: str
    #: With the reason "why" and 30 seconds.
    get_field: str
    #: What shows the variable `value` as a cell's result, whole and within something else.
    shown: tuple[str, ...]
    #: Prints the variable `value`, or what `get_two` gave, in the clear.
    plain: str
    plain_two: str
    assign: str
    #: Prints the error's class, whether it is a CredentialError, and its message.
    catch: str
    mask: str
    #: A loop of this many calls.
    repeat: str
    #: How its messages name the package.
    package: str
    #: How the error's class is to be seen in the output.
    title: Callable[[dict[str, Any]], str]
    #: Prints LAST_WORDS, where they are needed.
    last_words: str = ""


R = Language(
    kernel="ir",
    here=kernels.has_r,
    imports="library(kernelconnector)",
    get='get_credential("db")',
    get_two='get_credentials("db", "api")',
    get_field='get_credential("db", "host", reason = "why", timeout = 30)',
    shown=("value", "list(value, a = value)", "data.frame(password = value)", "str(list(value))"),
    plain="cat(value)",
    plain_two="cat(value$db, value[[2]])",
    assign="value <- {}",
    catch=(
        "tryCatch(get_credential('db'), error = function(e) "
        "cat(class(e)[[1]], inherits(e, 'CredentialError'), conditionMessage(e), sep = '|'))"
    ),
    mask='Secret("************")',
    repeat='for (i in 1:{}) get_credential("db")',
    package="kernelconnector",
    title=lambda error: error["evalue"].partition(":")[0],
)

DENO = Language(
    kernel="deno",
    here=kernels.has_deno,
    imports='import { getCredential, getCredentials, CredentialError } from "kernel-connector";',
    get='await getCredential("db")',
    get_two='await getCredentials("db", "api")',
    get_field='await getCredential("db", { field: "host", reason: "why", timeout: 30 })',
    shown=("value", "[value, { a: value }]", "console.log(value)", "new Map([['a', value]])"),
    plain="console.log(value.reveal())",
    plain_two="console.log(value.join(' '))",
    assign="var value = {};",
    catch=(
        "try { await getCredential('db') } catch (e) { console.log("
        "[e.constructor.name, e instanceof CredentialError, e.message].join('|')) }"
    ),
    mask="Secret('••••••••••••')",
    repeat='for (let i = 0; i < {}; i++) await getCredential("db");',
    package="kernel-connector",
    title=lambda error: error["ename"],
    last_words=f"console.log('{LAST_WORDS}')",
)


@dataclass
class Ran:
    """What a cell has done."""

    prompts: list[str] = field(default_factory=list)
    passwords: list[bool] = field(default_factory=list)
    #: All that a front end shows, in every format.
    output: str = ""
    error: dict[str, Any] | None = None
    seconds: float = 0


class Notebook:
    def __init__(self, language: Language) -> None:
        self.language = language
        self.manager = KernelManager(
            kernel_name=language.kernel,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(kernels.JUPYTER / "kernels")]),
        )
        self.manager.start_kernel(
            cwd=str(kernels.NOTEBOOK.parent if language is R else kernels.NOTEBOOK),
            env={**os.environ, **kernels.environment()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        ran = self.run(language.imports)
        assert ran.error is None, ran.error

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(
        self,
        code: str,
        answer: Answer = lambda prompt: "",
        *,
        allow_stdin: bool = True,
        interrupt: bool = False,
        timeout: float = 60,
    ) -> Ran:
        """Runs a cell to its end; `interrupt` does so at its first question, without an answer."""
        ran, end = Ran(), time.monotonic() + timeout
        request = self.client.execute(code, allow_stdin=allow_stdin)
        while not self._listen(request, ran):
            self._answer(ran, answer, interrupt)
            if time.monotonic() > end:
                pytest.fail(f"The cell did not end within {timeout} seconds: {code}")
        ran.seconds = time.monotonic() - end + timeout
        if self.language.last_words:
            # This kernel is idle before all output is sent, but keeps its order.
            self.client.execute(self.language.last_words)
            while LAST_WORDS not in ran.output:
                self._listen("", ran)
            ran.output = ran.output.replace(LAST_WORDS + "\n", "")
        return ran

    def _listen(self, request: str, ran: Ran) -> bool:
        """Whether the request is done."""
        try:
            message = self.client.get_iopub_msg(timeout=0.02)
        except queue.Empty:
            return False
        content = message["content"]
        if message["msg_type"] == "error":
            ran.error = content
        elif message["msg_type"] == "stream":
            ran.output += content["text"]
        elif "data" in content:
            ran.output += "\n".join(str(data) for data in content["data"].values())
        idle = content.get("execution_state") == "idle"
        return idle and message["parent_header"].get("msg_id") == request

    def _answer(self, ran: Ran, answer: Answer, interrupt: bool) -> None:
        try:
            content = self.client.get_stdin_msg(timeout=0.02)["content"]
        except queue.Empty:
            return
        ran.prompts.append(content["prompt"])
        ran.passwords.append(content["password"])
        if interrupt:
            # IRkernel does not see one that comes before it has begun to wait.
            time.sleep(0.5)
            self.manager.interrupt_kernel()
            return
        text = answer(content["prompt"])
        if text is not None:
            self.client.input(text)


def opened(language: Language) -> Iterator[Notebook]:
    if not language.here():
        pytest.skip(f"no {language.kernel} kernel here: run scripts/kernels.py")
    made = Notebook(language)
    yield made
    made.close()


@pytest.fixture(scope="module", params=[R, DENO], ids=lambda language: language.kernel)
def notebook(request: pytest.FixtureRequest) -> Iterator[Notebook]:
    yield from opened(request.param)


@pytest.fixture
def r_notebook() -> Iterator[Notebook]:
    """For what Deno's kernel does not do."""
    yield from opened(R)
