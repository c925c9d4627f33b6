"""读取文件的行: the rows of a file as they stand, for topics that look at a file without taking it in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl

from sanyi.exchange.intake.jobs.layout import choose_table, data_pieces
from sanyi.exchange.intake.jobs.opening import open_source
from sanyi.exchange.intake.jobs.pieces import ShapeStep, texts_of
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.services import terms


def read_rows(
    path: Path, file_name: str, contract_name: str, *, on: date, refuse_above: Callable[[int], None] | None = None
) -> pl.DataFrame:
    """读取各行: typed columns of a contract; cells that cannot be read are null, nothing is mapped or stored.

    ``refuse_above(count)`` is asked with the rows read so far and may raise. Refuses a file that cannot be read.
    """
    intake = terms.contract(contract_name)
    limits = terms.limits(on)
    with closing(open_source(path, file_name, limits, intake)) as source:
        report = Report()
        table = choose_table(source, intake, report)
        shape = ShapeStep(intake, table.header, table.kind)
        parts = [intake.contract.empty()]
        count = 0
        with closing(data_pieces(source, table, intake, limits, report)) as pieces:
            for piece in pieces:
                count += piece.height
                if refuse_above is not None:
                    refuse_above(count)
                typed, _ = shape.read(texts_of(intake, table.header, piece))
                parts.append(typed.select(intake.contract.column_names))
    return pl.concat(parts, how="vertical_relaxed")
