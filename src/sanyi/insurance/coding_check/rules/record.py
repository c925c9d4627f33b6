"""病例 (record): what the check reads of one stay; made from a form, an interface call or a row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MINUTES_PER_HOUR = 60
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """一例病案: codes in order, main first; None is what is not known. Ages are those at admission."""

    diagnosis_codes: Codes = ()
    procedure_codes: Codes = ()
    sex: int | None = None
    age_years: int | None = None
    age_days: int | None = None
    newborn_weight_grams: int | None = None
    length_of_stay_days: int | None = None
    total_fen: int | None = None
    icu_minutes: int | None = None
    discharge_way_code: str | None = None
    department_code: str | None = None
    born_on: date | None = None
    admitted_on: date | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Record:
        """由一行生成: codes may be a text joined by ``|`` or ``,`` or a list; other columns of the row are ignored."""
        return cls(
            diagnosis_codes=split_codes(row.get("diagnosis_codes")),
            procedure_codes=split_codes(row.get("procedure_codes")),
            sex=row.get("sex"),
            age_years=row.get("age_years"),
            age_days=row.get("age_days"),
            newborn_weight_grams=row.get("newborn_weight_grams"),
            length_of_stay_days=row.get("length_of_stay_days"),
            total_fen=row.get("total_fen"),
            icu_minutes=row.get("icu_minutes"),
            discharge_way_code=row.get("discharge_way_code"),
            department_code=row.get("department_code"),
            born_on=_day(row.get("born_on")),
            admitted_on=_day(row.get("admitted_on")),
        )

    @property
    def age(self) -> int | None:
        """分组用年龄: a child under one year has days and no years in the form; its age is 0."""
        return 0 if self.age_years is None and self.age_days is not None else self.age_years

    def grouping_facts(self) -> dict[str, Any]:
        """分组所用事实: in the columns that the grouper reads."""
        return {
            "sex": self.sex,
            "age": self.age,
            "age_days": self.age_days,
            "weight": self.newborn_weight_grams,
            "dept": self.department_code,
            "los": self.length_of_stay_days,
            "leaving": self.discharge_way_code,
            "dx": "|".join(self.diagnosis_codes),
            "px": "|".join(self.procedure_codes),
            "icu_hours": None if self.icu_minutes is None else self.icu_minutes // MINUTES_PER_HOUR,
        }


def split_codes(given: str | Iterable[str] | None) -> Codes:
    """切分编码: at ``|`` and ``,`` as the grouper does; nothing is trimmed, an empty place stays an empty code."""
    if given is None:
        return ()
    text = given if isinstance(given, str) else "|".join(given)
    return tuple(text.replace(",", "|").split("|")) if text else ()


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
