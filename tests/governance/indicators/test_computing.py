"""Computing against the slow judge, for every node and period; what must hold of any table; record = table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.governance.indicators import jobs, tables
from sanyi.governance.indicators.codes import InstitutionSet, Reason
from sanyi.governance.indicators.rules.computing import RULES, Need, RowRule
from sanyi.governance.indicators.rules.computing.preparing import with_readmissions
from sanyi.governance.indicators.rules.computing.quotients import value_e6, value_e6_expr
from sanyi.governance.indicators.rules.computing.stays import STAYS
from sanyi.governance.indicators.rules.periods import period_of
from tests.governance.indicators.bundles import (
    AT_TOWNSHIP,
    COUNTY,
    GROUP,
    GROUPED,
    HOSPITAL,
    KINDS,
    PLAIN,
    TOWNSHIP,
    UNGROUPED,
    facts,
    stays,
    values,
    version,
)
from tests.oracles import indicators as oracle

UNITS = [
    {"institution_code": HOSPITAL, "hospital_level": "2", "is_primary": False, "group_code": GROUP},
    {"institution_code": "H2", "hospital_level": "2", "is_primary": False, "group_code": None},
    {**AT_TOWNSHIP, "group_code": GROUP},
]
NODES = (COUNTY, GROUP, HOSPITAL, "H2", TOWNSHIP, "level-1", "level-2")
PERIODS = ("2025", "2025Q1", "2025Q2", "2025-03", "2025-05")


def maybe(values_of: Any) -> Any:
    return st.one_of(st.none(), values_of)


STAY = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "discharged_on": st.dates(date(2024, 1, 1), date(2025, 6, 30)),
        "drg": st.sampled_from(["A1", "B1"]),
        "status": st.sampled_from([GROUPED, GROUPED, UNGROUPED]),
        "weight_e6": maybe(st.sampled_from([700_000, 1_000_000, 2_500_001])),
        "length_of_stay_days": maybe(st.integers(1, 40)),
        "total_fen": maybe(st.integers(0, 10**9)),
        "drug_fen": maybe(st.integers(0, 10**8)),
        "service_fen": maybe(st.integers(0, 10**8)),
        "pooled_fund_payment_fen": maybe(st.integers(0, 10**8)),
        "in_policy_fen": maybe(st.integers(0, 10**8)),
        "insurance_type_code": maybe(st.sampled_from(["390", "310"])),
        "is_dead": maybe(st.booleans()),
        "is_low_risk": maybe(st.booleans()),
        "has_procedure": maybe(st.booleans()),
        "operation_level": maybe(st.integers(0, 4)),
    }
)
TABLES = st.lists(STAY, max_size=25)


def flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [PLAIN | {name: one for name, one in row.items() if name != "unit"} | row["unit"] for row in rows]


@settings(max_examples=8)
@given(rows=TABLES)
def test_the_slow_judge_agrees_on_every_rate(rows: list[dict[str, Any]]) -> None:
    known = flat(rows)
    wanted = [(version(name, factor), period_of(period)) for name, (factor, _) in oracle.RATES.items()
              for period in PERIODS]  # fmt: skip
    found = jobs.compute_versions(facts(known), wanted, KINDS)
    by_key = {(row["code"], row["node_code"], row["period"]): row for row in found.iter_rows(named=True)}
    for name, (factor, judge) in oracle.RATES.items():
        for node in NODES:
            for period in PERIODS:
                expected, counted, missing = judge(oracle.within(oracle.of_node(known, node, COUNTY), period))
                row = by_key.get((f"x.{name}", node, period))
                if row is None:  # only the county has a row without records
                    assert node != COUNTY and counted + missing == 0
                    continue
                assert (row["row_count"], row["missing_count"]) == (counted, missing)
                assert row["value_e6"] == (None if expected is None else oracle.half_up(expected * factor * oracle.E6))
                assert (row["reason"] is None) == (expected is not None)


@settings(max_examples=8)
@given(rows=TABLES)
def test_the_slow_judge_agrees_on_groups_indices_and_growth(rows: list[dict[str, Any]]) -> None:
    known = flat(rows)
    bundle = facts(known)
    for period in ("2025", "2025-03"):
        everybody = oracle.within(known, period)
        covered = values(bundle, version("groups_covered"), period)
        days = values(bundle, version("time_index"), period)
        costs = values(bundle, version("cost_index"), period)
        growth = values(bundle, version("cost_growth", 100), period)
        for node in NODES:
            own = oracle.of_node(everybody, node, COUNTY)
            before = oracle.of_node(oracle.within(known, f"2024{period[4:]}"), node, COUNTY)
            assert _value(covered, node) == (oracle.groups_covered(own) * oracle.E6 or None)
            assert _value(days, node) == oracle.index(own, everybody, "length_of_stay_days")
            assert _value(costs, node) == oracle.index(own, everybody, "total_fen")
            assert _value(growth, node) == oracle.growth(own, before)


def _value(found: dict[str, dict[str, Any]], node: str) -> int | None:
    value: int | None = found.get(node, {}).get("value_e6")
    return value


@settings(max_examples=5)
@given(rows=TABLES)
def test_months_add_up_and_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]]) -> None:
    table = stays(flat(rows))
    whole = jobs.institution_months.run(table)
    assert not tables.INDICATOR_MONTH.check(whole)
    turned = jobs.institution_months.run(table.reverse())
    assert whole.sort(whole.columns).equals(turned.sort(turned.columns))
    discharges = whole.filter(pl.col("rule") == "discharges")
    assert discharges["numerator"].sum() == len(rows)


@settings(max_examples=8)
@given(row=STAY)
def test_one_record_gives_what_the_table_gives(row: dict[str, Any]) -> None:
    one = stays(flat([row]))
    month = f"{row['discharged_on']:%Y-%m}"
    found = {line["rule"]: line for line in jobs.institution_months.run(one).iter_rows(named=True)}
    bundle = facts(flat([row]), years=(2024, 2025))
    for rule in STAYS:
        rows = jobs.rows_of(bundle, version(rule.name), COUNTY, period_of(month))
        assert rows is not None and isinstance(RULES[rule.name], RowRule)
        line = found.get(rule.name)
        assert (line is not None) == bool(rows.height)
        if line is not None:
            own = rows.row(0, named=True)
            assert (line["numerator"], line["denominator"]) == (own["numerator"] or 0, own["denominator"] or 0)
            assert (line["row_count"], line["missing_count"]) == (not own["is_missing"], own["is_missing"])


@given(
    above=st.integers(-(10**17), 10**17),
    below=st.integers(1, 10**14),
    multiplier=st.sampled_from([1, 100, 1000, 100_000]),
    name=st.sampled_from(["case_mix_index", "cost_per_discharge", "drug_share"]),
)
def test_the_quotient_of_a_column_is_that_of_a_number(above: int, below: int, multiplier: int, name: str) -> None:
    rule = RULES[name]
    expected = value_e6(above, below, multiplier, rule)
    if abs(expected) < 2**62:
        factor = multiplier * 1_000_000 * rule.denominator_quantity.scale
        given_row = {"above": [above], "below": [below], "factor": [factor], "scale": [rule.numerator_quantity.scale]}
        found = pl.DataFrame(given_row).select(
            value_e6_expr(pl.col("above"), pl.col("below"), pl.col("factor"), pl.col("scale"))
        )
        assert found.item() == expected


@pytest.mark.parametrize(
    ("need", "rule", "reason"),
    [
        (Need.OUTSIDE_STAY, "in_county_inpatient_share", Reason.NO_OUTSIDE_STAYS),
        (Need.OPERATION_LEVELS, "high_level_operation_share", Reason.NO_OPERATION_LEVELS),
        (Need.STAFF, "doctors_per_1000", Reason.NO_STAFF),
        (Need.RESIDENTS, "doctors_per_1000", Reason.NO_RESIDENTS),
        (Need.LOW_RISK, "low_risk_mortality", Reason.NO_LOW_RISK),
    ],
)
def test_what_lacks_its_facts_says_so_and_is_never_a_number(need: Need, rule: str, reason: Reason) -> None:
    found = values(facts([{}], available=frozenset(Need) - {need}), version(rule))
    assert set(found) == {COUNTY}
    assert (found[COUNTY]["reason"], found[COUNTY]["value_e6"]) == (reason.value, None)


def test_outside_settlements_of_another_year_are_none_for_this_one() -> None:
    row = {"settlement_id": "X", "institution_code": "Z", "insured_place_code": "1", "fund_payment_fen": 1}
    away = pl.LazyFrame([row | {"discharged_on": date(2024, 5, 1)}], schema=tables.OUTSIDE_STAY.polars_schema())
    found = values(facts([{}], outside_stays=away), version("in_county_inpatient_share", 100))[COUNTY]
    assert found["reason"] == Reason.NO_OUTSIDE_STAYS.value


def test_a_definition_counts_its_institutions_alone() -> None:
    rows = [{}, {}, AT_TOWNSHIP, {"is_public": False}]
    counts = {
        chosen: values(facts(rows), version("discharges", institutions=chosen))[COUNTY]["numerator"]
        for chosen in InstitutionSet
    }
    assert counts == {
        InstitutionSet.ALL: 4, InstitutionSet.HOSPITALS: 3, InstitutionSet.PRIMARY: 1, InstitutionSet.PUBLIC: 3,
        InstitutionSet.PUBLIC_HOSPITALS: 2,
    }  # fmt: skip


def test_a_stay_belongs_to_the_group_of_its_day() -> None:
    from sanyi.governance.indicators.rules.computing.preparing import finished

    rows = stays([{"discharged_on": date(2025, 3, day)} for day in (1, 2, 31)]).drop(
        "group_code", "hospital_level", "is_hospital", "is_primary", "is_public", "is_tcm", "is_low_risk"
    )
    institutions = pl.DataFrame(
        [{"institution_code": HOSPITAL, "kind": "county_hospital", "hospital_level": "2"}],
        schema=tables.INSTITUTION.polars_schema(),
    )
    members = pl.DataFrame(
        [(HOSPITAL, "G1", date(2025, 1, 1), date(2025, 3, 1)), (HOSPITAL, "G2", date(2025, 3, 2), None)],
        tables.MEMBERSHIP.polars_schema(),
        orient="row",
    )
    groups = pl.DataFrame(schema={"scheme": pl.String, "drg": pl.String})
    found = finished(rows.lazy(), institutions, members, groups).sort("discharged_on").collect()
    assert found["group_code"].to_list() == ["G1", "G2", "G2"]


@pytest.mark.parametrize(("days", "expected"), [(0, True), (31, True), (32, False)])
def test_a_readmission_is_one_within_its_days(days: int, expected: bool) -> None:
    first = date(2025, 1, 8)
    rows = [
        {"admitted_on": first - timedelta(days=7), "discharged_on": first},
        {"admitted_on": first + timedelta(days=days), "discharged_on": first + timedelta(days=days + 5)},
        {"person_id": "Q", "admitted_on": first, "discharged_on": first + timedelta(days=100)},
        {"person_id": None, "admitted_on": first, "discharged_on": first},
    ]
    table = stays(rows).drop("is_readmitted", "is_followed").lazy()
    found = with_readmissions(table, 31).sort("settlement_id").collect()
    assert found["is_readmitted"].to_list() == [expected, False, False, None]
    assert found["is_followed"].to_list() == [True, True, False, True]


def test_staff_of_the_last_day_over_the_latest_count_of_residents() -> None:
    def somebody(name: str, kind: str, starts_on: date, ends_on: date | None, **given: Any) -> dict[str, Any]:
        plain = {
            "staff_id": name, "kind": kind, "is_general_practitioner": False, "title_level": None,
            "institution_code": HOSPITAL, "is_primary": False, "relation": "primary", "home_level": "2",
        }  # fmt: skip
        return plain | {"starts_on": starts_on, "ends_on": ends_on} | given

    early = date(2020, 1, 1)
    staff = pl.LazyFrame(
        [
            somebody("A", "doctor", early, None),
            somebody("A", "doctor", early, None, relation="additional", institution_code=TOWNSHIP),
            somebody("B", "assistant_doctor", early, date(2025, 12, 31)),
            somebody("C", "doctor", early, date(2025, 12, 30)),
            somebody("D", "doctor", date(2026, 1, 1), None),
            somebody("E", "nurse", early, None),
            somebody("F", "doctor", early, None, is_general_practitioner=True),
        ],
        schema=tables.STAFF_FACT.polars_schema(),
    )
    counts = [("census_resident", 2020, 900), ("resident", 2024, 2_000), ("resident", 2026, 9_000)]
    residents = pl.LazyFrame(
        [{"place_code": "1", "base": base, "counted_on": date(year, 6, 30), "person_count": count}
         for base, year, count in counts],
        schema=tables.RESIDENT_COUNT.polars_schema(),
    )  # fmt: skip
    known = facts([], staff=staff, residents=residents)
    doctors = values(known, version("doctors_per_1000", 1000))[COUNTY]
    assert (doctors["numerator"], doctors["denominator"], doctors["basis"]) == (3, 2_000, "resident 2024-06-30")
    assert doctors["value_e6"] == 1_500_000
    assert values(known, version("nurses_per_1000", 1000))[COUNTY]["value_e6"] == 500_000
    general = values(known, version("general_practitioners_per_10000", 10_000))[COUNTY]
    assert (general["value_e6"], general["row_count"], general["missing_count"]) == (5_000_000, 3, 0)
    unknown = staff.with_columns(is_general_practitioner=pl.lit(None, dtype=pl.Boolean))
    nobody = facts([], staff=unknown, residents=residents)
    found = values(nobody, version("general_practitioners_per_10000", 10_000, limit_bp=500))[COUNTY]
    assert found["reason"] == Reason.TOO_MUCH_MISSING.value  # licences without a category are no licences of others
