"""演示签约: agreements of residents with the family doctors of their township's hospital for the year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sanyi.demo.county import County
from sanyi.demo.draws import Integers
from sanyi.demo.institutions import township_rows
from sanyi.demo.numbers import numbered
from sanyi.demo.residents import age_band
from sanyi.demo.visits import has_chronic
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON

_CARD = "01"
_NEWBORN_DAYS = 42  # an agreement for a newborn is made at the visit after childbed


@dataclass(frozen=True, slots=True)
class SignedPersons:
    """签约发生器: for chunks of residents."""

    county: County

    def of(self, residents: pl.DataFrame) -> pl.DataFrame:
        """一批居民的协议: SIGNED_PERSON and person_no; at most one agreement per person."""
        profile, draws = self.county.profile, self.county.draws
        share = profile.figure("signed_share")
        band = age_band(profile, residents["age_years"].to_numpy())
        chronic = has_chronic(residents)
        share_bp = np.where(chronic, np.array(share["with"])[band], np.array(share["without"])[band])
        number = residents["person_no"].to_numpy()
        hospital, _, _ = township_rows(self.county.institutions, residents["township_code"])
        has_card = residents["id_number"].is_not_null().to_numpy()
        chosen = draws.happens("signed", number, share_bp) & (hospital >= 0) & has_card
        people, number, hospital = residents.filter(pl.Series(chosen)), number[chosen], hospital[chosen]
        frame = people.select(
            "person_no",
            "born_on",
            person_name="name",
            certificate_number="id_number",
            sex=pl.col("sex").cast(pl.Int64),
            insurance_type_code=pl.when("is_employee").then(pl.lit("310")).otherwise(pl.lit("390")),
        ).with_columns(
            numbered(f"Q{profile.county_code[:6]}", number, 11).alias("agreement_id"),
            pl.Series("is_chronic", chronic[chosen]),
            *self._team(people, hospital),
            *self._period(people, number),
            certificate_type_code=pl.lit(_CARD),
            insured_place_code=pl.lit(profile.county_code[:6]),
        )
        return frame.filter(pl.col("starts_on") <= profile.last_day).select("person_no", *SIGNED_PERSON.column_names)

    def _team(self, people: pl.DataFrame, hospital: Integers) -> list[pl.Series]:
        """A team of the township's hospital looks after whole villages."""
        frame, teams = self.county.institutions.frame, int(self.county.profile.figure("signed_teams"))
        team = people["place_code"].str.slice(6, 6).cast(pl.Int64).to_numpy() % teams
        code, name = frame["code"].gather(hospital), frame["name"].gather(hospital)
        at = pl.DataFrame({"code": code, "name": name, "team": team + 1})
        return [
            code.alias("institution_code"),
            name.alias("institution_name"),
            at.select(team_code=pl.col("code") + "T" + pl.col("team").cast(pl.String)).to_series(),
            at.select(team_name=pl.col("name") + "第" + pl.col("team").cast(pl.String) + "家庭医生团队").to_series(),
        ]

    def _period(self, people: pl.DataFrame, number: Integers) -> list[pl.Series]:
        """The year, for most; some begin later or are given up."""
        profile, draws = self.county.profile, self.county.draws
        days = (profile.last_day - profile.first_day).days + 1
        later = draws.happens("signed later", number, profile.figure("signed_later"))
        first = np.where(later, draws.between("signed day", number, 1, days - 31), 0)
        born = (people["born_on"] - profile.first_day).dt.total_days().to_numpy()
        first = np.maximum(first, np.where(born >= -_NEWBORN_DAYS, born + _NEWBORN_DAYS, 0))
        left = draws.uniform("signed until", number)
        gives_up = draws.happens("given up", number, profile.figure("signed_given_up"))
        last = np.where(gives_up & (first < days - 1), first + (left * (days - first)).astype(np.int64), days - 1)
        day = np.datetime64(profile.first_day, "D")
        return [
            pl.Series("starts_on", day + first.astype("timedelta64[D]")),
            pl.Series("ends_on", day + np.maximum(last, first).astype("timedelta64[D]")),
        ]
