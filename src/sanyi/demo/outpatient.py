"""门诊与明细入湖: agreements, visits and claim lines of the year, a part of them through intake, the rest in bulk.

What people try out goes the way every file goes: all agreements, the last month's visits, and the last month's lines of
one township hospital. The other months are one commit per month into the same tables, under batch numbers below zero,
so that whatever is sent later supersedes them. What is there already is found again, so an interrupted build goes on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO

import polars as pl

from sanyi.demo import bulk, facts, sign_ins
from sanyi.demo.claim_lines import ClaimLines
from sanyi.demo.codes import Tier
from sanyi.demo.county import Chunk, County
from sanyi.demo.numbers import newborn_marks
from sanyi.demo.settlement_lists import as_form
from sanyi.demo.signed_persons import SignedPersons
from sanyi.demo.visits import Visits
from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.services import terms
from sanyi.exchange.intake.services.persons import persons
from sanyi.exchange.intake.tables import CERTIFICATE_NUMBER, CERTIFICATE_TYPE, IntakeContract, registered
from sanyi.exchange.lake.services import lake
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON
from sanyi.kernel.tables import TableContract

_MONTHS = 12
_CARD, _OTHER_CARD = "01", "99"
_RECEIVED_AFTER_DAYS = 6


class Sender:
    """上报者: the insurance bureau, chunk after chunk of residents; ``number`` counts them from 1."""

    def __init__(self, county: County) -> None:
        """Prepare the generators of one county."""
        self.county, self.officer = county, sign_ins.actor("insurance")
        self._visits, self._lines, self._signed = Visits(county), ClaimLines(county), SignedPersons(county)
        self._received_on = county.profile.last_day + timedelta(days=_RECEIVED_AFTER_DAYS)

    def send_agreements(self, chunk: Chunk, number: int) -> None:
        """上报签约居民: one file, through intake."""
        text = BytesIO()
        as_form(self._signed.of(chunk.residents).drop("person_no"), SIGNED_PERSON).write_csv(text)
        name = f"{self.county.profile.last_day.year}年-签约居民-{number}.csv"
        self._through_intake(SIGNED_PERSON, text.getvalue(), name)

    def visits(self, chunk: Chunk) -> pl.DataFrame:
        """本批门诊: as ``Visits.of`` draws them."""
        return self._visits.of(chunk.residents, chunk.stays)

    def send_visits(self, chunk: Chunk, visits: pl.DataFrame, number: int, report: facts.Report) -> None:
        """上报门诊结算: the last month through intake, the other months in bulk."""
        declared, people = registered()[OUTPATIENT_VISIT.name], resolved(chunk.residents, self._received_on)
        for month in range(1, _MONTHS):
            rows = visits.filter(pl.col("visited_on").dt.month() == month)
            self._in_bulk(declared, rows, number, month, people)
            report(month - 1, _MONTHS)
        last = visits.filter(pl.col("visited_on").dt.month() == _MONTHS).drop("person_no", "key", "place")
        name = f"{self.county.profile.last_day.year}年{_MONTHS}月-门诊结算-{number}.parquet"
        self._through_intake(OUTPATIENT_VISIT, _parquet(last), name)
        report(_MONTHS, _MONTHS)

    def send_lines(self, chunk: Chunk, visits: pl.DataFrame, number: int, report: facts.Report) -> None:
        """上报费用明细: month by month in bulk; one township hospital's last month through intake.

        The lines of the lead hospital's last month wait with its settlement lists.
        """
        declared, hospital = registered()[CLAIM_LINE.name], self.township_hospital()
        lead = self.county.institutions.hospital_of_tier[Tier.COUNTY]
        for month in range(1, _MONTHS + 1):
            is_last = month == _MONTHS
            stays = chunk.stays.filter(pl.col("discharged_on").dt.month() == month)
            stays = stays.filter(pl.col("institution") != lead) if is_last else stays
            own = visits.filter(pl.col("visited_on").dt.month() == month)
            parts = [*self._lines.of_stays(stays), *self._lines.of_visits(own)]
            rows = pl.concat(parts) if parts else pl.DataFrame(schema=_line_schema(declared))
            is_sent = pl.col("institution_code") == (hospital if is_last else "")
            self._in_bulk(declared, rows.filter(~is_sent), number, month)
            if is_last:
                name = f"{self.county.profile.last_day.year}年{month}月-费用明细-{number}.parquet"
                self._through_intake(CLAIM_LINE, _parquet(rows.filter(is_sent)), name)
            report(month, _MONTHS)

    def township_hospital(self) -> str:
        """示例乡镇卫生院: whose lines go through intake: the first in the order of codes."""
        rows = sorted(set(self.county.institutions.township_hospital.values()))
        return str(self.county.institutions.frame["code"][rows[0]])

    def _in_bulk(
        self, declared: IntakeContract, rows: pl.DataFrame, number: int, month: int, people: pl.DataFrame | None = None
    ) -> None:
        batch_number = month - 1 - number * _MONTHS
        if rows.is_empty() or lake().written(declared.name, batch_number) is not None:
            return
        profile = self.county.profile
        bulk.require_right(
            declared, rows, lambda key: terms.value(key, self._received_on), self._received_on, profile.county_code
        )
        stored = bulk.stored(declared, rows, people)
        stored = bulk.marked(stored) if people is None else bulk.with_digests(declared, stored)
        name = f"{profile.short}|{self.county.draws.seed}|{month}|{stored.height}"
        bulk.commit(lake(), declared.name, [stored], batch_number, name)

    def _through_intake(self, contract: TableContract, content: bytes, name: str) -> None:
        batch = intake.receive(
            content,
            contract.name,
            self.officer.organisation_code,
            by=self.officer,
            file_name=name,
            in_background=False,
            received_at=datetime(*self._received_on.timetuple()[:3], 10, tzinfo=facts.CHINA),
        )
        facts.accepted(batch, self.officer)


def resolved(residents: pl.DataFrame, on: date) -> pl.DataFrame:
    """识人: person_no, person_key and person_id of residents, as intake finds them in the resident index."""
    has_card = pl.col("id_number").is_not_null()
    marked = residents.with_columns(newborn_marks(residents["person_no"].to_numpy()).alias("mark"))
    asked = marked.select(
        "born_on",
        pl.when(has_card).then(pl.lit(_CARD)).otherwise(pl.lit(_OTHER_CARD)).alias(CERTIFICATE_TYPE),
        pl.coalesce("id_number", "mark").alias(CERTIFICATE_NUMBER),
        person_name="name",
    )
    found = persons(on)(asked)
    return pl.DataFrame([residents["person_no"], *(found[name] for name in bulk.PERSON_COLUMNS[1:])])


def _parquet(rows: pl.DataFrame) -> bytes:
    content = BytesIO()
    rows.write_parquet(content)
    return content.getvalue()


def _line_schema(declared: IntakeContract) -> dict[str, pl.DataType]:
    return {column.name: column.type.polars for column in declared.contract.columns}
