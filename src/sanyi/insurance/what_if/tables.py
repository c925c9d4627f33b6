"""支付模拟表: what an effect is written in, part by part; kept with the scenario, never in the lake."""

from __future__ import annotations

from typing import Any

import polars as pl

from sanyi.insurance.what_if.codes import Part

KEYS: dict[Part, tuple[str, ...]] = {
    Part.INSTITUTION: ("institution_code",),
    Part.TIER: ("tier",),
    Part.METHOD: ("method",),
    Part.GROUP: ("method", "group_code"),
    Part.PACKAGE: ("holder_code",),
}
"""各层面的键: what tells the rows of a part apart."""
SUMS = ("case_count", "unpayable_count", "price_fen", "fund_fen")
"""合计列: each stands twice, before (``base_``) and after (``new_``)."""
MEASURE = dict.fromkeys(SUMS, pl.Int64)
PACKAGE_SUMS = ("budget_fen", "spent_fen", "surplus_fen", "retained_fen", "fund_bears_fen", "holder_bears_fen")


def key_schema(part: Part) -> dict[str, Any]:
    """键的类型."""
    return {name: pl.Int64 if name == "tier" else pl.String for name in KEYS[part]}
