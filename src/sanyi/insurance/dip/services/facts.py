"""DIP 病例的读取: current settlement lists of the county's institutions as DIP_STAY, with the tier of each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.dip.tables import DIP_STAY
from sanyi.registry.access import services as access
from sanyi.registry.organisations import services as organisations


def stays(codes: Collection[str], first: date, last: date, version: int | None = None) -> pl.LazyFrame:
    """DIP 病例: of some institutions, discharged from a day to a day, as they stood in a version of the lists."""
    lake = lakes.lake()
    if not lake.exists(SETTLEMENT_LIST.name):
        return DIP_STAY.empty().lazy()
    lists = lake.current(SETTLEMENT_LIST, version)
    discharged_on = pl.col("discharged_at").dt.date()
    wanted = lists.filter(discharged_on.is_between(first, last), pl.col("institution_code").is_in(sorted(codes)))
    # A child under one year has its age in days alone in the form.
    is_child = pl.col("age_years").is_null() & pl.col("age_days").is_not_null()
    known = wanted.select(
        "institution_code",
        "settlement_id",
        "diagnosis_codes",
        "procedure_codes",
        "length_of_stay_days",
        "discharge_way_code",
        "total_fen",
        age_years=pl.when(is_child).then(0).otherwise(pl.col("age_years")),
        discharged_on=discharged_on,
        newborn_weight_grams=pl.coalesce("newborn_admission_weight_grams", "newborn_birth_weight_grams"),
    )
    return known.join(tiers(codes).lazy(), on="institution_code", how="left").select(DIP_STAY.column_names)


def tiers(codes: Collection[str]) -> pl.DataFrame:
    """医疗机构级别: 3, 2, 1, 0 where ungraded; an institution without a level has none and is left out."""
    known = organisations.names(set(codes))
    levels = [(code, organisations.get(code).hospital_level) for code in sorted(codes) if code in known]
    rows = [(code, int(level)) for code, level in levels if level]
    return pl.DataFrame(rows, schema={"institution_code": pl.String, "tier": pl.Int64}, orient="row")


def institutions(scope: access.Scope, first: date, last: date) -> list[str]:
    """有病例的医疗机构: within the scope, with stays discharged from a day to a day."""
    lake = lakes.lake()
    if not lake.exists(SETTLEMENT_LIST.name):
        return []
    within = pl.col("discharged_at").dt.date().is_between(first, last)
    rows = lake.current(SETTLEMENT_LIST).filter(within).select(pl.col("institution_code").unique()).collect()
    return sorted(code for code in rows["institution_code"].to_list() if code in scope)


def years_with_stays() -> list[int]:
    """有病例的年份: the newest first."""
    lake = lakes.lake()
    if not lake.exists(SETTLEMENT_LIST.name):
        return []
    rows = lake.current(SETTLEMENT_LIST).select(pl.col("discharged_at").dt.year().unique().alias("year")).collect()
    return sorted((year for year in rows["year"].to_list() if year is not None), reverse=True)
