"""目录文件读取: sheets to the rows of a catalogue; every mistake becomes a finding with its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from sanyi.insurance.dip.codes import RowKind, Treatment
from sanyi.insurance.dip.codes import findings as codes
from sanyi.insurance.dip.rules.matching import core_code, mixed_code
from sanyi.insurance.dip.rules.reference import category_names, procedure_names, procedure_ranks
from sanyi.insurance.dip.rules.rows import mixed_name
from sanyi.insurance.dip.rules.scoring import E4, E6
from sanyi.insurance.dip.rules.steps import StepRule
from sanyi.insurance.dip.tables import forms
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import Refusal, RefusalKind

LISTED_MAX = 500
NOTE_COLUMN, OVERVIEW = "错误说明", "检查结果"
_CATEGORY = re.compile(r"[A-Z][0-9][0-9](?:\.[0-9x])?(?:#\w{1,12})?")
_CODE = re.compile(r"[A-Z][0-9][0-9](?:\.[0-9x][0-9A-Za-z.*+]*)?")
_SECTION = re.compile(r"[A-Z][0-9][0-9](?:-[A-Z][0-9][0-9])?")
_PROCEDURE = re.compile(r"[0-9]{2}\.[0-9x]{1,5}(?:x[0-9]{2,3})?(?:x[0-9]{3})?")
_UNIT = re.compile(r"[（(][^（）()]*[）)]$")
_MARK = "\x00"
_RANKS = {"conservative": 0, "diagnostic": 1, "therapeutic": 2, "surgery": 3}
Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """工作表: its name and rows, numbered as Excel shows them."""

    name: str
    rows: Sequence[tuple[int, Cells]]


@dataclass(slots=True)
class Draft:
    """读取结果: rows of the catalogue, means, severity codes, rules, findings; ``places`` columns by sheet."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    means: list[tuple[str, int, int | None, int]] = field(default_factory=list)
    moderate: list[str] = field(default_factory=list)
    severe: list[str] = field(default_factory=list)
    rules: list[StepRule] = field(default_factory=list)
    findings: list[Refusal] = field(default_factory=list)
    places: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, kind: RefusalKind, sheet: str, row: int | None = None, column: str = "", **values: Any) -> None:
        """记下一处."""
        self.findings.append(kind(**values).at(sheet=sheet, row=row, column=column or None))

    @property
    def error_count(self) -> int:
        """错误数: what refuses the file."""
        return sum(one.code not in codes.WARNINGS for one in self.findings)


def read_draft(sheets: Iterable[Sheet], scale: int) -> Draft:
    """读取: the sheet of diseases (the first whose header has a column of main diagnoses), severity codes, rules.

    ``scale`` makes scores of RW where a row has no score.
    """
    draft, known = Draft(), list(sheets)
    named = {sheet.name.strip(): sheet for sheet in known}
    special = {forms.SEVERITY_SHEET: _read_severities, forms.RULE_SHEET: _read_rules}
    diseases = next((one for one in known if one.name.strip() not in special and _is_diseases(one)), None)
    if diseases is None:
        names = "、".join(column.zh for column in forms.DISEASES)
        draft.add(codes.CATALOGUE_SHEET_MISSING, known[0].name if known else "", names=names)
    else:
        _Diseases(diseases, draft, scale).read()
    for name, read in special.items():
        if name in named:
            read(named[name], draft)
    for sheet in known:
        if sheet is not diseases and sheet.name.strip() not in (*special, OVERVIEW) and sheet.rows:
            draft.add(codes.SHEET_UNKNOWN, sheet.name, name=sheet.name)
    return draft


def plain(text: str | None) -> str:
    """去空白: a cell as it is judged."""
    return (text or "").strip(" \t\r\n\u3000\u00a0").removeprefix(_MARK)


def _label(text: str | None) -> str:
    return _UNIT.sub("", plain(text).replace(" ", "").replace("\n", "")).strip("*＊")


def _filled(sheet: Sheet) -> list[tuple[int, Cells]]:
    return [(number, cells) for number, cells in sheet.rows if any(plain(cell) for cell in cells)]


def _is_diseases(sheet: Sheet) -> bool:
    filled = _filled(sheet)
    names = next(column.known for column in forms.DISEASES if column.name == "category")
    return bool(filled) and any(_label(cell) in names for cell in filled[0][1])


def _columns(sheet: Sheet, columns: Sequence[forms.FormColumn], draft: Draft) -> dict[str, int]:
    """Where each column stands, counted from 0."""
    found: dict[str, int] = {}
    filled = _filled(sheet)
    number, header = filled[0] if filled else (1, ())
    for place, cell in enumerate(header):
        label = _label(cell)
        column = next((one for one in columns if label in one.known), None)
        if column is None:
            if label and not label.startswith(NOTE_COLUMN):
                draft.add(codes.COLUMN_UNKNOWN, sheet.name, number, label, label=label)
        elif column.name in found:
            first = plain(header[found[column.name]])
            draft.add(codes.COLUMN_TWICE, sheet.name, number, column.zh, label=column.zh, first=first, second=label)
        else:
            found[column.name] = place
    draft.places[sheet.name] = found
    return found


def _values(cells: Cells, places: Mapping[str, int]) -> dict[str, str]:
    return {name: plain(cells[place]) if place < len(cells) else "" for name, place in places.items()}


class _Diseases:
    """Reads the sheet of diseases."""

    def __init__(self, sheet: Sheet, draft: Draft, scale: int) -> None:
        self.sheet, self.draft, self.scale = sheet, draft, scale
        self.places = _columns(sheet, forms.DISEASES, draft)
        self.labels = {column.name: column.zh for column in forms.DISEASES}
        self.seen: dict[tuple[str, str, str, str], int] = {}
        self.codes: dict[str, int] = {}
        self.is_right = True

    def read(self) -> None:
        """All rows; a row with a mistake is left out, the mistake said."""
        rows = _filled(self.sheet)[1:]
        if not rows:
            self.draft.add(codes.ROWS_MISSING, self.sheet.name)
        for number, cells in rows:
            self.is_right = True
            self._row(number, _values(cells, self.places))
        without = sum(row["score_e4"] is None for row in self.draft.rows)
        if without:
            self.draft.add(codes.SCORE_MISSING, self.sheet.name, count=without)
        if not set(self.places) & set(forms.TIERS):
            self.draft.add(codes.MEAN_MISSING, self.sheet.name)

    def _row(self, number: int, values: dict[str, str]) -> None:
        kind_word = values.get("kind", "")
        kind = forms.KIND_WORDS.get(kind_word) if kind_word else self._guessed(values)
        if kind is None:
            self._wrong(codes.CHOICE_WRONG, number, "kind", value=kind_word, choices="核心、综合、先期分组")
            return
        category = self._category(number, values.get("category", ""), kind)
        main, related = self._procedures(number, values) if kind is RowKind.CORE else ("", "")
        treatment = self._treatment(number, values.get("treatment", ""), kind, main, related)
        score, weight = self._score(number, values)
        is_basic = kind_word in forms.BASIC_WORDS or self._yes(number, values.get("is_basic", ""))
        means = {tier: self._fen(number, values.get(name, ""), name) for name, tier in forms.TIERS.items()}
        code = values.get("row") or self._code(kind, category, main, related, treatment)
        key = (kind.value, category, main or (treatment or ""), related)
        if not self.is_right or self._is_repeated(number, code, key):
            return
        self.seen[key] = self.codes[code] = number
        name = values.get("name") or self._name(values, kind, category, main, related, treatment)
        self.draft.rows.append({
            "row": code, "kind": kind.value, "name": name[:500], "category": category, "main_procedure": main,
            "related": related, "treatment": treatment, "score_e4": score, "weight_e6": weight, "is_basic": is_basic,
        })  # fmt: skip
        self.draft.means += [(code, tier, None, fen) for tier, fen in means.items() if fen is not None]

    def _wrong(self, kind: RefusalKind, number: int, column: str, **values: Any) -> None:
        self.is_right = False
        label = self.labels[column]
        self.draft.add(kind, self.sheet.name, number, label, **({"label": label} | values))

    def _guessed(self, values: dict[str, str]) -> RowKind:
        return RowKind.MIXED if "-" in values.get("category", "") else RowKind.CORE

    def _category(self, number: int, text: str, kind: RowKind) -> str:
        if not text:
            self._wrong(codes.VALUE_MISSING, number, "category")
            return ""
        if kind is RowKind.PRE:
            return text
        if kind is RowKind.MIXED:
            if not _SECTION.fullmatch(text):
                self._wrong(codes.DIAGNOSIS_WRONG, number, "category", value=text)
            return text
        if _CATEGORY.fullmatch(text):
            return text if len(text) > 3 else f"{text}.x"
        if not _CODE.fullmatch(text):
            self._wrong(codes.DIAGNOSIS_WRONG, number, "category", value=text)
            return ""
        label = self.labels["category"]
        self.draft.add(codes.DIAGNOSIS_CUT, self.sheet.name, number, label, value=text, category=text[:5])
        return text[:5]

    def _procedures(self, number: int, values: dict[str, str]) -> tuple[str, str]:
        main_text, related_text = values.get("main_procedure", ""), values.get("related", "")
        main = [] if main_text.lower() in forms.NONE_WORDS else _split(main_text)
        related = [] if related_text.lower() in forms.NONE_WORDS else _split(related_text)
        for column, found in (("main_procedure", main), ("related", related)):
            for code in found:
                if not _PROCEDURE.fullmatch(code) and code not in procedure_ranks():
                    self._wrong(codes.PROCEDURE_WRONG, number, column, value=code)
        if related and not main:
            self._wrong(codes.VALUE_MISSING, number, "main_procedure")
        others = sorted({*main[1:], *related} - set(main[:1]))
        return (main[0] if main else ""), "+".join(others)

    def _treatment(self, number: int, text: str, kind: RowKind, main: str, related: str) -> str | None:
        if kind is RowKind.PRE:
            return None
        if text in forms.TREATMENT_WORDS:
            return forms.TREATMENT_WORDS[text].value
        if text and kind is RowKind.MIXED or not text and kind is RowKind.MIXED:
            choices = "、".join(treatment.zh for treatment in Treatment)
            self._wrong(codes.CHOICE_WRONG, number, "treatment", value=text, choices=choices)
            return None
        found = [code for code in (main, *related.split("+")) if code]
        rank = max((procedure_ranks().get(code, _RANKS["therapeutic"]) for code in found), default=0)
        return next(name for name, place in _RANKS.items() if place == rank)

    def _score(self, number: int, values: dict[str, str]) -> tuple[int | None, int | None]:
        score = self._scaled(number, values.get("score", ""), "score", E4, 4)
        weight = self._scaled(number, values.get("weight", ""), "weight", E6, 6)
        if score is None and weight is not None:
            score = divide(weight * self.scale * E4, E6, Rounding.HALF_UP)
        return score, weight

    def _fen(self, number: int, text: str, column: str) -> int | None:
        return self._scaled(number, text, column, 100, 2)

    def _scaled(self, number: int, text: str, column: str, scale: int, decimals: int) -> int | None:
        """A number above zero as a whole number of its scale; None where nothing stands."""
        if not text:
            return None
        try:
            value = Decimal(text.replace(",", "")) * scale
        except InvalidOperation:
            value = Decimal(-1)
        if not value.is_finite() or value <= 0 or value != value.to_integral_value() or value > 10**13:
            self._wrong(codes.NUMBER_WRONG, number, column, value=text, decimals=decimals)
            return None
        return int(value)

    def _yes(self, number: int, text: str) -> bool:
        if text not in forms.YES_WORDS | forms.NO_WORDS:
            self._wrong(codes.CHOICE_WRONG, number, "is_basic", value=text, choices="是、否")
        return text in forms.YES_WORDS

    def _code(self, kind: RowKind, category: str, main: str, related: str, treatment: str | None) -> str:
        if kind is RowKind.CORE:
            return core_code(category, main, related)
        return category if kind is RowKind.PRE else mixed_code(category, treatment or "")

    def _name(
        self, values: dict[str, str], kind: RowKind, category: str, main: str, related: str, treatment: str | None
    ) -> str:
        if kind is RowKind.PRE:
            return values.get("disease") or category
        if kind is RowKind.MIXED:
            return mixed_name(category, treatment or "")
        disease = values.get("disease") or category_names().get(category, category)
        known = [procedure_names().get(code, code) for code in (main, *related.split("+")) if code]
        return f"{disease}：{'＋'.join(known) or Treatment.CONSERVATIVE.zh}"

    def _is_repeated(self, number: int, code: str, key: tuple[str, str, str, str]) -> bool:
        other = self.seen.get(key) or self.codes.get(code)
        if other is not None:
            column = "category" if key in self.seen or "row" not in self.places else "row"
            self._wrong(codes.ROW_TWICE, number, column, other=other, key=code)
        return other is not None


def _read_severities(sheet: Sheet, draft: Draft) -> None:
    places = _columns(sheet, forms.SEVERITIES, draft)
    for number, cells in _filled(sheet)[1:]:
        values = _values(cells, places)
        code, word = values.get("code", ""), values.get("level", "")
        if not _CODE.fullmatch(code):
            draft.add(codes.DIAGNOSIS_WRONG, sheet.name, number, "诊断编码", value=code)
        elif word not in forms.LEVEL_WORDS:
            draft.add(codes.CHOICE_WRONG, sheet.name, number, "严重程度", label="严重程度", value=word,
                      choices="中度、重度")  # fmt: skip
        else:
            (draft.severe if forms.LEVEL_WORDS[word] == "severe" else draft.moderate).append(code)


def _read_rules(sheet: Sheet, draft: Draft) -> None:
    places = _columns(sheet, forms.RULES, draft)
    for number, cells in _filled(sheet)[1:]:
        values = _values(cells, places)
        rule, word = values.get("rule", ""), values.get("step", "")
        if not rule:
            draft.add(codes.VALUE_MISSING, sheet.name, number, "规则编号", label="规则编号")
        elif word not in forms.STEP_WORDS:
            choices = "、".join(step for step in forms.STEP_WORDS if not step.isascii())
            draft.add(codes.CHOICE_WRONG, sheet.name, number, "步骤", label="步骤", value=word, choices=choices)
        elif _numbers_are_right(sheet, number, values, draft):
            lists = {name: tuple(_split(values.get(name, ""))) for name in ("diagnoses", "secondary", "procedures")}
            whole = {name: int(values[name]) if values.get(name) else None for name in _NUMBERS}
            row = {"rule": rule, "step": forms.STEP_WORDS[word].value, "label": values.get("label", "")}
            draft.rules.append(StepRule.of(row | lists | whole | {"target": values.get("target", "")}))


_NUMBERS = ("age_from_years", "age_below_years", "weight_below_grams")


def _numbers_are_right(sheet: Sheet, number: int, values: dict[str, str], draft: Draft) -> bool:
    labels = {column.name: column.zh for column in forms.RULES}
    wrong = [name for name in _NUMBERS if values.get(name) and not values[name].isdigit()]
    for name in wrong:
        draft.add(codes.NUMBER_WRONG, sheet.name, number, labels[name], label=labels[name], value=values[name],
                  decimals=0)  # fmt: skip
    return not wrong


def _split(text: str) -> list[str]:
    return [part for part in re.split(r"[+＋|;；,，、/\s]+", text) if part]
