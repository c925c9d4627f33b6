"""目标: what a document asks an indicator to be, read from data files and held against a value.

An expression is an OR of ANDs of conditions. A condition compares one part of the value (an ordinary indicator has the
part ``""``) with a bound: a number, so many points above the baseline, or an average from outside. What is unknown
makes a target not judgeable, with its reason, as far as the rest does not decide already. The good direction is
stored; it is never inferred from baseline and target.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from sanyi.governance.indicators.codes import (
    Comparator,
    Direction,
    Every,
    Judgement,
    Nature,
    Relative,
    Unjudged,
    refusals,
)
from sanyi.governance.indicators.rules.reading import Citation, Fields, Mistakes, Words
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide
from sanyi.kernel.refusals import RefusedError, refuse_if_any
from sanyi.kernel.yaml_lines import Located, read_yaml

NATION_AVERAGE = "nation"
_BOTH_WAYS = (Direction.RANGE, Direction.NONE)


@dataclass(frozen=True, slots=True)
class Condition:
    """目标条件: of one part, in the indicator's own unit × 10^6."""

    part: str
    comparator: Comparator
    value_e6: int
    upper_e6: int | None
    unit: str
    relative_to: Relative | None
    reference: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """基期值: by part; empty where none was printed."""

    year: int | None = None
    values_e6: tuple[tuple[str, int], ...] = ()
    printed: str = ""

    def of(self, part: str) -> int | None:
        """某部分的基期值."""
        return dict(self.values_e6).get(part)


@dataclass(frozen=True, slots=True)
class Target:
    """目标: of one indicator in one jurisdiction by a day. ``any_of`` holds alternatives of conditions."""

    key: str
    code: str
    jurisdiction: str
    place: str
    nature: Nature | None
    due_on: date | None
    due_from: date | None
    every: Every | None
    baseline: Baseline
    any_of: tuple[tuple[Condition, ...], ...]
    printed: str
    printed_unit: str
    used_unit: str
    unit_reason: Words
    direction: Direction
    unit_responsible: str
    note: Words
    conflicts_with: tuple[str, ...]
    register_rows: tuple[str, ...]
    citation: Citation

    @property
    def digest(self) -> str:
        """目标摘要."""
        return hashlib.sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()

    @property
    def parts(self) -> tuple[str, ...]:
        """各部分: in the order they are asked for."""
        return tuple(dict.fromkeys(one.part for group in self.any_of for one in group))


@dataclass(frozen=True, slots=True)
class Checked:
    """条件判断: the bound in force, the difference (value less bound) and what is missing to meet it (never < 0)."""

    condition: Condition
    judgement: Judgement
    reason: Unjudged | None = None
    value_e6: int | None = None
    bound_e6: int | None = None
    difference_e6: int | None = None
    shortfall_e6: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """目标判断: with every condition; ``gap_e6`` is the smallest shortfall to meeting it (0: met)."""

    judgement: Judgement
    reason: Unjudged | None
    gap_e6: int | None
    alternatives: tuple[tuple[Checked, ...], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Outside:
    """What a bound may be counted from besides the target: averages by name, values of the year before by part."""

    references_e6: Mapping[str, int | None]
    previous_e6: Mapping[str, int | None]


def judge(
    target: Target,
    values_e6: Mapping[str, int | None],
    references_e6: Mapping[str, int | None] | None = None,
    previous_e6: Mapping[str, int | None] | None = None,
    *,
    about_bp: int,
) -> Verdict:
    """判断目标: from the values of its parts, averages from outside and values of the year before, each by its name or
    part; ``about_bp`` is how near 左右 has to come."""
    known = _Outside(references_e6 or {}, previous_e6 or {})
    checked = tuple(
        tuple(_check(target, one, values_e6.get(one.part), known, about_bp) for one in group) for group in target.any_of
    )
    outcomes = [_all_of(group) for group in checked]
    gaps = [gap for judgement, gap in outcomes if gap is not None and judgement is not Judgement.NOT_JUDGEABLE]
    judgements = [judgement for judgement, _ in outcomes]
    if Judgement.MET in judgements:
        return Verdict(Judgement.MET, None, 0, checked)
    if Judgement.NOT_JUDGEABLE in judgements or not judgements:
        reasons = [one.reason for group in checked for one in group if one.reason is not None]
        return Verdict(Judgement.NOT_JUDGEABLE, next(iter(reasons), Unjudged.NO_VALUE), None, checked)
    return Verdict(Judgement.NOT_MET, None, min(gaps, default=None), checked)


def _all_of(group: tuple[Checked, ...]) -> tuple[Judgement, int | None]:
    """Pairs are AND: one that fails decides; of several shortfalls the greatest counts."""
    judgements = {one.judgement for one in group}
    if Judgement.NOT_MET in judgements:
        return Judgement.NOT_MET, max(one.shortfall_e6 or 0 for one in group)
    if Judgement.NOT_JUDGEABLE in judgements:
        return Judgement.NOT_JUDGEABLE, None
    return Judgement.MET, 0


def _check(target: Target, one: Condition, value_e6: int | None, known: _Outside, about_bp: int) -> Checked:
    base, reason = _base(target, one, known)
    if base is None:
        return Checked(one, Judgement.NOT_JUDGEABLE, reason, value_e6)
    bound = base + one.value_e6
    if value_e6 is None:
        return Checked(one, Judgement.NOT_JUDGEABLE, Unjudged.NO_VALUE, None, bound)
    lower, upper = _limits(one, bound, base, target.direction, about_bp)
    short = max(0, lower - value_e6 if lower is not None else 0, value_e6 - upper if upper is not None else 0)
    is_at_strict_bound = (one.comparator is Comparator.MORE or one.comparator is Comparator.LESS) and value_e6 == bound
    judgement = Judgement.NOT_MET if short or is_at_strict_bound else Judgement.MET
    return Checked(one, judgement, None, value_e6, bound, value_e6 - bound, short)


def _base(target: Target, one: Condition, known: _Outside) -> tuple[int | None, Unjudged]:
    if one.relative_to is Relative.BASELINE_POINTS:
        return target.baseline.of(one.part), Unjudged.NO_BASELINE
    if one.relative_to is Relative.OUTSIDE_AVERAGE:
        return known.references_e6.get(one.reference), Unjudged.NO_REFERENCE
    if one.relative_to is Relative.PREVIOUS_YEAR_POINTS:
        return known.previous_e6.get(one.part), Unjudged.NO_PREVIOUS
    return 0, Unjudged.NO_VALUE


def _limits(
    one: Condition, bound: int, base: int, direction: Direction, about_bp: int
) -> tuple[int | None, int | None]:
    """Least and greatest value that meets a condition; about is open on the good side where one is stored.

    How near about has to come is a share of what the document prints: of so many points, not of the level they lead to.
    """
    match one.comparator:
        case Comparator.AT_LEAST | Comparator.MORE:
            return bound, None
        case Comparator.AT_MOST | Comparator.LESS:
            return None, bound
        case Comparator.EQUAL:
            return bound, bound
        case Comparator.RANGE:
            return bound, base + (one.upper_e6 if one.upper_e6 is not None else one.value_e6)
        case _:
            printed = bound if one.relative_to is Relative.OUTSIDE_AVERAGE else bound - base
            near = divide(abs(printed) * about_bp, BASIS_POINTS_ALL, Rounding.HALF_UP)
            lower = None if direction is Direction.DOWN else bound - near
            upper = None if direction is Direction.UP else bound + near
            return lower, upper


def read_targets(paths: Iterable[Path], codes: Collection[str] = ()) -> tuple[Target, ...]:
    """读取目标: all files together; refuses with every mistake. ``codes`` are the indicators that exist (none: any)."""
    mistakes: list[Mistakes] = []
    found: dict[str, Target] = {}
    for path in sorted(paths):
        here = Mistakes(str(path))
        mistakes.append(here)
        try:
            root = read_yaml(path)
        except RefusedError as error:
            here.refusals.extend(error.refusals)
            continue
        for key, node in _entries(root, here):
            target = _target(key, Fields(node, key or Path(path).stem, here))
            if codes and target.code not in codes:
                here.add(refusals.INDICATOR_UNKNOWN, node.line, target.code, code=target.code)
            if target.key in found:
                here.add(refusals.CODE_TWICE, node.line, target.key, code=target.key, other=path.name)
            found[target.key] = target
    refuse_if_any(refusal for here in mistakes for refusal in here.refusals)
    return tuple(found.values())


def _entries(root: Located, mistakes: Mistakes) -> list[tuple[str, Located]]:
    """A list of targets, or a mapping of keys to targets."""
    if isinstance(root.value, list):
        return [("", node) for node in root.value]
    if isinstance(root.value, dict):
        return list(root.value.items())
    Fields(root, Path(mistakes.file).name, mistakes)
    return []


def _target(key: str, fields: Fields) -> Target:
    code, place = fields.text("code", is_required=True), fields.text("place", is_required=True)
    due_on = fields.day("due_on")
    nature = fields.text("nature")
    if nature and nature not in set(Nature):
        fields.wrong("nature", Located(nature, fields.node.line), "约束性、预期性、倡导性，或空白")
    made = Target(
        key=key or fields.text("key") or f"{place}.{code}.{due_on or 'open'}",
        code=code,
        jurisdiction=fields.text("jurisdiction", is_required=True),
        place=place,
        nature=Nature(nature) if nature in set(Nature) else None,
        due_on=due_on,
        due_from=fields.day("due_from"),
        every=fields.choice("every", Every) if fields.get("every") is not None else None,
        baseline=_baseline(fields),
        any_of=_expression(fields),
        printed=fields.text("printed", is_required=True),
        printed_unit=fields.text("printed_unit"),
        used_unit=fields.text("used_unit"),
        unit_reason=fields.words("unit_reason"),
        direction=fields.choice("direction", Direction),
        unit_responsible=fields.text("collector"),
        note=fields.words("note"),
        conflicts_with=tuple(str(one.value) for one in fields.items("conflicts_with")),
        register_rows=tuple(str(one.value) for one in fields.items("register_row")),
        citation=fields.citation(),
    )
    fields.done(also=("key",))
    return made


def _baseline(fields: Fields) -> Baseline:
    """``{year, value, printed, parts: {drugs: 90, …}}``; a value that was not printed is left out."""
    found = fields.below("baseline")
    if found is None:
        return Baseline()
    year, value_e6, printed = found.integer("year", 0), found.e6("value"), found.text("printed")
    parts = found.below("parts")
    values: dict[str, int | None] = {"": value_e6}
    if parts is not None:
        values |= {name: parts.e6(name) for name in parts.values}
    found.done()
    known = tuple((name, value) for name, value in values.items() if value is not None)
    return Baseline(year or None, known, printed)


def _expression(fields: Fields) -> tuple[tuple[Condition, ...], ...]:
    found = fields.below("expression", is_required=True)
    if found is None:
        return ()
    groups = []
    for node in found.items("any_of", is_required=True):
        group = Fields(node, f"{fields.owner} any_of", fields.mistakes)
        conditions = [
            _condition(Fields(one, f"{fields.owner} all_of", fields.mistakes))
            for one in group.items("all_of", is_required=True)
        ]
        group.done()
        groups.append(tuple(conditions))
    found.done()
    return tuple(groups)


def _condition(fields: Fields) -> Condition:
    relative = fields.text("relative_to")
    if relative and relative not in set(Relative):
        fields.wrong("relative_to", Located(relative, fields.node.line), "、".join(Relative))
    is_outside = relative == Relative.OUTSIDE_AVERAGE.value
    comparator: Comparator = fields.choice("comparator", Comparator)
    value_e6 = fields.e6("value", is_required=not is_outside)
    upper_e6 = fields.e6("upper", is_required=comparator is Comparator.RANGE)
    made = Condition(
        part=fields.text("part"),
        comparator=comparator,
        value_e6=value_e6 or 0,
        upper_e6=upper_e6,
        unit=fields.text("unit"),
        relative_to=Relative(relative) if relative in set(Relative) else None,
        reference=fields.text("reference", default=NATION_AVERAGE if is_outside else ""),
    )
    fields.done()
    return made
