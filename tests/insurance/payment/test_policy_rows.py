"""Rows of a policy table: the first that fits decides, however many rows ask for groups alone."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.payment.rules.policy_rows import first_of

FRAME = pl.DataFrame(
    [(group, tier, "310", "H1") for group in ("A", "B", "C", None) for tier in (1, 2, None)],
    schema={"_group": pl.String, "tier": pl.Int64, "insurance_type_code": pl.String, "institution_code": pl.String},
    orient="row",
)
CONDITIONS = st.one_of(
    st.fixed_dictionaries({"groups": st.lists(st.sampled_from("ABCD"), max_size=2)}),
    st.fixed_dictionaries({"tiers": st.lists(st.sampled_from([1, 2]), max_size=2)}),
    st.fixed_dictionaries({"groups": st.just(["A", "B"]), "tiers": st.just([2])}),
    st.just({}),
)


def slowly(rows: list[dict[str, Any]], group: str | None, tier: int | None) -> int | None:
    for row in rows:
        if group not in row.get("groups", [group]) or tier not in row.get("tiers", [tier]):
            continue
        if ("groups" in row and group is None) or ("tiers" in row and tier is None):
            continue
        return int(row["weight_e6"])
    return None


@given(st.lists(CONDITIONS, max_size=7))
def test_the_first_row_that_fits_decides(conditions: list[dict[str, Any]]) -> None:
    rows = [{**condition, "weight_e6": place} for place, condition in enumerate(conditions)]
    found = FRAME.select(first_of(rows, "weight_e6", "weights").alias("found"))["found"].to_list() if rows else None
    wanted = [slowly(rows, group, tier) for group, tier in FRAME.select("_group", "tier").iter_rows()]
    if found is not None:
        assert (found if len(found) > 1 else found * FRAME.height) == wanted
