"""比较服务: institutions side by side for one indicator and period, with the limits that chance alone allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sanyi.governance.indicators.codes import NodeKind, Origin
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.rules import funnel
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.suppression import Shown, given_away
from sanyi.governance.indicators.services import catalogue, publishing, reading
from sanyi.insurance.case_mix import services as case_mix
from sanyi.insurance.case_mix.codes import Verdict

HIDDEN = Shown(None, None, None, None, is_suppressed=True)
STEPS_MAX = 30


@dataclass(frozen=True, slots=True)
class Compared:
    """一个机构: what may be shown of it, its limits in numbers of events, and where it stands."""

    value: IndicatorValue
    shown: Shown
    limits: tuple[funnel.Limits, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """机构比较: ``level_names`` are the limits, inner first; none where the indicator is no share of cases."""

    definition: Definition
    rows: tuple[Compared, ...]
    whole: IndicatorValue | None
    level_names: tuple[str, ...]
    tails_e6: tuple[int, ...]
    min_count: int

    @property
    def has_limits(self) -> bool:
        """是否有界限."""
        return bool(self.tails_e6)

    def curves(self) -> list[tuple[int, list[funnel.Limits]]]:
        """界限曲线: at some numbers of cases between the fewest and the most."""
        if self.whole is None or not self.has_limits:
            return []
        events, count = self.whole.numerator or 0, self.whole.denominator or 0
        sizes = _steps([one.value.denominator or 0 for one in self.rows if not one.shown.is_suppressed])
        return [(size, funnel.limits_of(size, events, count, self.tails_e6)) for size in sizes]


def choices(county_code: str, period: str) -> list[Definition]:
    """可比较的指标: those of which institutions have values in the period that say more than what kind they are."""
    stored = reading.values(periods=[period], county_code=county_code).filter(node_kind=NodeKind.INSTITUTION.value)
    rows = stored.filter(origin=Origin.COMPUTED.value).order_by().values_list("code", "numerator", "denominator")
    known: dict[str, list[tuple[int | None, int | None]]] = defaultdict(list)
    for code, numerator, denominator in rows:
        known[code].append((numerator, denominator))
    definitions = catalogue.catalogue().definitions
    return [one for code, one in definitions.items() if code in known and not tells_the_kind(known[code])]


def tells_the_kind(parts: Sequence[tuple[int | None, int | None]]) -> bool:
    """是否只反映机构类别: a share that is everything at some institutions and nothing at all others compares nobody."""
    shares = [(above, below) for above, below in parts if above is not None and below]
    is_plain = all(above in (0, below) for above, below in shares)
    return is_plain and any(above == below and above > 1 for above, below in shares)


def comparison(
    code: str, period: str, *, county_code: str, scope: Container[str], on: date, audience: publishing.Audience
) -> Comparison:
    """机构比较: of the institutions in reach, most cases first."""
    definition = catalogue.definition(code)
    stored = list(reading.values([code], periods=[period], county_code=county_code))
    whole = next((one for one in stored if one.node_code == county_code), None)
    every = [one for one in stored if one.node_kind == NodeKind.INSTITUTION.value]
    is_kind = tells_the_kind([(one.numerator, one.denominator) for one in every])
    kept = [] if is_kind else [one for one in every if one.node_code in scope]
    policy = case_mix.limits_on(on)
    is_share = bool(kept) and publishing.is_share_of_cases(definition.version(kept[0].version))
    is_known = is_share and whole is not None and bool(whole.denominator)
    tails = tuple(level.tail_e6 for level in policy.levels) if is_known else ()
    shown = _published(kept, definition, audience)
    rows = [
        _compared(one, shown[one.node_code], whole, tails, policy.funnel_min_count)
        for one in sorted(kept, key=lambda one: (-(one.denominator or one.row_count), one.node_code))
    ]
    names = tuple(level.name for level in policy.levels) if tails else ()
    return Comparison(definition, tuple(rows), whole, names, tails, policy.funnel_min_count)


def _published(
    kept: Sequence[IndicatorValue], definition: Definition, audience: publishing.Audience
) -> Mapping[str, Shown]:
    """What may be shown of each; one alone that is withheld takes another with it."""
    found = [audience.shown(one, definition.version(one.version)) for one in kept]
    with_it = given_away([one.row_count for one in kept], [one.is_suppressed for one in found])
    return {one.node_code: HIDDEN if place == with_it else found[place] for place, one in enumerate(kept)}


def _compared(
    one: IndicatorValue, shown: Shown, whole: IndicatorValue | None, tails: tuple[int, ...], min_count: int
) -> Compared:
    count = one.denominator
    if whole is None or not tails or one.value_e6 is None or one.numerator is None or not count:
        return Compared(one, shown, (), Verdict.UNKNOWN)
    limits = funnel.limits_of(count, whole.numerator or 0, whole.denominator or 0, tails)
    return Compared(one, shown, tuple(limits), funnel.verdict(one.numerator, count, limits, min_count=min_count))


def _steps(counts: Sequence[int]) -> list[int]:
    """Numbers of cases at which the limits are drawn: evenly on a square root, as the funnel narrows with it."""
    known = [count for count in counts if count]
    if not known:
        return []
    low, high = min(known) ** 0.5, max(known) ** 0.5
    stride = (high - low) / STEPS_MAX
    return sorted({min(known), *(round((low + stride * step) ** 2) for step in range(STEPS_MAX + 1)), max(known)})
