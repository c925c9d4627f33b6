"""Money: rounding against decimal arithmetic, exact splits, reading and writing yuan, columns equal to numbers."""

import decimal
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel import money
from sanyi.kernel.money import FEN_MAX, Rounding
from sanyi.kernel.refusals import RefusedError

DECIMAL_NAMES = {
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Rounding.DOWN: decimal.ROUND_DOWN,
    Rounding.UP: decimal.ROUND_UP,
    Rounding.FLOOR: decimal.ROUND_FLOOR,
    Rounding.CEILING: decimal.ROUND_CEILING,
}
roundings = st.sampled_from(list(Rounding))
amounts = st.one_of(st.integers(-50, 50), st.integers(-FEN_MAX, FEN_MAX), st.sampled_from([FEN_MAX, -FEN_MAX, 0]))
nonzero = st.one_of(st.integers(1, 20), st.integers(-20, -1), st.integers(1, 10**12), st.integers(-(10**12), -1))


def oracle(numerator: int, denominator: int, rounding: Rounding) -> int:
    with decimal.localcontext(prec=80):
        quotient = Decimal(numerator) / Decimal(denominator)
        return int(quotient.quantize(Decimal(1), rounding=DECIMAL_NAMES[rounding]))


@pytest.mark.parametrize("rounding", list(Rounding))
def test_division_rounds_as_decimal_does(rounding: Rounding) -> None:
    for denominator in (-4, -3, -2, -1, 1, 2, 3, 4):
        for numerator in range(-9, 10):
            assert money.divide(numerator, denominator, rounding) == oracle(numerator, denominator, rounding)


@given(amounts, nonzero, roundings)
def test_division_of_large_numbers_rounds_as_decimal_does(n: int, d: int, rounding: Rounding) -> None:
    assert money.divide(n, d, rounding) == oracle(n, d, rounding)


@given(amounts, nonzero, st.sampled_from([r for r in Rounding if r not in (Rounding.FLOOR, Rounding.CEILING)]))
def test_a_reversal_cancels_its_original(n: int, d: int, rounding: Rounding) -> None:
    assert money.divide(n, d, rounding) + money.divide(-n, d, rounding) == 0


def test_a_zero_divisor_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        money.divide(1, 0, Rounding.HALF_UP)
    assert refused.value.refusals[0].code == "money.division_by_zero"


def test_shares_and_scales() -> None:
    assert money.share_fen(12345, 6500, Rounding.HALF_UP) == 8024
    assert money.share_fen(12345, 6500, Rounding.UP) == 8025
    assert money.share_fen(-12345, 6500, Rounding.HALF_UP) == -8024
    assert money.scale_fen(1_000_000, 778_700, 10**6, Rounding.HALF_UP) == 778_700


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_splits_sum_exactly_and_are_near_their_share(total: int, weights: list[int]) -> None:
    parts = money.split_fen(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole
        assert weight > 0 or part == 0


@given(amounts, st.lists(st.integers(1, 1000), min_size=2, max_size=10))
def test_a_split_is_fair_monotone_and_symmetric(total: int, weights: list[int]) -> None:
    parts = money.split_fen(abs(total), weights)
    heavier = sorted(zip(weights, parts, strict=True))
    assert all(a[1] <= b[1] + (a[0] == b[0]) for a, b in zip(heavier, heavier[1:], strict=False))
    assert money.split_fen(-abs(total), weights) == [-part for part in parts]


def test_the_left_over_fen_go_to_the_largest_remainders_and_ties_to_the_earlier() -> None:
    assert money.split_fen(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split_fen(101, [1, 1, 1]) == [34, 34, 33]
    assert money.split_fen(10, [3, 3, 4]) == [3, 3, 4]
    assert money.split_fen(11, [3, 3, 4]) == [3, 3, 5]
    assert money.split_fen(-100, [1, 1, 1]) == [-34, -33, -33]
    assert money.split_fen(5, [0, 1]) == [0, 5]
    assert money.split_fen(0, [1, 2]) == [0, 0]


@pytest.mark.parametrize(
    ("weights", "code"),
    [([], "money.split_without_weights"), ([0, 0], "money.split_without_weights"), ([1, -1], "money.weight_negative")],
)
def test_a_split_without_usable_weights_is_refused(weights: list[int], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        money.split_fen(100, weights)
    assert refused.value.refusals[0].code == code


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.3", 1230),
        ("12.34", 1234),
        ("12.3400", 1234),
        ("-12.34", -1234),
        ("+12.34", 1234),
        ("-0.01", -1),
        ("1,234.56", 123456),
        ("1,234,567", 123456700),
        ("¥12.34", 1234),
        ("￥１２．３４", 1234),
        ("-¥1.00", -100),
        (" 12.34 元 ", 1234),
        ("007.10", 710),
        (Decimal("12.30"), 1230),
        (12, 1200),
        ("1000000000000", FEN_MAX),
    ],
)
def test_yuan_are_read(text: str, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.yuan_unreadable"),
        ("abc", "money.yuan_unreadable"),
        ("1e3", "money.yuan_unreadable"),
        ("nan", "money.yuan_unreadable"),
        ("1.", "money.yuan_unreadable"),
        (".5", "money.yuan_unreadable"),
        ("1,23", "money.yuan_unreadable"),
        ("1 234", "money.yuan_unreadable"),
        ("--1", "money.yuan_unreadable"),
        ("12万元", "money.yuan_unreadable"),
        ("٣", "money.yuan_unreadable"),
        ("0.005", "money.yuan_too_fine"),
        ("12.341", "money.yuan_too_fine"),
        ("1000000000000.01", "money.amount_out_of_bounds"),
        ("9" * 5000, "money.amount_out_of_bounds"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        money.parse_yuan(text)
    assert refused.value.refusals[0].code == code


@given(amounts)
def test_writing_and_reading_yuan_gives_the_same_amount(fen: int) -> None:
    assert money.parse_yuan(money.format_yuan(fen)) == fen


def test_yuan_are_written_with_separators() -> None:
    assert money.format_yuan(123456789) == "1,234,567.89"
    assert money.format_yuan(-5) == "-0.05"
    assert money.format_yuan(0) == "0.00"


def column(values: list[int | None]) -> pl.DataFrame:
    return pl.DataFrame({"n": values}, schema={"n": pl.Int64})


@given(st.lists(amounts, min_size=1, max_size=20), nonzero, roundings)
def test_dividing_a_column_equals_dividing_numbers(values: list[int], d: int, rounding: Rounding) -> None:
    found = column(values).select(money.divide_expr(pl.col("n"), d, rounding)).to_series().to_list()
    assert found == [money.divide(n, d, rounding) for n in values]


@given(st.lists(st.tuples(amounts, nonzero), min_size=1, max_size=20), roundings)
def test_dividing_two_columns_equals_dividing_numbers(pairs: list[tuple[int, int]], rounding: Rounding) -> None:
    frame = pl.DataFrame(pairs, schema={"n": pl.Int64, "d": pl.Int64}, orient="row")
    found = frame.select(money.divide_expr(pl.col("n"), pl.col("d"), rounding)).to_series().to_list()
    assert found == [money.divide(n, d, rounding) for n, d in pairs]


def test_division_of_columns_keeps_the_unknown_unknown() -> None:
    frame = pl.DataFrame({"n": [5, None, 5, 2**63 - 1], "d": [0, 2, None, 1]})
    found = frame.select(money.divide_half_up_expr(pl.col("n"), pl.col("d"))).to_series().to_list()
    assert found == [None, None, None, 2**63 - 1]
    assert column([5]).select(money.divide_half_up_expr(pl.col("n"), 0)).item() is None
    small = pl.DataFrame({"n": [100], "d": [3]}, schema={"n": pl.Int8, "d": pl.Int8})
    assert small.select(money.divide_half_up_expr(pl.col("n") * 1, pl.col("d"))).item() == 33


@given(st.lists(st.tuples(amounts, st.integers(0, 20_000)), min_size=1, max_size=20), roundings)
def test_shares_of_a_column_equal_shares_of_numbers(pairs: list[tuple[int, int]], rounding: Rounding) -> None:
    frame = pl.DataFrame(pairs, schema={"n": pl.Int64, "share_bp": pl.Int64}, orient="row")
    found = frame.select(money.share_fen_expr(pl.col("n"), pl.col("share_bp"), rounding)).to_series().to_list()
    assert found == [money.share_fen(n, share_bp, rounding) for n, share_bp in pairs]


@given(
    st.lists(st.tuples(amounts, st.integers(-90_000, 90_000)), min_size=1, max_size=20),
    st.sampled_from([1, 3, 100, 10**4, 10**6, 2 * 10**9]),
    roundings,
)
def test_scaling_a_column_is_exact_although_the_product_would_overflow(
    pairs: list[tuple[int, int]], scale: int, rounding: Rounding
) -> None:
    frame = pl.DataFrame(pairs, schema={"n": pl.Int64, "f": pl.Int64}, orient="row")
    found = frame.select(money.scale_fen_expr(pl.col("n"), pl.col("f"), scale, rounding)).to_series().to_list()
    assert found == [money.scale_fen(n, f, scale, rounding) for n, f in pairs]


def test_scaling_beyond_int64_products_is_exact() -> None:
    factor, scale = 118_578_600, 10**6
    assert FEN_MAX * factor > 2**63
    found = column([FEN_MAX, -FEN_MAX]).select(money.scale_fen_expr(pl.col("n"), factor, scale, Rounding.HALF_UP))
    assert found["n"].to_list() == [
        money.scale_fen(FEN_MAX, factor, scale, Rounding.HALF_UP),
        money.scale_fen(-FEN_MAX, factor, scale, Rounding.HALF_UP),
    ]


@pytest.mark.parametrize("scale", [0, -1, 2 * 10**9 + 1])
def test_a_scale_out_of_bounds_is_a_fault(scale: int) -> None:
    with pytest.raises(ValueError, match="scale"):
        money.scale_fen_expr(pl.col("n"), 1, scale, Rounding.DOWN)


PLAIN = st.from_regex(r"\A[+-]?[¥]?[0-9]{1,3}(,[0-9]{3}){0,4}([.][0-9]{1,4})?元?\Z")
ROUGH = st.text(alphabet="0123456789.,+-¥元 ex", max_size=12)


@given(st.lists(st.one_of(PLAIN, ROUGH), min_size=1, max_size=20))
def test_reading_a_column_equals_reading_texts(texts: list[str]) -> None:
    frame = pl.DataFrame({"t": texts})
    found = frame.select(money.parse_yuan_expr(pl.col("t"))).to_series().to_list()
    for text, fen in zip(texts, found, strict=True):
        try:
            assert fen == money.parse_yuan(text), text
        except RefusedError:
            assert fen is None, text


def test_reading_a_column_leaves_the_unreadable_unknown() -> None:
    texts = ["1.005", "abc", None, "9" * 30, "1000000000000.01", "-0.10"]
    found = pl.DataFrame({"t": texts}).select(money.parse_yuan_expr(pl.col("t"))).to_series().to_list()
    assert found == [None, None, None, None, None, -10]
