"""门诊结算服务: makes the contract known to intake, and reads the current rows."""

from functools import cache
from pathlib import Path

import polars as pl
import yaml

from sanyi.exchange.intake import tables as intake
from sanyi.exchange.lake.services import lake
from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.outpatient_visits import codes, rules, tables
from sanyi.registry.policies import services as policies

_EXAMPLES = Path(__file__).parent / "cases" / "template.yaml"


@cache
def examples() -> tuple[dict[str, str], ...]:
    """示例行: right rows as people write them, by column name; invented persons insured in this county."""
    rows = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
    here = policies.county()[: codes.PLACE_DIGITS]
    places = {"insured_place_code": here, "institution_place_code": here}
    return tuple(places | {name: str(value) for name, value in row.items()} for row in rows)


def register() -> intake.IntakeContract:
    """登记: called when the area is ready."""
    return intake.register(
        tables.OUTPATIENT_VISIT,
        checks=rules.checks,
        codes=(intake.CodeCheck("main_diagnosis_code", Kind.DIAGNOSIS, is_advisory=True),),
        aliases=tables.ALIASES,
        recommended=tables.RECOMMENDED,
        examples=examples(),
    )


def current(version: int | None = None) -> pl.LazyFrame | None:
    """现行结算: the latest row of every settlement; None where none was ever taken in."""
    held = lake()
    if held.version(tables.OUTPATIENT_VISIT.name) is None:
        return None
    return held.current(tables.OUTPATIENT_VISIT, version)
