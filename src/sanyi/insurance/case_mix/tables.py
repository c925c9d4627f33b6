"""病例组合表: one row of figures per institution, department, doctor, group or tier."""

from __future__ import annotations

from sanyi.insurance.case_mix.codes import Verdict
from sanyi.insurance.grouping.tables import PERFORMANCE
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, INTEGER, DATE = ColumnType.CODE, ColumnType.INTEGER, ColumnType.DATE
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
        Column("operation_count", "手术病例", "Stays with an operation", INTEGER, unit="例", minimum=0),
        Column("operation_high_count", "三四级手术病例", "Stays with one of level 3–4", INTEGER, unit="例", minimum=0),
        _e6("operation_high_e6", "三四级手术占比", "Share of level 3–4"),
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

OPERATION_LEVEL = TableContract(
    name="operation_level",
    zh="手术级别目录",
    en="Levels of operations",
    version="1",
    columns=(
        Column(
            "procedure_code",
            "手术操作编码",
            "Procedure",
            CODE,
            is_required=True,
            max_length=32,
            help_zh="医保版 2.0 手术操作编码，逐字比较。",
            help_en="Code of the insurance edition 2.0, letter by letter.",
        ),
        Column(
            "level",
            "手术级别",
            "Level",
            INTEGER,
            is_required=True,
            minimum=1,
            maximum=4,
            help_zh="1 至 4，或一级至四级。",
            help_en="1 to 4, or 一级 to 四级.",
        ),
        Column("starts_on", "启用日期", "From", DATE, is_required=True, help_zh="第一天。", help_en="The first day."),
        Column("ends_on", "停用日期", "To", DATE, help_zh="最后一天；空白表示仍然有效。", help_en="The last day."),
        Column(
            "basis",
            "依据",
            "Basis",
            ColumnType.TEXT,
            is_required=True,
            max_length=200,
            help_zh="公布该级别的文件和条款。",
            help_en="Document and clause that sets the level.",
        ),
    ),
    natural_key=("procedure_code", "starts_on"),
    description_zh="县提供的文件 SANYI_HOME/reference/operation-levels.csv：UTF-8 或 GBK 编码，第一行为列名；"
    "有任何一处错误时整张目录都不使用。",
    description_en="A file the county brings, SANYI_HOME/reference/operation-levels.csv: UTF-8 or GBK, the names of "
    "columns in the first row; not used at all while anything in it is wrong.",
)
