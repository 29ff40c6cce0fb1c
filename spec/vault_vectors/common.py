"""Fixed randomness, the vaults that most vectors start from, and how a fault is written down."""

from __future__ import annotations

import copy
import hashlib
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from kernel_connector.vault import base64url, canonical, padding
from kernel_connector.vault.canonical import Json
from kernel_connector.vault.entry import Entry, Field
from kernel_connector.vault.keys import entry_label, header_mac, subkey
from kernel_connector.vault.sealing import digest_of
from kernel_connector.vault.slots import Cost, RecoveryCode
from kernel_connector.vault.suites import SUITES, Suite, seal
from kernel_connector.vault.vault import create, unlock

T = TypeVar("T")
Vectors = list[dict[str, Any]]
Change = Callable[[Json], object]

CHEAP = Cost(memory=19456, passes=2)
PASSPHRASE = "correct horse battery staple"  # noqa: S105
#: 2026-01-01, in milliseconds.
NEW_YEAR = 1_767_225_600_000
DAY = 24 * 60 * 60 * 1000

b64u = base64url.encode
unb64u = base64url.decode


class Drawn:
    """Bytes that look random and follow from a name; each call gives the next ones."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._calls = 0

    def __call__(self, size: int) -> bytes:
        self._calls += 1
        name = f"credentialstore vault vectors, {self._label}, {self._calls}"
        return hashlib.shake_256(name.encode()).digest(size)


def expect(condition: bool, description: str) -> None:
    """Nothing is written that the implementation does not give."""
    if not condition:
        raise AssertionError(description)


def present(value: T | None) -> T:
    if value is None:
        raise AssertionError("nothing")
    return value


def ident(label: str) -> str:
    return b64u(Drawn(f"id {label}")(16))


@dataclass
class Sample:
    """An open file whose every part can be replaced. Contents of entries are by id."""

    name: str
    text: str
    suite: Suite
    key: bytes
    vault_id: bytes
    recovery_code: str
    header: Json
    index: Json
    entries: dict[str, Json]
    sealed: dict[str, str]
    #: Padded by one byte only, to keep vectors short.
    tight: bool = False

    @property
    def ids(self) -> list[str]:
        return list(self.entries)

    @property
    def secret(self) -> Json:
        """What opens it without Argon2id."""
        return recovery(self.recovery_code)

    def subkey(self, label: bytes) -> bytes:
        return subkey(self.key, self.vault_id, self.suite, label)

    def seal(self, label: bytes, padded: bytes) -> str:
        # Each text has a nonce of its own.
        nonce = Drawn(f"nonce {self.name} {label.hex()} {padded.hex()}")(self.suite.nonce_size)
        return b64u(seal(self.suite, self.subkey(label), nonce, padded))

    def seal_entry(self, entry_id: str, rev: int, text: bytes, size: int | None = None) -> str:
        least = len(text) + 1 if self.tight else padding.entry_size(len(text))
        padded = padding.pad(text, size or least)
        return self.seal(entry_label(unb64u(entry_id), rev), padded)

    def seal_index(self, text: bytes, size: int | None = None) -> str:
        least = len(text) + 1 if self.tight else padding.index_size(len(text))
        return self.seal(b"index", padding.pad(text, size or least))

    def mac(self, header_text: str) -> str:
        return b64u(header_mac(self.key, self.vault_id, self.suite, header_text.encode()))

    # Files with one thing replaced; all that authenticates it is made anew.

    def with_header(self, change: Change) -> str:
        members = copy.deepcopy(self.header)
        change(members)
        return self.with_header_text(stringify(members))

    def with_header_text(self, text: str, **parts: Any) -> str:
        """Even if it is no JSON."""
        return stringify(
            {
                "credentialstore": 1,
                "header": text,
                "mac": self.mac(text),
                "index": parts.get("index", stored(self.text)["index"]),
                "entries": parts.get("entries", self.sealed),
            }
        )

    def with_sealed_index(self, sealed: str, **parts: Any) -> str:
        members = copy.deepcopy(self.header) | {"digest": digest_of(sealed)}
        return self.with_header_text(stringify(members), index=sealed, **parts)

    def with_index(self, change: Change, **parts: Any) -> str:
        members = copy.deepcopy(self.index)
        change(members)
        return self.with_sealed_index(self.seal_index(stringify(members).encode()), **parts)

    def with_sealed_entry(self, entry_id: str, sealed: str) -> str:
        def change(index: Json) -> None:
            row = next(row for row in index["entries"] if row["id"] == entry_id)
            row["digest"] = digest_of(sealed)

        return self.with_index(change, entries=self.sealed | {entry_id: sealed})

    def with_entry(self, entry_id: str, change: Change) -> str:
        value = copy.deepcopy(self.entries[entry_id])
        change(value)
        return self.with_entry_text(entry_id, stringify(value).encode())

    def with_entry_text(self, entry_id: str, text: bytes, size: int | None = None) -> str:
        rev = self.entries[entry_id]["rev"]
        return self.with_sealed_entry(entry_id, self.seal_entry(entry_id, rev, text, size))

    # Faults in the text alone.

    def with_members(self, change: Change) -> str:
        value = stored(self.text)
        change(value)
        return stringify(value)

    def replaced(self, old: str, new: str) -> str:
        if self.text.count(old) != 1:
            raise ValueError(f"{old!r} is not there once")
        return self.text.replace(old, new)


def stored(text: str) -> Json:
    value: Json = canonical.read(text.encode())
    return value


def stringify(value: Any) -> str:
    """As JSON.stringify, without its order: faults may be in it."""
    return canonical._dump(value)


def recovery(code: str) -> Json:
    return {"type": "recovery", "text": code}


def passphrase(text: str = PASSPHRASE) -> Json:
    return {"type": "passphrase", "text": text}


def edited(sample: Sample, other: str | bytes) -> Json:
    """A file as a sample in which some bytes are replaced."""
    new = other if isinstance(other, bytes) else other.encode()
    old_words, new_words = _WORDS.findall(sample.text.encode()), _WORDS.findall(new)
    starts = [0, *itertools.accumulate(map(len, old_words))]
    edits, textual = [], True
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old_words, new_words, False).get_opcodes():
        if what != "equal":
            insert = b"".join(new_words[j1:j2])
            textual = textual and _is_text(insert)
            edits.append((starts[i1], starts[i2], insert))
    if textual:
        return {"of": sample.name, "edits": [[s, e, insert.decode()] for s, e, insert in edits]}
    return {"of": sample.name, "editsHex": [[s, e, insert.hex()] for s, e, insert in edits]}


def apply(files: dict[str, str], given: Json) -> bytes:
    """What `edited` describes."""
    if "hex" in given:
        return bytes.fromhex(given["hex"])
    if "text" in given:
        return str(given["text"]).encode()
    old, result, at = files[given["of"]].encode(), b"", 0
    edits = [(s, e, insert.encode()) for s, e, insert in given.get("edits", [])]
    edits += [(s, e, bytes.fromhex(insert)) for s, e, insert in given.get("editsHex", [])]
    for start, end, insert in edits:
        result += old[at:start] + insert
        at = end
    return result + old[at:]


#: A run of base64url, or one other byte.
_WORDS = re.compile(rb"[A-Za-z0-9_-]+|[^A-Za-z0-9_-]")


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def sample(name: str, text: bytes, code: str, tight: bool = False) -> Sample:
    """A file opened with its recovery code, and all its entries."""
    vault = unlock(text, RecoveryCode(code))
    sealer, index = vault._sealer, vault._current_index()
    return Sample(
        name,
        text.decode(),
        sealer.suite,
        sealer.key,
        sealer.vault_id,
        code,
        vault._header,
        index,
        {row["id"]: vault._open(row["id"]) for row in index["entries"]},
        vault._sealed,
        tight,
    )


def make(suite: str, name: str | None = None) -> Sample:
    """Two entries, a tombstone, a grant and a revocation; epoch 3."""
    name = name or suite
    vault, code = create(SUITES[suite].name, PASSPHRASE, cost=CHEAP, random=Drawn(name))
    first = vault.put(
        Entry(
            "db",
            (
                Field("value", "hunter2"),
                Field("host", "db.example.org", "text"),
            ),
            user="björn",
            url="postgres://db.example.org/main",
            notes='line\nfeed "quoted" \\ \x7f \u2028',
            tags=("work",),
        ),
        NEW_YEAR,
    )
    vault.put(Entry("\U0001f511 api", (Field("value", "s3cret"),)), NEW_YEAR + 1)
    gone = vault.put(Entry("old", (Field("value", "x"),)), NEW_YEAR + 2)
    vault = vault.reopen(vault.to_bytes(NEW_YEAR))
    vault.put(vault.read(first.id), NEW_YEAR + DAY)
    vault = vault.reopen(vault.to_bytes(NEW_YEAR + DAY))
    vault.remove(gone.id, NEW_YEAR + 2 * DAY)
    notebook = {"path": "work/report.ipynb", "entry": first.id}
    vault._index["grants"] = [notebook | {"since": NEW_YEAR + 5, "used": NEW_YEAR + DAY}]
    vault._index["revoked"] = [notebook | {"path": "old.ipynb", "at": NEW_YEAR + 6}]
    return sample(name, vault.to_bytes(NEW_YEAR + 2 * DAY), present(code))


def make_small() -> Sample:
    """As short as can be, but with one of everything."""
    vault, code = create("nacl", PASSPHRASE, cost=CHEAP, random=Drawn("small"))
    entry = vault.put(Entry("a", (Field("v", "x"),)), 1)
    vault._index["deleted"] = [{"id": ident("small: deleted"), "rev": 2, "at": 2}]
    vault._index["grants"] = [{"path": "n", "entry": entry.id, "since": 3, "used": 4}]
    vault._index["revoked"] = [{"path": "m", "entry": entry.id, "at": 5}]
    result = sample("small", vault.to_bytes(6), present(code), tight=True)
    sealed = result.seal_entry(entry.id, 1, stringify(result.entries[entry.id]).encode())
    text = result.with_sealed_entry(entry.id, sealed)
    return sample("small", text.encode(), result.recovery_code, tight=True)


NACL = make("nacl")
AES = make("aes")
SMALL = make_small()
SAMPLES = {sample.name: sample for sample in (NACL, AES, SMALL)}
