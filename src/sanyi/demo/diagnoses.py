"""诊断与手术编码: the codes that a stay is written with, its companions, and the mistakes of coding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sanyi.demo import rare
from sanyi.demo.casebook import Casebook
from sanyi.demo.code_tables import GROUPED, CodeTables, Grouper
from sanyi.demo.codes import CHRONIC_DISEASES, CODE_UNKNOWN, TIERS
from sanyi.demo.draws import Draws, Flags, Integers
from sanyi.demo.episodes import Episodes
from sanyi.demo.profiles import Profile
from sanyi.demo.residents import age_band
from sanyi.kernel.refusals import RefusedError

FAULTS = ("", "ungroupable", "procedure_unrelated", "grey_code", "clinical_code", "clinical_code_open", "unknown_code")

_NAMES_CHRONIC = ("standard", "cancer", "injury", "minor")


@dataclass
class Coder:
    """编码员: writes main diagnosis, secondary diagnoses and procedures of stays, as a county's coders would."""

    profile: Profile
    book: Casebook
    tables: CodeTables
    group: Grouper
    draws: Draws

    def __post_init__(self) -> None:
        """Look up every code that the profile names only by its prefix."""
        comorbidities = self.profile.figure("comorbidities")
        self._companions = {
            kind: [(self._code(prefix), int(entry[0]), str(entry[1])) for prefix, entry in entries.items()]
            for kind, entries in comorbidities.items()
        }
        chronic = self.profile.figure("chronic_comorbidity")
        self._chronic = {name: (int(chronic[name][0]), self._code(chronic[name][1])) for name in CHRONIC_DISEASES}
        self._outcome = self._code(self.profile.figure("delivery_outcome"))
        self._faulty = FaultyCodes.of(self.tables, self.group)

    def _code(self, prefix: str) -> str:
        found = self.tables.diagnoses_of(prefix, 1)
        if not found:
            raise RefusedError(CODE_UNKNOWN(prefix=prefix))
        return found[0]

    def write(self, episodes: Episodes, residents: pl.DataFrame, tier: Integers, age_years: Integers) -> pl.DataFrame:
        """编码: adrg (intended), diagnosis_codes and procedure_codes ("|" between codes), fault; one row per stay."""
        pair = self.book.pair_choice.pick(episodes.condition, self.draws.uniform("pair", episodes.key))
        at = self.book.pair_offsets[episodes.condition] + pair
        frame = pl.DataFrame(
            {
                "key": episodes.key,
                "adrg": self.book.groups.gather(at),
                "main": self.book.diagnoses.gather(at),
                "operation": self.book.procedures.gather(at),
                "extra": self._extras(episodes),
                "fault": self._faults(episodes),
            }
        )
        frame = self._mistaken(frame, episodes)
        secondary = self._secondary(episodes, residents, tier, age_years, frame["main"])
        operations = pl.concat_str(
            pl.when(pl.col("operation") != "").then("operation"), "extra", separator="|", ignore_nulls=True
        )
        return frame.with_columns(secondary).select(
            "adrg",
            "fault",
            diagnosis_codes=pl.concat_str("main", "secondary", separator="|", ignore_nulls=True),
            procedure_codes=pl.when(operations != "").then(operations),
        )

    def _secondary(
        self, episodes: Episodes, residents: pl.DataFrame, tier: Integers, age_years: Integers, main: pl.Series
    ) -> pl.Series:
        """Companions in a fixed order, cut at the profile's limit."""
        curves = self.profile.conditions["age_curves"]
        by_tier = np.array([self.profile.figure("secondary_by_tier")[str(t)] for t in TIERS]) / 100
        kind_of = self.book.column("secondary", "standard")[episodes.condition]
        kind_of = np.where((age_years < 14) & (kind_of == "standard"), "child", kind_of)
        band = age_band(self.profile, age_years)
        columns: list[tuple[str, Flags]] = []
        for name, (share, code) in self._chronic.items():
            has = residents[name].to_numpy()[episodes.person] & np.isin(kind_of, _NAMES_CHRONIC)
            columns.append((code, has & self.draws.happens(f"names {name}", episodes.key, share * by_tier[tier])))
        columns.append((self._outcome, kind_of == "delivery"))
        for kind, entries in self._companions.items():
            of_kind = kind_of == kind
            for code, share, curve in entries:
                chance = np.array(curves[curve])[band] * share * by_tier[tier]
                columns.append((code, of_kind & self.draws.happens(f"with {kind} {code}", episodes.key, chance)))
        return _joined(columns, main, int(self.profile.figure("secondary_max")))

    def _extras(self, episodes: Episodes) -> pl.Series:
        """Further procedures that the condition names with a share."""
        options: list[str | None] = [None]
        chosen = np.zeros(len(episodes.key), dtype=np.int64)
        for number, figure in enumerate(self.book.figures):
            for code, share in (figure.get("extras") or {}).items():
                options.extend(self.tables.procedures_of(code, 1))
                here = (episodes.condition == number) & self.draws.happens(f"extra {code}", episodes.key, share)
                chosen[here] = len(options) - 1
        return pl.Series(options, dtype=pl.String).gather(chosen)

    def _faults(self, episodes: Episodes) -> pl.Series:
        """Which mistake of coding a stay has, if any: one draw over all of them."""
        shares = self.profile.figure("faults")
        edges = np.cumsum([shares[name] for name in FAULTS[1:]]) / 10_000
        number = np.searchsorted(edges, self.draws.uniform("fault", episodes.key), side="right")
        return pl.Series([*FAULTS[1:], ""], dtype=pl.String).gather(number)

    def _mistaken(self, frame: pl.DataFrame, episodes: Episodes) -> pl.DataFrame:
        """Write the mistakes; a mistake that this stay cannot have (no clinical code for it) is dropped."""
        faulty, key = self._faulty, episodes.key
        frame = frame.with_columns(
            clinical=frame["main"].replace_strict(faulty.clinical_of, default=None, return_dtype=pl.String),
            several=_drawn(self.draws, "open code", key, faulty.open_codes),
            grey=_drawn(self.draws, "grey code", key, faulty.grey),
            symptom=_drawn(self.draws, "ungroupable code", key, faulty.ungroupable),
            unrelated=_drawn(self.draws, "unrelated", key, self.profile.figure("unrelated_procedures")),
        )
        fault = pl.col("fault")
        impossible = (
            ((fault == "clinical_code") & pl.col("clinical").is_null())
            | ((fault == "procedure_unrelated") & (pl.col("operation") != ""))
            | ((fault == "clinical_code_open") & pl.col("several").is_null())
        )
        frame = frame.with_columns(fault=pl.when(impossible).then(pl.lit("")).otherwise(fault))
        return frame.with_columns(
            main=pl.when(fault == "ungroupable")
            .then("symptom")
            .when(fault == "grey_code")
            .then("grey")
            .when(fault == "clinical_code")
            .then("clinical")
            .when(fault == "clinical_code_open")
            .then("several")
            .when(fault == "unknown_code")
            .then(pl.col("main").str.slice(0, 3) + ".9x9")
            .otherwise("main"),
            operation=pl.when(fault == "procedure_unrelated").then("unrelated").otherwise("operation"),
        )


@dataclass(frozen=True, slots=True)
class FaultyCodes:
    """可错之码: what a wrong code may be, from the code tables themselves."""

    clinical_of: dict[str, str]
    open_codes: list[str]
    grey: list[str]
    ungroupable: list[str]

    @classmethod
    def of(cls, tables: CodeTables, group: Grouper) -> FaultyCodes:
        """Clinical codes that differ from the insurance code, those with several targets, grey codes, symptoms."""
        maps = tables.clinical_diagnoses
        known = set(tables.diagnoses["code"].to_list())
        single = maps.filter(~pl.col("same_code") & ~pl.col("clinical_code").is_in(list(known))).sort("clinical_code")
        first = single.unique("nhsa_code", keep="first", maintain_order=True)
        grey = tables.diagnoses.filter(pl.col("grey") & pl.col("code").str.contains("^[A-NR]"))["code"].sort()
        return cls(
            clinical_of=dict(first.select("nhsa_code", "clinical_code").iter_rows()),
            open_codes=tables.open_diagnoses,
            grey=grey.to_list()[::40],
            ungroupable=_ungrouped([code for code in tables.settled_diagnoses if code[0] in "RZTY"], group),
        )


def _ungrouped(codes: list[str], group: Grouper) -> list[str]:
    """The codes that no group of the scheme takes as main diagnosis, for a man and for a woman of fifty."""
    alone = pl.DataFrame({"dx_main": codes, "px_main": ""})
    tried = pl.concat([group(rare.trial(alone, sex=sex)) for sex in (1, 2)])
    answers = tried.with_columns(is_grouped=pl.col("status") == GROUPED)
    never = answers.group_by("dx_main").agg(pl.col("is_grouped").any()).filter(~pl.col("is_grouped"))
    return never["dx_main"].sort().to_list()


def _drawn(draws: Draws, purpose: str, key: Integers, codes: list[str]) -> pl.Series:
    if not codes:
        return pl.Series([None] * len(key), dtype=pl.String)
    return pl.Series(codes, dtype=pl.String).gather(draws.between(purpose, key, 0, len(codes) - 1))


def _joined(columns: list[tuple[str, NDArray[np.bool_]]], main: pl.Series, limit: int) -> pl.Series:
    """Codes of the true columns joined by "|": none of the main code's category, none twice, at most ``limit``."""
    seen = np.zeros(len(main), dtype=np.int64)
    merged: dict[str, Any] = {}
    for code, flags in columns:
        merged[code] = merged[code] | flags if code in merged else flags
    category = main.str.slice(0, 3)
    frame = pl.DataFrame({"main": main})
    parts = []
    for number, (code, flags) in enumerate(merged.items()):
        chosen = flags & (category != code[:3]).to_numpy() & (seen < limit)
        seen += chosen
        frame = frame.with_columns(pl.Series(f"c{number}", chosen))
        parts.append(pl.when(f"c{number}").then(pl.lit(code)))
    joined = pl.concat_str(parts, separator="|", ignore_nulls=True).alias("secondary")
    result = frame.select(joined).to_series()
    return result.set(result == "", None)
