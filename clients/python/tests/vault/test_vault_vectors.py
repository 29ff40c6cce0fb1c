"""The second implementation gives the answers of spec/vectors/vault.json."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from kernel_connector.vault import (
    Code,
    Passphrase,
    Pin,
    RecoveryCode,
    Vault,
    VaultError,
    base64url,
    canonical,
    compare,
    keys,
    padding,
    parse,
    pin_of,
    recovery_code,
    unlock,
)
from kernel_connector.vault.keys import entry_label, sha256
from kernel_connector.vault.merge import merge
from kernel_connector.vault.suites import SUITES, open_sealed, seal

pytest.importorskip("cryptography", reason="the suite aes")

SPEC = Path(__file__).parents[4] / "spec"
VECTORS = json.loads((SPEC / "vectors" / "vault.json").read_text(encoding="ascii"))
FILES = VECTORS["files"]
CASES = [
    pytest.param(section, vector, id=f"{section}: {vector['description']}")
    for section in ("canonical", "typedCodes", "passphrases", "unpadding", "sealed")
    for vector in VECTORS[section]
]


def cases(section: str) -> Any:
    return pytest.mark.parametrize(
        "vector", [pytest.param(v, id=v["description"]) for v in VECTORS[section]]
    )


def unhex(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def file_of(given: dict[str, Any]) -> bytes:
    if "hex" in given:
        return bytes.fromhex(given["hex"])
    if "text" in given:
        return given["text"].encode()
    old, result, at = FILES[given["of"]]["text"].encode(), b"", 0
    edits = [(start, end, text.encode()) for start, end, text in given.get("edits", [])]
    edits += [(start, end, bytes.fromhex(text)) for start, end, text in given.get("editsHex", [])]
    for start, end, insert in edits:
        result += old[at:start] + insert
        at = end
    return result + old[at:]


def secret_of(vector: dict[str, Any]) -> Passphrase | RecoveryCode:
    if "secret" not in vector:
        return RecoveryCode(FILES[vector["file"].get("of", "nacl")]["recoveryCode"])
    kind = {"passphrase": Passphrase, "recovery": RecoveryCode}[vector["secret"]["type"]]
    return kind(vector["secret"]["text"])


def answer(section: str, vector: dict[str, Any]) -> Any:
    """What we make of it; None for a refusal."""
    try:
        if section == "canonical":
            text = vector.get("text")
            canonical.read(bytes.fromhex(vector["textHex"]) if text is None else text.encode())
            return True
        if section == "typedCodes":
            return recovery_code.parse(vector["typed"])
        if section == "passphrases":
            return keys.passphrase_bytes(vector["text"])
        if section == "unpadding":
            return padding.unpad(bytes.fromhex(vector["paddedHex"]))
        suite = SUITES[vector["suite"]]
        return open_sealed(
            suite, bytes.fromhex(vector["keyHex"]), bytes.fromhex(vector["sealedHex"])
        )
    except VaultError as error:
        assert error.code == ("mistyped-code" if section == "typedCodes" else "damaged")
        return None


@pytest.mark.parametrize(("section", "vector"), CASES)
def test_forms(section: str, vector: dict[str, Any]) -> None:
    expected = {
        "canonical": lambda: vector["canonical"] or None,
        "typedCodes": lambda: unhex(vector["codeHex"]),
        "passphrases": lambda: unhex(vector["bytesHex"]),
        "unpadding": lambda: unhex(vector["textHex"]),
        "sealed": lambda: unhex(vector["textHex"]),
    }[section]()
    assert answer(section, vector) == expected


def test_codes_are_shown() -> None:
    for vector in VECTORS["recoveryCodes"]:
        assert recovery_code.show(bytes.fromhex(vector["codeHex"])) == vector["shown"]
        assert recovery_code.parse(vector["shown"]).hex() == vector["codeHex"]


def test_padding() -> None:
    sizes = {"entry": padding.entry_size, "index": padding.index_size}
    for vector in VECTORS["padding"]:
        assert sizes[vector["kind"]](vector["length"]) == vector["padded"]


def test_keys() -> None:
    for vector in VECTORS["subkeys"]:
        key, vault_id = (bytes.fromhex(vector[name]) for name in ("vaultKeyHex", "vaultIdHex"))
        label, info = (bytes.fromhex(vector[name]) for name in ("labelHex", "infoHex"))
        assert keys.subkey(key, vault_id, SUITES[vector["suite"]], label).hex() == vector["keyHex"]
        assert keys.hkdf(key, vault_id, info).hex() == vector["keyHex"]
    for vector in VECTORS["macs"]:
        key, vault_id = (bytes.fromhex(vector[name]) for name in ("vaultKeyHex", "vaultIdHex"))
        suite, header = SUITES[vector["suite"]], vector["header"].encode()
        assert base64url.encode(keys.header_mac(key, vault_id, suite, header)) == vector["mac"]


def test_argon2id() -> None:
    for vector in VECTORS["argon2id"]:
        data, salt = keys.passphrase_bytes(vector["passphrase"]), bytes.fromhex(vector["saltHex"])
        assert data is not None
        ikm = keys.passphrase_ikm(data, salt, vector["memory"], vector["passes"])
        assert ikm.hex() == vector["ikmHex"]


def test_wraps() -> None:
    for vector in VECTORS["wraps"]:
        part = {name: bytes.fromhex(text) for name, text in vector.items() if name.endswith("Hex")}
        if vector["type"] == "passphrase":
            data = keys.passphrase_bytes(vector["passphrase"])
            assert data is not None
            ikm = keys.passphrase_ikm(data, part["saltHex"], vector["memory"], vector["passes"])
        else:
            ikm = keys.recovery_ikm(part["codeHex"], part["saltHex"])
        assert ikm == part["ikmHex"]
        suite = SUITES[vector["suite"]]
        key = keys.wrapping_key(ikm, part["vaultIdHex"], suite, part["slotIdHex"])
        assert key == part["wrappingKeyHex"]
        wrap = seal(suite, key, part["nonceHex"], part["vaultKeyHex"])
        assert base64url.encode(wrap) == vector["wrap"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["passphrase", "recoveryCode"])
def test_files(name: str, kind: str) -> None:
    given = FILES[name]
    secret = Passphrase(given[kind]) if kind == "passphrase" else RecoveryCode(given[kind])
    file = parse(given["text"].encode())
    vault = unlock(file, secret)
    assert vault.suite == given["suite"]
    assert file.header_bytes.decode() == given["header"]
    assert sha256(file.header_bytes).hex() == given["headerSha256Hex"]
    sealer = vault._sealer
    assert sealer.key.hex() == given["vaultKeyHex"]
    for label in (b"header", b"index"):
        key = keys.subkey(sealer.key, sealer.vault_id, sealer.suite, label)
        assert key.hex() == given[f"{label.decode()}KeyHex"]
    assert canonical.write(vault._current_index()).decode() == given["index"]
    assert {row.id for row in vault.rows()} == set(given["entries"])
    for row in vault.rows():
        label = entry_label(base64url.decode(row.id), row.rev)
        key = keys.subkey(sealer.key, sealer.vault_id, sealer.suite, label)
        assert key.hex() == given["entries"][row.id]["keyHex"]
        assert vault._text(row.id).decode() == given["entries"][row.id]["text"]


@cases("open")
def test_open(vector: dict[str, Any]) -> None:
    data, secret = file_of(vector["file"]), secret_of(vector)
    if vector["error"] is None:
        vault = unlock(data, secret)
        for row in vault.rows():
            vault.read(row.id)
    elif "entry" in vector:
        vault = unlock(data, secret)
        with pytest.raises(VaultError) as caught:
            vault.read(vector["entry"])
        assert caught.value.code == vector["error"]
    else:
        with pytest.raises(VaultError) as caught:
            unlock(data, secret)
        assert caught.value.code == vector["error"]


def full(side: dict[str, Any]) -> dict[str, Any]:
    defaults = VECTORS["mergeDefaults"]
    rows = [defaults["row"] | row for row in side.get("entries", [])]
    return defaults["side"] | side | {"entries": rows}


def unordered(items: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in items)


@pytest.mark.parametrize(
    "vector", [pytest.param(v, id=v["description"]) for v in VECTORS["merge"] if "result" in v]
)
def test_merge(vector: dict[str, Any]) -> None:
    base, mine, theirs = (full(vector[name]) for name in ("base", "mine", "theirs"))
    new_ids = iter(VECTORS["mergeDefaults"]["newIds"])
    now = VECTORS["mergeDefaults"]["now"]
    merged = merge(base, mine, theirs, now, lambda: next(new_ids))
    expected = {"deleted": [], "grants": [], "revoked": []} | vector["result"]
    rows = {
        name: {row["id"]: row for row in side["entries"]}
        for name, side in (("mine", mine), ("theirs", theirs))
    }
    entries = [
        {
            "from": one.side,
            "of": one.of,
            "id": one.id,
            "rev": one.rev,
            "name": one.name,
            "sealed": (one.id, one.rev, one.name)
            != tuple(rows[one.side][one.of][name] for name in ("id", "rev", "name")),
        }
        for one in merged.entries
    ]
    assert unordered(entries) == unordered(expected["entries"])
    for name in ("deleted", "grants", "revoked"):
        assert unordered(getattr(merged, name)) == unordered(expected[name])


@cases("mergeFiles")
def test_merge_files(vector: dict[str, Any]) -> None:
    code = RecoveryCode(FILES[vector["base"]["of"]]["recoveryCode"])
    base, mine = unlock(file_of(vector["base"]), code), unlock(file_of(vector["mine"]), code)
    theirs_data = file_of(vector["theirs"])
    if "reopen" in vector:
        with pytest.raises(VaultError) as caught:
            base.reopen(theirs_data)
        assert caught.value.code == vector["reopen"]
    else:
        assert base.reopen(theirs_data).rows() == unlock(theirs_data, code).rows()
    theirs = unlock(theirs_data, RecoveryCode(vector["secret"]["text"]))
    mine = based_on(mine, base)
    new_ids = iter(vector["newIds"])
    mine._new_id = lambda: next(new_ids)  # type: ignore[method-assign]
    merged = mine.merged(theirs, vector["now"])
    result = vector["result"]
    again = merged.reopen(merged.to_bytes(vector["now"]))
    assert (again.epoch, again.generation) == (result["epoch"], result["generation"])
    texts = {again._text(row.id).decode() for row in again.rows()}
    assert texts == set(result["entries"])
    for name in ("deleted", "grants", "revoked"):
        assert unordered(again._index[name]) == unordered(result[name])


def based_on(mine: Vault, base: Vault) -> Vault:
    """What a vault is that was opened from `base` and changed to `mine`."""
    mine._base = base._base
    return mine


@cases("pins")
def test_pins(vector: dict[str, Any]) -> None:
    header = vector["header"].encode()
    members = json.loads(header)
    new = Pin(
        members["vault"],
        members["epoch"],
        members["generation"],
        base64url.encode(sha256(header)),
    )
    assert compare(Pin(**vector["pin"]), new) == vector["verdict"]


def test_a_file_has_its_pin() -> None:
    file = parse(FILES["nacl"]["text"].encode())
    assert compare(Pin(**VECTORS["pins"][0]["pin"]), pin_of(file)) == "same"


def test_every_error_has_a_vector() -> None:
    seen = {
        vector["error"]
        for section in ("open", "merge")
        for vector in VECTORS[section]
        if "error" in vector
    }
    seen |= {vector["verdict"] for vector in VECTORS["pins"]}
    at_the_path = {"no-file", "not-a-file", "conflict", "busy"}
    assert set(get_args(Code)) - at_the_path <= seen


def test_the_file_is_what_its_generator_writes() -> None:
    subprocess.run([sys.executable, SPEC / "generate_vault.py", "--check"], check=True)


@pytest.mark.parametrize(
    "path", sorted(SPEC.glob("vectors/golden/*.credentialstore")), ids=lambda p: p.stem
)
@pytest.mark.parametrize("kind", ["passphrase", "recoveryCode"])
def test_golden(path: Path, kind: str) -> None:
    """Files of every version ever written open for ever."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if expected.get(kind) is None:
        pytest.skip(f"has no {kind}")
    secret = Passphrase(expected[kind]) if kind == "passphrase" else RecoveryCode(expected[kind])
    vault = unlock(path.read_bytes(), secret)
    assert vault.epoch == expected["epoch"]
    found = {row.id: json.loads(vault._text(row.id)) for row in vault.rows()}
    assert found == {entry["id"]: entry for entry in expected["entries"]}
