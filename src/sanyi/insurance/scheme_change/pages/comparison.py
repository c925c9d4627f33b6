"""新旧方案比较页面: start, migration matrix, institutions, homogeneity, stays behind a cell, proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.insurance.relative_weights.codes import State
from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.codes import READ_PURPOSES, WORK_PURPOSES, Basis
from sanyi.insurance.scheme_change.pages import charts
from sanyi.insurance.scheme_change.pages.doors import CHANGE_BADGES, change_words, home, routes
from sanyi.insurance.scheme_change.tables import comparison as tables
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Subject, may
from sanyi.registry.organisations import services as organisations

WEIGHT: dict[str, Any] = {"kind": Kind.SCALED, "scale": 6, "shown_decimals": 4}
RIV_GONE_BADGE = {True: "bg-orange-lt", False: "bg-secondary-lt"}


def institution_words(request: HttpRequest) -> Mapping[str, str]:
    """医疗机构."""
    codes = grouping.institutions(grouping.scope_of(getattr(request, "scope", frozenset())))
    known = organisations.names(set(codes))
    return {code: known.get(code, code) for code in codes}


def state_words(request: HttpRequest) -> Mapping[str, str]:
    """稳定性."""
    return {str(state): state.label(language()) for state in State}


def _drill(row: Row) -> str | None:
    """The stays of a row; nothing where the reader may not open them."""
    found: str | None = row["drill"]
    return found


def _stay_url(row: Row) -> str:
    return f"/grouping/stays/{quote(row['institution_code'], safe='')}/{quote(row['settlement_id'], safe='')}/"


MATRIX = Listing(
    name="scheme_migration",
    zh="病例迁移",
    en="Migration between groups",
    key="pair",
    default_sort="-stay_count",
    organisation=None,
    search=("old_group", "new_group"),
    extra=("drill",),
    columns=(
        ListColumn("old_group", "旧方案组", "Old group", filter=Filter.PREFIX, link=_drill),
        ListColumn("old_name", "旧组名称", "Name of the old group", is_sortable=False),
        ListColumn("new_group", "新方案组", "New group", filter=Filter.PREFIX, link=_drill),
        ListColumn("new_name", "新组名称", "Name of the new group", is_sortable=False),
        ListColumn("is_changed", "换组", "Changes", kind=Kind.BOOLEAN, filter=Filter.CHOICE, badge=RIV_GONE_BADGE),
        ListColumn("stay_count", "病例数", "Stays", kind=Kind.INTEGER, filter=Filter.RANGE),
        ListColumn("total_fen", "费用（元）", "Cost (yuan)", kind=Kind.FEN, filter=Filter.RANGE),
        ListColumn("cost_unknown_count", "费用未知", "Cost unknown", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("old_weight_e6", "旧权重", "Old weight", **WEIGHT),
        ListColumn("new_weight_e6", "新权重", "New weight", **WEIGHT),
        ListColumn("old_weight_sum_e6", "旧总权重", "Old total weight", is_hidden=True, **WEIGHT),
        ListColumn("new_weight_sum_e6", "新总权重", "New total weight", is_hidden=True, **WEIGHT),
        ListColumn("weight_change_e6", "总权重变化", "Change of total weight", **WEIGHT),
    ),
)
INSTITUTIONS = Listing(
    name="scheme_change_institution",
    zh="机构影响",
    en="Effect on institutions",
    key="institution_code",
    default_sort="-stay_count",
    organisation=None,
    columns=(
        ListColumn("institution_code", "医疗机构", "Institution", choices=institution_words, filter=Filter.CHOICE),
        ListColumn("stay_count", "病例数", "Stays", kind=Kind.INTEGER),
        ListColumn("total_fen", "费用（元）", "Cost (yuan)", kind=Kind.FEN),
        ListColumn("old_cmi_e6", "旧 CMI", "Old CMI", **WEIGHT),
        ListColumn("new_cmi_e6", "新 CMI", "New CMI", **WEIGHT),
        ListColumn("cmi_change_e6", "CMI 变化", "Change of CMI", **WEIGHT),
        ListColumn("old_grouped_count", "旧入组", "Grouped, old", kind=Kind.INTEGER),
        ListColumn("new_grouped_count", "新入组", "Grouped, new", kind=Kind.INTEGER),
        ListColumn("old_ambiguous_count", "旧歧义", "Ambiguous, old", kind=Kind.INTEGER),
        ListColumn("new_ambiguous_count", "新歧义", "Ambiguous, new", kind=Kind.INTEGER),
        ListColumn("old_ungrouped_count", "旧未入组", "Not grouped, old", kind=Kind.INTEGER),
        ListColumn("new_ungrouped_count", "新未入组", "Not grouped, new", kind=Kind.INTEGER),
        ListColumn("old_weight_sum_e6", "旧总权重", "Old total weight", is_hidden=True, **WEIGHT),
        ListColumn("new_weight_sum_e6", "新总权重", "New total weight", is_hidden=True, **WEIGHT),
        ListColumn("old_weighted_count", "旧有权重病例", "With a weight, old", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("new_weighted_count", "新有权重病例", "With a weight, new", kind=Kind.INTEGER, is_hidden=True),
    ),
)
HOMOGENEITY = Listing(
    name="scheme_homogeneity",
    zh="组内同质性",
    en="Homogeneity of groups",
    key="drg",
    default_sort="-cv_change_e6",
    organisation=None,
    search=("drg",),
    extra=("drill",),
    columns=(
        ListColumn("drg", "病种组", "DRG", kind=Kind.CODE, filter=Filter.PREFIX, link=_drill),
        ListColumn("name", "名称", "Name", is_sortable=False),
        ListColumn("change", "变化", "Change", filter=Filter.CHOICE, choices=change_words, badge=CHANGE_BADGES),
        ListColumn("old_kept_count", "旧病例数", "Stays, old", kind=Kind.INTEGER, filter=Filter.RANGE),
        ListColumn("new_kept_count", "新病例数", "Stays, new", kind=Kind.INTEGER, filter=Filter.RANGE),
        ListColumn("old_cv_e6", "旧变异系数", "CV, old", **WEIGHT),
        ListColumn("new_cv_e6", "新变异系数", "CV, new", **WEIGHT),
        ListColumn("cv_change_e6", "变异系数变化", "Change of CV", **WEIGHT),
        ListColumn("old_mean_fen", "旧次均费用（元）", "Mean cost, old", kind=Kind.FEN, is_hidden=True),
        ListColumn("new_mean_fen", "新次均费用（元）", "Mean cost, new", kind=Kind.FEN, is_hidden=True),
        ListColumn("old_state", "旧稳定性", "Stability, old", choices=state_words, is_hidden=True),
        ListColumn("new_state", "新稳定性", "Stability, new", choices=state_words, is_hidden=True),
    ),
)
STAYS = Listing(
    name="scheme_compared_stay",
    zh="换组病例",
    en="Stays behind a pair of groups",
    key="stay_key",
    default_sort="-total_fen",
    organisation="institution_code",
    person="person_id",
    search=("settlement_id", "main_diagnosis_code", "main_procedure_code"),
    columns=(
        ListColumn("settlement_id", "结算ID", "Settlement", kind=Kind.CODE, link=_stay_url),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("old_group", "旧方案组", "Old group", filter=Filter.PREFIX),
        ListColumn("new_group", "新方案组", "New group", filter=Filter.PREFIX),
        ListColumn("discharged_on", "出院日期", "Discharged", kind=Kind.DATE, filter=Filter.RANGE),
        ListColumn("main_diagnosis_code", "主要诊断编码", "Main diagnosis code", kind=Kind.CODE),
        ListColumn("main_procedure_code", "主要手术编码", "Main procedure code", kind=Kind.CODE),
        ListColumn("length_of_stay_days", "住院天数", "Days", kind=Kind.INTEGER),
        ListColumn("total_fen", "总费用（元）", "Total (yuan)", kind=Kind.FEN, filter=Filter.RANGE),
    ),
)


@routes.page(
    "scheme-change/compare/",
    name="compare",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="发起新旧方案比较",
    en="Start a comparison",
)
def compare(request: GuardedRequest) -> HttpResponseBase:
    """发起比较: over the settlement lists that the starter may read."""
    given = request.POST
    number = services.start(
        by=request.actor,
        scope=access.visible_organisations(request.actor, Permission.STAY_READ, WORK_PURPOSES),
        organisation_code=home(request, Permission.SCHEME_IMPORT),
        old=given.get("old", ""),
        new=given.get("new", ""),
        first_month=given.get("first_month", ""),
        last_month=given.get("last_month", ""),
        basis=given.get("basis", "") if given.get("basis") in set(Basis) else Basis.OWN.value,
    )
    return HttpResponseRedirect(f"/runs/{number}/")


def _owner(request: HttpRequest, number: int) -> str | None:
    return services.owner_of(number)


@routes.page(
    "scheme-change/<int:number>/",
    name="comparison",
    permission=Permission.COUNTY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="新旧方案比较",
    en="Comparison of schemes",
    has_export=True,
)
def comparison(request: GuardedRequest, number: int) -> HttpResponseBase:
    """新旧方案比较: what changes, the migration matrix, and the form that proposes the switch."""
    context = _about(request, number)
    run = context["run"]
    rows = matrix_rows(run, has_stays=context["may_see_stays"])
    if rows.height:
        context["charts"] = charts.of_comparison(services.table_of(tables.INSTITUTION, number), context["summary"])
    return MATRIX.from_frame(rows).respond(
        request, title=f"{_('新旧方案比较')} {number}", template="scheme_change/comparison.html", context=context
    )


def matrix_rows(run: Any, *, has_stays: bool) -> pl.DataFrame:
    """病例迁移的行: with the names of the groups of either scheme, and the way to the stays where it may be gone."""
    old, new = (names.drg_names(run.parameters[side]) for side in ("old", "new"))
    frame = services.table_of(tables.MIGRATION, run.number)
    return frame.with_columns(
        (pl.col("old_group") + "→" + pl.col("new_group")).alias("pair"),
        _named(frame["old_group"], dict(old)).alias("old_name"),
        _named(frame["new_group"], dict(new)).alias("new_name"),
        _drills(run.number, frame, ("old_group", "new_group"), has_stays=has_stays),
    )


def _drills(number: int, frame: pl.DataFrame, names_: tuple[str, ...], *, has_stays: bool) -> pl.Series:
    """Addresses of the list of stays, filtered by the groups of each row."""
    rows = frame.select(names_).rows(named=True)
    found = [f"/scheme-change/{number}/stays/?{urlencode(row)}" if has_stays else None for row in rows]
    return pl.Series("drill", found, dtype=pl.String)


def _named(groups: pl.Series, known: dict[str, str]) -> pl.Series:
    return groups.replace_strict(known, default="", return_dtype=pl.String) if groups.len() else groups


@routes.page(
    "scheme-change/<int:number>/institutions/",
    name="institutions",
    permission=Permission.COUNTY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="新旧方案机构影响",
    en="Effect on institutions",
    has_export=True,
)
def institutions(request: GuardedRequest, number: int) -> HttpResponseBase:
    """机构影响: CMI and grouped stays of every institution before and after."""
    context = _about(request, number) | {"tab": "institutions"}
    frame = services.table_of(tables.INSTITUTION, number)
    return INSTITUTIONS.from_frame(frame).respond(
        request, title=f"{_('机构影响')} {number}", template="scheme_change/part.html", context=context
    )


@routes.page(
    "scheme-change/<int:number>/groups/",
    name="groups",
    permission=Permission.COUNTY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="新旧方案组内同质性",
    en="Homogeneity of groups",
    has_export=True,
)
def groups(request: GuardedRequest, number: int) -> HttpResponseBase:
    """组内同质性: which groups lose it."""
    context = _about(request, number) | {"tab": "groups"}
    asked = context["run"].parameters
    known = dict(names.drg_names(asked["old"])) | dict(names.drg_names(asked["new"]))
    frame = services.table_of(tables.HOMOGENEITY, number)
    # A group that the new scheme does not have is looked for among the old groups.
    side = pl.when(frame["change"] == "gone").then(pl.lit("old_group")).otherwise(pl.lit("new_group"))
    sides = frame.select(side.alias("side"))["side"] if frame.height else frame["change"]
    asked_for = [urlencode({one: drg}) for one, drg in zip(sides, frame["drg"], strict=True)]
    address = f"/scheme-change/{number}/stays/?"
    drills = [address + one if context["may_see_stays"] else None for one in asked_for]
    rows = frame.with_columns(_named(frame["drg"], known).alias("name"), pl.Series("drill", drills, dtype=pl.String))
    return HOMOGENEITY.from_frame(rows).respond(
        request, title=f"{_('组内同质性')} {number}", template="scheme_change/part.html", context=context
    )


@routes.page(
    "scheme-change/<int:number>/stays/",
    name="stays",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="换组病例",
    en="Stays behind a pair of groups",
    has_export=True,
)
def stays(request: GuardedRequest, number: int) -> HttpResponseBase:
    """换组病例: the stays of a cell of the matrix."""
    context = _about(request, number) | {"tab": "stays"}
    return STAYS.from_frame(services.compared_stays(context["run"])).respond(
        request, title=f"{_('比较的病例')} {number}", template="scheme_change/part.html", context=context
    )


@routes.page(
    "scheme-change/<int:number>/propose/",
    name="propose",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    subject=Subject.RUN,
    organisation_of=_owner,
    methods=("POST",),
    zh="提请启用新方案",
    en="Propose a switch",
)
def propose(request: GuardedRequest, number: int) -> HttpResponseBase:
    """提请启用: opens the case that somebody else decides."""
    run = services.comparison(number)
    assert run is not None, "the guard has found it"
    case = services.propose(
        run,
        request.POST.get("starts_on", ""),
        by=request.actor,
        organisation_code=run.organisation_code,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("已提请启用，由有批准权限的人员审批。"))
    return HttpResponseRedirect(reverse("registry.cases.detail", kwargs={"number": case.number}))


def _about(request: GuardedRequest, number: int) -> dict[str, Any]:
    """What was compared and what came out, for every page of a comparison."""
    run = services.comparison(number)
    assert run is not None, "the guard has found it"
    known, spoken = grouping.scheme_names(language()), language()
    asked = run.parameters
    is_done = run.state == "done"
    return {
        "run": run,
        "summary": run.result.get("summary", {}) if is_done else {},
        "changed_url": f"/scheme-change/{number}/?is_changed=True#rows",
        "is_done": is_done,
        "old_name": known.get(asked["old"], asked["old"]),
        "new_name": known.get(asked["new"], asked["new"]),
        "basis_label": Basis(asked["basis"]).label(spoken),
        "proposals": services.proposals_of(number),
        "may_propose": is_done and may(request, Permission.SCHEME_IMPORT, run.organisation_code),
        "may_see_stays": may(request, Permission.STAY_READ, run.organisation_code),
        "tab": "matrix",
    }
