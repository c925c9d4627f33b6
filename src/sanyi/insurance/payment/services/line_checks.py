"""明细核对服务: where claim lines and settlements do not add up, for the page of a settlement; told, not fatal."""

from __future__ import annotations

from typing import Any

import polars as pl

from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.lake import services as lakes
from sanyi.exchange.lake.tables import BATCH_NUMBER
from sanyi.insurance.payment import jobs
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.insurance.payment.services.held import Held
from sanyi.insurance.payment.services.year_facts import of_held

NAMES = ("institution_code", "settlement_id", "line_number", BATCH_NUMBER, "amount_fen")


def line_check(held: Held, rules: RuleSet) -> dict[str, Any] | None:
    """明细核对: how many settlements have lines, and institution and month of those that differ; None without lines.

    Lines as they stand at the time of computing; they decide no amount and are not among the frozen inputs.
    """
    lake = lakes.lake()
    version = lake.version(CLAIM_LINE.name)
    if version is None:
        return None
    facts = of_held(held, rules)
    assert facts.visits is not None, "of_held gives at least an empty table"
    lines = lake.scan(CLAIM_LINE.name, version).select(NAMES)
    found = jobs.check_lines(lines, facts.stays, facts.visits)
    differing = found.filter(pl.col("differing_count") > 0)
    columns = ("institution_code", "month", "differing_count", "settled_fen", "lines_fen", "difference_fen")
    return {
        "version": version,
        "line_count": int(found["line_count"].sum()),
        "settlement_count": int(found["settlement_count"].sum()),
        "without_lines_count": int(found["without_lines_count"].sum()),
        "differing_count": int(found["differing_count"].sum()),
        "differing": differing.select(columns).to_dicts(),
    }
