"""`credentialstore` without a terminal: results on standard output, exit codes, nothing lost."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from kernel_connector.vault import Entry, Field, RecoveryCode, Store
from programs import CLI, NEW, PASSPHRASE, Home, said

EDITOR = """
import json, sys
path = sys.argv[-1]
text = open(path, encoding="utf-8").read()
value = json.loads(text)
{}
open(path, "w", encoding="utf-8").write(value if isinstance(value, str) else json.dumps(value))
"""


def editor(home: Home, code: str) -> str:
    path = home.folder / "editor.py"
    path.write_text(EDITOR.format(code))
    return f"{sys.executable} {path}"


def entry(home: Home, name: str, secret: str = PASSPHRASE) -> Entry:
    vault = home.open(secret).vault
    row = vault.find(name)
    assert row is not None
    return vault.read(row.id)


def values(home: Home, name: str) -> dict[str, str]:
    return {one.name: str(one.value) for one in entry(home, name).fields}


class TestGet:
    def test_prints_the_value_and_nothing_else(self, home: Home) -> None:
        done = home.run("get", "db")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"hunter2", b"")
        assert home.run("get", "db", "host").stdout == b"h.example"
        # The only field, whatever its name.
        assert home.run("get", "api").stdout == b"s3cret-token"

    @pytest.mark.parametrize("value", ["two\nlines\n", "\x1b[31mred", "grüße", "tab\t", " "])
    def test_to_the_last_byte(self, value: str, home: Home) -> None:
        said(home.run("set", "x", input=value + "\n"))
        assert home.run("get", "x").stdout == value.encode()

    def test_as_json(self, home: Home) -> None:
        done = home.run("get", "db", "host", "--json")
        expected = {"name": "db", "field": "host", "value": "h.example"}
        assert json.loads(done.stdout) == expected

    def test_what_is_not_there(self, home: Home) -> None:
        assert 'Did you mean "db"?' in said(home.run("get", "dbb"), 3)
        assert 'Its fields are "value", "host"' in said(home.run("get", "db", "port"), 3)


class TestList:
    def test_is_lines_parted_by_tabs_for_a_program(self, home: Home) -> None:
        lines = [line.split("\t") for line in home.run("list").stdout.decode().splitlines()]
        assert [line[:4] for line in lines] == [["api", "", "", "ci, web"], ["db", "me", "", ""]]

    def test_as_json_has_no_values(self, home: Home) -> None:
        done = home.run("list", "--json")
        api, db = json.loads(done.stdout)
        assert (api["name"], api["tags"]) == ("api", ["ci", "web"])
        assert db["fields"] == [
            {"name": "value", "type": "hidden"},
            {"name": "host", "type": "text"},
        ]
        assert b"hunter2" not in done.stdout and b"h.example" not in done.stdout

    def test_shows_what_a_terminal_would_obey(self, home: Home) -> None:
        said(home.run("set", "x", "--user", "a\x1b[2J\tb", input="v"))
        assert b"a\\u001b[2J\\u0009b" in home.run("list").stdout

    def test_search_takes_all_words_anywhere(self, home: Home) -> None:
        assert home.run("search", "WEB ap").stdout.startswith(b"api\t")
        assert json.loads(home.run("search", "me", "--json").stdout)[0]["name"] == "db"
        done = home.run("search", "hunter2")
        assert done.stdout == b""
        assert 'No credential matches "hunter2"' in said(done, 3)


class TestSet:
    def test_adds_with_what_belongs_to_it(self, home: Home) -> None:
        options = ["--user", "u", "--url", "h.org", "--tag", "a", "--tag", "b"]
        done = home.run("set", "new", *options, input="the value\n")
        assert '"new" is added' in said(done) and done.stdout == b""
        made = entry(home, "new")
        assert (made.user, made.url, made.tags) == ("u", "h.org", ("a", "b"))
        assert values(home, "new") == {"value": "the value"}

    def test_changes_one_value_and_keeps_the_rest(self, home: Home) -> None:
        said(home.run("set", "db", input="changed"))
        assert values(home, "db") == {"value": "changed", "host": "h.example"}
        assert entry(home, "db").user == "me"
        said(home.run("set", "db", "--field", "port", "--text", input="5432"))
        assert values(home, "db") == {"value": "changed", "host": "h.example", "port": "5432"}
        assert entry(home, "db").fields[-1].type == "text"
        said(home.run("set", "api", input="new-token"))
        assert values(home, "api") == {"token": "new-token"}

    @pytest.mark.parametrize(
        ("words", "data", "sentence"),
        [
            (["x"], b"", "The value is empty, so nothing was changed."),
            (["x"], b"\n", "The value is empty"),
            (["x"], b"\xff", "no text in UTF-8"),
            (["x"], b"v" * (1024 * 1024 + 1), "larger than 1 MiB"),
            (["x"], b"v" * (1024 * 1024 - 1), "at most 1 MiB"),
            (["a\nb"], b"v", "no control characters"),
            ([""], b"v", "1 to 256 characters"),
            (["n" * 257], b"v", "1 to 256 characters"),
            (["x", "value"], b"", "unexpected extra argument"),
        ],
    )
    def test_bad_input_changes_nothing(
        self, words: list[str], data: bytes, sentence: str, home: Home
    ) -> None:
        before = home.store.read_bytes()
        assert sentence in said(home.run("set", *words, input=data), 2)
        assert home.store.read_bytes() == before

    def test_a_full_disk_is_said_and_changes_nothing(self, home: Home) -> None:
        before = home.store.read_bytes()
        command = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", *CLI, "set", "x"]
        done = home.execute(command, input="v" * 2000)
        assert "File too large. Nothing was changed." in said(done, 1)
        assert home.store.read_bytes() == before

    def test_two_at_once_lose_nothing(self, home: Home) -> None:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(4) as pool:
            done = pool.map(lambda n: home.run("set", f"n{n}", input=f"v{n}"), range(6))
            assert all(one.returncode == 0 for one in done)
        names = {row.name for row in home.open().vault.rows()}
        assert names == {"db", "api", *(f"n{n}" for n in range(6))}


class TestEdit:
    def test_what_the_editor_leaves_is_saved(self, home: Home) -> None:
        code = (
            "value['user'] = 'new user'\n"
            "value['fields'][0]['value'] = 'new value'\n"
            "value['fields'].append({'name': 'port', 'type': 'text', 'value': '1'})"
        )
        assert '"db" is changed' in said(home.run("edit", "db", EDITOR=editor(home, code)))
        assert values(home, "db") == {"value": "new value", "host": "h.example", "port": "1"}
        assert entry(home, "db").user == "new user"
        assert not [*home.runtime.glob("credentialstore-*")]

    def test_an_unchanged_text_saves_nothing(self, home: Home) -> None:
        before = home.store.read_bytes()
        assert "as it was" in said(home.run("edit", "db", EDITOR="true"))
        assert home.store.read_bytes() == before

    def test_the_text_is_the_users_alone_and_in_memory_if_it_can_be(self, home: Home) -> None:
        code = (
            "import os; s = os.stat(path); d = os.stat(os.path.dirname(path))\n"
            "value['notes'] = f'{path} {s.st_mode & 0o777:o} {d.st_mode & 0o777:o}'"
        )
        said(home.run("edit", "db", EDITOR=editor(home, code)))
        path, *modes = entry(home, "db").notes.split()
        assert path.startswith(f"{home.runtime}/credentialstore-")
        assert modes == ["600", "700"]

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("value = text[:-3]", "no JSON, see line"),
            ("value = '[]'", "it must have name, user"),
            ("del value['user']", "it must have name, user"),
            ("value['more'] = 1", "it must have name, user"),
            ("value['user'] = 1", "user must be a text"),
            ("value['tags'] = 'x'", "tags must be a list"),
            ("value['fields'] = []", "fields must be a list of one"),
            ("del value['fields'][0]['type']", "a field must have name, type, value"),
            ("value['fields'][0]['value'] = 1", "all texts"),
            ("value['fields'] *= 2", "No entry can have such a member: fields"),
            ("value['name'] = 'a\\nb'", "no control characters"),
            ("value = '[' * 99999", "no JSON"),
        ],
    )
    def test_bad_text_is_kept_and_changes_nothing(self, code: str, words: str, home: Home) -> None:
        before = home.store.read_bytes()
        text = said(home.run("edit", "db", EDITOR=editor(home, code)), 2)
        assert words in text and "Nothing was changed." in text
        assert "hunter2" not in text
        assert home.store.read_bytes() == before
        (kept,) = home.runtime.glob("credentialstore-*/entry.json")
        assert str(kept) in text
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    @pytest.mark.parametrize("name", ["false", "no-such-editor", "'"])
    def test_an_editor_that_fails(self, name: str, home: Home) -> None:
        before = home.store.read_bytes()
        said(home.run("edit", "db", EDITOR=name), 1)
        assert home.store.read_bytes() == before

    def test_what_others_saved_meanwhile_is_merged(self, home: Home) -> None:
        words = [*CLI, "set", "db"]
        code = (
            "import subprocess\n"
            f"subprocess.run({words!r}, input=b'theirs', check=True)\n"
            "value['fields'][0]['value'] = 'mine'"
        )
        said(home.run("edit", "db", EDITOR=editor(home, code)))
        assert values(home, "db")["value"] == "theirs"
        assert values(home, "db (2)")["value"] == "mine"

    def test_options_need_no_editor(self, home: Home) -> None:
        options = ["--user", "", "--url", "x.org", "--tag", "t"]
        said(home.run("edit", "db", *options, EDITOR="false"))
        made = entry(home, "db")
        assert (made.user, made.url, made.tags) == ("", "x.org", ("t",))
        assert values(home, "db") == {"value": "hunter2", "host": "h.example"}

    def test_what_this_version_does_not_know_is_kept(self, home: Home) -> None:
        store = home.open()
        field = Field("value", "v", unknown={"colour": "red"})
        store.vault.put(Entry("x", (field,), unknown={"otp": [1]}))
        store.save()
        said(home.run("edit", "x", EDITOR=editor(home, "value['user'] = 'u'")))
        made = entry(home, "x")
        assert made.unknown == {"otp": [1]} and made.fields[0].unknown == {"colour": "red"}


class TestRemoveAndRename:
    def test_rm_asks_or_is_told(self, home: Home) -> None:
        assert "Add --yes" in said(home.run("rm", "db"), 2)
        assert 'no credential "x"' in said(home.run("rm", "--yes", "db", "x"), 3)
        assert {row.name for row in home.open().vault.rows()} == {"db", "api"}
        assert 'Deleted "db", "api"' in said(home.run("rm", "--yes", "db", "api", "db"))
        assert home.open().vault.rows() == []

    def test_mv(self, home: Home) -> None:
        said(home.run("mv", "db", "database"))
        assert values(home, "database") == {"value": "hunter2", "host": "h.example"}
        assert 'a credential "api" already' in said(home.run("mv", "database", "api"), 6)
        assert 'no credential "db"' in said(home.run("mv", "db", "x"), 3)
        assert "control characters" in said(home.run("mv", "api", "a\tb"), 2)
        # Another way of writing the same name.
        said(home.run("mv", "api", "cafe\u0301"))
        said(home.run("mv", "caf\u00e9", "caf\u00e9"))


class TestExport:
    def test_to_a_program_and_to_a_new_private_file(self, home: Home) -> None:
        whole = json.loads(home.run("export").stdout)
        db = next(one for one in whole["entries"] if one["name"] == "db")
        assert db["fields"][0] == {"name": "value", "type": "hidden", "value": "hunter2"}
        path = home.folder / "all.json"
        done = home.run("export", "--output", str(path))
        assert "in the clear" in said(done) and done.stdout == b""
        assert json.loads(path.read_text()) == whole
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "there already" in said(home.run("export", "--output", str(path)), 6)


class TestPassphrase:
    def test_init_makes_a_store_that_its_code_opens(self, home: Home) -> None:
        home.store.unlink()
        done = home.run("init", "--suite", "aes")
        said(done)
        code = done.stdout.decode().strip()
        store = Store.open(home.store, RecoveryCode(code))
        assert store.vault.suite == "aes" and store.vault.rows() == []
        assert stat.S_IMODE(home.store.stat().st_mode) == 0o600
        assert "is there already" in said(home.run("init"), 6)

    def test_init_without_recovery_and_as_json(self, home: Home) -> None:
        home.store.unlink()
        done = home.run("init", "--no-recovery", "--json")
        assert json.loads(done.stdout) == {"recoveryCode": None}
        assert home.open().vault.slots == ["passphrase"]

    def test_init_refuses_a_short_passphrase(self, home: Home) -> None:
        home.store.unlink()
        assert "8 to 1024 bytes" in said(home.run("init", secret="short"), 4)
        assert not home.store.exists()

    def test_passwd(self, home: Home) -> None:
        said(home.run("set", "more", input="v"))
        assert home.store.with_name("store.bak1").exists()
        file = home.folder / "new"
        file.write_text(NEW + "\n")
        said(home.run("unlock"))
        done = home.run("passwd", "--new-passphrase-file", str(file))
        said(done)
        store = Store.open(home.store, RecoveryCode(done.stdout.decode()))
        assert store.vault.generation == 2
        assert not home.store.with_name("store.bak1").exists()
        assert entry(home, "db", NEW).fields[0].value == "hunter2"
        assert "does not open" in said(home.run("get", "db"), 4)

    @pytest.mark.parametrize("data", [b"short", b"\xff" * 10, None])
    def test_passwd_with_a_bad_one_changes_nothing(self, data: bytes | None, home: Home) -> None:
        before = home.store.read_bytes()
        file = home.folder / "new"
        if data is not None:
            file.write_bytes(data)
        text = said(home.run("passwd", "--new-passphrase-file", str(file)), 4)
        assert "Nothing was changed." in text
        assert home.store.read_bytes() == before

    def test_a_wrong_one(self, home: Home) -> None:
        for words in (["get", "db"], ["list"], ["set", "x"], ["unlock"], ["check"]):
            text = said(home.run(*words, input="v", secret="wrong passphrase"), 4)
            assert "does not open" in text and "wrong passphrase" not in text

    def test_none_and_nobody_to_ask(self, home: Home) -> None:
        text = said(home.run("get", "db", secret=None), 4)
        assert "There is no terminal to ask" in text
        assert 'Run "credentialstore unlock" in one before' in text
        assert "CREDENTIALSTORE_PASSPHRASE_FILE" in text
        # The agent writes nothing: it would not help there.
        assert "credentialstore unlock" not in said(home.run("set", "x", input="v", secret=None), 4)


class TestStore:
    def test_check_reads_everything(self, home: Home) -> None:
        done = home.run("check", "--json")
        about = json.loads(done.stdout)
        assert about["entries"] == 2 and about["slots"] == ["passphrase", "recovery"]
        assert about["mode"] == "0600" and about["suite"] == "nacl"
        assert "All 2 entries" in said(home.run("check"))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda data: data[:100], "damaged"),
            (lambda data: data.replace(b'"mac":"', b'"mac":"A', 1), "damaged"),
            (lambda data: b"my notes", "not a credential store"),
            (lambda data: b'{"credentialstore":2}', "newer version"),
        ],
    )
    def test_a_file_that_is_not_right(self, change: Any, words: str, home: Home) -> None:
        bad = change(home.store.read_bytes())
        home.store.write_bytes(bad)
        for command in (["check"], ["get", "db"], ["set", "x"], ["passwd"], ["unlock"]):
            assert words in said(home.run(*command, input="v"), 5), command
        assert home.store.read_bytes() == bad
        assert "there already" in said(home.run("init"), 6)

    def test_an_altered_entry_is_found(self, home: Home) -> None:
        whole = json.loads(home.store.read_text())
        first = next(iter(whole["entries"]))
        text = whole["entries"][first]
        whole["entries"][first] = ("B" if text[0] == "A" else "A") + text[1:]
        home.store.write_text(json.dumps(whole, separators=(",", ":")))
        assert "altered" in said(home.run("check"), 5)

    def test_none(self, home: Home) -> None:
        home.store.unlink()
        for words in (["get", "db"], ["list"], ["rm", "-y", "x"], ["check"], ["unlock"]):
            assert "There is no store" in said(home.run(*words), 5)

    def test_a_link_is_followed_and_stays(self, home: Home) -> None:
        target = home.folder / "dotfiles" / "store"
        target.parent.mkdir()
        home.store.rename(target)
        home.store.symlink_to(target)
        said(home.run("set", "x", input="v"))
        assert home.store.is_symlink() and not target.is_symlink()
        assert home.run("get", "x").stdout == b"v"
        about = json.loads(home.run("path", "--json").stdout)
        expected = {"path": str(home.store), "target": str(target), "exists": True}
        assert about == expected

    def test_path(self, home: Home) -> None:
        assert home.run("path").stdout.decode() == f"{home.store}\n"
        done = home.run("--store", "~/other", "path")
        assert done.stdout.decode() == f"{home.folder}/other\n"
        done = home.run("path", CREDENTIALSTORE_PATH="")
        assert done.stdout.decode() == f"{home.folder}/.credentialstore\n"


class TestUsage:
    def test_help_has_the_exit_codes(self, home: Home) -> None:
        text = home.run("--help").stdout.decode()
        commands = "init list get set edit rm mv search export passwd check unlock lock path run"
        for name in (*commands.split(), "completion", "Exit codes"):
            assert name in text
        assert "126, 127" in home.run("run", "--help").stdout.decode()

    @pytest.mark.parametrize(
        "words", [["nope"], ["get"], ["unlock", "--for", "1x"], ["unlock", "--for", "8d"], ["-x"]]
    )
    def test_wrong_usage(self, words: list[str], home: Home) -> None:
        assert "Usage:" in said(home.run(*words), 2)

    def test_a_missing_package_is_named(self, home: Home) -> None:
        code = (
            "import sys; sys.modules['click'] = None\nfrom kernel_connector.cli import main; main()"
        )
        done = home.python(code)
        assert done.returncode == 1
        assert done.stderr.decode().strip().endswith('pip install "kernel-connector[vault]"')

    def test_an_unforeseen_error_tells_no_secret(self, home: Home) -> None:
        code = (
            "import sys\n"
            "from kernel_connector.cli import app, reading\n"
            "def fail(*_): raise KeyError('hunter2')\n"
            "reading.rows = fail\n"
            "sys.exit(app.run(['list']))"
        )
        text = said(home.python(code), 1)
        assert "broke off (KeyError, " in text and "hunter2" not in text

    def test_a_reader_that_goes_away_is_no_error_to_tell(self, home: Home) -> None:
        command = ["sh", "-c", '"$@" | true', "sh", *CLI, "list", "--json"]
        assert home.execute(command).stderr == b""

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion(self, shell: str, home: Home) -> None:
        assert b"_CREDENTIALSTORE_COMPLETE" in home.run("completion", shell).stdout

    def test_names_are_completed_while_unlocked_and_nothing_is_asked(self, home: Home) -> None:
        said(home.run("set", "dbeaver", input="v"))
        more = {
            "_CREDENTIALSTORE_COMPLETE": "bash_complete",
            "COMP_WORDS": "credentialstore get d",
            "COMP_CWORD": "2",
        }
        assert home.run(secret=None, **more).stdout.split() == []
        said(home.run("unlock"))
        done = home.run(secret=None, **more)
        assert done.stdout.decode().split() == ["plain,db", "plain,dbeaver"]


class TestAgent:
    def test_reading_needs_no_passphrase_and_writing_does(self, home: Home) -> None:
        said(home.run("unlock", "--for", "1m"))
        assert home.run("get", "db", secret=None).stdout == b"hunter2"
        assert home.run("list", secret=None).stdout == home.run("list").stdout
        assert home.run("search", "db", secret=None).returncode == 0
        before = home.store.read_bytes()
        for words in (["set", "x"], ["rm", "-y", "db"], ["mv", "db", "x"], ["export"], ["check"]):
            assert "no terminal to ask" in said(home.run(*words, input="v", secret=None), 4)
        assert home.store.read_bytes() == before
        said(home.run("lock", secret=None))
        said(home.run("get", "db", secret=None), 4)

    def test_the_answer_is_of_the_file_as_it_is(self, home: Home) -> None:
        said(home.run("unlock"))
        said(home.run("set", "db", input="new"))
        assert home.run("get", "db", secret=None).stdout == b"new"


def test_the_console_script_is_declared() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'credentialstore = "kernel_connector.cli:main"' in text
