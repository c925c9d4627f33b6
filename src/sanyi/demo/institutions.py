"""演示县机构: bureaus, medical groups, hospitals, township hospitals with branches, village clinics.

Names come from the profile (Ruicheng: from the county's plan) or are made from the division table. The codes are of
the national form but from number 90001 on, which no county has reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from sanyi.demo.codes import Tier
from sanyi.demo.draws import Integers
from sanyi.demo.profiles import Profile

_FIRST_NUMBER = 90_001
_HOSPITAL_KINDS = {"county_hospital": Tier.COUNTY, "tcm_hospital": Tier.TCM}
_TOWNSHIP_KINDS = ("township_hospital", "community_centre")
_COMMITTEE_ENDINGS = ("社区居民委员会", "居民委员会", "社区居委会", "村民委员会", "村委会", "居委会")


@dataclass(frozen=True, slots=True)
class Institutions:
    """机构表: ``frame`` has one row per organisation, parents before children.

    Columns: code, name, kind, parent_code, place_code, group_code, is_lead, tier (null where nobody stays overnight).
    """

    frame: pl.DataFrame
    township_hospital: dict[str, int]
    branch_of: dict[int, int]
    hospital_of_tier: dict[Tier, int]
    is_led_by_tcm: dict[str, bool]

    def inpatient(self) -> pl.DataFrame:
        """有住院的机构: those that send settlement lists."""
        return self.frame.filter(pl.col("tier").is_not_null())


@dataclass(slots=True)
class _Rows:
    county: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    place_of: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, name: str, parent: str | None, place: str, **more: Any) -> str:
        letter = "H" if kind in _WITH_PATIENTS else "G"
        code = f"{letter}{self.county}{_FIRST_NUMBER + len(self.rows):05d}"
        row = {"code": code, "name": name, "kind": kind, "parent_code": parent, "place_code": place}
        self.rows.append({"group_code": None, "is_lead": False, "tier": None, **row, **more})
        return code


_WITH_PATIENTS = frozenset(
    {
        "county_hospital",
        "tcm_hospital",
        "township_hospital",
        "community_centre",
        "branch",
        "village_clinic",
        "mch_centre",
    }
)


def build(profile: Profile, divisions: pl.DataFrame) -> Institutions:
    """编制机构: from the profile and the division table (code, name, level, parent_code, both types)."""
    county = profile.structure["county"]
    inside = divisions.filter(pl.col("code").str.starts_with(str(county["code"])[:6])).sort("code")
    townships = inside.filter(pl.col("level") == "township")
    rows = _Rows(str(county["code"])[:6])
    branches = [m["village"] for g in profile.structure["groups"] for m in g["members"] if "village" in m]
    named = inside.filter(pl.col("name").is_in(branches))
    rows.place_of = dict(pl.concat([named, townships]).select("name", "code").iter_rows())
    rows.place_of["seat"] = str(county["seat_township"])
    top = rows.add("county", county["name"], None, str(county["code"]))
    health = top
    for bureau in profile.structure["bureaus"]:
        parent = health if bureau["kind"] in {"cdc", "mch_centre"} else top
        code = rows.add(bureau["kind"], bureau["name"], parent, str(county["seat_township"]))
        health = code if bureau["kind"] == "health_bureau" else health
    hospital_of: dict[str, str] = {}
    for group in profile.structure["groups"]:
        _add_group(rows, group, health, profile, townships, hospital_of)
    _add_clinics(rows, inside, hospital_of)
    return _indexed(rows, profile, hospital_of)


def _add_group(
    rows: _Rows,
    group: dict[str, Any],
    health: str,
    profile: Profile,
    townships: pl.DataFrame,
    hospital_of: dict[str, str],
) -> None:
    """One group: its own row, its lead hospital, then the members with branches under their township hospital."""
    seat = str(profile.structure["county"]["seat_township"])
    code = rows.add("medical_group", group["name"], health, seat)
    lead = group["lead"]
    place = rows.place_of[lead["township"]]
    tier = str(_HOSPITAL_KINDS[lead["kind"]])
    rows.add(lead["kind"], lead["name"], health, place, group_code=code, is_lead=True, tier=tier)
    members = list(group["members"])
    if group.get("members_from_divisions"):
        members += _members_from(townships)
    by_name: dict[str, str] = {}
    for member in members:
        kind = member["kind"]
        tier = str(_HOSPITAL_KINDS.get(kind, Tier.TOWNSHIP))
        parent = by_name[member["parent"]] if kind == "branch" else health
        place = rows.place_of.get(member.get("village", ""), rows.place_of[member["township"]])
        by_name[member["name"]] = rows.add(kind, member["name"], parent, place, group_code=code, tier=tier)
        if kind in _TOWNSHIP_KINDS:
            for township in (member["township"], *member.get("also", ())):
                hospital_of[rows.place_of[township]] = by_name[member["name"]]


def _members_from(townships: pl.DataFrame) -> list[dict[str, Any]]:
    """A hospital for every town and township, a community health centre for every subdistrict."""
    members = []
    for name, kind in townships.select("name", "township_type").iter_rows():
        if kind == "subdistrict":
            members.append({"kind": "community_centre", "name": f"{name}社区卫生服务中心", "township": name})
        elif kind in {"town", "township"}:
            members.append({"kind": "township_hospital", "name": f"{name}卫生院", "township": name})
    return members


def _add_clinics(rows: _Rows, inside: pl.DataFrame, hospital_of: dict[str, str]) -> None:
    """One clinic per village under the township hospital; residents' committees are served by the hospital itself."""
    committees = inside.filter((pl.col("level") == "village") & (pl.col("committee_type") == "village"))
    group_of = {row["code"]: row["group_code"] for row in rows.rows}
    for code, name, township in committees.select("code", "name", "parent_code").iter_rows():
        hospital = hospital_of.get(township)
        if hospital is not None:
            clinic = f"{plain_name(name)}卫生室"
            rows.add("village_clinic", clinic, hospital, code, group_code=group_of[hospital])


def plain_name(committee: str) -> str:
    """村名: the committee's name without 村委会 or 居委会; a village keeps its 村."""
    for ending in _COMMITTEE_ENDINGS:
        if committee.endswith(ending) and len(committee) > len(ending):
            stem = committee[: -len(ending)]
            return f"{stem}村" if ending.startswith("村") and not stem.endswith("村") else stem
    return committee


def _indexed(rows: _Rows, profile: Profile, hospital_of: dict[str, str]) -> Institutions:
    schema = {"is_lead": pl.Boolean, "group_code": pl.String, "tier": pl.String, "parent_code": pl.String}
    frame = pl.DataFrame(rows.rows, schema_overrides=schema, infer_schema_length=None).select(
        "code", "name", "kind", "parent_code", "place_code", "group_code", "is_lead", "tier"
    )
    position = {code: number for number, code in enumerate(frame["code"])}
    lead_tier = dict(frame.filter("is_lead").select("group_code", "tier").iter_rows())
    group_of = dict(frame.select("code", "group_code").iter_rows())
    branches = frame.with_row_index("row").filter(pl.col("kind") == "branch")
    hospitals = frame.with_row_index("row").filter(pl.col("kind").is_in(list(_HOSPITAL_KINDS)))
    return Institutions(
        frame=frame,
        township_hospital={place: position[code] for place, code in hospital_of.items()},
        branch_of={position[parent]: row for row, parent in branches.select("row", "parent_code").iter_rows()},
        hospital_of_tier={Tier(tier): row for row, tier in hospitals.select("row", "tier").iter_rows()},
        is_led_by_tcm={place: lead_tier.get(group_of[code]) == Tier.TCM for place, code in hospital_of.items()},
    )


def township_rows(institutions: Institutions, township_codes: pl.Series) -> tuple[Integers, Integers, Integers]:
    """就近机构: rows of the township hospital and of its branch (−1 without one), and 1 where TCM leads."""
    hospital = township_codes.replace_strict(institutions.township_hospital, default=-1, return_dtype=pl.Int64)
    branch = hospital.replace_strict(institutions.branch_of, default=-1, return_dtype=pl.Int64)
    tcm = township_codes.replace_strict(
        {place: int(led) for place, led in institutions.is_led_by_tcm.items()}, default=0, return_dtype=pl.Int64
    )
    return (
        hospital.to_numpy().astype(np.int64),
        branch.to_numpy().astype(np.int64),
        tcm.to_numpy().astype(np.int64),
    )
