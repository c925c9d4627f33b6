"""任务亮灯服务: what indicators say of a supervised task: green when its target is met, with value, day and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from sanyi.governance.indicators.codes import Judgement, Reason
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.rules.computing import RULES, RowRule
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.printing import value_text
from sanyi.governance.indicators.rules.targets import Target
from sanyi.governance.indicators.rules.task_targets import names_of, target_of_task
from sanyi.governance.indicators.services import catalogue, hooks, reading
from sanyi.governance.tasks import services as tasks
from sanyi.governance.tasks.codes import Light
from sanyi.registry.policies import services as policies

NAME = "governance.indicators"
PREFIX = "governance.indicators."


@dataclass(frozen=True, slots=True)
class Linked:
    """任务所联的指标: a definition and the target it is held against; None where the task names no bound."""

    definition: Definition
    target: Target | None


def register() -> None:
    """登记: as a source of lights and of pages beside a task, and to look at lights again when values change."""
    tasks.register_light_source(NAME, light_of)
    tasks.register_pages(NAME, pages_of)
    hooks.on_stored(f"{NAME}.lights", _refresh)


def light_of(task: tasks.TaskFacts, on: date) -> tasks.LightEvidence | None:
    """数据亮灯: green when the target is met, yellow or red when it is missed, by how near it is due; grey with the
    reason where nothing can be said; None for a task without an indicator.
    """
    linked = linked_to(task)
    if linked is None or linked.target is None:
        return None
    standing = reading.standing(linked.target, on=on)
    value = next(iter(standing.values), None)
    if value is None:
        return _silent(linked, on, _reason(linked.definition, on), None)
    if (on - value.last_on).days > _days("light_value_days", on):
        return _silent(linked, on, "最近的指标值已过期", value, "The latest value is too old")
    if standing.verdict.judgement is Judgement.NOT_JUDGEABLE:
        why = standing.verdict.reason
        return _silent(linked, on, why.zh if why else "", value, why.en if why else "")
    return _said(linked, linked.target, standing, task.due_on or linked.target.due_on, on)


def linked_to(task: tasks.TaskFacts) -> Linked | None:
    """任务所联的指标: by its code, otherwise by the name of one of its targets, matched exactly."""
    definition = catalogue.catalogue().definitions.get(task.indicator_code) if task.indicator_code else None
    own: Mapping[str, object] | None = None
    if definition is None:
        pairs = [(_by_name().get(name), target) for target in task.targets for name in names_of(target)]
        definition, own = next(((found, target) for found, target in pairs if found is not None), (None, None))
    elif task.targets:
        named = [one for one in task.targets if definition.name.zh in names_of(one)]
        own = named[0] if named else task.targets[0] if len(task.targets) == 1 else None
    if definition is None:
        return None
    return Linked(definition, _target(definition, task, own))


def pages_of(task: tasks.TaskFacts) -> Sequence[tuple[str, str]]:
    """相关页面: of the indicator."""
    linked = linked_to(task)
    if linked is None:
        return []
    address = reverse("governance.indicators.indicator", kwargs={"code": linked.definition.code})
    return [(f"指标：{linked.definition.name.zh}", address)]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Definition]:
    """Chinese name to definition, as far as one alone has it."""
    found: dict[str, list[Definition]] = {}
    for one in catalogue.catalogue().definitions.values():
        found.setdefault(one.name.zh, []).append(one)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _target(definition: Definition, task: tasks.TaskFacts, own: Mapping[str, object] | None) -> Target | None:
    """The target of the task's own document, then what the task itself says, then what holds here besides."""
    here = catalogue.targets_of(definition.code, policies.county())
    same = [one for one in here if one.jurisdiction == task.jurisdiction_code]
    if not same and own is not None:
        made = target_of_task(definition, own, task.jurisdiction_code)
        if made is not None:
            return made
    known = same or list(here)
    day = task.due_on or date.max
    return min(known, key=lambda one: (one.due_on != task.due_on, abs(((one.due_on or day) - day).days)), default=None)


def _said(
    linked: Linked, target: Target, standing: reading.Standing, due_on: date | None, on: date
) -> tasks.LightEvidence:
    verdict, value = standing.verdict, standing.values[0]
    is_met = verdict.judgement is Judgement.MET
    is_near = due_on is not None and (due_on - on).days <= _days("red_before_days", on)
    light = Light.GREEN if is_met else Light.RED if is_near else Light.YELLOW
    shown = " / ".join(_shown(linked, one) for one in standing.values)
    name = linked.definition.name
    words = verdict.judgement
    return tasks.LightEvidence(
        light=light,
        words_zh=f"{name.zh}（{value.period}）{shown}，目标{target.printed}，{words.zh}",
        words_en=f"{name.label('en')} ({value.period}) {shown}, target {target.printed}: {words.en}",
        as_of=value.last_on,
        value_text=shown,
        target_text=target.printed,
        progress_bp=10_000 if is_met else None,
        url=_rows_url(linked, value),
        details={"code": linked.definition.code, "period": value.period, "gap_e6": verdict.gap_e6},
    )


def _silent(linked: Linked, on: date, zh: str, value: IndicatorValue | None, en: str = "") -> tasks.LightEvidence:
    """Nothing for the light, but why."""
    reason = Reason(zh) if zh in set(Reason) else None
    name = linked.definition.name
    return tasks.LightEvidence(
        light=Light.GREY,
        words_zh=f"{name.zh}：{'不可计算：' + reason.zh if reason else zh}",
        words_en=f"{name.label('en')}: {'not computable: ' + reason.en if reason else en}",
        as_of=value.last_on if value else on,
        value_text=_shown(linked, value) if value else "",
        target_text=linked.target.printed if linked.target else "",
        url=_page_url(linked, value),
        details={"code": linked.definition.code},
    )


def _reason(definition: Definition, on: date) -> str:
    """Why there is no value: what the newest period says, otherwise what the definition says."""
    found = reading.values([definition.code], node_codes=[catalogue.county_code()]).filter(last_on__lte=on)
    newest = found.exclude(reason="").order_by("-last_on").first()
    return newest.reason if newest else (definition.latest.reason or Reason.NOT_COLLECTED).value


def _shown(linked: Linked, value: IndicatorValue) -> str:
    return value_text(value.value_e6, linked.definition.version(value.version))


def _page_url(linked: Linked, value: IndicatorValue | None) -> str:
    address = reverse("governance.indicators.indicator", kwargs={"code": linked.definition.code})
    return f"{address}?{urlencode({'period': value.period})}" if value else address


def _rows_url(linked: Linked, value: IndicatorValue) -> str:
    """To the rows where the value is made of rows, otherwise to the page that says how it was made."""
    rule = RULES.get(linked.definition.version(value.version).rule)
    if not isinstance(rule, RowRule):
        return _page_url(linked, value)
    address = reverse("governance.indicators.rows", kwargs={"code": linked.definition.code})
    return f"{address}?{urlencode({'node': value.node_code, 'period': value.period})}"


def _days(name: str, on: date) -> int:
    book, county = policies.book(), policies.county()
    return int(book.value(PREFIX + name, jurisdiction=county, on=on, asker=NAME).value)


def _refresh(county_code: str, values: Sequence[IndicatorValue]) -> None:
    tasks.lights.refresh_linked({one.code for one in values if one.node_code == county_code})
