"""应填报项服务: which unit fills in which indicator for a period, and what has come in so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from sanyi.governance.indicators.codes import NodeKind, Origin, Relative
from sanyi.governance.indicators.codes.collecting import CollectedState, ItemState, Reference
from sanyi.governance.indicators.models import CollectedValue
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.periods import Period, period_of
from sanyi.governance.indicators.rules.targets import Target
from sanyi.governance.indicators.services import catalogue
from sanyi.governance.tasks.services.units import Matcher
from sanyi.registry.policies import services as policies

PREFIX = "governance.indicators."
Key = tuple[str, str, str]
"""项的标识: code, part, node."""


@dataclass(frozen=True, slots=True)
class Item:
    """填报项: one figure of one node that a unit has to fill in for a period."""

    definition: Definition
    version: Version
    period: Period
    part: str
    node_code: str
    node_kind: NodeKind
    collectors: tuple[str, ...]

    @property
    def key(self) -> Key:
        """标识."""
        return (self.definition.code, self.part, self.node_code)

    def part_words(self, language: str = "zh") -> str:
        """部分名称: empty where the indicator has none."""
        return dict(self.version.parts)[self.part].label(language) if self.part else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """填报项情况: an item with what was entered for it last, if anything."""

    item: Item
    state: ItemState
    entered: CollectedValue | None


def policy(name: str) -> frozenset[str]:
    """参数: a list of indicator codes of policy, today."""
    found = policies.book().value(
        PREFIX + name, jurisdiction=policies.county(), on=timezone.localdate(), asker="governance.indicators"
    )
    return frozenset(found.value)


def concerning() -> frozenset[str]:
    """与本县有关的指标: with a target that holds here, collected everywhere, or computed from records."""
    definitions = catalogue.catalogue().definitions
    computed = {code for code, one in definitions.items() if one.latest.origin is Origin.COMPUTED}
    return frozenset(
        {one.code for one in catalogue.targets_here(policies.county())} | policy("collected_everywhere") | computed
    )


def collectors(version: Version, matcher: Matcher) -> tuple[str, ...]:
    """采集单位: the organisations of the county that a definition names; a text may name several with 、."""
    names = (name.strip() for name in version.collector.zh.split("、"))
    found = (matcher.match(name) for name in names if name)
    return tuple(dict.fromkeys(code for code in found if code))


def items(
    county_code: str,
    period: Period,
    collector: str | None = None,
    *,
    is_required: bool = True,
    matcher: Matcher | None = None,
) -> list[Item]:
    """应填报项: of a period, of one unit or of all of the county, in the order of the catalogue.

    Required are indicators with a target that holds here, those every county collects, and the outside averages that
    targets are compared with. ``is_required=False`` gives everything that a unit of the county may fill in.
    """
    matcher = matcher or Matcher.of(county_code)
    targets = catalogue.targets_here(policies.county())
    here = {one.code for one in targets} | policy("collected_everywhere")
    compared = _compared(targets)
    found: list[Item] = []
    for definition in catalogue.catalogue().definitions.values():
        version, code = definition.of(period), definition.code
        if version is None or period.window not in version.windows:
            continue
        is_wanted = version.origin is Origin.COLLECTED and (not is_required or code in here)
        units = collectors(version, matcher) if is_wanted or code in compared else ()
        if not units or (collector is not None and collector not in units):
            continue
        nodes = [(part, county_code, NodeKind.COUNTY) for part in _parts(version)] if is_wanted else []
        nodes += [("", name, NodeKind.OUTSIDE) for name in compared.get(code, ())]
        found += [Item(definition, version, period, part, node, kind, units) for part, node, kind in nodes]
    return found


def references(code: str) -> list[str]:
    """外部参照: the outside averages that targets of any place compare an indicator with."""
    return _compared(catalogue.targets_of(code)).get(code, [])


def _compared(targets: Iterable[Target]) -> dict[str, list[str]]:
    """Outside averages by indicator, in the order of their codes."""
    names: dict[str, set[str]] = {}
    for target in targets:
        bounds = (one for group in target.any_of for one in group)
        known = {one.reference for one in bounds if one.relative_to is Relative.OUTSIDE_AVERAGE and one.reference}
        if known:
            names.setdefault(target.code, set()).update(known)
    return {code: [str(one) for one in Reference if one in known] for code, known in names.items()}


def _parts(version: Version) -> list[str]:
    return [name for name, _words in version.parts] or [""]


def standings(county_code: str, period: Period, collector: str | None = None) -> list[Standing]:
    """应填报项情况: of a unit or of all: what is missing, waiting and approved; entries beyond what is required too."""
    return standings_of(county_code, [period], collector)[period.name]


def standings_of(
    county_code: str, periods: Collection[Period], collector: str | None = None
) -> dict[str, list[Standing]]:
    """各期间的应填报项情况: by the name of the period."""
    matcher = Matcher.of(county_code)
    entered = latest(county_code, [one.name for one in periods])
    found: dict[str, list[Standing]] = {}
    for period in periods:
        required = items(county_code, period, collector, matcher=matcher)
        known = {(*one.key, period.name) for one in required}
        besides = items(county_code, period, collector, is_required=False, matcher=matcher)
        extra = [one for one in besides if (*one.key, period.name) in entered.keys() - known]
        found[period.name] = [_standing(one, entered.get((*one.key, period.name))) for one in required + extra]
    return found


def latest(county_code: str, periods: Collection[str]) -> Mapping[tuple[str, str, str, str], CollectedValue]:
    """最近的填报: by code, part, node and period: the one under way, otherwise the one approved last."""
    found = CollectedValue.objects.filter(organisation_code=county_code, period__in=periods).exclude(
        case__state=CollectedState.WITHDRAWN.value
    )
    rows = found.select_related("case", "collector").order_by("is_open", "pk")
    return {(one.code, one.part, one.node_code, one.period): one for one in rows}


def named_periods(county_code: str) -> set[str]:
    """有填报的期间: of a county."""
    found = CollectedValue.objects.filter(organisation_code=county_code).order_by()
    return set(found.values_list("period", flat=True).distinct())


def default_period() -> Period:
    """默认期间: the last year that is over."""
    return period_of(str(timezone.localdate().year - 1))


def _standing(item: Item, entered: CollectedValue | None) -> Standing:
    state = ItemState.MISSING if entered is None else ItemState(entered.case.state)
    return Standing(item, state, entered)
