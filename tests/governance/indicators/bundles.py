"""Facts made by hand for the tests of computing: one county, two institutions, no database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from sanyi.governance import indicators as topic
from sanyi.governance.indicators import jobs, tables
from sanyi.governance.indicators.codes import Direction, InstitutionSet, MissingRule, NodeKind, Origin, Window
from sanyi.governance.indicators.rules.computing import Need
from sanyi.governance.indicators.rules.computing.bundle import Facts
from sanyi.governance.indicators.rules.definitions import Version
from sanyi.governance.indicators.rules.limits import Limits
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.rules.reading import Citation, Words
from sanyi.kernel.policy import PolicyBook

FOLDER = Path(topic.__file__).parent
LIMITS = Limits.of(PolicyBook.load(FOLDER / "policy"), jurisdiction="000000000000", on=date(2025, 12, 31))
COUNTY, HOSPITAL, TOWNSHIP, GROUP = "C", "H", "T", "G"
KINDS = {COUNTY: NodeKind.COUNTY, GROUP: NodeKind.GROUP}
NONE = Words()
GROUPED, UNGROUPED = "分组成功", "无法入组"
PLAIN: dict[str, Any] = {
    "institution_code": HOSPITAL, "person_id": "P", "admitted_on": date(2025, 3, 1),
    "discharged_on": date(2025, 3, 8), "scheme": "s", "status": GROUPED, "adrg": "A", "drg": "A1",
    "weight_e6": 1_000_000, "length_of_stay_days": 7, "age_years": 50, "insurance_type_code": "390",
    "is_insured_here": True, "discharge_way_code": "1", "is_dead": False, "is_low_risk": False, "has_procedure": False,
    "operation_level": 0, "is_readmitted": False, "is_followed": True, "total_fen": 500_000,
    "fund_payment_fen": 300_000, "pooled_fund_payment_fen": 300_000, "in_policy_fen": 450_000,
    "personal_payment_fen": 200_000, "drug_fen": 150_000, "herbal_slice_fen": 20_000, "consumable_fen": 50_000,
    "service_fen": 200_000, "group_code": None, "hospital_level": "2", "is_hospital": True, "is_primary": False,
    "is_public": True, "is_tcm": False,
}  # fmt: skip
AT_TOWNSHIP = {"institution_code": TOWNSHIP, "hospital_level": "1", "is_hospital": False, "is_primary": True}


def stays(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """STAY_FACT of rows that say what differs from a plain stay."""
    known = [PLAIN | {"settlement_id": f"S{number}"} | row for number, row in enumerate(rows)]
    return pl.DataFrame(known, schema=tables.STAY_FACT.polars_schema())


def facts(rows: list[dict[str, Any]], years: tuple[int, ...] = (2025,), **given: Any) -> Facts:
    """A bundle of these stays with all needs there, or with those given."""
    known: dict[str, Any] = {"available": frozenset(Need), "limits": LIMITS} | given
    return Facts(county_code=COUNTY, years=years, stays=stays(rows).lazy(), **known)


def version(rule: str, multiplier: int = 1, limit_bp: int | None = 10_000, **given: Any) -> Version:
    """A definition of a rule; without a limit anything missing refuses."""
    known: dict[str, Any] = {
        "code": f"x.{rule}", "version": "1", "starts_on": date(2000, 1, 1), "ends_on": None,
        "origin": Origin.COMPUTED, "rule": rule, "unit": "", "decimals": 2, "multiplier": multiplier,
        "windows": tuple(Window), "institutions": InstitutionSet.ALL, "missing_limit_bp": limit_bp or 0,
        "missing_rule": MissingRule.REFUSE if limit_bp is None else MissingRule.EXCLUDE, "direction": Direction.UP,
        "needs": (), "reason": None, "parts": (), "citation": Citation(),
    }  # fmt: skip
    texts = ("numerator", "denominator", "scope", "exclusions", "missing", "source", "collector", "change", "note")
    return Version(**dict.fromkeys(texts, NONE), **known | given)


def values(known: Facts, one: Version, period: str = "2025") -> dict[str, dict[str, Any]]:
    """The values of one definition and period by node."""
    found = jobs.compute_versions(known, [(one, period_of(period))], KINDS)
    assert not tables.INDICATOR_VALUE.check(found)
    return {row["node_code"]: row for row in found.iter_rows(named=True)}


def short(row: dict[str, Any]) -> dict[str, Any]:
    """Numerator, denominator and value, or the reason."""
    if row["reason"] is not None:
        assert row["value_e6"] is None
        return {"reason": row["reason"]}
    return {name: row[name] for name in ("numerator", "denominator", "value_e6")}
