"""为什么: why a stay has its group, from the facts of the version it was grouped from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.lake.tables import BATCH_NUMBER
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.grouping import jobs


@dataclass(frozen=True, slots=True)
class Explanation:
    """说明: the facts that were read, and the steps from them to the group."""

    facts: dict[str, Any]
    settlement: dict[str, Any]
    lines: tuple[Any, ...]


def explain_stay(stay: Mapping[str, Any]) -> Explanation | None:
    """病例说明: of a grouped stay; None when its settlement can no longer be read."""
    lake = lakes.lake()
    rows = (
        lake.scan(SETTLEMENT_LIST.name, stay["source_version"])
        .filter(
            pl.col("institution_code") == stay["institution_code"],
            pl.col("settlement_id") == stay["settlement_id"],
            pl.col(BATCH_NUMBER) == stay["source_batch_number"],
        )
        .collect()
    )
    if not rows.height:
        return None
    facts = jobs.facts_of(rows).row(0, named=True)
    return Explanation(facts, rows.row(0, named=True), explain_record(facts, stay["scheme"], stay["mode"]))


def explain_record(facts: Mapping[str, Any], scheme: str, mode: str = "strict") -> tuple[Any, ...]:
    """逐步说明: of one record typed or read."""
    from sanyi.insurance.grouping import explain  # type: ignore[attr-defined]

    return tuple(explain(dict(facts), scheme=scheme, mode=mode))
