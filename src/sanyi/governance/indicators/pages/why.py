"""为什么: the steps to a number, the parameters it rests on, and what must not be shown of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import Origin, Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.rules.computing import RULES, Need
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.limits import KEYS
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.registry.doors.answers import language


def value_words(value: IndicatorValue, definition: Definition, seen_by: Audience) -> dict[str, Any]:
    """一个指标值: with its steps; a small count is withheld with everything that would tell it."""
    version = definition.version(value.version)
    part = dict(version.parts).get(value.part)
    shown = seen_by.shown(value, version)
    return {
        "shown": table.shown_words(value, version, seen_by),
        "part": part.label(language()) if part else "",
        "is_suppressed": shown.is_suppressed,
        "lines": [] if shown.is_suppressed else table.why_lines(value, version),
        "collected": value.collected if value.origin == Origin.COLLECTED.value else None,
        "window": Window(value.window).label(language()),
    }


def parameters(version: Version) -> list[dict[str, Any]]:
    """所用参数: the policy values that the rule of this version asks for, each with its page."""
    rule = RULES.get(version.rule)
    if rule is None:
        return []
    limits = services.catalogue.limits_on()
    names = [name for name, uses in _USES.items() if uses(version, rule.needs)]
    return [
        {
            "key": KEYS[name],
            "name": _words(name),
            "value": table.listed(found) if isinstance(found := getattr(limits, name), tuple) else found,
            "is_assumed": name in limits.assumed,
        }
        for name in names
    ]


def _words(name: str) -> str:
    return {
        "readmission_days": _("再住院的观察天数"),
        "population_bases": _("人口口径的取用次序"),
        "posting_months": _("派驻满几个月计入"),
        "posting_month_days": _("派驻一个月按几天计"),
        "small_count": _("公布的小数界限"),
    }[name]


_USES: dict[str, Any] = {
    "readmission_days": lambda version, needs: "readmission" in version.rule,
    "population_bases": lambda version, needs: Need.RESIDENTS in needs,
    "posting_months": lambda version, needs: "posted" in version.rule,
    "posting_month_days": lambda version, needs: "posted" in version.rule,
    "small_count": lambda version, needs: services.publishing.is_of_cases(version),
}
