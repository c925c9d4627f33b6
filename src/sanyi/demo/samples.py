"""练习文件: the month's settlement lists that the county hospital has not sent yet, with mistakes to find and mend."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sanyi.demo.county import County
from sanyi.demo.facts import last_month_of_lead
from sanyi.demo.settlement_lists import REFUSED, as_form, spoil
from sanyi.demo.workbooks import workbook
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST


def write(folder: Path, county: County, lists: pl.DataFrame) -> list[Path]:
    """写出: a workbook with a row of every kind of mistake, and the same month without mistakes."""
    folder.mkdir(parents=True, exist_ok=True)
    month = last_month_of_lead(county, lists).filter(pl.col("fault") == "")
    step = max(1, min(3, month.height // len(REFUSED)))  # right rows in between, as far as there are enough
    turns = {step * place: name for place, name in enumerate(REFUSED)}
    kinds = pl.Series("refused", [turns.get(row, "") for row in range(month.height)], dtype=pl.String)
    stem = f"{month['institution_name'][0]}-{county.profile.last_day:%Y年%m月}-医保结算清单"
    wrong, right = folder / f"{stem}（含错误）.xlsx", folder / f"{stem}（已改正）.xlsx"
    wrong.write_bytes(workbook(as_form(spoil(month.with_columns(kinds))), SETTLEMENT_LIST.zh))
    right.write_bytes(workbook(as_form(month), SETTLEMENT_LIST.zh))
    return [wrong, right]
