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

from sanyi.exchange.intake.services.rows import read_rows
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.coding_check.codes import refusals
from sanyi.insurance.coding_check.jobs.checking import CheckedTable, check_settlements
from sanyi.insurance.coding_check.services.checkers import thresholds, yardstick
from sanyi.insurance.grouping import services as grouping
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies

NO_RUN = 0
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
    """The rows of the file; stops as soon as there are too many."""
    book, county = policies.book(), policies.county()
    limit = int(book.value(_ROWS_KEY, jurisdiction=county, on=on, asker=_ASKER).value)

    def refuse_above(count: int) -> None:
        if count > limit:
            raise RefusedError(refusals.FILE_TOO_LONG(limit=limit))

    return read_rows(path, file_name, SETTLEMENT_LIST.name, on=on, refuse_above=refuse_above)


def _refuse_foreign(settlements: pl.DataFrame, scope: access.Scope) -> None:
    foreign = [code for code in settlements["institution_code"].fill_null("") if code not in scope]
    if foreign:
        raise RefusedError(refusals.FILE_FOREIGN(count=len(foreign), code=foreign[0] or "（空）"))
