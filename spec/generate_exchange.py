"""Writes spec/vectors/exchange.json, the known answers that every implementation must give.

    python spec/generate_exchange.py          write the file
    python spec/generate_exchange.py --check  exit 1 if the file differs

It depends on PyNaCl alone and on no implementation of the exchange, so that a mistake
in one of them cannot hide in the vectors. All keys follow from their names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
import unicodedata
from pathlib import Path
from typing import Any

from nacl import bindings

FILE = Path(__file__).parent / "vectors" / "exchange.json"

ABOUT = [
    "Known answers for spec/exchange.md. Binary members are hexadecimal where their name ends in Hex; ids, keys and replies are base64url, as in the exchange itself.",
    "base64url: `text` decodes to `bytesHex`, or is refused if that is null.",
    "publicKeys: whether a key may be used, on either side (section 1). `early`: refused for its form, before any multiplication.",
    "padding: a message of `length` bytes is padded to `padded` bytes; null: too long, nothing is sealed.",
    "prompts: what a page makes of a prompt. outcome `none`: not ours, left alone. `request`: well-formed; `request` says what was read (hash: base64url; names and fields in NFC). `invalid`: answered by a sealed `invalid` with the id, key and hash given. `unanswerable`: answered by the plain text credentialstore-error/1.",
    "seal: what a page replies. `body` is the status and what belongs to it; `message` is the exact text sealed (members in the order of the table in section 3); where the text of the reply is long, `replySha256` (hexadecimal, over its ASCII) and `replyLength` stand for it. An implementation with another order of members compares what it gets by opening. With `error`, nothing may be sealed.",
    "open: what a kernel makes of a reply to `request`. outcome: `granted` with `values`; `ask-again` (rule 4.5); else the name of the error, with `status` where a reply was read and `missing`, `what`, `suggest` where it was not-found. `rule`: the section that decides.",
]

SENTENCE = "Do not type a secret here. This front end has no credential store, so press Enter to cancel."
PLAIN_ERROR = "credentialstore-error/1"


def seed(label: str, size: int = 32) -> bytes:
    return hashlib.sha256(f"credentialstore exchange vectors, {label}".encode()).digest()[:size]


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def public(secret: bytes) -> bytes:
    return bindings.crypto_scalarmult_base(secret)


KERNEL = seed("kernel secret key")
PAGE = seed("page secret key")
ID = seed("request id", 16)
OTHER_ID = seed("another request id", 16)
NONCE = seed("nonce", 24)

# Points of order 1, 2, 4 and 8 in every form that has the top bit clear
# (https://cr.yp.to/ecdh.html#validate, RFC 7748 section 6.1).
LOW_ORDER = {
    "0 (order 4)": "00" * 32,
    "1 (order 1)": "01" + "00" * 31,
    "the first point of order 8": "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "the second point of order 8": "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "p - 1 (order 2)": "ec" + "ff" * 30 + "7f",
    "p, which is 0 not reduced": "ed" + "ff" * 30 + "7f",
    "p + 1, which is 1 not reduced": "ee" + "ff" * 30 + "7f",
}


def hsalsa20(key: bytes, block: bytes) -> bytes:
    """HSalsa20, for the key that follows from an all-zero secret: libraries refuse to give it."""
    k, n, c = (struct.unpack(f"<{len(b) // 4}I", b) for b in (key, block, b"expand 32-byte k"))
    x = [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]

    def quarter(a: int, b: int, c: int, d: int) -> None:
        for to, p, q, turn in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
            total = (x[p] + x[q]) & 0xFFFFFFFF
            x[to] ^= (total << turn | total >> (32 - turn)) & 0xFFFFFFFF

    for _ in range(10):
        for column in ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)):
            quarter(*column)
        for row in ((0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)):
            quarter(*row)
    return struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def agree(peer: bytes, secret: bytes) -> bytes:
    """crypto_box_beforenm; for points of low order what it would be without the check."""
    try:
        shared = bindings.crypto_scalarmult(secret, peer)
    except Exception:
        shared = bytes(32)
    return hsalsa20(shared, bytes(16))


def padded_length(length: int) -> int | None:
    for bucket in (1024, 4096, 16384, 65536):
        if length < bucket:
            return bucket
    padded = (length // 65536 + 1) * 65536
    return padded if padded <= 1024 * 1024 else None


def pad(message: bytes) -> bytes:
    size = padded_length(len(message))
    assert size is not None
    return (message + b"\x80").ljust(size, b"\0")


# --- requests ---------------------------------------------------------------------------------


def request(**members: Any) -> dict[str, Any]:
    """A well-formed request with some members replaced; None leaves a member out."""
    full = {"v": 1, "id": b64u(ID), "key": b64u(public(KERNEL)), "want": [{"name": "db"}], **members}
    return {k: v for k, v in full.items() if v is not None}


def marker(text: str | bytes, version: str = "1") -> str:
    data = text.encode() if isinstance(text, str) else text
    return f" [credentialstore-request/{version} {b64u(data)}]"


def base64url_vectors() -> list[dict[str, Any]]:
    good = [b"", b"\0", b"\xff\xfe", b"\xfb\xff\xbf", bytes(range(16))]
    result = [{"description": f"{len(b)} bytes", "text": b64u(b), "bytesHex": b.hex()} for b in good]
    bad = {
        "padding": "AA==",
        "unused bits of the last of two characters": "AB",
        "unused bits of the last of three characters": "AAB",
        "one character too many": "AAAAA",
        "the alphabet of plain base64, +": "+_-A",
        "the alphabet of plain base64, /": "/_-A",
        "a space within": "AA AA",
        "a line feed at the end": "AAAA\n",
        "a letter beyond ASCII": "AAA\u00e9",
    }
    return result + [{"description": d, "text": t, "bytesHex": None} for d, t in bad.items()]


def public_key_vectors() -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []

    def add(description: str, key: bytes, valid: bool, early: bool = False) -> None:
        entry = {"description": description, "key": b64u(key), "keyHex": key.hex(), "valid": valid}
        result.append({**entry, **({} if valid else {"early": early})})

    add("a fresh key", public(KERNEL), True)
    add("the base point, 9", (9).to_bytes(32, "little"), True)
    add("9 not reduced (p + 9): valid, for its secret is not zero", (2**255 - 10).to_bytes(32, "little"), True)
    for description, key in LOW_ORDER.items():
        add(f"low order: {description}", bytes.fromhex(key), False)
        add(f"low order, and the top bit: {description}", flip_top(bytes.fromhex(key)), False, True)
    add("a fresh key with the top bit set", flip_top(public(KERNEL)), False, True)
    add("31 bytes", public(KERNEL)[:31], False, True)
    add("33 bytes", public(KERNEL) + b"\0", False, True)
    add("no bytes", b"", False, True)
    return result


def flip_top(key: bytes) -> bytes:
    return key[:-1] + bytes([key[-1] ^ 0x80])


def padding_vectors() -> list[dict[str, Any]]:
    edges = [0, 1, *(e + d for e in (1024, 4096, 16384, 65536, 131072, 1024 * 1024) for d in (-1, 0, 1))]
    return [{"description": f"{n} bytes", "length": n, "padded": padded_length(n)} for n in edges]


def prompt_vectors() -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []

    def add(description: str, prompt: str, outcome: str, **more: Any) -> None:
        result.append({"description": description, "prompt": prompt, "outcome": outcome, **more})

    def well_formed(description: str, json_: dict[str, Any], text: str | None = None, **around: str) -> None:
        text = text or compact(json_)
        wants = [{k: nfc(w[k]) for k in ("name", "field") if k in w} for w in json_["want"]]
        read = {**recipient(json_, text), "want": wants}
        read |= {k: json_[k] for k in ("reason", "timeout") if k in json_}
        prompt = around.get("before", SENTENCE) + marker(text) + around.get("after", "")
        add(description, prompt, "request", json=text, request=read)

    def broken(description: str, json_: dict[str, Any], text: str | None = None) -> None:
        text = text or compact(json_)
        add(description, SENTENCE + marker(text), "invalid", json=text, request=recipient(json_, text))

    def unanswerable(description: str, prompt: str) -> None:
        add(description, prompt, "unanswerable")

    plain = request()
    well_formed("one credential", plain)
    well_formed("one field of it", request(want=[{"name": "db", "field": "password"}]))
    well_formed("sixteen", request(want=[{"name": f"n{i}"} for i in range(16)]))
    well_formed("the same credential twice", request(want=[{"name": "db"}, {"name": "db", "field": "host"}]))
    well_formed("a reason and a timeout", request(reason="load the March figures", timeout=30000))
    well_formed("an empty reason", request(reason=""))
    well_formed("the shortest and the longest timeout: 1 ms", request(timeout=1))
    well_formed("the shortest and the longest timeout: a day", request(timeout=86_400_000))
    well_formed("a name of 256 code units", request(want=[{"name": "n" * 256}]))
    well_formed("a name of 256 code units that are 128 characters", request(want=[{"name": "\U0001f511" * 128}]))
    well_formed("a field of 256 code units", request(want=[{"name": "n", "field": "f" * 256}]))
    well_formed("a reason of 500 code units", request(reason="r" * 500))
    well_formed("names in other scripts", request(want=[{"name": "\u0431\u0430\u0437\u0430"}, {"name": "\u6570\u636e\u5e93"}]))
    well_formed("a name that is not in NFC", request(want=[{"name": "cafe\u0301", "field": "A\u030a"}]))
    well_formed("names that are members of objects", request(want=[{"name": "__proto__", "field": "constructor"}]))
    well_formed("control and bidi characters are shown, not refused", request(reason="a\u0007b\u202ec\nd"))
    well_formed("unknown members", {**plain, "x": {"id": [1, {"v": None}]}, "want": [{"name": "db", "y": 1}]})
    well_formed("a colon and escaped quotes within strings", request(want=[{"name": 'a:"b\\'}]))
    well_formed("another order of members", dict(reversed(plain.items())))
    well_formed("white space in the JSON", plain, json.dumps(plain, indent=1))
    well_formed("escapes in the JSON", plain, compact(plain).replace("db", "\\u0064\\u0062"))
    well_formed("a surrogate pair as escapes", request(want=[{"name": "\U0001f511"}]), compact(request(want=[{"name": "@"}])).replace("@", "\\ud83d\\udd11"))
    well_formed("another sentence", plain, before="Secret")
    well_formed("no sentence", plain, before="")
    well_formed("trailing spaces, which some kernels add", plain, after="  ")
    well_formed("an older request quoted in the sentence: the last one counts", plain, before="x" + marker("{}"))
    room = 4096 - len(SENTENCE + marker(compact(plain)))
    well_formed("4096 bytes", plain, before=SENTENCE + "." * room)

    add("an ordinary question", "Password: ", "none")
    add("nothing", "", "none")
    add("the marker without the space before it", marker(compact(plain)).strip(), "none")
    add("the marker with a capital", SENTENCE + marker(compact(plain)).replace("[c", "[C"), "none")

    broken("v is missing", request(v=None))
    broken("v is 2", request(v=2))
    broken("v is a string", request(v="1"))
    broken("v is true", request(v=True))
    broken("want is missing", request(want=None))
    broken("want is an object", request(want={"name": "db"}))
    broken("want is empty", request(want=[]))
    broken("want has seventeen members", request(want=[{"name": f"n{i}"} for i in range(17)]))
    broken("want holds a string", request(want=["db"]))
    broken("want holds an array", request(want=[["db"]]))
    broken("want holds null", request(want=[None]))
    broken("name is missing", request(want=[{"field": "f"}]))
    broken("name is empty", request(want=[{"name": ""}]))
    broken("name is a number", request(want=[{"name": 1}]))
    broken("name has 257 code units", request(want=[{"name": "n" * 257}]))
    broken("name has 257 code units that are 129 characters", request(want=[{"name": "n" + "\U0001f511" * 128}]))
    broken("the second name is empty", request(want=[{"name": "db"}, {"name": ""}]))
    broken("field is empty", request(want=[{"name": "db", "field": ""}]))
    broken("field is null", request(want=[{"name": "db", "field": None}]))
    broken("field has 257 code units", request(want=[{"name": "db", "field": "f" * 257}]))
    surrogate = compact(request(want=[{"name": "@"}])).replace("@", "\\ud83d")
    broken("name has an unpaired surrogate", plain, surrogate)
    broken("reason has an unpaired surrogate", plain, compact(request(reason="@")).replace("@", "x\\udd11"))
    broken("reason is null", plain, compact(request(reason="@")).replace('"@"', "null"))
    broken("reason has 501 code units", request(reason="r" * 501))
    broken("timeout is 0", request(timeout=0))
    broken("timeout is negative", request(timeout=-1))
    broken("timeout is longer than a day", request(timeout=86_400_001))
    broken("timeout has a fraction", request(timeout=1.5))
    broken("timeout is a string", request(timeout="1000"))
    broken("timeout is true", request(timeout=True))
    broken("a member is repeated", plain, compact(plain)[:-1] + ',"want":[{"name":"other"}]}')
    broken("a member of want is repeated", plain, compact(plain).replace('{"name":"db"}', '{"name":"db","name":"other"}'))
    broken("a member is repeated, once with escapes", plain, compact(plain)[:-1] + ',"\\u0076":1}')
    broken("a member of an unknown member is repeated", plain, compact(plain)[:-1] + ',"x":{"y":1,"y":1}}')

    good = SENTENCE + marker(compact(plain))
    unanswerable("a later version", SENTENCE + marker(compact(plain), "2"))
    unanswerable("version 01", SENTENCE + marker(compact(plain), "01"))
    unanswerable("version 1.0", SENTENCE + marker(compact(plain), "1.0"))
    unanswerable("no version", SENTENCE + marker(compact(plain), ""))
    unanswerable("two spaces behind the version", SENTENCE + marker(compact(plain), "1 "))
    unanswerable("no bracket at the end", good[:-1])
    unanswerable("text behind the bracket", good + " Password")
    unanswerable("a line feed at the end", good + "\n")
    unanswerable("a tab at the end", good + "\t")
    unanswerable("a colon in the sentence", "Secret:" + good)
    unanswerable("a line feed in the sentence", "Secret\n" + good)
    unanswerable("a letter beyond ASCII in the sentence", "Cl\u00e9" + good)
    unanswerable("the control character 0x7f in the sentence", "\x7f" + good)
    unanswerable("4097 bytes", "." * (room + 1) + good)
    spaced = next(t for t in (compact(plain) + " " * n for n in range(3)) if len(t) % 3 == 1)
    unanswerable("base64url with padding", SENTENCE + f" [credentialstore-request/1 {b64u(spaced.encode())}==]")
    unanswerable("unused bits that are not zero", SENTENCE + f" [credentialstore-request/1 {loosened(spaced.encode())}]")
    slashed = compact(request(reason="???"))
    assert "_" in b64u(slashed.encode())
    unanswerable("plain base64", SENTENCE + marker(slashed).replace("_", "/"))
    unanswerable("no JSON", SENTENCE + marker(""))
    unanswerable("JSON that breaks off", SENTENCE + marker(compact(plain)[:-1]))
    unanswerable("JSON and more", SENTENCE + marker(compact(plain) + "{}"))
    unanswerable("JSON with a trailing comma", SENTENCE + marker(compact(plain)[:-1] + ",}"))
    unanswerable("JSON with NaN", SENTENCE + marker(compact(plain)[:-1] + ',"x":NaN}'))
    unanswerable("a byte order mark", SENTENCE + marker("\ufeff" + compact(plain)))
    unanswerable("not UTF-8", SENTENCE + marker(compact(plain).encode().replace(b"db", b"d\xff")))
    unanswerable("UTF-8 of a surrogate", SENTENCE + marker(compact(plain).encode().replace(b"db", b"\xed\xa0\x80")))
    unanswerable("UTF-8 longer than need be", SENTENCE + marker(compact(plain).encode().replace(b"db", b"\xc0\x80")))
    unanswerable("an array", SENTENCE + marker(compact([plain])))
    unanswerable("null", SENTENCE + marker("null"))
    unanswerable("id is missing", SENTENCE + marker(compact(request(id=None))))
    unanswerable("id is a number", SENTENCE + marker(compact(request(id=1))))
    unanswerable("id has 15 bytes", SENTENCE + marker(compact(request(id=b64u(ID[:15])))))
    unanswerable("id has 17 bytes", SENTENCE + marker(compact(request(id=b64u(ID + b"\0")))))
    unanswerable("id is not canonical", SENTENCE + marker(compact(request(id="A" * 21 + "B"))))
    unanswerable("id has padding", SENTENCE + marker(compact(request(id=b64u(ID) + "=="))))
    unanswerable("key is missing", SENTENCE + marker(compact(request(key=None))))
    unanswerable("key has 31 bytes", SENTENCE + marker(compact(request(key=b64u(public(KERNEL)[:31])))))
    unanswerable("key has 33 bytes", SENTENCE + marker(compact(request(key=b64u(public(KERNEL) + b"\0")))))
    unanswerable("key has its top bit set", SENTENCE + marker(compact(request(key=b64u(flip_top(public(KERNEL)))))))
    unanswerable("key is not canonical", SENTENCE + marker(compact(request(key="C" * 42 + "B"))))
    return result


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def recipient(json_: dict[str, Any], text: str) -> dict[str, Any]:
    return {"id": json_["id"], "key": json_["key"], "hash": b64u(hashlib.sha256(text.encode()).digest())}


# --- replies ----------------------------------------------------------------------------------


def message(text: str, body: dict[str, Any], page: bytes = public(PAGE)) -> dict[str, Any]:
    json_ = json.loads(text)
    hash_ = b64u(hashlib.sha256(text.encode()).digest())
    return {"v": 1, "id": json_["id"], "hash": hash_, "kernel": json_["key"], "page": b64u(page), **body}


def frame(
    padded: bytes, version: int = 1, id_: bytes = ID, kernel: bytes = public(KERNEL), page: bytes | None = None
) -> bytes:
    key = agree(kernel, PAGE) if page is None else agree(page, KERNEL)
    box = bindings.crypto_secretbox(padded, NONCE, key)
    return bytes([version]) + id_ + (page or public(PAGE)) + NONCE + box


STATUSES = ["denied", "blocked", "busy", "locked", "no-store", "timeout", "closed", "invalid"]
ERRORS = {
    "denied": "CredentialDenied",
    "blocked": "CredentialDenied",
    "busy": "CredentialDenied",
    "closed": "CredentialDenied",
    "not-found": "CredentialNotFound",
    "locked": "StoreLocked",
    "no-store": "StoreLocked",
    "timeout": "CredentialTimeout",
    "invalid": "ProtocolError",
}

ONE = compact(request())
TWO = compact(request(want=[{"name": "db"}, {"name": "api", "field": "token"}]))
SIXTEEN = compact(request(want=[{"name": f"n{i}"} for i in range(16)]))


def granted(*values: str) -> dict[str, Any]:
    return {"status": "granted", "values": list(values)}


def filled(length: int) -> dict[str, Any]:
    """A grant whose message has exactly `length` bytes."""
    empty = len(compact(message(ONE, granted(""))).encode())
    return granted("x" * (length - empty))


def bodies() -> list[tuple[str, str, dict[str, Any]]]:
    result = [
        ("granted: one value", ONE, granted("correct horse battery staple")),
        ("granted: an empty value", ONE, granted("")),
        ("granted: two values", TWO, granted("first", "second")),
        ("granted: sixteen values", SIXTEEN, granted(*(f"value {i}" for i in range(16)))),
        ("granted: other scripts and emoji", ONE, granted("p\u00e4ssw\u00f6rd \u0437\u0430\u043c\u043e\u043a \u9375 \U0001f511")),
        ("granted: a value is not normalised", ONE, granted("cafe\u0301 \u2126")),
        ("granted: several lines, control characters, quotes", ONE, granted('-----BEGIN-----\nab\tc\r\n\0"\\\x7f')),
        ("granted: a value that looks like JSON", ONE, granted('{"status":"denied"}')),
    ]
    result += [(status, ONE, {"status": status}) for status in STATUSES]
    result += [
        ("not-found: the credential", ONE, {"status": "not-found", "missing": [0], "what": "credential"}),
        ("not-found: the credential, with a suggestion", ONE, {"status": "not-found", "missing": [0], "what": "credential", "suggest": ["db-2"]}),
        ("not-found: the second one's field", TWO, {"status": "not-found", "missing": [1], "what": "field", "suggest": ["user", "value"]}),
        ("not-found: both", TWO, {"status": "not-found", "missing": [0, 1], "what": "credential", "suggest": []}),
    ]
    for length in (1023, 1024, 4095, 4096):
        result.append((f"granted: a message of {length} bytes", ONE, filled(length)))
    return result


def seal_vectors() -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    long = [(f"granted: a message of {n} bytes", ONE, filled(n)) for n in (16384, 65535, 65536, 1024 * 1024 - 1)]
    for description, text, body in bodies() + long:
        content = compact(message(text, body))
        reply = b64u(frame(pad(content.encode())))
        vector: dict[str, Any] = {"description": description, "request": text, **keys(), "body": body}
        if len(content) > 4096:
            vector["body"] = {"status": "granted", "repeat": "x", "times": len(body["values"][0])}
            vector |= {"replyLength": len(reply), "replySha256": hashlib.sha256(reply.encode()).hexdigest()}
        else:
            vector |= {"message": content, "reply": reply}
        result.append(vector)
    too_long = {"status": "granted", "repeat": "x", "times": len(filled(1024 * 1024)["values"][0])}
    result.append({"description": "a message of 1 MiB", "request": ONE, **keys(), "body": too_long, "error": "too-long"})
    for description, key in LOW_ORDER.items():
        text = compact(request(key=b64u(bytes.fromhex(key))))
        entry = {"description": f"the kernel's key is of low order: {description}", "request": text}
        result.append({**entry, **keys(), "body": granted("x"), "error": "invalid-key"})
    return result


def keys() -> dict[str, str]:
    return {"pageSecretHex": PAGE.hex(), "nonceHex": NONCE.hex()}


def open_vectors() -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []

    def add(description: str, rule: str, reply: str, outcome: str, text: str = ONE, **more: Any) -> None:
        vector = {"description": description, "rule": rule, "request": text, "kernelSecretHex": KERNEL.hex()}
        result.append({**vector, "reply": reply, "outcome": outcome, **more})

    for description, text, body in bodies():
        more = {k: v for k, v in body.items()}
        outcome = ERRORS.get(more["status"], "granted")
        add(description, "3", b64u(frame(pad(compact(message(text, body)).encode()))), outcome, text, **more)

    base = message(ONE, granted("secret"))
    content = compact(base).encode()
    sealed = frame(pad(content))
    good = b64u(sealed)
    read = {"status": "granted", "values": ["secret"]}

    add("spaces around it", "4.3", f"  {good} ", "granted", **read)
    more_members = {**base, "x": {"y": [1]}}
    add("unknown members", "3", b64u(frame(pad(compact(more_members).encode()))), "granted", **read)
    add("another order of members, with white space", "3", b64u(frame(pad(json.dumps(dict(reversed(base.items())), indent=1).encode()))), "granted", **read)
    add("padded further than need be", "3", b64u(frame((content + b"\x80").ljust(1500, b"\0"))), "granted", **read)

    # Rules 3 and 4: nobody here knows the exchange.
    add("nothing", "4.3", "", "NoFrontend")
    add("spaces alone", "4.3", "   ", "NoFrontend")
    typed = {
        "a password": "hunter2",
        "a long password that is base64url": "A" * 40,
        "a long text": "correct horse battery staple " * 80,
        "letters beyond ASCII": "\u043f\u0430\u0440\u043e\u043b\u044c",
        "padding at the end": good + "=",
        "a space within": good[:100] + " " + good[100:],
        "plain base64": good.replace("-", "+").replace("_", "/"),
        "one character less": good[:-1],
        "unused bits that are not zero": loosened(frame((content + b"\x80").ljust(1025, b"\0"))),
        "one byte short of the smallest": b64u(sealed[:-1]),
        "zero bytes": "A" * 1500,
        "version 0": b64u(b"\0" + sealed[1:]),
        "version 2": b64u(b"\2" + sealed[1:]),
        "the plain error with another version": "credentialstore-error/2",
        "JSON": content.decode(),
    }
    for description, reply in typed.items():
        add(f"typed, or not ours: {description}", "4.4", reply, "NoFrontend")
    add("the plain error of a page", "5.2", PLAIN_ERROR, "ProtocolError")

    # Rule 5.
    add("another request's reply", "4.5", b64u(frame(pad(content), id_=OTHER_ID)), "ask-again")
    add("another request's reply, and nothing else fits", "4.5", b64u(b"\1" + OTHER_ID + bytes(1200)), "ask-again")

    # Rule 6.
    def protocol(description: str, reply: bytes) -> None:
        add(description, "4.6", b64u(reply), "ProtocolError")

    for description, key in LOW_ORDER.items():
        low = message(ONE, granted("secret"), bytes.fromhex(key))
        protocol(f"the page's key is of low order, and the box fits: {description}", frame(pad(compact(low).encode()), page=bytes.fromhex(key)))
    high = flip_top(public(PAGE))
    protocol("the page's key has its top bit set, and the box fits", frame(pad(compact(message(ONE, granted("secret"), high)).encode()), page=high))
    protocol("sealed to another kernel", frame(pad(content), kernel=public(seed("another kernel"))))
    protocol("another page's key", sealed[:17] + public(seed("another page")) + sealed[49:])
    protocol("the nonce was altered", sealed[:49] + bytes([sealed[49] ^ 1]) + sealed[50:])
    protocol("the authenticator was altered", sealed[:73] + bytes([sealed[73] ^ 1]) + sealed[74:])
    protocol("the last byte was altered", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    protocol("a byte was added", sealed + b"\0")
    protocol("no padding mark", frame(content.ljust(1024, b"\0")))
    protocol("another padding mark", frame((content + b"\x81").ljust(1024, b"\0")))
    protocol("bytes behind the padding", frame(pad(content)[:-1] + b"\1"))
    protocol("nothing but zeros", frame(bytes(1024)))
    protocol("nothing but padding", frame(b"\x80".ljust(1024, b"\0")))

    def text(description: str, data: bytes) -> None:
        protocol(description, frame(pad(data)))

    text("not UTF-8", content.replace(b"secret", b"secre\xff"))
    text("a byte order mark", b"\xef\xbb\xbf" + content)
    text("JSON that breaks off", content[:-1])
    text("JSON and more", content + b"{}")
    text("JSON with NaN", content[:-1] + b',"x":NaN}')
    text("an array", b"[" + content + b"]")
    text("a string", b'"secret"')
    text("nested too deeply for many parsers", content[:-1] + b',"x":' + b"[" * 3000 + b"]" * 3000 + b"}")
    text("a member is repeated", content[:-1] + b',"status":"granted"}')
    text("an unpaired surrogate", content.replace(b"secret", b"\\ud83d"))

    def members(description: str, **changes: Any) -> None:
        changed = {k: v for k, v in {**base, **changes}.items() if v is not None}
        text(description, compact(changed).encode())

    for name in ("v", "id", "hash", "kernel", "page", "status", "values"):
        members(f"{name} is missing", **{name: None})
        members(f"{name} is a number", **{name: 7})
        members(f"{name} is an object", **{name: {}})
    members("v is 2", v=2)
    members("v is a string", v="1")
    members("v is true", v=True)
    members("id is another request's", id=b64u(OTHER_ID))
    members("id has padding", id=b64u(ID) + "==")
    members("hash is another request's", hash=b64u(hashlib.sha256(TWO.encode()).digest()))
    members("kernel is another's key", kernel=b64u(public(seed("another kernel"))))
    members("page is another's key", page=b64u(public(seed("another page"))))
    members("status is unknown", status="perhaps")
    members("status is in capitals", status="GRANTED")
    members("status is an array", status=["granted"])
    members("no values", values=[])
    members("a value too many", values=["secret", "secret"])
    members("values is a string of fitting length", values="s")
    members("a value is null", values=[None])
    members("a value is a number", values=[1])
    members("a value is an array", values=[["secret"]])
    lost = {"values": None, "status": "not-found", "missing": [0], "what": "credential"}
    members("not-found: missing is missing", **{**lost, "missing": None})
    members("not-found: missing is empty", **{**lost, "missing": []})
    members("not-found: an index beyond want", **{**lost, "missing": [1]})
    members("not-found: a negative index", **{**lost, "missing": [-1]})
    members("not-found: an index twice", **{**lost, "missing": [0, 0]})
    members("not-found: an index is true", **{**lost, "missing": [False]})
    members("not-found: an index is a string", **{**lost, "missing": ["0"]})
    members("not-found: missing is a number", **{**lost, "missing": 0})
    members("not-found: what is missing", **{**lost, "what": None})
    members("not-found: what is unknown", **{**lost, "what": "entry"})
    members("not-found: suggest is a string", **{**lost, "suggest": "db"})
    members("not-found: suggest holds a number", **{**lost, "suggest": [1]})
    return result


def loosened(data: bytes) -> str:
    """The base64url of data with an unused bit set."""
    assert len(data) % 3, "there must be unused bits"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = b64u(data)
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def generate() -> str:
    peer = public(KERNEL)
    assert hsalsa20(bindings.crypto_scalarmult(PAGE, peer), bytes(16)) == bindings.crypto_box_beforenm(peer, PAGE)
    vectors = {
        "format": "credentialstore-exchange-vectors/1",
        "about": ABOUT,
        "base64url": base64url_vectors(),
        "publicKeys": public_key_vectors(),
        "padding": padding_vectors(),
        "prompts": prompt_vectors(),
        "seal": seal_vectors(),
        "open": open_vectors(),
    }
    return json.dumps(vectors, indent=2) + "\n"


def main() -> int:
    text = generate()
    if "--check" in sys.argv[1:]:
        if FILE.exists() and FILE.read_text() == text:
            return 0
        print(f"{FILE} differs from what {Path(__file__).name} writes", file=sys.stderr)
        return 1
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
