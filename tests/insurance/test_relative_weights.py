"""Relative weights: cases at every edge, the slow judge, and what must hold of any table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance import relative_weights as topic
from sanyi.insurance.relative_weights import Method, Options, Reason, compared, marked, relative_weights, weight_e6
from sanyi.insurance.relative_weights.codes import COLUMN_MISSING
from sanyi.insurance.relative_weights.rules.comparison import published_cmi_e6
from sanyi.kernel.refusals import RefusedError
from tests.oracles import relative_weights as oracle

CASES = yaml.safe_load((Path(topic.__file__).parent / "cases" / "weights.yaml").read_text(encoding="utf-8"))
SCHEMA = {
    "drg": pl.String,
    "total_fen": pl.Int64,
    "length_of_stay_days": pl.Int64,
    "stay_minutes": pl.Int64,
    "discharge_way_code": pl.String,
}
E6 = 1_000_000


def frame_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA)


def stays_of(case: dict[str, Any]) -> pl.DataFrame:
    rows = list(case.get("stays", []))
    rows += [{"drg": drg, "total_fen": cost} for drg, costs in case.get("groups", {}).items() for cost in costs]
    for drg, ends in case.get("ends", {}).items():
        costs = [ends["low"], ends["high"], *[500] * (ends["count"] - 2)]
        rows += [{"drg": drg, "total_fen": cost} for cost in costs]
    return frame_of([dict.fromkeys(SCHEMA) | row for row in rows])


def by_group(groups: pl.DataFrame, column: str) -> dict[str, Any]:
    return dict(groups.select("drg", column).iter_rows())


def measured(case: dict[str, Any]) -> tuple[pl.DataFrame, topic.RelativeWeights]:
    options = Options.shipped(
        case.get("method", "none"),
        is_stay_limited=case.get("days", False),
        is_early_leaving_excluded=case.get("early", False),
    )
    stays = stays_of(case)
    return marked(stays, options), relative_weights(stays, options)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case_holds(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(RefusedError) as refused:
            measured(case)
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
        return
    marks, found = measured(case)
    seen: dict[str, Any] = {
        "weights": by_group(found.groups, "weight_e6"),
        "cv": by_group(found.groups, "cv_e6"),
        "state": by_group(found.groups, "state"),
        "trimmed": by_group(found.groups, "trimmed_count"),
        "riv": found.summary.riv_e6,
        "share_bp": found.summary.trimmed_share_bp,
        "is_reported": found.summary.is_trimming_reported,
        "reasons": marks["reason"].to_list(),
    }
    assert {name: seen[name] for name in case["expect"]} == case["expect"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(RefusedError) as refused:
        relative_weights(pl.DataFrame({"drg": ["A"], "total_fen": [1]}), Options.shipped(is_stay_limited=True))
    assert refused.value.refusals[0].code == COLUMN_MISSING.code
    assert "length_of_stay_days" in refused.value.refusals[0].message()


def test_the_library_needs_no_django() -> None:
    import subprocess

    code = "import sys; from sanyi.insurance.relative_weights import relative_weights; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_more_than_eight_per_cent_is_reported() -> None:
    rows = [{"drg": "A", "total_fen": 500}] * 22 + [{"drg": "A", "total_fen": cost} for cost in (1, 900, 901)]
    found = relative_weights(frame_of([dict.fromkeys(SCHEMA) | row for row in rows]), Options.shipped("iqr"))
    assert (found.summary.trimmed_count, found.summary.trimmed_share_bp) == (3, 1200)
    assert found.summary.is_trimming_reported


def test_comparison_tells_difference_rank_and_groups_without_data() -> None:
    rows = [("A", 100), ("A", 100), ("B", 300), ("C", 200)]
    stays = frame_of([dict.fromkeys(SCHEMA) | {"drg": drg, "total_fen": cost} for drg, cost in rows])
    published = pl.DataFrame({"drg": ["A", "B", "D"], "weight_e6": [2 * E6, E6, 3 * E6]})
    found = compared(relative_weights(stays, Options.shipped()).groups, published)
    columns = ("drg", "difference_e6", "own_rank", "published_rank", "rank_difference", "state", "stay_count")
    assert [tuple(row[name] for name in columns) for row in found.to_dicts()] == [
        ("A", 571_429 - 2 * E6, 2, 1, 1, "unstable", 2),
        ("B", 1_714_286 - E6, 1, 2, -1, "unstable", 1),
        ("C", None, None, None, None, "unstable", 1),
        ("D", None, None, None, None, "no_data", 0),
    ]
    assert published_cmi_e6(found) == (2 * 2 * E6 + E6 + 1) // 3


def test_the_cmi_of_a_published_distribution_reproduces() -> None:
    """Stays whose costs are the published weights themselves give those weights back, over their mean."""
    from sanyi.insurance.grouping.engine import library

    table = library.table("weight").filter(pl.col("region") == "烟台", pl.col("year") == 2023).drop_nulls("weight_e6")
    published = table.select("drg", "weight_e6").unique("drg").sort("drg")
    rows = [(drg, weight, 1 + place % 7) for place, (drg, weight) in enumerate(published.iter_rows())]
    stays = [(drg, weight) for drg, weight, count in rows for _ in range(count)]
    frame = frame_of([dict.fromkeys(SCHEMA) | {"drg": drg, "total_fen": weight} for drg, weight in stays])
    found = compared(relative_weights(frame, Options.shipped()).groups, published)
    total, count = sum(weight for _, weight in stays), len(stays)
    assert published_cmi_e6(found) == (2 * total + count) // (2 * count)
    own, theirs = by_group(found, "weight_e6"), dict(published.iter_rows())
    assert own == {drg: (2 * theirs[drg] * count * E6 + total) // (2 * total) for drg in theirs}


WAYS = st.sampled_from(["1", "2", "3", "4", "5", "9"])
STAY = st.fixed_dictionaries(
    {
        "drg": st.sampled_from(["AB19", "BR25", "ES35"]),
        "total_fen": st.one_of(st.integers(0, 60), st.integers(0, 5_000_000_00)),
        "length_of_stay_days": st.integers(0, 90),
        "stay_minutes": st.integers(0, 3000),
        "discharge_way_code": WAYS,
    }
)
TABLES = st.one_of(st.lists(STAY, min_size=1, max_size=30), st.lists(STAY, min_size=70, max_size=120))


@given(stays=TABLES, method=st.sampled_from(list(Method)), days=st.booleans(), early=st.booleans())
def test_the_slow_judge_agrees(stays: list[dict[str, Any]], method: Method, days: bool, early: bool) -> None:
    options = Options.shipped(method.value, is_stay_limited=days, is_early_leaving_excluded=early)
    frame = frame_of(stays)
    found, judged = relative_weights(frame, options), oracle.judge(stays, method.value, days=days, early=early)
    kept = marked(frame, options)["reason"].to_list()
    assert {place for place, reason in enumerate(kept) if reason == Reason.KEPT.value} == judged["kept"]
    seen = found.groups.filter(pl.col("kept_count") > 0)
    assert by_group(seen, "weight_e6") == {
        drg: one for drg, one in judged["weights"].items() if drg in set(seen["drg"])
    }
    assert by_group(seen, "cv_e6") == {drg: one for drg, one in judged["cv"].items() if drg in set(seen["drg"])}
    assert found.summary.riv_e6 == judged["riv"]


@given(stays=TABLES, seed=st.randoms(use_true_random=False), method=st.sampled_from(list(Method)))
def test_the_order_of_rows_does_not_matter(stays: list[dict[str, Any]], seed: Any, method: Method) -> None:
    turned = list(stays)
    seed.shuffle(turned)
    options = Options.shipped(method.value)
    first, second = relative_weights(frame_of(stays), options), relative_weights(frame_of(turned), options)
    assert first.summary == second.summary
    assert first.groups.equals(second.groups)


@given(stays=TABLES)
def test_untrimmed_weights_average_one_and_riv_is_a_share(stays: list[dict[str, Any]]) -> None:
    found = relative_weights(frame_of(stays), Options.shipped()).summary
    assert found.cmi_e6 is None if not found.cost_fen else abs(found.cmi_e6 - E6) <= 1
    assert found.riv_e6 is None or 0 <= found.riv_e6 <= E6


@given(stays=TABLES, method=st.sampled_from(list(Method)))
def test_one_group_alone_is_marked_as_in_the_table(stays: list[dict[str, Any]], method: Method) -> None:
    """The page of one weight marks its group's stays alone."""
    options = Options.shipped(method.value)
    whole = marked(frame_of(stays), options)
    for drg in set(whole["drg"]):
        alone = marked(frame_of([stay for stay in stays if stay["drg"] == drg]), options)
        assert alone.equals(whole.filter(pl.col("drg") == drg))


@given(stays=TABLES)
def test_record_equals_table(stays: list[dict[str, Any]]) -> None:
    found = relative_weights(frame_of(stays), Options.shipped())
    for row in found.groups.iter_rows(named=True):
        alone = weight_e6(row["cost_fen"], row["kept_count"], found.summary.cost_fen, found.summary.kept_count)
        assert alone == row["weight_e6"]
