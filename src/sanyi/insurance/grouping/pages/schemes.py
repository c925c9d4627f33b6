"""分组方案页面: the thirty published schemes, who uses them here, and the groups of each with their weights."""

from collections.abc import Mapping

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services
from sanyi.insurance.grouping.grouper import schemes
from sanyi.insurance.grouping.pages.doors import language, routes
from sanyi.insurance.grouping.services import names
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.policies import services as policies

USES = {"current": "bg-green-lt", "former": "bg-blue-lt", "unused": "bg-secondary-lt"}


def use_words(request: HttpRequest) -> Mapping[str, str]:
    """本县使用情况."""
    return {"current": _("本县现行"), "former": _("本县曾用"), "unused": _("本县未用")}


def family_words(request: HttpRequest) -> Mapping[str, str]:
    """版本系列."""
    return {"1.0": "CHS-DRG 1.0", "1.1": "CHS-DRG 1.1"}


LISTING = Listing(
    name="grouping_scheme",
    zh="分组方案",
    en="Grouping schemes",
    key="scheme",
    default_sort="order",
    organisation=None,
    search=("scheme", "name", "jurisdiction"),
    columns=(
        ListColumn("order", "序号", "No.", kind=Kind.INTEGER),
        ListColumn("name", "方案", "Scheme", link=lambda row: f"/grouping/schemes/{row['scheme']}/"),
        ListColumn("scheme", "代码", "Code", kind=Kind.CODE),
        ListColumn("family", "系列", "Family", filter=Filter.CHOICE, choices=family_words),
        ListColumn("jurisdiction", "公布地", "Published by"),
        ListColumn("mdc_count", "MDC 数", "MDCs", kind=Kind.INTEGER),
        ListColumn("adrg_count", "ADRG 数", "ADRGs", kind=Kind.INTEGER),
        ListColumn("drg_count", "DRG 数", "DRGs", kind=Kind.INTEGER),
        ListColumn("use", "本县使用", "Use here", filter=Filter.CHOICE, choices=use_words, badge=USES),
        ListColumn("period", "本县适用期间", "In force here", is_sortable=False),
        ListColumn("is_assumed", "假定", "Assumed", kind=Kind.BOOLEAN),
    ),
)

GROUPS = Listing(
    name="grouping_group",
    zh="病种组目录",
    en="Groups of a scheme",
    key="drg",
    default_sort="drg",
    organisation=None,
    search=("drg", "name"),
    columns=(
        ListColumn("drg", "DRG", "DRG", kind=Kind.CODE),
        ListColumn("name", "病种组", "Group"),
        ListColumn("adrg", "ADRG", "ADRG", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn("mdc", "MDC", "MDC", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn(
            "weight_e6",
            "权重（本县适用的权重表）",
            "Weight (table in force here)",
            kind=Kind.SCALED,
            scale=6,
            shown_decimals=4,
        ),
    ),
)


@routes.page(
    "grouping/schemes/",
    name="schemes",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="分组方案",
    en="Grouping schemes",
    has_export=True,
)
def scheme_list(request: GuardedRequest) -> HttpResponseBase:
    """分组方案: all that are shipped, with their size and their use in this county."""
    known = {period.scheme: period for period in services.periods()}
    current = services.current_scheme()
    jurisdictions = policies.book().jurisdictions
    rows = []
    for order, row in enumerate(schemes().to_dicts(), start=1):
        period = known.get(row["scheme"])
        until = period.ends_on or _("至今") if period else ""
        rows.append(
            {
                "order": order,
                "scheme": row["scheme"],
                "name": row["name_en"] if language() == "en" else row["name_zh"],
                "family": row["family"],
                "jurisdiction": jurisdictions.full_name(row["jurisdiction"], language()),
                "use": "current" if row["scheme"] == current else "former" if period else "unused",
                "period": f"{period.starts_on} — {until}" if period else "",
                "is_assumed": period.is_assumed if period else None,
            }
        )
    frame = pl.DataFrame(rows, schema_overrides={"is_assumed": pl.Boolean}).join(names.scheme_sizes(), on="scheme")
    return LISTING.from_frame(frame).respond(
        request,
        title=_("分组方案"),
        template="grouping/schemes.html",
        context={"choice": services.current_choice(), "scheme_name": services.scheme_names(language()).get(current)},
    )


@routes.page(
    "grouping/schemes/<str:scheme>/",
    name="scheme",
    permission=Permission.SCHEME_READ,
    purpose=tuple(Purpose),
    zh="病种组目录",
    en="Groups of a scheme",
    has_export=True,
)
def scheme_detail(request: GuardedRequest, scheme: str) -> HttpResponseBase:
    """病种组目录: the groups of one scheme."""
    known = services.scheme_names(language())
    if scheme not in known:
        raise RefusedError(NOT_FOUND())
    weights = services.weights().filter(pl.col("scheme") == scheme).select("drg", "weight_e6")
    if not weights.height and names.is_imported(scheme):
        weights = services.published_weights(scheme, timezone.localdate())
    frame = names.groups_of(scheme).join(weights, on="drg", how="left", maintain_order="left")
    return GROUPS.from_frame(frame).respond(
        request,
        title=known[scheme],
        template="grouping/scheme.html",
        context={"scheme": scheme, "has_weights": bool(weights.height)},
    )
