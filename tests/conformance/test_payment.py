"""Payment: one stay alone, a county's table, and the counties of a province in Spark give the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs import digest, settle_counties, settle_stays
from sanyi.insurance.payment.rules.rule_set import RuleSet
from tests.insurance.payment import years
from tests.insurance.payment.test_oracle import PLACES, drawn

COUNTIES = {"140830000000": 61, "370682000000": 62, "350426000000": 63}
"""County to seed; the last has no stays."""


def county(code: str, seed: int) -> tuple[pl.DataFrame, RuleSet]:
    """Stays and rules of a county at random."""
    rows, chosen = drawn(seed, 150)
    return years.stays(*rows), replace(years.rules(**chosen), county_code=code)


def test_one_stay_alone_equals_its_row_in_the_table() -> None:
    rows, chosen = drawn(64, 60)
    chosen |= {"drg_form": "rate", "quota_groups": None}
    chosen["outlier"] |= {"reference": "standard"}
    rules, places = years.rules(**chosen), years.institutions(*PLACES)
    kept = [row | {"dip_score_e4": None} for row in rows]
    whole, _ = settle_stays(years.stays(*kept).lazy(), places, rules)
    each = pl.concat([settle_stays(years.stays(row).lazy(), places, rules)[0] for row in kept[:12]])
    assert each.height == 12
    assert digest(each.sort(tables.PAID_CASE.natural_key)) == digest(
        whole.filter(pl.col("settlement_id").is_in(each["settlement_id"].to_list()))
    )


@pytest.mark.spark
def test_the_counties_of_a_province_in_one_job_give_what_each_gives_alone(spark: Any) -> None:
    given = {code: county(code, seed) for code, seed in COUNTIES.items()}
    sent = list(COUNTIES)[:2]
    rows = pl.concat([given[code][0].with_columns(county_code=pl.lit(code)) for code in sent])
    places = years.institutions(*PLACES)
    facts = [(replace(years.facts(), institutions=places), rules) for _, rules in given.values()]
    there = settle_counties(spark.createDataFrame(rows.to_arrow()).repartition(3), facts)
    found = pl.from_arrow(there.toArrow())
    assert isinstance(found, pl.DataFrame)
    key = ["county_code", *tables.PAID_CASE.natural_key]
    alone = [
        settle_stays(given[code][0].lazy(), places, given[code][1])[0].select(
            pl.lit(code).alias("county_code"), pl.all()
        )
        for code in sent
    ]
    expected = pl.concat(alone).sort(key)
    assert found.schema == expected.schema
    assert digest(found.sort(key)) == digest(expected)
    assert set(expected["method"].drop_nulls()) >= {"drg", "dip", "per_diem", "single_disease", "other_pool"}
