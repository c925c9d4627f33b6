"""门诊结算代码与拒绝种类: the closed lists of the contract, and the sentences of its cross-field checks."""

from typing import Final

from sanyi.kernel.refusals import RefusalKind


def kind(code: str, zh: str, remedy_zh: str, en: str, remedy_en: str, basis: str = "") -> RefusalKind:
    """拒绝种类: of this topic."""
    return RefusalKind(
        code=f"exchange.outpatient_visits.{code}",
        message_zh=zh,
        remedy_zh=remedy_zh,
        message_en=en,
        remedy_en=remedy_en,
        basis=basis,
    )


PLACE_DIGITS: Final = 6
"""区划代码的县级位数: how many digits name a county."""

GENERAL: Final = "general"
CHRONIC_SPECIAL: Final = "chronic_special"
DAY_TCM: Final = "day_tcm"
PHARMACY: Final = "pharmacy"
DUAL_CHANNEL: Final = "dual_channel"
EMERGENCY: Final = "emergency"
VISIT_KIND = {
    GENERAL: "普通门诊",
    CHRONIC_SPECIAL: "门诊慢特病",
    DAY_TCM: "日间中医",
    PHARMACY: "药店",
    DUAL_CHANNEL: "双通道",
    EMERGENCY: "急诊",
}
"""就诊类别: which pool and which rule a visit belongs to; the national ``med_type`` is finer and local."""

CERTIFICATE_WRONG = kind(
    "certificate_wrong",
    "居民身份证号码“{value}”的位数、出生日期或校验位不对。",
    "请对照证件核对18位号码（末位可为X）；没有身份证的请改选证件类别。",
    "Length, date of birth or check digit of the identity number “{value}” is wrong.",
    "Compare all 18 characters with the card; without a card choose another kind of certificate.",
    "GB 11643-1999",
)
SETTLED_BEFORE_VISIT = kind(
    "settled_before_visit",
    "结算日期{value}早于就诊日期{expected}。",
    "请核对就诊日期和结算日期。",
    "The settlement of {value} is before the visit of {expected}.",
    "Check both days.",
)
SETTLED_TO_COME = kind(
    "settled_to_come",
    "结算日期{value}晚于上报日期{expected}。",
    "请核对结算日期；未结算的不上报。",
    "The settlement of {value} is after the day of sending, {expected}.",
    "Check the day; a visit that is not settled is not sent.",
)
VISIT_TO_COME = kind(
    "visit_to_come",
    "就诊日期{value}晚于上报日期{expected}。",
    "请核对就诊日期。",
    "The visit of {value} is after the day of sending, {expected}.",
    "Check the day of the visit.",
)
NEITHER_HERE = kind(
    "neither_here",
    "参保地“{value}”和就医地都不是本县（{expected}）。",
    "只上报本县参保人的门诊结算和在本县发生的门诊结算；请核对区划代码。",
    "Neither the place of insurance {value} nor the place of the visit is this county ({expected}).",
    "Send visits of the county's own insured and visits in the county; check the division codes.",
)
PAYMENTS_DO_NOT_ADD_UP = kind(
    "payments_do_not_add_up",
    "基金支付、个人账户和个人现金合计{value}元，与医疗费总额{expected}元不等。",
    "请核对各支付项；合计须精确到分等于医疗费总额。",
    "Funds, account and cash add up to {value} yuan, the total is {expected} yuan.",
    "Check each payment; together they must equal the total to the fen.",
    "医保结算接口：医疗费总额等于各项支付之和",
)
POOLED_OVER_FUND = kind(
    "pooled_over_fund",
    "统筹基金支付{value}元超过各项基金支付合计{expected}元。",
    "基金支付合计包含统筹、大病、救助等；请核对。",
    "The pooled fund paid {value} yuan, more than all funds together, {expected} yuan.",
    "All funds include the pooled fund; check both.",
)
IN_POLICY_OVER_TOTAL = kind(
    "in_policy_over_total",
    "政策范围内费用{value}元超过医疗费总额{expected}元。",
    "请核对政策范围内费用。",
    "Charges within the policy scope, {value} yuan, exceed the total charge of {expected} yuan.",
    "Check both amounts.",
)
SIGN_WRONG = kind(
    "sign_wrong",
    "“{label}”为{value}元：正常结算的金额不能为负，退费结算的金额不能为正。",
    "退费的在“退费结算标志”填“是”，各项金额填负数；正常结算填“否”或留空，金额填正数。",
    "{label_en} is {value} yuan: an ordinary settlement has no negative amount, a reversal no positive one.",
    "For a refund write 是 under 退费结算标志 and negative amounts; otherwise leave it empty and write positive ones.",
)
ORIGINAL_MISSING = kind(
    "original_missing",
    "退费结算没有填写原结算ID。",
    "请填写被退的那次结算的结算ID，以便逐分冲销。",
    "The reversal does not name the settlement that it reverses.",
    "Give the settlement that was refunded, so that it can be reversed to the fen.",
)
DISEASE_MISSING = kind(
    "disease_missing",
    "门诊慢特病没有填写病种编码。",
    "已接收并标记存疑；请补填门诊慢特病病种编码，否则不能按病种核算。",
    "A visit for a listed chronic disease does not name the disease.",
    "Taken and marked; send the code of the disease, or it cannot be accounted by disease.",
)
