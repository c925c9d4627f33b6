"""检查结果（提示）: what somebody should look at before a scheme is used; nothing of it refuses a workbook."""

from sanyi.kernel.refusals import RefusalKind


def _kind(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"scheme_change.{name}", zh, remedy_zh, en, remedy_en)


LIST_UNUSED = _kind(
    "list_unused",
    "编码表“{list}”没有被任何条件引用，其中的编码不起作用。",
    "请检查条件是否漏写，不需要的可删除。",
    "No condition uses the list {list}.",
    "Check the conditions, or delete it.",
)
CODES_NOT_IN_EDITION = _kind(
    "codes_not_in_edition",
    "“{sheet}”中有 {count} 个编码不在医保版 2.0 编码表中，按医保版上传的病例不会用到，例如 {examples}。",
    "请核对是否应换成 2.0 版的编码；为兼容旧编码的可以保留。",
    "{count} codes of {sheet} are not in the insurance edition 2.0, for example {examples}.",
    "Check whether newer codes are meant; older ones may stay.",
)
CODES_IN_NO_MDC = _kind(
    "codes_in_no_mdc",
    "医保版 2.0 的诊断编码中有 {count} 个不在任何大类的主要诊断表中，"
    "以它们为主要诊断的病例只能靠先期分组入组，例如 {examples}。",
    "请核对是否有意如此（如灰码、不作主要诊断的编码）。",
    "{count} diagnosis codes of the insurance edition 2.0 are in the list of no MDC, for example {examples}.",
    "Check whether that is meant.",
)
CODES_IN_NO_RULE = _kind(
    "codes_in_no_rule",
    "有 {count} 个主要诊断能进入大类 {mdc}，却不在它任何一条规则的诊断表中，没有手术时不能入组，例如 {examples}。",
    "请核对内科规则的编码表。",
    "{count} main diagnoses open {mdc} but are in no list of its rules, for example {examples}.",
    "Check the lists of its medical rules.",
)
GROUP_UNNAMED = _kind(
    "group_unnamed",
    "组“{drg}”没有名称。",
    "请在“病种组”表中补上名称。",
    "The group {drg} has no name.",
    "Add its name to the sheet 病种组.",
)
GROUP_NEVER_GIVEN = _kind(
    "group_never_given",
    "组“{drg}”在“病种组”表中，却没有任何规则给出它。",
    "请核对是否漏了规则或细分组。",
    "No rule gives the group {drg}.",
    "Check whether a rule or a candidate is missing.",
)
GROUP_WITHOUT_WEIGHT = _kind(
    "group_without_weight",
    "有 {count} 个组没有权重，例如 {examples}；其余组有权重。",
    "没有公布权重的可保留为空；权重未知不等于零。",
    "{count} groups have no weight, for example {examples}.",
    "Leave unknown weights empty.",
)
GROUP_NEVER_REACHED = _kind(
    "group_never_reached",
    "组“{drg}”永远不能入组：{why}。",
    "请调整次序或条件。",
    "No stay can ever get the group {drg}: {why_en}.",
    "Change the order or the conditions.",
)
RULE_NEVER_REACHED = _kind(
    "rule_never_reached",
    "规则“{rule}”永远不起作用：{why}。",
    "请调整次序、条件或编码表。",
    "The rule {rule} can never give a group: {why_en}.",
    "Change the order, the condition or the lists.",
)
RULES_OVERLAP = _kind(
    "rules_overlap",
    "规则“{rule}”与前面的“{earlier}”有 {count} 个相同的{label}，这些编码总是先入“{earlier}”，例如 {examples}。",
    "请核对编码应属于哪一个组，从另一张表中删去。",
    "{rule} and the earlier {earlier} have {count} codes in com"
    "mon, which always go to {earlier}, for example {examples}.",
    "Check where they belong and delete them from the other list.",
)
RULES_SAME = _kind(
    "rules_same",
    "规则“{rule}”的条件与前面的“{earlier}”完全相同。",
    "请删除其中一条，或改正条件。",
    "The rule {rule} has the same condition as the earlier {earlier}.",
    "Delete one of them or correct the condition.",
)
