"""签约居民拒绝种类: of the cross-field checks of one row."""

from sanyi.kernel.refusals import RefusalKind


def kind(code: str, zh: str, remedy_zh: str, en: str, remedy_en: str, basis: str = "") -> RefusalKind:
    """拒绝种类: of this topic."""
    return RefusalKind(
        code=f"exchange.signed_persons.{code}",
        message_zh=zh,
        remedy_zh=remedy_zh,
        message_en=en,
        remedy_en=remedy_en,
        basis=basis,
    )


CERTIFICATE_WRONG = kind(
    "certificate_wrong",
    "居民身份证号码“{value}”的位数、出生日期或校验位不对。",
    "请对照证件核对18位号码（末位可为X）；没有身份证的请改选证件类别。",
    "Length, date of birth or check digit of the identity number “{value}” is wrong.",
    "Compare all 18 characters with the card; without a card choose another kind of certificate.",
    "GB 11643-1999",
)
BIRTH_AGAINST_CERTIFICATE = kind(
    "birth_against_certificate",
    "出生日期填写{value}，身份证号码表示{expected}。",
    "请对照证件改正出生日期或号码。",
    "The date of birth is given as {value}; the identity number says {expected}.",
    "Correct the date or the number from the card.",
    "GB 11643-1999",
)
ENDS_BEFORE_START = kind(
    "ends_before_start",
    "签约终止日期{value}早于开始日期{expected}。",
    "请对照签约协议核对起止日期；解约的，终止日期填解约当日。",
    "The agreement ends on {value}, before it starts on {expected}.",
    "Compare both with the agreement; one that was given up ends on that day.",
)
BORN_AFTER_START = kind(
    "born_after_start",
    "出生日期{value}晚于签约开始日期{expected}。",
    "请核对出生日期和签约开始日期。",
    "The date of birth {value} is after the start of the agreement, {expected}.",
    "Check both dates.",
)
PERIOD_LONG = kind(
    "period_long",
    "签约期{value}天，长于{expected}天。",
    "已接收并标记存疑；请核对协议的终止日期。",
    "The agreement runs for {value} days, longer than {expected}.",
    "Taken and marked; check the last day of the agreement.",
    "国卫基层发〔2022〕10号：服务协议有效期",
)
