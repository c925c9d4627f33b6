"""Payment by DIP gives what the functions of ``insurance/dip`` give: scores, deviation, amounts, corridor."""

from __future__ import annotations

import random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.dip import Payee, corridor_of, deviation, factored_e4, settle
from sanyi.insurance.dip import corridor_fen as corridor_there
from sanyi.insurance.payment.jobs.settling import settle_stays
from sanyi.insurance.payment.rules.corridor import corridor_fen
from sanyi.insurance.payment.rules.pools import share_pool
from sanyi.kernel.money import Rounding, divide
from tests.insurance.payment import years

BANDS = [
    {"pay": "cost", "to_bp": 8_000},
    {"pay": "amount", "to_bp": 10_000},
    {"pay": "shared", "to_bp": 12_000, "fund_share_bp": 7_003},
    {"pay": "none"},
]
THERE = corridor_of(
    [
        {"from_bp": 0, "pay": "actual"},
        {"from_bp": 8_000, "pay": "amount"},
        {"from_bp": 10_000, "pay": "share", "fund_share_bp": 7_003, "is_open": True},
        {"from_bp": 12_000, "pay": "share", "fund_share_bp": 0, "is_open": True},
    ]
)


def test_points_of_random_stays() -> None:
    chance = random.Random(5)
    rows = [
        {
            "dip_score_e4": chance.randrange(1, 10**8),
            "dip_factor_e6": chance.choice([None, chance.randrange(10**6, 2 * 10**6)]),
            "dip_mean_fen": chance.choice([None, chance.randrange(1, 2 * 10**6)]),
            "total_fen": chance.randrange(1, 3 * 10**6),
        }
        for _ in range(300)
    ]
    rules = years.rules(
        method_order=[{"id": "dip", "method": "dip"}],
        dip_pools=[{"pool": "dip", "fund_fen": 10**9}],
        pool_basis="fund",
        deviation={"low_bp": 5_000, "high_bp": 20_000},
        institution_coefficients=[{"coefficient_e6": 913_333}],
    )
    cases, _ = settle_stays(years.stays(*rows).lazy(), years.institutions(), rules)
    found = dict(cases.select("settlement_id", "points_e4").iter_rows())
    for number, row in enumerate(rows, start=1):
        standard = factored_e4(int(row["dip_score_e4"] or 0), row["dip_factor_e6"])
        paid = deviation(standard, int(row["total_fen"] or 0), row["dip_mean_fen"], low_bp=5_000, high_bp=20_000)
        assert found[f"S{number}"] == divide(paid.score_e4 * 913_333, 10**6, Rounding.HALF_UP)
    assert set(cases["outlier"]) == {"low", "normal", "high", "unjudged"}
    assert cases.select(pl.col("inner_value_fen").sum()).item() == 10**9


@given(st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 10**11), min_size=1), st.integers(1, 10**11))
def test_amounts_of_institutions(points: dict[str, int], pool: int) -> None:
    here, there = share_pool(points, pool), settle(pool, [Payee(code, value) for code, value in points.items()])
    assert (here.point_value_e6, here.residual_fen, here.amounts_fen) == (
        there.point_value_e6, there.residual_fen, there.amounts_fen,
    )  # fmt: skip


@given(st.integers(1, 10**10), st.integers(1, 10**10))
def test_the_corridor(cost: int, amount: int) -> None:
    assert amount + corridor_fen(cost, amount, {"bands": BANDS}) == corridor_there(cost, amount, THERE)
