"""签约居民服务: makes the contract known to intake, and reads the current rows."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import yaml

from sanyi.exchange.intake import tables as intake
from sanyi.exchange.lake.services import lake
from sanyi.exchange.signed_persons import rules, tables
from sanyi.registry.policies import services as policies

_EXAMPLES = Path(__file__).parent / "cases" / "template.yaml"


@cache
def examples() -> tuple[dict[str, str], ...]:
    """示例行: right rows as people write them, by column name; invented persons insured in this county."""
    rows = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
    here = {"insured_place_code": policies.county()[:6]}
    return tuple({name: str(value) for name, value in row.items()} | here for row in rows)


def register() -> intake.IntakeContract:
    """登记: called when the area is ready."""
    return intake.register(
        tables.SIGNED_PERSON,
        checks=rules.checks,
        aliases=tables.ALIASES,
        recommended=tables.RECOMMENDED,
        derived=tables.DERIVED,
        examples=examples(),
    )


def current(version: int | None = None) -> pl.LazyFrame | None:
    """现行协议: the latest row of every agreement; None where none was ever taken in."""
    held = lake()
    if held.version(tables.SIGNED_PERSON.name) is None:
        return None
    return held.current(tables.SIGNED_PERSON, version)


def signed_on(day: date, version: int | None = None) -> pl.LazyFrame | None:
    """某日签约居民: one agreement per person on a day; None where none was ever taken in."""
    found = current(version)
    return None if found is None else rules.signed_on(found, day)
