"""权重测算表: the stays that go in, and one row per group that comes out."""

from __future__ import annotations

from sanyi.insurance.relative_weights.codes import State
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, INTEGER, FEN = ColumnType.CODE, ColumnType.INTEGER, ColumnType.FEN
E6_MAX = 10**15

WEIGHT_BASE = TableContract(
    name="weight_base",
    zh="权重测算病例",
    en="Stays that weights are computed from",
    version="1",
    columns=(
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64),
        Column("drg", "病种组", "DRG", CODE, is_required=True, max_length=16),
        Column("total_fen", "医疗费用总额", "Total charge", FEN, unit="分", is_required=True, minimum=0),
        Column("length_of_stay_days", "住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=36_500),
        Column("stay_minutes", "住院时长", "Time in hospital", INTEGER, unit="分钟", minimum=0,
               help_zh="出院时间减入院时间。", help_en="Discharge minus admission."),
        Column("discharge_way_code", "离院方式", "Way of discharge", CODE, max_length=8, standard_code="dscg_way"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
)  # fmt: skip


def _count(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, INTEGER, unit="例", is_required=True, minimum=0)


def _e6(name: str, zh: str, en: str, minimum: int | None = 0) -> Column:
    return Column(name, zh, en, INTEGER, unit="百万分之一", minimum=minimum, maximum=E6_MAX)


RELATIVE_WEIGHT = TableContract(
    name="relative_weight",
    zh="测算权重",
    en="Computed relative weights",
    version="1",
    columns=(
        Column("run_number", "测算作业", "Run", INTEGER, is_required=True, minimum=0),
        Column("organisation_code", "发起机构", "Started by organisation", CODE, is_required=True, max_length=64),
        Column("scheme", "分组方案", "Grouping scheme", CODE, is_required=True, max_length=40),
        Column("drg", "病种组", "DRG", CODE, is_required=True, max_length=16),
        Column("state", "稳定性", "Stability", CODE, is_required=True, choices=State.mapping()),
        _count("stay_count", "病例数", "Stays"),
        _count("out_of_scope_count", "口径外病例", "Out of scope"),
        _count("trimmed_count", "裁剪病例", "Trimmed"),
        _count("kept_count", "计入病例", "Counted"),
        Column("cost_fen", "计入费用", "Cost counted", FEN, unit="分", is_required=True, minimum=0),
        Column("mean_fen", "次均费用", "Mean cost", FEN, unit="分", minimum=0),
        _e6("weight_e6", "测算权重", "Own weight"),
        _e6("cv_e6", "变异系数", "Coefficient of variation"),
        Column("low_bound_fen", "费用下限", "Lower bound", FEN, unit="分"),
        Column("high_bound_fen", "费用上限", "Upper bound", FEN, unit="分"),
        _e6("published_weight_e6", "公布权重", "Published weight"),
        _e6("difference_e6", "差异", "Difference", minimum=-E6_MAX),
        Column("own_rank", "测算位次", "Own rank", INTEGER, minimum=1),
        Column("published_rank", "公布位次", "Published rank", INTEGER, minimum=1),
        Column("rank_difference", "位次差", "Difference of ranks", INTEGER),
    ),
    natural_key=("run_number", "drg"),
    organisation_column="organisation_code",
    description_zh="一次测算一个病种组一行；有公布权重而没有病例的组也在其中。每次测算追加新行，旧结果不变。",
    description_en="One row per run and group, groups without stays included; old runs stay as they are.",
)
