"""页面用语: routes of the topic, how values, targets and periods are written, which node a reader looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import register_converter
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import LEVEL_NODE, Judgement, NodeKind, Origin, Reason, TargetPlace, Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.rules.computing import RULES, Quantity
from sanyi.governance.indicators.rules.definitions import Version
from sanyi.governance.indicators.rules.periods import Period, period_of
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import HospitalLevel


class CodeConverter:
    """指标代码（地址中）: dotted words, so that the pages beside the indicators keep their own addresses."""

    regex = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+"

    def to_python(self, value: str) -> str:
        """读取."""
        return value

    def to_url(self, value: str) -> str:
        """写出."""
        return value


register_converter(CodeConverter, "indicator")
routes = Routes("governance.indicators")
NOTHING = "—"
LIGHTS = {
    Judgement.MET: "bg-green-lt",
    Judgement.NOT_MET: "bg-red-lt",
    Judgement.NOT_JUDGEABLE: "bg-secondary-lt",
}


def scaled(value_e6: int | None, decimals: int) -> str:
    """数值: millionths as a number with so many decimals, half up; a dash for nothing."""
    if value_e6 is None:
        return NOTHING
    number = Decimal(value_e6).scaleb(-6).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{number:,}"


def listed(words: Iterable[str]) -> str:
    """并列: as the language of the page separates them."""
    return (", " if language() == "en" else "、").join(words)


def gap_words(gap_e6: int | None, version: Version) -> str:
    """差距: shares differ by points."""
    if not gap_e6:
        return ""
    if version.unit == "%":
        return _("%(number)s 个百分点") % {"number": scaled(gap_e6, version.decimals)}
    return with_unit(gap_e6, version)


def with_unit(value_e6: int | None, version: Version) -> str:
    """数值及单位: as the definition says."""
    text = scaled(value_e6, version.decimals)
    return text if value_e6 is None else f"{text}{'' if version.unit == '%' else ' '}{version.unit}".strip()


def part_words(number: int | None, quantity: Quantity) -> str:
    """分子或分母: in the unit it is printed in."""
    if number is None:
        return NOTHING
    decimals = {100: 2, 1_000_000: 4}.get(quantity.scale, 0)
    return f"{Decimal(number).scaleb(-len(str(quantity.scale)) + 1).quantize(Decimal(1).scaleb(-decimals)):,}"


def quantities(version: Version) -> tuple[Quantity, Quantity]:
    """分子分母的量: of the rule; plain counts where there is none."""
    rule = RULES.get(version.rule)
    return (rule.numerator_quantity, rule.denominator_quantity) if rule else (Quantity.COUNT, Quantity.COUNT)


def period_words(period: Period) -> str:
    """期间名称."""
    if language() == "en":
        return period.name
    return period.label_zh


def reason_words(reason: str) -> str:
    """不可计算的原因: in the language of the page."""
    if not reason:
        return ""
    words = Reason(reason).label(language())
    return words if reason == Reason.NOT_COLLECTED else _("不可计算：%(reason)s") % {"reason": words}


def audience(request: GuardedRequest) -> Audience:
    """读者: whoever looks at the whole county sees what may be published."""
    return services.publishing.audience(county_in_sight(request), request.scope)


def shown_words(value: IndicatorValue | None, version: Version, seen_by: Audience) -> str:
    """可示的值: with its unit; a word where a small count is withheld, the reason where there is none."""
    if value is None:
        return NOTHING
    shown = seen_by.shown(value, version)
    if shown.is_suppressed:
        return withheld_words()
    return reason_words(value.reason) or with_unit(shown.value_e6, version)


def withheld_words() -> str:
    """隐去的值."""
    return _("例数少，不公布")


def place_words(place: str) -> str:
    """目标所属地方的名称."""
    return TargetPlace(place).label(language()) if place in set(TargetPlace) else place


def node_words(code: str) -> str:
    """节点名称."""
    if code.startswith(LEVEL_NODE):
        return HospitalLevel(code.removeprefix(LEVEL_NODE)).label(language())
    return organisations.names({code}).get(code, code)


def county_in_sight(request: GuardedRequest) -> str:
    """本县: of the reader."""
    return services.catalogue.county_of(request.actor)


def chosen_node(request: GuardedRequest) -> str:
    """所看的节点: the one asked for if it is in reach, otherwise the county, otherwise one's own organisation."""
    asked, county = request.GET.get("node", ""), county_in_sight(request)
    if asked.startswith(LEVEL_NODE) and county in request.scope:
        return asked
    if asked and asked in request.scope:
        return asked
    return county if county in request.scope else request.actor.organisation_code


def node_choices(request: GuardedRequest) -> list[tuple[str, str]]:
    """可看的节点: those with values in reach, the county first."""
    county = county_in_sight(request)
    found = IndicatorValue.objects.filter(is_current=True, organisation_code=county)
    found = found.exclude(node_kind=NodeKind.OUTSIDE.value).order_by()
    kinds = dict(found.values_list("node_code", "node_kind").distinct())
    order = {NodeKind.COUNTY: 0, NodeKind.GROUP: 1, NodeKind.LEVEL: 2, NodeKind.INSTITUTION: 3}
    seen = [code for code in kinds if (county if code.startswith(LEVEL_NODE) else code) in request.scope]
    return [(code, node_words(code)) for code in sorted(seen, key=lambda code: (order[NodeKind(kinds[code])], code))]


def chosen_period(request: GuardedRequest, known: list[str]) -> str:
    """所看的期间: the one asked for if it is one, otherwise the latest year with values."""
    asked = request.GET.get("period", "")
    if asked:
        try:
            return period_of(asked).name
        except RefusedError:
            pass
    years = [name for name in known if period_of(name).window is Window.YEAR]
    return next(iter([*years, *known]), "")


def why_lines(value: IndicatorValue, version: Version) -> list[dict[str, Any]]:
    """为什么: numerator, denominator, quotient, and what was left out, one step each; of a collected value what was
    given."""
    above, below = quantities(version)
    is_collected = value.origin == Origin.COLLECTED.value
    lines: list[dict[str, Any]] = []
    if not is_collected or value.numerator is not None:
        basis = " ".join(filter(None, (version.denominator.label(language()), value.basis)))
        lines += [
            {
                "step": _("分子"),
                "value": part_words(value.numerator, above),
                "text": version.numerator.label(language()),
            },
            {"step": _("分母"), "value": part_words(value.denominator, below), "text": basis},
        ]
        if version.multiplier != 1:
            lines.append({"step": _("乘数"), "value": f"{version.multiplier:,}", "text": _("分子×乘数÷分母")})
    if not is_collected:
        counted = _("计入 %(rows)s 条，缺失 %(missing)s 条") % {"rows": value.row_count, "missing": value.missing_count}
        lines.append({"step": _("计入的记录"), "value": f"{value.row_count:,}", "text": counted})
    shown = reason_words(value.reason) or with_unit(value.value_e6, version)
    lines.append({"step": _("指标值"), "value": shown, "text": version.missing.label(language()), "is_result": True})
    return lines


def provenance_of(value: IndicatorValue) -> Mapping[str, Any]:
    """来源: of the computation that made a value."""
    return value.computation.provenance if value.computation else {}
