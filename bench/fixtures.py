"""Makes what is measured: stores of each size, their rows, and the same entries as peers have them.

python fixtures.py <folder> <passphrase> <size> ...
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from kernel_connector.vault import Cost, Entry, Field, create
from pykeepass import create_database
from pykeepass.entry import Entry as KeePassEntry
from pykeepass.kdbx_parsing import kdf_uuids

_KINDS = ("mail", "database", "bucket", "broker", "cluster", "registry", "tracker", "wiki")
_PLACES = ("berlin", "dakar", "kyoto", "lima", "oslo", "perth", "quito", "turin", "utrecht")


def entries(size: int) -> Iterator[Entry]:
    for number in range(size):
        kind = _KINDS[number % len(_KINDS)]
        place = _PLACES[number % len(_PLACES)]
        yield Entry(
            name=f"{kind}-{place}-{number:05}",
            fields=(Field("value", f"not-a-secret-{number:05}"),),
            user=f"reader{number % 97}",
        )


def make_vault(path: Path, passphrase: str, size: int) -> None:
    vault, _ = create("nacl", passphrase)
    for entry in entries(size):
        vault.put(entry)
    path.write_bytes(vault.to_bytes())
    rows = [asdict(row) for row in vault.rows()]
    path.with_suffix(".json").write_text(json.dumps(rows))


def make_plain(path: Path, size: int) -> None:
    path.write_text(json.dumps([asdict(entry) for entry in entries(size)]))


def make_keepass(path: Path, passphrase: str, size: int) -> None:
    """Argon2id at the cost of our vaults."""
    database = create_database(path, passphrase)
    header = database.kdbx.header.value.dynamic_header
    kdf = header.kdf_parameters.data.dict
    cost = Cost()
    kdf["$UUID"].value = kdf_uuids["argon2id"]
    kdf["M"].value = cost.memory * 1024
    kdf["I"].value = cost.passes
    kdf["P"].value = 1
    group = database.root_group
    for entry in entries(size):
        # Not add_entry, which looks at all that are there already.
        group.append(KeePassEntry(entry.name, entry.user, entry.fields[0].value, kp=database))
    database.save()


def main() -> None:
    folder, passphrase = Path(sys.argv[1]), sys.argv[2]
    sizes = [int(size) for size in sys.argv[3:]]
    for size in sizes:
        make_vault(folder / f"{size}.credentialstore", passphrase, size)
        make_plain(folder / f"{size}.plain.json", size)
        make_keepass(folder / f"{size}.kdbx", passphrase, size)


if __name__ == "__main__":
    main()
