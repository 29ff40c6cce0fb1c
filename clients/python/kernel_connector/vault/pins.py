"""What is remembered of the last file that was opened (spec/vault.md section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import base64url
from .file import File
from .keys import sha256

Verdict = Literal["same", "later", "other-vault", "rolled-back", "forked"]


@dataclass(frozen=True)
class Pin:
    """No secret. vault: its id. digest: base64url of SHA-256 over the header."""

    vault: str
    epoch: int
    generation: int
    digest: str


def pin_of(file: File) -> Pin:
    return Pin(
        file.header["vault"],
        file.header["epoch"],
        file.header["generation"],
        base64url.encode(sha256(file.header_bytes)),
    )


def compare(old: Pin, new: Pin) -> Verdict:
    """What a file is to somebody who remembers another. The last three are for the person to
    decide on."""
    if new.vault != old.vault:
        return "other-vault"
    if new.epoch < old.epoch or new.generation < old.generation:
        return "rolled-back"
    if new.epoch > old.epoch:
        return "later"
    return "same" if new == old else "forked"
