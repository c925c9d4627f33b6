"""政策参数册: what a county changes in its folder holds at once, in every process; a slip later changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies

TEXT = """\
{key}:
  name: {{zh: 甲, en: A}}
  unit: count
  values:
    - {{from: 2024-01-01, jurisdiction: "140830000000", value: {value}, basis: "县文〔2024〕1号"}}
"""


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.SANYI_HOME = tmp_path
    (tmp_path / "policy").mkdir()
    policies.forget()
    yield tmp_path / "policy"
    policies.forget()


def write(folder: Path, value: str) -> None:
    """Written beside and put in place, as another process does; the instant of change is a new one."""
    draft = folder / "draft.tmp"
    draft.write_text(TEXT.format(key="county.test.value", value=value), encoding="utf-8")
    moved = folder / "county.yaml"
    later = moved.stat().st_mtime_ns + 1_000_000_000 if moved.exists() else draft.stat().st_mtime_ns
    os.utime(draft, ns=(later, later))
    draft.replace(moved)


def asked() -> Any:
    return policies.book().value("county.test.value", jurisdiction="140830000000", on=date(2025, 1, 1)).value


def test_a_changed_file_holds_at_the_next_question(folder: Path) -> None:
    write(folder, "5")
    assert asked() == 5
    assert "county.test.value" in policies.declarations()
    write(folder, "7")
    assert asked() == 7
    (folder / "county.yaml").unlink()
    with pytest.raises(RefusedError):
        asked()
    assert "county.test.value" not in policies.declarations()


def test_a_slip_in_a_running_site_changes_nothing_and_is_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, "5")
    assert asked() == 5
    write(folder, "not a count")
    assert asked() == 5
    assert "county.yaml" in caplog.text
    write(folder, "6")
    assert asked() == 6


def test_a_slip_before_the_start_is_refused(folder: Path) -> None:
    write(folder, "not a count")
    with pytest.raises(RefusedError):
        policies.book()


def test_the_same_state_is_read_once(folder: Path) -> None:
    write(folder, "5")
    assert policies.book() is policies.book()
