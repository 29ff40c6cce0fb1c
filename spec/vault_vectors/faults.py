"""Vectors for opening a file (section 4): each fault alone, and what is no fault."""

from __future__ import annotations

import copy
from typing import Any

from kernel_connector.vault.canonical import Json
from kernel_connector.vault.errors import VaultError
from kernel_connector.vault.keys import entry_label, recovery_ikm
from kernel_connector.vault.padding import pad
from kernel_connector.vault.recovery_code import parse as parse_code
from kernel_connector.vault.recovery_code import show
from kernel_connector.vault.sealing import Sealer
from kernel_connector.vault.slots import Passphrase, RecoveryCode
from kernel_connector.vault.vault import unlock

from .common import (
    AES,
    CHEAP,
    NACL,
    PASSPHRASE,
    SMALL,
    Change,
    Drawn,
    Sample,
    Vectors,
    apply,
    b64u,
    edited,
    expect,
    ident,
    passphrase,
    recovery,
    stored,
    stringify,
    unb64u,
)

_N = NACL
_S = SMALL
_FIRST, _SECOND = NACL.ids
(_ONLY,) = SMALL.ids
_LONE = '"\\ud800"'


class Cases:
    """Collects vectors, each checked as it comes."""

    def __init__(self) -> None:
        self.vectors: Vectors = []

    def add(
        self,
        description: str,
        error: str | None,
        given: str | bytes,
        *,
        sample: Sample = NACL,
        secret: Json | None = None,
        entry: str | None = None,
    ) -> None:
        """entry: it opens, and reading this one is the error."""
        secret = secret or sample.secret
        data = given if isinstance(given, bytes) else given.encode()
        found, at = outcome(data, secret)
        if found != error or (error and (at is not None) != (entry is not None)):
            raise AssertionError(f"{description}: {found} at {at}, not {error} at {entry}")
        vector: dict[str, Any] = {"description": description}
        if sample.text.encode() == data:
            vector["file"] = {"of": sample.name}
        else:
            vector["file"] = edited(sample, data)
            expect(apply({sample.name: sample.text}, vector["file"]) == data, description)
        if secret != sample.secret:
            vector["secret"] = secret
        vector["error"] = error
        if entry:
            vector["entry"] = entry
        self.vectors.append(vector)

    def bare(self, description: str, error: str, given: str | bytes) -> None:
        """A file that has nothing of a sample."""
        data = given if isinstance(given, bytes) else given.encode()
        found, _ = outcome(data, NACL.secret)
        expect(found == error, f"{description}: {found}, not {error}")
        shown = {"text": given} if isinstance(given, str) else {"hex": given.hex()}
        self.vectors.append({"description": description, "file": shown, "error": error})


def outcome(data: bytes, secret: Json) -> tuple[str | None, str | None]:
    """The error, and the entry that it came at."""
    kind = Passphrase if secret["type"] == "passphrase" else RecoveryCode
    try:
        vault = unlock(data, kind(secret["text"]))
    except VaultError as error:
        return error.code, None
    for row in vault.rows():
        try:
            vault.read(row.id)
        except VaultError as error:
            return error.code, row.id
    return None, None


def opening() -> Vectors:
    cases = Cases()
    for part in (
        _fine,
        _beginnings,
        _texts,
        _members,
        _headers,
        _slots,
        _bounds,
        _secrets,
        _altered,
        _indices,
        _entries,
        _aes,
    ):
        part(cases)
    names = [vector["description"] for vector in cases.vectors]
    expect(len(set(names)) == len(names), "each has a description of its own")
    return cases.vectors


def put(path: str, value: Any) -> Change:
    """Set the member at a path such as `slots/0/wrap`."""

    def change(members: Json) -> None:
        *way, last = path.split("/")
        place: Any = members
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def drop(path: str) -> Change:
    def change(members: Json) -> None:
        *way, last = path.split("/")
        place: Any = members
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        del place[int(last) if isinstance(place, list) else last]

    return change


def both(*changes: Change) -> Change:
    def change(members: Json) -> None:
        for one in changes:
            one(members)

    return change


def flipped(text: str, at: int) -> str:
    """base64url with a bit of one byte flipped."""
    data = bytearray(unb64u(text))
    data[at] ^= 1
    return b64u(bytes(data))


def loosened(text: str) -> str:
    """base64url with an unused bit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    expect(len(text) % 4 > 0, "there is an unused bit")
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def sized(label: str, size: int) -> str:
    return b64u(Drawn(f"faults {label}")(size))


def _fine(cases: Cases) -> None:
    for sample in (NACL, AES):
        name = sample.name
        cases.add(f"{name}: the recovery code", None, sample.text, sample=sample)
        cases.add(f"{name}: the passphrase", None, sample.text, sample=sample, secret=passphrase())
    fine: dict[str, str] = {
        "a line feed at the end": _N.text + "\n",
        "unknown members of the header": _N.with_header(
            lambda h: h.update(
                {"future": {"a": [1, None, True]}, "__proto__": "x", "é": "\U0001f511"}
            )
        ),
        "an unknown member of the header that is an array index": _N.with_header_text(
            stringify({"7": "first"} | _N.header)
        ),
        "members of the header in another order": _N.with_header_text(
            stringify(dict(reversed(_N.header.items())))
        ),
        "entries in another order": _N.with_members(
            lambda f: f.update(entries=dict(reversed(f["entries"].items())))
        ),
        "critical members that are in the table": _N.with_header(
            put("critical", ["suite", "slots", "slots"])
        ),
        "the largest epoch": _N.with_header(put("epoch", 2**53 - 1)),
        "a slot of an unknown type, with nothing else": _N.with_header(
            lambda h: h["slots"].insert(0, {"type": "passkey"})
        ),
        "unknown members of a slot": _N.with_header(put("slots/1/label", "in the safe")),
        "16 slots": _N.with_header(lambda h: h["slots"].extend([{"type": "x", "wrap": 1}] * 14)),
        "the recovery slot first": _N.with_header(lambda h: h["slots"].reverse()),
        "two recovery slots, of which the second opens": _N.with_header(
            lambda h: h["slots"].insert(0, h["slots"][1] | {"id": ident("another slot")})
        ),
        "the dearest cost, which the recovery code does not pay": _N.with_header(
            both(put("slots/0/memory", 1048576), put("slots/0/passes", 16))
        ),
    }
    for description, text in fine.items():
        cases.add(description, None, text)
    small = {
        "more padding of the index": _S.with_sealed_index(
            _S.seal_index(stringify(_S.index).encode(), 1024)
        ),
        "unknown members of the index, and within": _S.with_index(
            lambda i: (
                i.update(future=[]),
                i["entries"][0].update(icon="x"),
                i["entries"][0]["fields"][0].update(icon="x"),
                i["deleted"][0].update(by="x"),
                i["grants"][0].update(by="x"),
                i["revoked"][0].update(by="x"),
            )
        ),
        "grants, revocations and tombstones of entries that are not there": _S.with_index(
            both(
                put("grants/0/entry", ident("nobody")),
                put("revoked/0/entry", ident("nobody")),
                put("deleted/0/id", ident("nobody")),
            )
        ),
        "the same tombstone, grant and revocation twice": _S.with_index(
            lambda i: [i[name].extend(i[name]) for name in ("deleted", "grants", "revoked")]
        ),
        "an empty path": _S.with_index(put("grants/0/path", "")),
        "more padding of an entry": _S.with_entry_text(
            _ONLY, stringify(_S.entries[_ONLY]).encode(), 333
        ),
        "unknown members of an entry, and within": _S.with_entry(
            _ONLY, both(put("icon", {"a": 1}), put("fields/0/icon", "x"))
        ),
        "an unknown kind and an unknown type of field": _S.with_entry(
            _ONLY, both(put("kind", "x"), put("fields/0/type", "otp"))
        ),
        "a name of 256 code units, 128 characters": _S.with_entry(
            _ONLY, put("name", "\U0001f511" * 128)
        ),
        "a name that is not in NFC, with a control character": _S.with_entry(
            _ONLY, put("name", "a\u0308\x07")
        ),
        "a name of a space": _S.with_entry(_ONLY, put("name", " ")),
        "empty texts": _S.with_entry(
            _ONLY,
            both(put("kind", ""), put("fields/0/name", ""), put("fields/0/value", "")),
        ),
    }
    for description, text in small.items():
        cases.add(description, None, text, sample=SMALL)
    cases.add(
        "the passphrase not in NFC",
        None,
        _renamed_passphrase("pässwörd \u00c5"),
        secret=passphrase("pa\u0308sswo\u0308rd A\u030a"),
    )
    cases.add(
        "two passphrase slots, of which the second opens",
        None,
        _N.with_header(
            lambda h: h["slots"].insert(0, h["slots"][0] | {"id": ident("another slot")})
        ),
        secret=passphrase(),
    )


def _renamed_passphrase(text: str) -> str:
    wrapper = Sealer(_N.suite, _N.vault_id, _N.key, Drawn("another passphrase")).wrapper
    return _N.with_header(put("slots/0", wrapper.passphrase_slot(text, CHEAP)))


def _beginnings(cases: Cases) -> None:
    foreign = {
        "an empty file": "",
        "a line feed": "\n",
        "null": "null",
        "an array": "[]",
        "another object": '{"a":1}',
        "another member first": '{"header":"","credentialstore":1}',
        "another name": '{"credentialstores":1}',
        "another case": '{"Credentialstore":1}',
        "the name in an array": '["credentialstore":1]',
        "the name as a value": '{"a":"credentialstore"}',
        "an escaped name": '{"\\u0063redentialstore":1}',
        "single quotes": "{'credentialstore':1}",
        "the name without a colon": '{"credentialstore"',
        "a comma for a colon": '{"credentialstore",1}',
        "a no-break space before": '\u00a0{"credentialstore":1}',
        "a form feed before": '\f{"credentialstore":1}',
        "a byte order mark": "\ufeff" + '{"credentialstore":1}',
        "a comment before": '/**/{"credentialstore":1}',
    }
    for description, text in foreign.items():
        cases.bare(f"beginning: {description}", "foreign", text)
    cases.add("a byte order mark before the file", "foreign", "\ufeff" + _N.text)
    cases.bare("beginning: bytes that are no text", "foreign", b"\x00\xff\x00\xff")
    cases.bare("beginning: UTF-16", "foreign", '{"credentialstore":1}'.encode("utf-16-le"))
    newer = {
        "2": '{"credentialstore":2',
        "2, as a whole": '{"credentialstore":2,"anything":null}',
        "10": '{"credentialstore":10}',
        "11": '{"credentialstore":11,',
        "19 and then anything": '{"credentialstore":19abc',
        "a number beyond 2^64": '{"credentialstore":99999999999999999999}',
        "2.5, whose digits are 2": '{"credentialstore":2.5}',
        "white space wherever JSON has it": ' \t\r\n{ "credentialstore"\t:\n2 }',
    }
    for description, text in newer.items():
        cases.bare(f"version {description}", "newer", text)
    cases.bare("version 2, then no UTF-8", "newer", b'{"credentialstore":2,"\xff')
    cases.add(
        "version 2 of a file",
        "newer",
        _N.replaced('{"credentialstore":1,', '{"credentialstore":2,'),
    )
    damaged = {
        "nothing": '{"credentialstore":',
        "1 alone": '{"credentialstore":1',
        "1 and no more members": '{"credentialstore":1}',
    }
    for description, text in damaged.items():
        cases.bare(f"version {description}", "damaged", text)
    for value in (
        "0",
        "01",
        "02",
        "-1",
        "-2",
        '"1"',
        '"2"',
        "1.0",
        "1.5",
        "1e1",
        "true",
        "null",
        "[1]",
    ):
        text = _N.replaced('{"credentialstore":1,', f'{{"credentialstore":{value},')
        cases.add(f"version {value}", "damaged", text)


def _texts(cases: Cases) -> None:
    text, file = _N.text, stored(_N.text)
    header = file["header"]
    damaged: dict[str, str | bytes] = {
        "two line feeds at the end": text + "\n\n",
        "carriage return and line feed at the end": text + "\r\n",
        "a space at the end": text + " ",
        "a space before": " " + text,
        "a space after a colon": text.replace(':"', ': "', 1),
        "a line feed within": text.replace(",", ",\n", 1),
        "a zero byte at the end": text + "\0",
        "text behind the file": text + "{}",
        "the last byte cut off": text[:-1],
        "cut in the middle": text[: len(text) // 2],
        "cut in the header": text[:100],
        "an escaped slash": text.replace('"mac":"', '"mac":"\\/', 1),
        "an escaped letter": text.replace('"mac"', '"\\u006dac"', 1),
        "half a character, escaped": text.replace('{\\"version', '\\ud800{\\"version', 1),
        "half a character, in UTF-8": text.encode().replace(b'"mac":"', b'"mac":"\xed\xa0\x80', 1),
        "a byte that is no UTF-8": text.encode().replace(b'"mac":"', b'"mac":"\xff', 1),
        "a control character": text.replace('"mac":"', '"mac":"\x01', 1),
        "mac twice": text.replace(',"index"', f',"mac":"{file["mac"]}","index"', 1),
        "an entry id twice": text.replace(f'"{_FIRST}":', f'"{_SECOND}":"","{_FIRST}":', 1),
    }
    for description, data in damaged.items():
        cases.add(description, "damaged", data)
    headers = {
        "a space": header.replace(",", ", ", 1),
        "a line feed behind": header + "\n",
        "a byte order mark": "\ufeff" + header,
        "a fraction": header.replace('"epoch":3', '"epoch":3.0'),
        "an exponent": header.replace('"epoch":3', '"epoch":3e0'),
        "a leading zero": header.replace('"epoch":3', '"epoch":03'),
        "2^53": header.replace('"epoch":3', '"epoch":9007199254740992'),
        "a negative number": header.replace('"epoch":3', '"epoch":3,"future":-1'),
        "minus zero": header.replace('"epoch":3', '"epoch":3,"future":-0'),
        "a member twice": header.replace('"epoch":3', '"epoch":3,"epoch":3'),
        "an array index that is not first": header.replace('"epoch":3', '"epoch":3,"7":1'),
        "an escaped letter": header.replace('"epoch"', '"\\u0065poch"'),
        "half a character": header.replace('"epoch":3', f'"epoch":3,"future":{_LONE}'),
        "33 deep": header.replace('"epoch":3', '"epoch":3,"future":' + "[" * 32 + "]" * 32),
        "cut off": header[:-1],
        "nothing": "",
        "an array": "[]",
        "a string": '"x"',
    }
    for description, changed in headers.items():
        expect(changed != header, description)
        cases.add(f"text of the header: {description}", "damaged", _N.with_header_text(changed))
    deep = header.replace('"epoch":3', '"epoch":3,"future":' + "[" * 31 + "]" * 31)
    cases.add("text of the header: 32 deep", None, _N.with_header_text(deep))


def _members(cases: Cases) -> None:
    file = stored(_N.text)
    for name in file:
        if name != "credentialstore":
            cases.add(f"file: {name} is missing", "damaged", _N.with_members(drop(name)))
    mac, index, first = file["mac"], file["index"], file["entries"][_FIRST]
    changes: dict[str, Change] = {
        "a sixth member": put("future", 1),
        "header and mac exchanged": lambda f: f.update(_reordered(f, "mac", "header")),
        "header is an object": put("header", _N.header),
        "mac is null": put("mac", None),
        "mac of 31 bytes": put("mac", b64u(unb64u(mac)[:31])),
        "mac of 33 bytes": put("mac", b64u(unb64u(mac) + b"\0")),
        "mac is empty": put("mac", ""),
        "mac with an unused bit set": put("mac", loosened(mac)),
        "mac with padding": put("mac", mac + "="),
        "mac with + and /": put("mac", "+/" + mac[2:]),
        "mac with a space": put("mac", mac + " "),
        "mac in lower-case hexadecimal": put("mac", unb64u(mac).hex()),
        "index is null": put("index", None),
        "index with a character more": put("index", index + "A" * (1 + -len(index) % 4)),
        "index with padding": put("index", index + "=="),
        "index with a line feed": put("index", index[:76] + "\n" + index[76:]),
        "entries is an array": put("entries", [first]),
        "entries is null": put("entries", None),
        "an entry is null": put(f"entries/{_FIRST}", None),
        "an entry is an object": put(f"entries/{_FIRST}", {}),
    }
    for description, change in changes.items():
        text = _N.with_members(change)
        cases.add(f"file: {description}", "damaged", text)
    for description, name in {
        "of 15 bytes": sized("id", 15),
        "of 17 bytes": sized("id", 17),
        "that is empty": "",
        "with an unused bit set": loosened(_FIRST),
        "with padding": _FIRST + "==",
        "that is no base64url": "!" * 22,
    }.items():
        cases.add(
            f"file: an entry id {description}",
            "damaged",
            _N.text.replace(f'"{_FIRST}":', f'"{name}":', 1),
        )


def _reordered(members: Json, first: str, second: str) -> Json:
    copied = {**members}
    members.clear()
    names = [first if name == second else second if name == first else name for name in copied]
    return {name: copied[name] for name in names}


def _headers(cases: Cases) -> None:
    for name in _N.header:
        cases.add(f"header: {name} is missing", "damaged", _N.with_header(drop(name)))
    damaged: dict[str, Change] = {
        "version 0": put("version", 0),
        "version 2": put("version", 2),
        "version is a string": put("version", "1"),
        "version is true": put("version", True),
        "vault of 15 bytes": put("vault", sized("vault", 15)),
        "vault of 17 bytes": put("vault", sized("vault", 17)),
        "vault with an unused bit set": put("vault", loosened(_N.header["vault"])),
        "vault is a number": put("vault", 1),
        "epoch 0": put("epoch", 0),
        "epoch is a string": put("epoch", "3"),
        "epoch is null": put("epoch", None),
        "generation 0": put("generation", 0),
        "generation is true": put("generation", True),
        "suite is unknown": put("suite", "xchacha"),
        "suite in another case": put("suite", "NaCl"),
        "suite is a member of objects": put("suite", "constructor"),
        "suite is an array": put("suite", ["nacl"]),
        "count is a string": put("count", "2"),
        "count is null": put("count", None),
        "digest of 31 bytes": put("digest", sized("digest", 31)),
        "digest is empty": put("digest", ""),
        "digest is null": put("digest", None),
        "critical is null": put("critical", None),
        "critical is an object": put("critical", {}),
        "critical is a string": put("critical", "suite"),
        "critical has a number": put("critical", [1]),
        "slots is an object": put("slots", {}),
        "no slots": put("slots", []),
        "17 slots": lambda h: h["slots"].extend([{"type": "x"}] * 15),
        "a slot is a string": lambda h: h["slots"].append("x"),
        "no passphrase slot": lambda h: h["slots"].pop(0),
        "version 2, and an unknown critical member": both(
            put("version", 2), put("critical", ["future"])
        ),
    }
    for description, change in damaged.items():
        cases.add(f"header: {description}", "damaged", _N.with_header(change))
    newer: dict[str, Change] = {
        "an unknown critical member that is there": both(
            put("future", 1), put("critical", ["future"])
        ),
        "an unknown critical member that is not there": put("critical", ["future"]),
        "an unknown critical member behind a known one": put("critical", ["suite", "future"]),
        "a critical member that objects have": put("critical", ["constructor"]),
        "a critical member of a slot": put("critical", ["wrap"]),
        "an empty critical name": put("critical", [""]),
        "an unknown critical member, and no vault": both(
            put("critical", ["future"]), drop("vault")
        ),
        "an unknown critical member, and an unknown suite": both(
            put("critical", ["future"]), put("suite", "future")
        ),
    }
    for description, change in newer.items():
        cases.add(f"header: {description}", "newer", _N.with_header(change))


def _slots(cases: Cases) -> None:
    for at, kind in enumerate(("passphrase", "recovery")):
        for name in _N.header["slots"][at]:
            text = _N.with_header(drop(f"slots/{at}/{name}"))
            cases.add(f"{kind} slot: {name} is missing", "damaged", text)
        wrap = _N.header["slots"][at]["wrap"]
        damaged: dict[str, tuple[str, Any]] = {
            "type is a number": ("type", 1),
            "id of 15 bytes": ("id", sized("slot", 15)),
            "id with an unused bit set": ("id", loosened(_N.header["slots"][at]["id"])),
            "salt of 15 bytes": ("salt", sized("salt", 15)),
            "salt of 17 bytes": ("salt", sized("salt", 17)),
            "salt is null": ("salt", None),
            "wrap is empty": ("wrap", ""),
            "wrap is null": ("wrap", None),
            "wrap in hexadecimal": ("wrap", unb64u(wrap).hex()),
            "wrap with padding": ("wrap", wrap + "="),
        }
        for size in (32, 47, 49, 60, 71, 73, 96):
            damaged[f"wrap of {size} bytes"] = ("wrap", b64u((unb64u(wrap) * 2)[:size]))
        for description, (name, value) in damaged.items():
            text = _N.with_header(put(f"slots/{at}/{name}", value))
            cases.add(f"{kind} slot: {description}", "damaged", text)
    for description, (name, value) in {
        "kdf is a number": ("kdf", 2),
        "memory is a string": ("memory", "65536"),
        "memory is null": ("memory", None),
        "passes is true": ("passes", True),
        "passes is an array": ("passes", [2]),
        "lanes is a string": ("lanes", "1"),
    }.items():
        text = _N.with_header(put(f"slots/0/{name}", value))
        cases.add(f"passphrase slot: {description}", "damaged", text)


def _bounds(cases: Cases) -> None:
    values: dict[str, list[Any]] = {
        "memory": [0, 1, 8, 19455, 1048577, 2**32, 2**32 + 19456, 2**53 - 1],
        "passes": [0, 1, 17, 2**32, 2**32 + 2],
        "lanes": [0, 2, 4, 2**32 + 1],
        "kdf": ["", "argon2i", "Argon2id", "scrypt", "constructor"],
    }
    for name, some in values.items():
        for value in some:
            text = _N.with_header(put(f"slots/0/{name}", value))
            for secret in (_N.secret, passphrase())[: 2 if name == "memory" else 1]:
                described = f"{name} {stringify(value)}, the {secret['type']}"
                cases.add(f"bounds: {described}", "bounds", text, secret=secret)
    second = _N.header["slots"][0] | {"id": ident("another slot"), "memory": 2**32}
    text = _N.with_header(lambda h: h["slots"].append(second))
    cases.add("bounds: a second slot, though the first opens", "bounds", text, secret=passphrase())
    text = _N.with_header(put("slots/0/memory", 2**32))
    cases.add("bounds: and a mistyped code", "bounds", text, secret=recovery("x"))


def _secrets(cases: Cases) -> None:
    code = _N.recovery_code
    mistyped = {
        "nothing": "",
        "one character replaced": code[:-1] + ("0" if code[-1] != "0" else "1"),
        "one character missing": code[:-1],
        "one group missing": code[:-5],
        "one character more": code + "0",
        "the passphrase": PASSPHRASE,
        "a character that no code has": "U" + code[1:],
    }
    for description, typed in mistyped.items():
        cases.add(f"code: {description}", "mistyped-code", _N.text, secret=recovery(typed))
    without = _N.with_header(lambda h: h["slots"].pop(1))
    cases.add(
        "code: mistyped, and no recovery slot", "mistyped-code", without, secret=recovery("x")
    )
    cases.add("code: no recovery slot", "wrong-secret", without)
    other = recovery(show(Drawn("another code")(16)))
    cases.add("code: another", "wrong-secret", _N.text, secret=other)
    cases.add("code: of the other file", "wrong-secret", _N.text, secret=AES.secret)
    for description, typed in {
        "another": "incorrect horse battery staple",
        "another case": PASSPHRASE.upper(),
        "a space behind": PASSPHRASE + " ",
        "nothing": "",
        "7 bytes": "1234567",
        "1025 bytes": "x" * 1025,
        "half a character": PASSPHRASE + "\ud800",
        "the recovery code": code,
    }.items():
        cases.add(f"passphrase: {description}", "wrong-secret", _N.text, secret=passphrase(typed))
    wrong: dict[str, Change] = {
        "a bit of the wrap's nonce flipped": lambda h: _flip(h["slots"][1], 0),
        "a bit of the wrap's tag flipped": lambda h: _flip(h["slots"][1], 24),
        "a bit of the wrap's last byte flipped": lambda h: _flip(h["slots"][1], -1),
        "another slot id": put("slots/1/id", ident("another slot")),
        "another salt": put("slots/1/salt", sized("salt", 16)),
        "another vault id": put("vault", ident("another vault")),
        "the slot of another vault": put(
            "slots/1", AES.header["slots"][1] | {"wrap": _N.header["slots"][1]["wrap"]}
        ),
    }
    for description, change in wrong.items():
        cases.add(f"slot: {description}", "wrong-secret", _N.with_header(change))
    cases.add(
        "slot: passphrase and recovery exchange their wraps",
        "wrong-secret",
        _N.with_header(_exchange_wraps),
    )
    foreign_key = Sealer(_N.suite, _N.vault_id, Drawn("another key")(32), Drawn("another slot"))
    code_bytes = parse_code(code)
    slot_id, salt = unb64u(ident("another slot")), Drawn("another salt")(16)
    wrap = foreign_key.wrapper._wrap(recovery_ikm(code_bytes, salt), slot_id)
    first = {"type": "recovery", "id": b64u(slot_id), "salt": b64u(salt), "wrap": wrap}
    cases.add(
        "slot: one before the right one opens, with another vault key",
        "altered",
        _N.with_header(lambda h: h["slots"].insert(0, first)),
    )


def _flip(slot: Json, at: int) -> None:
    slot["wrap"] = flipped(slot["wrap"], at)


def _exchange_wraps(header: Json) -> None:
    one, other = header["slots"]
    one["wrap"], other["wrap"] = other["wrap"], one["wrap"]


def _altered(cases: Cases) -> None:
    file = stored(_N.text)
    header, mac, index = file["header"], file["mac"], file["index"]

    def unauthenticated(change: Change) -> Change:
        def altered(members: Json) -> None:
            value = copy.deepcopy(_N.header)
            change(value)
            members["header"] = stringify(value)

        return altered

    changes: dict[str, Change] = {
        "the first bit of mac": put("mac", flipped(mac, 0)),
        "the last bit of mac": put("mac", flipped(mac, -1)),
        "mac of zeros": put("mac", b64u(bytes(32))),
        "mac of another header": put("mac", _N.mac(header + " ")),
        "mac of the other file": put("mac", stored(AES.text)["mac"]),
        "header: a larger epoch": unauthenticated(put("epoch", 4)),
        "header: a smaller epoch": unauthenticated(put("epoch", 2)),
        "header: another generation": unauthenticated(put("generation", 2)),
        "header: another count": unauthenticated(put("count", 3)),
        "header: another digest": unauthenticated(put("digest", sized("digest", 32))),
        "header: a slot less": unauthenticated(
            lambda h: (
                h["slots"].pop(0) and h["slots"].append(_N.header["slots"][0] | {"memory": 19457})
            )
        ),
        "header: a slot more": unauthenticated(lambda h: h["slots"].append({"type": "x"})),
        "header: an unknown member": unauthenticated(put("future", 1)),
        "header: another order": put("header", stringify(dict(reversed(_N.header.items())))),
        "index: a bit of its nonce": put("index", flipped(index, 0)),
        "index: a bit of its last byte": put("index", flipped(index, -1)),
        "index: nothing": put("index", ""),
        "entries: one dropped": drop(f"entries/{_SECOND}"),
        "entries: all dropped": put("entries", {}),
        "entries: one added": put(f"entries/{ident('added')}", file["entries"][_FIRST]),
        "entries: an empty one added": put(f"entries/{ident('added')}", ""),
        "entries: a deleted one is back": put(
            f"entries/{_N.index['deleted'][0]['id']}", file["entries"][_SECOND]
        ),
        "entries: one under another id": lambda f: f["entries"].update(
            {ident("added"): f["entries"].pop(_SECOND)}
        ),
    }
    for description, change in changes.items():
        cases.add(f"altered: {description}", "altered", _N.with_members(change))
    older = _N.seal_index(stringify(_N.index | {"grants": []}).encode())
    cases.add(
        "altered: index: another of the same vault", "altered", _N.with_members(put("index", older))
    )
    sealed = {
        "a bit of its nonce, with its digest": flipped(index, 0),
        "a bit of its tag, with its digest": flipped(index, 24),
        "a bit of its last byte, with its digest": flipped(index, -1),
        "a byte less, with its digest": b64u(unb64u(index)[:-1]),
        "39 bytes, with its digest": b64u(unb64u(index)[:39]),
        "nothing, with its digest": "",
        "sealed with the header's key": _N.seal(b"header", pad(stringify(_N.index).encode(), 1024)),
        "an entry, with its digest": file["entries"][_FIRST],
    }
    for description, text in sealed.items():
        cases.add(f"altered: index: {description}", "altered", _N.with_sealed_index(text))


def _indices(cases: Cases) -> None:
    text = stringify(_S.index).encode()
    size = len(text) + 16

    def sealed(padded: bytes) -> str:
        return _S.with_sealed_index(_S.seal(b"index", padded))

    texts = {
        "no mark of the padding": sealed(text.ljust(size + 8, b"\0")),
        "zeros alone": sealed(bytes(size)),
        "nothing": sealed(b""),
        "a byte behind the padding": sealed(pad(text, size) + b"\x01"),
        "an empty text": sealed(pad(b"", size)),
        "a space in the text": sealed(pad(b" " + text, size)),
        "a line feed behind the text": sealed(pad(text + b"\n", size)),
        "a byte order mark": sealed(pad(b"\xef\xbb\xbf" + text, size)),
        "no UTF-8": sealed(pad(b'{"\xff":1,' + text[1:], size)),
        "a number with a fraction": sealed(pad(text.replace(b'"rev":2', b'"rev":2.0'), size)),
        "a member twice": sealed(pad(b'{"entries":[],' + text[1:], size)),
        "null": sealed(pad(b"null", size)),
        "an array": sealed(pad(b"[]", size)),
    }
    for description, given in texts.items():
        cases.add(f"index: {description}", "damaged", given, sample=SMALL)
    changes: dict[str, Change] = {}
    for name in _S.index:
        changes[f"{name} is missing"] = drop(name)
        changes[f"{name} is an object"] = put(name, {})
        changes[f"{name} has a string"] = lambda i, name=name: i[name].append("x")  # type: ignore[misc]
    for name in _S.index["entries"][0]:
        changes[f"entries: {name} is missing"] = drop(f"entries/0/{name}")
        if name not in ("id", "digest"):
            changes[f"entries: {name} is null"] = put(f"entries/0/{name}", None)
    for part in ("deleted", "grants", "revoked"):
        for name in _S.index[part][0]:
            changes[f"{part}: {name} is missing"] = drop(f"{part}/0/{name}")
    changes |= {
        "entries: an id twice": lambda i: i["entries"].append(i["entries"][0]),
        "entries: id of 15 bytes": put("entries/0/id", sized("id", 15)),
        "entries: rev 0": put("entries/0/rev", 0),
        "entries: digest of 31 bytes": put("entries/0/digest", sized("digest", 31)),
        "entries: an empty name": put("entries/0/name", ""),
        "entries: a name of 257 code units": put("entries/0/name", "n" * 257),
        "entries: tags has a number": put("entries/0/tags", [1]),
        "entries: no fields": put("entries/0/fields", []),
        "entries: a field without a type": drop("entries/0/fields/0/type"),
        "entries: a field without a name": drop("entries/0/fields/0/name"),
        "entries: two fields of one name": put(
            "entries/0/fields", [{"name": "a", "type": "text"}, {"name": "a", "type": "hidden"}]
        ),
        "deleted: id of 17 bytes": put("deleted/0/id", sized("id", 17)),
        "deleted: rev 0": put("deleted/0/rev", 0),
        "deleted: at is a string": put("deleted/0/at", "1"),
        "grants: path is a number": put("grants/0/path", 1),
        "grants: entry of 15 bytes": put("grants/0/entry", sized("id", 15)),
        "grants: used is null": put("grants/0/used", None),
        "revoked: path is null": put("revoked/0/path", None),
        "revoked: entry is no id": put("revoked/0/entry", "x"),
    }
    for description, change in changes.items():
        cases.add(f"index: {description}", "damaged", _S.with_index(change), sample=SMALL)
    for count in (0, 1, 3):
        cases.add(f"count {count} of 2", "damaged", NACL.with_header(put("count", count)))
    dropped = NACL.with_index(lambda i: i["entries"].pop())
    cases.add("altered: an entry that the index lacks", "altered", dropped)


def _entries(cases: Cases) -> None:
    file = stored(_S.text)
    second = file["entries"][_ONLY]
    plain = stringify(_S.entries[_ONLY]).encode()
    size = len(plain) + 16

    def add(description: str, error: str, text: str) -> None:
        cases.add(f"entry: {description}", error, text, sample=SMALL, entry=_ONLY)

    def label(entry_id: str, rev: int) -> bytes:
        return entry_label(unb64u(entry_id), rev)

    def sealed(padded: bytes, key: bytes | None = None) -> str:
        return _S.with_sealed_entry(_ONLY, _S.seal(key or label(_ONLY, 1), padded))

    for description, text in {
        "a bit of its nonce": flipped(second, 0),
        "a bit of its last byte": flipped(second, -1),
        "a byte less": b64u(unb64u(second)[:-1]),
        "nothing": "",
        "no base64url, and another digest": "!",
        "another, sealed alike": _S.seal_entry(_ONLY, 1, plain + b" "),
    }.items():
        add(description, "altered", _S.with_members(put(f"entries/{_ONLY}", text)))
    cases.add(
        "entry: exchanged with another",
        "altered",
        NACL.with_members(
            lambda f: f.update(
                entries={_FIRST: f["entries"][_SECOND], _SECOND: f["entries"][_FIRST]}
            )
        ),
        entry=_FIRST,
    )
    older = NACL.seal_entry(_FIRST, 1, stringify(NACL.entries[_FIRST] | {"rev": 1}).encode())
    cases.add(
        "entry: an older revision is back",
        "altered",
        NACL.with_members(put(f"entries/{_FIRST}", older)),
        entry=_FIRST,
    )
    for description, text in {
        "an unused bit set": loosened(second) if len(second) % 4 else second + "A",
        "padding": second + "=",
        "a space": second + " ",
        "standard base64": "+/" + second[2:],
    }.items():
        add(f"{description}, with its digest", "damaged", _S.with_sealed_entry(_ONLY, text))
    for description, text in {
        "a bit of its nonce": flipped(second, 0),
        "a bit of its tag": flipped(second, 24),
        "a bit of its last byte": flipped(second, -1),
        "a byte less": b64u(unb64u(second)[:-1]),
        "39 bytes": b64u(unb64u(second)[:39]),
        "nothing": "",
    }.items():
        add(f"{description}, with its digest", "altered", _S.with_sealed_entry(_ONLY, text))
    padded = pad(plain, size)
    for description, key in {
        "another revision": label(_ONLY, 2),
        "another entry": label(_FIRST, 1),
        "the index": b"index",
    }.items():
        add(f"sealed with the key of {description}", "altered", sealed(padded, key))
    for description, given in {
        "no mark of the padding": plain.ljust(256, b"\0"),
        "zeros alone": bytes(size),
        "nothing within": b"",
        "an empty text": pad(b"", size),
        "a space in the text": pad(b" " + plain, size),
        "a line feed behind the text": pad(plain + b"\n", size),
        "no UTF-8": pad(plain.replace(b'"x"', b'"\xff"'), size),
        "half a character": pad(plain.replace(b'"x"', b'"\\ud800"'), size),
        "a member twice": pad(b'{"rev":1,' + plain[1:], size),
        "null": pad(b"null", size),
        "an array": pad(b"[]", size),
    }.items():
        add(description, "damaged", sealed(given))
    changes: dict[str, Change] = {}
    for name in _S.entries[_ONLY]:
        changes[f"{name} is missing"] = drop(name)
    changes |= {
        "rev 0": put("rev", 0),
        "id of 15 bytes": put("id", sized("id", 15)),
        "an empty name": put("name", ""),
        "a name of 257 code units": put("name", "n" * 257),
        "a name of 258 code units, 129 characters": put("name", "\U0001f511" * 129),
        "kind is null": put("kind", None),
        "user is a number": put("user", 1),
        "url is null": put("url", None),
        "notes is an array": put("notes", []),
        "tags is a string": put("tags", "work"),
        "tags has null": put("tags", [None]),
        "fields is an object": put("fields", {}),
        "no fields": put("fields", []),
        "a field is a string": put("fields", ["x"]),
        "a field without a name": drop("fields/0/name"),
        "a field without a type": drop("fields/0/type"),
        "a field without a value": drop("fields/0/value"),
        "a value is a number": put("fields/0/value", 1),
        "a value is null": put("fields/0/value", None),
        "two fields of one name": lambda e: e["fields"].append(e["fields"][0]),
        "created is a string": put("created", "1"),
        "changed is null": put("changed", None),
    }
    for description, change in changes.items():
        add(description, "damaged", _S.with_entry(_ONLY, change))
    add("another id than the index has", "altered", _S.with_entry(_ONLY, put("id", _FIRST)))
    add("another revision than the index has", "altered", _S.with_entry(_ONLY, put("rev", 2)))


def _aes(cases: Cases) -> None:
    file = stored(AES.text)
    entry_id = AES.ids[1]

    def add(description: str, error: str, text: str, entry: str | None = None) -> None:
        cases.add(f"aes: {description}", error, text, sample=AES, entry=entry)

    wrap = AES.header["slots"][1]["wrap"]
    for size in (47, 48, 49, 59, 61, 72, 96):
        text = AES.with_header(put("slots/1/wrap", b64u((unb64u(wrap) * 2)[:size])))
        add(f"wrap of {size} bytes", "damaged", text)
    cases.add(
        "aes: another passphrase",
        "wrong-secret",
        AES.text,
        sample=AES,
        secret=passphrase("incorrect horse battery staple"),
    )
    for description, at in (("nonce", 0), ("first byte", 12), ("tag", -1)):
        text = AES.with_header(put("slots/1/wrap", flipped(wrap, at)))
        add(f"a bit of the wrap's {description}", "wrong-secret", text)
        text = AES.with_sealed_index(flipped(file["index"], at))
        add(f"a bit of the index's {description}, with its digest", "altered", text)
    sealed = AES.with_sealed_entry(entry_id, flipped(file["entries"][entry_id], -1))
    add("a bit of an entry's tag, with its digest", "altered", sealed, entry_id)
    cut = AES.with_sealed_entry(entry_id, b64u(unb64u(file["entries"][entry_id])[:27]))
    add("27 bytes of an entry, with its digest", "altered", cut, entry_id)
    add("a bit of mac", "altered", AES.with_members(put("mac", flipped(file["mac"], 0))))
    add("memory 2^32", "bounds", AES.with_header(put("slots/0/memory", 2**32)))
