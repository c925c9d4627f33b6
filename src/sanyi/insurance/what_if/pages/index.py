"""方案列表页面: scenarios of the scope with what they came to, and the form that makes one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import PURPOSES, ScenarioKind
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.pages.doors import OWNED, home, routes, scenario_of
from sanyi.insurance.what_if.services import bases
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest

RESULT_BADGES = {"computed": "bg-green-lt", "outdated": "bg-orange-lt", "none": "bg-secondary-lt"}


def scenario_url(row: Row) -> str:
    """方案页面."""
    return reverse("insurance.what_if.scenario", kwargs={"number": row["id"]})


def kind_words(request: HttpRequest | None = None) -> dict[str, str]:
    """方案种类."""
    return {str(kind): kind.label(language()) for kind in ScenarioKind}


def result_words(request: HttpRequest | None = None) -> dict[str, str]:
    """测算情况."""
    return {"computed": _("已测算"), "outdated": _("改动后未重算"), "none": _("未测算")}


def _with_results(rows: list[Row]) -> None:
    found = {row.pk: row for row in Scenario.objects.filter(pk__in=[row["id"] for row in rows])}
    for row in rows:
        scenario = found.get(row["id"])
        result = services.result_of(scenario) if scenario is not None else None
        row["change_count"] = len(scenario.changes) if scenario is not None else 0
        row["difference_fen"] = result.summary.get("difference_fen") if result is not None else None
        row["result"] = "none"
        if scenario is not None and result is not None:
            row["result"] = "outdated" if services.is_outdated(scenario, result) else "computed"


SCENARIOS = Listing(
    name="what_if_scenarios",
    zh="模拟方案",
    en="Scenarios",
    key="id",
    key_kind=Kind.INTEGER,
    organisation="organisation_code",
    default_sort="-id",
    search=("name",),
    enrich=_with_results,
    columns=(
        ListColumn("id", "编号", "No.", Kind.INTEGER, link=scenario_url),
        ListColumn("name", "名称", "Name", link=scenario_url),
        ListColumn("kind", "种类", "Kind", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("year", "年度", "Year", filter=Filter.EXACT, kind=Kind.CODE),
        ListColumn("base_number", "基准清算", "Base settlement", Kind.CODE),
        ListColumn("change_count", "改动", "Changes", Kind.INTEGER, value=lambda row: row["change_count"]),
        ListColumn(
            "difference_fen", "基金变化（元）", "Change of the fund", Kind.FEN, value=lambda row: row["difference_fen"]
        ),
        ListColumn(
            "result", "测算", "Result", choices=result_words, badge=RESULT_BADGES, value=lambda row: row["result"]
        ),
        ListColumn("changed_by_name", "修改人", "Changed by"),
        ListColumn("changed_at", "修改时间", "Changed", Kind.INSTANT),
    ),
)


@routes.page(
    "what-if/",
    name="index",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    zh="支付模拟",
    en="What-if",
    has_export=True,
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """支付模拟: scenarios, the newest first."""
    context = {"base_choices": bases.choices(), "year": timezone.localdate().year - 1}
    return SCENARIOS.from_query(Scenario.objects.all()).respond(
        request, title=_("支付模拟"), template="what_if/index.html", context=context
    )


@routes.page(
    "what-if/new/",
    name="create",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("POST",),
    zh="新建模拟方案",
    en="New scenario",
)
def create(request: GuardedRequest) -> HttpResponseBase:
    """新建方案: then its values are changed."""
    given = request.POST
    made = services.create(
        given.get("name", ""),
        bases.year_of(given.get("year", "")),
        base_number=given.get("base", ""),
        by=request.actor,
        organisation_code=home(request),
    )
    return HttpResponseRedirect(reverse("insurance.what_if.values", kwargs={"number": made.pk}))


@routes.page(
    "what-if/<int:number>/copy/",
    name="copy",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("POST",),
    zh="复制模拟方案",
    en="Copy a scenario",
    **OWNED,
)
def copy(request: GuardedRequest, number: int) -> HttpResponseBase:
    """复制方案."""
    made = services.copy(scenario_of(number), request.POST.get("name", ""), by=request.actor)
    return HttpResponseRedirect(scenario_url({"id": made.pk}))


@routes.page(
    "what-if/<int:number>/delete/",
    name="delete",
    permission=Permission.WHAT_IF_RUN,
    purpose=PURPOSES,
    methods=("POST",),
    zh="删除模拟方案",
    en="Delete a scenario",
    **OWNED,
)
def delete(request: GuardedRequest, number: int) -> HttpResponseBase:
    """删除方案."""
    services.delete(scenario_of(number), by=request.actor)
    messages.info(request, _("方案已删除。"))
    return HttpResponseRedirect(reverse("insurance.what_if.index"))
