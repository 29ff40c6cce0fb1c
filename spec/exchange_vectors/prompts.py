"""Vectors for what a page makes of a prompt."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from .common import ID, KERNEL, SENTENCE, b64u, compact, flip_top, loosened, request, sha256
from .forms import Vectors

KEY_EMOJI = "\U0001f511"
PLAIN = request()
TEXT = compact(PLAIN)
PROMPT_LIMIT = 4096


def marker(text: str | bytes, version: str = "1") -> str:
    data = text.encode() if isinstance(text, str) else text
    return framed(b64u(data), version)


def framed(text: str, version: str = "1") -> str:
    return f" [credentialstore-request/{version} {text}]"


def prompts() -> Vectors:
    return _well_formed() + _others() + _invalid() + _unanswerable()


def _recipient(members: dict[str, Any], text: str) -> dict[str, Any]:
    return {"id": members["id"], "key": members["key"], "hash": b64u(sha256(text))}


def _well_formed() -> Vectors:
    result: Vectors = []

    def add(
        description: str,
        members: dict[str, Any],
        text: str | None = None,
        before: str = SENTENCE,
        after: str = "",
    ) -> None:
        text = text or compact(members)
        want = [
            {m: unicodedata.normalize("NFC", one[m]) for m in ("name", "field") if m in one}
            for one in members["want"]
        ]
        optional = {m: members[m] for m in ("reason", "timeout") if m in members}
        vector = {
            "description": description,
            "prompt": before + marker(text) + after,
            "outcome": "request",
            "json": text,
            "request": _recipient(members, text) | {"want": want} | optional,
        }
        result.append(vector)

    def names(description: str, *names: str) -> None:
        add(description, request(want=[{"name": name} for name in names]))

    names("one credential", "db")
    names("sixteen", *(f"n{i}" for i in range(16)))
    names("a name of 256 code units", "n" * 256)
    names("a name of 256 code units that are 128 characters", KEY_EMOJI * 128)
    names("names in other scripts", "\u0431\u0430\u0437\u0430", "\u6570\u636e\u5e93")
    names("a name that is not in NFC", "cafe\u0301")
    names("names that are members of objects", "__proto__", "constructor")
    names("a colon, a quote and a backslash", 'a:"b\\')
    add("a field", request(want=[{"name": "db", "field": "password"}]))
    add("a field of 256 code units", request(want=[{"name": "db", "field": "f" * 256}]))
    add("a field that is not in NFC", request(want=[{"name": "db", "field": "A\u030a"}]))
    add("the same twice", request(want=[{"name": "db"}, {"name": "db", "field": "host"}]))
    add("a reason and a timeout", request(reason="load the March figures", timeout=30_000))
    add("an empty reason", request(reason=""))
    add("a reason of 500 code units", request(reason="r" * 500))
    add("a reason with control and bidi characters", request(reason="a\u0007b\u202ec\nd"))
    add("the shortest timeout, 1 ms", request(timeout=1))
    add("the longest timeout, a day", request(timeout=86_400_000))
    unknown = {"x": {"id": [1, {"v": None}]}, "want": [{"name": "db", "y": 1}]}
    add("unknown members", PLAIN | unknown)
    add("another order of members", dict(reversed(PLAIN.items())))
    add("white space in the JSON", PLAIN, json.dumps(PLAIN, indent=1))
    add("escapes in the JSON", PLAIN, TEXT.replace("db", "\\u0064\\u0062"))
    emoji = request(want=[{"name": KEY_EMOJI}])
    add("a surrogate pair as escapes", emoji, TEXT.replace("db", "\\ud83d\\udd11"))
    add("another sentence", PLAIN, before="Secret")
    add("no sentence", PLAIN, before="")
    add("trailing spaces, which some kernels add", PLAIN, after="  ")
    add("a request quoted in the sentence: the last one counts", PLAIN, before="x" + marker("{}"))
    add("4096 bytes", PLAIN, before="." * (PROMPT_LIMIT - len(marker(TEXT))))
    return result


def _others() -> Vectors:
    others = {
        "an ordinary question": "Password: ",
        "nothing": "",
        "no space before the marker": marker(TEXT).strip(),
        "a marker with a capital": SENTENCE + marker(TEXT).replace("[c", "[C"),
    }
    return [{"description": d, "prompt": p, "outcome": "none"} for d, p in others.items()]


def _invalid() -> Vectors:
    result: Vectors = []

    def text(description: str, text: str) -> None:
        vector = {"description": description, "prompt": SENTENCE + marker(text)}
        more = {"outcome": "invalid", "json": text, "request": _recipient(PLAIN, text)}
        result.append(vector | more)

    def member(description: str, **changes: Any) -> None:
        text(description, compact(request(**changes)))

    def want(description: str, *wants: Any) -> None:
        member(description, want=list(wants))

    member("v is missing", v=None)
    member("v is 2", v=2)
    member("v is a string", v="1")
    member("v is true", v=True)
    member("want is missing", want=None)
    member("want is an object", want={"name": "db"})
    want("want is empty")
    want("want has seventeen members", *({"name": f"n{i}"} for i in range(17)))
    want("want holds a string", "db")
    want("want holds an array", ["db"])
    want("want holds null", None)
    want("name is missing", {"field": "f"})
    want("name is empty", {"name": ""})
    want("name is a number", {"name": 1})
    want("name has 257 code units", {"name": "n" * 257})
    want("name has 257 code units, 129 characters", {"name": "n" + KEY_EMOJI * 128})
    want("the second name is empty", {"name": "db"}, {"name": ""})
    want("field is empty", {"name": "db", "field": ""})
    want("field is null", {"name": "db", "field": None})
    want("field has 257 code units", {"name": "db", "field": "f" * 257})
    text("name has an unpaired surrogate", TEXT.replace("db", "\\ud83d"))
    text("reason has an unpaired surrogate", TEXT[:-1] + ',"reason":"x\\udd11"}')
    text("reason is null", TEXT[:-1] + ',"reason":null}')
    member("reason has 501 code units", reason="r" * 501)
    member("timeout is 0", timeout=0)
    member("timeout is negative", timeout=-1)
    member("timeout is longer than a day", timeout=86_400_001)
    member("timeout has a fraction", timeout=1.5)
    member("timeout is a string", timeout="1000")
    member("timeout is true", timeout=True)
    text("a member is repeated", TEXT[:-1] + ',"want":[{"name":"other"}]}')
    text("a member of want is repeated", TEXT.replace('"db"', '"db","name":"other"'))
    text("a member is repeated, written with escapes", TEXT[:-1] + ',"\\u0076":1}')
    text("a member of an unknown member is repeated", TEXT[:-1] + ',"x":{"y":1,"y":1}}')
    return result


def _unanswerable() -> Vectors:
    result: Vectors = []
    good = SENTENCE + marker(TEXT)

    def prompt(description: str, prompt: str) -> None:
        vector = {"description": description, "prompt": prompt, "outcome": "unanswerable"}
        result.append(vector)

    def text(description: str, text: str | bytes) -> None:
        prompt(description, SENTENCE + marker(text))

    def member(description: str, **changes: Any) -> None:
        text(description, compact(request(**changes)))

    prompt("a later version", SENTENCE + marker(TEXT, "2"))
    prompt("version 01", SENTENCE + marker(TEXT, "01"))
    prompt("version 1.0", SENTENCE + marker(TEXT, "1.0"))
    prompt("no version", SENTENCE + marker(TEXT, ""))
    prompt("two spaces behind the version", SENTENCE + marker(TEXT, "1 "))
    prompt("no bracket at the end", good[:-1])
    prompt("text behind the bracket", good + " Password")
    prompt("a line feed at the end", good + "\n")
    prompt("a tab at the end", good + "\t")
    prompt("a colon in the sentence", "Secret:" + good)
    prompt("a line feed in the sentence", "Secret\n" + good)
    prompt("the control character 0x7f in the sentence", "\x7f" + good)
    prompt("a letter beyond ASCII in the sentence", "Cl\u00e9" + good)
    prompt("4097 bytes", "." * (PROMPT_LIMIT + 1 - len(marker(TEXT))) + marker(TEXT))

    one_over = next(t for t in (TEXT, TEXT + " ", TEXT + "  ") if len(t) % 3 == 1).encode()
    prompt("base64url with padding", SENTENCE + framed(b64u(one_over) + "=="))
    prompt("unused bits that are not zero", SENTENCE + framed(loosened(one_over)))
    slashed = b64u(compact(request(reason="???")).encode()).replace("_", "/")
    prompt("plain base64", SENTENCE + framed(slashed))

    raw = TEXT.encode()
    text("no JSON", "")
    text("JSON that breaks off", TEXT[:-1])
    text("JSON and more", TEXT + "{}")
    text("JSON with a trailing comma", TEXT[:-1] + ",}")
    text("JSON with NaN", TEXT[:-1] + ',"x":NaN}')
    text("a byte order mark", "\ufeff" + TEXT)
    text("not UTF-8", raw.replace(b"db", b"d\xff"))
    text("UTF-8 of a surrogate", raw.replace(b"db", b"\xed\xa0\x80"))
    text("UTF-8 longer than need be", raw.replace(b"db", b"\xc0\x80"))
    text("an array", f"[{TEXT}]")
    text("null", "null")
    member("id is missing", id=None)
    member("id is a number", id=1)
    member("id has 15 bytes", id=b64u(ID[:15]))
    member("id has 17 bytes", id=b64u(ID + b"\0"))
    member("id is not canonical", id=loosened(ID))
    member("id has padding", id=b64u(ID) + "==")
    member("key is missing", key=None)
    member("key is a number", key=1)
    member("key has 31 bytes", key=b64u(KERNEL[:31]))
    member("key has 33 bytes", key=b64u(KERNEL + b"\0"))
    member("key has its top bit set", key=b64u(flip_top(KERNEL)))
    member("key is not canonical", key=loosened(KERNEL))
    return result
