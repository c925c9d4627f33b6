"""检查结果（规则）: what the check says about MDCs and rules."""

from sanyi.kernel.refusals import RefusalKind


def _kind(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"scheme_change.{name}", zh, remedy_zh, en, remedy_en)


MDC_FORM = _kind(
    "mdc_form",
    "大类“{mdc}”写法不对。",
    "请写 MDC 加一个大写字母，如 MDCB。",
    "The MDC {mdc} is written wrongly.",
    "Write MDC and a capital letter, such as MDCB.",
)
MDC_TWICE = _kind(
    "mdc_twice",
    "大类“{mdc}”出现两次（第 {other} 行）。",
    "请合并为一行，条件之间用“ 或 ”连接。",
    "The MDC {mdc} stands there twice (row {other}).",
    "Make it one row; join the conditions by 或.",
)
MDC_WITHOUT_RULES = _kind(
    "mdc_without_rules",
    "大类“{mdc}”没有任何规则（ADRG）。",
    "请补上它的规则，或删除该大类。",
    "The MDC {mdc} has no rules.",
    "Add its rules or delete it.",
)
SEQ_TWICE = _kind(
    "seq_twice",
    "规则序号 {seq} 出现两次（第 {other} 行）。",
    "序号在整张表中不得重复，请重新编号并同步“细分组”表。",
    "The rule number {seq} stands there twice (row {other}).",
    "Number the rules anew, in 细分组 as well.",
)
RULE_TWICE = _kind(
    "rule_twice",
    "规则名“{rule}”出现两次（第 {other} 行）。",
    "同一 ADRG 有几条规则的，请写 {rule}_1、{rule}_2。",
    "The rule {rule} stands there twice (row {other}).",
    "Call several rules of an ADRG {rule}_1, {rule}_2.",
)
RULE_MDC_UNKNOWN = _kind(
    "rule_mdc_unknown",
    "规则“{rule}”所属的大类“{mdc}”不在“大类”表中。",
    "请改正，或在“大类”表中补上该大类。",
    "The MDC {mdc} of rule {rule} is not in the sheet 大类.",
    "Correct it, or add the MDC.",
)
ADRG_FORM = _kind(
    "adrg_form",
    "ADRG“{adrg}”写法不对。",
    "请写一个大写字母、一个大写字母、一个数字，如 BB1；歧义规则写大类字母加 QY，如 BQY。",
    "The ADRG {adrg} is written wrongly.",
    "Two capital letters and a digit, such as BB1; for ambiguous rules BQY.",
)
ADRG_OTHER_MDC = _kind(
    "adrg_other_mdc",
    "ADRG“{adrg}”的首字母与大类“{mdc}”不一致，结果的大类会与规则所在的大类不同。",
    "请改正 ADRG 或大类。",
    "The ADRG {adrg} does not begin with the letter of {mdc}.",
    "Correct one of them.",
)
FALLBACK_WRONG = _kind(
    "fallback_wrong",
    "“无细分组时”的“{value}”不是 ADRG“{adrg}”的组编码。",
    "请填写 {adrg} 或以它开头的组编码，或留空表示继续判断。",
    "Without a candidate {value} cannot be given by ADRG {adrg}.",
    "Write {adrg} or a group that begins with it, or leave it empty.",
)
RULE_WITHOUT_RESULT = _kind(
    "rule_without_result",
    "规则“{rule}”没有细分组，也没有“无细分组时”的组，符合了也不能入组。",
    "请补上细分组，或填写“无细分组时”。",
    "The rule {rule} has no candidates and no group without them; it gives nothing.",
    "Add candidates or fill in 无细分组时.",
)
AMBIGUOUS_WITH_CANDIDATES = _kind(
    "ambiguous_with_candidates",
    "歧义规则“{rule}”不应有细分组或“无细分组时”。",
    "请删除。",
    "The ambiguous rule {rule} has candidates.",
    "Delete them.",
)
