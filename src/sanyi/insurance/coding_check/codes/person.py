"""人口学信息问题: sex, age, age in days and newborn weight."""

from sanyi.insurance.coding_check.codes.kind import FindingKind, Severity

_LIST_ZH = "医疗保障基金结算清单填写规范（医保办发〔2021〕34号）"
_LIST_EN = "Specification of the settlement list (医保办发〔2021〕34号)"
_CHECK_ZH = "CHS-DRG 分组方案：信息校验"
_CHECK_EN = "CHS-DRG grouping scheme: record check"

SEX_MISSING = FindingKind(
    code="sex_missing",
    zh="性别缺失",
    en="Sex is missing",
    severity=Severity.REFUSE,
    message_zh="性别未填写，或不是“男”“女”，病例不能通过分组信息校验。",
    remedy_zh="请按患者有效证件补填性别。",
    source_zh=_CHECK_ZH,
    message_en="Sex is missing or neither male nor female; the stay fails the record check.",
    remedy_en="Fill it in from the patient's certificate.",
    source_en=_CHECK_EN,
)
AGE_MISSING = FindingKind(
    code="age_missing",
    zh="年龄缺失",
    en="Age is missing",
    severity=Severity.REFUSE,
    message_zh="年龄与不足1周岁年龄均未填写，病例不能通过分组信息校验。",
    remedy_zh="请按出生日期和入院日期补填；满1周岁填周岁，不足1周岁填天数。",
    source_zh=_CHECK_ZH,
    message_en="Neither age nor age in days is given; the stay fails the record check.",
    remedy_en="Fill it in from the dates of birth and admission: years from the first birthday on, days before it.",
    source_en=_CHECK_EN,
)
VALUE_IMPOSSIBLE = FindingKind(
    code="value_impossible",
    zh="数值超出范围",
    en="Value out of bounds",
    severity=Severity.REFUSE,
    message_zh="“{label}”填写为{value}，超出允许范围（{minimum}至{maximum}）。",
    remedy_zh="请对照病案改正。",
    source_zh=_LIST_ZH,
    message_en="“{label_en}” is {value}, outside {minimum} to {maximum}.",
    remedy_en="Compare with the record and correct it.",
    source_en=_LIST_EN,
)
AGE_DAYS_MISSING = FindingKind(
    code="age_days_missing",
    zh="不足1周岁未填天龄",
    en="Age in days is missing",
    severity=Severity.REFUSE,
    message_zh="患者不足1周岁，未填写不足1周岁年龄（天），病例不能通过分组信息校验。",
    remedy_zh="请按出生日期至入院日期的实足天数补填。",
    source_zh=f"{_CHECK_ZH}；{_LIST_ZH}",
    message_en="The patient is under one year and the age in days is missing; the stay fails the record check.",
    remedy_en="Fill in the completed days from birth to admission.",
    source_en=f"{_CHECK_EN}; {_LIST_EN}",
)
NEWBORN_WEIGHT_MISSING = FindingKind(
    code="newborn_weight_missing",
    zh="新生儿体重缺失",
    en="Newborn weight is missing",
    severity=Severity.REFUSE,
    message_zh="患者出生{age_days}天，属新生儿（不超过{limit}天），未填写新生儿体重，病例不能通过分组信息校验。",
    remedy_zh="请按病案补填新生儿出生体重或入院体重（克）。",
    source_zh=f"{_CHECK_ZH}；{_LIST_ZH}",
    message_en="The patient is a newborn of {age_days} days (up to {limit}) without a weight; the record check fails.",
    remedy_en="Fill in the birth weight or the admission weight in grams.",
    source_en=f"{_CHECK_EN}; {_LIST_EN}",
)
NEWBORN_WEIGHT_UNUSUAL = FindingKind(
    code="newborn_weight_unusual",
    zh="新生儿体重异常",
    en="Newborn weight is unusual",
    severity=Severity.WARN,
    message_zh="新生儿体重为{value}克，不在{minimum}至{maximum}克之间。",
    remedy_zh="请核对单位（克）和小数点；体重决定新生儿分组。",
    source_zh="新生儿体重界值（本系统政策参数）",
    message_en="The newborn weighs {value} g, outside {minimum} to {maximum} g.",
    remedy_en="Check unit (grams) and point; the weight decides the newborn's group.",
    source_en="Bounds of newborn weight (policy parameter)",
)
AGE_INCONSISTENT = FindingKind(
    code="age_inconsistent",
    zh="年龄与天龄不一致",
    en="Age and age in days disagree",
    severity=Severity.REFUSE,
    message_zh="年龄为{years}岁，不足1周岁年龄为{days}天，两者不一致。",
    remedy_zh="满1周岁只填年龄；不足1周岁只填天数。请对照出生日期改正。",
    source_zh=_LIST_ZH,
    message_en="Age is {years} years but age in days is {days}; they disagree.",
    remedy_en="From one year on give years alone, before that days alone. Compare with the date of birth.",
    source_en=_LIST_EN,
)
AGE_NOT_BIRTH = FindingKind(
    code="age_not_birth",
    zh="年龄与出生日期不符",
    en="Age does not fit the date of birth",
    severity=Severity.REFUSE,
    message_zh="“{label}”填写为{given}，按出生日期{born_on}至入院日期{admitted_on}应为{expected}。",
    remedy_zh="请对照有效证件核对出生日期，并改正年龄。",
    source_zh=_LIST_ZH,
    message_en="“{label_en}” is {given}; from birth on {born_on} to admission on {admitted_on} it is {expected}.",
    remedy_en="Compare the date of birth with the certificate and correct the age.",
    source_en=_LIST_EN,
)
