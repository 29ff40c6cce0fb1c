"""A whole command that prints one value: `credentialstore get`, and what other programs have.

Each is started from here and waited for, in an environment that has nothing of the person's. The
store of the cold command is a copy, which no agent holds.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fixtures import entries
from keyrings.alt.file import EncryptedKeyring, PlaintextKeyring
from rows import FIXTURES, HOME, in_turn, report, times
from run import PASSPHRASE

#: Of the sizes of run.py.
SIZE = 100
#: Empty where it could not be installed.
KEEPASSXC, PASS = os.environ["BENCH_KEEPASSXC"], os.environ["BENCH_PASS"]
BIN = Path(sys.executable).parent
#: Short, for the paths of sockets.
OURS = HOME / "c"
COLD, HELD = OURS / "cold", OURS / "held"
ENTRY = list(entries(SIZE))[SIZE // 2]
VALUE = ENTRY.fields[0].value
GPG_USER = "bench"

ENVIRONMENT = {
    "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin",
    "HOME": str(OURS),
    "LANG": "C.UTF-8",
    "XDG_RUNTIME_DIR": str(OURS / "run"),
    "XDG_DATA_HOME": str(OURS),
    "GNUPGHOME": str(OURS / "g"),
    "PASSWORD_STORE_DIR": str(OURS / "pass"),
}

UNENCRYPTED = "keyring get, keyrings.alt's PlaintextKeyring: no encryption"
ENCRYPTED = "keyring get, keyrings.alt's EncryptedKeyring: PBKDF2, 1,000 rounds"
SHOWN_BY_GPG = "pass show, the key without a passphrase, gpg-agent running"
SHOWN_BY_KEEPASSXC = "keepassxc-cli show, the same Argon2id"


def run(*command: str | Path, text: str = "", **env: str) -> str:
    """What it prints. It has no terminal, so that it asks its input for a passphrase."""
    done = subprocess.run(
        [str(word) for word in command],
        input=text,
        capture_output=True,
        text=True,
        env=ENVIRONMENT | env,
        start_new_session=True,
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} {command[1]} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def ours(command: str, store: Path, *more: str) -> str:
    env = {"CREDENTIALSTORE_PASSPHRASE": PASSPHRASE} if (command, store) != ("get", HELD) else {}
    return run(BIN / "credentialstore", "--store", store, command, *more, **env)


def with_keyring(kind: type, text: str = "") -> str:
    backend = f"{kind.__module__}.{kind.__name__}"
    command = (BIN / "keyring", "get", ENTRY.name, ENTRY.user)
    return run(*command, text=text, PYTHON_KEYRING_BACKEND=backend)


def fill_keyrings() -> None:
    folder = OURS / "python_keyring"
    folder.mkdir()
    # It asks for a new passphrase, twice.
    getpass.getpass = lambda *_, **__: PASSPHRASE
    for kind in (EncryptedKeyring, PlaintextKeyring):
        backend = kind()
        backend.file_path = str(folder / kind.filename)
        for entry in entries(SIZE):
            backend.set_password(entry.name, entry.user, entry.fields[0].value)


def fill_pass() -> None:
    """With one entry: it reads the file of that, however many there are."""
    Path(ENVIRONMENT["GNUPGHOME"]).mkdir(mode=0o700)
    options = ("--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback")
    run("gpg", *options, "--quick-generate-key", GPG_USER, "default", "default", "never")
    run(PASS, "init", GPG_USER)
    run(PASS, "insert", "--multiline", ENTRY.name, text=VALUE)


def prepare() -> dict[str, Callable[[], str]]:
    """The commands, by name."""
    (OURS / "run").mkdir(parents=True, mode=0o700)
    for store in (COLD, HELD):
        shutil.copyfile(FIXTURES / f"{SIZE}.credentialstore", store)
    ours("unlock", HELD, "--for", "1h")
    fill_keyrings()
    commands = {
        "cold": lambda: ours("get", COLD, ENTRY.name),
        "agent": lambda: ours("get", HELD, ENTRY.name),
        ENCRYPTED: lambda: with_keyring(EncryptedKeyring, f"{PASSPHRASE}\n"),
        UNENCRYPTED: lambda: with_keyring(PlaintextKeyring),
    }
    if PASS:
        fill_pass()
        commands[SHOWN_BY_GPG] = lambda: run(PASS, "show", ENTRY.name)
    if KEEPASSXC:
        keepassxc = (KEEPASSXC, "show", "--quiet", "--attributes", "Password")
        database = FIXTURES / f"{SIZE}.kdbx"
        commands[SHOWN_BY_KEEPASSXC] = lambda: run(
            *keepassxc, database, ENTRY.name, text=f"{PASSPHRASE}\n"
        )
    return commands


def finish() -> None:
    """No agent outlives the bench: theirs neither. What failed before is not hidden by this."""
    with suppress(SystemExit):
        ours("lock", HELD)
    if PASS:
        with suppress(SystemExit):
            run("gpgconf", "--kill", "all")


def main() -> None:
    try:
        commands = prepare()
        for name, command in commands.items():
            if command().strip() != VALUE:
                raise SystemExit(f"Another value than expected: {name}")
        values = in_turn(commands, times(30))
    finally:
        finish()
    for which, what, keyring in (
        ("cold", "credentialstore get, passphrase in the environment", ENCRYPTED),
        ("agent", "credentialstore get, unlocked before", UNENCRYPTED),
    ):
        for peer in (keyring, SHOWN_BY_GPG, SHOWN_BY_KEEPASSXC):
            report(what, values[which], peer, values.get(peer, []), entries=SIZE)


if __name__ == "__main__":
    main()
