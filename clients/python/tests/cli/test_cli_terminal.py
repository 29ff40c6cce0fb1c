"""`credentialstore` at a real terminal: what is asked, shown, and not shown."""

from __future__ import annotations

import sys
from typing import Any

import pexpect
import pytest
from kernel_connector.vault import Entry, Field, RecoveryCode, Store
from programs import CLI, NEW, PASSPHRASE, Home, said


def spawn(home: Home, *words: str, secret: str | None = None, **more: str) -> Any:
    return pexpect.spawn(
        CLI[0],
        [*CLI[1:], *words],
        env=home.environment(secret, TERM="xterm", **more),
        cwd=str(home.folder),
        timeout=60,
        encoding="utf-8",
        dimensions=(24, 120),
    )


def end(child: Any, code: int = 0) -> str:
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code, child.before
    return str(child.before)


def test_a_passphrase_may_be_mistyped_and_is_not_shown(home: Home) -> None:
    child = spawn(home, "get", "db")
    child.expect_exact("Passphrase of ~/store: ")
    child.sendline("not this one")
    child.expect_exact("That passphrase does not open this store.")
    child.expect_exact("Passphrase of ~/store: ")
    child.sendline(PASSPHRASE)
    text = end(child)
    assert "Deriving the key" in text
    assert text.rstrip().endswith("hunter2")
    assert PASSPHRASE not in text


@pytest.mark.parametrize("typed", ["\x04", "\x03"])
def test_one_may_give_up(typed: str, home: Home) -> None:
    child = spawn(home, "get", "db")
    child.expect_exact("Passphrase of ~/store: ")
    child.send(typed)
    assert "nothing was" in end(child, 4 if typed == "\x04" else 130)


def test_init_asks_twice_and_shows_the_code(home: Home) -> None:
    home.store.unlink()
    child = spawn(home, "init")
    for first, second, words in (
        ("short", None, "8 to 1024 bytes"),
        (NEW, "another one", "These two differ."),
        (NEW, NEW, "Write this recovery code down"),
    ):
        child.expect_exact("New passphrase: ")
        child.sendline(first)
        if second:
            child.expect_exact("Repeat it: ")
            child.sendline(second)
        child.expect_exact(words)
    code = end(child).split()[-1]
    assert Store.open(home.store, RecoveryCode(code)).vault.rows() == []


def test_set_asks_for_the_value_when_the_store_is_open(home: Home) -> None:
    child = spawn(home, "set", "new")
    child.expect_exact("Passphrase of ~/store: ")
    child.sendline(PASSPHRASE)
    child.expect_exact('Value of "new": ')
    child.sendline("typed value")
    assert "typed value" not in end(child)
    assert home.run("get", "new").stdout == b"typed value"


def test_a_value_may_be_piped_and_the_passphrase_typed(home: Home) -> None:
    line = " ".join(f"'{word}'" for word in [*CLI, "set", "new"])
    child = pexpect.spawn(
        "sh",
        ["-c", f"printf piped | {line}"],
        env=home.environment(None),
        timeout=60,
        encoding="utf-8",
    )
    child.expect_exact("Passphrase of ~/store: ")
    child.sendline(PASSPHRASE)
    end(child)
    assert home.run("get", "new").stdout == b"piped"


def test_values_and_names_cannot_command_the_terminal(home: Home) -> None:
    said(home.run("set", "x", "--user", "u\x1b[2J", input="a\x1b[2Jb\nc"))
    shown = end(spawn(home, "get", "x", secret=PASSPHRASE))
    assert "a\\u001b[2Jb\r\nc\r\n" in shown
    assert "u\\u001b[2J" in end(spawn(home, "list", secret=PASSPHRASE))
    assert "\x1b[2J" not in end(spawn(home, "list", "--json", secret=PASSPHRASE))


def test_a_list_is_a_table(home: Home) -> None:
    text = end(spawn(home, "list", secret=PASSPHRASE))
    assert all(word in text for word in ("Name", "User", "Changed", "db", "me", "ci, web"))
    assert "hunter2" not in text


def test_rm_asks(home: Home) -> None:
    for answer, code, left in (("n", 130, 2), ("y", 0, 1)):
        child = spawn(home, "rm", "db", secret=PASSPHRASE)
        child.expect_exact('Delete "db"?')
        child.sendline(answer)
        end(child, code)
        assert len(home.open().vault.rows()) == left


def test_export_does_not_fill_a_terminal_with_values(home: Home) -> None:
    text = end(spawn(home, "export", secret=PASSPHRASE), 2)
    assert "--output" in text and "hunter2" not in text


def test_bad_text_may_be_edited_again(home: Home) -> None:
    editor = home.folder / "editor.py"
    # The first time it spoils the text, the second time it mends it.
    editor.write_text(
        "import sys; path = sys.argv[-1]; text = open(path).read()\n"
        "new = text[1:] if text.startswith('{') else '{' + text.replace('hunter2', 'mended')\n"
        "open(path, 'w').write(new)\n"
    )
    child = spawn(home, "edit", "db", secret=PASSPHRASE, EDITOR=f"{sys.executable} {editor}")
    child.expect_exact("This is no entry: this is no JSON")
    child.expect_exact("Edit it again?")
    child.sendline("y")
    end(child)
    assert home.run("get", "db").stdout == b"mended"
    assert not [*home.runtime.glob("credentialstore-*")]


def test_a_passphrase_changed_meanwhile_is_asked_for_and_the_edit_kept(home: Home) -> None:
    new = home.folder / "new"
    new.write_text(NEW)
    words = [*CLI, "passwd", "--new-passphrase-file", str(new)]
    editor = home.folder / "editor.py"
    editor.write_text(
        "import subprocess, sys; path = sys.argv[-1]; text = open(path).read()\n"
        f"subprocess.run({words!r}, check=True, capture_output=True)\n"
        "open(path, 'w').write(text.replace('hunter2', 'edited'))\n"
    )
    child = spawn(home, "edit", "db", secret=PASSPHRASE, EDITOR=f"{sys.executable} {editor}")
    child.expect_exact("The passphrase was changed elsewhere meanwhile. Your change is kept.")
    child.expect_exact("New passphrase of the store: ")
    child.sendline(NEW)
    end(child)
    assert home.run("get", "db", secret=NEW).stdout == b"edited"


def test_passwd_tells_how_far_it_is(home: Home) -> None:
    store = home.open()
    for number in range(500):
        store.vault.put(Entry(f"n{number}", (Field("value", "v"),)))
    store.save()
    child = spawn(home, "passwd", "--recovery")
    child.expect_exact("Recovery code: ")
    child.sendline(home.code.lower())
    child.expect_exact("New passphrase: ")
    child.sendline(NEW)
    child.expect_exact("Repeat it: ")
    child.sendline(NEW)
    text = end(child)
    assert "Sealing anew" in text and "502" in text
    assert len(home.open(NEW).vault.rows()) == 502
