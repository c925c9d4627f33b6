"""辖区 (jurisdictions): nation, province, prefecture, county, and whose policy holds where."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from sanyi.kernel.policy import codes
from sanyi.kernel.refusals import RefusedError

NATION = "000000000000"
_FILE = Path(__file__).parent.parent / "data" / "jurisdictions.csv"
_SUFFIX = {2: "0000000000", 4: "00000000", 6: "000000"}


class Level(StrEnum):
    """层级: of a jurisdiction."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"

    @property
    def zh(self) -> str:
        """层级名称: in Chinese."""
        return {"nation": "国家", "province": "省", "prefecture": "市", "county": "县"}[self.value]


class Jurisdictions:
    """辖区表: known jurisdictions by 12-digit code, and the chain of each up to the nation."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._names = {code: (zh, en or zh) for code, zh, en in rows}
        self._provinces = {code[:2] for code in self._names if code != NATION}

    @classmethod
    def load(cls, path: Path | str | None = None) -> Jurisdictions:
        """读取辖区表: a CSV of code, name_zh, name_en; without a path the shipped one (divisions of 2023)."""
        return _shipped() if path is None else _read(Path(path))

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def codes(self) -> tuple[str, ...]:
        """辖区代码: all known ones."""
        return tuple(self._names)

    def chain(self, code: str) -> tuple[str, ...]:
        """辖区链: the code's own county (or what it is) first, then prefecture, province, nation.

        Codes of townships and villages begin with their county. A county that is not listed is derived from its digits
        when its province is known. Refuses a code that is not 12 digits or of no known province.
        """
        if len(code) != 12 or not (code.isascii() and code.isdigit()):
            raise RefusedError(codes.JURISDICTION_MALFORMED(jurisdiction=code))
        if code == NATION:
            return (NATION,)
        if code[:2] not in self._provinces:
            raise RefusedError(codes.JURISDICTION_UNKNOWN(jurisdiction=code))
        heads = [code[:digits] + _SUFFIX[digits] for digits in (6, 4, 2)]
        return (*dict.fromkeys(heads), NATION)

    def level(self, code: str) -> Level:
        """层级: of the jurisdiction the code belongs to."""
        own = self.chain(code)[0]
        if own == NATION:
            return Level.NATION
        if own.endswith(_SUFFIX[2]):
            return Level.PROVINCE
        return Level.PREFECTURE if own.endswith(_SUFFIX[4]) else Level.COUNTY

    def name(self, code: str, language: str = "zh") -> str:
        """辖区名称: of the code, its own digits when it is not listed. Without an English name the Chinese one."""
        zh, en = self._names.get(code, (code, code))
        return en if language.startswith("en") else zh

    def full_name(self, code: str, language: str = "zh") -> str:
        """辖区全称: from the province down, for example 山西省运城市芮城县."""
        chain = [part for part in reversed(self.chain(code)) if part != NATION] or [NATION]
        return ("" if language == "zh" else ", ").join(self.name(part, language) for part in chain)


@cache
def _shipped() -> Jurisdictions:
    return _read(_FILE)


def _read(path: Path) -> Jurisdictions:
    with path.open(encoding="utf-8", newline="") as file:
        return Jurisdictions((row["code"], row["name_zh"], row["name_en"]) for row in csv.DictReader(file))
