"""Values that documents report of earlier years: read with every mistake named, changes kept apart from values."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanyi.governance.indicators.codes import refusals
from sanyi.governance.indicators.rules.history import read_history
from sanyi.kernel.refusals import RefusalKind, RefusedError

GOOD = """
- code: health.life_expectancy
  place: zhangping
  jurisdiction: "350881000000"
  year: 2015
  value: 77.04
  unit: 岁
  printed: 2015年77.04岁
  citation: {document: "004", clause: 一, quote: 2015年77.04岁}
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "place.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_reported_value_is_read_exactly(tmp_path: Path) -> None:
    (one,) = read_history([_file(tmp_path, GOOD)], ())
    assert (one.year, one.value_e6, one.part, one.is_change) == (2015, 77_040_000, "", False)


def test_a_change_is_no_value_of_its_year(tmp_path: Path) -> None:
    (one,) = read_history([_file(tmp_path, GOOD + "  since_year: 2010\n")], ())
    assert (one.since_year, one.is_change) == (2010, True)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("  year: 2015\n", "", refusals.FIELD_WRONG),
        ("  value: 77.04\n", "", refusals.FIELD_MISSING),
        ("  unit: 岁", "  colour: red", refusals.FIELD_UNKNOWN),
        ("health.life_expectancy", "health.nothing", refusals.INDICATOR_UNKNOWN),
        ('  citation: {document: "004", clause: 一, quote: 2015年77.04岁}', "", refusals.ASSUMED_WITHOUT_BASIS),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, kind: RefusalKind) -> None:
    with pytest.raises(RefusedError) as caught:
        read_history([_file(tmp_path, GOOD.replace(old, new))], ("health.life_expectancy",))
    assert kind.code in {refusal.code for refusal in caught.value.refusals}
