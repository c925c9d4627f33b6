"""上报与分组: the year's settlement lists as files, sent month by month through the real intake, accepted and grouped.

What was sent already is known to intake by its content, so an interrupted year goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO

import polars as pl

from sanyi.demo import sign_ins
from sanyi.demo.codes import Tier
from sanyi.demo.county import County
from sanyi.demo.settlement_lists import as_form
from sanyi.demo.workbooks import workbook
from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.grouping import services as grouping
from sanyi.registry.access import services as access
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.codes import RunState
from sanyi.registry.runs.models import Run

Report = Callable[[int, int], None]
CHINA = timezone(timedelta(hours=8))
"""北京时间."""
_CORRECTED_UNTIL = 6  # the county hospital has mended and sent again what was refused up to this month
_GROUPING_RUNS = ("grouping.batch", "grouping.all")


@dataclass(frozen=True, slots=True)
class File:
    """上报文件: what one institution sends for one month."""

    institution_code: str
    name: str
    rows: pl.DataFrame
    kind: str
    received_at: datetime
    waits: bool = False

    def content(self) -> bytes:
        """文件内容: as the institution's program writes it."""
        form = as_form(self.rows)
        if self.kind == "xlsx":
            return workbook(form, SETTLEMENT_LIST.zh)
        text = BytesIO()
        form.write_csv(text)
        if self.kind == "gb18030.csv":
            return text.getvalue().decode().encode("gb18030")
        return b"\xef\xbb\xbf" + text.getvalue()


def send_year(county: County, lists: pl.DataFrame, sent: pl.DataFrame, report: Report) -> None:
    """上报一年: every file is received (a dry run); all but those left waiting are accepted.

    ``lists`` are the true rows, ``sent`` those of the first sending with their mistakes.
    """
    files = list(files_of_year(county, lists, sent))
    senders = {
        county.institutions.frame["code"][row]: tier for tier, row in county.institutions.hospital_of_tier.items()
    }
    officer = sign_ins.actor("insurance")
    offices = {Tier.COUNTY: sign_ins.actor("office"), Tier.TCM: sign_ins.actor("tcm")}
    for done, file in enumerate(files):
        report(done, len(files))
        tier = senders.get(file.institution_code)
        _send(file, offices.get(tier, officer) if tier else officer, officer)
    report(len(files), len(files))


def send_outside(county: County, stays: pl.DataFrame, report: Report) -> None:
    """上报异地住院: a file for every quarter, sent and accepted by the insurance bureau."""
    officer = sign_ins.actor("insurance")
    ordered = stays.sort("discharged_on", "settlement_id")
    parts = ordered.with_columns(quarter=pl.col("discharged_on").dt.quarter()).partition_by("quarter", as_dict=True)
    quarters = {int(key[0]): rows.drop("quarter") for key, rows in parts.items()}
    year = county.profile.last_day.year
    for quarter in range(1, 5):
        report(quarter - 1, 4)
        rows = quarters.get(quarter)
        if rows is None:
            continue
        text = BytesIO()
        as_form(rows, OUTSIDE_STAY).write_csv(text)
        batch = intake.receive(
            text.getvalue(),
            OUTSIDE_STAY.name,
            officer.organisation_code,
            by=officer,
            file_name=f"{year}年第{quarter}季度-异地住院结算.csv",
            in_background=False,
            received_at=_received_at(county, quarter * 3, 6),
        )
        accepted(batch, officer)
    report(4, 4)


def _send(file: File, sender: access.Actor, officer: access.Actor) -> None:
    batch = intake.receive(
        file.content(),
        SETTLEMENT_LIST.name,
        file.institution_code,
        by=sender,
        file_name=file.name,
        in_background=False,
        received_at=file.received_at,
    )
    accepted(batch, officer, waits=file.waits)


def accepted(batch: Batch, officer: access.Actor, *, waits: bool = False) -> None:
    """确认入库: goes on wherever a build that was killed had left the batch."""
    if batch.state in (BatchState.RECEIVED, BatchState.ACCEPTING):  # a build that was killed had left it there
        batch = intake.revive(batch)
    if batch.state is BatchState.CHECKED and not waits and batch.accepted_count:
        intake.accept(batch, by=officer)


def files_of_year(county: County, lists: pl.DataFrame, sent: pl.DataFrame) -> Iterator[File]:
    """全年文件: month by month, in the order of institutions; the county hospital's last month is left to be sent.

    An institution with few stays sends a quarter at a time, in the quarter's last month.
    """
    inpatient = county.institutions.inpatient()
    names = dict(inpatient.select("code", "name").iter_rows())
    tiers = dict(inpatient.select("code", "tier").iter_rows())
    lead = _lead(county)
    parts = _parts(county, lists, sent)
    last = county.profile.last_day.month
    townships = [code for code, tier in tiers.items() if tier == Tier.TOWNSHIP]
    for month in range(1, last + 1):
        for number, code in enumerate(names):
            rows = parts.get((month, code))
            if rows is None or (month == last and code == lead):
                continue
            waits = month == last and (tiers[code] == Tier.TCM or code == townships[0])
            kind = "xlsx" if tiers[code] == Tier.TCM else "gb18030.csv" if number % 4 == 3 else "csv"
            name = _file_name(county, names[code], month, kind)
            yield File(code, name, rows.drop("until"), kind, _received_at(county, month, number), waits)
        if month == _CORRECTED_UNTIL:
            corrected = _corrected(lists, sent, lead)
            if corrected.height:
                name = f"{names[lead]}-{county.profile.last_day.year}年上半年-更正.csv"
                yield File(lead, name, corrected, "csv", _received_at(county, month, len(names)))


def last_month_of_lead(county: County, lists: pl.DataFrame) -> pl.DataFrame:
    """未上报的月份: the county hospital's true rows of the last month."""
    is_last = _month_of(lists) == county.profile.last_day.month
    return lists.filter(is_last & (pl.col("institution_code") == _lead(county)))


def group_accepted(report: Report) -> None:
    """病例分组: carries out the grouping runs of all accepted batches, one after the other."""
    accepted = Batch.objects.in_state(BatchState.ACCEPTED).filter(contract=SETTLEMENT_LIST.name, written_count__gt=0)
    for number, organisation_code in accepted.order_by("number").values_list("number", "organisation_code"):
        grouping.group_batch(number, organisation_code=organisation_code)
    waiting = list(
        Run.objects.filter(kind__in=_GROUPING_RUNS, state=RunState.QUEUED.value)
        .order_by("number")
        .values_list("number", flat=True)
    )
    for done, number in enumerate(waiting):
        report(done, len(waiting))
        runs.carry_out(number)
    report(len(waiting), len(waiting))


def _lead(county: County) -> str:
    return str(county.institutions.frame["code"][county.institutions.hospital_of_tier[Tier.COUNTY]])


def _parts(county: County, lists: pl.DataFrame, sent: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """What each institution sends in which month: a month's rows, or a quarter's where they are few."""
    month = _month_of(lists)
    few = pl.len().over("institution_code") < county.profile.figure("quarterly_below")
    until = pl.when(few & (pl.col("institution_code") != _lead(county))).then((month + 2) // 3 * 3).otherwise(month)
    return sent.with_columns(until=until).partition_by(["until", "institution_code"], as_dict=True)


def _month_of(lists: pl.DataFrame) -> pl.Series:
    """The month of the true discharge, also for rows whose dates were sent wrongly."""
    return lists["discharged_at"].dt.month().cast(pl.Int64)


def _corrected(lists: pl.DataFrame, sent: pl.DataFrame, lead: str) -> pl.DataFrame:
    """The true rows of what the lead hospital had sent wrongly in the first months."""
    wrong = (sent["refused"] != "") & (_month_of(lists) <= _CORRECTED_UNTIL)
    return lists.filter(wrong & (pl.col("institution_code") == lead))


def _received_at(county: County, month: int, number: int) -> datetime:
    """When a file came: from the third day of the next month on, institution after institution."""
    year, next_month = county.profile.last_day.year + month // 12, month % 12 + 1
    return datetime(year, next_month, 3 + number % 12, 9, number % 60, tzinfo=CHINA)


def _file_name(county: County, institution: str, month: int, kind: str) -> str:
    ending = kind.removeprefix("gb18030.")
    return f"{institution}-{county.profile.last_day.year}年{month:02d}月-医保结算清单.{ending}"
