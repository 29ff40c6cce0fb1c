"""Writes vectors/vault.json, the known answers that every implementation of vault.md gives.

    python spec/generate_vault.py          write the file
    python spec/generate_vault.py --check  exit with 1 if the file differs

It asks clients/python, and needs PyNaCl and cryptography. All randomness follows from names: two
runs write the same bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SPEC = Path(__file__).resolve().parent
sys.path.insert(0, str(SPEC.parent / "clients" / "python"))

from vault_vectors import faults, files, forms, merges, pins  # noqa: E402

FILE = SPEC / "vectors" / "vault.json"

ABOUT = {
    "": "Known answers for spec/vault.md, with one fault in each negative one. Members whose name "
    "ends in Hex are hexadecimal; ids, digests, salts, wraps and sealed texts are base64url, as "
    "there. A refusal is null, or an `error` of section 4 or 8.",
    "canonical": "Whether `text`, or `textHex`, is canonical JSON (section 1).",
    "recoveryCodes": "16 bytes as they are shown (section 4).",
    "typedCodes": "What is `typed` stands for `codeHex`, or is mistyped if that is null.",
    "passphrases": "The bytes that are derived from; null: no store has this passphrase.",
    "argon2id": "`ikmHex` is derived from `passphrase`. memory: KiB.",
    "subkeys": "subkey(label) of section 4, with the `info` of HKDF.",
    "macs": "`mac` over the bytes of `header`.",
    "wraps": "From a secret to the `wrap` of a slot, by way of `ikmHex` and `wrappingKeyHex`; it "
    "holds `vaultKeyHex` under `nonceHex`.",
    "sealed": "`sealedHex` opens under `keyHex` to `textHex`, or not if that is null.",
    "padding": "What is `length` bytes long is padded to `padded` bytes (section 5).",
    "unpadding": "`paddedHex` holds `textHex`, or is damaged if that is null.",
    "files": "Whole files by name: `text`, and all that there is between the secrets and the "
    "entries. `index`, and the `text` of each entry, is the sealed JSON. Most others start here.",
    "open": "`error` is what opening the file with the secret gives; null: it opens, and so do all "
    "entries. With `entry`, the error is of that entry, and may come when it is read or sooner. "
    "The file is `text` or `hex`; or the text of `files[of]`, all ASCII, with `edits`, ascending: "
    "the characters from the first number up to the second are replaced by the third member (in "
    "`editsHex`, it is hexadecimal). Without `secret`, it is the recoveryCode of `files[of]`, or "
    "of `files.nacl`, which costs no Argon2id.",
    "mergeDefaults": "For short, a row of `entries` in `merge` lacks what is in `row`; `base`, "
    "`mine` and `theirs` lack what is in `side`, and `result` its empty lists. All happen at "
    "`now`, and new ids are taken from `newIds` in the order in which copies are named.",
    "merge": "Section 8 as a function of three indices. `result` may be in any order. `from` and "
    "`of`: whose entry it is, and the id it had there; `sealed` is false if its text is taken as "
    "it is. With `error`, theirs is refused by the header of its file, before it is opened.",
    "mergeFiles": "The same with whole files, each as in `open`: base and mine with the "
    "recoveryCode, theirs with `secret`. `entries` are the texts of the result. `reopen` is what "
    "theirs gives with the vault key of mine, if that fails; then it is opened with its secret.",
    "pins": "What somebody who remembers `pin` says of a file with `header` (section 9). `same` "
    "and `later` are no warning.",
}


def generate() -> str:
    vectors = {
        "format": "credentialstore-vault-vectors/1",
        "about": ABOUT,
        "canonical": forms.canonical_json(),
        "recoveryCodes": forms.recovery_codes(),
        "typedCodes": forms.typed_codes(),
        "passphrases": forms.passphrases(),
        "argon2id": forms.derivations(),
        "subkeys": forms.subkeys(),
        "macs": forms.macs(),
        "wraps": forms.wraps(),
        "sealed": forms.sealed_texts(),
        "padding": forms.paddings(),
        "unpadding": forms.unpaddings(),
        "files": files.files(),
        "open": faults.opening(),
        **merges.merges(),
        "mergeFiles": merges.merge_files(),
        "pins": pins.pins(),
    }
    return _dump(vectors)


def _dump(sections: dict[str, Any]) -> str:
    """JSON with a line for each vector."""
    lines = []
    for name, section in sections.items():
        if isinstance(section, dict):
            parts = [f"{json.dumps(key)}: {_line(value)}" for key, value in section.items()]
            text = "{\n" + ",\n".join(parts) + "\n}"
        elif isinstance(section, list):
            text = "[\n" + ",\n".join(map(_line, section)) + "\n]"
        else:
            text = json.dumps(section)
        lines.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


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
