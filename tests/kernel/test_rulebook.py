"""Rulebooks: every step kept, the trace, missing policy, unknown results, and badly declared ones."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from sanyi.kernel.policy import PolicyValue
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.rulebook import Rulebook, Step, rulebook_for, step
from sanyi.kernel.tables import Column, ColumnType
from tests.kernel.sample_rules import BASIS, BENEFIT, BENEFIT_PARAMS, CLAIM

ROW: dict[str, Any] = {
    "claim_id": "A",
    "tier_code": 2,
    "total_fen": 1_000_000,
    "own_fen": None,
    "admitted_on": date(2025, 3, 1),
    "discharged_on": date(2025, 3, 4),
    "diagnosis_codes": ["I10", "E11"],
}
FRAME = pl.DataFrame([ROW, {**ROW, "claim_id": "B", "tier_code": 3, "diagnosis_codes": None}], CLAIM.polars_schema())


def policy(key: str, value: Any, *, is_assumed: bool = False) -> PolicyValue:
    return PolicyValue(
        key, value, "fen", "甲", "", "", "0" * 12, date(2024, 1, 1), None, is_assumed, "a.yaml", 1, "甲", "a"
    )


def test_every_step_is_kept_behind_the_inputs() -> None:
    result = BENEFIT.run(FRAME.with_columns(other=1), BENEFIT_PARAMS)
    assert result.columns == [*CLAIM.column_names, "other", *BENEFIT.step_names]
    assert result.select(BENEFIT.step_names).rows() == [
        (1_000_000, 40_000, 960_000, 624_000, 333_333, "I10"),
        (1_000_000, 80_000, 920_000, 598_000, 333_333, None),
    ]


def test_the_trace_names_each_step_with_value_basis_and_what_it_was_made_of() -> None:
    params = {**BENEFIT_PARAMS, "fund_share_bp": policy("a.fund_share_bp", 6_500, is_assumed=True)}
    lines = BENEFIT.explain(ROW, params)
    assert [line.step for line in lines] == list(BENEFIT.step_names)
    fund = lines[3]
    assert (fund.zh, fund.value, fund.unit, fund.basis) == ("统筹支付", 624_000, "fen", BASIS)
    assert fund.inputs == {"over_deductible_fen": 960_000, "fund_share_bp": 6_500}
    assert [value.key for value in fund.policy] == ["a.fund_share_bp"]
    assert fund.is_assumed
    assert not lines[0].is_assumed
    assert lines[0].inputs == {"total_fen": 1_000_000, "own_fen": None}


def test_a_record_may_leave_out_what_may_be_missing_and_nothing_else() -> None:
    without = {name: value for name, value in ROW.items() if name not in ("own_fen", "diagnosis_codes")}
    assert BENEFIT.explain(without, BENEFIT_PARAMS)[-1].value is None
    with pytest.raises(RefusedError) as refused:
        BENEFIT.explain({"claim_id": "A"}, BENEFIT_PARAMS)
    assert {refusal.code for refusal in refused.value.refusals} == {"table.value_missing"}
    assert len(refused.value.refusals) == 4


def test_missing_policy_is_refused_naming_rulebook_and_step() -> None:
    with pytest.raises(RefusedError) as refused:
        BENEFIT.run(FRAME, {})
    found = [(refusal.values["step"], refusal.values["parameter"]) for refusal in refused.value.refusals]
    assert found == [("deductible_fen", "deductible_by_tier_fen"), ("fund_payment_fen", "fund_share_bp")]
    assert "规则“test.benefit”的步骤“deductible_fen”" in refused.value.refusals[0].message()
    assert BENEFIT.parameters == ("deductible_by_tier_fen", "fund_share_bp")
    with pytest.raises(RefusedError):
        BENEFIT.run(FRAME)


def test_inputs_are_held_against_their_contract_first() -> None:
    bad = FRAME.with_columns(tier_code=pl.Series([2, None]))
    with pytest.raises(RefusedError) as refused:
        BENEFIT.run(bad, BENEFIT_PARAMS)
    assert [(r.code, r.place.row, r.place.column) for r in refused.value.refusals] == [
        ("table.value_missing", 2, "tier_code")
    ]


def test_a_step_without_a_result_is_refused_with_its_row() -> None:
    @step(zh="比", basis=BASIS)
    def ratio_e2() -> pl.Expr:
        return pl.when(pl.col("total_fen") != 0).then(pl.lit(100))

    book = Rulebook("test.ratio", "1", inputs=CLAIM, steps=(ratio_e2,))
    with pytest.raises(RefusedError) as refused:
        book.run(FRAME.with_columns(total_fen=pl.Series([5, 0])))
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.place.row, refusal.place.column) == ("rule.result_unknown", 2, "ratio_e2")
    assert "“比”（ratio_e2）有1行算不出结果" in refusal.message()
    may_be_missing = replace(ratio_e2, may_be_missing=True)
    assert Rulebook("test.ratio", "1", inputs=CLAIM, steps=(may_be_missing,)).run(FRAME).height == 2


def test_inputs_may_be_bare_columns() -> None:
    @step(zh="加一", basis=BASIS)
    def more_count() -> pl.Expr:
        return pl.col("some_count") + 1

    columns = (Column("some_count", "数", "count", ColumnType.INTEGER, is_required=True),)
    book = Rulebook("test.more", "1", inputs=columns, steps=[more_count])  # type: ignore[arg-type]
    assert book.inputs.name == "test.more.inputs"
    assert book.run(pl.DataFrame({"some_count": [1]}))["more_count"].to_list() == [2]


def test_a_parameter_may_be_a_column_when_policy_changes_within_the_table() -> None:
    params = {**BENEFIT_PARAMS, "fund_share_bp": pl.when(pl.col("claim_id") == "A").then(5_000).otherwise(6_000)}
    assert BENEFIT.run(FRAME, params)["fund_payment_fen"].to_list() == [480_000, 552_000]


def declared(name: str, expr: pl.Expr) -> Step:
    return Step(name, "甲", BASIS, "", lambda: expr, ())


def test_a_step_that_gives_fractions_is_a_fault() -> None:
    book = Rulebook("test.float", "1", inputs=CLAIM, steps=(declared("half_fen", pl.col("total_fen") / 2),))
    with pytest.raises(TypeError, match="test.float.half_fen gives Float64"):
        book.run(FRAME)


def test_a_step_that_uses_an_unknown_column_is_a_fault() -> None:
    book = Rulebook("test.unknown", "1", inputs=CLAIM, steps=(declared("x_fen", pl.col("later_fen")),))
    with pytest.raises(TypeError, match=r"test.unknown.x_fen uses \['later_fen'\]"):
        book.run(FRAME)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "no steps"),
        ((declared("total_fen", pl.lit(1)),), "stand twice"),
        ((declared("a", pl.lit(1)), declared("a", pl.lit(1))), "stand twice"),
    ],
)
def test_a_badly_declared_rulebook_is_a_fault(steps: tuple[Step, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Rulebook("test.bad", "1", inputs=CLAIM, steps=steps)


@pytest.mark.parametrize(("zh", "basis"), [(" ", BASIS), ("甲", "")])
def test_a_step_needs_a_name_and_a_basis(zh: str, basis: str) -> None:
    with pytest.raises(ValueError, match="zh and basis"):
        step(zh=zh, basis=basis)(lambda: pl.lit(1))


def test_the_digest_follows_name_version_inputs_and_source() -> None:
    assert BENEFIT.digest == replace(BENEFIT).digest
    assert BENEFIT.digest != replace(BENEFIT, version="2").digest
    assert BENEFIT.digest != replace(BENEFIT, steps=BENEFIT.steps[:-1]).digest


def test_when_a_formula_changes_the_date_chooses_the_version() -> None:
    old = replace(BENEFIT, version="2024", ends_on=date(2024, 12, 31))
    new = replace(BENEFIT, version="2025", starts_on=date(2025, 1, 1))
    assert rulebook_for((old, new), date(2024, 12, 31)) is old
    assert rulebook_for((old, new), date(2025, 1, 1)) is new
    for books in ((old,), (new, new), ()):
        with pytest.raises(RefusedError) as refused:
            rulebook_for(books, date(2025, 1, 1))
        assert refused.value.refusals[0].code == "rule.rulebook_not_one"


def test_the_lazy_form_gives_the_same_columns() -> None:
    lazy = BENEFIT.lazy(FRAME.lazy(), BENEFIT_PARAMS).collect()
    assert lazy.equals(BENEFIT.run(FRAME, BENEFIT_PARAMS))
