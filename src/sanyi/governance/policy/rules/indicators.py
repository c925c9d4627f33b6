"""指标 (targets of indicator tables): cells with signs, alternatives, pairs and outside averages; misprinted units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from sanyi.governance.policy.codes import QUOTE_LENGTH_MAX
from sanyi.governance.policy.rules.lexicon import either, lexicon, subjects
from sanyi.governance.policy.rules.numbers import ARABIC, decimal_text
from sanyi.governance.policy.rules.quantities import find_ratios, find_references
from sanyi.governance.policy.rules.task_tables import Piece
from sanyi.governance.policy.rules.texts import narrow
from sanyi.governance.policy.tables import Quantity, Slip, Target


@dataclass(frozen=True, slots=True)
class Cell:
    """目标单元格: one labelled value with its alternatives."""

    label: str
    alternatives: tuple[Quantity, ...]


@cache
def _cell() -> re.Pattern[str]:
    words = lexicon()
    units = [form for form in words.unit_of if "分之" not in form]
    return re.compile(
        rf"(?P<label>(?!{either(words.before_of)})[\u4e00-\u9fff]{{2,10}}?)?(?P<before>{either(words.before_of)})?"
        rf"(?P<number>{ARABIC})(?P<scale>[万亿]?)(?P<unit>{either(units)})?"
        rf"(?:[-—－–~～至](?P<upper>{ARABIC})(?P<unit2>{either(units)})?)?(?P<after>{either(words.after_of)})?"
    )


def read_cell(text: str, unit: str) -> list[Cell]:
    """读单元格: values in order, empty for / and —. A number without a unit has the unit of its row."""
    plain = re.sub(r"\(20\d{2}年?\)", "", narrow(text)).strip("。;")
    if re.fullmatch(r"[/\\—－-]*", plain):
        return []
    references = [found.quantity for found in find_references(text)]
    if references and not re.search(r"\d", re.sub(r"20\d{2}年", "", text)):
        return [Cell("", (quantity,)) for quantity in references]
    branches = [branch.strip("(),;、") for branch in re.split(r"或者?", plain)]
    read = [_branch(branch, unit) for branch in branches]
    if len(read) > 1 and all(len(values) == 1 for values in read):
        return [Cell(read[0][0].label, tuple(quantity for values in read for quantity in values[0].alternatives))]
    return [value for values in read for value in values]


def _branch(text: str, unit: str) -> list[Cell]:
    references = [found.quantity for found in find_references(text)]
    if references and not re.search(r"\d", re.sub(r"20\d{2}年", "", text)):
        return [Cell("", (references[0],))]
    if ratio := find_ratios(text):
        return [Cell("", (ratio[0].quantity,))]
    change = re.search(r"(?:较|比)?(?:(20\d{2})年|上年|同比)?(提高|提升|增加|增长|上升|下降|降低|减少)", text)
    cells = []
    body = text[change.end() :] if change else text
    for found in _cell().finditer(body):
        quantity = _quantity(found, unit)
        if change:
            verb = change.group(2)
            direction = "decrease" if verb in lexicon().words["decrease_words"] else "increase"
            reference = f"{change.group(1)}年" if change.group(1) else "上年"
            quantity = Quantity(
                quantity.comparator,
                quantity.value,
                quantity.unit,
                text,
                quantity.upper_value,
                quantity.printed_unit,
                direction,
                reference,
            )
        cells.append(Cell(found.group("label") or "", (quantity,)))
    return cells


def _quantity(found: re.Match[str], unit: str) -> Quantity:
    words = lexicon()
    printed_unit = found.group("unit2") or found.group("unit") or ""
    upper = decimal_text(found.group("upper"), "") if found.group("upper") else ""
    after, before = found.group("after"), found.group("before")
    comparator = "range" if upper else words.after_of[after] if after else words.before_of[before] if before else "="
    return Quantity(
        comparator,
        decimal_text(found.group("number"), found.group("scale") or ""),
        words.unit_of.get(printed_unit, printed_unit) or unit,
        found.group(),
        upper,
        printed_unit or unit,
    )


def read_indicator(piece: Piece, address: str, sentences: Sequence[str]) -> list[Target]:
    """读指标: targets of one row; ``sentences`` of the document help with misprinted units."""
    cells = piece.cells
    name = cells["indicator"]
    printed_unit = "" if cells.get("unit", "") in ("/", "—", "-") else cells.get("unit", "")
    bases = [(key.partition(":")[2], text) for key, text in cells.items() if key.startswith("base:")]
    base_year, base_text = bases[-1] if bases else ("", "")
    unit, slips = _unit(name, printed_unit, base_text, sentences)
    base_cells = read_cell(base_text, unit)
    targets: list[Target] = []
    for key, text in cells.items():
        if not key.startswith("goal:"):
            continue
        year = key.partition(":")[2]
        for cell in read_cell(text, unit):
            base = next(
                (other for other in base_cells if other.label == cell.label),
                base_cells[0] if len(base_cells) == 1 else None,
            )
            first = cell.alternatives[0]
            own = [*slips, *_against_base(first, base)]
            targets.append(
                Target(
                    address,
                    len(targets) + 1,
                    name[:60],
                    cell.label,
                    first.comparator,
                    first.value,
                    first.upper_value,
                    first.unit,
                    printed_unit or first.printed_unit,
                    cell.alternatives,
                    base.alternatives[0].value if base else "",
                    base.alternatives[0].unit if base else "",
                    int(base_year) if base and base_year else None,
                    date(int(year), 12, 31) if year else None,
                    f"{year}年" if year else "",
                    None,
                    "",
                    cells.get("kind", ""),
                    "goal",
                    "",
                    cells.get("units", "")[:QUOTE_LENGTH_MAX],
                    f"{name} {text}"[:QUOTE_LENGTH_MAX],
                    text[:QUOTE_LENGTH_MAX],
                    tuple(own),
                    "target.indicator_table",
                    piece.page,
                    piece.line,
                )
            )
    return targets


def _unit(name: str, printed: str, base_text: str, sentences: Sequence[str]) -> tuple[str, list[Slip]]:
    """计量单位: as printed, or what the document writes elsewhere with the same value, or the usual one."""
    words = lexicon()
    known = words.unit_of.get(printed, printed)
    subject = re.sub(r"\(.*?\)", "", narrow(name))
    slips = []
    elsewhere = _unit_elsewhere(subject, base_text, sentences)
    expected = next(
        (entry.get("unit", "") for entry in subjects() if any(re.search(p, subject) for p in entry["patterns"])), ""
    )
    suggested, reason = (
        (elsewhere, "同一文件正文中该指标的同一数值使用此单位") if elsewhere else (expected, "该指标通行使用此单位")
    )
    if not printed:
        slips.append(Slip("unit", "", "", "未印计量单位，须由人确定"))
        return "", slips
    is_measure = printed in words.unit_of or known in words.words["units"]
    if suggested and suggested != known and (elsewhere or not is_measure or suggested in ("‰", "/10万")):
        slips.append(Slip("unit", printed, suggested, reason))
        return suggested, slips
    is_ratio = re.fullmatch(r"(?:万?元|人|张|个|次|人次|名|件)/[\u4e00-\u9fff·]{1,4}", printed)
    if not is_measure and not is_ratio and re.search(r"[%‰/\d]", printed):
        slips.append(Slip("unit", printed, "", "计量单位疑似误印"))
    if known in ("%", "‰") and re.search(r"(?:人次数|次数|人数|数量|个数|张数)$", subject):
        slips.append(Slip("name", name[:40], "", "名称是数量，单位却是比率，须由人确定口径"))
    return known, slips


def _unit_elsewhere(subject: str, base_text: str, sentences: Sequence[str]) -> str:
    number = re.fullmatch(r"\d+(?:\.\d+)?", base_text)
    if not number:
        return ""
    forms = lexicon().unit_of
    pattern = re.compile(rf"(?<![\d.]){re.escape(base_text)}({either(form for form in forms if '分之' not in form)})")
    for sentence in sentences:
        if subject in sentence and (found := pattern.search(sentence)):
            return forms[found.group(1)]
    return ""


def _against_base(first: Quantity, base: Cell | None) -> list[Slip]:
    if (
        base is None
        or not first.value
        or first.change
        or not base.alternatives[0].value
        or first.comparator in ("≤", "<")
    ):
        return []
    if Decimal(first.value) < Decimal(base.alternatives[0].value):
        return [
            Slip("value", first.value, "", f"目标值低于基期值{base.alternatives[0].value}，方向须由人确定，不作推断")
        ]
    return []
