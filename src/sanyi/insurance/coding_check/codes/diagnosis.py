"""诊断编码问题: codes, the choice of the main diagnosis, sex, age and repetition."""

from sanyi.insurance.coding_check.codes.kind import FindingKind, Severity
from sanyi.insurance.coding_check.codes.listed import listed_kinds

_SEX_RULE_ZH = "医保基金智能监管规则库（2025年版）GZ10000204006000 诊断与患者性别不符"
_SEX_RULE_EN = "Supervision rules 2025, GZ10000204006000: diagnosis against sex"

DIAGNOSIS_MISSING = FindingKind(
    code="diagnosis_missing",
    zh="主要诊断缺失",
    en="Main diagnosis is missing",
    severity=Severity.REFUSE,
    message_zh="没有填写主要诊断，病例无法入组。",
    remedy_zh="请按病案填写主要诊断。",
    source_zh="医疗保障基金结算清单填写规范（医保办发〔2021〕34号）",
    message_en="There is no main diagnosis; the stay cannot be grouped.",
    remedy_en="Fill it in from the record.",
    source_en="Specification of the settlement list (医保办发〔2021〕34号)",
)

LISTED = listed_kinds("diagnosis", "诊断", "Diagnosis")
UNKNOWN, MISWRITTEN, RETIRED, CLINICAL, LOCAL, GREY, EMPTY = LISTED

NOT_MAIN = FindingKind(
    code="diagnosis_not_main",
    zh="不得作为主要诊断",
    en="May not be a main diagnosis",
    severity=Severity.REFUSE,
    message_zh="{code}属“{class_zh}”，不得作为主要诊断。",
    remedy_zh="请核对主要诊断选择：病案中已填写的其他诊断{others}可供核对。",
    source_zh="{basis}",
    message_en="{code} belongs to “{class_en}” and may not be a main diagnosis.",
    remedy_en="Check the choice of the main diagnosis against the others of the record: {others_en}.",
    source_en="{basis}",
)
MAIN_IN_NO_MDC = FindingKind(
    code="main_in_no_mdc",
    zh="主要诊断不属于任何MDC",
    en="Main diagnosis in no MDC",
    severity=Severity.REFUSE,
    message_zh="主要诊断{code}不在{scheme}任何主要诊断大类（MDC）的主诊表中。",
    remedy_zh="请核对主要诊断选择：病案中属于MDC主诊表的其他诊断{others}可供核对。",
    source_zh="{scheme}各MDC主诊表",
    message_en="The main diagnosis {code} is in no MDC list of {scheme_en}.",
    remedy_en="Check the choice of the main diagnosis against those of the record in an MDC list: {others_en}.",
    source_en="{scheme_en}, lists of main diagnoses of all MDCs",
)
MAIN_MDC_UNMET = FindingKind(
    code="main_mdc_unmet",
    zh="主要诊断所属MDC的条件不成立",
    en="Condition of the MDC not met",
    severity=Severity.REFUSE,
    message_zh="主要诊断{code}只属于{unmet}，该条件与本病例不符。",
    remedy_zh="请核对主要诊断、性别、年龄以及其他诊断是否与病案一致。",
    source_zh="{scheme} MDC入组条件",
    message_en="The main diagnosis {code} belongs to {unmet_en} only, and this stay does not meet it.",
    remedy_en="Compare main diagnosis, sex, age and other diagnoses with the record.",
    source_en="{scheme_en}, conditions of the MDCs",
)
SEX_CONFLICT = FindingKind(
    code="diagnosis_sex",
    zh="诊断与性别不符",
    en="Diagnosis against sex",
    severity=Severity.REFUSE,
    message_zh="{place}{code}仅适用于{limit}性，患者性别为{sex}。",
    remedy_zh="请核对性别与诊断编码，按病案改正。",
    source_zh=f"{_SEX_RULE_ZH}；{{table}}",
    message_en="{code} ({place}) is for {limit_en} patients; this one is {sex_en}.",
    remedy_en="Check sex and code, and correct from the record.",
    source_en=f"{_SEX_RULE_EN}; {{table_en}}",
)
AGE_CONFLICT = FindingKind(
    code="diagnosis_age",
    zh="诊断与年龄不符",
    en="Diagnosis against age",
    severity=Severity.WARN,
    message_zh="{place}{code}仅适用于{limit}，患者年龄为{age}。",
    remedy_zh="请核对年龄与诊断编码，按病案改正。",
    source_zh="医保基金智能监管规则库（2025年版）GZ10000204007000 诊断与患者年龄不符",
    message_en="{code} ({place}) is for {limit_en}; this patient is {age_en} old.",
    remedy_en="Check age and code, and correct from the record.",
    source_en="Supervision rules 2025, GZ10000204007000: diagnosis against age",
)
MAIN_REPEATED = FindingKind(
    code="main_repeated",
    zh="主要诊断重复填为其他诊断",
    en="Main diagnosis repeated",
    severity=Severity.WARN,
    message_zh="{place}{code}与主要诊断相同{effect}。",
    remedy_zh="请删除重复的其他诊断。",
    source_zh="医疗保障基金结算清单填写规范（医保办发〔2021〕34号）；{scheme}合并症规则",
    message_en="{code} ({place}) repeats the main diagnosis{effect_en}.",
    remedy_en="Remove the repetition.",
    source_en="Specification of the settlement list (医保办发〔2021〕34号); complications of {scheme_en}",
)
REPEATED = FindingKind(
    code="diagnosis_repeated",
    zh="诊断重复",
    en="Diagnosis repeated",
    severity=Severity.WARN,
    message_zh="{place}{code}与第{first}诊断相同。",
    remedy_zh="请删除重复的诊断。",
    source_zh="医疗保障基金结算清单填写规范（医保办发〔2021〕34号）",
    message_en="{code} ({place}) is the same as diagnosis {first}.",
    remedy_en="Remove the repetition.",
    source_en="Specification of the settlement list (医保办发〔2021〕34号)",
)
