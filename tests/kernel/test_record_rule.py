"""Record rules: plain functions on frozen records, and their columns."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import polars as pl
import pytest

from sanyi.kernel.policy import PolicyValue
from sanyi.kernel.record_rule import record_rule
from sanyi.kernel.refusals import RefusedError
from tests.kernel.sample_rules import BASIS, PAYMENT_PARAMS, Claim, Payment, payment, points_e2

ROW = {
    "tier_code": 1,
    "total_fen": 10_000_001,
    "own_fen": None,
    "discharged_on": date(2025, 1, 1),
    "diagnosis_codes": ["I10", "E11"],
}
RECORD = Claim(1, 10_000_001, None, date(2025, 1, 1), ("I10", "E11"))


def test_the_rule_is_callable_as_its_function() -> None:
    assert payment(RECORD, cap_fen=10**9, fund_share_bp=6_500) == Payment(
        6_500_001, "paid", ("I10",), is_capped=False, settled_on=date(2025, 1, 1)
    )


def test_a_row_becomes_the_record_and_the_result_columns() -> None:
    assert payment.record(ROW) == RECORD
    assert payment.apply(ROW, PAYMENT_PARAMS) == {
        "fund_fen": 5_000_000,
        "reason": "capped",
        "codes": ("I10",),
        "is_capped": True,
        "settled_on": date(2025, 1, 1),
    }
    assert points_e2.apply(ROW) == {"points_e2": 1_428_573}
    assert dict(payment.outputs) == {
        "fund_fen": pl.Int64(),
        "reason": pl.String(),
        "codes": pl.List(pl.String()),
        "is_capped": pl.Boolean(),
        "settled_on": pl.Date(),
    }


def test_policy_values_are_unwrapped_and_missing_ones_refused() -> None:
    cap = PolicyValue("a.b", 7, "fen", "甲", "", "", "0" * 12, date(2024, 1, 1), None, False, "", 1, "甲", "a")  # noqa: FBT003
    assert payment.apply(ROW, {**PAYMENT_PARAMS, "cap_fen": cap})["fund_fen"] == 7
    with pytest.raises(RefusedError) as refused:
        payment.apply(ROW, {"cap_fen": 1})
    assert refused.value.refusals[0].code == "rule.parameter_missing"
    with pytest.raises(RefusedError):
        payment.apply(ROW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tier_code": None}, "rule.input_missing"),
        ({"diagnosis_codes": None}, "rule.input_missing"),
        ({"tier_code": "1"}, "rule.input_of_wrong_type"),
        ({"tier_code": True}, "rule.input_of_wrong_type"),
        ({"tier_code": 1.0}, "rule.input_of_wrong_type"),
        ({"own_fen": 1.5}, "rule.input_of_wrong_type"),
        ({"discharged_on": datetime(2025, 1, 1)}, "rule.input_of_wrong_type"),
        ({"discharged_on": "2025-01-01"}, "rule.input_of_wrong_type"),
        ({"diagnosis_codes": "I10"}, "rule.input_of_wrong_type"),
        ({"diagnosis_codes": [1]}, "rule.input_of_wrong_type"),
    ],
)
def test_missing_and_wrongly_typed_fields_are_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        payment.record({**ROW, **change})
    assert [(refusal.code, refusal.place.column) for refusal in refused.value.refusals] == [(code, next(iter(change)))]


def test_all_bad_fields_are_named_together() -> None:
    with pytest.raises(RefusedError) as refused:
        payment.record({})
    assert len(refused.value.refusals) == 4


class Tier(StrEnum):
    LOW = "low"


@dataclass(frozen=True)
class Seen:
    at: datetime
    tier: Tier


def test_instants_and_enums_are_allowed() -> None:
    @record_rule("test.seen", version="1", zh="甲", basis=BASIS)
    def seen(record: Seen) -> str | None:
        return record.tier.value if record.at.hour else None

    assert seen.apply({"at": datetime(2025, 1, 1, 5), "tier": Tier.LOW}) == {"seen": "low"}
    assert dict(seen.fields) == {"at": (pl.Datetime("us"), False), "tier": (pl.String(), False)}


def test_the_digest_follows_the_source() -> None:
    assert len(payment.digest) == 64
    assert payment.digest != points_e2.digest


@dataclass
class Loose:
    amount_fen: int


@dataclass(frozen=True)
class Fraction:
    share: float


def on_loose(record: Loose) -> int:
    return 1


def on_number(record: int) -> int:
    return 1


def on_fraction(record: Fraction) -> int:
    return 1


def to_fraction(record: Claim) -> float:
    return 1.0


def positional(record: Claim, cap_fen: int) -> int:
    return 1


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (on_loose, "not a frozen dataclass"),
        (on_number, "not a frozen dataclass"),
        (on_fraction, "not a whole number"),
        (to_fraction, "not a whole number"),
        (positional, "keyword-only"),
    ],
)
def test_a_badly_declared_rule_is_a_fault(function, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TypeError, match=words):
        record_rule("test.bad", version="1", zh="甲", basis=BASIS)(function)


def test_a_rule_needs_a_name_and_a_basis() -> None:
    with pytest.raises(ValueError, match="zh and basis"):
        record_rule("test.bad", version="1", zh="甲", basis=" ")(on_number)


def test_a_union_of_two_types_is_a_fault() -> None:
    def either(record: Claim) -> int | str:
        return 1

    with pytest.raises(TypeError, match="not a whole number"):
        record_rule("test.bad", version="1", zh="甲", basis=BASIS)(either)
