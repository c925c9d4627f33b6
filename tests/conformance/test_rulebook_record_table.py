"""One meaning on one record and on a table, for random records of every shape of row rule."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.runners import run_record, run_table
from tests.conformance.samples import RULES, outputs, schema


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


@pytest.mark.parametrize("name", RULES)
@given(data=st.data())
def test_record_equals_table_in_any_order(name: str, data: st.DataObject) -> None:
    rule, params, records = RULES[name]
    rows = [{"claim_id": str(n), **data.draw(records)} for n in range(data.draw(st.integers(1, 6)))]
    columns = [column for column in schema(rule) if column in rows[0]]
    frame = pl.DataFrame([{column: row[column] for column in columns} for row in rows], schema=schema(rule))
    single = [plain(run_record(rule, row, params)) for row in frame.iter_rows(named=True)]
    assert run_table(rule, frame, params).select(outputs(rule)).rows(named=True) == single
    assert run_table(rule, frame.reverse(), params).select(outputs(rule)).rows(named=True) == single[::-1]
