"""当场质控: a file in the form of the settlement list is read, checked and answered; nothing of it is kept.

Rows are taken as they stand: what intake would refuse becomes a finding here, and unreadable cells count as missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import polars as pl

from sanyi.exchange.intake.jobs.layout import choose_table, data_pieces
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.opening import open_source
from sanyi.exchange.intake.jobs.pieces import ShapeStep, texts_of
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.coding_check.codes import refusals
from sanyi.insurance.coding_check.jobs.checking import CheckedTable, check_settlements
from sanyi.insurance.coding_check.services.checkers import thresholds, yardstick
from sanyi.insurance.grouping import services as grouping
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies

NO_RUN = 0
_LIMITS = ("file_bytes", "unpacked_bytes", "unpacked_ratio", "rows", "columns", "cell_characters", "message_bytes")
_ROWS_KEY = "insurance.coding_check.upload_rows_count"
_ASKER = "insurance.coding_check.upload"


class Uploaded(Protocol):
    """上传的文件: as the web framework hands it over."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def check_upload(file: Uploaded, *, by: access.Actor, scope: access.Scope, on: date) -> CheckedTable:
    """当场质控: of the rows of a file; ``on`` chooses the limits of the file itself.

    Refuses a file that cannot be read, one with too many rows, and rows of institutions outside the scope.
    """
    with TemporaryDirectory(prefix="sanyi-coding-check-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        settlements = _read(path, file.name or "", on)
    _refuse_foreign(settlements, scope)
    done = check_settlements(
        settlements,
        periods=grouping.periods(),
        thresholds_of=thresholds,
        yardstick_of=yardstick,
        run_number=NO_RUN,
    )
    owner = by.grants[0].organisation_code if by.grants else ""
    summary = f"当场质控{done.stays.height}例，发现{done.findings.height}个问题"
    access.record_write(by, "coding_check.upload", "file", "", owner, summary)
    return done


def _read(path: Path, file_name: str, on: date) -> pl.DataFrame:
    contract = registered()[SETTLEMENT_LIST.name]
    limits, rows_max = _limits(on)
    source = open_source(path, file_name, limits, contract)
    report = Report()
    table = choose_table(source, contract, report)
    shape = ShapeStep(contract, table.header, table.kind)
    parts = [SETTLEMENT_LIST.empty()]
    count = 0
    for piece in data_pieces(source, table, contract, limits, report):
        count += piece.height
        if count > rows_max:
            raise RefusedError(refusals.FILE_TOO_LONG(limit=rows_max))
        typed, _ = shape.read(texts_of(contract, table.header, piece))
        parts.append(typed.select(SETTLEMENT_LIST.column_names))
    return pl.concat(parts, how="vertical_relaxed")


def _limits(on: date) -> tuple[Limits, int]:
    """Limits of intake, and of rows checked on the spot."""
    book, county = policies.book(), policies.county()
    keys = {name: f"exchange.intake.{name}" for name in _LIMITS} | {"spot": _ROWS_KEY}
    found = {n: int(v.value) for n, v in book.values(keys, jurisdiction=county, on=on, asker=_ASKER).items()}
    return Limits(**{name: found[name] for name in _LIMITS}), found["spot"]


def _refuse_foreign(settlements: pl.DataFrame, scope: access.Scope) -> None:
    foreign = [code for code in settlements["institution_code"].fill_null("") if code not in scope]
    if foreign:
        raise RefusedError(refusals.FILE_FOREIGN(count=len(foreign), code=foreign[0]))
