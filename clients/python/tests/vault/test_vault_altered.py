"""Whatever somebody does to a file of ours: nothing opens that should not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from faults import FULL, cases, edited, edits, faults, tally
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel_connector.vault import (
    Entry,
    Field,
    RecoveryCode,
    Store,
    VaultError,
    base64url,
    create,
    padding,
    parse,
    unlock,
)
from kernel_connector.vault.keys import entry_label, header_mac
from kernel_connector.vault.sealing import digest_of
from programs import CHEAP, PASSPHRASE

pytest.importorskip("cryptography", reason="the suite aes")

SPEC = Path(__file__).parents[4] / "spec"
#: What the page has written.
GOLDEN = sorted(SPEC.glob("vectors/golden/*-typescript.credentialstore"))
FILES = [path.read_bytes() for path in GOLDEN]


def code_of(path: Path) -> str:
    code: str = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["recoveryCode"]
    return code


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def refusal(data: bytes, code: str) -> str | None:
    """The first refusal on the way to the last entry."""
    try:
        vault = unlock(data, RecoveryCode(code))
        for row in vault.rows():
            vault.read(row.id)
    except VaultError as error:
        return error.code
    return None


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_file_with_a_byte_altered_is_refused(path: Path) -> None:
    data, code = path.read_bytes(), code_of(path)
    opened = []
    for at in range(0, len(data), 1 if FULL else 31):
        for mask in range(1, 256) if FULL else [1 << at % 7]:
            altered = bytearray(data)
            altered[at] ^= mask
            tally("files with one byte altered")
            if refusal(bytes(altered), code) is None:
                opened.append((at, mask))
    assert opened == []


def test_a_header_with_any_one_bit_altered_is_refused(made: Any) -> None:
    end = made.data.index(b',"index":')
    opened = []
    for bit in range(8 * end):
        altered = bytearray(made.data)
        altered[bit // 8] ^= 1 << bit % 8
        tally("headers with one bit altered")
        if refusal(bytes(altered), made.code) is None:
            opened.append(bit)
    assert opened == []


def test_a_file_is_refused_at_every_length_but_its_own(made: Any) -> None:
    for length in range(len(made.data)):
        with pytest.raises(VaultError):
            parse(made.data[:length])
        tally("cut files")


def under_the_right_mac(made: Any, header: str, **parts: str) -> bytes:
    """As only somebody with the key could write it."""
    sealer = made.open()._sealer
    mac = header_mac(sealer.key, sealer.vault_id, sealer.suite, header.encode())
    return dump(
        json.loads(made.data) | {"header": header, "mac": base64url.encode(mac)} | parts
    ).encode()


def with_index(made: Any, text: str) -> bytes:
    data = text.encode()
    index = made.open()._sealer._seal(b"index", padding.pad(data, len(data) + 1))
    header = json.loads(json.loads(made.data)["header"]) | {"digest": digest_of(index)}
    return under_the_right_mac(made, dump(header), index=index)


def with_entry(made: Any, text: str) -> bytes:
    vault = made.open()
    entry_id, row = next(iter(vault._rows.items()))
    label = entry_label(base64url.decode(entry_id), row["rev"])
    data = text.encode()
    sealed = vault._sealer._seal(label, padding.pad(data, len(data) + 1))
    row["digest"] = digest_of(sealed)
    vault._sealed[entry_id] = sealed
    return vault.to_bytes()


@pytest.mark.parametrize("part", ["file", "header", "index", "entry"])
def test_a_member_missing_twice_or_of_another_type_is_refused(made: Any, part: str) -> None:
    vault = made.open()
    first = vault.rows()[0].id
    grant = {"path": "n.ipynb", "entry": first}
    index = vault._current_index() | {
        "deleted": [{"id": "A" * 22, "rev": 2, "at": 1}],
        "grants": [grant | {"since": 1, "used": 1}],
        "revoked": [grant | {"at": 1}],
    }
    written = {
        "file": lambda text: text.encode(),
        "header": lambda text: under_the_right_mac(made, text),
        "index": lambda text: with_index(made, text),
        "entry": lambda text: with_entry(made, text),
    }[part]
    whole = {
        "file": json.loads(made.data),
        "header": json.loads(json.loads(made.data)["header"]),
        "index": index,
        "entry": vault._open(first),
    }[part]
    assert refusal(written(dump(whole)), made.code) is None
    opened, tried = [], 0
    for what, text in faults(whole):
        tried += 1
        if refusal(written(text), made.code) is None:
            opened.append(what)
    assert opened == []
    assert tried > 30


def test_parts_of_an_older_or_another_file_are_altered() -> None:
    vault, code = create("nacl", PASSPHRASE, cost=CHEAP)
    assert code is not None
    entry = vault.put(Entry("db", (Field("value", "old"),)))
    gone = vault.put(Entry("gone", (Field("value", "x"),)))
    older = json.loads(vault.to_bytes())
    vault = vault.reopen(vault.to_bytes())
    vault.put(Entry("db", (Field("value", "new"),), id=entry.id))
    vault.remove(gone.id)
    newer = json.loads(vault.to_bytes())
    other = json.loads(create("nacl", PASSPHRASE, cost=CHEAP)[0].to_bytes())

    def outcome(file: dict[str, Any]) -> str | None:
        return refusal(dump(file).encode(), code)

    assert outcome(older) is outcome(newer) is None
    for source, expected in ((older, "altered"), (other, "wrong-secret")):
        assert outcome(newer | {name: source[name] for name in ("header", "mac")}) == expected
        for name in ("mac", "index", "entries"):
            assert outcome(newer | {name: source[name]}) == "altered"
    replayed = newer["entries"] | {entry.id: older["entries"][entry.id]}
    resurrected = newer["entries"] | {gone.id: older["entries"][gone.id]}
    assert outcome(newer | {"entries": replayed}) == "altered"
    assert outcome(newer | {"entries": resurrected}) == "altered"


def test_a_file_of_200_mb_is_damaged_and_stays(path: Path, made: Any) -> None:
    path.write_bytes(made.data)
    with path.open("r+b") as file:
        file.truncate(200_000_000)
    with pytest.raises(VaultError) as caught:
        Store.open(path, RecoveryCode(made.code))
    assert caught.value.code == "damaged"
    assert path.stat().st_size == 200_000_000


def test_a_cut_file_is_told_by_its_end_alone(made: Any) -> None:
    spoilt = made.data[:100] + b"\xff" + made.data[101:]
    for length in range(200, len(spoilt) - 1):
        with pytest.raises(VaultError) as caught:
            parse(spoilt[:length])
        assert caught.value.detail == "end"
    parse(made.data.removesuffix(b"\n"))


@given(st.sampled_from(GOLDEN), edits(FILES))
@settings(
    deadline=None,
    max_examples=cases(150, 100_000),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_a_mutated_file_of_the_page_is_refused(path: Path, changes: list[Any]) -> None:
    tally("mutated files")
    data = path.read_bytes()
    changed = edited(data, changes)
    whole = changed.removesuffix(b"\n") == data.removesuffix(b"\n")
    assert (refusal(changed, code_of(path)) is None) == whole


@given(st.sampled_from(["header", "index", "entry"]), edits(FILES))
@settings(
    deadline=None,
    max_examples=cases(150, 100_000),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_a_text_mutated_under_the_right_keys_is_opened_or_refused(
    made: Any, part: str, changes: list[Any]
) -> None:
    tally("mutated texts under the right keys")
    vault = made.open()
    first = vault.rows()[0].id

    def changed(value: Any) -> str:
        return edited(dump(value).encode(), changes).decode(errors="replace")

    if part == "header":
        data = under_the_right_mac(made, changed(json.loads(json.loads(made.data)["header"])))
    elif part == "index":
        data = with_index(made, changed(vault._current_index()))
    else:
        data = with_entry(made, changed(vault._open(first)))
    if refusal(data, made.code) is None:
        try:
            again = vault.reopen(data)
        except VaultError as error:
            # By its header it is another vault, or has another key: it is not opened with this one.
            assert error.code in ("other-vault", "passphrase-changed")
            return
        assert refusal(again.to_bytes(), made.code) is None
