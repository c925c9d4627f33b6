"""费用明细服务: makes the contract known to intake, reads the current rows, and holds them against settlements."""

from functools import cache
from pathlib import Path

import polars as pl
import yaml

from sanyi.exchange.claim_lines import rules, tables
from sanyi.exchange.intake import tables as intake
from sanyi.exchange.lake.services import lake
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST

_EXAMPLES = Path(__file__).parent / "cases" / "template.yaml"


@cache
def examples() -> tuple[dict[str, str], ...]:
    """示例行: right rows as people write them, by column name."""
    rows = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
    return tuple({name: str(value) for name, value in row.items()} for row in rows)


def register() -> intake.IntakeContract:
    """登记: called when the area is ready."""
    return intake.register(
        tables.CLAIM_LINE,
        checks=rules.checks,
        aliases=tables.ALIASES,
        recommended=tables.RECOMMENDED,
        examples=examples(),
    )


def current(version: int | None = None) -> pl.LazyFrame | None:
    """现行明细: the latest row of every line; None where none was ever taken in."""
    held = lake()
    if held.version(tables.CLAIM_LINE.name) is None:
        return None
    return held.current(tables.CLAIM_LINE, version)


def differences() -> pl.LazyFrame | None:
    """明细与结算不符: current settlements of stays and visits whose current lines do not add up to the total."""
    lines = current()
    held = lake()
    parts = [
        held.current(contract).select("institution_code", "settlement_id", "total_fen")
        for contract in (SETTLEMENT_LIST, OUTPATIENT_VISIT)
        if held.exists(contract.name)
    ]
    return None if lines is None or not parts else rules.differences(lines, pl.concat(parts))
