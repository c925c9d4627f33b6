"""为什么: why a stay has its group, from the facts of the version it was grouped from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.lake.tables import BATCH_NUMBER
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.grouping import explain, jobs
from sanyi.insurance.grouping.engine.explanation import Line
from sanyi.insurance.grouping.services.choice import weight_table_on
from sanyi.insurance.grouping.tables import GROUPED_STAY


@dataclass(frozen=True, slots=True)
class Explanation:
    """说明: the facts that were read, and the steps from them to the group."""

    facts: dict[str, Any]
    settlement: dict[str, Any]
    lines: tuple[Line, ...]
    provenance: dict[str, Any]


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
    table = weight_table_on(stay["discharged_on"])
    lines = explain(facts, stay["scheme"], stay["mode"], weight_table=table)
    return Explanation(facts, rows.row(0, named=True), lines, _provenance(lake, stay))


def _provenance(lake: lakes.Lake, stay: Mapping[str, Any]) -> dict[str, Any]:
    """What the result was computed from, as its run wrote it into the lake."""
    for commit in lake.history(GROUPED_STAY.name):
        if commit.batch_number == stay["run_number"]:
            return dict(orjson.loads(commit.metadata.get("provenance", "{}")))
    return {}
