"""总额打包表: the spending charged to each holder, as the months and the clearing of a year freeze it."""

from __future__ import annotations

from sanyi.insurance.package.codes import Flow
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, INTEGER, FEN = ColumnType.CODE, ColumnType.INTEGER, ColumnType.FEN
SPEND_COLUMNS = (
    "holder_code", "institution_code", "flow", "month", "case_count", "inner_value_fen", "item_fund_fen",
)  # fmt: skip
"""取自支付结算的列: of ``payment.tables.FUND_SPEND``, as far as the package reads it."""


def _sum(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, FEN, unit="分", is_required=True, minimum=-(2**62), maximum=2**62)


HOLDER_SPEND = TableContract(
    name="holder_spend",
    zh="打包对象费用",
    en="Spending of each holder",
    version="1",
    columns=(
        Column("holder_code", "打包对象", "Holder", CODE, is_required=True, max_length=64),
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64,
               help_zh="县外机构和药店合并为空。", help_en="Empty for institutions outside the county and pharmacies."),
        Column("flow", "流向", "Flow", CODE, is_required=True, choices=Flow.mapping()),
        Column("month", "月份", "Month", CODE, is_required=True, max_length=7),
        Column("case_count", "例数（人次）", "Cases", INTEGER, unit="例", is_required=True, minimum=0),
        _sum("inner_value_fen", "应付基金", "Fund due by the rule"),
        _sum("item_fund_fen", "按项目记账的基金", "Fund booked by item"),
        _sum("charged_fen", "计入打包", "Charged to the package"),
    ),
    natural_key=("holder_code", "institution_code", "flow", "month"),
    organisation_column="holder_code",
    description_zh="一个打包对象在一个机构、一个流向、一个月的费用一行；没有归属的费用按参保人月数和风险系数分给各打包对象。",
    description_en="One row per holder, institution, flow and month; what belongs to nobody is shared.",
)  # fmt: skip
