"""演示职工: doctors, nurses, pharmacists, technicians and managers of every institution, with insurance codes.

Village doctors are the doctors of clinics. Numbers per institution are the profile's; names carry 示 like everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sanyi.demo.codes import Tier
from sanyi.demo.draws import Choice, Draws, Integers
from sanyi.demo.institutions import Institutions
from sanyi.demo.names import Names
from sanyi.demo.numbers import numbered
from sanyi.demo.profiles import Profile
from sanyi.demo.treatment import Departments

_KINDS = {
    "doctors": "doctor",
    "nurses": "nurse",
    "pharmacists": "pharmacist",
    "technicians": "technician",
    "managers": "management",
}
_INSURANCE_LETTERS = {"doctor": "D", "village_doctor": "D", "nurse": "N", "pharmacist": "P"}


@dataclass(frozen=True, slots=True)
class Staff:
    """职工表: ``frame`` has one row per member of staff; ``doctor_rows`` are sorted by institution and department."""

    frame: pl.DataFrame
    doctor_rows: Integers
    starts: Integers
    counts: Integers
    department_count: int

    def doctors_for(self, institution: Integers, department: Integers, unit: Any) -> Integers:
        """主诊医师: a row of the frame per stay; of the department where it has doctors, else of the institution."""
        cell = institution * (self.department_count + 1) + department
        whole = institution * (self.department_count + 1) + self.department_count
        chosen = np.where(self.counts[cell] > 0, cell, whole)
        rows: Integers = self.doctor_rows[self.starts[chosen] + (unit * self.counts[chosen]).astype(np.int64)]
        return rows


def build(profile: Profile, institutions: Institutions, departments: Departments, draws: Draws) -> Staff:
    """编制职工: columns staff_id, name, sex, born_on, kind, insurance_code, organisation_code, department_code,
    title_name, title_level, title_on, started_work_on, licence_number and is_on_quota.
    """
    rows = _posts(profile, institutions, departments)
    number = np.arange(rows.height, dtype=np.int64) + 1
    women = profile.figure("staff_women")
    share = rows["kind"].replace_strict(women, return_dtype=pl.Int64).to_numpy()
    is_man = ~draws.happens("staff sex", number, share)
    low, high = profile.figure("staff_ages")
    age_days = (draws.uniform("staff age", number) * (high - low) + low) * 365.2425
    born = np.datetime64(profile.last_day, "D") - age_days.astype(np.int64).astype("timedelta64[D]")
    worked = born + np.timedelta64(int(23 * 365.2425), "D")
    frame = rows.with_columns(
        numbered(f"S{profile.county_code[:6]}", number, 5).alias("staff_id"),
        Names(profile.names, draws).of_staff(number, is_man),
        pl.Series("sex", np.where(is_man, "1", "2")),
        pl.Series("born_on", born),
        pl.Series("started_work_on", worked),
        _insurance_codes(profile, rows["kind"], number),
        numbered(profile.county_code[:6], number, 9).alias("licence_number"),
        pl.Series("is_on_quota", draws.happens("on quota", number, profile.figure("staff_on_quota"))),
        *_titles(profile, rows["kind"], number, draws, worked),
    )
    return _indexed(frame, institutions, departments)


def _posts(profile: Profile, institutions: Institutions, departments: Departments) -> pl.DataFrame:
    """One row per post: organisation, kind and, for doctors, the department in turn."""
    plan = profile.figure("staff")
    county = sorted(
        {place for key, place in departments.by_group.items() if key[0] == Tier.COUNTY} | {departments.child}
    )
    tcm = sorted({place for key, place in departments.by_group.items() if key[0] == Tier.TCM} | {departments.child})
    parts: dict[str, list[Any]] = {"organisation_code": [], "kind": [], "department": []}
    for code, kind, tier in institutions.frame.select("code", "kind", "tier").iter_rows():
        for group, count in plan.get(kind, {}).items():
            own = {"county": county, "tcm": tcm, "township": departments.township}.get(str(tier), ())
            turns = [own[turn % len(own)] if own and group == "doctors" else None for turn in range(count)]
            what = "village_doctor" if kind == "village_clinic" and group == "doctors" else _KINDS[group]
            parts["organisation_code"] += [code] * count
            parts["kind"] += [what] * count
            parts["department"] += turns
    frame = pl.DataFrame(parts, schema={"organisation_code": pl.String, "kind": pl.String, "department": pl.Int64})
    codes = pl.Series(departments.codes, dtype=pl.String)
    return frame.with_columns(codes.gather(frame["department"].fill_null(0)).alias("department_code")).with_columns(
        pl.when(pl.col("department").is_not_null())
        .then("department_code")
        .otherwise(pl.lit(""))
        .alias("department_code")
    )


def _insurance_codes(profile: Profile, kind: pl.Series, number: Integers) -> pl.Series:
    """A letter, the county and six digits; empty for those who sign no settlement list."""
    digits = numbered(profile.county_code[:6], number, 6)
    letters = kind.replace_strict(_INSURANCE_LETTERS, default="", return_dtype=pl.String)
    frame = pl.DataFrame({"letter": letters, "digits": digits})
    code = pl.when(pl.col("letter") != "").then(pl.concat_str("letter", "digits")).otherwise(pl.lit(""))
    return frame.select(code.alias("insurance_code")).to_series()


def _titles(profile: Profile, kind: pl.Series, number: Integers, draws: Draws, worked: Any) -> list[pl.Series]:
    plan = profile.figure("staff_titles")
    kinds = list(plan)
    choice = Choice.of([[entry[2] for entry in plan[name]] for name in kinds])
    row = kind.replace_strict({name: place for place, name in enumerate(kinds)}, default=-1, return_dtype=pl.Int64)
    has = row.to_numpy() >= 0
    pick = choice.pick(np.maximum(row.to_numpy(), 0), draws.uniform("title", number))
    flat = [entry for name in kinds for entry in plan[name]]
    at = choice.offsets[np.maximum(row.to_numpy(), 0)] + pick
    names = pl.Series("title_name", [entry[0] for entry in flat]).gather(at)
    levels = pl.Series("title_level", [entry[1] for entry in flat]).gather(at)
    granted = worked + (draws.uniform("title day", number) * 365).astype(np.int64).astype("timedelta64[D]")
    none = pl.Series(~has)
    return [names.set(none, None), levels.set(none, None), pl.Series("title_on", granted)]


def _indexed(frame: pl.DataFrame, institutions: Institutions, departments: Departments) -> Staff:
    position = {code: row for row, code in enumerate(institutions.frame["code"])}
    width = len(departments.codes) + 1
    doctors = frame.with_row_index("row").filter((pl.col("kind") == "doctor") & pl.col("department").is_not_null())
    place = doctors["organisation_code"].replace_strict(position, return_dtype=pl.Int64).to_numpy()
    row = doctors["row"].to_numpy().astype(np.int64)
    own = place * width + doctors["department"].to_numpy()
    cells = np.concatenate([own, place * width + width - 1])
    order = np.argsort(cells, kind="stable")
    counts = np.bincount(cells, minlength=institutions.frame.height * width).astype(np.int64)
    return Staff(
        frame=frame.drop("department"),
        doctor_rows=np.concatenate([row, row])[order],
        starts=np.cumsum(counts) - counts,
        counts=counts,
        department_count=width - 1,
    )
