"""支付方式选择: the first row of the order of methods that fits a stay or a sum of visits decides, and is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from sanyi.insurance.payment.codes import CATALOGUE_METHODS, Method, UnstableRule
from sanyi.insurance.payment.rules.catalogue import ROW_COLUMN
from sanyi.insurance.payment.rules.policy_rows import GROUP, listed, rows_of, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

KEY = "method_order"
STAY, VISIT = "stay", "visit"
Condition = Callable[[Any], pl.Expr]


def _is_in(column: str) -> Condition:
    return lambda wanted: pl.col(column).is_in(list(wanted)).fill_null(False)


def _begins(column: str) -> Condition:
    def fits(wanted: Any) -> pl.Expr:
        parts = [pl.col(column).str.starts_with(prefix) for prefix in wanted]
        return pl.any_horizontal(*parts).fill_null(False) if parts else pl.lit(False)

    return fits


def _any_begins(column: str) -> Condition:
    """Of codes joined by |: whether one of them begins so."""

    def fits(wanted: Any) -> pl.Expr:
        text = "|" + pl.col(column).fill_null("")
        parts = [text.str.contains("|" + prefix, literal=True) for prefix in wanted]
        return pl.any_horizontal(*parts) if parts else pl.lit(False)

    return fits


def _is(column: str) -> Condition:
    return lambda wanted: (pl.col(column) == pl.lit(bool(wanted))).fill_null(False)


def _known(column: str) -> Condition:
    return lambda wanted: pl.col(column).is_not_null() == pl.lit(bool(wanted))


def _from(column: str) -> Condition:
    return lambda wanted: (pl.col(column) >= int(wanted)).fill_null(False)


def _to(column: str) -> Condition:
    return lambda wanted: (pl.col(column) <= int(wanted)).fill_null(False)


def _in_catalogue(wanted: Any) -> pl.Expr:
    if wanted not in CATALOGUE_METHODS:
        raise wrong(KEY, f"没有名为“{wanted}”的目录", f"there is no catalogue “{wanted}”")
    return pl.col(ROW_COLUMN[Method(wanted)]).is_not_null()


_BOTH: Mapping[str, Condition] = {
    "insurance_types": _is_in("insurance_type_code"),
    "institutions": _is_in("institution_code"),
    "consortia": _is_in("consortium_code"),
    "tiers": _is_in("tier"),
    "is_insured_here": _is("is_insured_here"),
    "has_tcm_hall": _is("has_tcm_hall"),
}
CONDITIONS: Mapping[str, Mapping[str, Condition]] = {
    STAY: {
        **_BOTH,
        "departments": _begins("department_code"),
        "diagnoses": _begins("main_diagnosis_code"),
        "any_diagnoses": _any_begins("diagnosis_codes"),
        "procedures": _any_begins("procedure_codes"),
        "discharge_ways": _is_in("discharge_way_code"),
        "group_status": _is_in("group_status"),
        "groups": _is_in(GROUP),
        "days_from": _from("length_of_stay_days"),
        "days_to": _to("length_of_stay_days"),
        "age_from": _from("age_years"),
        "age_to": _to("age_years"),
        "is_day_surgery": _is("is_day_surgery"),
        "is_unstable": _is("is_unstable"),
        "has_group": _known(GROUP),
        "has_weight": _known("weight_e6"),
        "has_score": _known("dip_score_e4"),
        "catalogue": _in_catalogue,
    },
    VISIT: {
        **_BOTH,
        "kinds": _is_in("visit_kind"),
        "is_outside_county": _is("is_outside_county"),
        "is_signed": lambda wanted: (pl.col("team_code") != "") == pl.lit(bool(wanted)),
    },
}


def chosen(frame: pl.DataFrame, edition: Edition, applies: str) -> pl.DataFrame:
    """选定支付方式: with ``method`` and ``method_row``, null where no row fits.

    A stay of an unstable group whose rule says 按项目 is paid for by item, under the row that chose DRG for it. Refuses
    rows with an unknown method or condition.
    """
    method, row_id = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for row in reversed(order_rows(edition, applies)):
        fits = _fits(row, applies)
        method = pl.when(fits).then(pl.lit(str(row["method"]))).otherwise(method)
        row_id = pl.when(fits).then(pl.lit(str(row["id"]))).otherwise(row_id)
    found = frame.with_columns(method=method, method_row=row_id)
    rule = (edition.get("unstable_groups") or {}).get("rule", UnstableRule.NORMAL.value)
    if applies == VISIT or rule != UnstableRule.ITEM:
        return found
    is_by_item = (pl.col("method") == Method.DRG.value) & pl.col("is_unstable")
    return found.with_columns(
        method=pl.when(is_by_item).then(pl.lit(Method.FEE_FOR_SERVICE.value)).otherwise(pl.col("method"))
    )


def order_rows(edition: Edition, applies: str) -> list[Mapping[str, Any]]:
    """次序行: of stays or of visits, in order. Refuses a row without id or of an unknown method."""
    found = []
    for row in rows_of(edition.get(KEY), KEY):
        if row.get("method") not in list(Method) or not row.get("id"):
            raise wrong(KEY, f"第“{row.get('id')}”行没有编号或方式不存在", f"row “{row.get('id')}” has no known method")
        if row.get("applies", STAY) == applies:
            found.append(row)
    return found


def unstable(edition: Edition) -> pl.Expr:
    """是否不稳定病组（列）: listed as such."""
    return listed(edition.get("unstable_groups"), "unstable_groups")


def _fits(row: Mapping[str, Any], applies: str) -> pl.Expr:
    fits = pl.lit(True)
    for name, wanted in (row.get("when") or {}).items():
        condition = CONDITIONS[applies].get(name)
        if condition is None:
            raise wrong(KEY, f"“{row['id']}”行没有名为“{name}”的条件", f"row “{row['id']}” knows no condition “{name}”")
        fits = fits & condition(wanted)
    return fits
