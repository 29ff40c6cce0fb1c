"""A granted get_credential in a kernel of R and of Deno, answered by a page in Python.

The page answers at once: it seals the reply, and gives the bare prompt a word. Times are those of
the kernel's own clock, both kinds in turn in one cell.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from rows import report, times

ROOT = Path(__file__).resolve().parent.parent
sys.path += [str(ROOT / "scripts"), str(ROOT / "clients" / "python" / "tests")]
import kernels  # noqa: E402
from page import grant  # noqa: E402

#: Seconds for a kernel to start, and for one question.
PATIENCE = 120
MARK = "[credentialstore-request/1 "
SEALED = "not-a-secret-00000"


@dataclass(frozen=True)
class Language:
    name: str
    kernel: str
    here: bool
    peer: str
    #: Its own working directory: that of a notebook with the package.
    folder: Path
    imports: str
    #: CALLS of each kind; prints both lists of milliseconds.
    code: str


R = Language(
    name="R",
    kernel="ir",
    here=kernels.has_r(),
    peer="IRkernel's own password prompt",
    folder=kernels.KERNELS,
    imports="library(kernelconnector); bare <- environment(base::readline)[['.self']]$get_pass",
    code="""
timed <- function(call) {
  start <- as.numeric(Sys.time())
  call()
  (as.numeric(Sys.time()) - start) * 1000
}
ours <- peer <- numeric(CALLS)
for (i in seq_len(CALLS)) {
  ours[[i]] <- timed(function() get_credential("db"))
  peer[[i]] <- timed(function() bare("bench"))
}
cat(sprintf("[[%s], [%s]]\\n", toString(ours), toString(peer)))
""",
)

DENO = Language(
    name="Deno",
    kernel="deno",
    here=kernels.has_deno(),
    peer="prompt() with password: true",
    folder=kernels.NOTEBOOK,
    imports='import { getCredential } from "kernel-connector";',
    code="""
var ours = [], peer = [];
async function timed(into, call) {
  const start = performance.now();
  await call();
  into.push(performance.now() - start);
}
for (let i = 0; i < CALLS; i++) {
  await timed(ours, () => getCredential("db"));
  await timed(peer, () => prompt("bench", "", { password: true }));
}
console.log(JSON.stringify([ours, peer]));
""",
)


def run(client: BlockingKernelClient, code: str, questions: int) -> str:
    """What a cell prints that asks so often."""
    request = client.execute(code, allow_stdin=True)
    for _ in range(questions):
        prompt = client.get_stdin_msg(timeout=PATIENCE)["content"]["prompt"]
        client.input(grant(prompt, SEALED) if MARK in prompt else "typed")
    printed = ""
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        content = message["content"]
        if message["msg_type"] == "error":
            raise SystemExit(f"{content['ename']}: {content['evalue']}")
        printed += str(content.get("text", ""))
        idle = content.get("execution_state") == "idle"
        # Deno is idle before all it printed is sent.
        mine = message["parent_header"].get("msg_id") == request
        if printed.endswith("\n") if questions else idle and mine:
            return printed


def measure(language: Language, count: int) -> list[list[float]]:
    """Ours and theirs."""
    manager = KernelManager(
        kernel_name=language.kernel,
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(kernels.JUPYTER / "kernels")]),
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, **kernels.environment()}
    manager.start_kernel(cwd=str(language.folder), env=environment, **quiet)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        run(client, language.imports, 0)
        # What a first call loads is not what is measured.
        run(client, language.code.replace("CALLS", "3"), 6)
        printed = run(client, language.code.replace("CALLS", str(count)), 2 * count)
        values: list[list[float]] = json.loads(printed)
        return values
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main() -> None:
    for language in (R, DENO):
        if not language.here:
            print(f"No {language.name} kernel: scripts/kernels.py says why", flush=True)
            continue
        ours, peer = measure(language, times(100))
        what = f"a granted get_credential in {language.name}, a page in Python"
        report(what, ours, f"{language.peer}, answered by the same page", peer)


if __name__ == "__main__":
    main()
