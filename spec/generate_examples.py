"""Writes examples.md: one exchange and one vault file, with every value in between.

    python spec/generate_examples.py          write the file
    python spec/generate_examples.py --check  exit with 1 if the file differs

The randomness follows from names, as in the vectors: two runs write the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

SPEC = Path(__file__).resolve().parent
sys.path.insert(0, str(SPEC.parent / "clients" / "python"))

from exchange_vectors import common as exchange  # noqa: E402
from kernel_connector.protocol import Request, Want  # noqa: E402
from kernel_connector.vault import Entry, Field, create  # noqa: E402
from kernel_connector.vault import keys as derive  # noqa: E402
from kernel_connector.vault.padding import entry_size, index_size, pad  # noqa: E402
from kernel_connector.vault.recovery_code import parse as parse_code  # noqa: E402
from kernel_connector.vault.suites import SUITES, open_sealed  # noqa: E402
from nacl import bindings  # noqa: E402
from vault_vectors.common import CHEAP, NEW_YEAR, Drawn, b64u, present, unb64u  # noqa: E402

FILE = SPEC / "examples.md"
WIDTH = 96
PASSPHRASE = "correct horse"  # noqa: S105

HEAD = """# Worked examples

One exchange ([exchange.md](exchange.md)) and one vault file ([vault.md](vault.md)), with every
value in between. Bytes are hexadecimal, with their number behind the name; texts stand as they are,
and long ones go on in the next line. `python spec/generate_examples.py` writes this page from the
Python implementation.
"""


def block(name: str, value: bytes | str) -> str:
    """A named value. Bytes in hexadecimal, texts as they are; long ones over several lines."""
    size = f" ({len(value)} bytes)" if isinstance(value, bytes) else ""
    text = value.hex() if isinstance(value, bytes) else value
    lines = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)] or [""]
    return f"{name}{size}\n\n```text\n" + "\n".join(lines) + "\n```\n"


def shown(name: str, padded: bytes, size: int) -> str:
    """Padded bytes: the zeros behind the mark are counted, not shown."""
    rest = len(padded) - size
    return block(f"{name}, then {rest} zeros", padded[:size])


def exchange_example() -> list[str]:
    request = Request(
        [Want("db")],
        "load the March figures",
        secret_key=exchange.KERNEL_SECRET,
        request_id=exchange.ID,
    )
    request_hash = hashlib.sha256(request.json).digest()
    message = json.dumps(
        {
            "v": 1,
            "id": b64u(exchange.ID),
            "hash": b64u(request_hash),
            "kernel": b64u(exchange.KERNEL),
            "page": b64u(exchange.PAGE),
            "status": "granted",
            "values": ["hunter2"],
        },
        separators=(",", ":"),
    ).encode()
    padded = pad(message, 1024)
    shared = bindings.crypto_scalarmult(exchange.PAGE_SECRET, exchange.KERNEL)
    key = bindings.crypto_box_beforenm(exchange.KERNEL, exchange.PAGE_SECRET)
    box = bindings.crypto_box_afternm(padded, exchange.NONCE, key)
    reply = b64u(b"\1" + exchange.ID + exchange.PAGE + exchange.NONCE + box)
    if request.open(reply).values != ("hunter2",):
        raise AssertionError("the kernel does not open it")
    return [
        "## An exchange\n",
        "The kernel asks for “db”. Its secret key and the request's id are random:\n",
        block("Secret key of the kernel", exchange.KERNEL_SECRET),
        block("Public key of the kernel", exchange.KERNEL),
        block("Request id", exchange.ID),
        block("JSON of the request", request.json.decode()),
        block("Request hash", request_hash),
        block("Prompt of the `input_request`", request.prompt),
        "The page grants it. Its key pair and the nonce are random:\n",
        block("Secret key of the page", exchange.PAGE_SECRET),
        block("Public key of the page", exchange.PAGE),
        block("Nonce", exchange.NONCE),
        block("X25519 of the page's secret and the kernel's public key; not all zeros", shared),
        block("Key of the box: HSalsa20 of it", key),
        block("JSON of the message", message.decode()),
        shown("Padded message", padded, len(message) + 1),
        block("Value of the `input_reply`", reply),
    ]


def vault_example() -> list[str]:
    suite = SUITES["nacl"]
    vault, code = create("nacl", PASSPHRASE, cost=CHEAP, random=Drawn("example"))
    entry = vault.put(
        Entry("db", (Field("value", "hunter2"),), user="readonly", tags=("work",)), now=NEW_YEAR
    )
    data = vault.to_bytes(now=NEW_YEAR)
    file = json.loads(data)
    header = json.loads(file["header"])
    vault_id = unb64u(header["vault"])
    passphrase, recovery = header["slots"]
    secret = present(derive.passphrase_bytes(PASSPHRASE))
    ikm = derive.passphrase_ikm(secret, unb64u(passphrase["salt"]), CHEAP.memory, CHEAP.passes)
    wrapping = derive.wrapping_key(ikm, vault_id, suite, unb64u(passphrase["id"]))
    key = present(open_sealed(suite, wrapping, unb64u(passphrase["wrap"])))
    code_bytes = parse_code(present(code))
    code_ikm = derive.recovery_ikm(code_bytes, unb64u(recovery["salt"]))
    code_wrapping = derive.wrapping_key(code_ikm, vault_id, suite, unb64u(recovery["id"]))
    if open_sealed(suite, code_wrapping, unb64u(recovery["wrap"])) != key:
        raise AssertionError("the recovery code does not open it")
    entry_key = derive.subkey(key, vault_id, suite, derive.entry_label(unb64u(entry.id), 1))
    sealed_entry = file["entries"][entry.id]
    padded_entry = present(open_sealed(suite, entry_key, unb64u(sealed_entry)))
    entry_text = padded_entry.rstrip(b"\0")[:-1]
    index_key = derive.subkey(key, vault_id, suite, b"index")
    padded_index = present(open_sealed(suite, index_key, unb64u(file["index"])))
    index_text = padded_index.rstrip(b"\0")[:-1]
    if (len(padded_entry), len(padded_index)) != (
        entry_size(len(entry_text)),
        index_size(len(index_text)),
    ):
        raise AssertionError("another padding")
    return [
        "## A vault file\n",
        "Suite `nacl`, one entry, the cheapest cost that is allowed. Random are the ids, the "
        "salts, the vault key, the recovery code and the nonces (the first 24 bytes of what is "
        "sealed).\n",
        block("Passphrase", PASSPHRASE),
        block("Argon2id of it, with the salt of the slot", ikm),
        block("Wrapping key", wrapping),
        block("Wrap", unb64u(passphrase["wrap"])),
        block("Vault key: what the wrap holds", key),
        block("Recovery code", present(code)),
        block("Its bytes", code_bytes),
        block("HKDF of them, with the salt of the slot", code_ikm),
        block("Wrapping key of the recovery slot", code_wrapping),
        block("Wrap of the recovery slot", unb64u(recovery["wrap"])),
        block("Key of the entry, revision 1", entry_key),
        block("JSON of the entry", entry_text.decode()),
        shown("Padded entry", padded_entry, len(entry_text) + 1),
        block("Entry in the file", sealed_entry),
        block("Digest of that text", hashlib.sha256(sealed_entry.encode()).digest()),
        block("Key of the index", index_key),
        block("JSON of the index", index_text.decode()),
        shown("Padded index", padded_index, len(index_text) + 1),
        block("Digest of the index's text", hashlib.sha256(file["index"].encode()).digest()),
        block("Header", file["header"]),
        block("Key of the header", derive.subkey(key, vault_id, suite, b"header")),
        block("mac", unb64u(file["mac"])),
        block("The file, with a line feed at its end", data.decode().rstrip("\n")),
    ]


def generate() -> str:
    return "\n".join([HEAD, *exchange_example(), *vault_example()])


def main() -> None:
    text = generate()
    if "--check" in sys.argv:
        raise SystemExit(FILE.read_text(encoding="utf-8") != text)
    FILE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
