"""住院事件: who is admitted, when and for what: ordinary stays, births, newborns and readmissions."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sanyi.demo.casebook import Casebook
from sanyi.demo.codes import CHRONIC_DISEASES
from sanyi.demo.draws import Choice, Days, Draws, Flags, Floats, Integers
from sanyi.demo.profiles import Profile
from sanyi.demo.residents import HEAD, SPOUSE, age_band

STAYS_MAX = 7  # ordinary stays of one person in a year
KEYS_PER_PERSON = 64
BIRTH_KEY, NEWBORN_KEY, READMISSION_KEY = 60, 61, 32
NEWBORN_UNTIL_DAYS = 28
_MOTHER_AGES = (15, 50)


@dataclass(frozen=True, slots=True)
class Episodes:
    """住院事件表: one entry per stay: row of the resident in the chunk, key, condition, day of admission."""

    person: Integers
    key: Integers
    condition: Integers
    admitted_on: Days

    def take(self, chosen: Flags) -> Episodes:
        """Keep the chosen entries."""
        return Episodes(self.person[chosen], self.key[chosen], self.condition[chosen], self.admitted_on[chosen])


def joined(parts: list[Episodes]) -> Episodes:
    """合并: end to end."""
    return Episodes(
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.key for part in parts]),
        np.concatenate([part.condition for part in parts]),
        np.concatenate([part.admitted_on for part in parts]),
    )


class Admissions:
    """入院发生器: for chunks of residents as ``residents.Residents`` makes them."""

    def __init__(self, profile: Profile, book: Casebook, draws: Draws) -> None:
        """Prepare the lists of conditions for every age band, sex and set of chronic diseases, and of months."""
        self.profile, self.book, self.draws = profile, book, draws
        self._conditions = Choice.of(_condition_weights(profile, book))
        seasons = profile.conditions["seasons"]
        self._months = Choice.of([seasons[figure.get("season", "flat")] for figure in book.figures])
        births = [figure["weight"] for figure in book.figures[book.first_birth : book.first_newborn]]
        newborns = [figure["weight"] for figure in book.figures[book.first_newborn :]]
        self._births, self._newborns = Choice.of([births]), Choice.of([newborns])

    def of(self, residents: pl.DataFrame) -> Episodes:
        """全部住院事件: ordinary stays, deliveries and stays of newborns; not yet in the order of time."""
        return joined([self._ordinary(residents), self._deliveries(residents), self._of_newborns(residents)])

    def _ordinary(self, residents: pl.DataFrame) -> Episodes:
        person_no = residents["person_no"].to_numpy()
        rate, cell = self._rates(residents)
        counts = _poisson(rate, self.draws.uniform("stays", person_no))
        person = np.repeat(np.arange(len(person_no)), counts)
        ordinal = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)
        key = person_no[person] * KEYS_PER_PERSON + ordinal
        condition = self._conditions.pick(cell[person], self.draws.uniform("condition", key))
        admitted = self._day(key, condition)
        born = residents["born_on"].to_numpy().astype("datetime64[D]")[person]
        return Episodes(person, key, condition, admitted).take((admitted - born).astype(np.int64) > NEWBORN_UNTIL_DAYS)

    def _rates(self, residents: pl.DataFrame) -> tuple[Floats, Integers]:
        """Stays a year of every person, and the cell of age band, sex and chronic diseases."""
        figure = self.profile.figure
        band = age_band(self.profile, residents["age_years"].to_numpy())
        is_man = residents["sex"].to_numpy() == 1
        shares = figure("admissions")
        rate = np.where(is_man, np.array(shares["men"])[band], np.array(shares["women"])[band]) / 10_000
        cell = band * 2 + is_man
        for name in CHRONIC_DISEASES:
            has = residents[name].to_numpy()
            rate = rate * np.where(has, figure("admissions_with_chronic_disease")[name] / 100, 1.0)
            cell = cell * 2 + has
        return rate * figure("admissions_level") / 100, cell.astype(np.int64)

    def _day(self, key: Integers, condition: Integers) -> Days:
        """A day of the year by the season of the condition."""
        year = self.profile.first_day.year
        firsts = np.array([date(year, month, 1) for month in range(1, 13)], dtype="datetime64[D]")
        lengths = np.array([calendar.monthrange(year, month)[1] for month in range(1, 13)])
        month = self._months.pick(condition, self.draws.uniform("month", key))
        day = (self.draws.uniform("day", key) * lengths[month]).astype(np.int64)
        days: Days = firsts[month] + day.astype("timedelta64[D]")
        return days

    def _deliveries(self, residents: pl.DataFrame) -> Episodes:
        """Every resident born in the year has a mother at home where there is one; most were born in hospital here."""
        first = np.datetime64(self.profile.first_day, "D")
        mothers = residents.with_row_index("mother_row").filter(
            (pl.col("sex") == 2) & pl.col("role").is_in([HEAD, SPOUSE])
        )
        babies = residents.filter(pl.col("born_on") >= self.profile.first_day)
        babies = babies.select("household_no", baby_born_on="born_on")
        pairs = babies.join(mothers, on="household_no", how="inner", maintain_order="left").unique(
            "mother_row", keep="first", maintain_order=True
        )
        pairs = pairs.filter(pl.col("age_years").is_between(*_MOTHER_AGES))
        person = pairs["mother_row"].to_numpy().astype(np.int64)
        key = pairs["person_no"].to_numpy() * KEYS_PER_PERSON + BIRTH_KEY
        kind = self._births.pick(np.zeros(len(key), dtype=np.int64), self.draws.uniform("birth", key))
        before = self.draws.between("days before birth", key, 0, 1).astype("timedelta64[D]")
        admitted = np.maximum(pairs["baby_born_on"].to_numpy().astype("datetime64[D]") - before, first)
        here = self.draws.happens("birth in hospital", key, self.profile.figure("births_in_hospital"))
        return Episodes(person, key, self.book.first_birth + kind, admitted).take(here)

    def _of_newborns(self, residents: pl.DataFrame) -> Episodes:
        born = residents["born_on"].to_numpy().astype("datetime64[D]")
        person = np.flatnonzero(born >= np.datetime64(self.profile.first_day, "D"))
        key = residents["person_no"].to_numpy()[person] * KEYS_PER_PERSON + NEWBORN_KEY
        kind = self._newborns.pick(np.zeros(len(key), dtype=np.int64), self.draws.uniform("newborn", key))
        after = self.draws.between("days after birth", key, 0, 7).astype("timedelta64[D]")
        ill = self.draws.happens("newborn stay", key, self.profile.figure("newborn_stays"))
        return Episodes(person, key, self.book.first_newborn + kind, born[person] + after).take(ill)

    def readmissions(self, episodes: Episodes, discharged_on: Days, is_home: Flags) -> Episodes:
        """再入院: a share of those who went home come back for the same condition."""
        figure = self.profile.figure("readmissions")
        again = self.draws.happens("readmission", episodes.key, figure["share"]) & is_home
        again &= episodes.condition < self.book.first_birth
        again &= np.array([not figure.get("procedures") for figure in self.book.figures])[episodes.condition]
        low, high = figure["days"]
        after = self.draws.between("days to readmission", episodes.key, low, high).astype("timedelta64[D]")
        back = Episodes(episodes.person, episodes.key + READMISSION_KEY, episodes.condition, discharged_on + after)
        return back.take(again & (back.admitted_on <= np.datetime64(self.profile.last_day, "D")))


def _poisson(rate: Floats, unit: Floats) -> Integers:
    """Counts with the given means from one number each, by turning the distribution round."""
    count = np.zeros(len(rate), dtype=np.int64)
    term = np.exp(-rate)
    reached = term.copy()
    for step in range(1, STAYS_MAX + 1):
        count += unit > reached
        term = term * rate / step
        reached = reached + term
    return count


def _condition_weights(profile: Profile, book: Casebook) -> NDArray[np.float64]:
    """Weights of the ordinary conditions for every cell: band × sex × 2^diseases."""
    bands = len(profile.conditions["age_bands"])
    curves = profile.conditions["age_curves"]
    figures = book.figures[: book.first_birth]
    linked = profile.figure("linked_conditions")
    share = np.array([figure["share"] for figure in figures], dtype=np.float64)
    curve = np.array([curves[figure["ages"]] for figure in figures], dtype=np.float64).T
    female = np.array([figure.get("female", 1) for figure in figures], dtype=np.float64)
    of_women = np.where(female > 50, 1.0, 2 * female / (1 + female))
    of_men = np.where(female > 50, 0.0, 2 / (1 + female))
    weights = np.stack([curve * share * of_women, curve * share * of_men], axis=1).reshape(bands * 2, -1)
    for name in CHRONIC_DISEASES:
        link = np.array([figure.get("link") == name for figure in figures])
        without = weights * np.where(link, linked["without"] / 100, 1.0)
        with_it = weights * np.where(link, linked["with"] / 100, 1.0)
        weights = np.stack([without, with_it], axis=1).reshape(len(weights) * 2, -1)
    return weights
