"""就诊去向: which institution, department and doctor take a stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sanyi.demo.casebook import Casebook
from sanyi.demo.codes import TIERS, Tier
from sanyi.demo.draws import Choice, Draws, Integers
from sanyi.demo.institutions import Institutions, township_rows
from sanyi.demo.profiles import Profile

_SURGICAL_LETTERS = "ABCDEFGHIJ"
_CHILD_UNTIL = 14


@dataclass(frozen=True, slots=True)
class Departments:
    """科室: codes and names in one order; ``at`` answers with positions in it."""

    codes: list[str]
    names: list[str]
    by_group: dict[tuple[Tier, str, bool], int]
    child: int
    township: tuple[int, ...]

    def at(self, tier: Integers, adrg: pl.Series, age_years: Integers, unit: Any) -> Integers:
        """科室序号: from the tier (position in TIERS), the core group and the age."""
        letters = pl.DataFrame({"mdc": adrg.str.slice(0, 1), "kind": adrg.str.slice(1, 1), "tier": tier})
        keys = pl.DataFrame(
            [(key[1], key[2], TIERS.index(key[0]), place) for key, place in self.by_group.items()],
            schema={"mdc": pl.String, "is_surgical": pl.Boolean, "tier": pl.Int64, "place": pl.Int64},
            orient="row",
        )
        letters = letters.with_columns(is_surgical=pl.col("kind").is_in(list(_SURGICAL_LETTERS)))
        joined = letters.join(keys, on=["mdc", "is_surgical", "tier"], how="left", maintain_order="left")
        place = joined["place"].to_numpy().astype(np.float64)
        surgical = letters["is_surgical"].to_numpy()
        other = np.where(
            surgical, self.by_group[(Tier.COUNTY, "other", True)], self.by_group[(Tier.COUNTY, "other", False)]
        )
        chosen = np.where(np.isnan(place), other, place).astype(np.int64)
        chosen = np.where((age_years < _CHILD_UNTIL) & ~surgical, self.child, chosen)
        local = np.asarray(self.township, dtype=np.int64)[(unit * len(self.township)).astype(np.int64)]
        return np.where(tier == TIERS.index(Tier.TOWNSHIP), local, chosen)


def departments(profile: Profile) -> Departments:
    """科室表: from the profile's departments per first letter of the group."""
    codes: dict[str, str] = {}
    by_group: dict[tuple[Tier, str, bool], int] = {}

    def place(entry: list[str]) -> int:
        codes.setdefault(str(entry[0]), str(entry[1]))
        return list(codes).index(str(entry[0]))

    for letter, kinds in profile.figure("departments").items():
        for tier in (Tier.COUNTY, Tier.TCM):
            by_group[(tier, letter, False)] = place(kinds["medical"])
            by_group[(tier, letter, True)] = place(kinds["surgical"])
    for letter, entry in profile.figure("tcm_departments").items():
        by_group[(Tier.TCM, letter, False)] = place(entry)
    child = place(profile.figure("child_department"))
    township = tuple(place(entry) for entry in profile.figure("township_departments"))
    return Departments(list(codes), list(codes.values()), by_group, child, township)


@dataclass(frozen=True, slots=True)
class Destinations:
    """去向表: draws tier and institution for stays."""

    profile: Profile
    institutions: Institutions
    tier_choice: Choice
    draws: Draws

    @classmethod
    def of(cls, profile: Profile, institutions: Institutions, book: Casebook, draws: Draws) -> Destinations:
        """Prepare one list of tier weights per condition, and one where the TCM hospital leads the group."""
        pull = profile.figure("group_pull") / 100
        rows = []
        for figure in book.figures:
            county, tcm, township = figure.get("tiers", [88, 12, 0])
            rows.append([county * pull, tcm, township])
            rows.append([county, tcm * pull, township])
        return cls(profile, institutions, Choice.of(rows), draws)

    def draw(self, keys: Integers, condition: Integers, township_codes: pl.Series) -> tuple[Integers, Integers]:
        """抽取: tier (position in TIERS) and row of the institution, per stay."""
        hospital, branch, is_tcm = township_rows(self.institutions, township_codes)
        tier = self.tier_choice.pick(condition * 2 + is_tcm, self.draws.uniform("tier", keys))
        others = np.array(sorted(set(self.institutions.township_hospital.values())), dtype=np.int64)
        elsewhere = others[self.draws.between("other township", keys, 0, len(others) - 1)]
        own = self.draws.happens("own township", keys, self.profile.figure("own_township_hospital")) & (hospital >= 0)
        local = np.where(own, hospital, elsewhere)
        to_branch = own & (branch >= 0) & self.draws.happens("branch", keys, self.profile.figure("branch_stays"))
        local = np.where(to_branch, branch, local)
        rows = np.array([self.institutions.hospital_of_tier.get(t, -1) for t in TIERS], dtype=np.int64)
        return tier, np.where(tier == TIERS.index(Tier.TOWNSHIP), local, rows[tier])
