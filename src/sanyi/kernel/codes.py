"""内核拒绝种类: the mistakes that money, dates, workflows and rulebooks answer with a sentence."""

from sanyi.kernel.refusals import RefusalKind

# money
DIVISION_BY_ZERO = RefusalKind(
    code="money.division_by_zero",
    message_zh="除数为零，无法计算。",
    remedy_zh="请检查分母（人数、权重合计、预算等）是否已填写。",
    message_en="The divisor is zero, nothing can be computed.",
    remedy_en="Check that the denominator (persons, total weight, budget) has been filled in.",
)
SPLIT_WITHOUT_WEIGHTS = RefusalKind(
    code="money.split_without_weights",
    message_zh="没有可用于分配的权重（为空或全部为零），金额{total}元无法分配。",
    remedy_zh="请至少给出一个大于零的权重。",
    message_en="There is no weight to split by (none, or all zero); {total} yuan cannot be split.",
    remedy_en="Give at least one weight above zero.",
)
WEIGHT_NEGATIVE = RefusalKind(
    code="money.weight_negative",
    message_zh="第{position}个权重为负数{weight}。",
    remedy_zh="分配权重必须是不小于零的整数。",
    message_en="Weight number {position} is negative: {weight}.",
    remedy_en="Weights must be whole numbers of zero or more.",
)
YUAN_UNREADABLE = RefusalKind(
    code="money.yuan_unreadable",
    message_zh="“{text}”不是可识别的金额。",
    remedy_zh="请写成以元为单位、最多两位小数的数字，例如 1234.56。",
    message_en="“{text}” is not an amount of money.",
    remedy_en="Write yuan with at most two decimals, for example 1234.56.",
)
YUAN_TOO_FINE = RefusalKind(
    code="money.yuan_too_fine",
    message_zh="金额“{text}”的小数多于两位。",
    remedy_zh="金额精确到分，请按规定四舍五入到两位小数后再填写。",
    message_en="The amount “{text}” has more than two decimals.",
    remedy_en="Amounts are exact to the fen: round to two decimals as the rules say, then enter it.",
)
AMOUNT_OUT_OF_BOUNDS = RefusalKind(
    code="money.amount_out_of_bounds",
    message_zh="金额{text}超出系统允许的范围（±{limit}元）。",
    remedy_zh="请检查是否多写了位数或单位（元、万元）弄错。",
    message_en="The amount {text} is outside what is allowed (±{limit} yuan).",
    remedy_en="Check for extra digits or a wrong unit (yuan, ten thousand yuan).",
)

# dates
DATE_BEFORE_BIRTH = RefusalKind(
    code="dates.before_birth",
    message_zh="日期{on}早于出生日期{born_on}，无法计算年龄。",
    remedy_zh="请核对出生日期。",
    message_en="{on} is before the date of birth {born_on}; no age can be computed.",
    remedy_en="Check the date of birth.",
)
DISCHARGE_BEFORE_ADMISSION = RefusalKind(
    code="dates.discharge_before_admission",
    message_zh="出院日期{discharged_on}早于入院日期{admitted_on}。",
    remedy_zh="请核对入院和出院日期。",
    message_en="Discharge on {discharged_on} is before admission on {admitted_on}.",
    remedy_en="Check the dates of admission and discharge.",
)
YEAR_NOT_COVERED = RefusalKind(
    code="dates.year_not_covered",
    message_zh="节假日历没有{year}年的数据（现有{covered}），不能计算工作日。",
    remedy_zh="国务院办公厅公布该年放假安排后，把通知内容加入节假日数据文件。",
    message_en="The holiday calendar has no data for {year} (it has {covered}); working days cannot be counted.",
    remedy_en="Add the year to the holiday file once the State Council's notice is out.",
)
HOLIDAY_FILE_WRONG = RefusalKind(
    code="dates.holiday_file_wrong",
    message_zh="节假日数据有误：{mistake}。",
    remedy_zh="正确写法示例：{example}。",
    message_en="The holiday file is wrong: {mistake_en}.",
    remedy_en="An example of right: {example}.",
)

# workflows
TRANSITION_UNKNOWN = RefusalKind(
    code="workflow.transition_unknown",
    message_zh="“{chart}”当前处于“{state}”，不能办理“{transition}”。",
    remedy_zh="当前可办理：{possible}。",
    message_en="{chart_en} is in the state {state_en}; {transition} is not possible.",
    remedy_en="Possible now: {possible_en}.",
)
STATE_UNKNOWN = RefusalKind(
    code="workflow.state_unknown",
    message_zh="“{chart}”没有“{state}”这一状态。",
    remedy_zh="请刷新页面后重试；若仍出现，请联系系统管理员。",
    message_en="{chart_en} has no state {state}.",
    remedy_en="Reload the page and try again; if it stays, tell the system administrator.",
)
ACTOR_NOT_ALLOWED = RefusalKind(
    code="workflow.actor_not_allowed",
    message_zh="您没有办理“{chart}”的“{transition}”的权限。",
    remedy_zh="该步骤由以下角色或权限办理：{actors}。",
    message_en="You may not do {transition_en} of {chart_en}.",
    remedy_en="This step is for: {actors}.",
)
REASON_REQUIRED = RefusalKind(
    code="workflow.reason_required",
    message_zh="办理“{transition}”必须填写理由。",
    remedy_zh="请填写理由后再提交。",
    message_en="{transition_en} needs a reason.",
    remedy_en="Write the reason and submit again.",
)
EVIDENCE_REQUIRED = RefusalKind(
    code="workflow.evidence_required",
    message_zh="办理“{transition}”必须附证明材料。",
    remedy_zh="请上传材料后再提交。",
    message_en="{transition_en} needs evidence.",
    remedy_en="Attach the evidence and submit again.",
)
CHART_WRONG = RefusalKind(
    code="workflow.chart_wrong",
    message_zh="流程“{chart}”定义有误：{mistake}。",
    remedy_zh="{advice}。",
    message_en="The workflow {chart} is declared wrongly: {mistake_en}.",
    remedy_en="{advice_en}.",
)
