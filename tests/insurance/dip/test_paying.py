"""Point values, deviation and corridor: PAY-05 and PAY-06 to the last digit, the slow judge, and what always holds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.dip import (
    Payee,
    YearSum,
    amount_fen,
    budget_point_value_e6,
    corridor_fen,
    corridor_of,
    cost_pool_fen,
    deviation,
    deviation_exprs,
    factored_e4,
    factored_e4_expr,
    fund_due_fen,
    settle,
)
from sanyi.insurance.dip.codes import Band
from sanyi.kernel.refusals import RefusedError
from tests.oracles import dip as oracle

E4, E6 = 10_000, 1_000_000
BANDS = {"low_bp": 5_000, "high_bp": 20_000}
CORRIDOR = corridor_of([
    {"from_bp": 0, "pay": "actual"},
    {"from_bp": 8_000, "pay": "amount"},
    {"from_bp": 10_000, "pay": "share", "fund_share_bp": 7_000, "is_open": True},
    {"from_bp": 12_000, "pay": "none", "is_open": True},
])  # fmt: skip
PAYEES = st.dictionaries(
    st.sampled_from("ABCDEFG"), st.tuples(st.integers(1, 10**11), st.integers(1, 2 * E6)), min_size=1
)


@pytest.mark.parametrize(
    ("cost", "band", "ratio_e4", "score_e4"),
    [
        (240_000, Band.LOW, 4_000, 3_200_000),  # PAY-05
        (650_000, Band.NORMAL, 10_833, 8_000_000),
        (1_500_000, Band.HIGH, 25_000, 12_000_000),
        (299_999, Band.LOW, 5_000, 3_999_987),
        (300_000, Band.NORMAL, 5_000, 8_000_000),
        (1_200_000, Band.NORMAL, 20_000, 8_000_000),
        (1_200_001, Band.HIGH, 20_000, 8_000_013),
    ],
)
def test_deviation_at_every_edge(cost: int, band: Band, ratio_e4: int, score_e4: int) -> None:
    found = deviation(8_000_000, cost, 600_000, **BANDS)
    assert (found.band, found.ratio_e4, found.score_e4) == (band, ratio_e4, score_e4)


def test_an_unknown_mean_is_said_and_a_mean_of_zero_refused() -> None:
    found = deviation(8_000_000, 1, None, **BANDS)
    assert (found.band, found.ratio_e4, found.score_e4) == (Band.UNKNOWN, None, 8_000_000)
    with pytest.raises(RefusedError) as refused:
        deviation(8_000_000, 1, 0, **BANDS)
    assert refused.value.refusals[0].code == "dip.mean_not_positive"


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**11), st.integers(1, 10**11)), min_size=1))
def test_record_column_and_judge_agree_on_deviation(rows: list[tuple[int, int, int]]) -> None:
    table = pl.DataFrame(rows, schema={"score": pl.Int64, "cost": pl.Int64, "mean": pl.Int64}, orient="row")
    exprs = deviation_exprs(pl.col("score"), pl.col("cost"), pl.col("mean"), low_bp=5_000, high_bp=20_000)
    found = table.select(**exprs).rows()
    single = [deviation(*row, **BANDS) for row in rows]
    assert found == [(one.band.value, one.ratio_e4, one.score_e4) for one in single]
    assert [one.score_e4 for one in single] == [oracle.deviated(*row) for row in rows]


@given(st.integers(1, 10**9), st.integers(1, 10**10), st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_dearer_stay_never_gets_less_score(score: int, mean: int, cost: int, other: int) -> None:
    low, high = sorted((cost, other))
    first, second = (deviation(score, one, mean, **BANDS).score_e4 for one in (low, high))
    assert first <= second


@given(st.integers(0, 10**9), st.none() | st.integers(1, 5 * E6))
def test_factors_alike_on_record_and_column(score: int, factor: int | None) -> None:
    table = pl.DataFrame({"score": [score], "factor": [factor]}, schema={"score": pl.Int64, "factor": pl.Int64})
    assert table.select(factored_e4_expr(pl.col("score"), pl.col("factor"))).item() == factored_e4(score, factor)


def test_pay_06_to_the_last_digit() -> None:
    pool = cost_pool_fen(7_200_000_000, 7_200)
    assert pool == 10_000_000_000
    payees = [
        Payee("A", 6_200_000 * E4, E6), Payee("B", 2_500_000 * E4, 900_000), Payee("C", 800_000 * E4, 600_000),
    ]  # fmt: skip
    found = settle(pool, payees)
    assert found.point_value_e6 == 11_198_208
    assert (found.residual_fen, found.residual_code) == (256, "A")
    assert found.amounts_fen == {"A": 6_942_889_216, "B": 2_519_596_800, "C": 537_513_984}
    assert amount_fen(payees[0].score_e4, E6, found.point_value_e6) == 6_942_888_960
    assert fund_due_fen(found.amounts_fen["B"], patient_fen=660_000_000) == 1_859_596_800


@given(st.integers(0, 10**13), PAYEES)
def test_parts_make_the_pool_and_the_judge_agrees(pool: int, payees: dict[str, tuple[int, int]]) -> None:
    found = settle(pool, [Payee(code, *one) for code, one in payees.items()])
    assert sum(found.amounts_fen.values()) == pool
    assert (found.point_value_e6, dict(found.amounts_fen)) == oracle.settled(pool, payees)
    again = settle(pool, [Payee(code, *payees[code]) for code in sorted(payees, reverse=True)])
    assert (again.point_value_e6, dict(again.amounts_fen)) == (found.point_value_e6, dict(found.amounts_fen))


@given(st.integers(0, 10**10), st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 2 * E6))
def test_more_score_is_never_less_money(value: int, score: int, more: int, coefficient: int) -> None:
    assert amount_fen(score + more, coefficient, value) >= amount_fen(score, coefficient, value)


def test_budget_point_value_weighs_years_alike() -> None:
    years = [
        YearSum(1, 100_000_00, 9_000 * E4),
        YearSum(2, 110_000_00, 9_500 * E4),
        YearSum(7, 120_000_00, 10_000 * E4),
    ]
    # (100,000 + 2 · 110,000 + 7 · 120,000) ÷ (9,000 + 2 · 9,500 + 7 · 10,000) = 1,160,000 ÷ 98,000
    assert budget_point_value_e6(years) == 11_836_735
    with pytest.raises(RefusedError) as refused:
        budget_point_value_e6([YearSum(1, 1, 0)])
    assert refused.value.refusals[0].code == "dip.pool_without_scores"


@pytest.mark.parametrize(
    ("cost", "paid"),
    [(7_999, 7_999), (8_000, 10_000), (10_000, 10_000), (10_001, 10_001), (11_000, 10_700), (12_000, 11_400),
     (12_001, 11_400), (30_000, 11_400)],
)  # fmt: skip
def test_corridor_at_every_edge(cost: int, paid: int) -> None:
    assert corridor_fen(cost, 10_000, CORRIDOR) == paid


def test_without_a_corridor_the_amount_is_paid_and_nothing_for_no_amount() -> None:
    assert corridor_fen(1, 10_000, ()) == 10_000
    assert corridor_fen(1, 0, CORRIDOR) == 0


def test_a_share_of_zero_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        cost_pool_fen(1, 0)
    assert refused.value.refusals[0].code == "dip.share_not_positive"
