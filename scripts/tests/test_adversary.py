"""What SECURITY.md says was tried, and what `make adversary` runs."""

from __future__ import annotations

from pathlib import Path

import adversary
import pytest
from project import ROOT


def test_each_test_that_the_table_names_is_there() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in adversary.named()}
    assert "ui-tests/tests/adversary/page.spec.ts" in names
    assert "src/crypto/hash.spec.ts" in names
    assert "tests/adversary/test_killed.py" in names


def test_a_name_that_leads_nowhere_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SECURITY.md").write_text("| a | b | `src/gone.spec.ts` | c |")
    monkeypatch.setattr(adversary, "ROOT", tmp_path)
    with pytest.raises(SystemExit):
        adversary.named()


def test_what_single_tests_have_tried_is_added_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = tmp_path / "counts"
    counts.write_text('{"kills": 2, "flips": 1}\n{"kills": 3}\n')
    monkeypatch.setattr(adversary, "COUNTS", counts)
    assert adversary.tallied() == {"kills": 5, "flips": 1}
