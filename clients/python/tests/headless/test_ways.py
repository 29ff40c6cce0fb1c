"""get_credential without a page: real scripts, with a real agent, a real terminal, or neither."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from kernel_connector.vault import Cost, Entry, Field, Missing, Passphrase, Store, pick
from programs import NEW, PASSPHRASE, Home, said

GET = "import kernel_connector as kc; value = kc.get_credential('db', 'value'); "
SHOW = GET + "print(str(value), kc.source('db'))"


@pytest.fixture
def unlocked(home: Home) -> Iterator[Home]:
    said(home.run("unlock"))
    yield home


def last_line(done: Any) -> str:
    return str(done.stderr.decode().strip().splitlines()[-1])


def test_a_script_reads_from_the_agent(unlocked: Home) -> None:
    done = unlocked.python(SHOW, secret=None)
    assert done.stdout == b"hunter2 agent\n", done.stderr
    # Without anything that is not in the standard library.
    code = "import sys; sys.modules['nacl'] = sys.modules['cryptography'] = None; " + SHOW
    assert unlocked.python(code, secret=None).stdout == b"hunter2 agent\n"


def test_the_agent_comes_before_the_environment(unlocked: Home) -> None:
    assert unlocked.python(SHOW, secret="wrong passphrase").stdout == b"hunter2 agent\n"


def test_a_script_reads_with_the_environments_passphrase(home: Home) -> None:
    assert home.python(SHOW).stdout == b"hunter2 environment\n"
    # The variable that has the passphrase itself counts first.
    both = home.python(SHOW, CREDENTIALSTORE_PASSPHRASE_FILE="/nowhere")
    assert both.stdout == b"hunter2 environment\n"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_passphrase_in_a_file(end: str, home: Home) -> None:
    file = home.folder / "passphrase"
    file.write_bytes((PASSPHRASE + end).encode())
    done = home.python(SHOW, secret=None, CREDENTIALSTORE_PASSPHRASE_FILE=str(file))
    assert done.stdout == b"hunter2 environment\n", done.stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [(None, "cannot be read: No such file"), (b"\xff" * 9, "UTF-8"), (b"x" * 5000, "too long")],
)
def test_a_file_without_a_passphrase(data: bytes | None, words: str, home: Home) -> None:
    file = home.folder / "passphrase"
    if data is not None:
        file.write_bytes(data)
    done = home.python(SHOW, secret=None, CREDENTIALSTORE_PASSPHRASE_FILE=str(file))
    assert done.returncode == 1
    assert "StoreLocked" in last_line(done) and words in last_line(done)


def test_a_script_derives_the_key_once(home: Home) -> None:
    code = (
        "import kernel_connector as kc, kernel_connector.vault.slots as slots\n"
        "derive, times = slots.passphrase_ikm, []\n"
        "slots.passphrase_ikm = lambda *a: times.append(1) or derive(*a)\n"
        "for _ in range(3): kc.get_credential('api')\n"
        "print(len(times))\n"
    )
    assert home.python(code).stdout == b"1\n"


def test_a_long_script_sees_what_others_save(home: Home) -> None:
    code = (
        "import kernel_connector as kc, sys\n"
        "print(str(kc.get_credential('api')), flush=True)\n"
        "from kernel_connector.vault import *\n"
        "other = Store.open(sys.argv[1], Passphrase(sys.argv[2]))\n"
        "row = other.vault.find('api')\n"
        "from dataclasses import replace\n"
        "other.vault.put(replace(other.vault.read(row.id), fields=(Field('token', 'new'),)))\n"
        "other.save()\n"
        "print(str(kc.get_credential('api')), flush=True)\n"
    )
    done = home.execute([sys.executable, "-c", code, str(home.store), PASSPHRASE])
    assert done.stdout == b"s3cret-token\nnew\n", done.stderr


def test_a_wrong_passphrase_in_the_environment_says_so(home: Home) -> None:
    done = home.python(SHOW, secret="wrong passphrase")
    assert done.returncode == 1
    assert last_line(done) == (
        "kernel_connector.errors.StoreLocked: The passphrase in the environment does not open "
        "~/store. Correct CREDENTIALSTORE_PASSPHRASE or CREDENTIALSTORE_PASSPHRASE_FILE."
    )
    assert "wrong passphrase" not in done.stderr.decode()


def test_without_any_way_it_says_exactly_that(home: Home) -> None:
    line = last_line(home.python(SHOW, secret=None))
    assert line == (
        'kernel_connector.errors.NoFrontend: Nothing here can hand out "db": there is no front end '
        "with a credential store, no agent is running, the environment has no passphrase, and "
        "there is no terminal to ask for it. In JupyterLab install jupyterlab-credential-store and "
        'reload the page; in a script run "credentialstore unlock" before '
        '(pip install "kernel-connector[vault]"), or set CREDENTIALSTORE_PASSPHRASE_FILE.'
    )
    asks = home.python("import kernel_connector as kc; kc.source('db')", secret=None)
    assert "Nothing here can hand out" in last_line(asks)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("front-end", "this front end has no credential store"),
        ("agent", 'none is running for ~/store. Run "credentialstore unlock"'),
        ("terminal", "There is no terminal here"),
    ],
)
def test_a_pinned_way_is_the_only_one(source: str, words: str, home: Home) -> None:
    done = home.python(GET.replace("'value')", f"'value', source={source!r})"))
    assert "NoFrontend" in last_line(done) and words in last_line(done)


def test_a_pinned_environment_passes_the_agent_by(unlocked: Home) -> None:
    pinned = SHOW.replace("'value')", "'value', source='environment')")
    assert unlocked.python(pinned).stdout == b"hunter2 environment\n"
    assert "Set CREDENTIALSTORE_PASSPHRASE" in last_line(unlocked.python(pinned, secret=None))


def test_a_way_that_is_none_is_refused(home: Home) -> None:
    done = home.python(GET.replace("'value')", "'value', source='page')"))
    assert "ValueError: The source must be one of front-end, agent" in last_line(done)


def test_source_tells_before_and_asks_nobody(unlocked: Home) -> None:
    code = "import kernel_connector as kc; print(kc.source('db'), kc.source('no such'))"
    assert unlocked.python(code).stdout == b"agent agent\n"
    unlocked.lock()
    assert unlocked.python(code).stdout == b"environment environment\n"


@pytest.mark.parametrize("agent", [True, False])
def test_what_is_missing_is_said_as_by_the_page(agent: bool, home: Home) -> None:
    if agent:
        said(home.run("unlock"))
    secret = None if agent else PASSPHRASE
    calls = {
        "get_credential('dbb')": 'There is no credential "dbb". Did you mean "db"? '
        'Add it with "credentialstore set".',
        "get_credential('db', 'port')": 'The credential "db" has no field "port". '
        'Its fields are "value", "host", "user".',
        "get_credentials('db', 'x1', 'y2')": 'There is no credential "x1", "y2". '
        'Add them with "credentialstore set".',
    }
    for call, words in calls.items():
        done = home.python(f"import kernel_connector as kc; kc.{call}", secret=secret)
        assert last_line(done) == f"kernel_connector.errors.CredentialNotFound: {words}"


def test_the_user_name_and_the_url_are_fields_unless_a_field_is_named_so(home: Home) -> None:
    vault = Store.open(home.store, Passphrase(PASSPHRASE)).vault
    vault.put(
        Entry("web", (Field("value", "x"), Field("user", "own")), user="ada", url="https://w")
    )
    assert str(pick(vault, "web", "url")) == "https://w"
    assert str(pick(vault, "web", "user")) == "own"
    assert str(pick(vault, "db", "user")) == "me"
    with pytest.raises(Missing):
        pick(vault, "db", "url")


def test_several_come_in_their_order(home: Home) -> None:
    code = "import kernel_connector as kc; print(*map(str, kc.get_credentials('api', 'db')))"
    assert home.python(code).stdout == b"s3cret-token hunter2\n"


def test_a_store_that_is_not_there_or_not_one(home: Home) -> None:
    line = last_line(home.python(SHOW, CREDENTIALSTORE_PATH=str(home.folder / "none")))
    assert "StoreLocked: There is no credential store at ~/none. Make one" in line
    home.store.write_bytes(b"my notes")
    assert "is not a credential store" in last_line(home.python(SHOW))
    assert home.store.read_bytes() == b"my notes"


def test_a_suite_whose_package_is_missing_says_what_to_install(home: Home) -> None:
    path = home.folder / "aes"
    store, _ = Store.create(path, PASSPHRASE, suite="aes", cost=Cost(19456, 2))
    store.vault.put(Entry("db", (Field("value", "hunter2"),)))
    store.save()
    code = "import sys; sys.modules['cryptography'] = None; " + SHOW
    line = last_line(home.python(code, CREDENTIALSTORE_PATH=str(path)))
    assert line.startswith("kernel_connector.errors.NoFrontend: ")
    assert line.endswith('pip install "kernel-connector[vault]"')
    assert home.python(SHOW, CREDENTIALSTORE_PATH=str(path)).stdout == b"hunter2 environment\n"


def test_an_error_holds_no_passphrase_and_no_value(home: Home) -> None:
    code = (
        "import kernel_connector as kc, traceback\n"
        "try: kc.get_credential('dbb')\n"
        "except kc.CredentialError as error:\n"
        "    trace = traceback.TracebackException.from_exception(error, capture_locals=True)\n"
        "    print(''.join(trace.format()), error.__context__, error.__cause__)\n"
    )
    done = home.python(code)
    assert b"CredentialNotFound" in done.stdout and b"None None" in done.stdout
    assert PASSPHRASE.encode() not in done.stdout and b"hunter2" not in done.stdout


def at_terminal(home: Home, code: str) -> Any:
    return pexpect.spawn(
        sys.executable,
        ["-c", code],
        env=home.environment(secret=None),
        cwd=str(home.folder),
        timeout=60,
        encoding="utf-8",
    )


def test_at_a_terminal_the_passphrase_is_asked_for_and_not_shown(home: Home) -> None:
    again = SHOW + "; print(str(kc.get_credential('api')))"
    child = at_terminal(home, "import kernel_connector as kc; print(kc.source('db')); " + again)
    child.expect("terminal\r\n")
    child.expect_exact('Passphrase of ~/store, for "db": ')
    child.sendline("not this one")
    child.expect_exact('Passphrase of ~/store, for "db": ')
    child.sendline(PASSPHRASE)
    child.expect_exact("hunter2 terminal\r\ns3cret-token\r\n")
    child.expect(pexpect.EOF)
    assert child.before == ""
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("typed", [["\n"], ["\x04"], ["a\n", "b\n", "c\n"]])
def test_at_a_terminal_one_may_give_up(typed: list[str], home: Home) -> None:
    child = at_terminal(home, GET)
    for text in typed:
        child.expect_exact('for "db": ')
        child.send(text)
    child.expect("StoreLocked: No passphrase opened ~/store")
    child.expect(pexpect.EOF)
    child.close()


def test_a_changed_passphrase_sends_a_script_on_to_the_next_way(unlocked: Home) -> None:
    unlocked.open().change_passphrase(NEW)
    done = unlocked.python(SHOW, secret=NEW)
    assert done.stdout == b"hunter2 environment\n", done.stderr
    # The agent's key was of no more use.
    code = "import kernel_connector as kc; kc.get_credential('db', source='agent')"
    assert "No agent can hand out" in last_line(unlocked.python(code, secret=None))


def test_a_child_process_asks_the_agent_too(unlocked: Home) -> None:
    code = (
        "import kernel_connector as kc, os\n"
        "kc.get_credential('api')\n"
        "child = os.fork()\n"
        "if child: os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "os._exit(kc.get_credential('api') != 's3cret-token')\n"
    )
    assert unlocked.python(code, secret=None).returncode == 0


def test_importing_it_loads_neither_vault_nor_agent_nor_command_line(tmp_path: Path) -> None:
    code = (
        "import sys, kernel_connector\n"
        "heavy = ('nacl', 'click', 'rich', 'keyring', 'cryptography', 'pathlib', 'subprocess',"
        " 'kernel_connector.vault', 'kernel_connector.agent', 'kernel_connector.headless')\n"
        "sys.exit(' '.join(set(heavy) & set(sys.modules)))"
    )
    done = Home(tmp_path).python(code, secret=None)
    # site may load pathlib, for an editable installation say.
    assert done.stderr.split() in ([], [b"pathlib"])
