"""测算口径 (options): the policy values a catalogue is built and used with, as one plain object that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sanyi.insurance.dip.codes import METHOD_UNKNOWN, Trimming
from sanyi.insurance.dip.rules.steps import StepRule
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError

PREFIX = "insurance.dip."
NAMES = (
    "core_min_count", "related_threshold_bp", "year_weights", "score_scale", "score_form", "benchmark_row",
    "trimming", "trimmed_report_bp", "core_share_report_bp", "mixed_level", "primary_tiers", "basic_share_bp",
    "basic_cv_e6", "dimension_cv_e6", "dimension_reduction_bp", "dimension_min_count", "cci_bands", "age_bands",
    "severity_stay_days", "early_death_days", "death_ways", "step_rules", "cci_conditions", "tumour_classes",
)  # fmt: skip
KEYS = {name: PREFIX + name for name in NAMES}
NATION = "000000000000"
ASKER = "insurance.dip"


@dataclass(frozen=True, slots=True)
class Bounds:
    """费用裁剪: inside a disease and year of at least ``group_min_count`` stays, costs outside two percentiles."""

    method: str
    low_bp: int
    high_bp: int
    group_min_count: int


@dataclass(frozen=True, slots=True)
class Options:
    """测算口径: see the policy files for what each is; ``assumed`` names those on evidence of grade C."""

    core_min_count: int
    related_threshold_bp: int
    year_weights: tuple[tuple[int, int], ...]
    score_scale: int
    score_form: str
    benchmark_row: str
    trimming: Bounds
    trimmed_report_bp: int
    core_share_report_bp: int
    mixed_level: str
    primary_tiers: tuple[int, ...]
    basic_share_bp: int
    basic_cv_e6: int
    dimension_cv_e6: int
    dimension_reduction_bp: int
    dimension_min_count: int
    cci_bands: tuple[int, ...]
    age_bands: tuple[int, ...]
    severity_stay_days: int
    early_death_days: int
    death_ways: tuple[str, ...]
    step_rules: tuple[StepRule, ...]
    cci_conditions: tuple[tuple[str, int, tuple[str, ...]], ...]
    tumour_classes: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    moderate_codes: tuple[str, ...] = ()
    severe_codes: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(
        cls,
        book: PolicyBook,
        *,
        jurisdiction: str,
        on: date,
        method: str = Trimming.NONE.value,
        **chosen: Any,
    ) -> Options:
        """由政策参数取值: those in force in the jurisdiction on a day; ``chosen`` replaces single ones for a trial."""
        found = book.values(KEYS, jurisdiction=jurisdiction, on=on, asker=ASKER)
        value = {name: one.value for name, one in found.items()}
        methods = {row["method"]: Bounds(**row) for row in value["trimming"]}
        if method not in methods:
            raise RefusedError(METHOD_UNKNOWN(method=method, known="、".join(methods)))
        given = value | _typed(value) | {"trimming": methods[method]} | chosen
        assumed = tuple(sorted(name for name, one in found.items() if one.is_assumed))
        sources = {name: f"{one.document} {one.basis}".strip() for name, one in sorted(found.items())}
        return cls(**given, assumed=assumed, sources=sources)

    @classmethod
    def shipped(cls, method: str = Trimming.NONE.value, *, on: date = date(2025, 1, 1), **chosen: Any) -> Options:
        """随附口径: the nation's values, for use without a county's policy."""
        return cls.of(_shipped(), jurisdiction=NATION, on=on, method=method, **chosen)

    def plain(self) -> dict[str, Any]:
        """可保存的形式."""
        return asdict(self) | {"sources": dict(self.sources)}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Options:
        """由保存的形式还原: the same object as the one that was saved."""
        value = dict(plain)
        value["trimming"] = Bounds(**value["trimming"])
        value["step_rules"] = tuple(StepRule.of(row) for row in value["step_rules"])
        value["year_weights"] = tuple((int(a), int(b)) for a, b in value["year_weights"])
        value["cci_conditions"] = tuple((str(a), int(b), tuple(c)) for a, b, c in value["cci_conditions"])
        value["tumour_classes"] = tuple(
            (str(a), tuple(b), tuple(c), tuple(d)) for a, b, c, d in value["tumour_classes"]
        )
        for name in ("primary_tiers", "cci_bands", "age_bands", "death_ways", "moderate_codes", "severe_codes",
                     "assumed"):  # fmt: skip
            value[name] = tuple(value[name])
        return cls(**value)


def _typed(value: Mapping[str, Any]) -> dict[str, Any]:
    """Policy tables as tuples."""
    return {
        "year_weights": tuple((int(row["years_back"]), int(row["weight"])) for row in value["year_weights"]),
        "primary_tiers": tuple(value["primary_tiers"]),
        "cci_bands": tuple(value["cci_bands"]),
        "age_bands": tuple(value["age_bands"]),
        "death_ways": tuple(value["death_ways"]),
        "step_rules": tuple(StepRule.of(row) for row in value["step_rules"]),
        "cci_conditions": tuple(
            (str(row["family"]), int(row["weight"]), tuple(row["codes"])) for row in value["cci_conditions"]
        ),
        "tumour_classes": tuple(
            (str(row["id"]), *(tuple(row.get(part, ())) for part in ("secondary", "diagnoses", "procedures")))
            for row in value["tumour_classes"]
        ),
    }


@cache
def _shipped() -> PolicyBook:
    return PolicyBook.load(Path(__file__).resolve().parent.parent / "policy")
