"""A policy value that cannot be used is refused with its key; it never counts as something else."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.insurance.payment.jobs.settling import settle_stays
from sanyi.insurance.payment.rules import capitation, corridor
from sanyi.insurance.payment.rules.pools import pools_of
from sanyi.kernel.refusals import RefusedError
from tests.insurance.payment import years

POINT: dict[str, Any] = {"drg_form": "point", "pool_basis": "fund", "pools": [{"pool": "drg", "fund_fen": 100}]}
LIMITS: dict[str, Any] = {"reference": "standard", "low_bp": 1, "high_bands": [{"high_bp": 2}], "high_share_bp": 3}


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("drg_form", {"drg_form": "rates"}),
        ("fund_form", {"fund_form": "F3"}),
        ("special_case_form", POINT | {"special_case_form": "yuan"}),
        ("method_order", {"method_order": {"id": "1"}}),
        ("method_order", {"method_order": [{"id": "1", "method": "drgs"}]}),
        ("method_order", {"method_order": [{"method": "drg"}]}),
        ("method_order", {"method_order": [{"id": "1", "method": "drg", "when": {"catalogue": "drg"}}]}),
        ("rates", {"rates": [{"tiers": [2]}]}),
        ("rates", {"rates": [{"rate_e6": "10"}]}),
        ("weights", {"weights": ["FV25"]}),
        ("coefficient_form", {"coefficient_form": {"form": "sum"}}),
        ("coefficient_bounds", {"coefficient_bounds": {"low_e6": 1}}),
        ("outlier", {"outlier": LIMITS | {"reference": "median"}}),
        ("outlier", {"outlier": LIMITS | {"high_bands": [{"weight_to_e6": 1, "high_bp": 2}]}}),
        ("outlier", {"outlier": LIMITS | {"low_bp": None}}),
        ("same_price_groups", {"same_price_groups": {"anchor_tier": 1}}),
        ("quota_groups", {"quota_groups": {"groups": [{"group": "FV25", "quota": 1}]}}),
        ("single_disease", {"single_disease": ["I10"]}),
        ("single_disease", {"single_disease": {"rows": [{"id": "D1", "prices": [{"price_fen": 1}]}]}}),
        ("pool_basis", POINT | {"pool_basis": "costs"}),
        ("pools", POINT | {"pools": [{"pool": "drg"}]}),
        ("per_diem", {"method_order": [{"id": "1", "method": "per_diem"}],
                      "per_diem": [{"id": "p", "stages": [{"to_day": 9, "rate_fen": 1}]}]}),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_key(key: str, values: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        settle_stays(years.stays({}).lazy(), years.institutions(), years.rules(**values))
    first = refused.value.refusals[0]
    assert first.code == "payment.value_wrong"
    assert f"insurance.payment.{key}" in first.message("zh")


@pytest.mark.parametrize(
    "terms",
    [{"base_fen": 1}, {"base_fen": 1, "prepay_bp": 1, "retain_bp": 1, "fund_share_bp": 1, "factors": [{"age": 1}]}],
)
def test_wrong_terms_of_capitation_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        capitation.terms(years.rules(capitation=terms).editions[0])
    assert "insurance.payment.capitation" in refused.value.refusals[0].message("zh")


def test_conditions_of_the_order_of_methods() -> None:
    """Each condition lets through what it names and nothing else; an unknown field of a stay fits no condition."""
    conditions: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"any_diagnoses": ["J18"]}, {"diagnosis_codes": "I10.x00|J18.900"}),
        ({"procedures": ["47.0"]}, {"procedure_codes": "54.1|47.0100"}),
        ({"diagnoses": ["J18"]}, {"main_diagnosis_code": "J18.900"}),
        ({"discharge_ways": ["5"]}, {"discharge_way_code": "5"}),
        ({"group_status": ["歧义病案"]}, {"group_status": "歧义病案"}),
        ({"groups": ["BR25"]}, {"drg": "BR25"}),
        ({"age_from": 65}, {"age_years": 65}),
        ({"age_to": 6}, {"age_years": 6}),
        ({"days_to": 8}, {"length_of_stay_days": 8}),
        ({"insurance_types": ["310"]}, {"insurance_type_code": "310"}),
        ({"is_day_surgery": True}, {"is_day_surgery": True}),
        ({"has_weight": False}, {"weight_e6": None}),
        ({"consortia": ["G2"]}, {"institution_code": "H2"}),
    ]
    order = [
        {"id": str(number), "method": "fee_for_service", "when": when} for number, (when, _) in enumerate(conditions)
    ]
    places = years.institutions({}, {"institution_code": "H2", "consortium_code": "G2"})
    rows = [{}, *(row for _, row in conditions)]
    cases, _ = settle_stays(years.stays(*rows).lazy(), places, years.rules(method_order=order))
    found = dict(cases.select("settlement_id", "method_row").iter_rows())
    assert found == {"S1": None} | {f"S{number + 2}": str(number) for number in range(len(conditions))}


def test_small_things_of_pools_and_corridor() -> None:
    edition = years.rules(**POINT | {"dip_pools": [{"fund_fen": 1, "fund_share_bp": 7_000}]}).editions[0]
    drg, dip = pools_of(edition, None)
    assert (drg.name, drg.basis.value, dip.name, dip.basis.value) == ("drg", "fund", "dip", "total_cost")
    assert corridor.corridor_fen(5, 0, {"bands": [{"pay": "cost", "to_bp": 1}]}) == 0
