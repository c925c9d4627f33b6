"""病例计价: cases of one edition, each by its own method, with the fund's part where no pool decides it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from sanyi.insurance.payment.codes import CATALOGUE_METHODS, DrgForm, Method, Outlier, PoolBasis, Unpayable
from sanyi.insurance.payment.rules import dip, drg, fund_part, listed_price, per_diem
from sanyi.insurance.payment.rules.choosing import STAY, order_rows
from sanyi.insurance.payment.rules.pools import Pool
from sanyi.insurance.payment.rules.rule_set import Edition

INTEGER, TEXT, FLAG = pl.Int64(), pl.String(), pl.Boolean()
RESULTS: Mapping[str, pl.DataType] = {
    "group_code": TEXT, "base_points_e4": INTEGER, "coefficient_e6": INTEGER, "outlier": TEXT, "ratio_e6": INTEGER,
    "reference_fen": INTEGER, "points_e4": INTEGER, "rate_e6": INTEGER, "bed_days": INTEGER, "standard_fen": INTEGER,
    "price_fen": INTEGER, "is_same_price": FLAG, "unpayable_reason": TEXT, "_ratio_bp": INTEGER,
    "_deductible_fen": INTEGER, "_pool": TEXT, "_is_clipped": FLAG, "is_assumed": FLAG,
}  # fmt: skip
"""计价列: what pricing adds; what a method does not have is null."""
BY_ITEM = (Method.FEE_FOR_SERVICE, Method.OTHER_POOL, Method.TCM_DAY, Method.OUTSIDE, Method.CAPITATION)
POINT_METHODS = (Method.DRG, Method.DIP, Method.PER_DIEM)


def priced(frame: pl.DataFrame, edition: Edition, pools: Iterable[Pool]) -> pl.DataFrame:
    """病例计价: all cases of an edition, with RESULTS; money of point methods is left to the pools."""
    columns = [*frame.columns, *(name for name in RESULTS if name not in frame.columns)]
    parts = [_complete(_none(frame.filter(pl.col("method").is_null()))).select(columns)]
    for (name,), part in frame.partition_by("method", as_dict=True, maintain_order=True).items():
        if name is not None:
            found = _complete(_priced(part, edition, Method(str(name)), tuple(pools)))
            parts.append(found.select(columns))
    found = pl.concat(parts)
    is_twice = pl.when("_is_twice").then(pl.lit(Unpayable.SAME_STAY_TWICE.value))
    is_unknown = pl.when(pl.col("is_insured_here").is_null()).then(pl.lit(Unpayable.INSURED_UNKNOWN.value))
    return found.with_columns(unpayable_reason=pl.coalesce(is_twice, is_unknown, "unpayable_reason"))


def _none(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(unpayable_reason=pl.lit(Unpayable.NO_METHOD.value))


def _priced(frame: pl.DataFrame, edition: Edition, method: Method, pools: tuple[Pool, ...]) -> pl.DataFrame:
    if method in BY_ITEM:
        return listed_price.by_item(frame).with_columns(is_assumed=pl.lit(edition.is_assumed(("method_order",))))
    if method is Method.DRG:
        found, names = drg.priced(frame, edition), _drg_names(edition)
    elif method is Method.DIP:
        found, names = dip.priced(frame, edition), dip.NAMES
    elif method is Method.PER_DIEM:
        found, names = _per_diem(frame, edition), (per_diem.KEY, "overall_mean_fen")
    else:
        assert method in CATALOGUE_METHODS, method
        found, names = listed_price.by_catalogue(frame, edition, method), (method.value,)
    return _with_fund_terms(_assumed(found, edition, names), edition, pools)


def _per_diem(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Each row of the order of methods has its schedule, the first one when it names none."""
    known = per_diem.schedules(edition)
    by_row = {str(row["id"]): row.get("schedule") for row in order_rows(edition, STAY)}
    parts = []
    for (row_id,), part in frame.partition_by("method_row", as_dict=True, maintain_order=True).items():
        name = by_row.get(str(row_id)) or next(iter(known), None)
        parts.append(per_diem.priced(part, edition, known.get(str(name))))
    return pl.concat(parts, how="diagonal")


def _drg_names(edition: Edition) -> tuple[str, ...]:
    return drg.RATE_NAMES if drg.drg_form(edition) is DrgForm.RATE else drg.POINT_NAMES


def _assumed(frame: pl.DataFrame, edition: Edition, names: Iterable[str]) -> pl.DataFrame:
    """Whether a value that counted for the case is assumed; lists of groups count for the groups on them."""
    always = edition.is_assumed(("method_order", *names, *fund_part.NAMES))
    listed = {"is_same_price": "same_price_groups", "is_over_quota": "quota_groups", "is_unstable": "unstable_groups"}
    found = pl.lit(always)
    for flag, name in listed.items():
        if edition.is_assumed((name,)) and flag in frame.columns:
            found = found | pl.col(flag).fill_null(False)
    return frame.with_columns(is_assumed=found)


def _with_fund_terms(frame: pl.DataFrame, edition: Edition, pools: tuple[Pool, ...]) -> pl.DataFrame:
    """With the pool of each case that has points, and the terms of the fund's part for all but fund pools."""
    is_clipped = pl.lit(bool(edition.get("clip_negative", False)))
    pool = pl.coalesce(pl.when(one.takes()).then(pl.lit(one.name)) for one in pools) if pools else pl.lit(None)
    has_points = "points_e4" in frame.columns
    known = frame.with_columns(_is_clipped=is_clipped, _pool=pool.cast(TEXT) if has_points else pl.lit(None, TEXT))
    if has_points:
        no_pool = pl.when(pl.col("_pool").is_null()).then(pl.lit(Unpayable.NO_POOL.value))
        known = known.with_columns(unpayable_reason=pl.coalesce("unpayable_reason", no_pool))
    of_fund = [one.name for one in pools if one.basis is PoolBasis.FUND]
    in_fund_pool = pl.col("_pool").is_in(of_fund).fill_null(False)
    parts = [part for part in (known.filter(~in_fund_pool),) if part.height]
    terms = [fund_part.with_terms(part, edition) for part in parts]
    return pl.concat([*terms, known.filter(in_fund_pool)], how="diagonal")


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """With every column of RESULTS, in its type; a case that cannot be paid has no amount and no points."""
    lacking = [pl.lit(None, dtype=kind).alias(name) for name, kind in RESULTS.items() if name not in frame.columns]
    known = frame.with_columns(lacking).with_columns(pl.col(name).cast(kind) for name, kind in RESULTS.items())
    is_payable = pl.col("unpayable_reason").is_null()
    return known.with_columns(
        *(pl.when(is_payable).then(pl.col(name)).alias(name) for name in ("price_fen", "points_e4")),
        pl.col("outlier").fill_null(Outlier.NONE.value),
        pl.col("is_same_price").fill_null(False),
        pl.col("is_assumed").fill_null(False),
        pl.col("_is_clipped").fill_null(False),
    )
