"""病例组合表: one row of figures per institution, department, doctor, group or tier."""

from __future__ import annotations

from sanyi.insurance.case_mix.codes import Verdict
from sanyi.insurance.grouping.tables import PERFORMANCE
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, INTEGER = ColumnType.CODE, ColumnType.INTEGER
FIGURES = tuple(column for column in PERFORMANCE.columns if column.name != "institution_code")


def _count(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, INTEGER, unit="例", is_required=True, minimum=0)


def _e6(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, INTEGER, unit="百万分之一", minimum=0)


CASE_MIX = TableContract(
    name="case_mix",
    zh="病例组合分析",
    en="Case-mix analysis",
    version="1",
    columns=(
        Column("key", "标识", "Key", CODE, is_required=True, max_length=200),
        *FIGURES,
        _count("low_risk_count", "低风险组病例", "Stays in low-risk groups"),
        _count("low_risk_death_count", "低风险组死亡", "Deaths in low-risk groups"),
        _e6("low_risk_death_e6", "低风险组死亡率", "Low-risk mortality"),
        _count("cost_judged_count", "可判断费用倍率的病例", "Stays with a cost multiple"),
        _count("cost_high_count", "高倍率病例", "High-cost outliers"),
        _count("cost_low_count", "低倍率病例", "Low-cost outliers"),
        Column("death_verdict", "低风险死亡判断", "Verdict on deaths", CODE, choices=Verdict.mapping()),
        _e6("cost_lower_e6", "费用指数下限", "Lower limit of the cost index"),
        _e6("cost_upper_e6", "费用指数上限", "Upper limit of the cost index"),
        Column("cost_verdict", "费用指数判断", "Verdict on the cost index", CODE, choices=Verdict.mapping()),
    ),
    natural_key=("key",),
    description_zh="病例数、CMI、时间与费用消耗指数与分组绩效同一口径；其余由本表规定。",
    description_en="Stays, CMI and indices are those of grouping performance; the rest is defined here.",
)
