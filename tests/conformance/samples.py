"""Random records for the sample rules."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.kernel.sample_rules import BENEFIT, BENEFIT_PARAMS, PAYMENT_PARAMS, REFERRAL, payment, points_e2

amounts = st.one_of(st.integers(-200, 200), st.integers(-(10**11), 10**11))
days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
codes = st.lists(st.sampled_from(["I10", "E11.9", "J18.9", "O80"]), max_size=4)


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Any]:
    """住院费用: one record of the sample contract."""
    admitted_on, discharged_on = sorted((draw(days), draw(days)))
    return {
        "tier_code": draw(st.sampled_from([1, 2, 3])),
        "total_fen": draw(amounts),
        "own_fen": draw(st.none() | amounts),
        "admitted_on": admitted_on,
        "discharged_on": discharged_on,
        "diagnosis_codes": draw(codes),
    }


facts = st.fixed_dictionaries(
    {
        "age_years": st.integers(0, 150),
        "is_emergency": st.booleans(),
        "grade_code": st.sampled_from(["mild", "middle", "severe", None]),
        "seen_on": st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    }
)
RULES: dict[str, tuple[Any, dict[str, Any], Any]] = {
    "rulebook": (BENEFIT, BENEFIT_PARAMS, claims()),
    "record rule": (payment, PAYMENT_PARAMS, claims()),
    "record rule with one value": (points_e2, {}, claims()),
    "decision table": (REFERRAL, {}, facts),
}


def schema(rule: Any) -> Any:
    """列: of the records a rule takes."""
    return REFERRAL.contract.polars_schema() if rule is REFERRAL else BENEFIT.inputs.polars_schema()


def outputs(rule: Any) -> list[str]:
    """结果列: of a rule."""
    if rule is BENEFIT:
        return list(BENEFIT.step_names)
    return [one.name for one in rule.outputs] if rule is REFERRAL else list(rule.outputs)
