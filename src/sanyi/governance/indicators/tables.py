"""指标表约定: the facts that computed indicators are made of, the values they give, and the rows behind a value."""

from __future__ import annotations

from sanyi.governance.indicators.codes import NodeKind, Reason, ValueStatus, Window
from sanyi.kernel.tables import Column, ColumnType, TableContract
from sanyi.registry.organisations.codes import HOSPITAL_KINDS, OrganisationKind

CODE, TEXT, INTEGER, FEN = ColumnType.CODE, ColumnType.TEXT, ColumnType.INTEGER, ColumnType.FEN
DATE, BOOLEAN = ColumnType.DATE, ColumnType.BOOLEAN
CODE_LENGTH, VERSION_LENGTH, NODE_LENGTH, PERIOD_LENGTH, PART_LENGTH = 80, 20, 64, 8, 24
INT64_MAX = 2**63 - 1
PRIMARY_KINDS = frozenset(
    {
        OrganisationKind.TOWNSHIP_HOSPITAL,
        OrganisationKind.COMMUNITY_CENTRE,
        OrganisationKind.BRANCH,
        OrganisationKind.COMMUNITY_STATION,
        OrganisationKind.VILLAGE_CLINIC,
        OrganisationKind.CLINIC,
    }
)
"""基层医疗卫生机构: the kinds of institutions that count as primary."""
HOSPITALS = HOSPITAL_KINDS


def _code(name: str, zh: str, en: str, *, is_required: bool = False, length: int = 64) -> Column:
    return Column(name, zh, en, CODE, is_required=is_required, max_length=length)


def _flag(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, BOOLEAN)


def _fen(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, FEN, unit="分")


STAY_FACT = TableContract(
    name="indicator_stay",
    zh="指标病例事实",
    en="Stays for indicators",
    version="1",
    columns=(
        _code("institution_code", "医疗机构", "Institution", is_required=True),
        _code("settlement_id", "结算ID", "Settlement", is_required=True),
        Column("person_id", "居民编号", "Resident", CODE, max_length=64, is_personal=True),
        Column("admitted_on", "入院日期", "Admitted on", DATE),
        Column("discharged_on", "出院日期", "Discharged on", DATE, is_required=True),
        _code("scheme", "分组方案", "Scheme"),
        _code("status", "分组状态", "Status"),
        _code("adrg", "ADRG", "ADRG"),
        _code("drg", "DRG", "DRG"),
        Column("weight_e6", "权重", "Weight", INTEGER, unit="百万分之一", minimum=0),
        Column("length_of_stay_days", "住院天数", "Length of stay", INTEGER, unit="天", minimum=0),
        Column("age_years", "年龄", "Age", INTEGER, unit="岁", minimum=0, maximum=200),
        _code("insurance_type_code", "险种", "Insurance type", length=16),
        _flag("is_insured_here", "本县参保", "Insured in the county"),
        _code("discharge_way_code", "离院方式", "Way of discharge", length=8),
        _flag("is_dead", "死亡", "Died"),
        _flag("is_low_risk", "低风险组", "Low-risk group"),
        _flag("has_procedure", "有手术操作", "With a procedure"),
        Column("operation_level", "手术级别", "Level of operations", INTEGER, minimum=0, maximum=4),
        _flag("is_readmitted", "31日内再住院", "Readmitted within 31 days"),
        _flag("is_followed", "随访期已满", "Followed for 31 days"),
        _fen("total_fen", "医疗费用总额", "Total charge"),
        _fen("fund_payment_fen", "各项基金支付", "All funds"),
        _fen("pooled_fund_payment_fen", "统筹基金支付", "Pooled fund"),
        _fen("in_policy_fen", "政策范围内费用", "Charges within the policy scope"),
        _fen("personal_payment_fen", "个人负担", "Paid by the person"),
        _fen("drug_fen", "药品费", "Drugs"),
        _fen("herbal_slice_fen", "中药饮片费", "Herbal slices"),
        _fen("consumable_fen", "卫生材料费", "Consumables"),
        _fen("service_fen", "医疗服务收入", "Service income"),
        _code("group_code", "医疗集团", "Group"),
        _code("hospital_level", "机构级别", "Tier", length=1),
        _flag("is_hospital", "医院", "Hospital"),
        _flag("is_primary", "基层医疗卫生机构", "Primary institution"),
        _flag("is_public", "公立", "Public"),
        _flag("is_tcm", "中医医院", "TCM hospital"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一次结算一行：结算清单的现行行，加上分组结果和由其他行得出的标志。空白表示不知道，不等于零或否。",
    description_en="One row per current settlement with its grouping and flags from other rows; null is unknown.",
)

OUTSIDE_STAY = TableContract(
    name="indicator_outside_stay",
    zh="指标异地住院事实",
    en="Stays outside the county for indicators",
    version="1",
    columns=(
        _code("settlement_id", "结算ID", "Settlement", is_required=True),
        _code("institution_code", "就医机构", "Institution", is_required=True),
        _code("insured_place_code", "参保地", "Place of insurance", is_required=True, length=12),
        Column("discharged_on", "出院日期", "Discharged on", DATE, is_required=True),
        _code("insurance_type_code", "险种", "Insurance type", length=16),
        _fen("total_fen", "医疗费用总额", "Total charge"),
        _fen("fund_payment_fen", "各项基金支付", "All funds"),
        _fen("pooled_fund_payment_fen", "统筹基金支付", "Pooled fund"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="本县参保人在县域外住院的结算，由省级平台下发。没有这些数据时，县域内占比不可计算，而不是100%。",
    description_en="Settlements of the county's insured treated elsewhere; without them in-county shares do not exist.",
)

INSTITUTION = TableContract(
    name="indicator_institution",
    zh="指标机构",
    en="Institutions for indicators",
    version="1",
    columns=(
        _code("institution_code", "医疗机构", "Institution", is_required=True),
        _code("kind", "类别", "Kind", is_required=True, length=24),
        _code("hospital_level", "级别", "Level", length=1),
        _flag("is_hospital", "医院", "Hospital"),
        _flag("is_primary", "基层医疗卫生机构", "Primary institution"),
        _flag("is_public", "公立", "Public"),
        _flag("is_tcm", "中医医院", "TCM hospital"),
    ),
    natural_key=("institution_code",),
)

MEMBERSHIP = TableContract(
    name="indicator_membership",
    zh="集团成员（按日）",
    en="Memberships by day",
    version="1",
    columns=(
        _code("institution_code", "医疗机构", "Institution", is_required=True),
        _code("group_code", "医疗集团", "Group", is_required=True),
        Column("starts_on", "加入日期", "From", DATE, is_required=True),
        Column("ends_on", "退出日期", "To", DATE),
    ),
    natural_key=("institution_code", "starts_on"),
    description_zh="下级机构随其上级机构加入集团。",
    description_en="What lies below an institution is in its group as well.",
)

STAFF_FACT = TableContract(
    name="indicator_staff",
    zh="指标人员事实",
    en="Staff for indicators",
    version="1",
    columns=(
        _code("staff_id", "人员编号", "Staff number", is_required=True),
        _code("kind", "人员类别", "Kind", is_required=True, length=24),
        _flag("is_general_practitioner", "全科", "General practitioner"),
        _code("title_level", "职称级别", "Level of title", length=16),
        _code("institution_code", "机构", "Institution", is_required=True),
        _flag("is_primary", "基层医疗卫生机构", "Primary institution"),
        _code("relation", "执业关系", "Relation", is_required=True, length=16),
        _code("home_level", "主要执业机构级别", "Level of the primary institution", length=1),
        Column("starts_on", "起", "From", DATE, is_required=True),
        Column("ends_on", "止", "To", DATE),
    ),
    natural_key=("staff_id", "institution_code", "relation", "starts_on"),
    organisation_column="institution_code",
)

RESIDENT_COUNT = TableContract(
    name="indicator_residents",
    zh="人口数",
    en="Counts of residents",
    version="1",
    columns=(
        _code("place_code", "区划", "Place", is_required=True, length=12),
        _code("base", "口径", "Base", is_required=True, length=24),
        Column("counted_on", "时点", "Counted on", DATE, is_required=True),
        Column("person_count", "人数", "Persons", INTEGER, unit="人", is_required=True, minimum=0),
        Column("elderly_count", "65岁及以上", "65 and over", INTEGER, unit="人", minimum=0),
        Column("child_count", "7岁以下", "Under 7", INTEGER, unit="人", minimum=0),
        Column("source", "来源", "Source", TEXT, max_length=300),
    ),
    natural_key=("place_code", "base", "counted_on"),
    event_date_column="counted_on",
)

INDICATOR_VALUE = TableContract(
    name="indicator_value",
    zh="指标值",
    en="Indicator values",
    version="1",
    columns=(
        _code("code", "指标代码", "Indicator", is_required=True, length=CODE_LENGTH),
        _code("version", "版本", "Version", is_required=True, length=VERSION_LENGTH),
        Column("part", "部分", "Part", CODE, max_length=PART_LENGTH),
        _code("node_code", "节点", "Node", is_required=True, length=NODE_LENGTH),
        Column("node_kind", "节点种类", "Kind of node", CODE, is_required=True, choices=NodeKind.mapping()),
        _code("period", "期间", "Period", is_required=True, length=PERIOD_LENGTH),
        Column("window", "周期", "Window", CODE, is_required=True, choices=Window.mapping()),
        Column("last_on", "期末", "Last day", DATE, is_required=True),
        Column("numerator", "分子", "Numerator", INTEGER, minimum=-INT64_MAX, maximum=INT64_MAX),
        Column("denominator", "分母", "Denominator", INTEGER, minimum=0, maximum=INT64_MAX),
        Column("value_e6", "指标值", "Value", INTEGER, unit="百万分之一", minimum=-INT64_MAX, maximum=INT64_MAX),
        Column("row_count", "计入的记录", "Rows counted", INTEGER, is_required=True, minimum=0),
        Column("missing_count", "缺失的记录", "Rows missing something", INTEGER, is_required=True, minimum=0),
        Column("status", "状态", "Status", CODE, is_required=True, choices=ValueStatus.mapping()),
        Column("reason", "原因", "Reason", CODE, choices=Reason.mapping()),
        Column("basis", "分母依据", "Basis of the denominator", TEXT, max_length=200),
    ),
    natural_key=("code", "node_code", "period"),
    organisation_column="node_code",
    event_date_column="last_on",
    description_zh="分子、分母为整数（金额为分），指标值为其自身单位的百万分之一，四舍五入。不可计算的必有原因。",
    description_en="Whole numerator and denominator, the value in millionths of its own unit, half up.",
)

INDICATOR_MONTH = TableContract(
    name="indicator_month",
    zh="指标月度合计",
    en="Monthly sums for indicators",
    version="1",
    columns=(
        _code("institution_code", "医疗机构", "Institution", is_required=True),
        _code("group_code", "医疗集团", "Group"),
        _code("hospital_level", "机构级别", "Tier", length=1),
        _code("month", "月份", "Month", is_required=True, length=7),
        _code("rule", "规则", "Rule", is_required=True),
        Column("numerator", "分子", "Numerator", INTEGER, is_required=True),
        Column("denominator", "分母", "Denominator", INTEGER, is_required=True),
        Column("row_count", "计入的记录", "Rows counted", INTEGER, is_required=True, minimum=0),
        Column("missing_count", "缺失的记录", "Rows missing something", INTEGER, is_required=True, minimum=0),
    ),
    natural_key=(),
    organisation_column="institution_code",
    description_zh="逐行规则按机构和出院月份的合计；一月之内换集团的机构各为一行。",
    description_en="Sums of the row rules by institution and month of discharge.",
)

INDICATOR_ROW = TableContract(
    name="indicator_row",
    zh="指标背后的记录",
    en="Rows behind a value",
    version="1",
    columns=(
        _code("institution_code", "医疗机构", "Institution", is_required=True),
        _code("settlement_id", "记录", "Record", is_required=True),
        Column("discharged_on", "出院日期", "Discharged on", DATE, is_required=True),
        _code("drg", "DRG", "DRG"),
        Column("numerator", "计入分子", "In the numerator", INTEGER),
        Column("denominator", "计入分母", "In the denominator", INTEGER),
        _flag("is_missing", "缺所需内容", "Lacks what is needed"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
)

COLLECTED_ENTRY = TableContract(
    name="collected_entry",
    zh="指标填报表",
    en="Entries of collected indicators",
    version="1",
    columns=(
        Column("code", "指标代码", "Indicator", CODE, is_required=True, max_length=CODE_LENGTH,
               help_zh="从“可填报的指标”一表复制，不要改动", help_en="As listed in the second sheet"),
        Column("name", "指标", "Name", TEXT, max_length=120, help_zh="供核对，不读取", help_en="Not read"),
        Column("part", "部分", "Part", TEXT, max_length=PART_LENGTH,
               help_zh="分开填报的指标才填，如药品、耗材", help_en="For indicators with parts"),
        Column("node", "节点", "Node", TEXT, max_length=100,
               help_zh="全县的数留空；机构的数填机构名称或代码；外部参照写“全国平均”等",
               help_en="Empty for the county, otherwise an organisation or an outside average"),
        Column("period", "期间", "Period", CODE, is_required=True, max_length=PERIOD_LENGTH,
               help_zh="年写作2025，季度写作2025Q1，月写作2025-03", help_en="2025, 2025Q1 or 2025-03"),
        Column("numerator", "分子", "Numerator", INTEGER, minimum=0, help_zh="整数，与分母一并填写",
               help_en="A whole number, with its denominator"),
        Column("denominator", "分母", "Denominator", INTEGER, minimum=1, help_zh="整数，大于0",
               help_en="A whole number above zero"),
        Column("value", "指标值", "Value", TEXT, max_length=24,
               help_zh="没有分母的指标，或只知道结果时填写；85%写作85", help_en="Without a fraction; 85 for 85 %"),
        Column("unit", "单位", "Unit", TEXT, max_length=20, help_zh="供核对，不读取", help_en="Not read"),
        Column("source_name", "数据来源", "Source", TEXT, max_length=200, help_zh="报表、台账或系统的名称",
               help_en="The report, ledger or system"),
        Column("note", "说明", "Note", TEXT, max_length=400, help_zh="口径、特殊情况等", help_en="Anything special"),
    ),
    natural_key=("code", "period"),
    event_date_column="",
    description_zh="采集单位每期填报的指标，一行一个指标；填分子分母或只填指标值。",
    description_en="What a collecting unit fills in for a period, one indicator per row.",
)  # fmt: skip
