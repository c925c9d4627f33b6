"""演示县档案: the figures that shape a demonstration county, read from YAML and checked.

A figure is ``{value, unit, source | assumed: true}``. A county file replaces keys of ``common.yaml`` and
``outpatient.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanyi.demo.codes import COUNTY_UNKNOWN, FIGURE_MISSING, FIGURE_WITHOUT_SOURCE
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.yaml_lines import read_yaml

FOLDER = Path(__file__).parent / "profiles"
COUNTIES = ("ruicheng", "laiyang", "zhangping", "youxi")
_ITSELF = frozenset({"county", "document", "bureaus", "groups", "clinics"})


@dataclass(frozen=True, slots=True)
class Profile:
    """档案: one county's figures, with the table of conditions and the characters of names."""

    short: str
    figures: dict[str, Any]
    structure: dict[str, Any]
    conditions: dict[str, Any]
    names: dict[str, Any]

    @property
    def county_code(self) -> str:
        """县代码: 12 digits."""
        return str(self.structure["county"]["code"])

    @property
    def county_name(self) -> str:
        """县名."""
        return str(self.structure["county"]["name"])

    @property
    def first_day(self) -> date:
        """首日: of the year of stays."""
        return _day(self.figure("window")["from"])

    @property
    def last_day(self) -> date:
        """末日: ages are counted on this day."""
        return _day(self.figure("window")["to"])

    def figure(self, key: str) -> Any:
        """取值: the value of one figure. RefusedError when no file has it."""
        if key not in self.figures:
            raise RefusedError(FIGURE_MISSING(key=key, county=self.short))
        return self.figures[key]["value"]

    def assumed(self) -> list[str]:
        """假设值清单: keys whose figure has no source."""
        return sorted(key for key, figure in self.figures.items() if figure.get("assumed"))


@lru_cache(maxsize=8)
def load(short: str, folder: Path = FOLDER) -> Profile:
    """读取档案: by the short name of the county. RefusedError for an unknown county or a figure without a source."""
    if short not in COUNTIES:
        raise RefusedError(COUNTY_UNKNOWN(county=short, available="、".join(COUNTIES)))
    common = {**_plain(folder / "common.yaml"), **_plain(folder / "outpatient.yaml")}
    own = _plain(folder / f"{short}.yaml")
    figures = {**common, **{key: value for key, value in own.items() if key not in _ITSELF}}
    for key, figure in figures.items():
        if not isinstance(figure, dict) or "value" not in figure or not figure.get("unit"):
            raise RefusedError(FIGURE_MISSING(key=key, county=short))
        if not (figure.get("assumed") or figure.get("source")):
            raise RefusedError(FIGURE_WITHOUT_SOURCE(key=key))
    structure = {key: own[key] for key in own if key in _ITSELF}
    names = {key: figure["value"] for key, figure in _plain(folder / "names.yaml").items()}
    return Profile(short, figures, structure, _plain(folder / "conditions.yaml"), names)


def _plain(path: Path) -> dict[str, Any]:
    content = _numbers(read_yaml(path).plain())
    assert isinstance(content, dict)
    return content


def _numbers(value: Any) -> Any:
    """Shares and curves are shapes, not money: decimals become floats here and nowhere else."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _numbers(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_numbers(child) for child in value]
    return value


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
