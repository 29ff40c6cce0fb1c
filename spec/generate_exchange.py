"""Writes vectors/exchange.json, the known answers that every implementation gives.

    python spec/generate_exchange.py          write the file
    python spec/generate_exchange.py --check  exit with 1 if the file differs

It needs PyNaCl, and shares no code with any implementation, so that a mistake in one cannot hide
in the vectors. All keys follow from their names: two runs write the same bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from exchange_vectors.forms import base64url, padding, public_keys
from exchange_vectors.prompts import prompts
from exchange_vectors.replies import open_, seal

FILE = Path(__file__).parent / "vectors" / "exchange.json"

ABOUT = {
    "": "Known answers for spec/exchange.md, with one fault in each negative one. Members whose "
    "name ends in Hex are hexadecimal; ids, keys, hashes and replies are base64url, as there.",
    "base64url": "`text` decodes to `bytesHex`, or is refused if that is null.",
    "publicKeys": "Whether a key may be used, by either side (section 1). `fault` is `form` if "
    "the bytes alone tell, `low-order` if it takes the multiplication.",
    "padding": "A message of `length` bytes is padded to `padded` bytes; null: it is too long.",
    "prompts": "What a page makes of `prompt`. `outcome` is `none`: not ours, left alone; "
    "`request`: well-formed, and `request` is what was read, names and fields in NFC; `invalid`: "
    "the status `invalid` is sealed to the id, key and hash in `request`; `unanswerable`: the "
    "plain text credentialstore-error/1 is the reply. `json` is what the marker holds.",
    "seal": "A page with the key `pageSecretHex` and the nonce `nonceHex` answers the JSON "
    "`request` with `body`. `message` is the JSON sealed, with its members in the order of section "
    "3, `reply` the text sent. Long ones are described: the one value is `repeat`, `times` over, "
    "and the reply has `replyLength` characters and the SHA-256 `replySha256`. Where there is an "
    "`error`, nothing is sealed: `key` (low order) or `too-long`. A kernel opens each `reply` with "
    "`kernelSecretHex`, and gets `body`: `outcome` is `granted` or the error it raises.",
    "open": "More of what a kernel makes of a `reply`. `outcome` is `granted`, with `body`; "
    "`ask-again` (rule 4.5); or the error it raises. `rule` is the section that decides.",
}


def generate() -> str:
    vectors = {
        "format": "credentialstore-exchange-vectors/1",
        "about": ABOUT,
        "base64url": base64url(),
        "publicKeys": public_keys(),
        "padding": padding(),
        "prompts": prompts(),
        "seal": seal(),
        "open": open_(),
    }
    return json.dumps(vectors, indent=2) + "\n"


def main() -> int:
    text = generate()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, encoding="ascii", newline="\n")
    elif not FILE.exists() or FILE.read_bytes() != text.encode("ascii"):
        print(f"{FILE} differs; run {Path(__file__).name}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
