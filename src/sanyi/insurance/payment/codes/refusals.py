"""支付拒绝: what makes a whole calculation impossible."""

from sanyi.kernel.refusals import RefusalKind

STAY_REPEATED = RefusalKind(
    code="payment.stay_repeated",
    message_zh="有 {count} 个结算ID在病例中出现了不止一次，例如 {example}；一次住院只能支付一次。",
    remedy_zh="请按同一结算ID重新上报更正，只保留有效的一条后再计算。",
    message_en="{count} settlements occur more than once, for example {example}; a stay is paid once.",
    remedy_en="Send a correction under the same settlement so that one valid row remains, then compute again.",
)
VALUE_WRONG = RefusalKind(
    code="payment.value_wrong",
    message_zh="政策参数“{key}”的内容不能用于计算：{what}。",
    remedy_zh="请对照 docs/policy 中该参数的说明改正后再计算。",
    message_en="The policy value “{key}” cannot be used: {what_en}.",
    remedy_en="Correct it as its description in docs/policy says, then compute again.",
)
NO_VALUES = RefusalKind(
    code="payment.no_values",
    message_zh="{county} {year} 年没有支付政策参数。",
    remedy_zh="请先补充该辖区的支付政策文件。",
    message_en="There are no payment policy values for {county} in {year}.",
    remedy_en="Supply the policy file of this jurisdiction first.",
)
RULES_UNREADABLE = RefusalKind(
    code="payment.rules_unreadable",
    message_zh="保存的支付规则不能读取：{what}。",
    remedy_zh="请从原结算重新取得规则，不要改动保存的内容。",
    message_en="The stored payment rules cannot be read: {what}.",
    remedy_en="Take the rules from the original settlement again, unchanged.",
)
MONTH_WRONG = RefusalKind(
    code="payment.through_month_wrong",
    message_zh="预结算月份应为 1 至 12，不能是“{month}”。",
    remedy_zh="请选择本年度的月份；年终清算不填月份。",
    message_en="Months of pre-settlement go from 1 to 12; “{month}” is none.",
    remedy_en="Choose a month of the year; leave it out for the year's end.",
)
POOL_OVERDRAWN = RefusalKind(
    code="payment.pool_overdrawn",
    message_zh="资金池“{pool}”为 {amount} 元，特例单议病例核定 {special} 元，已超过资金池。",
    remedy_zh="请核对特例单议金额，或调整预算后再计算。",
    message_en="The pool “{pool}” holds {amount} yuan, the special cases approved come to {special} yuan.",
    remedy_en="Check the special cases, or adjust the budget and compute again.",
)
VISITS_MISSING = RefusalKind(
    code="payment.visits_missing",
    message_zh="既没有门诊结算明细，也没有门诊汇总。",
    remedy_zh="请先上传门诊结算；确无门诊的，请给出空表。",
    message_en="There are neither visits nor sums of visits.",
    remedy_en="Upload the visits first; where there are none, give an empty table.",
)
SCORE_MISSING = RefusalKind(
    code="payment.score_missing",
    message_zh="门诊按人头的结余留用要按考核得分计算，以下机构没有得分：{institutions}。",
    remedy_zh="请先录入年度考核得分，再做年终清算。",
    message_en="What teams retain depends on a score; these institutions have none: {institutions}.",
    remedy_en="Enter the yearly scores first, then clear the year.",
)
