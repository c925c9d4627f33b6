"""手术操作编码问题: codes, sex, the choice of the main procedure and its relation to the main diagnosis."""

from sanyi.insurance.coding_check.codes.kind import FindingKind, Severity
from sanyi.insurance.coding_check.codes.listed import listed_kinds

LISTED = listed_kinds("procedure", "手术操作", "Procedure")
UNKNOWN, MISWRITTEN, RETIRED, CLINICAL, LOCAL, GREY, EMPTY = LISTED

SEX_CONFLICT = FindingKind(
    code="procedure_sex",
    zh="手术操作与性别不符",
    en="Procedure against sex",
    severity=Severity.REFUSE,
    message_zh="{place}{code}仅适用于{limit}性，患者性别为{sex}。",
    remedy_zh="请核对性别与手术操作编码，按病案改正。",
    source_zh="医保基金智能监管规则库（2025年版）GZ10000201005000 手术操作编码与性别不符；{table}",
    message_en="{code} ({place}) is for {limit_en} patients; this one is {sex_en}.",
    remedy_en="Check sex and code, and correct from the record.",
    source_en="Supervision rules 2025, GZ10000201005000: procedure against sex; {table_en}",
)
REPEATED = FindingKind(
    code="procedure_repeated",
    zh="手术操作重复",
    en="Procedure repeated",
    severity=Severity.INFO,
    message_zh="{place}{code}与第{first}手术操作相同。",
    remedy_zh="确有多次或双侧手术的可保留；误填的请删除。",
    source_zh="医疗保障基金结算清单填写规范（医保办发〔2021〕34号）",
    message_en="{code} ({place}) is the same as procedure {first}.",
    remedy_en="Keep it if it was done again or on both sides; remove it otherwise.",
    source_en="Specification of the settlement list (医保办发〔2021〕34号)",
)
CONFLICT = FindingKind(
    code="diagnosis_procedure_conflict",
    zh="主要诊断与主要手术操作矛盾",
    en="Main diagnosis against main procedure",
    severity=Severity.WARN,
    message_zh="主要手术操作{code}在规则库中有对应的诊断，主要诊断{main}不在其对应的诊断类目内。",
    remedy_zh="请核对主要诊断与主要手术操作是否据实选择。",
    source_zh="医保基金智能监管规则库（2025年版）GZ10000201006000 诊断编码与手术操作编码不符",
    message_en="The rule base lists what the main procedure {code} is for; {main} is in none of those categories.",
    remedy_en="Check whether main diagnosis and main procedure were chosen as the record says.",
    source_en="Supervision rules 2025, GZ10000201006000: diagnosis against procedure",
)
UNRELATED = FindingKind(
    code="main_procedure_unrelated",
    zh="主要手术与主要诊断无关（歧义组）",
    en="Main procedure unrelated to main diagnosis (QY)",
    severity=Severity.REFUSE,
    message_zh="{place}{code}与主要诊断{main}所属的{mdc}无关，病例进入歧义组{drg}。{fits}",
    remedy_zh="请核对主要诊断与主要手术的选择。{reorder}",
    source_zh="{scheme}歧义组（QY）规则与各MDC外科ADRG规则",
    message_en="{code} ({place}) is unrelated to {mdc}, the MDC of {main}; the stay falls into {drg}. {fits_en}",
    remedy_en="Check the choice of main diagnosis and main procedure. {reorder_en}",
    source_en="{scheme_en}, QY rules and surgical ADRG rules of all MDCs",
)
UNUSED = FindingKind(
    code="operation_without_group",
    zh="手术未参与分组",
    en="Operation without effect on the group",
    severity=Severity.WARN,
    message_zh="{place}{code}是有效手术，但与主要诊断{main}所属的{mdc}的外科组均不符，病例进入内科组{drg}。{fits}",
    remedy_zh="请核对主要诊断与主要手术的选择。{reorder}",
    source_zh="{scheme}各MDC外科ADRG规则",
    message_en="{code} ({place}) is an operation but fits no surgical group of {mdc}, the MDC of {main}; the stay falls into the medical group {drg}. {fits_en}",  # noqa: E501
    remedy_en="Check the choice of main diagnosis and main procedure. {reorder_en}",
    source_en="{scheme_en}, surgical ADRG rules of all MDCs",
)
NOT_FIRST = FindingKind(
    code="main_procedure_order",
    zh="主要手术未填在首位",
    en="Main procedure not in the first place",
    severity=Severity.WARN,
    message_zh="主要手术操作{code}不属于有效手术，第{other_position}手术操作{other}属于。",
    remedy_zh="请核对主要手术操作的选择；主要手术应填在首位。",
    source_zh="{scheme}有效手术列表",
    message_en="The main procedure {code} is no valid operation; procedure {other_position}, {other}, is one.",
    remedy_en="Check the choice of the main procedure, which stands first.",
    source_en="{scheme_en}, list of valid operations",
)
