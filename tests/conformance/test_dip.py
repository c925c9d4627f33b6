"""DIP: scores of stays one by one, as a table and county by county in Spark are the same."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from sanyi.insurance.dip.jobs import assign, assign_counties
from tests.insurance.dip.stays import built, some_stays


def test_one_stay_at_a_time_equals_the_table() -> None:
    stays, catalogue = some_stays(60, seed=9), built(some_stays(1200))
    whole = assign(stays, catalogue)
    each = pl.concat([assign(stays[place], catalogue) for place in range(stays.height)])
    assert whole["dip_row"].null_count() < whole.height
    assert each.equals(whole)


@pytest.mark.spark
def test_the_counties_of_a_province_in_one_job_give_what_each_gives_alone(spark: Any) -> None:
    catalogues = {"C1": built(some_stays(1200)), "C2": built(some_stays(900, seed=4), "percentile"), "C3": None}
    stays = {
        county: some_stays(250, seed=seed).with_columns(county_code=pl.lit(county))
        for seed, county in enumerate(catalogues)
    }
    alone = pl.concat([assign(stays[county], catalogue) for county, catalogue in catalogues.items()])
    whole = pl.concat(stays.values()).to_arrow()
    there = assign_counties(spark.createDataFrame(whole).repartition(3), catalogues)
    found = pl.from_arrow(there.toArrow())
    assert isinstance(found, pl.DataFrame)
    key = ["county_code", "settlement_id"]
    assert found.sort(key).equals(alone.select(found.columns).sort(key))
    assert alone["dip_row"].null_count() == 250 + alone.filter(pl.col("county_code") != "C3")["dip_row"].null_count()
