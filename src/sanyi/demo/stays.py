"""住院: stays with place, codes, group, length and end, made from episodes; still without money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sanyi.demo.casebook import Casebook
from sanyi.demo.code_tables import Grouper
from sanyi.demo.codes import TIERS
from sanyi.demo.diagnoses import Coder
from sanyi.demo.draws import Choice, Draws, Flags, Floats, Integers
from sanyi.demo.episodes import NEWBORN_UNTIL_DAYS, Admissions, Episodes
from sanyi.demo.profiles import Profile
from sanyi.demo.residents import age_band
from sanyi.demo.treatment import Departments, Destinations

DIED = "5"
_SEVERITY_POWER = 0.35
_SEVERITY_BOUNDS = (0.8, 1.6)
_DAY = np.timedelta64(1, "D")


@dataclass(slots=True)
class Stays:
    """住院发生器: for chunks of residents; ``group`` adds status, mdc, adrg and drg to grouping records."""

    profile: Profile
    book: Casebook
    admissions: Admissions
    destinations: Destinations
    departments: Departments
    coder: Coder
    group: Grouper
    weights: pl.DataFrame
    draws: Draws

    def of(self, residents: pl.DataFrame) -> pl.DataFrame:
        """一批居民的住院: one row per stay with a discharge in the year, in the order of residents and days.

        Columns: person_no, key, condition, tier, institution (row), department, age_years, age_days, sex,
        weight_grams, admitted_on, discharged_on, length_of_stay_days, codes, fault, discharge_way, status, drg,
        weight_e6, expected_days.
        """
        first = self._treated(self.admissions.of(residents), residents)
        is_home = (first["discharge_way"] == "1").to_numpy()
        episodes = Episodes(
            first["person"].to_numpy(),
            first["key"].to_numpy(),
            first["condition"].to_numpy(),
            first["admitted_on"].to_numpy().astype("datetime64[D]"),
        )
        discharged = first["discharged_on"].to_numpy().astype("datetime64[D]")
        again = self._treated(self.admissions.readmissions(episodes, discharged, is_home), residents)
        return self._in_order(pl.concat([first, again]))

    def _treated(self, episodes: Episodes, residents: pl.DataFrame) -> pl.DataFrame:
        person = residents.select("person_no", "township_code", "sex", "born_on", "is_employee")[episodes.person]
        born = person["born_on"].to_numpy().astype("datetime64[D]")
        age_days = np.maximum((episodes.admitted_on - born).astype(np.int64), 0)
        age_years = whole_years(born, episodes.admitted_on)
        tier, institution = self.destinations.draw(episodes.key, episodes.condition, person["township_code"])
        codes = self.coder.write(episodes, residents, tier, age_years)
        frame = person.select("person_no", "sex").with_columns(
            person=pl.Series(episodes.person),
            key=pl.Series(episodes.key),
            condition=pl.Series(episodes.condition),
            tier=pl.Series(tier),
            institution=pl.Series(institution),
            admitted_on=pl.Series(episodes.admitted_on),
            age_years=pl.Series(age_years),
            age_days=pl.Series(age_days),
            weight_grams=self._birth_weight(episodes, age_years, age_days),
        )
        frame = pl.concat([frame, codes], how="horizontal")
        frame = self._grouped(frame)
        department = self.departments.at(tier, frame["adrg"], age_years, self.draws.uniform("department", episodes.key))
        return self._ended(frame.with_columns(department=pl.Series(department)), episodes, residents)

    def _birth_weight(self, episodes: Episodes, age_years: Integers, age_days: Integers) -> pl.Series:
        """Grams, to ten grams, for infants of up to 28 days; null for everybody else."""
        figure = self.profile.figure("newborn_weight")
        is_preterm = np.array([name == "preterm" for name in self.book.names])[episodes.condition]
        noise = self.draws.normal("birth weight", episodes.key)
        term = figure["term"][0] + figure["term"][1] * noise
        preterm = figure["preterm"][0] + figure["preterm"][1] * noise
        grams = np.round(np.where(is_preterm, preterm, term) / 10).astype(np.int64) * 10
        is_newborn = (age_years == 0) & (age_days <= NEWBORN_UNTIL_DAYS)
        return pl.Series(np.clip(grams, 800, 5500)).set(pl.Series(~is_newborn), None)

    def _grouped(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Ask the scheme what the written codes amount to."""
        usual = np.array([figure["days"] for figure in self.book.figures])[frame["condition"].to_numpy()]
        records = frame.select(
            "sex",
            age="age_years",
            age_days=pl.when(pl.col("age_years") == 0).then("age_days"),
            weight="weight_grams",
            dept=pl.lit(""),
            los=pl.Series(usual),
            leaving=pl.lit("1"),
            dx="diagnosis_codes",
            px=pl.col("procedure_codes").fill_null(""),
        ).with_columns(pl.col("sex").cast(pl.Int64), pl.col("age").cast(pl.Int64))
        answers = self.group(records).select("status", "mdc", "drg")
        known = answers.join(self.weights, on="drg", how="left", maintain_order="left")
        weight = known["weight_e6"].fill_null(self.profile.figure("unweighted_group"))
        return frame.with_columns(answers["status"], answers["drg"], weight.alias("weight_e6"))

    def _ended(self, frame: pl.DataFrame, episodes: Episodes, residents: pl.DataFrame) -> pl.DataFrame:
        """Length of stay, way of leaving and day of discharge; a stay past the year is moved to its beginning."""
        key, tier = episodes.key, frame["tier"].to_numpy()
        way = self._way(frame, key)
        has_died = (way == DIED).to_numpy()
        expected = self._expected_days(frame, tier)
        spread = self.profile.figure("stay_spread") / 100
        days = expected * self.draws.scatter("days", key, spread) * np.where(has_died, 0.7, 1.0)
        days = np.clip(np.round(days), 1, self.profile.figure("longest_stay")).astype(np.int64)
        admitted = episodes.admitted_on
        discharged = admitted + days.astype("timedelta64[D]")
        past = discharged > np.datetime64(self.profile.last_day, "D")
        is_ordinary = episodes.condition < self.book.first_birth
        year = np.timedelta64((self.profile.last_day - self.profile.first_day).days + 1, "D")
        back = np.where(past & is_ordinary, year, np.timedelta64(0, "D"))
        born = residents["born_on"].to_numpy().astype("datetime64[D]")[episodes.person]
        age_days = (admitted - back - born).astype(np.int64)
        # An infant who would have been treated before the end of the first four weeks was treated in the next year.
        is_possible = (back == np.timedelta64(0, "D")) | (age_days > NEWBORN_UNTIL_DAYS)
        return frame.with_columns(
            is_possible=pl.Series(is_possible),
            age_days=pl.Series(np.maximum(age_days, 0)),
            age_years=pl.Series(whole_years(born, admitted - back)),
            discharge_way=way,
            expected_days=pl.Series(expected),
            length_of_stay_days=pl.Series(days),
            admitted_on=pl.Series(admitted - back),
            discharged_on=pl.Series(discharged - back),
        )

    def _expected_days(self, frame: pl.DataFrame, tier: Integers) -> Floats:
        condition = frame["condition"].to_numpy()
        usual = np.array([figure["days"] for figure in self.book.figures], dtype=np.float64)[condition]
        factor = np.array([self.profile.figure("stay_by_tier")[str(t)] for t in TIERS])[tier] / 100
        severity = frame["weight_e6"].to_numpy() / self.book.usual_weight_e6[condition]
        grouped = np.clip(severity**_SEVERITY_POWER, *_SEVERITY_BOUNDS)
        expected: Floats = usual * factor * grouped
        return expected

    def _way(self, frame: pl.DataFrame, key: Integers) -> pl.Series:
        """Way of leaving: death by condition or age, the rest by the profile's shares."""
        ways = self.profile.figure("discharge_ways")
        unit = self.draws.uniform("way", key)
        chosen = Choice.of([list(ways.values())]).pick(np.zeros(len(key), dtype=np.int64), unit)
        condition = frame["condition"].to_numpy()
        band = age_band(self.profile, frame["age_years"].to_numpy())
        share = np.array(self.profile.figure("death_share"))[band]
        own = self.book.column("death_bp", 0)[condition]
        share = np.where(own > 0, own, share)
        share = np.where(frame["tier"].to_numpy() == len(TIERS) - 1, share * 0.2, share)
        dies = self.draws.happens("death", key, share)
        return pl.Series([*ways, DIED], dtype=pl.String).gather(np.where(dies, len(ways), chosen))

    def _in_order(self, stays: pl.DataFrame) -> pl.DataFrame:
        """Keep what can have happened: discharge in the year, no second bed at a time, nothing after death."""
        window = pl.col("discharged_on").is_between(self.profile.first_day, self.profile.last_day)
        possible = stays.filter(window & pl.col("is_possible")).drop("is_possible")
        ordered = possible.sort("person_no", "admitted_on", "key")
        before = pl.col("discharged_on").cum_max().shift(1).over("person_no")
        died = pl.when(pl.col("discharge_way") == DIED).then("discharged_on").min().over("person_no")
        kept = (before.is_null() | (pl.col("admitted_on") >= before)) & (
            died.is_null() | (pl.col("admitted_on") <= died)
        )
        return ordered.filter(kept)


def whole_years(born: NDArray[np.datetime64], on: NDArray[np.datetime64]) -> Integers:
    """周岁: completed years between two days; a birthday on 29 February counts from 1 March in common years."""
    born_month, on_month = born.astype("datetime64[M]"), on.astype("datetime64[M]")
    months = (on_month - born_month).astype(np.int64)
    before: Flags = (on - on_month).astype(np.int64) < (born - born_month).astype(np.int64)
    years: Integers = np.maximum((months - before) // 12, 0)
    return years
