"""一年的事实: a county's whole year straight into a lake, without a database: for benchmarks and for tests of size.

Settlement lists, grouped stays, stays elsewhere, agreements, visits and claim lines are written piece by piece, one
commit of every table per piece of residents, so that memory does not grow with the county.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from sanyi.demo import bulk, sources, staff
from sanyi.demo.claim_lines import ClaimLines
from sanyi.demo.county import CHUNK_RESIDENTS, Chunk, County
from sanyi.demo.numbers import numbered
from sanyi.demo.outside_stays import OutsideStays
from sanyi.demo.settlement_lists import SettlementLists
from sanyi.demo.signed_persons import SignedPersons
from sanyi.demo.visits import Visits
from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.intake.tables import IntakeContract, registered
from sanyi.exchange.lake.services import Lake
from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.exchange.settlement_list.tables import FUND_COLUMNS, SETTLEMENT_LIST
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON
from sanyi.insurance.grouping import jobs as grouping
from sanyi.insurance.grouping.tables import GROUPED_STAY

SEED = 20250101


def write_year(
    lake_folder: str | Path,
    county: str = "ruicheng",
    residents: int = 300_000,
    *,
    seed: int = SEED,
    has_lines: bool = True,
    chunk_residents: int = CHUNK_RESIDENTS,
) -> dict[str, int]:
    """写入一年: all tables of the fund year of a demonstration county; answers with rows by table.

    ``county`` is a short name (ruicheng, laiyang, zhangping, youxi). 300,000 residents make about 57,000 stays at home
    and 4,000 elsewhere, 2.5 million visits and 25 million lines; without ``has_lines`` the lines are left out. Needs
    Django to be set up (policy and divisions), but no database. The lake may be empty or hold the same year already:
    then nothing is written twice. Rows carry no digest, since nobody sends them again.
    """
    made = sources.county(county, residents, seed)
    year = Year(made, Lake(lake_folder), f"{county}|{residents}|{seed}|{chunk_residents}")
    for number, chunk in enumerate(made.chunks(chunk_residents), start=1):
        year.write(chunk, number, has_lines=has_lines)
    return dict(year.rows)


class Year:
    """一年的写入: one chunk of residents after the other; ``rows`` counts what was written."""

    def __init__(self, county: County, lake: Lake, name: str) -> None:
        """Prepare the generators of one county."""
        people = staff.build(county.profile, county.institutions, county.departments, county.draws)
        self.county, self.lake, self.name = county, lake, name
        self.rows: Counter[str] = Counter()
        self._lists, self._outside = SettlementLists(county, people), OutsideStays(county)
        self._visits, self._lines, self._signed = Visits(county), ClaimLines(county), SignedPersons(county)

    def write(self, chunk: Chunk, number: int, *, has_lines: bool) -> None:
        """写入一批居民: every table once, as the batch of the chunk's number."""
        people = invented_people(chunk.residents["person_no"])
        stays = self._lists.of(chunk.residents, chunk.stays).with_columns(chunk.stays["person_no"])
        lists = bulk.stored(_declared(SETTLEMENT_LIST.name), stays, people)
        self._commit(SETTLEMENT_LIST.name, [lists], number)
        self._commit(GROUPED_STAY.name, [self.grouped(lists, number)], number)
        by_number = chunk.residents.select("person_no", certificate_number="id_number").drop_nulls()
        away = self._outside.of(chunk.residents, chunk.stays).join(by_number, on="certificate_number", how="left")
        self._commit(OUTSIDE_STAY.name, [bulk.stored(_declared(OUTSIDE_STAY.name), away, people)], number)
        signed = bulk.stored(_declared(SIGNED_PERSON.name), self._signed.of(chunk.residents), people)
        self._commit(SIGNED_PERSON.name, [signed], number)
        visits = self._visits.of(chunk.residents, chunk.stays)
        self._commit(OUTPATIENT_VISIT.name, [bulk.stored(_declared(OUTPATIENT_VISIT.name), visits, people)], number)
        if has_lines:
            self._commit(CLAIM_LINE.name, self._all_lines(chunk.stays, visits), number)

    def grouped(self, lists: pl.DataFrame, number: int) -> pl.DataFrame:
        """分组: of the lists, by the scheme and weights that policy gives the county on the last day of the year."""
        profile = self.county.profile
        scheme, _ = sources.scheme_and_weights(profile)
        period = grouping.Period(profile.first_day, profile.last_day, scheme, is_assumed=True)
        weights = self.county.weights.with_columns(scheme=pl.lit(scheme))
        batch = lists.with_columns(pl.lit(number, dtype=pl.Int64).alias("_batch_number"))
        return grouping.group(
            batch, periods=[period], weights=weights, fund_columns=FUND_COLUMNS, source_version=0, run_number=number
        ).stays

    def _all_lines(self, stays: pl.DataFrame, visits: pl.DataFrame) -> Iterator[pl.DataFrame]:
        declared = _declared(CLAIM_LINE.name)
        for part in (self._lines.of_stays(stays), self._lines.of_visits(visits)):
            for frame in part:
                yield bulk.stored(declared, frame)

    def _commit(self, table: str, frames: Iterable[pl.DataFrame], number: int) -> None:
        bulk.commit(self.lake, table, _counted(frames, self.rows, table), number, self.name)


def invented_people(person_no: pl.Series) -> pl.DataFrame:
    """虚构的人员标识: what ``bulk.stored`` joins where there is no resident index."""
    number = person_no.to_numpy()
    return pl.DataFrame(
        [person_no, numbered("demo-key-", number, 12).alias(PERSON_KEY), numbered("P", number, 9).alias(PERSON_ID)]
    )


def _declared(name: str) -> IntakeContract:
    return registered()[name]


def _counted(frames: Iterable[pl.DataFrame], rows: Counter[str], table: str) -> Iterator[pl.DataFrame]:
    for frame in frames:
        rows[table] += frame.height
        yield frame
