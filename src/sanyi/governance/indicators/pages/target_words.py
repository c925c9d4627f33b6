"""目标用语: how targets are written on pages: as printed, the bound as it is read, misprints, verdicts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sanyi.governance.indicators.codes import Comparator, Judgement, Relative
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.targets import Condition, Target
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.governance.indicators.services.reading import Standing
from sanyi.registry.doors.answers import language

SIGNS = {
    Comparator.AT_LEAST: "≥",
    Comparator.AT_MOST: "≤",
    Comparator.MORE: "＞",
    Comparator.LESS: "＜",
    Comparator.EQUAL: "＝",
    Comparator.ABOUT: "≈",
}
STRICT = frozenset({Comparator.MORE, Comparator.LESS})
LOOSE = frozenset({Comparator.AT_LEAST, Comparator.AT_MOST})


def bound_words(target: Target, one: Condition, definition: Definition) -> str:
    """条件: of one part, with the sign that this system reads it as."""
    version = definition.latest
    part = dict(version.parts).get(one.part)
    name = f"{part.label(language())} " if part else ""
    if one.relative_to is Relative.OUTSIDE_AVERAGE:
        return f"{name}{SIGNS.get(one.comparator, '')} {_('外部平均水平')}".strip()
    number = table.scaled(one.value_e6, _decimals(one.value_e6, version))
    if one.comparator is Comparator.RANGE:
        number = f"{number}–{table.scaled(one.upper_e6, _decimals(one.upper_e6 or 0, version))}"
    text = f"{SIGNS.get(one.comparator, '')} {number}{_unit(one.unit or target.used_unit)}".strip()
    if one.relative_to is Relative.BASELINE_POINTS:
        text = _("较%(year)s年 %(bound)s") % {"year": target.baseline.year or "—", "bound": text}
    if one.relative_to is Relative.PREVIOUS_YEAR_POINTS:
        text = _("较上年 %(bound)s") % {"bound": text}
    return name + text


def expression_words(target: Target, definition: Definition) -> str:
    """目标的读法: alternatives with 或, pairs with 且."""
    both, either = _("，且 "), _("，或 ")
    groups = [both.join(bound_words(target, one, definition) for one in group) for group in target.any_of]
    return either.join(groups)


def strictness(target: Target) -> list[str]:
    """界限的宽严: whether the number itself counts."""
    kinds = {one.comparator for group in target.any_of for one in group}
    words = []
    if kinds & STRICT:
        words.append(_("不含本数"))
    if kinds & LOOSE:
        words.append(_("含本数"))
    if Comparator.ABOUT in kinds:
        words.append(_("左右"))
    return words


def is_misprinted(target: Target) -> bool:
    """单位是否有误: the unit is used otherwise than printed."""
    return bool(target.unit_reason.zh) and target.printed_unit != target.used_unit


def target_words(
    target: Target, definition: Definition, standing: Standing | None = None, seen_by: Audience | None = None
) -> dict[str, Any]:
    """一个目标: everything a page says of it; a gap that would tell a value that is withheld is withheld as well."""
    cited = target.citation
    kinds = {one.comparator for group in target.any_of for one in group}
    return {
        "key": target.key,
        "place": table.place_words(target.place),
        "printed": target.printed,
        "printed_unit": target.printed_unit,
        "reading": expression_words(target, definition),
        "strictness": strictness(target),
        "is_strict": bool(kinds & STRICT),
        "due": due_words(target),
        "nature": target.nature.label(language()) if target.nature else "",
        "baseline": target.baseline.printed,
        "baseline_year": target.baseline.year,
        "is_misprinted": is_misprinted(target),
        "used_unit": target.used_unit,
        "unit_reason": target.unit_reason.label(language()),
        "note": target.note.label(language()),
        "citation": " ".join(filter(None, (cited.document, cited.clause))),
        "quote": cited.quote,
        "is_assumed": cited.is_assumed,
        "basis": cited.basis,
    } | judged(standing, definition, is_withheld=_is_withheld(standing, seen_by))


def _is_withheld(standing: Standing | None, seen_by: Audience | None) -> bool:
    return standing is not None and seen_by is not None and seen_by.withholds(standing.values)


def judged(standing: Standing | None, definition: Definition, *, is_withheld: bool = False) -> dict[str, Any]:
    """目标判断: only where there is a standing; otherwise nothing is said."""
    if standing is None:
        return {"judgement": "", "badge": "", "gap": "", "why_not": ""}
    verdict = standing.verdict
    has_gap = verdict.judgement is Judgement.NOT_MET and verdict.gap_e6 and not is_withheld
    return {
        "judgement": verdict.judgement.label(language()),
        "badge": table.LIGHTS[verdict.judgement],
        "gap": table.gap_words(verdict.gap_e6, definition.latest) if has_gap else "",
        "why_not": verdict.reason.label(language()) if verdict.reason else "",
        "period": standing.period or "",
    }


def due_words(target: Target) -> str:
    """期限: a year where it ends with the year."""
    if target.every is not None:
        return target.every.label(language())
    if target.due_on is None:
        return ""
    is_year_end = (target.due_on.month, target.due_on.day) == (12, 31)
    return str(target.due_on.year) if is_year_end else f"{target.due_on:%Y-%m-%d}"


def _decimals(value_e6: int, version: Version) -> int:
    """As few as the number needs, at most those of the definition or two."""
    for decimals in range(max(version.decimals, 2)):
        if value_e6 % 10 ** (6 - decimals) == 0:
            return decimals
    return max(version.decimals, 2)


def _unit(unit: str) -> str:
    return unit if unit in ("%", "‰", "") or unit.startswith("/") else f" {unit}"
