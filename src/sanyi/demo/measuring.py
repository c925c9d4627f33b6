"""演示指标: the indicators of the county's years and what its bureaus have filled in, to be seen from the first day."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.base import ContentFile

from sanyi.demo import sign_ins
from sanyi.demo.county import County
from sanyi.governance.indicators import services as indicators
from sanyi.governance.indicators.codes import E6, Comparator
from sanyi.governance.indicators.codes.collecting import Entered
from sanyi.governance.indicators.rules.entries import Entry
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services.items import Item
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.policies import services as policies

_STATES = ("approved", "submitted", "returned", "draft")
_OTHERS = ("", "62.5", "41.3", "77")


def compute(report: Callable[[int, int], None] | None = None) -> int:
    """计算指标: of all years that have stays; computing them twice changes nothing. Returns how many values."""
    years = indicators.facts.years()
    return int(indicators.computing.compute(years, report=report)["value_count"]) if years else 0


def leave(county: County) -> None:
    """留下填报值: in several states, three approved years of one that crosses its target, a closed month.

    Leaving them twice adds nothing: the same figures again change nothing, and a step that was made is not made again.
    """
    health, reform = sign_ins.actor("health"), sign_ins.actor("reform")
    code, year = indicators.catalogue.county_of(health), county.profile.last_day.year
    known = _collectable(code, str(year), health)
    for place, item in enumerate(known[: len(_STATES)]):
        if place == 0:
            for back, percent in _crossing(item):
                _fill(item, str(year - back), percent, "approved", health, reform)
        else:
            _fill(item, str(year), _OTHERS[place], _STATES[place], health, reform)
    month = f"{year}-01"
    if not indicators.locks.is_closed(code, month):
        indicators.periods.close(month, by=reform, county_code=code, reason="演示：一月数据已核对")


def _collectable(county_code: str, period: str, by: access.Actor) -> list[Item]:
    """What the unit fills in as a percentage of the county, what crosses a plain target first."""
    asked = period_of(period)
    found = indicators.items.items(county_code, asked, by.organisation_code, is_required=False)
    plain = [one for one in found if one.version.unit == "%" and not one.part and one.node_code == county_code]
    return sorted(plain, key=lambda one: _bound(one) is None)


def _bound(item: Item) -> int | None:
    """The plain lower bound in whole percent that holds here, such as 90; None without one."""
    for target in indicators.catalogue.targets_of(item.definition.code, policies.county()):
        conditions = target.any_of[0] if len(target.any_of) == 1 else ()
        for one in conditions:
            is_plain = len(conditions) == 1 and one.relative_to is None and not one.part
            if is_plain and one.comparator is Comparator.AT_LEAST and one.value_e6 < 98 * E6:
                return one.value_e6 // E6
    return None


def _crossing(item: Item) -> list[tuple[int, str]]:
    """Two years above the bound, then one below it."""
    bound = _bound(item) or 80
    return [(2, f"{bound + 1}.5"), (1, f"{bound}.8"), (0, f"{bound - 2}.4")]


def _fill(item: Item, period: str, percent: str, state: str, by: access.Actor, office: access.Actor) -> None:
    """One value with its evidence, as far as its state says."""
    paper = ContentFile("演示证据：年度统计报表。\n".encode(), "统计报表（演示）.txt")
    entry = Entry(code=item.definition.code, period=period, value=percent, source_name="年度统计报表（演示）")
    row, outcome = indicators.collecting.enter(entry, by=by)
    if outcome is not Entered.SAME or not row.case.evidence.exists():
        cases.attach(row.case, paper, by=by)
    steps = {"draft": [], "submitted": ["submit"], "returned": ["submit", "return"], "approved": ["submit", "approve"]}
    if row.case.state != "draft":  # a build that was killed had left it there
        return
    case = row.case
    for step in steps[state]:
        who = by if step == "submit" else office
        case = cases.act(case, step, who, reason="请附全县汇总表（演示）" if step == "return" else "")
