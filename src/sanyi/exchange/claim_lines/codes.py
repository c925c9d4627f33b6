"""费用明细代码与拒绝种类: the closed lists of the contract, and the sentences of its cross-field checks."""

from sanyi.exchange.settlement_list.tables.money import CHARGE_CODES
from sanyi.kernel.refusals import RefusalKind


def kind(code: str, zh: str, remedy_zh: str, en: str, remedy_en: str, basis: str = "") -> RefusalKind:
    """拒绝种类: of this topic."""
    return RefusalKind(
        code=f"exchange.claim_lines.{code}",
        message_zh=zh,
        remedy_zh=remedy_zh,
        message_en=en,
        remedy_en=remedy_en,
        basis=basis,
    )


STAY, VISIT = "stay", "visit"
SETTLEMENT_KIND = {STAY: "住院", VISIT: "门诊"}
"""结算类别: whether the line belongs to a stay or to a visit."""

ITEM_KIND = {
    "101": "西药中成药",
    "102": "中药饮片",
    "103": "自制剂",
    "104": "民族药",
    "201": "医疗服务项目",
    "301": "医用材料",
}
"""目录类别: the list in which the item stands (``list_type``)."""

CHARGE_CATEGORY = {number: zh for number, zh, _ in CHARGE_CODES.values()}
"""收费项目类别: the fourteen categories of the settlement list (``med_chrgitm_type``)."""

ITEM_CLASS = {"01": "甲类", "02": "乙类", "03": "自费"}
"""收费项目等级: how far the item is within the policy (``chrgitm_lv``)."""

OCCURRED_TO_COME = kind(
    "occurred_to_come",
    "费用发生日期{value}晚于上报日期{expected}。",
    "请核对费用发生日期。",
    "The charge of {value} is after the day of sending, {expected}.",
    "Check the day of the charge.",
)
AMOUNT_NOT_THE_PRODUCT = kind(
    "amount_not_the_product",
    "金额{value}元与数量乘单价的{expected}元不等，相差超过允许的误差。",
    "请核对数量、单价和金额；拆零销售的，单价写到四位小数。",
    "The amount of {value} yuan is not quantity times price, {expected} yuan, within the tolerance.",
    "Check quantity, price and amount; for parts of a package give the price to four decimals.",
    "医保结算接口：明细项目费用总额＝数量×单价",
)
PARTS_DO_NOT_ADD_UP = kind(
    "parts_do_not_add_up",
    "符合范围、先行自付、超限价和全自费合计{value}元，与明细金额{expected}元不等。",
    "请核对各部分金额；合计须精确到分等于明细金额。",
    "Within scope, first self-pay, above the limit and own pay add up to {value} yuan, the line is {expected} yuan.",
    "Check the parts; together they must equal the line to the fen.",
    "医保结算接口：明细项目费用总额＝全自费＋超限价＋先行自付＋符合范围",
)
PART_OVER_AMOUNT = kind(
    "part_over_amount",
    "“{label}”{value}元超过明细金额{expected}元。",
    "请核对该项金额。",
    "{label_en} of {value} yuan is more than the line of {expected} yuan.",
    "Check the amount.",
)
SIGN_WRONG = kind(
    "sign_wrong",
    "“{label}”为{value}元，与数量的正负号不一致。",
    "退费的数量和各项金额都填负数，正常费用都填正数。",
    "{label_en} of {value} yuan has another sign than the quantity.",
    "For a refund quantity and amounts are negative, otherwise all are positive.",
)
QUANTITY_ZERO = kind(
    "quantity_zero",
    "数量为0而金额为{value}元。",
    "请填写实际数量；没有数量的费用不能核对。",
    "The quantity is 0, but the amount is {value} yuan.",
    "Give the quantity; a charge without one cannot be checked.",
)
