"""检查结果（条件与编码）: what the check says about conditions, candidates and codes."""

from sanyi.kernel.refusals import RefusalKind


def _kind(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"scheme_change.{name}", zh, remedy_zh, en, remedy_en)


CONDITION_WRONG = _kind(
    "condition_wrong",
    "条件中的“{part}”不能理解。",
    "请按“条件写法”表改正；“或”“且”前后和编码表名称前要有空格。",
    "“{part}” in the condition is not understood.",
    "See the sheet 条件写法; blanks stand around 或 and 且 and before a list.",
)
CONDITION_NUMBER = _kind(
    "condition_number",
    "条件“{part}”在该位置不能使用。",
    "请按“条件写法”表改正。",
    "The test “{part}” cannot be used there.",
    "See the sheet 条件写法.",
)
LIST_UNKNOWN = _kind(
    "list_unknown",
    "条件引用的编码表“{list}”不在“编码表”中，或没有任何编码。",
    "请在“编码表”中补上，或改正名称。",
    "The list {list} is not in the sheet 编码表, or has no codes.",
    "Add it there, or correct the name.",
)
LIST_KIND_WRONG = _kind(
    "list_kind_wrong",
    "编码表“{list}”是{own}表，条件却用它判断{tested}。",
    "请改正条件，或改正该表的种类。",
    "The list {list} has the wrong kind of codes for this condition.",
    "Correct the condition or the kind of the list.",
)
LIST_MIXED = _kind(
    "list_mixed",
    "编码表“{list}”中既有诊断又有手术（第 {other} 行起为另一种）。",
    "一张表只能有一种编码，请分成两张。",
    "The list {list} has diagnoses as well as procedures (see row {other}).",
    "Split it in two.",
)
CANDIDATE_WITHOUT_RULE = _kind(
    "candidate_without_rule",
    "细分组“{drg}”的规则序号 {seq} 不在“规则”表中。",
    "请改正序号，或补上规则。",
    "The rule {seq} of candidate {drg} is not in the sheet 规则.",
    "Correct the number or add the rule.",
)
ORDER_TWICE = _kind(
    "order_twice",
    "规则 {seq} 的次序 {order} 出现两次（第 {other} 行）。",
    "请重新编排次序。",
    "Order {order} of rule {seq} stands there twice (row {other}).",
    "Number the candidates anew.",
)
DRG_FORM = _kind(
    "drg_form",
    "组编码“{drg}”写法不对。",
    "请写 ADRG 三位加一位数字或字母（必要时再加一个大写字母），如 BB11、DG12A。",
    "The group {drg} is written wrongly.",
    "The ADRG and one or two more characters, such as BB11 or DG12A.",
)
DRG_OTHER_ADRG = _kind(
    "drg_other_adrg",
    "组编码“{drg}”不是 ADRG“{adrg}”的细分组。",
    "组编码的前三位应与 ADRG 相同。",
    "The group {drg} does not belong to ADRG {adrg}.",
    "The first three characters must be those of the ADRG.",
)
GROUP_TWICE = _kind(
    "group_twice",
    "组“{drg}”在“病种组”表中出现两次（第 {other} 行）。",
    "请只保留一行。",
    "The group {drg} stands there twice (row {other}).",
    "Keep one row.",
)
WEIGHT_WRONG = _kind(
    "weight_wrong",
    "组“{drg}”的权重“{value}”不是大于零、最多六位小数的数。",
    "请改正；未知的留空。",
    "The weight {value} of {drg} is no number above zero with six decimals at most.",
    "Correct it; leave it empty where unknown.",
)
CODE_UNKNOWN = _kind(
    "code_unknown",
    "编码“{code}”不在医保版编码表中，也不在任何已知方案中。",
    "请核对编码（大小写、x 与 X、附加码），改为医保版编码。",
    "The code {code} is in no table of the insurance edition and in no known scheme.",
    "Check its spelling; write codes of the insurance edition.",
)
CODE_TWICE = _kind(
    "code_twice",
    "编码“{code}”在同一张表中重复（第 {other} 行）。",
    "重复没有影响，可删除。",
    "The code {code} stands in the list twice (row {other}).",
    "It does no harm; delete one.",
)
CODE_TWO_TABLES = _kind(
    "code_two_tables",
    "编码“{code}”有两个不同的{label}（第 {other} 行）。",
    "一个编码只能有一个，请改正。",
    "The code {code} has two different values (row {other}).",
    "Keep the right one.",
)
CODE_BOTH_LEVELS = _kind(
    "code_both_levels",
    "编码“{code}”既是 MCC 又是 CC。",
    "请只保留一个级别。",
    "The code {code} is an MCC and a CC.",
    "Keep one level.",
)
TABLE_ZERO = _kind(
    "table_zero",
    "排除表号应为 1 至 32767。",
    "请改正。",
    "Exclusion tables have numbers from 1 to 32767.",
    "Correct it.",
)
TOO_COMPLEX = _kind(
    "too_complex",
    "方案超出分组器的容量：{problem}。",
    "请减少在“任一”“其他”位置判断的编码表（诊断、手术各至多约 60 张）或合并相同的表。",
    "The scheme is beyond what the grouper can hold: {problem}.",
    "Use fewer lists tested at any or at other positions (about 60 of each kind).",
)
