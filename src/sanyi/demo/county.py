"""演示县生成器: the whole demonstration county of a seed, piece by piece, without a database.

One `County` holds what is the same for every piece; `chunks` gives residents and their stays, a few thousand people at
a time, so that millions of residents need no more memory than one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sanyi.demo import casebook, costs, institutions, profiles, residents, treatment
from sanyi.demo.code_tables import CodeTables, Grouper
from sanyi.demo.codes import RESIDENTS_OUT_OF_RANGE
from sanyi.demo.diagnoses import Coder
from sanyi.demo.draws import Draws
from sanyi.demo.episodes import Admissions
from sanyi.demo.institutions import Institutions
from sanyi.demo.profiles import Profile
from sanyi.demo.stays import Stays
from sanyi.demo.treatment import Departments
from sanyi.kernel.refusals import RefusedError

CHUNK_RESIDENTS = 40_000
RESIDENTS_MIN, RESIDENTS_MAX = 100, 12_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """一批: residents of some villages and their stays of the year; ``person`` in stays is the row in residents."""

    residents: pl.DataFrame
    stays: pl.DataFrame


@dataclass(slots=True)
class County:
    """演示县: made by ``County.of``; nothing is drawn before it is asked for."""

    profile: Profile
    draws: Draws
    villages: pl.DataFrame
    institutions: Institutions
    departments: Departments
    book: casebook.Casebook
    coder: Coder
    group: Grouper
    weights: pl.DataFrame

    @classmethod
    def of(
        cls,
        short: str,
        resident_count: int,
        seed: int,
        *,
        divisions: pl.DataFrame,
        tables: CodeTables,
        group: Grouper,
        weights: pl.DataFrame,
    ) -> County:
        """Prepare a county by its short name. RefusedError for an unknown county or too few or too many residents."""
        if not RESIDENTS_MIN <= resident_count <= RESIDENTS_MAX:
            raise RefusedError(
                RESIDENTS_OUT_OF_RANGE(minimum=RESIDENTS_MIN, maximum=RESIDENTS_MAX, given=resident_count)
            )
        profile, draws = profiles.load(short), Draws(seed)
        book = casebook.build(profile, tables, group, weights)
        return cls(
            profile=profile,
            draws=draws,
            villages=residents.villages(profile, divisions, resident_count, draws),
            institutions=institutions.build(profile, divisions),
            departments=treatment.departments(profile),
            book=book,
            coder=Coder(profile, book, tables, group, draws),
            group=group,
            weights=weights,
        )

    def chunks(self, chunk_residents: int = CHUNK_RESIDENTS) -> Iterator[Chunk]:
        """逐批生成: the same rows whatever the size of a chunk."""
        people = residents.Residents(self.profile, self.draws)
        destinations = treatment.Destinations.of(self.profile, self.institutions, self.book, self.draws)
        stays = Stays(
            profile=self.profile,
            book=self.book,
            admissions=Admissions(self.profile, self.book, self.draws),
            destinations=destinations,
            departments=self.departments,
            coder=self.coder,
            group=self.group,
            weights=self.weights,
            draws=self.draws,
        )
        for places in _pieces(self.villages, chunk_residents):
            frame = people.chunk(places)
            treated = costs.bills(self.profile, stays.of(frame), self.draws)
            payer = frame[treated["person"].to_numpy()]
            yield Chunk(frame, costs.payments(self.profile, treated, payer))


def _pieces(villages: pl.DataFrame, chunk_residents: int) -> Iterator[pl.DataFrame]:
    """Whole villages, about ``chunk_residents`` people at a time."""
    piece = villages["first_person_no"] // chunk_residents
    for part in villages.with_columns(piece.alias("piece")).partition_by("piece", maintain_order=True):
        yield part.drop("piece")
