"""汇总结果: institutions, periods, pools, groups, flows of the fund, checks and differences."""

from __future__ import annotations

from sanyi.insurance.payment.codes import Flow
from sanyi.insurance.payment.tables.columns import (
    CONSORTIUM,
    HOLDER,
    INSTITUTION,
    INTEGER,
    METHODS,
    MONTH,
    SETTLEMENT,
    code,
    count,
    e4,
    e6,
    fen,
    flag,
    key,
    total,
)
from sanyi.kernel.tables import Column, TableContract

PAID_INSTITUTION = TableContract(
    name="paid_institution",
    zh="机构计付汇总",
    en="What is paid to each institution",
    version="1",
    columns=(
        INSTITUTION,
        CONSORTIUM,
        key("kind", "类别", "Kind", choices={"stay": "住院", "visit": "门诊"}),
        key("method", "支付方式", "Method", choices=METHODS),
        MONTH,
        Column("tier", "医院等级", "Tier", INTEGER),
        count("case_count", "例数（人次）", "Cases", is_required=True),
        count("unpayable_count", "暂不能计付", "Not payable yet", is_required=True),
        count("special_count", "特例单议", "Special cases", is_required=True),
        total("total_fen", "医疗费总额", "Total charge"),
        e6("weight_sum_e6", "总权重", "Total weight"),
        e4("points_e4", "点数（分值）", "Points"),
        e6("point_value_e6", "点值", "Point value"),
        total("price_fen", "应付总额", "Worth"),
        total("residual_fen", "其中尾差", "Of this residual of rounding"),
        total("patient_fen", "个人和其他负担", "Patients' and others' part"),
        total("inner_value_fen", "应付基金", "Fund due by the rule"),
        total("item_fund_fen", "按项目记账的基金", "Fund booked by item"),
        total("difference_fen", "应付与记账之差", "Due less booked"),
        flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
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
        total("inner_value_fen", "应付基金", "Fund due by the rule"),
        total("corridor_fen", "区间调整", "Corridor"),
        total("capitation_fen", "按人头留用与承担", "Capitation retained or borne"),
        total("assessment_fen", "考核增减", "Assessment"),
        total("prepaid_fen", "已预拨", "Prepaid"),
        total("due_fen", "应拨（负数为应收回）", "To pay, below zero: to recover"),
        count("unpayable_count", "暂不能计付", "Not payable yet", is_required=True),
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
        key("pool", "资金池", "Pool"),
        key("method", "支付方式", "Method", choices=METHODS),
        count("case_count", "例数", "Cases", is_required=True),
        total("fund_fen", "统筹基金", "Fund"),
        total("pool_fen", "参与分配的资金", "Pool shared"),
        total("special_fen", "先行列支的特例单议", "Special cases taken first"),
        e4("points_e4", "总点数（分值）", "Points"),
        e6("point_value_e6", "点值", "Point value"),
        total("residual_fen", "尾差", "Residual"),
        code("residual_institution_code", "尾差归属机构", "Institution that takes the residual"),
        total("paid_fen", "分配合计", "Shared out"),
        flag("is_assumed", "用到推定值", "Uses assumed values", is_required=True),
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
        key("method", "支付方式", "Method", choices=METHODS),
        key("group_code", "病组（病种）", "Group", max_length=128),
        count("case_count", "例数", "Cases", is_required=True),
        count("over_cost_count", "超支例数", "Cases that cost more than paid", is_required=True),
        count("under_cost_count", "结余例数", "Cases that cost less than paid", is_required=True),
        count("low_count", "低倍率", "Low outliers", is_required=True),
        count("high_count", "高倍率", "High outliers", is_required=True),
        count("over_quota_count", "超总控", "Over the quota", is_required=True),
        total("cost_fen", "费用", "Cost"),
        total("price_fen", "应付总额", "Worth"),
        total("profit_fen", "盈亏", "Profit"),
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
        key("flow", "流向", "Flow", choices=Flow.mapping()),
        key("method", "支付方式", "Method", choices=METHODS),
        key("kind", "类别", "Kind", help_zh="住院为 stay，门诊为其类别。", help_en="stay, or the kind of visit."),
        key("insurance_type_code", "险种", "Insurance type", max_length=16),
        MONTH,
        count("case_count", "例数（人次）", "Cases", is_required=True),
        count("unpayable_count", "暂不能计付", "Not payable yet", is_required=True),
        total("total_fen", "费用总额", "Total charge"),
        total("inner_value_fen", "应付基金", "Fund due by the rule"),
        total("item_fund_fen", "按项目记账的基金", "Fund booked by item"),
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
        count("settlement_count", "结算数", "Settlements", is_required=True),
        count("line_count", "明细数", "Lines", is_required=True),
        total("settled_fen", "结算金额", "Settled"),
        total("lines_fen", "明细合计", "Lines added up"),
        total("difference_fen", "差额", "Difference"),
        count("differing_count", "不一致的结算数", "Settlements that differ", is_required=True),
        count("without_lines_count", "没有明细的结算数", "Settlements without lines", is_required=True),
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
        fen("before_fen", "原应付基金", "Fund due before"),
        fen("after_fen", "现应付基金", "Fund due now"),
        total("difference_fen", "差额", "Difference"),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    description_zh="重开后重新计算与原结算的差额，逐例列出；原结算不改。",
    description_en="Case by case, what a calculation after reopening differs by; the original stays as it is.",
)
