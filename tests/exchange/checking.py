"""Checks of files without a database: the contract, limits and code tables as shipped, nobody looked up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from sanyi.exchange.intake.jobs.checking import Check, check_file
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.persons import CERTIFICATE_COLUMNS
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.jobs.staged import staged_issues, staged_keys, staged_rows
from sanyi.exchange.intake.tables import (
    CERTIFICATE_BORN_ON,
    CERTIFICATE_IS_WRONG,
    CERTIFICATE_SEX,
    IntakeContract,
    registered,
)
from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.rules import resolve
from sanyi.exchange.mapping.tables import all_codes, all_maps
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from tests.registry.county import HOSPITAL

LIMITS = Limits(
    file_bytes=1 << 30,
    unpacked_bytes=1 << 32,
    unpacked_ratio=200,
    rows=100_000,
    columns=1_000,
    cell_characters=32_767,
    message_bytes=1 << 26,
)
RECEIVED_ON = date(2025, 4, 1)
VALUES = {
    "exchange.settlement_list.newborn_weight_step_grams": 10,
    "exchange.settlement_list.newborn_age_days": 28,
    "exchange.claim_lines.amount_tolerance_fen": 1,
    "exchange.signed_persons.period_max_days": 1096,
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def facts_of(number: str | None, kind: str | None) -> tuple[bool | None, int | None, date | None]:
    """A slow, obvious judge of citizen numbers: is it wrong, its sex, its date of birth."""
    if number is None or kind != "01":
        return False, None, None
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:17], strict=True))
        is_right = len(number) == 18 and "10X98765432"[total % 11] == number[17]
    except ValueError:
        is_right = False
    return (False, 1 if int(number[16]) % 2 else 2, born_on) if is_right else (True, None, None)


def persons(frame: pl.DataFrame) -> pl.DataFrame:
    """Certificates judged as above; the key is the number turned round, which is no digest and no matter here."""
    pairs = zip(frame["certificate_number"], frame["certificate_type_code"], strict=True)
    facts = [facts_of(number, kind) for number, kind in pairs]
    keys = [number[::-1] if number else None for number in frame["certificate_number"]]
    columns: dict[str, list[Any]] = {
        PERSON_KEY: keys,
        PERSON_ID: [None] * len(facts),
        CERTIFICATE_IS_WRONG: [fact[0] for fact in facts],
        CERTIFICATE_SEX: [fact[1] for fact in facts],
        CERTIFICATE_BORN_ON: [fact[2] for fact in facts],
    }
    return pl.DataFrame(columns, schema=CERTIFICATE_COLUMNS)


def check(contract: IntakeContract | None = None, edition: Edition = Edition.INSURANCE_2, **more: Any) -> Check:
    """A check of settlement lists (or of another contract) of the test hospital."""
    declared = contract or registered()[SETTLEMENT_LIST.name]

    def resolved(kind: Kind, asked: pl.Series) -> pl.DataFrame:
        return resolve(asked, kind, edition, all_codes(), all_maps())

    made = Check(
        contract=declared,
        limits=LIMITS,
        value=VALUES.__getitem__,
        resolve=resolved,
        received_on=RECEIVED_ON,
        late_after_days=40,
        edition=edition,
        senders=frozenset({HOSPITAL}),
        sender="示范县人民医院",
    )
    if declared.has_person:
        made = replace(made, persons=persons)
    return replace(made, **more)


class Checked:
    """What a check has found, read back from its folder."""

    def __init__(self, report: Report, folder: Path) -> None:
        self.report = report
        self.issues = staged_issues(folder).collect()
        self.keys = staged_keys(folder)
        parts = list(staged_rows(folder, self.keys))
        self.rows = pl.concat(parts) if parts else pl.DataFrame()

    def codes(self, *, warnings: bool = False) -> list[str]:
        """Codes of the errors, or of the warnings, in their order."""
        return self.issues.filter(pl.col("is_warning") == warnings)["code"].to_list()


@contextmanager
def checked(content: bytes, name: str = "file.csv", **more: Any) -> Iterator[Checked]:
    """The check of a file with this content."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(content)
        staging = Path(folder) / "staging"
        staging.mkdir()
        yield Checked(check_file(check(**more), path, name, staging), staging)
