"""Cryptography comes from our own packages: which of them there are, and who may import them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = json.loads((ROOT / "package.json").read_text())

#: What comes from Lab's page and is shared with it.
OF_THE_PAGE = ("@jupyterlab/", "@lumino/", "react")
PRIVATE = sorted(name for name in PACKAGE["dependencies"] if not name.startswith(OF_THE_PAGE))
CRYPTOGRAPHY = [name for name in PRIVATE if not name.startswith("@zxcvbn-ts/")]

LINT = """
import { Linter } from 'eslint';
import config from './eslint.config.mjs';
const { local } = config.find(({ plugins }) => plugins?.local).plugins;
const [filename, code] = process.argv.slice(1);
const found = new Linter().verify(
  code,
  [{ files: ['**/*.ts'], plugins: { local }, rules: { 'local/layers': 'error' } }],
  { filename }
);
process.stdout.write(JSON.stringify(found));
"""


def complaints(file: str, *code: str) -> list[str]:
    command = ["node", "--input-type=module", "--eval", LINT, file, "\n".join(code)]
    found = json.loads(subprocess.check_output(command, cwd=ROOT, text=True))
    return [fault["message"] for fault in found]


def imports(package: str) -> list[str]:
    return [f'import "{package}";', f'export * from "{package}/part.js";', f'import("{package}");']


@pytest.mark.parametrize("folder", ["vault", "exchange", "custodian", "panel"])
def test_no_folder_but_crypto_imports_a_cryptographic_package(folder: str) -> None:
    assert len(CRYPTOGRAPHY) >= 5
    code = [line for package in CRYPTOGRAPHY for line in imports(package)]
    refused = ["Only src/crypto imports a cryptographic library."]
    assert complaints(f"src/{folder}/made-up.ts", *code) == refused * len(code)


def test_crypto_imports_them_and_the_panel_its_strength_meter() -> None:
    assert complaints("src/crypto/made-up.ts", *imports("@phi-ag/argon2")) == []
    assert complaints("src/panel/made-up.ts", *imports("@zxcvbn-ts/core")) == []


def test_what_is_not_the_page_s_is_kept_out_of_its_share_scope() -> None:
    assert PACKAGE["jupyterlab"]["sharedPackages"] == dict.fromkeys(PRIVATE, False)
