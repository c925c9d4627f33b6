"""单位 (units): what a policy value counts, read from ``kernel/data/units.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sanyi.kernel.yaml_lines import read_yaml

_FILE = Path(__file__).parent.parent / "data" / "units.yaml"


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: its kind is ``integer``, ``text``, ``date``, ``boolean`` or ``table``."""

    code: str
    zh: str
    en: str
    kind: str
    minimum: int | None = None
    maximum: int | None = None
    endings: tuple[str, ...] = ()


class Units:
    """单位表: known units by code."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.code: unit for unit in units}

    @classmethod
    def load(cls, path: Path | str | None = None) -> Units:
        """读取单位表: the shipped one without a path."""
        return _shipped() if path is None else _read(Path(path))

    def get(self, code: str) -> Unit | None:
        """单位: by code, None when unknown."""
        return self._units.get(code)

    def codes(self) -> tuple[str, ...]:
        """单位代码: all of them."""
        return tuple(self._units)

    def owners_of_ending(self, key: str) -> tuple[str, ...]:
        """名称要求的单位: the units a key of this name may carry; empty when the name asks for none."""
        return tuple(unit.code for unit in self._units.values() if any(key.endswith(end) for end in unit.endings))


@cache
def _shipped() -> Units:
    return _read(_FILE)


def _read(path: Path) -> Units:
    rows = read_yaml(path).plain()
    return Units(Unit(code, **{**fields, "endings": tuple(fields.get("endings", ()))}) for code, fields in rows.items())
