"""数据缺口服务: which indicators have no value, what is missing, and who would deliver it."""

from __future__ import annotations

from dataclasses import dataclass

from sanyi.governance.indicators.codes import NodeKind, Origin, Reason
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.rules.computing import RULES, Need
from sanyi.governance.indicators.rules.computing.declaration import REASONS
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.rules.reading import Words
from sanyi.governance.indicators.services import catalogue, items, reading
from sanyi.registry.policies import services as policies

FROM_STAYS = (Reason.NO_ROWS, Reason.TOO_MUCH_MISSING, Reason.SOMETHING_MISSING, Reason.NO_DENOMINATOR)


@dataclass(frozen=True, slots=True)
class Gap:
    """数据缺口: of one indicator (and part) of the county in a period."""

    definition: Definition
    version: Version
    part: str
    reason: Reason
    missing: tuple[Need, ...]
    deliverer: Words
    has_target: bool
    is_concerning: bool
    last_period: str


def gaps(county_code: str, period: str) -> list[Gap]:
    """数据缺口: in the order of the catalogue; a part that is there is no gap."""
    asked = period_of(period)
    stored = {(one.code, one.part): one for one in reading.values(node_codes=[county_code], periods=[period])}
    targeted = {one.code: one.unit_responsible for one in catalogue.targets_here(policies.county())}
    concerning = items.concerning()
    last = _last_periods(county_code)
    found = []
    for definition in catalogue.catalogue().definitions.values():
        version = definition.of(asked)
        if version is None or asked.window not in version.windows:
            continue
        for part in [name for name, _words in version.parts] or [""]:
            one = stored.get((definition.code, part))
            if one is None or one.value_e6 is None:
                reason = _reason(version, one)
                named = targeted.get(definition.code, "")
                gap = Gap(
                    definition=definition,
                    version=version,
                    part=part,
                    reason=reason,
                    missing=_missing(version, reason),
                    deliverer=_deliverer(named, version),
                    has_target=definition.code in targeted,
                    is_concerning=definition.code in concerning,
                    last_period=last.get((definition.code, part), ""),
                )
                found.append(gap)
    return found


def _deliverer(named: str, version: Version) -> Words:
    """Who the target names, in the words of the definition where it is the same unit; otherwise the collector."""
    unit = named.strip("[]")
    known = version.collector
    return known if not unit or unit in known.zh or (known.zh and known.zh in unit) else Words(unit)


def _reason(version: Version, one: IndicatorValue | None) -> Reason:
    if one is not None:
        return Reason(one.reason)
    return version.reason or (Reason.NOT_COLLECTED if version.origin is Origin.COLLECTED else Reason.NO_ROWS)


def _missing(version: Version, reason: Reason) -> tuple[Need, ...]:
    """The tables that the reason says are missing; the stays themselves where there are too few or poor ones."""
    rule = RULES.get(version.rule)
    if rule is None:
        return ()
    named = tuple(need for need in rule.needs if REASONS.get(need) is reason)
    return named or (rule.needs if reason in FROM_STAYS else ())


def _last_periods(county_code: str) -> dict[tuple[str, str], str]:
    """The latest period with a value, by indicator and part."""
    known = IndicatorValue.objects.filter(
        is_current=True, node_code=county_code, node_kind=NodeKind.COUNTY.value, value_e6__isnull=False
    )
    return {
        (code, part): period for code, part, period in known.order_by("last_on").values_list("code", "part", "period")
    }
