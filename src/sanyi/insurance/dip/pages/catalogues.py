"""病种目录页面: the list, building, one catalogue with its rows, one row with its 为什么, and the proposal."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import polars as pl
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.exchange.intake.services.workbooks import size_text
from sanyi.insurance.dip import services
from sanyi.insurance.dip.codes import WORK_PURPOSES, Trimming
from sanyi.insurance.dip.pages.doors import (
    KIND_BADGES,
    ORIGIN_BADGES,
    catalogue_owner,
    dimension_words,
    home,
    kind_words,
    missing_words,
    origin_words,
    routes,
    treatment_words,
)
from sanyi.insurance.dip.rules.explaining import scaled
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Subject, may
from sanyi.registry.policies import services as policies

SCORE: dict[str, Any] = {"kind": Kind.SCALED, "scale": 4, "shown_decimals": 4}
E6: dict[str, Any] = {"kind": Kind.SCALED, "scale": 6, "shown_decimals": 4}


def _places(rows: list[Row]) -> None:
    jurisdictions = policies.book().jurisdictions
    for row in rows:
        row["place"] = jurisdictions.full_name(row["jurisdiction"], language())


CATALOGUES = Listing(
    name="dip_catalogue",
    zh="DIP 病种目录",
    en="DIP catalogues",
    key="pk",
    key_kind=Kind.INTEGER,
    default_sort="-pk",
    organisation=None,
    search=("key", "name_zh"),
    extra=("pk", "jurisdiction"),
    enrich=_places,
    columns=(
        ListColumn("pk", "序号", "No.", kind=Kind.INTEGER),
        ListColumn("name_zh", "目录", "Catalogue", link=lambda row: f"/dip/{row['pk']}/"),
        ListColumn("key", "目录键", "Key", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn("origin", "来源", "Origin", filter=Filter.CHOICE, choices=origin_words, badge=ORIGIN_BADGES),
        ListColumn("place", "适用地", "Area", value=lambda row: row["place"]),
        ListColumn("starts_on", "执行日期", "Starts on", kind=Kind.DATE, filter=Filter.RANGE),
        ListColumn("ends_on", "停止日期", "Ends on", kind=Kind.DATE),
        ListColumn("row_count", "病种数", "Rows", kind=Kind.INTEGER),
        ListColumn("core_count", "核心病种", "Core", kind=Kind.INTEGER),
        ListColumn("mixed_count", "综合病种", "Mixed", kind=Kind.INTEGER),
        ListColumn("basic_count", "基层病种", "Primary-care", kind=Kind.INTEGER),
        ListColumn("is_assumed", "含推定值", "Assumed values", kind=Kind.BOOLEAN),
        ListColumn("created_by_name", "建立人", "Made by", is_hidden=True),
        ListColumn("created_at", "建立时间", "Made", kind=Kind.INSTANT),
    ),
)

ROWS = Listing(
    name="dip_row",
    zh="DIP 病种",
    en="Diseases of the catalogue",
    key="row",
    default_sort="row",
    organisation=None,
    search=("row", "name", "main_procedure"),
    extra=("pk",),
    columns=(
        ListColumn(
            "row",
            "病种编码",
            "Code",
            kind=Kind.CODE,
            filter=Filter.PREFIX,
            link=lambda row: _row_url(row["pk"], row["row"]),
        ),
        ListColumn("name", "病种名称", "Disease", filter=Filter.CONTAINS),
        ListColumn("kind", "病种类型", "Kind", filter=Filter.CHOICE, choices=kind_words, badge=KIND_BADGES),
        ListColumn("category", "诊断类目", "Category", kind=Kind.CODE, filter=Filter.PREFIX, is_hidden=True),
        ListColumn("main_procedure", "主要手术操作", "Main procedure", kind=Kind.CODE, is_hidden=True),
        ListColumn("related", "相关手术操作", "Related procedures", kind=Kind.CODE, is_hidden=True),
        ListColumn("treatment", "治疗属性", "Treatment", filter=Filter.CHOICE, choices=treatment_words),
        ListColumn("score_e4", "病种分值", "Score", filter=Filter.RANGE, **SCORE),
        ListColumn("weight_e6", "RW", "RW", **E6),
        ListColumn("mean_fen", "加权均费（元）", "Weighted mean (yuan)", kind=Kind.FEN),
        ListColumn("cv_e6", "变异系数", "CV", **E6),
        ListColumn("stay_count", "三年病例数", "Stays", kind=Kind.INTEGER),
        ListColumn("kept_count", "计入病例数", "Counted", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("primary_share_bp", "基层占比", "Primary share", kind=Kind.BASIS_POINTS, is_hidden=True),
        ListColumn("is_basic", "基层病种", "Primary-care", kind=Kind.BOOLEAN),
    ),
)


def _row_url(pk: int, row: str) -> str:
    return f"/dip/{pk}/rows/{quote(row, safe='')}/"


@routes.page(
    "dip/",
    name="index",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="DIP 病种目录",
    en="DIP catalogues",
    has_export=True,
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """病种目录: build one, import one, which holds, and all that there are."""
    today = timezone.localdate()
    context: dict[str, Any] = {
        "may_work": may(request, Permission.SCHEME_IMPORT),
        "current": services.catalogue_on(today),
        "waiting": services.open_proposal(),
        "switches": list(reversed(services.switches())),
        "next_year": today.year + 1,
        "years": services.years_with_stays(),
        "methods": [(str(one), one.label(language())) for one in Trimming],
        "default_method": str(Trimming.PERCENTILE),
        "catalogues": list(services.catalogues().values_list("pk", "key")),
        "limit": size_text(services.bytes_max()),
    }
    return CATALOGUES.from_query(services.catalogues()).respond(
        request, title=_("DIP 病种目录"), template="dip/index.html", context=context
    )


@routes.page(
    "dip/build/",
    name="build",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="发起目录测算",
    en="Start building a catalogue",
)
def build(request: GuardedRequest) -> HttpResponseBase:
    """发起测算: of the stays that the starter may read."""
    given = request.POST
    year, base = given.get("year", ""), given.get("based_on", "")
    number = services.start(
        by=request.actor,
        scope=access.visible_organisations(request.actor, Permission.STAY_READ, WORK_PURPOSES),
        organisation_code=home(request, Permission.SCHEME_IMPORT),
        year=int(year) if year.isascii() and year.isdigit() else 0,
        code=given.get("code", ""),
        version=given.get("version", ""),
        name=given.get("name", ""),
        method=given.get("method", ""),
        based_on=int(base) if base.isascii() and base.isdigit() and services.catalogue(int(base)) else None,
    )
    return HttpResponseRedirect(f"/runs/{number}/")


@routes.page(
    "dip/<int:pk>/",
    name="catalogue",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="病种目录明细",
    en="A DIP catalogue",
    has_export=True,
)
def catalogue_page(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """目录明细: what it is, what it lacks, its rows, and the form that proposes it."""
    found = services.catalogue(pk)
    if found is None:
        raise RefusedError(NOT_FOUND())
    words = missing_words()
    context = {
        "found": found,
        "summary": found.summary,
        "missing": [words[name] for name in services.content_of(found.digest).missing],
        "proposals": services.proposals_of(found),
        "may_propose": may(request, Permission.SCHEME_IMPORT, found.organisation_code),
    }
    return ROWS.from_frame(rows_of(pk)).respond(
        request, title=f"{found.name_zh} {found.version}", template="dip/catalogue.html", context=context
    )


def rows_of(pk: int) -> pl.DataFrame:
    """目录的行: with the number of the catalogue, for links."""
    found = services.catalogue(pk)
    assert found is not None, "looked up by the caller"
    return services.content_of(found.digest).rows.with_columns(pk=pl.lit(pk, dtype=pl.Int64))


@routes.page(
    "dip/<int:pk>/rows/<path:row>/",
    name="row",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="病种分值的由来",
    en="Why a disease has its score",
)
def row_page(request: GuardedRequest, pk: int, row: str) -> HttpResponseBase:
    """为什么: what the score was divided from, last year's means by tier, factors of the auxiliary catalogues."""
    found = services.catalogue(pk)
    rows = rows_of(pk).filter(pl.col("row") == row).to_dicts() if found is not None else []
    if found is None or not rows:
        raise RefusedError(NOT_FOUND())
    content, dimensions = services.content_of(found.digest), dimension_words()
    factors = content.factors.filter(pl.col("row") == row).to_dicts()
    context = {
        "title": f"{row} {rows[0]['name']}",
        "found": found,
        "row": rows[0],
        "kind_label": kind_words()[rows[0]["kind"]],
        "kind_badge": KIND_BADGES.get(rows[0]["kind"], ""),
        "treatment_label": treatment_words().get(rows[0]["treatment"] or "", ""),
        "score_text": "—" if rows[0]["score_e4"] is None else scaled(rows[0]["score_e4"], 4),
        "scale": content.options.score_scale,
        "is_benchmark": content.options.score_form == "benchmark",
        "benchmark": content.options.benchmark_row,
        "weights": [(back, weight) for back, weight in content.options.year_weights],
        "source": content.options.sources.get("year_weights", ""),
        "means": content.means.filter(pl.col("row") == row).sort("tier", descending=True).to_dicts(),
        "factors": [one | {"dimension_label": dimensions[one["dimension"]]} for one in factors],
        "mean_of_all_fen": found.summary.get("mean_fen"),
    }
    return render(request, "dip/row.html", context)


@routes.page(
    "dip/<int:pk>/propose/",
    name="propose",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=catalogue_owner,
    methods=("POST",),
    zh="提请启用病种目录",
    en="Propose a catalogue",
)
def propose(request: GuardedRequest, pk: int) -> HttpResponseBase:
    """提请启用: opens the case that somebody else decides."""
    found = services.catalogue(pk)
    assert found is not None, "the guard has found it"
    case = services.propose(
        found,
        request.POST.get("starts_on", ""),
        by=request.actor,
        organisation_code=found.organisation_code,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("已提请启用，由有批准权限的人员审批。"))
    return HttpResponseRedirect(reverse("registry.cases.detail", kwargs={"number": case.number}))
