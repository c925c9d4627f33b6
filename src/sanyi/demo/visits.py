"""演示门诊: settled visits and purchases of a year: who goes how often, where, for what, and who pays.

The n-th visit of a person has the number ``person × 1000 + n`` in every draw, whatever the size of a piece.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sanyi.demo.codes import CHRONIC_DISEASES, Tier
from sanyi.demo.county import County
from sanyi.demo.draws import Choice, Draws, Flags, Integers
from sanyi.demo.institutions import township_rows
from sanyi.demo.numbers import newborn_marks, numbered
from sanyi.demo.profiles import Profile
from sanyi.demo.residents import age_band
from sanyi.demo.stays import DIED
from sanyi.exchange.outpatient_visits.codes import CHRONIC_SPECIAL, DAY_TCM, EMERGENCY, VISIT_KIND
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT

KINDS = tuple(VISIT_KIND)
PLACES = ("clinic", "township", "county", "tcm", "pharmacy", "outside")
PER_PERSON = 1000
_ALL_BP = 10_000
_CHILD_UNTIL = 14
_CARD, _OTHER_CARD = "01", "99"
_EMPTY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Visits:
    """门诊发生器: for chunks of residents and their stays, as ``County.chunks`` gives them."""

    county: County

    def of(self, residents: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
        """一批居民的门诊: columns of OUTPATIENT_VISIT that are known, and person_no, key and place (in PLACES).

        In the order of persons and visits; the same rows whatever the size of a chunk.
        """
        frame = self._happened(residents, stays)
        person, key = frame["person"].to_numpy(), frame["key"].to_numpy()
        is_chronic = has_chronic(residents)[person]
        kind, place = self._where(key, is_chronic)
        people = residents.select(*_OF_PERSON)[person]
        frame = frame.with_columns(
            *_identity(people),
            pl.Series("place", place.astype(np.int8)),
            *self._institution(people, key, place),
            *self._diagnosis(people, residents, person, key, kind),
            *_amounts(self.county.profile, self.county.draws, key, kind, place, people["is_employee"].to_numpy()),
        )
        return self._written(frame, kind, place, people).select("person_no", "key", "place", *FILLED)

    def _happened(self, residents: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
        """person (row), person_no, key and visited_on: nobody goes before birth, after death or out of a bed."""
        profile, draws = self.county.profile, self.county.draws
        number = residents["person_no"].to_numpy()
        person = np.repeat(np.arange(residents.height), visit_counts(profile, draws, residents))
        starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else _EMPTY
        order = np.arange(len(person)) - np.repeat(starts, np.diff(np.append(starts, len(person))))
        key = number[person] * PER_PERSON + order
        days = (profile.last_day - profile.first_day).days + 1
        day = (draws.uniform("visit day", key) * days).astype(np.int64)
        frame = pl.DataFrame({"person": person, "person_no": number[person], "key": key}).with_columns(
            visited_on=(pl.lit(profile.first_day) + pl.duration(days=pl.lit(pl.Series(day)))).cast(pl.Date)
        )
        is_born = (frame["visited_on"] >= residents["born_on"].gather(person)).fill_null(value=False)
        return _possible(frame.filter(is_born), stays)

    def _where(self, key: Integers, is_chronic: Flags) -> tuple[Integers, Integers]:
        """Kind (in KINDS) and place (in PLACES)."""
        kinds, places = self.county.profile.figure("visit_kinds"), self.county.profile.figure("visit_places")
        by_disease = Choice.of([kinds["without"], kinds["with"]])
        kind = by_disease.pick(is_chronic.astype(np.int64), self.county.draws.uniform("visit kind", key))
        by_kind = Choice.of([places[name] for name in KINDS])
        return kind, by_kind.pick(kind, self.county.draws.uniform("visit place", key))

    def _institution(self, people: pl.DataFrame, key: Integers, place: Integers) -> list[pl.Series]:
        """Code, name and division of where it was."""
        profile, draws, frame = self.county.profile, self.county.draws, self.county.institutions.frame
        row = self._row(people, key, place)
        pharmacies = int(profile.figure("pharmacies"))
        shops = draws.between("pharmacy", key, 0, pharmacies - 1)
        away = profile.figure("outside_institutions")
        edges = np.cumsum([one["share"] for one in away]) / _ALL_BP
        far = np.minimum(np.searchsorted(edges, draws.uniform("visit away", key), side="right"), len(away) - 1)
        is_shop, is_away = place == PLACES.index("pharmacy"), place == PLACES.index("outside")
        at = np.where(is_shop, frame.height + shops, np.where(is_away, frame.height + pharmacies + far, row))
        code, division = profile.county_code, profile.county_code[:6]
        divisions = [str(one["place"]).format(province=code[:2], prefecture=code[:4]) for one in away]
        shop_numbers = range(1, pharmacies + 1)
        names = [*frame["name"], *(f"演示药店{n:02d}" for n in shop_numbers), *(str(one["name"]) for one in away)]
        codes = [*frame["code"], *(f"P{division}{90_000 + n:05d}" for n in shop_numbers),
                 *(f"H{one}00001" for one in divisions)]  # fmt: skip
        own = [division] * (frame.height + pharmacies)
        columns = {"institution_code": codes, "institution_name": names, "institution_place_code": [*own, *divisions]}
        return [pl.Series(name, values, dtype=pl.String).gather(at) for name, values in columns.items()]

    def _row(self, people: pl.DataFrame, key: Integers, place: Integers) -> Integers:
        """The row of the county's own institution; where a village has no clinic, its township's hospital."""
        institutions, draws, figure = self.county.institutions, self.county.draws, self.county.profile.figure
        hospital, _, _ = township_rows(institutions, people["township_code"])
        hospitals = np.array(sorted(set(institutions.township_hospital.values())), dtype=np.int64)
        other = hospitals[draws.between("another township", key, 0, len(hospitals) - 1)]
        leaves = draws.happens("leaves township", key, figure("other_township"))
        is_lost = hospital < 0
        township = np.where(leaves | is_lost, other, hospital)
        clinics = institutions.frame.with_row_index("row").filter(pl.col("kind") == "village_clinic")
        clinic_of = dict(clinics.select("place_code", "row").iter_rows())
        clinic = people["place_code"].replace_strict(clinic_of, default=-1, return_dtype=pl.Int64).to_numpy()
        county = institutions.hospital_of_tier[Tier.COUNTY]
        tcm = institutions.hospital_of_tier.get(Tier.TCM, county)
        choices = [np.where(clinic < 0, township, clinic), township, np.full(len(key), county), np.full(len(key), tcm)]
        return np.stack([*choices, township, township], axis=1)[np.arange(len(key)), place]

    def _diagnosis(
        self, people: pl.DataFrame, residents: pl.DataFrame, person: Integers, key: Integers, kind: Integers
    ) -> list[pl.Series]:
        """Main diagnosis, and the listed disease of visits for one."""
        figure = self.county.profile.figure("visit_diagnoses")
        lists = ("usual", "child", "day_tcm", "emergency")
        which = np.where(people["age_years"].to_numpy() < _CHILD_UNTIL, 1, 0)
        which = np.where(kind == KINDS.index(DAY_TCM), 2, which)
        which = np.where(kind == KINDS.index(EMERGENCY), 3, which)
        choice = Choice.of([list(figure[name].values()) for name in lists])
        offsets = np.cumsum([0, *(len(figure[name]) for name in lists)])
        at = offsets[which] + choice.pick(which, self.county.draws.uniform("visit diagnosis", key))
        codes = [code for name in lists for code in figure[name]]
        special = self.county.profile.figure("special_diseases")
        disease = _disease(residents)[person]
        is_special = (kind == KINDS.index(CHRONIC_SPECIAL)) & (disease >= 0)
        at = np.where(is_special, len(codes) + disease, at)
        listed = pl.Series([special[name][1] for name in CHRONIC_DISEASES], dtype=pl.String)
        named = pl.Series(np.where(is_special, disease, -1)).replace(-1, None)
        all_codes = pl.Series([*codes, *(special[name][0] for name in CHRONIC_DISEASES)], dtype=pl.String)
        return [
            all_codes.gather(at).alias("main_diagnosis_code"),
            listed.gather(named).alias("special_disease_code"),
        ]

    def _written(self, frame: pl.DataFrame, kind: Integers, place: Integers, people: pl.DataFrame) -> pl.DataFrame:
        """The columns that follow from others."""
        county = self.county.profile.county_code[:6]
        departments = self.county.profile.figure("visit_departments")
        department = pl.Series([departments.get(name) for name in PLACES], dtype=pl.String).gather(place)
        key = frame["key"].to_numpy()
        return frame.with_columns(
            numbered(f"V{county}", key, 13).alias("settlement_id"),
            numbered(f"W{county}", key, 13).alias("visit_id"),
            pl.Series("visit_kind_code", KINDS, dtype=pl.String).gather(kind),
            department.alias("department_code"),
            pl.Series("insurance_type_code", ["390", "310"]).gather(people["is_employee"].cast(pl.Int64)),
            insured_place_code=pl.lit(county),
            settled_on=pl.col("visited_on"),
        )


_OF_PERSON = (
    *("person_no", "name", "born_on", "id_number", "is_employee", "age_years", "township_code", "place_code"),
)
FILLED = tuple(
    name
    for name in OUTPATIENT_VISIT.column_names
    if name not in {"doctor_code", "is_reversal", "original_settlement_id"}
)
"""填写的列: what the county's platform exports here."""


def has_chronic(residents: pl.DataFrame) -> Flags:
    """是否慢病: one of the diseases that the generator knows."""
    flags: Flags = residents.select(pl.any_horizontal(CHRONIC_DISEASES)).to_series().to_numpy()
    return flags


def visit_counts(profile: Profile, draws: Draws, residents: pl.DataFrame) -> Integers:
    """每人就诊次数: by age and disease, and differing between people."""
    number = residents["person_no"].to_numpy()
    band = age_band(profile, residents["age_years"].to_numpy())
    rate = np.array(profile.figure("visits_per_year"), dtype=np.float64)[band]
    rate = rate + np.where(has_chronic(residents), profile.figure("visits_with_chronic_disease"), 0)
    expected = rate / 100 * draws.scatter("visits", number, profile.figure("visits_spread") / 100)
    drawn = np.floor(expected + draws.uniform("visits left", number)).astype(np.int64)
    counts: Integers = np.minimum(drawn, profile.figure("visits_max"))
    return counts


def _possible(frame: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    died = stays.filter(pl.col("discharge_way") == DIED).select("person_no", died_on="discharged_on")
    known = frame.join(died.unique("person_no"), on="person_no", how="left", maintain_order="left")
    alive = known.filter((pl.col("visited_on") <= pl.col("died_on")).fill_null(value=True)).drop("died_on")
    beds = stays.select("person_no", "admitted_on", "discharged_on")
    inside = alive.join(beds, on="person_no").filter(
        (pl.col("visited_on") > pl.col("admitted_on")) & (pl.col("visited_on") < pl.col("discharged_on"))
    )
    return alive.join(inside.select("key").unique(), on="key", how="anti", maintain_order="left")


def _identity(people: pl.DataFrame) -> list[pl.Series]:
    """The identity card, or a newborn's mark, as on settlement lists."""
    marks = newborn_marks(people["person_no"].to_numpy())
    has_card = people["id_number"].is_not_null()
    number = pl.DataFrame({"own": people["id_number"], "mark": marks}).select(pl.coalesce("own", "mark")).to_series()
    return [
        pl.Series("certificate_type_code", [_OTHER_CARD, _CARD]).gather(has_card.cast(pl.Int64)),
        number.alias("certificate_number"),
        people["name"].alias("person_name"),
        people["born_on"],
    ]


def _disease(residents: pl.DataFrame) -> Integers:
    """The first disease of each person in the generator's order, -1 without one."""
    flags = residents.select(CHRONIC_DISEASES).to_numpy()
    first: Integers = np.where(flags.any(axis=1), flags.argmax(axis=1), -1)
    return first


def _amounts(
    profile: Profile, draws: Draws, key: Integers, kind: Integers, place: Integers, is_employee: Flags
) -> list[pl.Series]:
    """The bill and who pays it; the payments add up to the total."""
    cost, pay = profile.figure("visit_cost"), profile.figure("visit_payment")
    usual = np.array([cost["place"][name] for name in PLACES], dtype=np.float64)[place]
    factor = np.array([cost["kind"][name] for name in KINDS], dtype=np.float64)[kind] / 100
    drawn = usual * factor * draws.scatter("visit bill", key, cost["spread"] / 100)
    total = np.maximum(np.round(drawn), cost["least"]).astype(np.int64)
    in_policy = total * np.array([pay["covered"][name] for name in PLACES], dtype=np.int64)[place] // _ALL_BP
    deductible = np.array([pay["deductible_fen"][name] for name in PLACES], dtype=np.int64)[place]
    residents, employees = (np.array([pay[who][name] for name in KINDS])[kind] for who in ("residents", "employees"))
    fund = np.maximum(in_policy - deductible, 0) * np.where(is_employee, employees, residents) // _ALL_BP
    account = np.where(is_employee, (total - fund) * pay["account"] // _ALL_BP, 0)
    columns = {
        "total_fen": total,
        "in_policy_fen": in_policy,
        "fund_payment_fen": fund,
        "pooled_fund_payment_fen": fund,
        "account_payment_fen": account,
        "cash_payment_fen": total - fund - account,
    }
    return [pl.Series(name, values) for name, values in columns.items()]
