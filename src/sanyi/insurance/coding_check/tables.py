"""编码质控表: the shipped limits of codes, read once, and the contracts of a record to check and of its findings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from sanyi.insurance.coding_check.codes.kind import Severity
from sanyi.kernel.tables import Column, ColumnType, TableContract

TOPIC = Path(__file__).parent
TEXT, CODE, CODES = ColumnType.TEXT, ColumnType.CODE, ColumnType.CODES
INTEGER, FEN, DATE = ColumnType.INTEGER, ColumnType.FEN, ColumnType.DATE

SEX_ZH = {1: "男", 2: "女"}
SEX_EN = {1: "male", 2: "female"}


@cache
def limits(name: str) -> pl.DataFrame:
    """一张随附的限制表: procedure_sex, diagnosis_limit, procedure_diagnosis or morphology (data/README.md)."""
    return pl.read_parquet(TOPIC / "data" / f"{name}.parquet")


STAY_TO_CHECK = TableContract(
    name="stay_to_check",
    zh="待质控病例",
    en="Stay to check",
    version="1",
    columns=(
        Column("record_id", "病例标识", "Record", CODE, max_length=64,
               help_zh="可留空；批量提交时用来对应结果。", help_en="May stay empty; tells several apart."),
        Column("sex", "性别", "Sex", INTEGER, choices={1: "男", 2: "女"}),
        Column("age_years", "年龄", "Age", INTEGER, unit="岁", minimum=0, maximum=130,
               help_zh="满1周岁填周岁；不足1周岁留空或填0，并填天数。",
               help_en="Completed years; under one year leave it empty or 0 and give the days."),
        Column("age_days", "不足1周岁年龄", "Age in days", INTEGER, unit="天", minimum=0, maximum=366),
        Column("newborn_weight_grams", "新生儿体重", "Newborn weight", INTEGER, unit="克", minimum=0, maximum=9999,
               help_zh="出生28天内须填；入院体重优先于出生体重。",
               help_en="Needed in the first 28 days; the weight at admission goes before that at birth."),
        Column("diagnosis_codes", "诊断编码", "Diagnosis codes", CODES, max_length=40,
               help_zh="主要诊断在前，以“|”分隔，例如K80.101|I10.x00x002。",
               help_en="Main diagnosis first, separated by “|”."),
        Column("procedure_codes", "手术操作编码", "Procedure codes", CODES, max_length=40,
               help_zh="主要手术操作在前，以“|”分隔；没有的留空。",
               help_en="Main procedure first, separated by “|”; empty when there was none."),
        Column("length_of_stay_days", "实际住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=3660),
        Column("discharge_way_code", "离院方式", "Discharge way", CODE, max_length=2),
        Column("department_code", "出院科别", "Discharge department", CODE, max_length=30),
        Column("icu_minutes", "重症监护合计时间", "Time in intensive care", INTEGER, unit="分钟", minimum=0,
               maximum=5_256_000),
        Column("total_fen", "医疗费用总额", "Total charge", FEN, unit="分", minimum=0),
        Column("born_on", "出生日期", "Date of birth", DATE),
        Column("admitted_on", "入院日期", "Admitted on", DATE),
        Column("discharged_on", "出院日期", "Discharged on", DATE),
    ),
    natural_key=(),
    description_zh="出院前或结算前检查一例病案所需的内容；缺少的项目不检查或按缺失提示。",
    description_en="What the check of a record reads; nothing identifies the patient.",
)  # fmt: skip

FINDING = TableContract(
    name="coding_finding",
    zh="编码质控问题",
    en="Findings of the check of coding",
    version="1",
    columns=(
        Column("finding_key", "问题编号", "Finding", CODE, is_required=True, max_length=160),
        Column("run_number", "质控作业", "Run", INTEGER, is_required=True, minimum=0),
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64),
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("medical_record_number", "病案号", "Medical record", CODE, max_length=64),
        Column("person_id", "居民编号", "Resident", CODE, max_length=64, is_personal=True),
        Column("department_code", "出院科别", "Discharge department", CODE, max_length=32),
        Column("doctor_code", "主诊医师代码", "Attending doctor", CODE, max_length=64),
        Column("discharged_on", "出院日期", "Discharged on", DATE),
        Column("scheme", "分组方案", "Grouping scheme", CODE, is_required=True, max_length=40),
        Column("drg", "病种组", "DRG", CODE, is_required=True, max_length=16),
        Column("severity", "严重程度", "Severity", CODE, is_required=True, choices=Severity.mapping()),
        Column("kind", "问题种类", "Kind", CODE, is_required=True, max_length=40),
        Column("field", "涉及项目", "Field", CODE, is_required=True, max_length=40),
        Column("position", "位置", "Position", INTEGER, minimum=1, help_zh="第几个编码，1为主要。",
               help_en="Which code; 1 is the main one."),
        Column("code", "编码", "Code", CODE, max_length=200),
        Column("values", "说明所用数值", "Values of the sentence", TEXT, is_required=True, max_length=4000),
    ),
    natural_key=("finding_key",),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一行一个问题；句子由种类和数值生成，因此可按阅读语言显示。",
    description_en="One row per finding; the sentence is made from kind and values in the reader's language.",
)  # fmt: skip


CHECKED_STAY = TableContract(
    name="coding_checked",
    zh="已质控病例",
    en="Stays whose coding was checked",
    version="1",
    columns=(
        Column("run_number", "质控作业", "Run", INTEGER, is_required=True, minimum=0),
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64),
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("medical_record_number", "病案号", "Medical record", CODE, max_length=64),
        Column("person_id", "居民编号", "Resident", CODE, max_length=64, is_personal=True),
        Column("department_code", "出院科别", "Discharge department", CODE, max_length=32),
        Column("doctor_code", "主诊医师代码", "Attending doctor", CODE, max_length=64),
        Column("discharged_on", "出院日期", "Discharged on", DATE),
        Column("scheme", "分组方案", "Grouping scheme", CODE, is_required=True, max_length=40),
        Column("status", "分组状态", "Status", CODE, is_required=True, max_length=40),
        Column("drg", "病种组", "DRG", CODE, is_required=True, max_length=16),
        Column("refuse_count", "须改正问题数", "To be mended", INTEGER, is_required=True, minimum=0),
        Column("warn_count", "请核实问题数", "To be verified", INTEGER, is_required=True, minimum=0),
        Column("info_count", "提示数", "For information", INTEGER, is_required=True, minimum=0),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一例一行，供科室与医师汇总；再次质控追加新行，以作业号最大的为准。",
    description_en="One row per stay; checking again appends, and the greatest run counts.",
)


def field_label(name: str, language: str = "zh") -> str:
    """项目名称: of a column of ``STAY_TO_CHECK``."""
    return STAY_TO_CHECK.column(name).label(language) if name in STAY_TO_CHECK else name
