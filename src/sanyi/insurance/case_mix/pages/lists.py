"""病例组合清单: the columns of every dimension, the words of their codes, and where a row leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest

from sanyi.insurance.case_mix import services
from sanyi.insurance.case_mix.codes import (
    KEYS,
    LEVEL_SHARE_EN,
    LEVEL_SHARE_ZH,
    LEVEL_WRONG_EN,
    LEVEL_WRONG_ZH,
    Dimension,
    Verdict,
)
from sanyi.insurance.case_mix.jobs import Analysis
from sanyi.insurance.case_mix.rules.figures import parts_of
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import HospitalLevel
from sanyi.registry.staff import services as staff

BADGES = {
    Verdict.ABOVE_FAR: "bg-red-lt",
    Verdict.ABOVE: "bg-orange-lt",
    Verdict.WITHIN: "bg-green-lt",
    Verdict.BELOW: "bg-azure-lt",
    Verdict.BELOW_FAR: "bg-blue-lt",
    Verdict.TOO_FEW: "bg-secondary-lt",
    Verdict.UNKNOWN: "bg-secondary-lt",
}
INDEX: dict[str, Any] = {"kind": Kind.SCALED, "scale": 6, "shown_decimals": 2}
STAYS_PAGE = "/grouping/stays/"


def institution_words(request: HttpRequest) -> Mapping[str, str]:
    """医疗机构: those in the reader's scope that have stays."""
    codes = grouping.institutions(grouping.scope_of(getattr(request, "scope", frozenset())))
    known = organisations.names(set(codes))
    return {code: known.get(code, code) for code in codes}


def tier_words(request: HttpRequest) -> Mapping[str | int, str]:
    """机构级别."""
    return {**HospitalLevel.mapping(language()), "": "—"}


def verdict_words(request: HttpRequest) -> Mapping[str, str]:
    """漏斗图判断."""
    return {str(verdict): verdict.label(language()) for verdict in Verdict}


def level_words(count: int) -> str:
    """三四级手术占比为何不可计算: without a county list, or with one that has so many mistakes."""
    is_english = language() == "en"
    if count:
        return (LEVEL_WRONG_EN if is_english else LEVEL_WRONG_ZH).format(count=count)
    return LEVEL_SHARE_EN if is_english else LEVEL_SHARE_ZH


def _level_share(row: Row) -> str:
    return level_words(len(services.operation_levels()[1]))


def _drill(row: Row) -> str | None:
    url: str | None = row["drill"]
    return url


INSTITUTION = ListColumn(
    "institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words, link=_drill
)
OWN: dict[Dimension, tuple[ListColumn, ...]] = {
    Dimension.INSTITUTION: (
        INSTITUTION,
        ListColumn("hospital_level", "机构级别", "Tier", filter=Filter.CHOICE, choices=tier_words, is_hidden=True),
    ),
    Dimension.DEPARTMENT: (
        ListColumn("department_code", "出院科别", "Department", kind=Kind.CODE, link=_drill),
        INSTITUTION,
    ),
    Dimension.DOCTOR: (
        ListColumn("doctor_code", "主诊医师", "Doctor", kind=Kind.CODE, link=_drill),
        ListColumn("doctor_name", "医师姓名", "Doctor's name", is_sortable=False),
        INSTITUTION,
    ),
    Dimension.GROUP: (
        ListColumn("drg", "DRG", "DRG", kind=Kind.CODE, filter=Filter.PREFIX, link=_drill),
        ListColumn("drg_name", "病种组", "Group", value=lambda row: names.drg_names(row["scheme"]).get(row["drg"], "")),
        ListColumn("is_low_risk", "低风险组", "Low risk", kind=Kind.BOOLEAN, filter=Filter.CHOICE),
        ListColumn("risk_count", "界定所用病例", "Stays for the definition", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("risk_death_count", "界定所用死亡", "Deaths for the definition", kind=Kind.INTEGER, is_hidden=True),
    ),
    Dimension.TIER: (ListColumn("hospital_level", "机构级别", "Tier", choices=tier_words, link=_drill),),
}
FIGURES = (
    ListColumn("stay_count", "病例数", "Stays", kind=Kind.INTEGER),
    ListColumn("grouped_count", "入组病例", "Grouped", kind=Kind.INTEGER, is_hidden=True),
    ListColumn("drg_count", "DRG 组数", "Groups", kind=Kind.INTEGER),
    ListColumn("weight_sum_e6", "总权重", "Total weight", kind=Kind.SCALED, scale=6, shown_decimals=2, is_hidden=True),
    ListColumn("cmi_e6", "CMI", "CMI", kind=Kind.SCALED, scale=6, shown_decimals=4),
    ListColumn("time_index_e6", "时间消耗指数", "Time index", **INDEX),
    ListColumn("cost_index_e6", "费用消耗指数", "Cost index", **INDEX),
    ListColumn("low_risk_count", "低风险组病例", "Low-risk stays", kind=Kind.INTEGER),
    ListColumn("low_risk_death_count", "低风险组死亡", "Low-risk deaths", kind=Kind.INTEGER),
    ListColumn("low_risk_death_e6", "低风险组死亡率", "Low-risk mortality", kind=Kind.SCALED, scale=6, is_hidden=True),
    ListColumn("cost_high_count", "高倍率病例", "High-cost outliers", kind=Kind.INTEGER),
    ListColumn("cost_low_count", "低倍率病例", "Low-cost outliers", kind=Kind.INTEGER),
    ListColumn("cost_judged_count", "可判断倍率的病例", "Stays with a multiple", kind=Kind.INTEGER, is_hidden=True),
    ListColumn("total_fen", "总费用（元）", "Total (yuan)", kind=Kind.FEN, is_hidden=True),
    ListColumn("fund_payment_fen", "基金支付（元）", "Fund (yuan)", kind=Kind.FEN, is_hidden=True),
)
NO_LEVELS = (
    ListColumn(
        "level_share", "三四级手术占比", "Level 3–4 operations", value=_level_share, is_sortable=False, is_hidden=True
    ),
)
LEVELS = (
    ListColumn("operation_count", "手术病例", "Stays with an operation", kind=Kind.INTEGER, is_hidden=True),
    ListColumn("operation_high_count", "三四级手术病例", "Of level 3–4", kind=Kind.INTEGER, is_hidden=True),
    ListColumn(
        "operation_high_e6",
        "三四级手术占比（%）",
        "Level 3–4 operations (%)",
        kind=Kind.SCALED,
        scale=4,
        shown_decimals=2,
    ),
)
FUNNELS = (
    ListColumn("death_verdict", "低风险死亡判断", "Deaths in the funnel", choices=verdict_words, badge=BADGES),
    ListColumn("cost_verdict", "费用指数判断", "Cost index in the funnel", choices=verdict_words, badge=BADGES),
    ListColumn("cost_lower_e6", "费用指数下限", "Lower limit", is_hidden=True, **INDEX),
    ListColumn("cost_upper_e6", "费用指数上限", "Upper limit", is_hidden=True, **INDEX),
)


def _listing(dimension: Dimension, *, has_levels: bool) -> Listing:
    is_judged = "institution_code" in KEYS[dimension]
    return Listing(
        name=f"case_mix_{dimension}",
        zh=f"病例组合分析（{dimension.zh}）",
        en=f"Case mix ({dimension.en})",
        key="key",
        default_sort="-stay_count",
        organisation="institution_code" if is_judged else None,
        extra=("drill", "scheme") if dimension is Dimension.GROUP else ("drill",),
        columns=(
            *OWN[dimension],
            *(one for one in FIGURES if one.name != "drg_count" or dimension is not Dimension.GROUP),
            *(LEVELS if has_levels else NO_LEVELS),
            *(FUNNELS if is_judged else ()),
        ),
    )


_LISTINGS = {(one, has): _listing(one, has_levels=has) for one in Dimension for has in (True, False)}


def listing(dimension: Dimension) -> Listing:
    """清单: of a dimension; the share of level 3–4 operations is a figure where the county has brought its list."""
    return _LISTINGS[dimension, services.operation_levels()[0] is not None]


def rows_of(found: Analysis, dimension: Dimension, period: Mapping[str, str], path: str | None) -> pl.DataFrame:
    """清单行: the analysis with the parts of its keys, names of tiers, risk of groups, and where each row leads.

    ``period`` are the first and last day as the list of stays takes them, ``path`` this page, None where nobody may
    follow a row to its stays.
    """
    keys = KEYS[dimension]
    parts = [dict(zip(keys, parts_of(key), strict=True)) for key in found.rows["key"]]
    drills = [_drill_url(dimension, part, period, path) for part in parts]
    own = pl.DataFrame(parts, schema=dict.fromkeys(keys, pl.String)).with_columns(
        pl.Series("drill", drills, dtype=pl.String)
    )
    rows = found.rows.hstack(own)
    if dimension is Dimension.GROUP:
        rows = rows.join(found.risk, on=["scheme", "drg"], how="left").with_columns(
            pl.col("is_low_risk").fill_null(False)
        )
    if dimension is Dimension.DOCTOR:
        doctors = staff.names_by_insurance_code(set(own["doctor_code"]))
        rows = rows.with_columns(
            doctor_name=pl.Series([doctors.get(code, "") for code in own["doctor_code"]], dtype=pl.String)
        )
    if dimension is Dimension.INSTITUTION:
        known = organisations.names(set(own["institution_code"]))
        levels = {code: organisations.get(code).hospital_level for code in known}
        rows = rows.with_columns(
            hospital_level=pl.Series([levels.get(code, "") for code in own["institution_code"]], dtype=pl.String)
        )
    return rows


def _drill_url(
    dimension: Dimension, part: Mapping[str, str], period: Mapping[str, str], path: str | None
) -> str | None:
    """The stays of a row; of a tier, its institutions. A code that is unknown cannot be filtered by."""
    if dimension is Dimension.TIER:
        return f"{path}?{urlencode({'by': 'institution', **part})}" if path and part["hospital_level"] else None
    wanted = {name: value for name, value in part.items() if name != "scheme"}
    if path is None or not all(wanted.values()):
        return None
    return f"{STAYS_PAGE}?{urlencode({**wanted, **period})}"
