"""指标拒绝种类: mistakes in definitions and targets, questions about what is not there."""

from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with


def kind(code: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    """拒绝种类: of this topic."""
    return RefusalKind(
        code=f"governance.indicators.{code}", message_zh=zh, remedy_zh=remedy_zh, message_en=en, remedy_en=remedy_en
    )


FIELD_MISSING = kind(
    "field_missing",
    "“{owner}”缺少“{field}”。",
    "请补上该项。",
    "{owner} lacks the field {field}.",
    "Add it.",
)
FIELD_UNKNOWN = kind(
    "field_unknown",
    "“{owner}”有不认识的项“{field}”。",
    "可用的项：{known}。",
    "{owner} has the unknown field {field}.",
    "Known fields: {known}.",
)
FIELD_WRONG = kind(
    "field_wrong",
    "“{owner}”的“{field}”写作“{value}”，不能使用。",
    "应为：{expected}。",
    "{field} of {owner} is “{value}”, which cannot be used.",
    "It has to be: {expected}.",
)
CODE_TWICE = kind(
    "code_twice",
    "指标代码“{code}”定义了两次，另见 {other}。",
    "一个代码只有一个定义；改变口径请增加版本。",
    "The indicator {code} is defined twice, see {other}.",
    "One code has one definition; a change is a new version.",
)
VERSIONS_OVERLAP = kind(
    "versions_overlap",
    "指标“{code}”的版本 {first} 与 {second} 在同一天都有效。",
    "请用 from、to 把两个版本分开。",
    "The versions {first} and {second} of {code} hold on the same day.",
    "Keep them apart by from and to.",
)
ASSUMED_WITHOUT_BASIS = kind(
    "assumed_without_basis",
    "“{owner}”没有引文，也没有注明为假定及其理由。",
    "请填写 citation（文件、条款、原文），或 assumed: true 和 basis。",
    "{owner} has neither a citation nor the note that it is assumed, with its basis.",
    "Give a citation (document, clause, quote), or assumed: true and basis.",
)
QUOTE_TOO_LONG = kind(
    "quote_too_long",
    "“{owner}”的原文摘录有 {count} 字。",
    "摘录不超过 {limit} 字。",
    "The quote of {owner} has {count} characters.",
    "Quote at most {limit}.",
)
RULE_UNKNOWN = kind(
    "rule_unknown",
    "指标“{code}”所用的计算规则“{rule}”不存在。",
    "可用的规则：{known}。",
    "The rule {rule} of the indicator {code} does not exist.",
    "Known rules: {known}.",
)
INDICATOR_UNKNOWN = kind(
    "indicator_unknown",
    "没有代码为“{code}”的指标。",
    "请从指标目录中选择。",
    "There is no indicator {code}.",
    "Choose one of the catalogue.",
)
VERSION_UNKNOWN = kind(
    "version_unknown",
    "指标“{code}”没有版本“{version}”。",
    "请从指标页的版本中选择。",
    "The indicator {code} has no version {version}.",
    "Choose one of the versions on its page.",
)
NO_VERSION_THEN = kind(
    "no_version_then",
    "指标“{code}”在 {on} 没有有效的定义。",
    "请选择定义有效的期间。",
    "The indicator {code} has no definition that holds on {on}.",
    "Choose a period in which it is defined.",
)
PERIOD_WRONG = kind(
    "period_wrong",
    "“{text}”不是期间。",
    "年写作 2025，季度写作 2025Q1，月写作 2025-03。",
    "“{text}” is not a period.",
    "Write 2025 for a year, 2025Q1 for a quarter, 2025-03 for a month.",
)
YEAR_WITHOUT_STAYS = kind(
    "year_without_stays",
    "没有可计算的年度：数据湖中还没有已入库的结算清单。",
    "请先在“数据接入”上报结算清单。",
    "There is no year to compute: no settlement list has been taken in.",
    "Take in settlement lists first.",
)
COUNTY_MISSING = kind(
    "county_missing",
    "机构登记中没有本县，不能计算全县指标。",
    "请先在机构登记中建立本县。",
    "The county is not registered, so its indicators cannot be computed.",
    "Register the county first.",
)
answers_with(404, INDICATOR_UNKNOWN, VERSION_UNKNOWN)
