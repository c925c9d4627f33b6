"""发布的权重: sums of the shipped tables, and the CMI of a published distribution of groups, by fractions."""

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from sanyi.insurance.grouping import group_frame, performance
from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.tables import GROUPED_STAY

ORACLE = Path(__file__).parent / "oracle"
ANSWER = ["status", "mdc", "adrg", "drg"]
# region, year, groups with a weight, lowest and highest weight: as the source lists them (its regions.csv)
PUBLISHED = [
    ("临汾", 2022, 666, "0.1312", "26.4187"), ("临沂", 2022, 610, "0.2", "22.13"),
    ("云南", 2022, 677, "0.1549", "34.4365"), ("北京", 2022, 647, "0.02", "16.48"),
    ("南平", 2023, 795, "0.167721", "12.043049"), ("吉林", 2022, 625, "0.195", "21.96"),
    ("常州", 2022, 740, "0.0793", "22.5705"), ("广西", 2022, 979, "0.1814", "118.5726"),
    ("无锡", 2022, 602, "0.1796", "31.2105"), ("武汉", 2022, 660, "0.1", "29.77"),
    ("泰州", 2022, 759, "0.2096", "32.4572"), ("烟台", 2023, 649, "0.0613", "25.9078"),
    ("福州", 2022, 563, "0.1449", "12.4137"), ("聊城", 2022, 683, "0.1681", "24.3784"),
    ("苏州", 2023, 648, "0.250486", "29.7"), ("长沙", 2023, 734, "0.2207", "28.6473"),
]  # fmt: skip


def weights_of(region: str, year: int) -> pl.DataFrame:
    table = library.table("weight").filter(pl.col("region") == region, pl.col("year") == year)
    return table.select("drg", "weight_e6")


@pytest.mark.parametrize(("region", "year", "count", "lowest", "highest"), PUBLISHED)
def test_a_shipped_table_is_the_published_one(region: str, year: int, count: int, lowest: str, highest: str) -> None:
    weights = weights_of(region, year)["weight_e6"].drop_nulls()
    assert len(weights) == count
    assert Fraction(int(weights.min()), 10**6) == Fraction(lowest)  # type: ignore[arg-type]
    assert Fraction(int(weights.max()), 10**6) == Fraction(highest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "region", "year"),
    [("yantai_2023", "烟台", 2023), ("chs_drg_11", "铜川", 2022), ("chs_drg_10", "武汉", 2022)],
)
def test_the_cmi_of_a_published_distribution_reproduces(scheme: str, region: str, year: int) -> None:
    published = pl.read_parquet(ORACLE / f"{scheme}.parquet")
    weights = weights_of(region, year)
    known = dict(weights.iter_rows())
    found = [known.get(drg) for drg in published["drg"]]  # the peer's own groups, one stay after another
    valued = [Fraction(weight, 10**6) for weight in found if weight is not None]
    expected = sum(valued) / len(valued)
    grouped = group_frame(published.drop(ANSWER), scheme).join(weights, on="drg", how="left")
    stays = grouped.select(
        "status", "adrg", "drg", "weight_e6", institution_code=pl.lit("H"), scheme=pl.lit(scheme),
        length_of_stay_days="los", total_fen=pl.lit(100_000), fund_payment_fen=pl.lit(0),
    )  # fmt: skip
    row = (
        performance(
            stays.cast(
                {name: kind for name, kind in GROUPED_STAY.polars_schema().items() if name in stays.columns}
            ).lazy()
        )
        .collect()
        .row(0, named=True)
    )
    assert row["weighted_count"] == len(valued)
    assert abs(Fraction(row["cmi_e6"], 10**6) - expected) <= Fraction(1, 2 * 10**6)
    assert Fraction(row["weight_sum_e6"], 10**6) == sum(valued)
