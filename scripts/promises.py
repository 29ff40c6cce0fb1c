"""For each promise of SECURITY.md: the line that keeps it, broken, and the test that notices.

    python scripts/promises.py

Works in a copy of the checkout. First all these tests are to pass; then each line is broken in its
turn, and its test has to fail. Takes some minutes; part of `make mutation`.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import project
from project import BIN, ROOT, fail, say

CLIENT = "clients/python/kernel_connector/"
CLIENT_TESTS = "clients/python/tests/"
#: A test that waits for ever has noticed, in seconds.
PATIENCE = 120


class Promise(NamedTuple):
    what: str
    file: str
    line: str
    broken: str
    test: str


PROMISES = [
    Promise(
        "no input box for a request",
        "src/kernel/interceptor.ts",
        "        if (!isCredentialRequest(msg)) {",
        "        if (true) {",
        "src/kernel/interceptor.spec.ts",
    ),
    Promise(
        "only the page that sent the code answers",
        "src/kernel/interceptor.ts",
        "          connection.clientId\n",
        "          (msg.parent_header as KernelMessage.IHeader).session\n",
        "src/kernel/interceptor.spec.ts",
    ),
    Promise(
        "a prompt with a member twice is refused",
        "src/exchange/request.ts",
        "  return colons !== countMembers(members);",
        "  return false;",
        "src/exchange/request.spec.ts",
    ),
    Promise(
        "nothing is sealed to a key of low order",
        "src/crypto/box.ts",
        "  if (equal(secret, ALL_ZERO)) {",
        "  if (false) {",
        "src/crypto/box.spec.ts",
    ),
    Promise(
        "a reply tells nothing by its length",
        "src/exchange/reply.ts",
        "    const padded = pad(message, paddedLength(message.length));",
        "    const padded = pad(message, message.length + 1);",
        "src/exchange/reply.spec.ts",
    ),
    Promise(
        "a request is answered once",
        "src/custodian/request-desk.ts",
        "    const known = this._memory.get(key);",
        "    const known = undefined as ReturnType<ReplyMemory['get']>;",
        "src/custodian/request-desk.spec.ts",
    ),
    Promise(
        "what the page says was allowed is not enough",
        "src/custodian/request-desk.ts",
        "            this._allowed.has(keyOf(connection, entry!))))",
        "            true)))",
        "src/custodian/request-desk.spec.ts",
    ),
    Promise(
        "“once” is once",
        "src/custodian/request-desk.ts",
        "    if (scope === 'kernel') {",
        "    if (true) {",
        "src/custodian/request-desk.spec.ts",
    ),
    Promise(
        "one dialog at a time",
        "src/kernel/request-queue.ts",
        "    await previous;\n",
        "",
        "src/kernel/request-queue.spec.ts",
    ),
    Promise(
        "three questions wait, no more",
        "src/kernel/request-queue.ts",
        "      this._waiting.size > WAITING ||\n",
        "",
        "src/kernel/request-queue.spec.ts",
    ),
    Promise(
        "a blocked kernel asks no more",
        "src/kernel/request-queue.ts",
        "    if (this._runs.isBlocked(asker.kernel)) {",
        "    if (false) {",
        "src/kernel/request-queue.spec.ts",
    ),
    Promise(
        "“for this kernel” ends with its run",
        "src/kernel/request-queue.ts",
        "    this._options.grants.end(kernel);\n",
        "",
        "src/kernel/request-queue.spec.ts",
    ),
    Promise(
        "a click after a restart is for the run that asked",
        "src/kernel/request-queue.ts",
        "      const alive = same && !over.signal.aborted && !connection.isDisposed;",
        "      const alive = true || same;",
        "src/kernel/request-queue.spec.ts",
    ),
    Promise(
        "names are shown as they are",
        "src/exchange/request.ts",
        "    !/\\p{Cs}/u.test(value)\n",
        "    true\n",
        "src/exchange/request.spec.ts",
    ),
    Promise(
        "no script gives consent",
        "src/custodian/gate.ts",
        "    if (!dialog || dialog.over || !dialog.pressed[scope]) {",
        "    if (!dialog || dialog.over) {",
        "src/custodian/gate.spec.ts",
    ),
    Promise(
        "a dialog that is covered is not pressed",
        "src/custodian/gate.ts",
        "      if (page.now() >= dialog.armedAt) {",
        "      if (true) {",
        "src/custodian/gate.spec.ts",
    ),
    Promise(
        "no script reads a hidden value",
        "src/custodian/gate.ts",
        "    return pressed === key(id, field);",
        "    return true;",
        "src/custodian/gate.spec.ts",
    ),
    Promise(
        "no replaced function sees what goes to the worker",
        "src/custodian/natives.ts",
        "  apply(postMessage, worker, [message]);",
        "  worker.postMessage(message);",
        "src/custodian/natives.spec.ts",
    ),
    Promise(
        "the header is authenticated",
        "src/vault/sealing.ts",
        "    if (!equal(mac, decodeBase64url(file.mac))) {",
        "    if (false) {",
        "src/vault/sealing.spec.ts",
    ),
    Promise(
        "an index of another version is noticed",
        "src/vault/sealing.ts",
        "    if (digest !== file.header.digest) {",
        "    if (false) {",
        "src/vault/vectors.spec.ts",
    ),
    Promise(
        "an entry that was swapped or replayed is noticed",
        "src/vault/sealing.ts",
        "    if (digestOf(sealed) !== row.digest) {",
        "    if (false) {",
        "src/vault/sealing.spec.ts",
    ),
    Promise(
        "an entry that was dropped is noticed",
        "src/vault/sealing.ts",
        "    if (!sameIds) {",
        "    if (false) {",
        "src/vault/sealing.spec.ts",
    ),
    Promise(
        "the key's derivation has bounds",
        "src/vault/header.ts",
        "  if (!header.slots.every(isWithinBounds)) {",
        "  if (false) {",
        "src/vault/header.spec.ts",
    ),
    Promise(
        "a newer file is left alone",
        "src/vault/recognise.ts",
        "  return first > 1 || (first === 1 && second >= 0) ? 'newer' : 'ours';",
        "  return first < 0 && second < 0 ? 'newer' : 'ours';",
        "src/vault/recognise.spec.ts",
    ),
    Promise(
        "a file that was rolled back is noticed",
        "src/custodian/pin.ts",
        "  return older ? 'rolled-back' : 'fine';",
        "  return older && !seen ? 'rolled-back' : 'fine';",
        "src/store/pin.spec.ts",
    ),
    Promise(
        "another vault in its place is noticed",
        "src/custodian/pin.ts",
        "  if (seen.vault !== found.vault) {",
        "  if (false) {",
        "src/store/pin.spec.ts",
    ),
    Promise(
        "a lock forgets the key",
        "src/vault/sealing.ts",
        "    this._wiped = true;\n",
        "",
        "src/vault/change-passphrase.spec.ts",
    ),
    Promise(
        "a lock leaves no name in the page",
        "src/store/store.ts",
        "    this._view.forget();\n",
        "",
        "src/store/store.spec.ts",
    ),
    Promise(
        "what another has saved is merged",
        "src/store/saver.ts",
        "      await this._merge();\n      return false;",
        "      return true;",
        "src/store/saver.spec.ts",
    ),
    Promise(
        "a copy leaves the clipboard",
        "src/panel/clipboard.ts",
        "        await clear(secret);\n",
        "",
        "src/panel/clipboard.spec.ts",
    ),
    Promise(
        "a reply is for this request",
        CLIENT + "protocol.py",
        "        if data[_ID] != self._id:",
        "        if False:",
        CLIENT_TESTS + "test_exchange_vectors.py",
    ),
    Promise(
        "a reply is for these very bytes",
        CLIENT + "protocol.py",
        "            if type(message.get(name)) is not type(value) or message[name] != value:",
        "            if False:",
        CLIENT_TESTS + "test_exchange_vectors.py",
    ),
    Promise(
        "a secret does not show itself",
        CLIENT + "secret.py",
        "        return \"Secret('••••••••••••')\"",
        "        return str.__repr__(self)",
        CLIENT_TESTS + "test_secret.py",
    ),
    Promise(
        "what a person types into a box is no value",
        CLIENT + "api.py",
        "            raise channel.Nobody from None\n",
        "            return Reply('granted', values=(Secret('typed'),))\n",
        CLIENT_TESTS + "test_api.py",
    ),
    Promise(
        "the kernel's key is dropped",
        CLIENT + "api.py",
        "        request.forget()\n",
        "        pass\n",
        CLIENT_TESTS + "test_api.py",
    ),
    Promise(
        "a page that vanished does not hang the kernel",
        CLIENT + "deadline.py",
        "                _thread.interrupt_main()\n",
        "                pass\n",
        CLIENT_TESTS + "test_deadline.py",
    ),
    Promise(
        "nobody else may read the file",
        CLIENT + "dotfile.py",
        "MODE = 0o600",
        "MODE = 0o644",
        CLIENT_TESTS + "dotfile/test_dotfile.py",
    ),
    Promise(
        "what is not ours is never overwritten",
        CLIENT + "dotfile.py",
        "            if current and START.match(current[0]) is None:",
        "            if False:",
        CLIENT_TESTS + "dotfile/test_dotfile.py",
    ),
    Promise(
        "an edit that is not known is not overwritten",
        CLIENT + "dotfile.py",
        "            if (current[1] if current else None) != expected:",
        "            if False:",
        CLIENT_TESTS + "dotfile/test_dotfile.py",
    ),
    Promise(
        "killed at any point, the file is the old or the new one",
        CLIENT + "dotfile.py",
        "                os.replace(temporary, self._path)\n",
        "                self._path.write_bytes(data)\n",
        CLIENT_TESTS + "dotfile/test_dotfile_crash.py",
    ),
    Promise(
        "an altered file is noticed in Python",
        CLIENT + "vault/sealing.py",
        "        if not hmac.compare_digest(mac, file.mac):",
        "        if False:",
        CLIENT_TESTS + "vault/test_vault_altered.py",
    ),
]


def passes(copy: Path, test: str) -> bool:
    if test.endswith(".py"):
        command = [BIN / "python", "-m", "pytest", "-q", "-x", "--no-header", test]
    else:
        command = [copy / "node_modules" / ".bin" / "jest", "--silent", test]
    env = project.environment(PYTHONPATH=f"{copy}:{copy / 'clients/python'}")
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=copy,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def stays_green(copy: Path, promise: Promise) -> bool:
    file = copy / promise.file
    text = file.read_text(encoding="utf-8")
    if text.count(promise.line) != 1:
        fail(f"{promise.file} has this line {text.count(promise.line)} times: {promise.line}")
    file.write_text(text.replace(promise.line, promise.broken), encoding="utf-8")
    try:
        return passes(copy, promise.test)
    finally:
        file.write_text(text, encoding="utf-8")


def check() -> tuple[int, int]:
    """How many promises there are, and how many were broken without a test that noticed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        (copy / "node_modules").symlink_to(ROOT / "node_modules")
        (copy / ".venv").symlink_to(ROOT / ".venv")
        for test in sorted({promise.test for promise in PROMISES}):
            if not passes(copy, test):
                fail(f"{test} fails without anything broken.")
        missed = 0
        for promise in PROMISES:
            green = stays_green(copy, promise)
            missed += green
            print(f"  {'NOT NOTICED' if green else 'noticed'}: {promise.what}", flush=True)
    return len(PROMISES), missed


def main() -> None:
    say("Promises")
    tried, missed = check()
    print(f"{tried} broken, {tried - missed} noticed")
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
