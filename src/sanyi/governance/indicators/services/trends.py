"""走势服务: how an indicator has moved since its baseline: what documents report of earlier years, then values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sanyi.governance.indicators.codes import Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.services import catalogue, reading
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.registry.policies import services as policies

POINTS_MAX = 12


@dataclass(frozen=True, slots=True)
class Point:
    """走势的一点: a period with its value; ``is_reported`` when a document says so and not a stored value."""

    period: str
    value_e6: int
    is_reported: bool


def baselines(code: str, part: str = "") -> list[Point]:
    """基期: years before, as this county's own documents report them, oldest first; changes since a year are none."""
    chain = policies.book().jurisdictions.chain(policies.county())
    found = {
        one.year: one.value_e6
        for one in catalogue.reported()
        if one.code == code and one.jurisdiction in chain and one.part == part and not one.is_change
    }
    for target in catalogue.targets_of(code, policies.county()):
        value, year = target.baseline.of(part), target.baseline.year
        if value is not None and year is not None:
            found.setdefault(year, value)
    return [Point(str(year), found[year], is_reported=True) for year in sorted(found)]


def trends(node_code: str, county_code: str, audience: Audience) -> Mapping[str, list[Point]]:
    """全部走势: by indicator, in one query: years where there are two points or more, otherwise quarters."""
    stored = reading.values(node_codes=[node_code], county_code=county_code).filter(part="", value_e6__isnull=False)
    known: dict[str, dict[str, list[Point | None]]] = defaultdict(lambda: defaultdict(list))
    definitions = catalogue.catalogue().definitions
    for one in stored.exclude(window=Window.MONTH.value).select_related(None):
        if one.code in definitions:
            known[one.code][one.window].append(_point(one, audience))
    found: dict[str, list[Point]] = {}
    for code in definitions:
        years = [*(baselines(code) if node_code == county_code else []), *known[code][Window.YEAR.value]]
        points = years if len(years) > 1 else known[code][Window.QUARTER.value]
        # One that is withheld could be told from the rest of them.
        found[code] = [] if None in points else [point for point in points[-POINTS_MAX:] if point is not None]
    return found


def _point(one: IndicatorValue, audience: Audience) -> Point | None:
    version = catalogue.definition(one.code).version(one.version)
    shown = audience.shown(one, version)
    return None if shown.value_e6 is None else Point(one.period, shown.value_e6, is_reported=False)
