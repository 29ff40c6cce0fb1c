"""The agent's process: what it hands out, to whom, for how long; what is left of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kernel_connector.agent import client, place, server, wire
from kernel_connector.protocol import Want
from kernel_connector.vault import Entry, Field, RecoveryCode, Store
from programs import NEW, PASSPHRASE, Home, said

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SO_PEERCRED, /proc")


@pytest.fixture
def agent(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.runtime))
    said(home.run("unlock", "--for", "5m"))
    yield home


def socket_of(home: Home) -> Path:
    (path,) = (home.runtime / "credentialstore").iterdir()
    return path


def pid_of(home: Home) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(socket_of(home)))
        data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid, _, _ = struct.unpack("3i", data)
    return int(pid)


def eventually(test: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def raw(home: Home, data: bytes, *, hang_up: bool = True) -> bytes:
    """What the agent answers to bytes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(socket_of(home)))
        connection.sendall(data)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def framed(message: Any) -> bytes:
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data


def value(home: Home, name: str = "db", field: str | None = "value") -> str:
    reply = client.get(home.store, [Want(name, field)])
    assert reply.status == "granted"
    return str(reply.values[0])


def test_its_socket_and_folder_are_the_users_alone(agent: Home) -> None:
    path = socket_of(agent)
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_ISSOCK(path.lstat().st_mode)


def test_hands_out_values_rows_and_its_end(agent: Home) -> None:
    assert value(agent) == "hunter2"
    reply = client.get(agent.store, [Want("api"), Want("db", "host")])
    assert reply.values == ("s3cret-token", "h.example")
    rows = client.rows(agent.store)
    assert {row["name"] for row in rows} == {"db", "api"}
    assert "hunter2" not in json.dumps(rows)
    assert 250 < client.until(agent.store) / 1000 - time.time() <= 300


def test_never_hands_out_its_key(agent: Home) -> None:
    from kernel_connector.vault import base64url

    key = agent.open().vault.key
    ident = place.identity(agent.store)
    for action in ("key", "open", "export", "GET", "get", "list", "status", ""):
        answer = raw(agent, framed({"v": 1, "store": ident, "do": action}))
        assert key not in answer and base64url.encode(key).encode() not in answer
        assert key.hex().encode() not in answer


def test_sees_what_others_save(agent: Home) -> None:
    store = agent.open()
    row = store.vault.find("db")
    assert row is not None
    fields = (Field("value", "changed"),)
    store.vault.put(replace(store.vault.read(row.id), fields=fields))
    store.vault.put(Entry("new", (Field("value", "n"),)))
    store.save()
    assert value(agent) == "changed"
    assert value(agent, "new", None) == "n"


def test_ends_when_its_key_is_of_no_more_use(agent: Home) -> None:
    pid = pid_of(agent)
    agent.open().change_passphrase(NEW)
    with pytest.raises(client.AgentRefused, match="passphrase-changed"):
        client.rows(agent.store)
    eventually(lambda: is_gone(pid))
    with pytest.raises(client.NoAgent):
        client.rows(agent.store)


def test_does_not_follow_a_file_that_was_set_back(agent: Home) -> None:
    old = agent.store.read_bytes()
    store = agent.open()
    store.vault.put(Entry("new", (Field("value", "n"),)))
    store.save()
    assert value(agent, "new") == "n"
    agent.store.write_bytes(old)
    with pytest.raises(client.AgentRefused, match="rolled-back"):
        value(agent)
    done = agent.run("get", "db", "value", secret=None)
    assert done.returncode != 0 and done.stdout == b""


@pytest.mark.parametrize("data", [b"my notes", b'{"credentialstore":2}', b""])
def test_refuses_what_took_the_files_place(data: bytes, agent: Home) -> None:
    good = agent.store.read_bytes()
    agent.store.write_bytes(data)
    with pytest.raises(client.AgentRefused):
        value(agent)
    agent.store.write_bytes(good)
    assert value(agent) == "hunter2"


def test_is_for_its_store_only(agent: Home) -> None:
    other = agent.folder / "other"
    Store.create(other, PASSPHRASE)
    with pytest.raises(client.NoAgent):
        client.rows(other)
    answer = raw(agent, framed({"v": 1, "store": str(other), "do": "list"}))
    assert json.loads(answer[4:]) == {"v": 1, "status": "refused", "code": "request"}
    # By whatever link.
    (agent.folder / "link").symlink_to(agent.store)
    assert {row["name"] for row in client.rows(agent.folder / "link")} == {"db", "api"}


def requests(ident: str) -> list[Any]:
    good = {"v": 1, "store": ident, "do": "list"}
    want = {"v": 1, "store": ident, "do": "get"}
    return [
        {**good, "v": 2},
        {**good, "v": True},
        {**good, "v": "1"},
        {**good, "x": 1},
        {**good, "do": ["list"]},
        {**good, "do": "put"},
        {**good, "store": 1},
        {"v": 1, "do": "list"},
        want,
        {**want, "want": []},
        {**want, "want": {}},
        {**want, "want": ["db"]},
        {**want, "want": [{}]},
        {**want, "want": [{"field": "value"}]},
        {**want, "want": [{"name": ""}]},
        {**want, "want": [{"name": 1}]},
        {**want, "want": [{"name": "db", "field": None}]},
        {**want, "want": [{"name": "db", "other": "x"}]},
        {**want, "want": [{"name": "x" * 257}]},
        {**want, "want": [{"name": "\U0001f511" * 129}]},
        {**want, "want": [{"name": "db"}] * 17},
        {**good, "want": [{"name": "db"}]},
    ]


def test_answers_nothing_but_exact_requests(agent: Home) -> None:
    for message in requests(place.identity(agent.store)):
        answer = json.loads(raw(agent, framed(message))[4:])
        assert answer == {"v": 1, "status": "refused", "code": "request"}, message
    ident = place.identity(agent.store)
    twice = f'{{"v":1,"store":"{ident}","do":"list","do":"list"}}'.encode()
    for data in (
        b"",
        b"\0\0",
        b"\0\0\0\5abc",
        framed(b""),
        framed(b"[]"),
        framed(b"null"),
        framed(b"\xff"),
        framed(b"{" * 5000),
        framed(b'{"v":NaN}'),
        framed(b'{"v":"\\ud800"}'),
        framed(twice),
        b"\xff\xff\xff\xff",
        struct.pack(">I", wire.REQUEST_LIMIT + 1) + b" " * 100,
        b"GET / HTTP/1.1\r\n\r\n",
    ):
        with contextlib.suppress(ConnectionError):
            assert raw(agent, data) == b""
    assert value(agent) == "hunter2"


def test_one_connection_has_one_request(agent: Home) -> None:
    good = framed({"v": 1, "store": place.identity(agent.store), "do": "status"})
    with contextlib.suppress(ConnectionError):
        answer = raw(agent, good + good)
        assert len(answer) == 4 + struct.unpack(">I", answer[:4])[0]
    assert value(agent) == "hunter2"


def test_who_sends_slowly_does_not_keep_others_waiting_for_long(agent: Home) -> None:
    with socket.socket(socket.AF_UNIX) as slow:
        slow.connect(str(socket_of(agent)))
        slow.sendall(b"\0")
        begun = time.monotonic()
        # Clients have as much patience, so the second try at the latest is heard.
        for _ in range(3):
            with contextlib.suppress(client.NoAgent):
                assert value(agent) == "hunter2"
                break
        assert time.monotonic() - begun < 3 * wire.PATIENCE


def test_many_at_once_are_answered_one_by_one(agent: Home) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: value(agent), range(40))) == {"hunter2"}


@pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
def test_another_user_gets_nothing_even_through_an_open_socket(agent: Home) -> None:
    path = socket_of(agent)
    for folder in (agent.folder, agent.runtime, path.parent):
        folder.chmod(0o755)
    path.chmod(0o666)
    code = (
        "import os, socket, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "s = socket.socket(socket.AF_UNIX)\n"
        "s.connect(sys.argv[1])\n"
        "try:\n"
        "    s.sendall(bytes.fromhex(sys.argv[2]))\n"
        "    sys.exit(len(s.recv(9)))\n"
        "except ConnectionError: sys.exit(0)\n"
    )
    request = framed({"v": 1, "store": place.identity(agent.store), "do": "list"})
    command = [sys.executable, "-c", code, str(path), request.hex()]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert raw(agent, request)[4:].startswith(b'{"v":1,"status":"ok"')


def test_ends_by_itself_after_its_time(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.runtime))
    said(home.run("unlock", "--for", "8s"))
    pid = pid_of(home)
    assert value(home) == "hunter2"
    eventually(lambda: is_gone(pid), 30)
    assert not [*(home.runtime / "credentialstore").iterdir()]
    with pytest.raises(client.NoAgent):
        value(home)


def test_a_deadline_goes_by_the_wall_clock_and_is_not_put_off_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wall, steady = 1_000_000.0, 50.0
    monkeypatch.setattr(server.time, "time", lambda: wall)
    monkeypatch.setattr(server.time, "monotonic", lambda: steady)
    deadline = server.Deadline(60)
    assert deadline.at == 1_000_060_000 and not deadline.passed()
    # It slept for an hour, in which the steady clock stood still.
    wall += 3600
    assert deadline.passed()
    # The wall clock was set back.
    wall -= 7200
    assert not deadline.passed()
    steady += 60
    assert deadline.passed()


def test_lock_ends_it(agent: Home) -> None:
    pid = pid_of(agent)
    assert "is locked" in said(agent.run("lock", secret=None))
    eventually(lambda: is_gone(pid))
    assert not [*(agent.runtime / "credentialstore").iterdir()]
    assert "was not unlocked" in said(agent.run("lock", secret=None))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_its_socket(number: int, agent: Home) -> None:
    pid = pid_of(agent)
    os.kill(pid, number)
    eventually(lambda: is_gone(pid))
    assert not [*(agent.runtime / "credentialstore").iterdir()]


def test_a_killed_one_leaves_a_socket_that_is_in_nobodys_way(agent: Home) -> None:
    pid = pid_of(agent)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: is_gone(pid))
    assert socket_of(agent).exists()
    assert agent.run("get", "api").stdout == b"s3cret-token"
    said(agent.run("unlock"))
    assert value(agent) == "hunter2"


def test_another_takes_its_place(agent: Home) -> None:
    pid = pid_of(agent)
    said(agent.run("unlock", "--for", "1h"))
    eventually(lambda: is_gone(pid))
    assert pid_of(agent) != pid
    assert client.until(agent.store) / 1000 - time.time() > 3000


def test_one_whose_socket_was_removed_ends(agent: Home) -> None:
    pid = pid_of(agent)
    socket_of(agent).unlink()
    eventually(lambda: is_gone(pid))


def test_it_keeps_nothing_of_who_started_it(agent: Home) -> None:
    pid = pid_of(agent)
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert PASSPHRASE.encode() not in environment
    assert PASSPHRASE.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
    targets = {os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1, 2)}
    assert targets == {"/dev/null"}
    assert os.readlink(f"/proc/{pid}/cwd") == "/"
    assert os.getsid(pid) == pid


def test_its_memory_is_locked_and_kept_out_of_dumps(agent: Home) -> None:
    limits = Path(f"/proc/{pid_of(agent)}/limits").read_text()
    (core,) = (line.split() for line in limits.splitlines() if line.startswith("Max core"))
    assert core[4:6] == ["0", "0"]
    status = Path(f"/proc/{pid_of(agent)}/status").read_text()
    (locked,) = (line.split() for line in status.splitlines() if line.startswith("VmLck"))
    assert int(locked[1]) > 0


def test_no_debugger_and_the_key_alone_where_little_may_be_locked(home: Home) -> None:
    code = (
        "import ctypes, os, resource\n"
        "from kernel_connector.agent import memory\n"
        "assert memory.forbid_dumps()\n"
        "assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0, 'dumpable'\n"
        "memory._without_limit = lambda: False\n"
        "key = os.urandom(32)\n"
        "assert memory.keep_in_memory(key)\n"
        "print(memory.ctypes.string_at(id(key) + bytes.__basicsize__ - 1, 32) == key)\n"
    )
    assert home.python(code).stdout == b"True\n"


def test_a_wrong_key_starts_no_agent(home: Home) -> None:
    command = [sys.executable, "-m", "kernel_connector.agent.process"]
    path = str(home.runtime / "socket")
    done = home.execute([*command, path, "60", str(home.store)], input=bytes(32))
    assert done.returncode == 1 and b"altered" in done.stdout
    done = home.execute([*command, path, "60", str(home.store)], input=bytes(31))
    assert done.returncode == 1
    assert not os.path.exists(path)


class TestPlace:
    """The folder of the socket."""

    @pytest.fixture(autouse=True)
    def runtime(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.runtime))
        self.home, self.folder = home, home.runtime / "credentialstore"
        return self.folder

    def test_is_made_and_found(self) -> None:
        path = place.make(self.home.store)
        assert path.parent == self.folder
        assert stat.S_IMODE(self.folder.stat().st_mode) == 0o700
        assert path in place.sockets(self.home.store)

    def test_is_looked_for_without_a_login_session(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("XDG_RUNTIME_DIR")
        path = place.make(self.home.store)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(self.home.runtime))
        assert path.parent != self.folder
        assert path in place.sockets(self.home.store)

    @pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
    def test_others_may_not_enter_it(self, mode: int) -> None:
        self.folder.mkdir()
        self.folder.chmod(mode)
        assert place.make(self.home.store).parent != self.folder
        assert self.folder not in [path.parent for path in place.sockets(self.home.store)]

    def test_it_is_no_link(self) -> None:
        (self.home.folder / "elsewhere").mkdir(mode=0o700)
        self.folder.symlink_to(self.home.folder / "elsewhere")
        assert place.make(self.home.store).parent != self.folder
        assert self.folder not in [path.parent for path in place.sockets(self.home.store)]

    @pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
    def test_it_is_the_users_own(self) -> None:
        self.folder.mkdir(mode=0o700)
        os.chown(self.folder, 65534, 65534)
        assert place.make(self.home.store).parent != self.folder
        assert self.folder not in [path.parent for path in place.sockets(self.home.store)]

    def test_a_runtime_directory_of_everybody_is_not_used(self) -> None:
        self.home.runtime.chmod(0o777)
        assert place.make(self.home.store).parent != self.folder

    @pytest.mark.parametrize("value", ["", "relative", "/nowhere", "/tmp/" + "x" * 100])
    def test_a_bad_runtime_directory_is_passed_over(
        self, value: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", value)
        assert len(os.fsencode(place.make(self.home.store))) <= 100


def test_unlocks_with_a_recovery_code_are_not_the_agents(home: Home) -> None:
    # The key that the agent gets is the same, whatever opened the store.
    assert Store.open(home.store, RecoveryCode(home.code)).vault.key == home.open().vault.key
