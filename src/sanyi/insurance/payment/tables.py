"""支付表约定: stays, visits, signed persons and institutions that go in; what is paid for them that comes out."""

from __future__ import annotations

from typing import Any

from sanyi.insurance.payment.codes import Flow, Method, Outlier, Status, Unpayable, VisitKind
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, TEXT, INTEGER, FEN = ColumnType.CODE, ColumnType.TEXT, ColumnType.INTEGER, ColumnType.FEN
DATE, BOOLEAN = ColumnType.DATE, ColumnType.BOOLEAN
E6_MAX, E4_MAX = 10**15, 10**17


def _code(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, zh, en, CODE, **{"max_length": 64, **more})


def _key(name: str, zh: str, en: str, **more: Any) -> Column:
    return _code(name, zh, en, is_required=True, **more)


def _fen(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, zh, en, FEN, unit="分", **more)


def _sum(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, FEN, unit="分", is_required=True, minimum=-(2**62), maximum=2**62)


def _count(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, zh, en, INTEGER, unit="例", **more)


def _e6(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, INTEGER, unit="百万分之一", minimum=-E6_MAX, maximum=E6_MAX)


def _e4(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, INTEGER, unit="万分之一", minimum=-E4_MAX, maximum=E4_MAX)


def _flag(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, zh, en, BOOLEAN, **more)


def _day(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, zh, en, DATE, **more)


METHODS = Method.mapping()
INSTITUTION = _key("institution_code", "医疗机构代码", "Institution")
SETTLEMENT = _key("settlement_id", "结算ID", "Settlement")
CONSORTIUM = _key("consortium_code", "就诊机构所属医共体", "Institution's consortium",
                  help_zh="按发生当日的成员关系；不属于任何医共体的为空文本。",
                  help_en="By membership on the day; an empty text when in none.")  # fmt: skip
HOLDER = _key("holder_code", "参保人所属打包主体", "Holder of the insured person's package",
              help_zh="参保人归属的医共体；未指定的为就诊机构所属医共体，仍没有的为空文本。",
              help_en="The consortium the person belongs to, else the institution's, else an empty text.")  # fmt: skip
MONTH = _key("month", "月份", "Month", max_length=7)

INSTITUTION_PERIOD = TableContract(
    name="payment_institution",
    zh="机构的等级与归属",
    en="Institutions with tier and consortium, dated",
    version="1",
    columns=(
        INSTITUTION,
        _day("starts_on", "起始日期", "From", is_required=True),
        _day("ends_on", "终止日期", "Until", help_zh="含当日；至今的为空。", help_en="Included; empty when still so."),
        Column("tier", "医院等级", "Tier", INTEGER, minimum=0, maximum=3,
               help_zh="三级3、二级2、一级1、未定级0；未登记的为空，不等于0。",
               help_en="3, 2, 1, or 0 without a grade; empty when not registered, which is not 0."),
        _code("consortium_code", "所属医共体", "Consortium"),
        _flag("has_tcm_hall", "设有国医堂", "Has a TCM hall"),
    ),
    natural_key=("institution_code", "starts_on"),
    organisation_column="institution_code",
    description_zh="一段时间一行，期间不重叠。出院（就诊）当日落在哪一行，就按哪一行。",
    description_en="One row per span, without overlaps; the day of discharge or visit decides which row counts.",
)  # fmt: skip

STAY_TO_PAY = TableContract(
    name="stay_to_pay",
    zh="待计付住院病例",
    en="Stays to pay",
    version="1",
    columns=(
        INSTITUTION,
        SETTLEMENT,
        _code("reversed_settlement_id", "被冲销的结算ID", "Settlement that is reversed",
              help_zh="冲销清单的金额为负，并写明被冲销的结算ID。",
              help_en="A reversal has negative amounts and names what it reverses."),
        _code("person_id", "居民编号", "Resident", is_personal=True),
        _code("insurance_type_code", "险种", "Insurance type", max_length=16),
        _flag("is_insured_here", "本县参保", "Insured here"),
        _code("holder_code", "参保人所属医共体", "Person's consortium"),
        Column("age_years", "年龄", "Age", INTEGER, minimum=0, maximum=200),
        Column("age_days", "天龄", "Age in days", INTEGER, minimum=0, maximum=366),
        Column("sex", "性别", "Sex", INTEGER),
        _day("admitted_on", "入院日期", "Admitted on"),
        _day("discharged_on", "出院日期", "Discharged on", is_required=True),
        _day("settled_on", "结算日期", "Settled on"),
        Column("length_of_stay_days", "实际住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=36_500),
        Column("leave_days", "请假天数", "Days of leave", INTEGER, unit="天", minimum=0, maximum=36_500,
               help_zh="没有申报的为空，由入出院日期与实际住院天数之差得出。",
               help_en="Empty when not declared: dates less the actual length of stay."),
        _code("discharge_way_code", "离院方式", "Discharge way", max_length=8),
        _code("department_code", "出院科别", "Discharge department"),
        _flag("is_day_surgery", "日间手术", "Day surgery"),
        Column("diagnosis_codes", "诊断编码", "Diagnosis codes", TEXT, help_zh="主要诊断在前，以“|”分隔。",
               help_en="Main first, separated by |."),
        Column("procedure_codes", "手术操作编码", "Procedure codes", TEXT, help_zh="同上。", help_en="The same."),
        _code("main_diagnosis_code", "主要诊断", "Main diagnosis"),
        _code("main_procedure_code", "主要手术操作", "Main procedure"),
        Column("group_status", "分组状态", "Grouping status", TEXT),
        _code("adrg", "核心疾病诊断相关组", "ADRG", max_length=16),
        _code("drg", "病种组", "DRG", max_length=16),
        _e6("weight_e6", "权重", "Weight"),
        _code("dip_row", "DIP 目录行", "Row of the DIP catalogue", max_length=128),
        Column("dip_name", "DIP 病种", "DIP disease", TEXT),
        _e4("dip_score_e4", "DIP 分值", "DIP score"),
        _fen("dip_mean_fen", "DIP 病种上年例均费用", "Last year's mean cost of the DIP disease"),
        _e6("dip_factor_e6", "DIP 辅助目录系数", "Factor of the auxiliary catalogue"),
        _flag("is_dip_primary_care", "DIP 基层病种", "DIP primary-care disease"),
        _fen("total_fen", "医疗费总额", "Total charge"),
        _fen("fund_payment_fen", "统筹基金按项目支付", "Pooled fund by item"),
        _fen("other_fund_fen", "其他基金支付", "Other funds"),
        _fen("patient_fen", "个人负担（账户与现金）", "Borne by the patient (account and cash)"),
        _fen("own_expense_fen", "全自费", "Own expense"),
        _fen("pre_self_pay_fen", "先行自付", "Paid first by the patient"),
        _fen("self_pay_fen", "个人自付", "Self-pay within scope"),
        _fen("group_mean_fen", "病组例均费用（参照）", "Reference mean of the group"),
        _fen("special_amount_fen", "特例单议核定金额", "Amount approved for a special case"),
        _fen("refused_fen", "审核扣减", "Refused by audit", is_required=True),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一次结算一行。出院日期决定年度、月份和适用的规则；等级和医共体另由“机构的等级与归属”给出。",
    description_en="One row per settlement. The day of discharge decides year, month and rules; tier and consortium "
    "come from the table of institutions.",
)  # fmt: skip

VISIT_TO_PAY = TableContract(
    name="visit_to_pay",
    zh="待计付门诊结算",
    en="Visits to pay",
    version="1",
    columns=(
        INSTITUTION,
        SETTLEMENT,
        _code("person_id", "居民编号", "Resident", is_personal=True),
        _code("insurance_type_code", "险种", "Insurance type", max_length=16),
        _flag("is_insured_here", "本县参保", "Insured here"),
        _flag("is_outside_county", "县域外就医", "Outside the county"),
        _code("holder_code", "参保人所属医共体", "Person's consortium"),
        _key("visit_kind", "门诊类别", "Kind of visit", choices=VisitKind.mapping()),
        _day("visited_on", "就诊日期", "Visited on", is_required=True),
        _fen("total_fen", "费用总额", "Total charge"),
        _fen("fund_payment_fen", "统筹基金支付", "Pooled fund"),
        _fen("other_fund_fen", "其他基金支付", "Other funds"),
        _fen("patient_fen", "个人负担", "Borne by the patient"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="visited_on",
)

OUTSIDE_TO_PAY = TableContract(
    name="outside_stay_to_pay",
    zh="县域外住院结算",
    en="Stays outside the county",
    version="1",
    columns=(
        INSTITUTION,
        SETTLEMENT,
        _code("person_id", "居民编号", "Resident", is_personal=True),
        _code("holder_code", "参保人所属医共体", "Person's consortium"),
        _code("insurance_type_code", "险种", "Insurance type", max_length=16),
        _day("discharged_on", "出院日期", "Discharged on", is_required=True),
        _fen("total_fen", "医疗费总额", "Total charge"),
        _fen("fund_payment_fen", "统筹基金支付", "Pooled fund",
             help_zh="统筹支付不清楚的由上报的基金支付总额代替，由办理方决定。",
             help_en="Where the pooled part is unknown, all funds, as the caller decides."),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
)  # fmt: skip

SIGNED_PERSON = TableContract(
    name="signed_to_pay",
    zh="家庭医生签约人员",
    en="Persons signed with a team",
    version="1",
    columns=(
        _key("team_code", "团队", "Team"),
        INSTITUTION,
        _key("person_id", "居民编号", "Resident", is_personal=True),
        _day("starts_on", "签约起始", "From", is_required=True),
        _day("ends_on", "签约终止", "Until", help_zh="含当日；仍有效的为空。",
             help_en="Included; empty when still valid."),
        Column("age_years", "年龄（年初）", "Age at the start of the year", INTEGER, minimum=0, maximum=200),
        _flag("is_chronic", "慢病", "Chronic"),
    ),
    natural_key=("team_code", "person_id", "starts_on"),
    organisation_column="institution_code",
)  # fmt: skip

ADJUSTMENT = TableContract(
    name="payment_adjustment",
    zh="机构年度调整",
    en="Adjustments of an institution",
    version="1",
    columns=(
        INSTITUTION,
        _fen("assessment_fen", "考核增减", "Assessment", is_required=True),
        _fen("prepaid_fen", "已预拨", "Prepaid", is_required=True),
        Column("score_bp", "考核得分率", "Assessment score", ColumnType.BASIS_POINTS, minimum=0, maximum=10_000,
               help_zh="用于门诊按人头结余留用；未考核的为空。",
               help_en="For what a team retains of its capitation; empty when not assessed."),
    ),
    natural_key=("institution_code",),
    organisation_column="institution_code",
)  # fmt: skip

LINE_TO_CHECK = TableContract(
    name="line_to_check",
    zh="费用明细（核对用）",
    en="Claim lines to check",
    version="1",
    columns=(INSTITUTION, SETTLEMENT, _fen("amount_fen", "金额", "Amount")),
    natural_key=(),
)

_VISIT_SUMS = (
    _count("visit_count", "人次", "Visits", is_required=True),
    _sum("total_fen", "费用总额", "Total charge"),
    _sum("fund_payment_fen", "统筹基金支付", "Pooled fund"),
    _sum("other_fund_fen", "其他基金支付", "Other funds"),
    _sum("patient_fen", "个人负担", "Borne by the patient"),
    _count("unknown_count", "金额不明人次", "Visits with an unknown amount", is_required=True),
)
_VISIT_KEYS = (
    INSTITUTION,
    MONTH,
    _day("edition_starts_on", "规则版本起始", "Edition of the rules", is_required=True),
    _key("visit_kind", "门诊类别", "Kind of visit", choices=VisitKind.mapping()),
    _key("insurance_type_code", "险种", "Insurance type", max_length=16),
    _flag("is_insured_here", "本县参保", "Insured here", is_required=True),
    _flag("is_outside_county", "县域外就医", "Outside the county", is_required=True),
    _key("team_code", "签约团队", "Team", help_zh="就诊当日签约的团队；未签约的为空文本。",
         help_en="Signed with on the day; an empty text when with none."),
    CONSORTIUM,
    HOLDER,
    Column("tier", "医院等级", "Tier", INTEGER, is_required=True, minimum=-1, maximum=3,
           help_zh="未登记的为-1。", help_en="-1 when not registered."),
    _flag("has_tcm_hall", "设有国医堂", "Has a TCM hall", is_required=True),
)  # fmt: skip
VISIT_KEY_NAMES = tuple(column.name for column in _VISIT_KEYS)
VISIT_SUM_NAMES = tuple(column.name for column in _VISIT_SUMS)

VISIT_SUM = TableContract(
    name="payment_visit_sum",
    zh="门诊结算汇总",
    en="Sums of visits",
    version="1",
    columns=(*_VISIT_KEYS, *_VISIT_SUMS),
    natural_key=VISIT_KEY_NAMES,
    organisation_column="institution_code",
    description_zh="一年的门诊结算按机构、月份、类别、险种、签约团队汇总；方式另行选定，试算可直接使用。",
    description_en="A year's visits summed before a method is chosen; what-if computes again from these.",
)

PAID_VISIT_SUM = TableContract(
    name="paid_visit_sum",
    zh="门诊计付汇总",
    en="What is paid for visits",
    version="1",
    columns=(
        *_VISIT_KEYS,
        _key("method", "支付方式", "Method", choices=METHODS),
        _key("method_row", "方式次序行", "Row of the order of methods"),
        *_VISIT_SUMS,
        _sum("inner_value_fen", "应付基金", "Fund due by the rule"),
        _flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
    ),
    natural_key=VISIT_KEY_NAMES,
    organisation_column="institution_code",
)

PAID_CASE = TableContract(
    name="paid_case",
    zh="病例计付",
    en="What is paid for each stay",
    version="1",
    columns=(
        INSTITUTION,
        SETTLEMENT,
        _code("person_id", "居民编号", "Resident", is_personal=True),
        MONTH,
        _day("discharged_on", "出院日期", "Discharged on", is_required=True),
        _code("insurance_type_code", "险种", "Insurance type", max_length=16),
        _flag("is_insured_here", "本县参保", "Insured here"),
        Column("tier", "医院等级", "Tier", INTEGER),
        CONSORTIUM,
        HOLDER,
        _code("department_code", "出院科别", "Discharge department"),
        Column("length_of_stay_days", "住院天数", "Length of stay", INTEGER, unit="天"),
        _day("edition_starts_on", "规则版本起始", "Edition of the rules", is_required=True),
        _code("method", "支付方式", "Method", choices=METHODS),
        _code("method_row", "方式次序行", "Row of the order of methods"),
        _code("group_code", "病组（病种）", "Group", max_length=128),
        _e6("weight_e6", "权重", "Weight"),
        _e4("base_points_e4", "基准点数（分值）", "Base points"),
        _e6("coefficient_e6", "系数", "Coefficient"),
        Column("outlier", "费用倍率", "Outlier class", CODE, is_required=True, choices=Outlier.mapping()),
        _e6("ratio_e6", "费用与参照之比", "Cost over reference"),
        _fen("reference_fen", "参照金额", "Reference"),
        _e4("points_e4", "病例点数（分值）", "Points of the case"),
        _e6("rate_e6", "费率", "Rate"),
        _e6("point_value_e6", "点值", "Point value"),
        Column("bed_days", "计付床日", "Bed-days paid", INTEGER, unit="天"),
        _fen("standard_fen", "支付标准", "Standard", help_zh="显示用，四舍五入到分；计算不取整。",
             help_en="Rounded for show; the calculation keeps it whole."),
        _fen("price_fen", "病例应付总额", "What the case is worth", help_zh="含个人负担。",
             help_en="The patient's part included."),
        _fen("residual_fen", "其中尾差", "Of this residual of rounding", is_required=True),
        _fen("patient_fen", "个人和其他负担", "Patient's and others' part"),
        _fen("inner_value_fen", "应付基金", "Fund due by the rule"),
        _fen("item_fund_fen", "按项目记账的基金", "Fund booked by item"),
        _fen("total_fen", "医疗费总额", "Total charge"),
        _flag("is_special", "特例单议", "Special case", is_required=True),
        _flag("is_over_quota", "超过总控人次", "Over the quota", is_required=True),
        _flag("is_same_price", "同病同价", "Same price at all tiers", is_required=True),
        _flag("is_unstable", "不稳定病组", "Unstable group", is_required=True),
        _flag("is_reversal", "冲销", "Reversal", is_required=True),
        _flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
        Column("status", "支付状态", "Status", CODE, is_required=True, choices=Status.mapping()),
        Column("unpayable_reason", "暂不能计付的原因", "Why not payable", CODE, choices=Unpayable.mapping()),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一次结算一行，只由一种方式计付。暂不能计付的列明原因，金额为空，不等于零。",
    description_en="One row per settlement, paid by one method; what is not payable says why and has no amount.",
)  # fmt: skip

CAPITATION = TableContract(
    name="capitation",
    zh="门诊按人头",
    en="Capitation of each team",
    version="1",
    columns=(
        _key("team_code", "团队", "Team"),
        INSTITUTION,
        CONSORTIUM,
        _count("person_count", "签约人数", "Signed persons", is_required=True),
        _count("person_month_count", "签约人月", "Person-months", is_required=True),
        _count("chronic_month_count", "其中慢病人月", "Of these chronic", is_required=True),
        _sum("pool_fen", "人头总额", "Pool"),
        _sum("monthly_fen", "每月预拨", "Monthly prepayment"),
        _sum("own_fen", "本团队机构就诊", "Visits at the team's institution"),
        _sum("elsewhere_fen", "其他机构就诊（从本团队扣）", "Visits elsewhere, deducted"),
        _sum("charged_fen", "计入人头的支出", "Charged"),
        _sum("surplus_fen", "结余（负数为超支）", "Surplus, or overspend below zero"),
        _sum("retained_fen", "结余留用", "Retained by the team"),
        _sum("team_bears_fen", "超支由团队承担", "Overspend borne by the team"),
        _sum("due_fen", "应付团队机构", "Due to the team's institution"),
        _flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
    ),
    natural_key=("team_code",),
    organisation_column="institution_code",
)

PAID_INSTITUTION = TableContract(
    name="paid_institution",
    zh="机构计付汇总",
    en="What is paid to each institution",
    version="1",
    columns=(
        INSTITUTION,
        CONSORTIUM,
        _key("kind", "类别", "Kind", choices={"stay": "住院", "visit": "门诊"}),
        _key("method", "支付方式", "Method", choices=METHODS),
        MONTH,
        Column("tier", "医院等级", "Tier", INTEGER),
        _count("case_count", "例数（人次）", "Cases", is_required=True),
        _count("unpayable_count", "暂不能计付", "Not payable yet", is_required=True),
        _count("special_count", "特例单议", "Special cases", is_required=True),
        _sum("total_fen", "医疗费总额", "Total charge"),
        _e6("weight_sum_e6", "总权重", "Total weight"),
        _e4("points_e4", "点数（分值）", "Points"),
        _e6("point_value_e6", "点值", "Point value"),
        _sum("price_fen", "应付总额", "Worth"),
        _sum("residual_fen", "其中尾差", "Of this residual of rounding"),
        _sum("patient_fen", "个人和其他负担", "Patients' and others' part"),
        _sum("inner_value_fen", "应付基金", "Fund due by the rule"),
        _sum("item_fund_fen", "按项目记账的基金", "Fund booked by item"),
        _sum("difference_fen", "应付与记账之差", "Due less booked"),
        _flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
    ),
    natural_key=("institution_code", "consortium_code", "kind", "method", "month"),
    organisation_column="institution_code",
    description_zh="机构、归属、类别、方式、月份各一行；月度和年度结算单由此合计。年中更换医共体的机构分两行。",
    description_en="One row per institution, membership, method and month; statements add these up.",
)

INSTITUTION_YEAR = TableContract(
    name="paid_institution_year",
    zh="机构年度清算",
    en="Each institution's period",
    version="1",
    columns=(
        INSTITUTION,
        _sum("inner_value_fen", "应付基金", "Fund due by the rule"),
        _sum("corridor_fen", "区间调整", "Corridor"),
        _sum("capitation_fen", "按人头留用与承担", "Capitation retained or borne"),
        _sum("assessment_fen", "考核增减", "Assessment"),
        _sum("prepaid_fen", "已预拨", "Prepaid"),
        _sum("due_fen", "应拨（负数为应收回）", "To pay, below zero: to recover"),
        _count("unpayable_count", "暂不能计付", "Not payable yet", is_required=True),
    ),
    natural_key=("institution_code",),
    organisation_column="institution_code",
)

POOL_RESULT = TableContract(
    name="payment_pool",
    zh="资金池与点值",
    en="Pools and point values",
    version="1",
    columns=(
        _key("pool", "资金池", "Pool"),
        _key("method", "支付方式", "Method", choices=METHODS),
        _count("case_count", "例数", "Cases", is_required=True),
        _sum("fund_fen", "统筹基金", "Fund"),
        _sum("pool_fen", "参与分配的资金", "Pool shared"),
        _sum("special_fen", "先行列支的特例单议", "Special cases taken first"),
        _e4("points_e4", "总点数（分值）", "Points"),
        _e6("point_value_e6", "点值", "Point value"),
        _sum("residual_fen", "尾差", "Residual"),
        _code("residual_institution_code", "尾差归属机构", "Institution that takes the residual"),
        _sum("paid_fen", "分配合计", "Shared out"),
        _flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
    ),
    natural_key=("pool",),
)

GROUP_RESULT = TableContract(
    name="payment_group_result",
    zh="病组盈亏",
    en="Profit and loss of groups",
    version="1",
    columns=(
        INSTITUTION,
        _key("method", "支付方式", "Method", choices=METHODS),
        _key("group_code", "病组（病种）", "Group", max_length=128),
        _count("case_count", "例数", "Cases", is_required=True),
        _count("over_cost_count", "超支例数", "Cases that cost more than paid", is_required=True),
        _count("under_cost_count", "结余例数", "Cases that cost less than paid", is_required=True),
        _count("low_count", "低倍率", "Low outliers", is_required=True),
        _count("high_count", "高倍率", "High outliers", is_required=True),
        _count("over_quota_count", "超总控", "Over the quota", is_required=True),
        _sum("cost_fen", "费用", "Cost"),
        _sum("price_fen", "应付总额", "Worth"),
        _sum("profit_fen", "盈亏", "Profit"),
    ),
    natural_key=("institution_code", "method", "group_code"),
    organisation_column="institution_code",
)

FUND_SPEND = TableContract(
    name="fund_spend",
    zh="基金支出流向",
    en="Fund spending by holder and flow",
    version="1",
    columns=(
        HOLDER,
        INSTITUTION,
        CONSORTIUM,
        _key("flow", "流向", "Flow", choices=Flow.mapping()),
        _key("method", "支付方式", "Method", choices=METHODS),
        _key("kind", "类别", "Kind", help_zh="住院为 stay，门诊为其类别。", help_en="stay, or the kind of visit."),
        _key("insurance_type_code", "险种", "Insurance type", max_length=16),
        MONTH,
        _count("case_count", "例数（人次）", "Cases", is_required=True),
        _count("unpayable_count", "暂不能计付", "Not payable yet", is_required=True),
        _sum("total_fen", "费用总额", "Total charge"),
        _sum("inner_value_fen", "应付基金", "Fund due by the rule"),
        _sum("item_fund_fen", "按项目记账的基金", "Fund booked by item"),
    ),
    natural_key=(
        "holder_code", "institution_code", "consortium_code", "flow", "method", "kind", "insurance_type_code", "month",
    ),
    organisation_column="institution_code",
)  # fmt: skip

LINE_CHECK = TableContract(
    name="line_check",
    zh="明细与结算核对",
    en="Lines against settlements",
    version="1",
    columns=(
        INSTITUTION,
        MONTH,
        _count("settlement_count", "结算数", "Settlements", is_required=True),
        _count("line_count", "明细数", "Lines", is_required=True),
        _sum("settled_fen", "结算金额", "Settled"),
        _sum("lines_fen", "明细合计", "Lines added up"),
        _sum("difference_fen", "差额", "Difference"),
        _count("differing_count", "不一致的结算数", "Settlements that differ", is_required=True),
        _count("without_lines_count", "没有明细的结算数", "Settlements without lines", is_required=True),
    ),
    natural_key=("institution_code", "month"),
    organisation_column="institution_code",
)

PAYMENT_DIFFERENCE = TableContract(
    name="payment_difference",
    zh="结算差额",
    en="Difference between two calculations",
    version="1",
    columns=(
        INSTITUTION,
        SETTLEMENT,
        _fen("before_fen", "原应付基金", "Fund due before"),
        _fen("after_fen", "现应付基金", "Fund due now"),
        _sum("difference_fen", "差额", "Difference"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    description_zh="重开后重新计算与原结算的差额，逐例列出；原结算不改。",
    description_en="Case by case, what a calculation after reopening differs by; the original stays as it is.",
)
