"""Small years for the tests of payment: stays, visits, institutions and rule sets with plain defaults."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs import YearFacts
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet, plain
from sanyi.kernel.tables import TableContract

YEAR, COUNTY, GROUP = 2025, "140830000000", "G1"
ORDER = [
    {"id": "outsiders", "method": "other_pool", "when": {"is_insured_here": False}},
    {"id": "drg", "method": "drg", "when": {"has_group": True}},
    {"id": "rest", "method": "fee_for_service"},
]
BASE: dict[str, Any] = {
    "method_order": ORDER,
    "drg_form": "rate",
    "fund_form": "F2",
    "clip_negative": False,
    "rates": [{"rate_e6": 10_000_000_000}],
}


def rules(assumed: Iterable[str] = (), **values: Any) -> RuleSet:
    """One edition for the whole year; a value of None takes a default away."""
    return editions((date(YEAR, 1, 1), values), assumed=assumed)


def editions(*parts: tuple[date, dict[str, Any]], assumed: Iterable[str] = ()) -> RuleSet:
    """Editions that begin on these days."""
    starts = [start for start, _ in parts]
    ends = [date.fromordinal(start.toordinal() - 1) for start in starts[1:]] + [date(YEAR, 12, 31)]
    found = []
    for (start, values), end in zip(parts, ends, strict=True):
        chosen = {name: plain(value) for name, value in {**BASE, **values}.items() if value is not None}
        sources = {
            name: {"document": "测试文件", "basis": "第一条", "jurisdiction": COUNTY, "from": start.isoformat(),
                   "is_assumed": name in set(assumed)}
            for name in chosen
        }  # fmt: skip
        found.append(Edition(start, end, chosen, sources))
    return RuleSet(COUNTY, YEAR, tuple(found))


STAY: dict[str, Any] = {
    "institution_code": "H1",
    "settlement_id": "S1",
    "insurance_type_code": "390",
    "is_insured_here": True,
    "discharged_on": date(YEAR, 3, 10),
    "admitted_on": date(YEAR, 3, 1),
    "length_of_stay_days": 9,
    "main_diagnosis_code": "I10.x00",
    "diagnosis_codes": "I10.x00",
    "drg": "FV25",
    "weight_e6": 1_000_000,
    "total_fen": 1_000_000,
    "fund_payment_fen": 700_000,
    "other_fund_fen": 0,
    "patient_fen": 300_000,
    "own_expense_fen": 100_000,
    "pre_self_pay_fen": 20_000,
    "refused_fen": 0,
}
PLACE: dict[str, Any] = {
    "institution_code": "H1", "starts_on": date(2020, 1, 1), "tier": 2, "consortium_code": GROUP, "has_tcm_hall": False,
}  # fmt: skip
VISIT: dict[str, Any] = {
    "institution_code": "H1", "settlement_id": "V1", "person_id": "P1", "insurance_type_code": "390",
    "is_insured_here": True, "is_outside_county": False, "visit_kind": "general", "visited_on": date(YEAR, 3, 1),
    "total_fen": 10_000, "fund_payment_fen": 6_000, "other_fund_fen": 0, "patient_fen": 4_000,
}  # fmt: skip
SIGNED: dict[str, Any] = {
    "team_code": "T1", "institution_code": "H1", "person_id": "P1", "starts_on": date(YEAR, 1, 1), "age_years": 40,
    "is_chronic": False,
}  # fmt: skip


def frame(contract: TableContract, rows: Iterable[dict[str, Any]], defaults: dict[str, Any]) -> pl.DataFrame:
    """Rows over defaults, in the types of a contract."""
    empty = dict.fromkeys(contract.column_names)
    return pl.DataFrame([empty | defaults | row for row in rows], schema=contract.polars_schema(), orient="row")


def stays(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame(tables.STAY_TO_PAY, [{"settlement_id": f"S{n}"} | row for n, row in enumerate(rows, 1)], STAY)


def visits(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame(tables.VISIT_TO_PAY, [{"settlement_id": f"V{n}"} | row for n, row in enumerate(rows, 1)], VISIT)


def institutions(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame(tables.INSTITUTION_PERIOD, rows or [{}], PLACE)


def signed(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame(tables.SIGNED_PERSON, rows, SIGNED)


def facts(rows: Iterable[dict[str, Any]] = (), places: Iterable[dict[str, Any]] = (), **more: Any) -> YearFacts:
    """Facts of stays and institutions; no visits unless given."""
    given = {"visits": visits().lazy()} | more
    return YearFacts(stays(*rows).lazy(), institutions(*places), **given)
