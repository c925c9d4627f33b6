"""DIP 病例表: what building and grouping read of a stay, and the columns that grouping adds."""

from __future__ import annotations

from sanyi.insurance.dip.codes import Reason
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, TEXT, INTEGER, FEN, DATE = (
    ColumnType.CODE,
    ColumnType.TEXT,
    ColumnType.INTEGER,
    ColumnType.FEN,
    ColumnType.DATE,
)
SCORE_MAX, E6_MAX = 10**13, 10**12

DIP_STAY = TableContract(
    name="dip_stay",
    zh="DIP 病例",
    en="Stays for DIP",
    version="1",
    columns=(
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64),
        Column("discharged_on", "出院日期", "Discharged on", DATE, is_required=True),
        Column("tier", "医疗机构级别", "Tier", INTEGER, minimum=0, maximum=3,
               help_zh="3、2、1，未定级为0；不明的为空。", help_en="3, 2, 1, 0 where ungraded; empty where unknown."),
        Column("diagnosis_codes", "诊断编码", "Diagnosis codes", TEXT, max_length=100_000,
               help_zh="主要诊断在前，以“|”分隔。", help_en="Main diagnosis first, separated by |."),
        Column("procedure_codes", "手术操作编码", "Procedure codes", TEXT, max_length=100_000,
               help_zh="主要手术操作在前，以“|”分隔。", help_en="Main procedure first, separated by |."),
        Column("age_years", "年龄", "Age", INTEGER, unit="岁", minimum=0, maximum=200),
        Column("length_of_stay_days", "住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=36_500),
        Column("discharge_way_code", "离院方式", "Discharge way", CODE, max_length=8),
        Column("newborn_weight_grams", "新生儿体重", "Newborn weight", INTEGER, unit="克", minimum=0, maximum=20_000),
        Column("total_fen", "医疗费用总额", "Total charge", FEN, unit="分", minimum=0),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
)  # fmt: skip

_ASSIGNED = (
    Column("dip_catalogue", "病种目录", "Catalogue", CODE, max_length=80),
    Column("dip_row", "病种编码", "Row of the catalogue", CODE, max_length=400),
    Column("dip_name", "病种名称", "Disease", TEXT, max_length=2_000),
    Column("dip_kind", "病种类型", "Kind", CODE, max_length=8),
    Column("dip_score_e4", "病种分值", "Score", INTEGER, unit="万分之一", minimum=0, maximum=SCORE_MAX,
           help_zh="未乘辅助系数。", help_en="Before the factor."),
    Column("dip_factor_e6", "辅助系数", "Factor", INTEGER, unit="百万分之一", minimum=0, maximum=E6_MAX),
    Column("dip_dimension", "辅助目录", "Auxiliary catalogue", CODE, max_length=16),
    Column("dip_class", "辅助目录分类", "Class", CODE, max_length=40),
    Column("dip_mean_fen", "上年同级均费", "Last year's mean at the tier", FEN, unit="分", minimum=0),
    Column("is_dip_basic", "是否基层病种", "Primary-care disease", ColumnType.BOOLEAN),
    Column("is_dip_assumed", "是否用到推定值", "Uses assumed values", ColumnType.BOOLEAN),
    Column("dip_step", "入组步骤", "Step that decided", CODE, max_length=24),
    Column("dip_trace", "分组轨迹", "Trace", TEXT, max_length=4_000,
           help_zh="依次起作用的规则行和目录行，以“ > ”分隔。", help_en="Rules and the row, in the order they worked."),
    Column("dip_reason", "不入组原因", "Why there is no row", CODE, max_length=24, choices=Reason.mapping()),
)  # fmt: skip
ASSIGNED_COLUMNS = tuple(column.name for column in _ASSIGNED)

ASSIGNED = TableContract(
    name="dip_assigned",
    zh="DIP 分组结果",
    en="Stays with their DIP score",
    version="1",
    columns=(
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64),
        *_ASSIGNED,
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    description_zh="一例一行；没有入组的写明原因，分值为空，不作零计。",
    description_en="One row per stay; without a row of the catalogue the reason stands there and the score is empty.",
)
