"""异地住院结算拒绝种类: of the cross-field checks of one row."""

from typing import Final

from sanyi.kernel.refusals import RefusalKind


def kind(code: str, zh: str, remedy_zh: str, en: str, remedy_en: str, basis: str = "") -> RefusalKind:
    """拒绝种类: of this topic."""
    return RefusalKind(
        code=f"exchange.outside_stays.{code}",
        message_zh=zh,
        remedy_zh=remedy_zh,
        message_en=en,
        remedy_en=remedy_en,
        basis=basis,
    )


PLACE_DIGITS: Final = 6
"""区划代码的县级位数: how many digits name a county."""

CERTIFICATE_WRONG = kind(
    "certificate_wrong",
    "居民身份证号码“{value}”的位数、出生日期或校验位不对。",
    "请对照证件核对18位号码（末位可为X）；没有身份证的请改选证件类别。",
    "Length, date of birth or check digit of the identity number “{value}” is wrong.",
    "Compare all 18 characters with the card; without a card choose another kind of certificate.",
    "GB 11643-1999",
)
DISCHARGE_BEFORE_ADMISSION = kind(
    "discharge_before_admission",
    "出院日期{value}早于入院日期{expected}。",
    "请对照异地结算明细核对入院、出院日期。",
    "Discharge {value} is before admission {expected}.",
    "Compare both with the settlement.",
)
DISCHARGE_TO_COME = kind(
    "discharge_to_come",
    "出院日期{value}晚于上报日期{expected}。",
    "请核对出院日期；未出院的不上报。",
    "Discharge {value} is after the day of sending, {expected}.",
    "Check the date; a stay that has not ended is not sent.",
)
NOT_INSURED_HERE = kind(
    "not_insured_here",
    "参保地“{value}”不是本县（{expected}）。",
    "只上报本县参保人的异地住院；请核对参保地区划代码。",
    "The place of insurance {value} is not this county ({expected}).",
    "Only the county's own insured belong here; check the division code.",
)
TREATED_HERE = kind(
    "treated_here",
    "就医地“{value}”就在本县，不是异地住院。",
    "县内住院由医疗机构以结算清单上报；重复上报会计算两次。",
    "The place of treatment {value} is in this county.",
    "Stays in the county are sent as settlement lists; here they would count twice.",
)
FUND_OVER_TOTAL = kind(
    "fund_over_total",
    "基金支付{value}元超过医疗费总额{expected}元。",
    "请核对基金支付和费用总额。",
    "The funds paid {value} yuan, more than the total charge of {expected} yuan.",
    "Check both amounts.",
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
