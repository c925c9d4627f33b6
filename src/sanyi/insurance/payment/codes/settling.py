"""结算与特例单议的拒绝种类: why a settlement cannot be computed, closed or reopened, why a stay is not judged apart."""

from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with

PERIOD_WRONG = RefusalKind(
    code="payment.period_wrong",
    message_zh="“{value}”不是可以结算的期间。",
    remedy_zh="请填写年份（2025）或年月（2025-03）。",
    message_en="“{value}” is not a period that can be settled.",
    remedy_en="Give a year (2025) or a month (2025-03).",
)
NOTHING_TO_SETTLE = RefusalKind(
    code="payment.nothing_to_settle",
    message_zh="{period} 没有已入库并分组的出院病例，也没有门诊记录。",
    remedy_zh="请先在“数据接入”上传结算清单并完成分组，再测算。",
    message_en="There are neither grouped stays nor visits in {period}.",
    remedy_en="Take in the settlement lists and group them, then compute.",
)
SETTLEMENT_CLOSED = RefusalKind(
    code="payment.settlement_closed",
    message_zh="{period} 已经结账（办件 {number}），不能再测算。",
    remedy_zh="确需更正的，由有结账权限的人员写明理由重开，再测算新的版次。",
    message_en="{period} is closed (case {number}) and cannot be computed again.",
    remedy_en="Reopen it with a reason; the next revision is computed anew.",
)
YEAR_CLOSED = RefusalKind(
    code="payment.year_closed",
    message_zh="{year} 年度已经清算结账，其中的月份不能再测算或重开。",
    remedy_zh="请先重开年度清算。",
    message_en="The year {year} is closed; its months can be neither computed nor reopened.",
    remedy_en="Reopen the year first.",
)
COMPUTING = RefusalKind(
    code="payment.computing",
    message_zh="{period} 正在测算（作业 {run}）。",
    remedy_zh="请等作业完成；需要停止的，在作业页取消。",
    message_en="{period} is being computed (run {run}).",
    remedy_en="Wait until the run has ended, or cancel it on its page.",
)
NOT_COMPUTED = RefusalKind(
    code="payment.not_computed",
    message_zh="{period} 还没有测算结果。",
    remedy_zh="请先测算这一期间。",
    message_en="{period} has not been computed yet.",
    remedy_en="Compute the period first.",
)
PERIOD_NOT_OVER = RefusalKind(
    code="payment.period_not_over",
    message_zh="{period} 还没有结束，不能结账。",
    remedy_zh="请在 {last_on} 之后结账；此前可以随时测算。",
    message_en="{period} is not over and cannot be closed.",
    remedy_en="Close it after {last_on}; until then it can be computed at any time.",
)
UNPAYABLE_STAYS = RefusalKind(
    code="payment.unpayable_stays",
    message_zh="{period} 有 {count} 例不能确定支付金额：{reasons}。未知不是零，不能结账。",
    remedy_zh="请在“病例支付”中按“不能支付”筛选逐例查看；补齐权重、费率、机构级别等后重新测算，再结账。",
    message_en="In {period} the amount of {count} stays cannot be determined: {reasons}. Unknown is not zero.",
    remedy_en="See them in the list of cases under “not payable”; complete what is missing, compute again, then close.",
)
NOT_BY_COMPUTER = RefusalKind(
    code="payment.not_by_computer",
    message_zh="{name} 测算了 {period}，不能由本人结账。",
    remedy_zh="请由另一位有结账权限的人员核对后结账（两人原则）。",
    message_en="{name} computed {period} and cannot close it.",
    remedy_en="Somebody else who may close has to check and close it.",
)
INPUTS_CHANGED = RefusalKind(
    code="payment.inputs_changed",
    message_zh="{period} 测算之后，{what}有变化。",
    remedy_zh="请重新测算，核对结果后再结账。",
    message_en="After {period} was computed, {what_en} changed.",
    remedy_en="Compute it again, check the results, then close it.",
)
SPECIALS_WAITING = RefusalKind(
    code="payment.specials_waiting",
    message_zh="{period} 还有 {count} 件特例单议没有办结：{numbers}。",
    remedy_zh="请先办结，再重新测算和结账；月度预结算不受此限。",
    message_en="{count} special cases of {period} are not decided: {numbers}.",
    remedy_en="Decide them, compute again, then close; months may be closed without.",
)
RESULT_MISSING = RefusalKind(
    code="payment.result_missing",
    message_zh="{period} 的结果表“{table}”与测算时的摘要不符。",
    remedy_zh="请不要结账，并把作业号 {run} 告知系统管理员。",
    message_en="The results “{table}” of {period} do not agree with the digest of the computation.",
    remedy_en="Do not close; tell the administrator the number of the run, {run}.",
)
REASON_MISSING = RefusalKind(
    code="payment.reason_missing",
    message_zh="没有写明理由。",
    remedy_zh="请写明为什么重开，理由随版次留存。",
    message_en="The reason is missing.",
    remedy_en="Say why it is reopened; the reason is kept with the revision.",
)
STAY_UNKNOWN = RefusalKind(
    code="payment.stay_unknown",
    message_zh="机构 {institution} 没有结算ID为 {settlement} 的已测算病例。",
    remedy_zh="请核对结算ID；病例所在月份须先测算，才能申请单议。",
    message_en="Institution {institution} has no computed stay with the settlement {settlement}.",
    remedy_en="Check the settlement; its month has to be computed before.",
)
METHOD_WITHOUT_SPECIAL = RefusalKind(
    code="payment.method_without_special",
    message_zh="这一病例的支付方式（{method}）没有特例单议。",
    remedy_zh="只有规定了单议比例上限的支付方式（DRG、DIP）可以申请单议。",
    message_en="This stay is paid by {method}, which knows no special case.",
    remedy_en="Only methods with a cap on special cases (DRG, DIP) take applications.",
)
SPECIAL_CAP_REACHED = RefusalKind(
    code="payment.special_cap_reached",
    message_zh="{year} 年 {method} 出院病例 {stays} 例，单议上限 {cap} 例，已申请或核定 {count} 例。",
    remedy_zh="上限为出院病例的 {share}；请等出院病例增加，或撤回不再需要的申请。",
    message_en="In {year} there are {stays} {method} stays; of the {cap} special cases allowed {count} are taken.",
    remedy_en="The cap is {share} of the discharges; wait for more discharges or withdraw an application.",
)
SPECIAL_EXISTS = RefusalKind(
    code="payment.special_exists",
    message_zh="这一病例已有单议申请：{number}。",
    remedy_zh="请在该办件中继续办理；被驳回或撤回后才能重新申请。",
    message_en="There is an application for this stay already: {number}.",
    remedy_en="Go on with that case; a new one is possible after it was rejected or withdrawn.",
)
SPECIAL_TOO_LATE = RefusalKind(
    code="payment.special_too_late",
    message_zh="出院日期 {discharged_on} 的病例，单议申请截止 {until}。",
    remedy_zh="期限由政策参数“特例单议申请期限”规定，请与医保经办机构联系。",
    message_en="For a stay discharged on {discharged_on} the applications ended on {until}.",
    remedy_en="The limit is a policy value; ask the insurance bureau.",
)
SPECIAL_YEAR_CLOSED = RefusalKind(
    code="payment.special_year_closed",
    message_zh="{year} 年度已经清算结账，不再受理这一年出院病例的单议。",
    remedy_zh="确需办理的，请医保经办机构写明理由重开年度清算后再申请。",
    message_en="The year {year} is closed; no more applications for its stays are taken.",
    remedy_en="The insurance bureau would have to reopen the year, with a reason, before.",
)
AMOUNT_WRONG = RefusalKind(
    code="payment.amount_wrong",
    message_zh="金额“{value}”不能使用：须大于零，且不超过医疗总费用 {total} 元。",
    remedy_zh="请以元为单位填写，最多两位小数。",
    message_en="The amount “{value}” cannot be used: above zero, and at most the total charge {total} yuan.",
    remedy_en="Give it in yuan with at most two decimals.",
)
GROUND_MISSING = RefusalKind(
    code="payment.ground_missing",
    message_zh="没有写明单议理由。",
    remedy_zh="请写明病情、费用构成和与同组病例的差别。",
    message_en="The ground of the application is missing.",
    remedy_en="Say what differs from other stays of the group.",
)
AMOUNT_MISSING = RefusalKind(
    code="payment.amount_missing",
    message_zh="没有填写核定金额。",
    remedy_zh="请在单议页面填写核定的总费用（含个人部分）后办理。",
    message_en="The amount is missing.",
    remedy_en="Give the amount on the page of the special case.",
)
SAME_REVIEWER = RefusalKind(
    code="payment.same_reviewer",
    message_zh="初审由 {name} 作出，复审不能是同一人。",
    remedy_zh="请由另一位评审人复审。",
    message_en="{name} made the first review; the second is by somebody else.",
    remedy_en="Another reviewer has to decide.",
)

answers_with(409, SETTLEMENT_CLOSED, YEAR_CLOSED, COMPUTING, INPUTS_CHANGED, SPECIAL_EXISTS, SPECIAL_YEAR_CLOSED)
