"""规则拒绝种类: what running a rule can miss."""

from sanyi.kernel.refusals import RefusalKind

PARAMETER_MISSING = RefusalKind(
    code="rule.parameter_missing",
    message_zh="规则“{rulebook}”的步骤“{step}”缺少政策参数“{parameter}”。",
    remedy_zh="请在政策文件中补充该参数，并写明日期和依据。",
    message_en="The step {step} of {rulebook} lacks the policy value {parameter}.",
    remedy_en="Add it to the policy files with its dates and basis.",
)
RESULT_UNKNOWN = RefusalKind(
    code="rule.result_unknown",
    message_zh="规则“{rulebook}”的“{zh}”（{step}）有{count}行算不出结果。",
    remedy_zh="请检查该行的输入是否缺失、除数是否为零、金额是否超限。",
    message_en="{step} of {rulebook} has no result in {count} rows.",
    remedy_en="Check the row for missing inputs, a divisor of zero, or amounts out of bounds.",
)
RULEBOOK_NOT_ONE = RefusalKind(
    code="rule.rulebook_not_one",
    message_zh="规则“{rulebook}”在{on}有{count}个适用版本，应当恰好一个。",
    remedy_zh="请检查各版本的起止日期。",
    message_en="{rulebook} has {count} versions for {on}; there should be exactly one.",
    remedy_en="Check the dates of the versions.",
)
INPUT_MISSING = RefusalKind(
    code="rule.input_missing",
    message_zh="规则“{rule}”缺少“{field}”。",
    remedy_zh="请补填。",
    message_en="The rule {rule} lacks “{field}”.",
    remedy_en="Fill it in.",
)
INPUT_OF_WRONG_TYPE = RefusalKind(
    code="rule.input_of_wrong_type",
    message_zh="规则“{rule}”的“{field}”应为{expected}，收到的是“{value}”。",
    remedy_zh="请改正后再试。",
    message_en="“{field}” of the rule {rule} should be {expected}, not “{value}”.",
    remedy_en="Correct it and try again.",
)
GROUP_KEY_MISSING = RefusalKind(
    code="rule.group_key_missing",
    message_zh="规则“{rule}”按“{field}”分组，但有{count}行没有填写。",
    remedy_zh="请补填后再运行。",
    message_en="{rule} groups by “{field}”, which is missing in {count} rows.",
    remedy_en="Fill it in and run again.",
)

# decision tables
TABLE_WRONG = RefusalKind(
    code="decision_table.wrong",
    message_zh="决策表“{table}”有误：{mistake}。",
    remedy_zh="{advice}。",
    message_en="The decision table {table} is wrong: {mistake_en}.",
    remedy_en="{advice_en}.",
)
TABLE_GAP = RefusalKind(
    code="decision_table.gap",
    message_zh="决策表“{table}”没有覆盖这种情况：{example}。",
    remedy_zh="请补一行，或放宽已有行的条件。",
    message_en="The decision table {table} has no row for: {example_en}.",
    remedy_en="Add a row, or widen the condition of one.",
)
TABLE_OVERLAP = RefusalKind(
    code="decision_table.overlap",
    message_zh="决策表“{table}”的第{line}行与第{other_line}行同时适用于：{example}。",
    remedy_zh="请收窄其中一行的条件；若按先后顺序取第一行，请写 hit: first。",
    message_en="Rows on lines {line} and {other_line} of {table} both apply to: {example_en}.",
    remedy_en="Narrow one of them; if the first row should win, write hit: first.",
)
TABLE_ROW_UNREACHABLE = RefusalKind(
    code="decision_table.row_unreachable",
    message_zh="决策表“{table}”第{line}行永远不会用到，前面的行已全部覆盖。",
    remedy_zh="请调整顺序，或删除该行。",
    message_en="The row on line {line} of {table} is never used: earlier rows cover it.",
    remedy_en="Change the order, or remove it.",
)
FACT_MISSING = RefusalKind(
    code="decision_table.fact_missing",
    message_zh="“{table}”需要“{field}”，没有填写。",
    remedy_zh="请补填“{field}”。",
    message_en="{table} needs “{field_en}”, which is missing.",
    remedy_en="Fill in “{field_en}”.",
)
FACT_WRONG = RefusalKind(
    code="decision_table.fact_wrong",
    message_zh="“{table}”的“{field}”为“{value}”，应为{expected}。",
    remedy_zh="请核对后改正。",
    message_en="“{field_en}” of {table} is “{value}”; it should be {expected}.",
    remedy_en="Check and correct it.",
)

# runners
SPARK_NOT_INSTALLED = RefusalKind(
    code="rule.spark_not_installed",
    message_zh="本机没有安装 Spark 运行环境（缺少 {module}）。",
    remedy_zh='请执行 pip install "sanyi[spark]" 并安装 Java 17；单机数据请用整表运行。',
    message_en="Spark is not installed here ({module} is missing).",
    remedy_en='Run pip install "sanyi[spark]" and install Java 17; for one machine use the table runner.',
)
RULE_NOT_FOR_RECORDS = RefusalKind(
    code="rule.not_for_records",
    message_zh="规则“{rule}”针对整张表，不能对单条记录运行。",
    remedy_zh="请用整表运行。",
    message_en="The rule {rule} is about a whole table and does not run on one record.",
    remedy_en="Use the table runner.",
)
RULE_NEEDS_GROUP_KEY = RefusalKind(
    code="rule.needs_group_key",
    message_zh="规则“{rule}”针对整张表且没有分组列，不能在 Spark 上运行。",
    remedy_zh="请用整表运行；若各组互不影响，请在规则中声明分组列。",
    message_en="The rule {rule} is about a whole table without a group key and does not run on Spark.",
    remedy_en="Use the table runner; if groups are independent, declare the group key in the rule.",
)
GROUP_UNKNOWN = RefusalKind(
    code="rule.group_unknown",
    message_zh="“{field}”为“{value}”的{count}行不属于要计算的任何一组。",
    remedy_zh="请补上该组的资料，或先筛去这些行。",
    message_en="{count} rows with {field} “{value}” belong to none of the groups to compute.",
    remedy_en="Give what belongs to that group, or leave these rows out first.",
)
