"""编码限制检查: codes for one sex or one age, a main procedure that is not for the main diagnosis, repetition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sanyi.insurance.coding_check.codes import diagnosis, procedure
from sanyi.insurance.coding_check.codes.kind import DIAGNOSES, PROCEDURES, Finding, FindingKind, Severity
from sanyi.insurance.coding_check.rules.person import NEWBORN_DAYS_MAX
from sanyi.insurance.coding_check.rules.record import Record
from sanyi.insurance.coding_check.rules.scheme_facts import FEMALE, MALE
from sanyi.insurance.coding_check.rules.stay import Stay
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.tables import SEX_EN, SEX_ZH, limits

_JUDGED = re.compile(r"[A-Z][0-9]{2}\.[0-9]")
_AGE_GROUPS = {
    "newborn": ("新生儿（28天以内）", "newborns (up to 28 days)"),
    "infant": ("婴儿（不足1周岁）", "infants (under one year)"),
}
_RULE_TABLE = ("规则库列明的诊断", "diagnoses listed in the rule base")


def sex_findings(stay: Stay, thresholds: Thresholds) -> Iterator[Finding]:
    """性别冲突: of diagnoses, then of procedures; an unknown sex is not held against anything."""
    sex = stay.record.sex
    if sex not in (MALE, FEMALE):
        return
    for position, (code, number) in enumerate(zip(stay.record.diagnosis_codes, stay.dx, strict=True), start=1):
        limit = _diagnosis_sex(stay, code, number, thresholds)
        if limit.sex and limit.sex != sex:
            severity = Severity.REFUSE if position == 1 or limit.is_certain else Severity.WARN
            yield diagnosis.SEX_CONFLICT(DIAGNOSES, position, code, severity, **limit.words(sex))
    for position, code in enumerate(stay.record.procedure_codes, start=1):
        found = _procedure_sex().get(code)
        if found is not None and found.sex != sex:
            yield procedure.SEX_CONFLICT(PROCEDURES, position, code, **found.words(sex))


@dataclass(frozen=True, slots=True)
class SexLimit:
    """性别限制: the sex (0: none), the table that says so, and whether that holds wherever the code stands."""

    sex: int
    table: str
    table_en: str
    is_certain: bool = True

    def words(self, sex: int) -> dict[str, str]:
        """句中用词."""
        return {
            "limit": SEX_ZH[self.sex],
            "limit_en": SEX_EN[self.sex],
            "sex": SEX_ZH[sex],
            "sex_en": SEX_EN[sex],
            "table": self.table,
            "table_en": self.table_en,
        }


def _diagnosis_sex(stay: Stay, code: str, number: int, thresholds: Thresholds) -> SexLimit:
    """Rule base first, then the chapter of pregnancy, then the scheme's lists of MDCM and MDCN."""
    listed = _diagnosis_limits().get(code, (None, None))[0]
    if listed:
        return SexLimit(listed, *_RULE_TABLE)
    for part in thresholds.pregnancy_ranges:
        if part.holds(code):
            return SexLimit(FEMALE, part.basis, part.basis)
    sex = stay.scheme.sex_of.get(number, 0)
    mdc = "MDCM" if sex == MALE else "MDCN"
    table = f"{stay.scheme.name_zh}{mdc}主诊表"
    return SexLimit(sex, table, f"{stay.scheme.name_en}, list of {mdc}", is_certain=False)


def age_findings(record: Record) -> Iterator[Finding]:
    """年龄冲突: diagnoses of newborns and infants in older patients."""
    age = record.age
    if age is None:
        return
    for position, code in enumerate(record.diagnosis_codes, start=1):
        group = _diagnosis_limits().get(code, (None, None))[1]
        if group is None:
            continue
        days = record.age_days
        is_newborn = age == 0 and (days is None or days <= NEWBORN_DAYS_MAX)
        if (group == "newborn" and is_newborn) or (group == "infant" and age == 0):
            continue
        zh, en = _AGE_GROUPS[group]
        words = (f"{days}天", f"{days} days") if age == 0 else (f"{age}岁", f"{age} years")
        yield diagnosis.AGE_CONFLICT(DIAGNOSES, position, code, limit=zh, limit_en=en, age=words[0], age_en=words[1])


def conflict_findings(record: Record) -> Iterator[Finding]:
    """诊断与手术操作矛盾: the main ones only, as the rule is about these; by three-character category.

    A diagnosis without a fourth digit (K37.x00) is not judged, because the extract of the rule base lost such codes.
    """
    if not record.diagnosis_codes or not record.procedure_codes:
        return
    main, operation = record.diagnosis_codes[0], record.procedure_codes[0]
    categories = _categories_of_procedure().get(operation)
    if categories is None or not _JUDGED.match(main) or main[:3] in categories:
        return
    yield procedure.CONFLICT(PROCEDURES, 1, operation, main=main)


def repetition_findings(stay: Stay) -> Iterator[Finding]:
    """重复: a main diagnosis among the others may count as its own complication, which is said."""
    codes, scheme = stay.record.diagnosis_codes, stay.scheme
    main = stay.main
    for position, code in enumerate(codes[1:], start=2):
        if code and code == main:
            number = stay.dx[0]
            own = scheme.exclusion.get(number)
            level = "MCC" if counts(scheme.mcc, number, own) else "CC" if counts(scheme.cc, number, own) else ""
            zh, en = (f"，会被分组器当作{level}", f" and may count as a {level}") if level else ("", "")
            words = {"effect": zh, "effect_en": en, "scheme": scheme.name_zh, "scheme_en": scheme.name_en}
            yield diagnosis.MAIN_REPEATED(DIAGNOSES, position, code, **words)
    yield from _repeated(codes[1:], DIAGNOSES, diagnosis.REPEATED, 2, skip=main)
    yield from _repeated(stay.record.procedure_codes, PROCEDURES, procedure.REPEATED, 1, skip="")


def counts(table_of: Mapping[int, int], number: int, own: int | None) -> bool:
    """是否计入: an MCC or CC counts unless its exclusion table is that of the main diagnosis."""
    table = table_of.get(number)
    return table is not None and table != own


def _repeated(codes: Sequence[str], column: str, kind: FindingKind, start: int, skip: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for position, code in enumerate(codes, start=start):
        if not code or code == skip:
            continue
        if code in first:
            yield kind(column, position, code, first=first[code])
        else:
            first[code] = position


@cache
def _diagnosis_limits() -> dict[str, tuple[int | None, str | None]]:
    return {code: (sex, group) for code, sex, group in limits("diagnosis_limit").iter_rows()}


@cache
def _procedure_sex() -> dict[str, SexLimit]:
    found = {}
    for code, sex, chapter in limits("procedure_sex").iter_rows():
        zh = f"医保手术操作分类与代码（医保版2.0）{chapter}" if chapter else "规则库列明的手术操作"
        en = f"insurance list of procedures, {chapter}" if chapter else "procedures listed in the rule base"
        found[code] = SexLimit(sex, zh, en)
    return found


@cache
def _categories_of_procedure() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for operation, diagnosed in limits("procedure_diagnosis").iter_rows():
        found.setdefault(operation, set()).add(diagnosed[:3])
    return {operation: frozenset(categories) for operation, categories in found.items()}
