"""结算清单服务: makes the contract known to intake."""

from functools import cache
from pathlib import Path

import polars as pl
import yaml

from sanyi.exchange.intake import tables as intake
from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.settlement_list import codes, rules, tables
from sanyi.exchange.settlement_list.jobs import read_4101

_EXAMPLES = Path(__file__).parent / "cases" / "template.yaml"


@cache
def examples() -> tuple[dict[str, str], ...]:
    """示例行: right rows as people write them, by column name; invented persons."""
    rows = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
    return tuple({name: str(value) for name, value in row.items()} for row in rows)


def register() -> intake.IntakeContract:
    """登记: called when the area is ready."""
    return intake.register(
        tables.SETTLEMENT_LIST,
        checks=rules.checks,
        codes=(
            intake.CodeCheck(
                "diagnosis_codes", Kind.DIAGNOSIS, grey=codes.CODE_GREY, grey_first=codes.MAIN_DIAGNOSIS_GREY
            ),
            intake.CodeCheck("procedure_codes", Kind.PROCEDURE, grey=codes.CODE_GREY),
            intake.CodeCheck("outpatient_diagnosis_code", Kind.DIAGNOSIS, is_advisory=True),
        ),
        aliases=tables.ALIASES,
        blank_is_zero=tables.BLANK_IS_ZERO,
        recommended=tables.RECOMMENDED,
        derived={
            "admitted_on": pl.col("admitted_at").dt.date(),
            "discharged_on": pl.col("discharged_at").dt.date(),
        },
        not_sender=codes.NOT_SENDER,
        examples=examples(),
        read_message=read_4101,
    )
