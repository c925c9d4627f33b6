"""演示异地住院: stays of the county's insured elsewhere, made from the stays at home: the graver, the more leave.

Every stay at home brings one elsewhere with a chance that makes the figure's share of all stays of its severity; it is
of the same person at another time of the year, so that nobody lies in two beds and nobody travels after death.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sanyi.demo.county import County
from sanyi.demo.draws import Draws, Integers
from sanyi.demo.numbers import numbered
from sanyi.demo.profiles import Profile
from sanyi.demo.stays import DIED
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY

SEVERITIES = ("light", "usual", "heavy", "grave")
_ALL_BP = 10_000
_LATER_DAYS = (40, 320)
_CARD = "01"


@dataclass(frozen=True, slots=True)
class OutsideStays:
    """异地住院发生器: for chunks of residents and their stays, as ``County.chunks`` gives them."""

    county: County

    def of(self, residents: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
        """一批居民的异地住院: OUTSIDE_STAY without what nobody knows; the same whatever the size of a chunk."""
        profile, draws = self.county.profile, self.county.draws
        leaves = draws.happens("outside", stays["key"].to_numpy(), _odds(profile, stays["weight_e6"].to_numpy()))
        chosen = stays.filter(pl.Series(leaves))
        person = residents[chosen["person"].to_numpy()]
        found = chosen.select("person_no", "key", "total_fen", "length_of_stay_days", "discharged_on").with_columns(
            person["name"].alias("person_name"),
            person["id_number"].alias("certificate_number"),
            person["born_on"],
            pl.Series("is_employee", person["is_employee"]),
        )
        dated = _dated(found.filter(pl.col("certificate_number").is_not_null()), profile, draws)
        possible = _possible(dated, stays)
        return _written(possible, profile, draws).select(name for name in OUTSIDE_STAY.column_names if name in _FILLED)


def _odds(profile: Profile, weight_e6: Integers) -> Integers:
    """Stays elsewhere per ten thousand at home, so that the figure is their share of both together."""
    share = profile.figure("outside_share")
    bands = np.array([share[name] for name in SEVERITIES], dtype=np.int64)
    own = bands[np.searchsorted(np.array(profile.figure("outside_severity")), weight_e6, side="right")]
    odds: Integers = own * _ALL_BP // (_ALL_BP - own)
    return odds


def _dated(found: pl.DataFrame, profile: Profile, draws: Draws) -> pl.DataFrame:
    """Another time of the same year, and a few days longer than at home."""
    key = found["key"].to_numpy()
    year_days = (profile.last_day - profile.first_day).days + 1
    own = (found["discharged_on"] - profile.first_day).dt.total_days().to_numpy()
    later = (own + draws.between("outside day", key, *_LATER_DAYS)) % year_days
    days = found["length_of_stay_days"].to_numpy() + draws.between("outside length", key, 0, 4)
    discharged = pl.lit(profile.first_day) + pl.duration(days=pl.lit(pl.Series(later)))
    return found.with_columns(discharged_on=discharged.cast(pl.Date)).with_columns(
        admitted_on=pl.col("discharged_on") - pl.duration(days=pl.lit(pl.Series(days)))
    )


def _possible(dated: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    """Nobody lies in two beds, before birth or after death."""
    home = stays.select("person_no", "discharge_way", home_from="admitted_on", home_to="discharged_on")
    overlaps = (pl.col("home_from") <= pl.col("discharged_on")) & (pl.col("home_to") >= pl.col("admitted_on"))
    is_after_death = (pl.col("discharge_way") == DIED) & (pl.col("discharged_on") > pl.col("home_to"))
    wrong = dated.join(home, on="person_no").filter(overlaps | is_after_death).select("key").unique()
    kept = dated.join(wrong, on="key", how="anti", maintain_order="left").filter(
        pl.col("admitted_on") >= pl.col("born_on")
    )
    return kept.sort("person_no", "admitted_on").unique("person_no", keep="first", maintain_order=True)


def _written(found: pl.DataFrame, profile: Profile, draws: Draws) -> pl.DataFrame:
    key = found["key"].to_numpy()
    places = profile.figure("outside_institutions")
    edges = np.cumsum([place["share"] for place in places]) / _ALL_BP
    at = np.minimum(np.searchsorted(edges, draws.uniform("outside where", key), side="right"), len(places) - 1)
    codes = [str(place["place"]).format(province=profile.county_code[:2], prefecture=profile.county_code[:4])
             for place in places]  # fmt: skip
    return found.with_columns(
        numbered(f"Y{profile.county_code[:6]}", key, 11).alias("settlement_id"),
        pl.Series("institution_place_code", codes, dtype=pl.String).gather(at),
        pl.Series("institution_name", [place["name"] for place in places], dtype=pl.String).gather(at),
        insured_place_code=pl.lit(profile.county_code[:6]),
        insurance_type_code=pl.when("is_employee").then(pl.lit("310")).otherwise(pl.lit("390")),
        certificate_type_code=pl.lit(_CARD),
        settled_on=pl.col("discharged_on"),
    ).with_columns(
        *_amounts(found, profile, draws),
        institution_code=pl.concat_str(pl.lit("H"), pl.col("institution_place_code"), pl.lit("00001")),
    )


def _amounts(found: pl.DataFrame, profile: Profile, draws: Draws) -> list[pl.Series]:
    """The bill is dearer than at home; the fund pays its share of what lies within the policy, above a deductible."""
    pay = profile.figure("outside_payment")
    spread = draws.scatter("outside cost", found["key"].to_numpy(), pay["spread"] / 100)
    total = (found["total_fen"].to_numpy() * pay["cost"] / 100 * spread).astype(np.int64)
    in_policy = total * pay["covered"] // _ALL_BP
    rate = np.where(found["is_employee"].to_numpy(), pay["employees"], pay["residents"])
    pooled = np.maximum(in_policy - pay["deductible_fen"], 0) * rate // _ALL_BP
    names = ("total_fen", "in_policy_fen", "fund_payment_fen", "pooled_fund_payment_fen")
    return [pl.Series(name, column) for name, column in zip(names, (total, in_policy, pooled, pooled), strict=True)]


_FILLED = frozenset(OUTSIDE_STAY.column_names)
