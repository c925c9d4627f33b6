"""Table rules: whole groups, contract in and contract out."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.table_rule import table_rule
from tests.kernel.sample_rules import BASIS, MEMBER, SHARE, share

PARAMS = {"retained_bp": 1_000}


def members(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=MEMBER.polars_schema(), orient="row")


def test_each_group_is_seen_whole() -> None:
    table = members(("x", "1", 1, 1000), ("y", "1", 1, 7), ("x", "2", 2, 1000), ("x", "3", 0, 1000))
    assert share.run(table, PARAMS).rows() == [("x", "1", 300), ("x", "2", 600), ("x", "3", 0), ("y", "1", 7)]
    assert share.run(MEMBER.empty(), PARAMS).equals(SHARE.empty())


@given(st.permutations([("x", str(n), n % 3 + 1, 1001) for n in range(6)] + [("y", "1", 1, 5)]))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[str, str, int, int]]) -> None:
    expected = share.run(members(*sorted(rows)), PARAMS)
    assert share.run(members(*rows), PARAMS).sort("consortium_code", "member_code").equals(expected)


def test_inputs_policy_and_group_key_are_required() -> None:
    with pytest.raises(RefusedError, match="缺少政策参数“retained_bp”"):
        share.run(members(("x", "1", 1, 1)))
    with pytest.raises(RefusedError, match="小于下限0"):
        share.run(members(("x", "1", -1, 1)), PARAMS)
    with pytest.raises(RefusedError, match="缺少“分值”"):
        share.run(members(("x", "1", 1, 1)).drop("points_count"), PARAMS)
    with pytest.raises(RefusedError) as refused:
        share._require_keys(members((None, "1", 1, 1)))  # type: ignore[arg-type]  # noqa: SLF001
    assert refused.value.refusals[0].code == "rule.group_key_missing"


def test_a_result_that_breaks_its_contract_is_a_fault() -> None:
    def wrong(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select("consortium_code", "member_code", share_fen=pl.lit(None, dtype=pl.Int64))

    rule = table_rule("test.wrong", version="1", zh="甲", basis=BASIS, inputs=MEMBER, outputs=SHARE)(wrong)
    with pytest.raises(AssertionError, match="test.wrong broke its own contract"):
        rule.run(members(("x", "1", 1, 1)))


def test_a_badly_declared_rule_is_a_fault() -> None:
    with pytest.raises(ValueError, match="zh and basis"):
        table_rule("test.bad", version="1", zh="", basis=BASIS, inputs=MEMBER, outputs=SHARE)(lambda frame: frame)
    with pytest.raises(ValueError, match="is no input"):
        table_rule("test.bad", version="1", zh="甲", basis=BASIS, inputs=MEMBER, outputs=SHARE, group_key=("z",))(
            lambda frame: frame
        )


def test_the_digest_follows_the_source() -> None:
    assert len(share.digest) == 64
