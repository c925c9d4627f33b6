"""Sample rules of every shape, invented figures: what the kernel's tests run on one record, on tables and in Spark."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sanyi.kernel.dates import length_of_stay_days_expr
from sanyi.kernel.decision_table import DecisionTable
from sanyi.kernel.money import Rounding, divide, divide_half_up_expr, share_fen, share_fen_expr, split_fen
from sanyi.kernel.record_rule import record_rule
from sanyi.kernel.rulebook import Rulebook, step
from sanyi.kernel.table_rule import table_rule
from sanyi.kernel.tables import Column, ColumnType, TableContract

BASIS = "〔2024〕1号 第三条"
FEN, INTEGER, CODE = ColumnType.FEN, ColumnType.INTEGER, ColumnType.CODE

CLAIM = TableContract(
    "claim",
    "住院费用",
    "Claim",
    "1",
    (
        Column("claim_id", "编号", "number", CODE, is_required=True),
        Column("tier_code", "医院等级", "tier", INTEGER, is_required=True, choices={1: "一级", 2: "二级", 3: "三级"}),
        Column("total_fen", "总费用", "total", FEN, minimum=-(10**11), maximum=10**11, is_required=True),
        Column("own_fen", "自费", "own", FEN, minimum=-(10**11), maximum=10**11),
        Column("admitted_on", "入院", "admitted", ColumnType.DATE, is_required=True),
        Column("discharged_on", "出院", "discharged", ColumnType.DATE, is_required=True),
        Column("diagnosis_codes", "诊断", "diagnoses", ColumnType.CODES),
    ),
    natural_key=("claim_id",),
    event_date_column="discharged_on",
)


@step(zh="合规费用", basis=BASIS, unit="fen")
def eligible_fen() -> pl.Expr:
    return pl.col("total_fen") - pl.col("own_fen").fill_null(0)


@step(zh="起付线", basis=BASIS, unit="fen")
def deductible_fen(deductible_by_tier_fen: dict[str, int]) -> pl.Expr:
    return pl.col("tier_code").replace_strict(
        {int(tier): amount for tier, amount in deductible_by_tier_fen.items()}, return_dtype=pl.Int64
    )


@step(zh="超过起付线部分", basis=BASIS, unit="fen")
def over_deductible_fen() -> pl.Expr:
    return pl.max_horizontal(pl.col("eligible_fen") - pl.col("deductible_fen"), pl.lit(0, dtype=pl.Int64))


@step(zh="统筹支付", basis=BASIS, unit="fen")
def fund_payment_fen(fund_share_bp: int) -> pl.Expr:
    return share_fen_expr(pl.col("over_deductible_fen"), fund_share_bp, Rounding.HALF_UP)


@step(zh="日均费用", basis=BASIS, unit="fen_per_day")
def daily_fen() -> pl.Expr:
    days = length_of_stay_days_expr(pl.col("admitted_on"), pl.col("discharged_on"))
    return divide_half_up_expr(pl.col("total_fen"), days)


@step(zh="主要诊断", basis=BASIS, may_be_missing=True)
def main_diagnosis_code() -> pl.Expr:
    return pl.col("diagnosis_codes").list.first()


BENEFIT = Rulebook(
    "test.benefit",
    "1",
    inputs=CLAIM,
    steps=(eligible_fen, deductible_fen, over_deductible_fen, fund_payment_fen, daily_fen, main_diagnosis_code),
    zh="住院待遇",
)
BENEFIT_PARAMS = {"deductible_by_tier_fen": {"1": 20_000, "2": 40_000, "3": 80_000}, "fund_share_bp": 6_500}


@dataclass(frozen=True)
class Claim:
    tier_code: int
    total_fen: int
    own_fen: int | None
    discharged_on: date
    diagnosis_codes: tuple[str, ...]


@dataclass(frozen=True)
class Payment:
    fund_fen: int
    reason: str
    codes: tuple[str, ...]
    is_capped: bool
    settled_on: date | None


@record_rule("test.payment", version="1", zh="支付", basis=BASIS)
def payment(claim: Claim, *, cap_fen: int, fund_share_bp: int) -> Payment:
    """支付: the first reason that holds."""
    eligible = claim.total_fen - (claim.own_fen or 0)
    if not claim.diagnosis_codes:
        return Payment(0, "no diagnosis", (), is_capped=False, settled_on=None)
    fund = share_fen(eligible, fund_share_bp, Rounding.HALF_UP)
    reason = "capped" if fund > cap_fen else "paid"
    kept = claim.diagnosis_codes[: claim.tier_code]
    return Payment(min(fund, cap_fen), reason, kept, fund > cap_fen, claim.discharged_on)


@record_rule("test.points_e2", version="1", zh="分值", basis=BASIS)
def points_e2(claim: Claim) -> int:
    """分值: hundredths of a point."""
    return divide(claim.total_fen, 7, Rounding.HALF_EVEN) + claim.tier_code


PAYMENT_PARAMS = {"cap_fen": 5_000_000, "fund_share_bp": 6_500}

MEMBER = TableContract(
    "member",
    "成员",
    "Member",
    "1",
    (
        Column("consortium_code", "医共体", "consortium", CODE, is_required=True),
        Column("member_code", "成员", "member", CODE, is_required=True),
        Column("points_count", "分值", "points", INTEGER, minimum=0, is_required=True),
        Column("pool_fen", "总额", "pool", FEN, is_required=True),
    ),
    natural_key=("consortium_code", "member_code"),
)
SHARE = TableContract(
    "share",
    "分配",
    "Share",
    "1",
    (
        Column("consortium_code", "医共体", "consortium", CODE, is_required=True),
        Column("member_code", "成员", "member", CODE, is_required=True),
        Column("share_fen", "分得", "share", FEN, is_required=True),
    ),
    natural_key=("consortium_code", "member_code"),
)


@table_rule(
    "test.share", version="1", zh="结余分配", basis=BASIS, inputs=MEMBER, outputs=SHARE, group_key=("consortium_code",)
)
def share(members: pl.DataFrame, *, retained_bp: int) -> pl.DataFrame:
    pool = members["pool_fen"].item(0)
    parts = split_fen(pool - share_fen(pool, retained_bp, Rounding.DOWN), members["points_count"].to_list())
    return members.select("consortium_code", "member_code", pl.Series("share_fen", parts, dtype=pl.Int64))


REFERRAL = DecisionTable.load(Path(__file__).parent / "sample_tables" / "referral.yaml")
