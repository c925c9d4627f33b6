"""Monthly sums of indicators: the same on a county's table and in Spark, institution by institution."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from sanyi.governance.indicators import tables
from sanyi.governance.indicators.jobs import institution_months
from sanyi.kernel.runners import run_spark, run_table
from tests.governance.indicators.bundles import AT_TOWNSHIP, GROUP, stays

ROWS = 400


def some_stays() -> pl.DataFrame:
    """Stays of five institutions over two years, with gaps in every kind of fact."""
    chance = random.Random(20251122)
    rows = []
    for _ in range(ROWS):
        number = chance.randrange(5)
        unit = AT_TOWNSHIP if number > 2 else {"group_code": GROUP if number else None}
        rows.append(
            unit
            | {
                "institution_code": f"H{number}",
                "discharged_on": date(2024, 1, 1) + timedelta(days=chance.randrange(731)),
                "total_fen": chance.choice([None, chance.randrange(10**10)]),
                "weight_e6": chance.choice([None, chance.randrange(5 * 10**6)]),
                "is_dead": chance.choice([None, True, False]),
                "operation_level": chance.choice([None, 0, 2, 3, 4]),
            }
        )
    return stays(rows)


@pytest.mark.spark
def test_table_equals_spark(spark: Any) -> None:
    table = some_stays()
    expected = run_table(institution_months, table)
    there = run_spark(institution_months, spark.createDataFrame(table.to_arrow()).repartition(2))
    found = tables.INDICATOR_MONTH.conform(pl.from_arrow(there.toArrow()))  # type: ignore[arg-type]
    assert expected.height > ROWS
    assert found.sort(found.columns).equals(expected.sort(expected.columns))


def test_one_stay_at_a_time_equals_the_table() -> None:
    table = some_stays().head(80)
    names = ("numerator", "denominator", "row_count", "missing_count")
    unit = [name for name in tables.INDICATOR_MONTH.column_names if name not in names]
    each = pl.concat([run_table(institution_months, table[place]) for place in range(table.height)])
    summed = each.group_by(unit).agg(pl.col(name).sum() for name in names).select(tables.INDICATOR_MONTH.column_names)
    whole = run_table(institution_months, table)
    assert whole.height > table.height
    assert summed.sort(unit).equals(whole.sort(unit))
