"""Vectors for what a page replies, and for what a kernel makes of a reply."""

from __future__ import annotations

import json
from typing import Any

from nacl import bindings

from .common import (
    ID,
    KERNEL,
    KERNEL_SECRET,
    LOW_ORDER,
    NONCE,
    PAGE,
    PAGE_SECRET,
    agree,
    b64u,
    compact,
    flip_top,
    loosened,
    pad,
    public,
    request,
    seed,
    sha256,
)
from .forms import Vectors

ONE = compact(request())
TWO = compact(request(want=[{"name": "db"}, {"name": "api", "field": "token"}]))
SIXTEEN = compact(request(want=[{"name": f"n{i}"} for i in range(16)]))
OTHER_ID = seed("another request id", 16)
OTHER_KEY = public(seed("another secret key"))

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
#: Longer messages stand in the file as a hash.
SHOWN = 4096


def granted(*values: str) -> dict[str, Any]:
    return {"status": "granted", "values": list(values)}


def message(text: str, body: dict[str, Any], page: bytes = PAGE) -> dict[str, Any]:
    asked = json.loads(text)
    bound = {"v": 1, "id": asked["id"], "hash": b64u(sha256(text)), "kernel": asked["key"]}
    return bound | {"page": b64u(page)} | body


def sealed(
    padded: bytes, *, id_: bytes = ID, page: bytes = PAGE, key: bytes | None = None
) -> bytes:
    """A reply's bytes; `key` is the one that follows from the two public keys."""
    key = key or agree(page, KERNEL_SECRET)
    return b"\1" + id_ + page + NONCE + bindings.crypto_secretbox(padded, NONCE, key)


def _filled(length: int) -> dict[str, Any]:
    """A grant whose message has exactly `length` bytes."""
    return granted("x" * (length - len(compact(message(ONE, granted(""))))))


def _bodies() -> list[tuple[str, str, dict[str, Any]]]:
    lost = {"status": "not-found", "missing": [0], "what": "credential"}
    field = {"what": "field", "suggest": ["user", "value"]}
    emoji = "p\u00e4ssw\u00f6rd \u0437\u0430\u043c\u043e\u043a \u9375 \U0001f511"
    return [
        ("one value", ONE, granted("correct horse battery staple")),
        ("an empty value", ONE, granted("")),
        ("two values", TWO, granted("first", "second")),
        ("sixteen values", SIXTEEN, granted(*(f"value {i}" for i in range(16)))),
        ("other scripts and emoji", ONE, granted(emoji)),
        ("a value is not normalised", ONE, granted("cafe\u0301 \u2126")),
        ("lines, control characters, quotes", ONE, granted('-----\nab\tc\r\n\0"\\\x7f')),
        ("a value that looks like JSON", ONE, granted('{"status":"denied"}')),
        *((status, ONE, {"status": status}) for status in ERRORS if status != "not-found"),
        ("no such credential", ONE, lost),
        ("no such credential, with a suggestion", ONE, lost | {"suggest": ["db-2"]}),
        ("no such field of the second", TWO, lost | {"missing": [1]} | field),
        ("neither is there", TWO, lost | {"missing": [0, 1], "suggest": []}),
        *(
            (f"a message of {length} bytes", ONE, _filled(length))
            for length in (1023, 1024, 4095, 4096, 16384, 65535, 65536, 1024 * 1024 - 1)
        ),
    ]


def seal() -> Vectors:
    result: Vectors = []
    keys = {"kernelSecretHex": KERNEL_SECRET.hex(), "pageSecretHex": PAGE_SECRET.hex()}
    given = keys | {"nonceHex": NONCE.hex()}

    def add(description: str, text: str, body: dict[str, Any], **more: Any) -> None:
        result.append({"description": description, "request": text, **given, "body": body, **more})

    def repeated(body: dict[str, Any]) -> dict[str, Any]:
        return {"status": "granted", "repeat": "x", "times": len(body["values"][0])}

    for description, text, body in _bodies():
        plain = compact(message(text, body))
        reply = b64u(sealed(pad(plain.encode())))
        outcome = ERRORS.get(body["status"], "granted")
        if len(plain) < SHOWN:
            add(description, text, body, message=plain, reply=reply, outcome=outcome)
        else:
            digest = {"replyLength": len(reply), "replySha256": sha256(reply).hex()}
            add(description, text, repeated(body), **digest, outcome=outcome)
    add("a message of 1 MiB", ONE, repeated(_filled(1024 * 1024)), error="too-long")
    for description, key in LOW_ORDER.items():
        text = compact(request(key=b64u(key)))
        add(f"the kernel's key is of low order: {description}", text, granted("x"), error="key")
    return result


def open_() -> Vectors:
    return _readable() + _not_ours() + _leftover() + _broken_box() + _broken_message()


def _vector(description: str, rule: str, reply: str, outcome: str, **more: Any) -> dict[str, Any]:
    given = {"rule": rule, "request": ONE, "kernelSecretHex": KERNEL_SECRET.hex()}
    return {"description": description, **given, "reply": reply, "outcome": outcome, **more}


BASE = message(ONE, granted("secret"))
CONTENT = compact(BASE).encode()
GOOD = sealed(pad(CONTENT))


def _readable() -> Vectors:
    replies = {
        "spaces around it": f"  {b64u(GOOD)} ",
        "unknown members": b64u(sealed(pad(compact(BASE | {"x": {"y": [1]}}).encode()))),
        "another order of members, with white space": b64u(
            sealed(pad(json.dumps(dict(reversed(BASE.items())), indent=1).encode()))
        ),
        "padded further than need be": b64u(sealed(pad(CONTENT, 1500))),
    }
    body = granted("secret")
    return [_vector(d, "3", reply, "granted", body=body) for d, reply in replies.items()]


def _not_ours() -> Vectors:
    good = b64u(GOOD)
    typed = {
        "a password": "hunter2",
        "a password that is base64url": "A" * 40,
        "a long text": "correct horse battery staple " * 60,
        "letters beyond ASCII": "\u043f\u0430\u0440\u043e\u043b\u044c",
        "JSON": CONTENT.decode(),
        "padding at the end": good + "=",
        "a space within": good[:100] + " " + good[100:],
        "plain base64": good.replace("-", "+").replace("_", "/"),
        "one character less": good[:-1],
        "unused bits that are not zero": loosened(sealed(pad(CONTENT, 1025))),
        "one byte short of the smallest": b64u(GOOD[:-1]),
        "version 0": b64u(b"\0" + GOOD[1:]),
        "version 2": b64u(b"\2" + GOOD[1:]),
        "the plain error of another version": "credentialstore-error/2",
    }
    return [
        _vector("nothing", "4.3", "", "NoFrontend"),
        _vector("spaces alone", "4.3", "   ", "NoFrontend"),
        *(_vector(f"typed, or not ours: {d}", "4.4", r, "NoFrontend") for d, r in typed.items()),
        _vector("the plain error of a page", "5.2", "credentialstore-error/1", "ProtocolError"),
    ]


def _leftover() -> Vectors:
    whole = b64u(sealed(pad(CONTENT), id_=OTHER_ID))
    rest = b64u(b"\1" + OTHER_ID + bytes(1200))
    return [
        _vector("the reply to another request", "4.5", whole, "ask-again"),
        _vector("another id, and nothing else fits", "4.5", rest, "ask-again"),
    ]


def _broken_box() -> Vectors:
    def flipped(offset: int) -> bytes:
        offset %= len(GOOD)
        return GOOD[:offset] + bytes([GOOD[offset] ^ 1]) + GOOD[offset + 1 :]

    def from_key(page: bytes) -> bytes:
        text = compact(message(ONE, granted("secret"), page))
        return sealed(pad(text.encode()), page=page)

    replies = {
        **{f"the page's key is of low order: {d}": from_key(k) for d, k in LOW_ORDER.items()},
        "the page's key has its top bit set": from_key(flip_top(PAGE)),
        "sealed to another kernel": sealed(pad(CONTENT), key=agree(OTHER_KEY, PAGE_SECRET)),
        "the page's key is another": GOOD[:17] + OTHER_KEY + GOOD[49:],
        "the nonce was altered": flipped(49),
        "the authenticator was altered": flipped(73),
        "the last byte was altered": flipped(-1),
        "a byte was added": GOOD + b"\0",
        "no padding mark": sealed(CONTENT.ljust(1024, b"\0")),
        "another padding mark": sealed((CONTENT + b"\x81").ljust(1024, b"\0")),
        "bytes behind the padding": sealed(pad(CONTENT)[:-1] + b"\1"),
        "nothing but zeros": sealed(bytes(1024)),
        "nothing but padding": sealed(pad(b"")),
    }
    return [_vector(d, "4.6", b64u(reply), "ProtocolError") for d, reply in replies.items()]


def _broken_message() -> Vectors:
    result: Vectors = []

    def text(description: str, data: bytes) -> None:
        result.append(_vector(description, "4.6", b64u(sealed(pad(data))), "ProtocolError"))

    def member(description: str, **changes: Any) -> None:
        changed = {k: v for k, v in (BASE | changes).items() if v is not None}
        text(description, compact(changed).encode())

    def not_found(description: str, **changes: Any) -> None:
        lost = {"status": "not-found", "values": None, "missing": [0], "what": "credential"}
        member(f"not-found: {description}", **(lost | changes))

    text("not UTF-8", CONTENT.replace(b"secret", b"secre\xff"))
    text("a byte order mark", b"\xef\xbb\xbf" + CONTENT)
    text("JSON that breaks off", CONTENT[:-1])
    text("JSON and more", CONTENT + b"{}")
    text("JSON with NaN", CONTENT[:-1] + b',"x":NaN}')
    text("an array", b"[" + CONTENT + b"]")
    text("a string", b'"secret"')
    text("a member is repeated", CONTENT[:-1] + b',"status":"granted"}')
    text("an unpaired surrogate", CONTENT.replace(b"secret", b"\\ud83d"))

    for name in BASE:
        member(f"{name} is missing", **{name: None})
        member(f"{name} is a number", **{name: 7})
        member(f"{name} is an object", **{name: {}})
    member("v is 2", v=2)
    member("v is a string", v="1")
    member("v is true", v=True)
    member("id is another request's", id=b64u(OTHER_ID))
    member("id has padding", id=b64u(ID) + "==")
    member("hash is another request's", hash=b64u(sha256(TWO)))
    member("kernel is another's key", kernel=b64u(OTHER_KEY))
    member("page is another's key", page=b64u(OTHER_KEY))
    member("page and kernel are exchanged", page=b64u(KERNEL), kernel=b64u(PAGE))
    member("status is unknown", status="perhaps")
    member("status is in capitals", status="GRANTED")
    member("status is an array", status=["granted"])
    member("no values", values=[])
    member("a value too many", values=["secret", "secret"])
    member("values is a string of fitting length", values="s")
    member("a value is null", values=[None])
    member("a value is a number", values=[1])
    member("a value is an array", values=[["secret"]])
    not_found("missing is missing", missing=None)
    not_found("missing is a number", missing=0)
    not_found("missing is empty", missing=[])
    not_found("an index beyond want", missing=[1])
    not_found("a negative index", missing=[-1])
    not_found("an index twice", missing=[0, 0])
    not_found("an index is false", missing=[False])
    not_found("an index is a string", missing=["0"])
    not_found("what is missing", what=None)
    not_found("what is unknown", what="entry")
    not_found("what is an array", what=["field"])
    not_found("suggest is a string", suggest="db")
    not_found("suggest holds a number", suggest=[1])
    return result
