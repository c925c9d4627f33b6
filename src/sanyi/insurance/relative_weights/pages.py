"""权重测算页面: start a measurement, its weights beside the published ones, and one weight with its stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.insurance.relative_weights import services
from sanyi.insurance.relative_weights.codes import READ_PURPOSES, WORK_PURPOSES, Method, Reason, State
from sanyi.insurance.relative_weights.rules.options import PREFIX
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Routes, Subject
from sanyi.registry.organisations import services as organisations
from sanyi.registry.runs import services as runs

routes = Routes("insurance.relative_weights")
STATE_BADGES = {State.STABLE: "bg-green-lt", State.UNSTABLE: "bg-orange-lt", State.NO_DATA: "bg-secondary-lt"}
REASON_BADGES = {reason: "bg-green-lt" if reason is Reason.KEPT else "bg-orange-lt" for reason in Reason}
E6 = 1_000_000
WEIGHT: dict[str, Any] = {"kind": Kind.SCALED, "scale": 6, "shown_decimals": 4}


def state_words(request: HttpRequest) -> Mapping[str, str]:
    """稳定性."""
    return {str(state): state.label(language()) for state in State}


def reason_words(request: HttpRequest) -> Mapping[str, str]:
    """去留."""
    return {str(reason): reason.label(language()) for reason in Reason}


def _enrich(rows: list[Row]) -> None:
    for row in rows:
        row["drg_name"] = names.drg_names(row["scheme"]).get(row["drg"], "")


LISTING = Listing(
    name="relative_weight",
    zh="测算权重",
    en="Computed relative weights",
    key="drg",
    default_sort="-kept_count",
    organisation="organisation_code",
    search=("drg",),
    extra=("scheme", "run_number"),
    enrich=_enrich,
    columns=(
        ListColumn("drg", "DRG", "DRG", kind=Kind.CODE, filter=Filter.PREFIX, link=lambda row: _weight_url(row)),
        ListColumn("drg_name", "病种组", "Group", value=lambda row: row["drg_name"]),
        ListColumn("state", "稳定性", "Stability", filter=Filter.CHOICE, choices=state_words, badge=STATE_BADGES),
        ListColumn("stay_count", "病例数", "Stays", kind=Kind.INTEGER, filter=Filter.RANGE),
        ListColumn("out_of_scope_count", "口径外病例", "Out of scope", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("trimmed_count", "裁剪病例", "Trimmed", kind=Kind.INTEGER),
        ListColumn("kept_count", "计入病例", "Counted", kind=Kind.INTEGER),
        ListColumn("mean_fen", "次均费用（元）", "Mean cost (yuan)", kind=Kind.FEN),
        ListColumn("weight_e6", "测算权重", "Own weight", **WEIGHT),
        ListColumn("cv_e6", "变异系数", "CV", **WEIGHT),
        ListColumn("published_weight_e6", "公布权重", "Published weight", **WEIGHT),
        ListColumn("difference_e6", "差异", "Difference", **WEIGHT),
        ListColumn("own_rank", "测算位次", "Own rank", kind=Kind.INTEGER),
        ListColumn("published_rank", "公布位次", "Published rank", kind=Kind.INTEGER),
        ListColumn("rank_difference", "位次差", "Difference of ranks", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("cost_fen", "计入费用（元）", "Cost counted (yuan)", kind=Kind.FEN, is_hidden=True),
        ListColumn("low_bound_fen", "费用下限（元）", "Lower bound (yuan)", kind=Kind.FEN, is_hidden=True),
        ListColumn("high_bound_fen", "费用上限（元）", "Upper bound (yuan)", kind=Kind.FEN, is_hidden=True),
    ),
)


def _institutions(request: HttpRequest) -> Mapping[str, str]:
    scope = grouping.scope_of(getattr(request, "scope", frozenset()))
    codes = grouping.institutions(scope)
    known = organisations.names(set(codes))
    return {code: known.get(code, code) for code in codes}


STAYS = Listing(
    name="weight_stay",
    zh="权重背后的病例",
    en="Stays behind a weight",
    key="stay_key",
    default_sort="-total_fen",
    organisation="institution_code",
    person="person_id",
    search=("settlement_id",),
    columns=(
        ListColumn("settlement_id", "结算ID", "Settlement", kind=Kind.CODE, link=lambda row: _stay_url(row)),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=_institutions),
        ListColumn("reason", "去留", "Counted", filter=Filter.CHOICE, choices=reason_words, badge=REASON_BADGES),
        ListColumn("discharged_on", "出院日期", "Discharged", kind=Kind.DATE),
        ListColumn("main_diagnosis_code", "主要诊断编码", "Main diagnosis code", kind=Kind.CODE),
        ListColumn("length_of_stay_days", "住院天数", "Days", kind=Kind.INTEGER),
        ListColumn("total_fen", "总费用（元）", "Total (yuan)", kind=Kind.FEN, filter=Filter.RANGE),
    ),
)


def _weight_url(row: Row) -> str:
    return f"/weights/{row['run_number']}/{row['drg']}/"


def _stay_url(row: Row) -> str:
    from urllib.parse import quote

    return f"/grouping/stays/{quote(row['institution_code'], safe='')}/{quote(row['settlement_id'], safe='')}/"


@routes.page(
    "weights/",
    name="index",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    zh="权重测算",
    en="Relative weights",
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """权重测算: choose period, scheme and trimming; earlier measurements are below."""
    scope = request.scope
    scheme_names = grouping.scheme_names(language())
    context = {
        "months": grouping.months(grouping.scope_of(scope)),
        "schemes": [(scheme, scheme_names.get(scheme, scheme)) for scheme in services.schemes_with_stays(scope)],
        "methods": [(str(method), method.label(language())) for method in Method],
        "default_method": str(Method.PERCENTILE),
        "runs": [(run, *_chosen(run)) for run in services.recent(scope)],
        "may_start": bool(access.decide(request.actor, Permission.RUN_START, purpose=WORK_PURPOSES)),
    }
    return render(request, "relative_weights/index.html", context)


@routes.page(
    "weights/start/",
    name="start",
    permission=Permission.RUN_START,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="发起权重测算",
    en="Start a measurement of weights",
)
def start(request: GuardedRequest) -> HttpResponseBase:
    """发起权重测算: of the stays that the starter may read."""
    given = request.POST
    number = services.start(
        by=request.actor,
        scope=access.visible_organisations(request.actor, Permission.STAY_READ, READ_PURPOSES),
        organisation_code=_home(request),
        scheme=given.get("scheme", ""),
        first_month=given.get("first_month", ""),
        last_month=given.get("last_month", ""),
        method=given.get("method", ""),
        is_stay_limited=given.get("is_stay_limited") == "1",
        is_early_leaving_excluded=given.get("is_early_leaving_excluded") == "1",
    )
    return HttpResponseRedirect(f"/runs/{number}/")


def _owner(request: HttpRequest, number: int, drg: str = "") -> str | None:
    return services.owner_of(number)


@routes.page(
    "weights/<int:number>/",
    name="run",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="权重测算结果",
    en="Results of a measurement of weights",
    has_export=True,
)
def run_page(request: GuardedRequest, number: int) -> HttpResponseBase:
    """权重测算结果: RIV, stability and every weight beside the published one."""
    run = runs.get(number)
    assert run is not None, "the guard has found it"
    frame = services.weights_of(number)
    context = _about(run) | {"charts": _charts(frame, number) if frame.height else [], "is_done": frame.height > 0}
    title = f"{_('权重测算')} {number}"
    return LISTING.from_frame(frame).respond(
        request, title=title, template="relative_weights/run.html", context=context
    )


@routes.page(
    "weights/<int:number>/<str:drg>/",
    name="weight",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="一个权重的由来",
    en="Why a weight is what it is",
    has_export=True,
)
def weight_page(request: GuardedRequest, number: int, drg: str) -> HttpResponseBase:
    """为什么: the numbers a weight was divided from, the policy behind them, and every stay, counted or not."""
    run = runs.get(number)
    assert run is not None, "the guard has found it"
    found = services.weights_of(number).filter(pl.col("drg") == drg).to_dicts()
    if not found:
        raise RefusedError(NOT_FOUND())
    context = _about(run) | {"row": found[0], "drg_name": names.drg_names(found[0]["scheme"]).get(drg, "")}
    return STAYS.from_frame(services.stays_behind(run, drg)).respond(
        request, title=f"{drg} {context['drg_name']}", template="relative_weights/weight.html", context=context
    )


def _chosen(run: Any) -> tuple[str, str]:
    """Names of the scheme and of the way of trimming."""
    scheme, method = run.parameters.get("scheme", ""), run.parameters.get("method", "")
    label = Method(method).label(language()) if method in set(Method) else method
    return grouping.scheme_names(language()).get(scheme, scheme), label


def _about(run: Any) -> dict[str, Any]:
    """What was chosen and what came out, for both pages of a run."""
    scheme_name, method_label = _chosen(run)
    return {
        "run": run,
        "summary": run.result.get("summary"),
        "published_cmi_e6": run.result.get("published_cmi_e6"),
        "options": run.result.get("options"),
        "policy_prefix": PREFIX,
        "scheme_name": scheme_name,
        "method_label": method_label,
    }


def _charts(frame: pl.DataFrame, number: int) -> list[dict[str, Any]]:
    """Own weight against published weight, one point per group; and how many groups are stable."""
    both = frame.drop_nulls(["weight_e6", "published_weight_e6"])
    points = [
        {
            "name": row["drg"],
            "x": row["published_weight_e6"] / E6,
            "y": row["weight_e6"] / E6,
            "size": row["kept_count"],
            "link": f"/weights/{number}/{row['drg']}/",
            "lines": [names.drg_names(row["scheme"]).get(row["drg"], ""), f"{_('计入病例')} {row['kept_count']:,}"],
        }
        for row in both.iter_rows(named=True)
    ]
    scatter = {"kind": "scatter", "points": points, "names": {"x": _("公布权重"), "y": _("测算权重")}}
    counts = dict(frame["state"].value_counts().iter_rows())
    known = [state for state in State if state is not State.NO_DATA]  # the many groups without stays say nothing
    states = {
        "kind": "pie",
        "categories": [state.label(language()) for state in known],
        "series": [{"name": _("病种组"), "values": [counts.get(str(state), 0) for state in known]}],
    }
    empty = _("另有 %(count)s 组没有病例") % {"count": counts.get(str(State.NO_DATA), 0)}
    return [
        {
            "id": "chart-published",
            "title": _("测算权重与公布权重"),
            "sub": _("一点一个病种组，大小为病例数"),
            "spec": scatter,
        },
        {"id": "chart-states", "title": _("稳定性"), "sub": empty, "spec": states},
    ]


def _home(request: GuardedRequest) -> str:
    """The organisation in whose name it is started: that of the grant that allows it."""
    now = timezone.now()
    granted = (
        grant.organisation_code
        for grant in request.actor.grants
        if grant.is_valid(now) and Permission.RUN_START in grant.permissions
    )
    return next(granted, organisations.county_code())
