"""DIP 目录表: the rows of a catalogue, the means of each tier, and the factors of the auxiliary catalogues."""

from __future__ import annotations

from sanyi.insurance.dip.codes import Dimension, RowKind, Treatment
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, TEXT, INTEGER, FEN = ColumnType.CODE, ColumnType.TEXT, ColumnType.INTEGER, ColumnType.FEN
E6_MAX, SCORE_MAX = 10**15, 10**13


def _count(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, INTEGER, unit="例", minimum=0)


CATALOGUE_ROW = TableContract(
    name="dip_catalogue_row",
    zh="DIP 病种",
    en="Diseases of a DIP catalogue",
    version="1",
    columns=(
        Column("row", "病种编码", "Code", CODE, is_required=True, max_length=400),
        Column("kind", "病种类型", "Kind", CODE, is_required=True, choices=RowKind.mapping()),
        Column("name", "病种名称", "Disease", TEXT, max_length=2_000),
        Column("category", "诊断类目、节或规则", "Category, section or rule", CODE, is_required=True, max_length=40,
               help_zh="核心病种为四位类目，综合病种为节或三位类目，先期分组病种为规则编号。",
               help_en="Four characters for a core disease, a section for a mixed group, the rule for a pre-group."),
        Column("main_procedure", "主要手术操作", "Main procedure", TEXT, max_length=64,
               help_zh="保守治疗为空。", help_en="Empty for conservative treatment."),
        Column("related", "相关手术操作", "Related procedures", TEXT, max_length=2_000,
               help_zh="以“+”分隔。", help_en="Joined by +."),
        Column("treatment", "治疗属性", "Treatment", CODE, choices=Treatment.mapping()),
        Column("score_e4", "病种分值", "Score", INTEGER, unit="万分之一", minimum=0, maximum=SCORE_MAX),
        Column("weight_e6", "RW", "RW", INTEGER, unit="百万分之一", minimum=0, maximum=E6_MAX),
        Column("mean_fen", "加权均费", "Weighted mean", FEN, unit="分", minimum=0),
        Column("cv_e6", "变异系数", "CV", INTEGER, unit="百万分之一", minimum=0, maximum=E6_MAX),
        _count("stay_count", "三年病例数", "Stays of three years"),
        _count("kept_count", "计入病例数", "Stays counted"),
        Column("years", "有病例的年份", "Years with stays", TEXT, max_length=40),
        Column("primary_share_bp", "基层病例占比", "Share of primary institutions", INTEGER, unit="万分比", minimum=0,
               maximum=10_000),
        Column("is_basic", "基层病种", "Primary-care disease", ColumnType.BOOLEAN, is_required=True),
    ),
    natural_key=("row",),
)  # fmt: skip

DISEASE_MEAN = TableContract(
    name="dip_disease_mean",
    zh="病种上年均费",
    en="Last year's means of diseases by tier",
    version="1",
    columns=(
        Column("row", "病种编码", "Code", CODE, is_required=True, max_length=400),
        Column("tier", "医疗机构级别", "Tier", INTEGER, is_required=True, minimum=0, maximum=3),
        _count("stay_count", "病例数", "Stays"),
        Column("mean_fen", "上年均费", "Mean of last year", FEN, unit="分", is_required=True, minimum=1),
    ),
    natural_key=("row", "tier"),
)

DISEASE_FACTOR = TableContract(
    name="dip_disease_factor",
    zh="病种辅助系数",
    en="Factors of the auxiliary catalogues",
    version="1",
    columns=(
        Column("row", "病种编码", "Code", CODE, is_required=True, max_length=400),
        Column("dimension", "辅助目录", "Auxiliary catalogue", CODE, is_required=True, choices=Dimension.mapping()),
        Column("subtype", "分类", "Class", CODE, is_required=True, max_length=40),
        _count("stay_count", "病例数", "Stays"),
        Column("factor_e6", "辅助系数", "Factor", INTEGER, unit="百万分之一", is_required=True, minimum=1,
               maximum=E6_MAX),
    ),
    natural_key=("row", "dimension", "subtype"),
)  # fmt: skip
