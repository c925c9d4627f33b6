"""演示督办: tasks in every state, a round with a finding, quarterly problems, milestones; by those who would act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from sanyi.demo import sign_ins
from sanyi.governance.tasks import services as tasks
from sanyi.governance.tasks.services import acting
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases

_SOURCE_ID, _ABOVE_ID = "demo-supervision", "demo-supervision-above"
MEASURED = "care.in_county_inpatient_share_insured"
"""亮灯看指标的任务: computed from the stays at home and those elsewhere."""
_USERS = ("reform", "health", "insurance", "finance", "director", "tcm", "leader")


def leave(today: date | None = None) -> None:
    """留下督办任务: leaving them twice adds nothing."""
    people = {name: sign_ins.actor(name) for name in _USERS}
    day = today or timezone.localdate()
    numbers = _register(people["reform"], day)
    if tasks.packs.milestones(None):
        return
    _walk(numbers, people)
    tasks.daily.daily(day)
    _round(numbers, people, day)
    _problems(people)
    for year in (2025, 2030, 2035):
        tasks.packs.set_milestone(f"分级诊疗格局（{year}年）", date(year, 12, 31), by=people["reform"])


def _register(reform: Actor, today: date) -> dict[str, str]:
    """The county's own document, and the two tasks of the province above it. Short name to number."""
    county = str(settings.SANYI_COUNTY)

    def item(clause: str, title: str, units: str, days: int, **more: Any) -> tasks.NewTask:
        lead, *others = units.split("、")
        due_on = today + timedelta(days=days)
        return tasks.NewTask(clause, title, "", lead, tuple(others), due_on=due_on, **more)

    own = tasks.TaskSource("示医改〔2026〕1号", "演示县医改年度任务", _SOURCE_ID, county, today - timedelta(days=200))
    own_items = {
        "closed": item("一（一）", "完善双向转诊流程和转诊目录", "县卫健局", 10),
        "filed": item("一（二）", "推行医保总额打包付费年终清算", "县医保局、县财政局", 20),
        "busy": item(
            "二（一）", "开展家庭医生签约和慢病长处方", "县卫健局、县医保局", 60, target_summary="重点人群签约率70%以上"
        ),
        "late": item("二（二）", "建成县域医学影像共享中心", "县卫健局、县财政局", -20),
        "soon": item("三（一）", "落实公立医院六项投入责任", "县财政局、县卫健局", 4),
        "quarter": item("三（二）", "督导医疗集团运行情况", "县卫健局", 30, cycle="每季度"),
        "measured": item(
            "二（三）",
            "引导参保人在县域内住院",
            "县卫健局、县医保局",
            120,
            indicator_code=MEASURED,
            target_summary="县域内住院量占比80%以上",
            targets=[{"subject": "县域内住院量占比", "comparator": "≥", "value": "80", "unit": "%", "text": "≥80%"}],
        ),
        "waiting": item("三（三）", "推进医疗健康数据共享开放", "县大数据服务中心、县卫健局", 90),
    }
    above = tasks.TaskSource("示省医改〔2026〕1号", "演示省医改年度要点", _ABOVE_ID, f"{county[:2]}0000000000", None)
    above_items = {
        "above": item("第三条", "健全双向转诊制度，完善转诊流程和目录", "省卫健委", 40),
        "above_pay": item("第九条", "全面推行医保总额打包付费", "省医保局", 40),
    }
    found = tasks.register_tasks(own, list(own_items.values()), by=reform)
    found += tasks.register_tasks(above, list(above_items.values()), by=reform)
    return dict(zip([*own_items, *above_items], found, strict=True))


def _walk(numbers: Mapping[str, str], people: Mapping[str, Actor]) -> None:
    """Every task as far as its name says."""
    health, insurance, reform = people["health"], people["insurance"], people["reform"]
    tasks.links.link(acting.get(numbers["closed"]), numbers["above"], by=reform)
    tasks.links.link(acting.get(numbers["filed"]), numbers["above_pay"], by=reform)
    for name in ("closed", "filed", "busy", "late", "soon", "quarter", "measured"):
        acting.act_on_task(acting.get(numbers[name]), "assign", by=reform)
    _do(numbers["closed"], 1, health, "sign", "begin", "file")
    _do(numbers["closed"], 1, reform, "verify")
    acting.act_on_task(acting.get(numbers["closed"]), "close", by=reform)
    _do(numbers["filed"], 1, insurance, "sign", "begin", "file")
    _do(numbers["filed"], 2, people["finance"], "sign", "file")
    _do(numbers["busy"], 1, health, "sign", "begin", "report", percent="60")
    _do(numbers["busy"], 2, insurance, "sign")
    _do(numbers["late"], 1, health, "sign", "begin")
    _do(numbers["measured"], 1, health, "sign", "begin")
    _do(numbers["soon"], 1, people["finance"], "sign", "begin")


def _do(number: str, position: int, by: Actor, *steps: str, percent: str = "") -> None:
    for step in steps:
        unit = next(one for one in acting.get(number).units.all() if one.position == position)
        files = (
            [ContentFile("演示证据：工作已按要求完成。\n".encode(), "工作报告（演示）.txt")] if step == "file" else []
        )
        acting.act_on_share(
            unit, step, by=by, reason="进展正常（演示）" if step == "report" else "", evidence=files,
            percent=percent if step == "report" else "",
        )  # fmt: skip


def _round(numbers: Mapping[str, str], people: Mapping[str, Actor], today: date) -> None:
    """The red tasks are visited; one finding waits for the health bureau."""
    plan = tasks.rounds.Plan(
        "下半年医改督查（演示）", today - timedelta(days=3), today + timedelta(days=3), tasks.Draw.RED
    )
    made = tasks.rounds.plan_round(plan, by=people["reform"])
    cases.act(made.case, "begin", people["reform"])
    due_on = today + timedelta(days=15)
    tasks.rounds.find(
        made, numbers["late"], 1, "影像中心设备到位，尚未接入乡镇卫生院（演示）", due_on, by=people["reform"]
    )


def _problems(people: Mapping[str, Actor]) -> None:
    """The county hospital's problem has been answered, the other hospital reports none."""
    quarter = tasks.problems.reportable_quarters()[0]
    director, tcm, health = people["director"], people["tcm"], people["health"]
    text = "急救用注射剂连续两周未配送到位，建议协调配送企业（演示）"
    problem = tasks.problems.report_problem(
        director.organisation_code, quarter, tasks.Receiver.HEALTH, "medicine", text, by=director
    )
    case = cases.act(problem.case, "assign", health, data={"section": "药政股"})
    cases.act(case, "answer", health, reason="已协调配送企业，本周内到货（演示）")
    tasks.problems.report_none(tcm.organisation_code, quarter, by=tcm)
