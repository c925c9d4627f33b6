"""预警服务: a value that crosses its target stands in the to-do list of who is responsible until it is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from sanyi.governance.indicators import workflow
from sanyi.governance.indicators.codes import Judgement, Nature, NodeKind, Window
from sanyi.governance.indicators.models import IndicatorAlert, IndicatorValue
from sanyi.governance.indicators.rules.computing import RULES, RowRule
from sanyi.governance.indicators.rules.targets import Target, Verdict, judge
from sanyi.governance.indicators.services import catalogue, hooks, reading
from sanyi.governance.tasks.services.units import Matcher
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.policies import services as policies

LIMIT = "governance.indicators.alert_answer_working_days"
_JUDGED = frozenset({Judgement.MET, Judgement.NOT_MET})
Values = Mapping[str, IndicatorValue | None]


@dataclass(frozen=True, slots=True)
class Crossing:
    """越过目标: of one target by the value of a period; ``was`` is None where nothing was judged before."""

    target: Target
    value: IndicatorValue
    verdict: Verdict
    was: Judgement | None

    @property
    def is_worth_telling(self) -> bool:
        """是否预警: a change; of what was never judged before only a binding target that is missed."""
        if self.was is None:
            return self.verdict.judgement is Judgement.NOT_MET and self.target.nature is Nature.BINDING
        return self.was is not self.verdict.judgement


def raise_alerts(county_code: str, values: Sequence[IndicatorValue]) -> None:
    """发出预警: for the newest of these values of the county and of each target; the same crossing never twice."""
    found = [
        crossing
        for target in catalogue.targets_here(policies.county())
        if (value := _newest(county_code, target, values)) is not None
        and (crossing := crossing_of(target, value)) is not None
        and crossing.is_worth_telling
    ]
    matcher = Matcher.of(county_code) if found else None
    for crossing in found:
        assert matcher is not None
        _raise(county_code, crossing, matcher)


hooks.on_stored("governance.indicators.alerts", raise_alerts)


def crossing_of(target: Target, value: IndicatorValue) -> Crossing | None:
    """判断是否越过: the target held against this value and the one before it; None where nothing can be said."""
    verdict = _verdict(target, _parts(target, value))
    return Crossing(target, value, verdict, _judged_before(target, value)) if verdict.judgement in _JUDGED else None


def responsible(target: Target, value: IndicatorValue, matcher: Matcher) -> str:
    """责任单位: whom the target names, otherwise who collects the indicator, otherwise the county itself."""
    version = catalogue.definition(value.code).version(value.version)
    for names in (target.unit_responsible, version.collector.zh):
        for name in filter(None, names.strip("[]").split("、")):
            code = matcher.match(name) or matcher.match(f"县{name[1:]}")
            if code is not None:
                return code
    return matcher.county_code


def get(number: str) -> IndicatorAlert | None:
    """取预警: by its number, None when there is none."""
    return IndicatorAlert.objects.select_related("case", "value").filter(number=number).first()


def target_of(alert: IndicatorAlert) -> Target | None:
    """预警的目标: None where the shipped files no longer have it."""
    return next((one for one in catalogue.targets_of(alert.code) if one.key == alert.target_key), None)


def _newest(county_code: str, target: Target, values: Sequence[IndicatorValue]) -> IndicatorValue | None:
    """The value of the newest period, if nothing newer is stored that these do not touch; totals only when complete."""
    wanted = _window(target)
    own = [
        one
        for one in values
        if one.code == target.code and one.part in target.parts and one.value_e6 is not None
        and one.node_code == county_code and one.node_kind == NodeKind.COUNTY.value
        and (wanted is None or one.window == wanted.value) and not _is_unfinished_total(one)
    ]  # fmt: skip
    newest = max(own, key=lambda one: one.last_on, default=None)
    if newest is None:
        return None
    stored = _stored(target, newest).filter(is_current=True, value_e6__isnull=False)
    return None if stored.filter(last_on__gt=newest.last_on).exists() else newest


def _is_unfinished_total(value: IndicatorValue) -> bool:
    """A sum of a period that has not ended says nothing about its target yet."""
    rule = RULES.get(catalogue.definition(value.code).version(value.version).rule)
    return isinstance(rule, RowRule) and rule.is_total and value.last_on >= timezone.localdate()


def _window(target: Target) -> Window | None:
    windows = catalogue.definition(target.code).latest.windows
    return Window.YEAR if Window.YEAR in windows else None


def _stored(target: Target, value: IndicatorValue) -> Any:
    return IndicatorValue.objects.filter(
        organisation_code=value.organisation_code,
        code=target.code,
        node_code=value.node_code,
        window=value.window,
        part__in=target.parts,
    )


def _parts(target: Target, value: IndicatorValue) -> Values:
    """The values of all parts of the target in the period of this one."""
    rows = _stored(target, value).filter(is_current=True, period=value.period)
    found = {one.part: one for one in rows}
    return {part: found.get(part) for part in target.parts} | {value.part: value}


def _verdict(target: Target, found: Values) -> Verdict:
    figures = {part: None if one is None else one.value_e6 for part, one in found.items()}
    limits = catalogue.limits_on()
    return judge(target, figures, reading.references(target), reading.previous(target, found), about_bp=limits.about_bp)


def _judged_before(target: Target, value: IndicatorValue) -> Judgement | None:
    """What was said last: of the same period before this value was stored, otherwise of the period before it."""
    rows = _stored(target, value).filter(value_e6__isnull=False)
    former = rows.filter(period=value.period, part=value.part, is_current=False).order_by("-pk")
    earlier = rows.filter(last_on__lt=value.last_on, is_current=True).order_by("-last_on", "part")
    for one in [*former[:1], *earlier[: 2 * len(target.parts)]]:
        judgement = _verdict(target, _parts(target, one)).judgement
        if judgement in _JUDGED:
            return judgement
    return None


def _raise(county_code: str, crossing: Crossing, matcher: Matcher) -> None:
    """One alert with its case; whoever else raises the same at the same time wins, and nothing is left of this one."""
    same = {
        "organisation_code": county_code,
        "target_key": crossing.target.key,
        "node_code": crossing.value.node_code,
        "period": crossing.value.period,
        "now": crossing.verdict.judgement.value,
    }
    if IndicatorAlert.objects.filter(**same).exists():
        return
    try:
        with transaction.atomic():
            _supersede(same)
            case = _open(crossing, responsible(crossing.target, crossing.value, matcher))
            IndicatorAlert.objects.create(
                **same,
                case=case,
                number=case.number,
                code=crossing.value.code,
                was=crossing.was.value if crossing.was else "",
                value=crossing.value,
                value_e6=crossing.value.value_e6,
                gap_e6=crossing.verdict.gap_e6,
            )
    except IntegrityError:
        if not IndicatorAlert.objects.filter(**same).exists():
            raise


def _supersede(same: Mapping[str, str]) -> None:
    """What still waits about the same target is overtaken by what happened now."""
    names = ("organisation_code", "target_key", "node_code")
    waiting = IndicatorAlert.objects.filter(**{name: same[name] for name in names}, case__closed_at__isnull=True)
    for alert in waiting.select_related("case"):
        cases.act(alert.case, "supersede", access.SYSTEM)


def _open(crossing: Crossing, owner: str) -> cases.Case:
    definition, target = catalogue.definition(crossing.value.code), crossing.target
    was = crossing.was.zh if crossing.was else "首次有值"
    title = f"{definition.name.zh} {crossing.value.period}：{was}→{crossing.verdict.judgement.zh}"
    data = {"target": target.printed, "place": target.place, "period": crossing.value.period, "code": definition.code}
    case = cases.open_case(
        workflow.ALERT,
        subject_kind="indicator_alert",
        organisation_code=owner,
        by=access.SYSTEM,
        title=title,
        data=data,
    )
    cases.Case.objects.filter(pk=case.pk).update(subject_id=case.number)
    return case


def _time_limit(data: Mapping[str, Any], state: str) -> Deadline | None:
    if state != "raised":
        return None
    days = policies.book().value(
        LIMIT, jurisdiction=policies.county(), on=timezone.localdate(), asker="governance.indicators"
    )
    return Deadline(working_days=int(days.value))


cases.register_chart(
    cases.ChartEntry(
        workflow.ALERT_CHART,
        prefix="YJ",
        effects={},
        read_permission=Permission.INDICATOR_READ,
        subject_url=lambda case: reverse("governance.indicators.alert", kwargs={"number": case.number}),
        time_limit=_time_limit,
        data_labels={
            "code": ("指标代码", "Indicator"),
            "period": ("期间", "Period"),
            "target": ("目标", "Target"),
            "place": ("地方", "Place"),
        },
    )
)
