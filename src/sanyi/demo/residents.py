"""居民与家庭: villages, households and persons of a shrinking rural county, in columns.

Households are filled role by role; ages are then moved onto the age pyramid, sex by sex, by a map that keeps their
order: no parent becomes younger than a child. Any chunk of villages gives the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sanyi.demo.codes import CHRONIC_DISEASES
from sanyi.demo.draws import Choice, Draws, Flags, Floats, Integers, share_out
from sanyi.demo.names import Names
from sanyi.demo.numbers import IdentityNumbers, phones
from sanyi.demo.profiles import Profile

DAYS_PER_YEAR = 365.2425
HEAD, SPOUSE, CHILD, PARENT = range(4)
_ROLES = {"head": HEAD, "spouse": SPOUSE, "child": CHILD, "parent": PARENT}
ROLE_NAMES = ("户主", "配偶", "子女", "父母")
_CALIBRATION_HOUSEHOLDS = 60_000
_WITHOUT_NUMBER_DAYS = 45  # a newborn's registration takes a while


def villages(profile: Profile, divisions: pl.DataFrame, residents: int, draws: Draws) -> pl.DataFrame:
    """村居人口: place_code, name, township_code, residents, first_person_no; in the order of codes.

    ``divisions`` has code, name, level, parent_code and committee_type; sizes follow the profile's weights and sum to
    ``residents`` exactly.
    """
    county = profile.county_code[:6]
    frame = divisions.filter(pl.col("code").str.starts_with(county) & (pl.col("level") == "village")).sort("code")
    sizes = profile.figure("village_sizes")
    kinds = frame["committee_type"].to_list()
    mean = np.array([sizes[kind][0] for kind in kinds], dtype=np.float64)
    spread = np.array([sizes[kind][1] for kind in kinds], dtype=np.float64) / 100
    scatter = np.exp(spread * draws.normal("village size", np.arange(frame.height)))
    near_seat = (frame["parent_code"] == profile.structure["county"]["seat_township"]).to_numpy()
    is_urban = np.array([kind == "residential" for kind in kinds])
    weight = mean * scatter * np.where(near_seat & is_urban, profile.figure("seat_committees") / 100, 1.0)
    counts = share_out(residents, weight)
    return frame.select(
        place_code="code",
        name="name",
        township_code="parent_code",
    ).with_columns(
        residents=pl.Series(counts),
        first_person_no=pl.Series(np.cumsum(counts) - counts),
    )


@dataclass(frozen=True, slots=True)
class Pyramid:
    """年龄金字塔: maps the ages of freshly filled households onto the county's pyramid, for each sex."""

    from_ages: tuple[Floats, Floats]
    to_ages: tuple[Floats, Floats]

    def moved(self, age: Floats, is_man: Flags) -> Floats:
        """调整后的年龄: in years, order kept within each sex."""
        women = np.interp(age, self.from_ages[0], self.to_ages[0])
        men = np.interp(age, self.from_ages[1], self.to_ages[1])
        return np.where(is_man, men, women)


class Residents:
    """居民发生器: chunk after chunk of villages, in the order of codes (identity numbers count on)."""

    def __init__(self, profile: Profile, draws: Draws) -> None:
        """Prepare the tables of household forms and the map onto the pyramid."""
        self.profile = profile
        self.draws = draws
        self.numbers = IdentityNumbers(profile.county_code)
        self.names = Names(profile.names, draws)
        self._forms = _forms(profile.figure("households"))
        self._form_choice = Choice.of([[form["share"] for form in profile.figure("households")]])
        self._pyramid = self._calibrated()

    def chunk(self, places: pl.DataFrame) -> pl.DataFrame:
        """一批村居的居民: one row per person; see ``_columns`` for the columns."""
        counts = places["residents"].to_numpy()
        first = places["first_person_no"].to_numpy()
        keys = _ragged(first, counts)
        form = self._form_choice.pick(np.zeros(len(keys), dtype=np.int64), self.draws.uniform("form", keys))
        size = self._forms.sizes[form]
        running = np.cumsum(size)
        village = np.repeat(np.arange(len(counts)), counts)
        before = np.concatenate(([0], running))[np.cumsum(counts) - counts]
        start = running - size - before[village]
        kept = start < counts[village]
        keys, form, village, start = keys[kept], form[kept], village[kept], start[kept]
        size = np.minimum(size[kept], counts[village] - start)
        ages, men = self._filled(keys, form)
        household = np.repeat(np.arange(len(keys)), size)
        slot = _ragged(np.zeros(len(keys), dtype=np.int64), size)
        age = self._pyramid.moved(ages[household, slot], men[household, slot])
        role = self._forms.roles[form[household], slot]
        household_no = first[village] + start
        return self._columns(places, village[household], household_no[household], slot, role, age, men[household, slot])

    def _columns(
        self,
        places: pl.DataFrame,
        village: Integers,
        household_no: Integers,
        slot: Integers,
        role: Integers,
        age: Floats,
        is_man: Flags,
    ) -> pl.DataFrame:
        person_no = household_no + slot
        last_day = np.datetime64(self.profile.last_day, "D")
        born_on = last_day - (age * DAYS_PER_YEAR).astype(np.int64).astype("timedelta64[D]")
        age_days = (last_day - born_on).astype(np.int64)
        whole_years = np.floor(age).astype(np.int64)
        numbers = self.numbers.give(born_on, is_man)
        columns: dict[str, Any] = {
            "person_no": person_no,
            "household_no": household_no,
            "place_code": places["place_code"].gather(village),
            "township_code": places["township_code"].gather(village),
            "role": role.astype(np.int8),
            "sex": np.where(is_man, 1, 2).astype(np.int8),
            "born_on": born_on,
            "age_years": whole_years.astype(np.int16),
            "id_number": numbers.set(pl.Series(age_days < _WITHOUT_NUMBER_DAYS), None),
            "phone": phones(self.draws, person_no).set(pl.Series(whole_years < 14), None),
            "is_employee": self._employee(person_no, age),
        }
        frame = pl.DataFrame(columns)
        return frame.with_columns(
            self.names.given(frame),
            *self._chronic(person_no, age),
            *self._categories(person_no, household_no, age),
        )

    def _filled(self, keys: Integers, form: Integers) -> tuple[Floats, Flags]:
        """Ages and sexes of every slot of every household, before the map onto the pyramid."""
        forms, figure = self._forms, self.profile.figure
        ages = np.zeros((len(keys), forms.roles.shape[1]))
        men = np.zeros(ages.shape, dtype=bool)
        has_spouse = forms.has_spouse[form]
        woman_bp = np.where(has_spouse, figure("woman_heads"), figure("woman_alone"))
        mean, spread, low, high = forms.head_age[form].T
        ages[:, 0] = np.clip(mean + spread * self.draws.normal("head age", keys), low, high)
        ages[:, 0] += self.draws.uniform("head age fraction", keys)
        men[:, 0] = ~self.draws.happens("head sex", keys, woman_bp)
        role_ages = figure("role_ages")
        for slot in range(1, ages.shape[1]):
            role = forms.roles[form, slot]
            is_next = forms.roles[form, slot - 1] == role
            base = np.where(is_next, ages[:, slot - 1], ages[:, 0])
            shift = np.zeros(len(keys))
            noise = self.draws.normal(f"age of slot {slot}", keys)
            for name, code in (("spouse", SPOUSE), ("child", CHILD), ("parent", PARENT)):
                mean_1, spread_1 = role_ages[name]
                mean_2, spread_2 = role_ages.get(f"next_{name}", role_ages[name])
                form_shift = np.where(is_next, mean_2 + spread_2 * noise, mean_1 + spread_1 * noise)
                shift = np.where(role == code, form_shift, shift)
            ages[:, slot] = np.abs(base + shift)
            man = self.draws.happens(f"sex of slot {slot}", keys, 5200)
            man = np.where(role == SPOUSE, ~men[:, 0], man)
            men[:, slot] = np.where(is_next & (role == PARENT), ~men[:, slot - 1], man)
        return ages, men

    def _calibrated(self) -> Pyramid:
        """Compare a fixed sample of households with the pyramid at a thousand quantiles of each sex."""
        keys = np.arange(_CALIBRATION_HOUSEHOLDS)
        sample = Residents.__new__(Residents)
        sample.profile, sample._forms, sample.draws = self.profile, self._forms, Draws(0)
        form = self._form_choice.pick(np.zeros(len(keys), dtype=np.int64), Draws(0).uniform("form", keys))
        ages, men = sample._filled(keys, form)
        is_filled = np.arange(ages.shape[1]) < self._forms.sizes[form][:, None]
        levels = np.linspace(0, 1, 1001)
        from_ages, to_ages = [], []
        for is_man in (False, True):
            chosen = ages[is_filled & (men == is_man)]
            from_ages.append(np.quantile(chosen, levels))
            to_ages.append(_pyramid_quantiles(self.profile, levels, is_man=is_man))
        return Pyramid((from_ages[0], from_ages[1]), (to_ages[0], to_ages[1]))

    def _employee(self, person_no: Integers, age: Floats) -> Flags:
        bands = self.profile.figure("employees")
        share = np.array([band[1] for band in bands])[
            np.searchsorted([band[0] for band in bands], age, side="right") - 1
        ]
        return self.draws.happens("employee", person_no, share)

    def _chronic(self, person_no: Integers, age: Floats) -> list[pl.Series]:
        band = age_band(self.profile, age)
        shares = self.profile.figure("chronic_prevalence")
        return [
            pl.Series(name, self.draws.happens(f"has {name}", person_no, np.array(shares[name])[band]))
            for name in CHRONIC_DISEASES
        ]

    def _categories(self, person_no: Integers, household_no: Integers, age: Floats) -> list[pl.Series]:
        columns = []
        for category in self.profile.figure("categories"):
            index = household_no if category["of"] == "household" else person_no
            chosen = self.draws.happens(f"category {category['code']}", index, category["share"])
            columns.append(pl.Series(f"is_{category['code']}", chosen & (age >= category["age_from"])))
        return columns


@dataclass(frozen=True, slots=True)
class _Forms:
    sizes: Integers
    roles: Integers
    head_age: Floats
    has_spouse: Flags


def _forms(figures: list[dict[str, Any]]) -> _Forms:
    longest = max(len(form["roles"]) for form in figures)
    roles = np.full((len(figures), longest), -1, dtype=np.int64)
    for number, form in enumerate(figures):
        roles[number, : len(form["roles"])] = [_ROLES[role] for role in form["roles"]]
    return _Forms(
        sizes=np.array([len(form["roles"]) for form in figures]),
        roles=roles,
        head_age=np.array([form["head_age"] for form in figures], dtype=np.float64),
        has_spouse=np.array(["spouse" in form["roles"] for form in figures]),
    )


def age_band(profile: Profile, age: Floats | Integers) -> Integers:
    """年龄段: position in the bands of the table of conditions."""
    return np.searchsorted(profile.conditions["age_bands"], age, side="right") - 1


def _pyramid_quantiles(profile: Profile, levels: Floats, *, is_man: bool) -> Floats:
    """Age at each level of the pyramid of one sex; even inside a band."""
    bands = profile.figure("age_pyramid")
    starts = [band[0] for band in bands] + [profile.figure("oldest_age")]
    share = np.array([band[1] * (band[2] if is_man else 10_000 - band[2]) for band in bands], dtype=np.float64)
    cumulative = np.concatenate(([0.0], np.cumsum(share) / share.sum()))
    ages: Floats = np.interp(levels, cumulative, starts)
    return ages


def _ragged(first: Integers, counts: Integers) -> Integers:
    """first[i], first[i] + 1, … for counts[i] steps, end to end."""
    total = int(counts.sum())
    if total == 0:
        return np.zeros(0, dtype=np.int64)
    ends = np.cumsum(counts)
    return np.arange(total) - np.repeat(ends - counts, counts) + np.repeat(first, counts)
