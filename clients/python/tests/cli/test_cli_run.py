"""`credentialstore run`: a command with values in its environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest
from programs import CLI, Home, said

MASK = "••••••••••••"


def run(home: Home, *command: str, env: tuple[str, ...] = ("PW=db",), **more: Any) -> Any:
    words = [word for one in env for word in ("--env", one)]
    return home.run("run", *words, "--", *command, **more)


def start(home: Home, *command: str) -> subprocess.Popen[bytes]:
    """Running, in a process group of its own."""
    # What `nohup` has ignored before us stays so in all that is started.
    hangup = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        return subprocess.Popen(
            [*CLI, "run", "-e", "PW=db", "--", *command],
            env=home.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGHUP, hangup)


def test_values_come_in_and_do_not_come_out(home: Home) -> None:
    code = "import os, sys; print(os.environ['PW'], len(os.environ['PW'])); sys.exit(3)"
    done = run(home, sys.executable, "-c", code)
    assert done.returncode == 3
    assert done.stdout.decode() == f"{MASK} 7\n"
    assert done.stderr == b""


def test_streams_stay_apart(home: Home) -> None:
    done = run(home, "sh", "-c", 'echo "out $PW"; echo "err $PW" >&2')
    assert done.stdout.decode() == f"out {MASK}\n"
    assert done.stderr.decode() == f"err {MASK}\n"


def test_a_value_in_two_writes_is_masked(home: Home) -> None:
    done = run(home, "sh", "-c", "printf hun; sleep 0.3; printf ter2; printf hunter")
    assert done.stdout.decode() == f"{MASK}hunter"


def test_several_values_and_fields(home: Home) -> None:
    names = ("A=db", "B=db:host", "C=api")
    done = run(home, "sh", "-c", 'echo "${#A} ${#B} ${#C} $A $B $C"', env=names)
    assert done.stdout.decode() == f"7 9 12 {MASK} {MASK} {MASK}\n"


def test_a_name_with_a_colon_comes_before_a_field(home: Home) -> None:
    said(home.run("set", "db:host", input="other"))
    done = run(home, "sh", "-c", "[ $B = other ]", env=("B=db:host",))
    assert done.returncode == 0


def test_the_stores_passphrase_does_not_come_in(home: Home) -> None:
    code = "import os; print([n for n in os.environ if 'PASSPHRASE' in n])"
    assert run(home, sys.executable, "-c", code).stdout == b"[]\n"


def test_input_is_the_commands(home: Home) -> None:
    assert run(home, "cat", input="typed").stdout == b"typed"


def test_bytes_that_are_no_text_pass_untouched(home: Home) -> None:
    code = "import os, sys; os.write(1, bytes(range(256)) * 1000)"
    assert run(home, sys.executable, "-c", code).stdout == bytes(range(256)) * 1000


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (["no-such-command"], 127, "There is no command 'no-such-command'"),
        (["/etc/passwd"], 126, "cannot be run: Permission denied"),
        (["sh", "-c", "exit 255"], 255, ""),
        (["sh", "-c", "kill -9 $$"], 137, ""),
        (["sh", "-c", "kill -TERM $$"], 143, ""),
    ],
)
@pytest.mark.parametrize("masking", [True, False])
def test_exit_codes(masking: bool, command: list[str], code: int, words: str, home: Home) -> None:
    options = [] if masking else ["--no-masking"]
    done = home.run("run", "-e", "PW=db", *options, "--", *command)
    # Without masking it is the command itself that a signal ends.
    assert done.returncode in (code, 128 - code)
    assert words in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "code", "said_"),
    [
        (["-e", "PW=nope"], 3, 'There is no credential "nope"'),
        (["-e", "PW=db:port"], 3, 'has no field "port"'),
        (["-e", "PW"], 2, "Write --env VARIABLE=name"),
        (["-e", "1X=db"], 2, "Write --env VARIABLE=name"),
        (["-e", "PW="], 2, "Write --env VARIABLE=name"),
        ([], 2, "Missing option"),
    ],
)
def test_nothing_runs_without_all_values(
    words: list[str], code: int, said_: str, home: Home
) -> None:
    done = home.run("run", *words, "--", "touch", "ran")
    assert said_ in said(done, code)
    assert not (home.folder / "ran").exists()


def test_a_value_with_a_zero_byte_cannot_be_handed_over(home: Home) -> None:
    said(home.run("set", "zero", input=b"a\0b"))
    done = run(home, "true", env=("Z=zero",))
    assert "zero byte" in said(done, 1)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGQUIT"])
def test_a_signal_to_us_is_passed_on_once(name: str, home: Home) -> None:
    code = (
        "import os, signal, sys, time\n"
        f"signal.signal(signal.{name}, lambda *_: os.write(1, b'caught\\n'))\n"
        "print('ready', flush=True)\n"
        "until = time.monotonic() + 2\n"
        "while time.monotonic() < until: time.sleep(0.05)\n"
        "sys.exit(9)\n"
    )
    with start(home, sys.executable, "-c", code) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        os.kill(running.pid, getattr(signal, name))
        assert running.stdout.readline() == b"caught\n"
        out, _ = running.communicate(timeout=30)
        assert out == b""
        assert running.returncode == 9


def test_a_signal_that_ends_the_command_is_its_code(home: Home) -> None:
    with start(home, "sh", "-c", "echo ready; exec sleep 60") as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.3)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 143


def test_a_reader_that_goes_away_ends_the_command(home: Home) -> None:
    with start(home, "yes") as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(30) == 141


def test_what_the_command_leaves_behind_is_masked_too(home: Home) -> None:
    done = run(home, "sh", "-c", '(sleep 0.5; echo "late $PW") & exit 4')
    assert (done.returncode, done.stdout.decode()) == (4, f"late {MASK}\n")


TERMINAL = (
    "import os, signal, sys, time\n"
    "signal.signal(signal.SIGINT, lambda *_: os.write(1, b'caught\\n'))\n"
    "print(sys.stdin.isatty(), sys.stdout.isatty(), os.environ['PW'], flush=True)\n"
    "until = time.monotonic() + 2\n"
    "while time.monotonic() < until: time.sleep(0.05)\n"
    "print('end', flush=True)\n"
)


def at_terminal(home: Home, *options: str) -> Any:
    return pexpect.spawn(
        CLI[0],
        [*CLI[1:], "run", "-e", "PW=db", *options, "--", sys.executable, "-c", TERMINAL],
        env=home.environment(),
        timeout=60,
        encoding="utf-8",
    )


def test_ctrl_c_reaches_the_command_once(home: Home) -> None:
    child = at_terminal(home)
    child.expect_exact(f"True False {MASK}")
    child.sendintr()
    child.expect_exact("caught")
    child.expect_exact("end")
    child.expect(pexpect.EOF)
    assert "caught" not in child.before
    child.close()
    assert child.exitstatus == 0


def test_without_masking_the_terminal_is_the_commands_own(home: Home) -> None:
    child = at_terminal(home, "--no-masking")
    child.expect_exact("True True hunter2")
    child.sendintr()
    child.expect_exact("caught")
    child.expect_exact("end")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_the_agent_is_enough(home: Home, tmp_path: Path) -> None:
    said(home.run("unlock"))
    done = run(home, "sh", "-c", 'echo "$PW"', secret=None)
    assert done.stdout.decode() == f"{MASK}\n"
