"""总额打包拒绝种类: why something cannot be done."""

from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with

BUREAU_MISSING = RefusalKind(
    code="package.bureau_missing",
    message_zh="机构登记中没有医疗保障局，无法确定记账的账簿。",
    remedy_zh="请先在机构登记中建立本县医疗保障局。",
    message_en="No insurance bureau is registered; there is no book to post in.",
    remedy_en="Register the county's insurance bureau first.",
)
INPUT_MISSING = RefusalKind(
    code="package.input_missing",
    message_zh="缺少{what}，不能按“{base}”测算预算。",
    remedy_zh="请补充{what}；确实没有的，请改用另一种预算依据。",
    message_en="{what_en} is missing; the budget cannot be computed by “{base_en}”.",
    remedy_en="Add it, or choose the other base.",
)
AMOUNT_NEGATIVE = RefusalKind(
    code="package.amount_negative",
    message_zh="{what}不能小于零（{value}）。",
    remedy_zh="请核对后重新填写。",
    message_en="{what_en} cannot be below zero ({value}).",
    remedy_en="Check and enter it again.",
)
DEDUCTIONS_EXCEED = RefusalKind(
    code="package.deductions_exceed",
    message_zh="扣减合计 {deductions} 元超过筹资收入 {income} 元，预算为负。",
    remedy_zh="请核对参保人数、筹资标准和扣减项目。",
    message_en="Deductions of {deductions} yuan exceed the income of {income} yuan.",
    remedy_en="Check the insured, the financing and the deductions.",
)
HOLDERS_MISSING = RefusalKind(
    code="package.holders_missing",
    message_zh="没有可分配预算的医共体或医疗机构，或其参保人数全部为零。",
    remedy_zh="请登记医共体成员，并填写各医共体参保人数。",
    message_en="There is nobody to share the budget, or all have no insured.",
    remedy_en="Register the consortia and give their insured.",
)
HOLDER_TWICE = RefusalKind(
    code="package.holder_twice",
    message_zh="{holder} 重复列出。",
    remedy_zh="每个打包对象只列一次。",
    message_en="{holder} is listed twice.",
    remedy_en="List each holder once.",
)
MEMBER_HAS_OWN = RefusalKind(
    code="package.member_has_own",
    message_zh="{institution} 在 {on} 是 {holder} 的成员，不能另设单独的打包预算。",
    remedy_zh="请从单个机构名单中删去；该机构的费用计入所在医共体。",
    message_en="{institution} is a member of {holder} on {on} and cannot hold a budget of its own.",
    remedy_en="Leave it out; its spending is charged to the consortium.",
)
BUDGET_MISSING = RefusalKind(
    code="package.budget_missing",
    message_zh="{year} 年尚未编制打包预算。",
    remedy_zh="请医保部门先编制 {year} 年预算。",
    message_en="There is no package budget for {year} yet.",
    remedy_en="The insurance bureau sets it first.",
)
BUDGET_IN_USE = RefusalKind(
    code="package.budget_in_use",
    message_zh="{year} 年预算已有医共体申请打包（{number}），不能重编。",
    remedy_zh="请先退回并撤回申请；已签协议的，请办理预算调整。",
    message_en="The budget of {year} has been applied for ({number}) and cannot be set anew.",
    remedy_en="Have the application withdrawn, or adjust the budget after signing.",
)
BUDGET_ZERO = RefusalKind(
    code="package.budget_zero",
    message_zh="{holder} {year} 年的打包预算为零，不能申请打包。",
    remedy_zh="请核对参保人数和风险系数；没有参保人的机构不打包，其费用按项目结算。",
    message_en="The budget of {holder} for {year} is zero; it cannot be packaged.",
    remedy_en="Check the insured and the risk index; without insured nothing is packaged.",
)
ALREADY_APPLIED = RefusalKind(
    code="package.already_applied",
    message_zh="{holder} {year} 年的打包申请已在办理：{number}。",
    remedy_zh="请在该件中继续办理。",
    message_en="{holder} has applied for {year} already: {number}.",
    remedy_en="Go on in that case.",
)
NOT_AGREED = RefusalKind(
    code="package.not_agreed",
    message_zh="{holder} {year} 年的打包协议尚未签订，不能{what}。",
    remedy_zh="请先完成申请、审核、备案和签约。",
    message_en="The agreement of {holder} for {year} is not signed; {what_en} is not possible.",
    remedy_en="Finish application, review, filing and signing first.",
)
SAME_PERSON = RefusalKind(
    code="package.same_person",
    message_zh="上一步由您办理，“{step}”须由另一人办理。",
    remedy_zh="请交由另一名有权限的人员。",
    message_en="You took the step before; “{step_en}” needs another person.",
    remedy_en="Ask a colleague with this permission.",
)
AGREEMENT_IN_USE = RefusalKind(
    code="package.agreement_in_use",
    message_zh="{holder} {year} 年的打包协议已经执行（已有预拨或清算），不能解除。",
    remedy_zh="请办理预算调整，或清算后次年不再签约。",
    message_en="The agreement of {holder} for {year} is being carried out (advances or a clearing exist).",
    remedy_en="Adjust the budget, or do not sign for the next year.",
)
MONTH_WRONG = RefusalKind(
    code="package.month_wrong",
    message_zh="“{month}”不是 1 至 12 的月份。",
    remedy_zh="请重新选择月份。",
    message_en="“{month}” is no month from 1 to 12.",
    remedy_en="Choose the month again.",
)
ADVANCE_TAKEN = RefusalKind(
    code="package.advance_taken",
    message_zh="{holder} {year} 年 {month} 月已有预拨：{number}。",
    remedy_zh="同一月份只预拨一次；有误的，请取消未拨付的那一笔后重办。",
    message_en="{holder} has an advance for {year}-{month} already: {number}.",
    remedy_en="A month is advanced once; cancel the unpaid one to begin anew.",
)
ADVANCE_ORDER = RefusalKind(
    code="package.advance_order",
    message_zh="{missing} 月尚未预拨，不能先办 {month} 月。",
    remedy_zh="请按月份顺序预拨。",
    message_en="Month {missing} is not advanced yet; month {month} comes later.",
    remedy_en="Advance the months in their order.",
)
AFTER_CLEARING = RefusalKind(
    code="package.after_clearing",
    message_zh="{holder} {year} 年已清算（{number}），不能再{what}。",
    remedy_zh="确需更正的，请先重开清算并写明理由。",
    message_en="{holder} {year} is cleared ({number}); {what_en} is not possible any more.",
    remedy_en="Reopen the clearing first, with a reason.",
)
ADVANCE_UNDER_WAY = RefusalKind(
    code="package.advance_under_way",
    message_zh="{month} 月的预拨（{number}）尚未拨付或取消。",
    remedy_zh="请先办结该笔预拨，再办理本事项。",
    message_en="The advance of month {month} ({number}) is neither paid nor cancelled.",
    remedy_en="Finish it first.",
)
SPEND_MISSING = RefusalKind(
    code="package.spend_missing",
    message_zh="{period} 没有已结账的支付结算，不能核算打包费用。",
    remedy_zh="请先完成 {period} 的支付结算并结账。",
    message_en="There is no closed settlement of {period} to take the spending from.",
    remedy_en="Compute and close the settlement of {period} first.",
)
SPEND_UNKNOWN = RefusalKind(
    code="package.spend_unknown",
    message_zh="{count} 行费用没有“{column}”，金额未知，不能计入。",
    remedy_zh="请在支付结算中补齐后重新结账；未知金额不按零处理。",
    message_en="{count} rows of spending have no “{column}”; an unknown amount is not taken as zero.",
    remedy_en="Complete them in the settlement and close it again.",
)
MONTH_CLOSED = RefusalKind(
    code="package.month_closed",
    message_zh="{holder} {year} 年 {month} 月的核算已锁定。",
    remedy_zh="确需更正的，请先重开并写明理由。",
    message_en="The account of {holder} for {year}-{month} is closed.",
    remedy_en="Reopen it first, with a reason.",
)
MONTH_NOT_CLOSED = RefusalKind(
    code="package.month_not_closed",
    message_zh="{holder} {year} 年 {month} 月的核算没有锁定，无需重开。",
    remedy_zh="请核对月份。",
    message_en="The account of {holder} for {year}-{month} is not closed.",
    remedy_en="Check the month.",
)
REASON_MISSING = RefusalKind(
    code="package.reason_missing",
    message_zh="没有写明理由。",
    remedy_zh="请写明重开或更正的理由。",
    message_en="A reason is missing.",
    remedy_en="Say why.",
)
SCORE_MISSING = RefusalKind(
    code="package.score_missing",
    message_zh="没有 {year} 年度考核得分，或得分不在 0 至 100 之间。",
    remedy_zh="请填写考核得分（最多四位小数）后再清算。",
    message_en="There is no assessment score for {year} from 0 to 100.",
    remedy_en="Give the score first.",
)
NOT_COMPUTED = RefusalKind(
    code="package.not_computed",
    message_zh="清算的输入在测算之后已经变化（{what}）。",
    remedy_zh="请重新测算后再审定。",
    message_en="The inputs of the clearing have changed since it was computed ({what}).",
    remedy_en="Compute it again before approving it.",
)
CLEARING_TAKEN = RefusalKind(
    code="package.clearing_taken",
    message_zh="{holder} {year} 年的清算已在办理：{number}。",
    remedy_zh="请在该件中继续办理。",
    message_en="The clearing of {holder} for {year} is under way: {number}.",
    remedy_en="Go on in that case.",
)
MEMBERS_MISSING = RefusalKind(
    code="package.members_missing",
    message_zh="{holder} 在 {year} 年没有成员，无法内部分配。",
    remedy_zh="请先登记医共体成员。",
    message_en="{holder} had no member in {year}; nothing can be shared.",
    remedy_en="Register its members first.",
)
SHARES_WRONG = RefusalKind(
    code="package.shares_wrong",
    message_zh="内部分配比例合计不是 100%（{total} 个万分点）。",
    remedy_zh="请改正县级政策文件中的分配比例。",
    message_en="The shares inside the consortium add up to {total} basis points, not to the whole.",
    remedy_en="Mend the county's policy file.",
)
RULES_WRONG = RefusalKind(
    code="package.rules_wrong",
    message_zh="打包政策“{key}”有误：{problem}。",
    remedy_zh="请改正政策文件后再办理。",
    message_en="The package policy “{key}” is wrong: {problem}.",
    remedy_en="Mend the policy file.",
)
NOTHING_TO_DISPUTE = RefusalKind(
    code="package.nothing_to_dispute",
    message_zh="{holder} {year} 年没有可提异议的{what}。",
    remedy_zh="请核对月份，或等月度核算锁定、年终清算测算后再提。",
    message_en="There is no {what_en} of {holder} for {year} to dispute.",
    remedy_en="Check the month, or wait until it is closed.",
)
NOT_CORRECTED = RefusalKind(
    code="package.not_corrected",
    message_zh="提出异议以后，{what}没有更正过。",
    remedy_zh="请先重开并重新锁定（清算），再办结异议。",
    message_en="Since the dispute was raised nothing has been corrected in {what_en}.",
    remedy_en="Reopen it and close it again first.",
)
NOT_A_MEMBER = RefusalKind(
    code="package.not_a_member",
    message_zh="{member} 在 {year} 年不是 {holder} 的成员。",
    remedy_zh="请从成员列表中选择。",
    message_en="{member} was no member of {holder} in {year}.",
    remedy_en="Choose one of the members.",
)
STREAM_UNKNOWN = RefusalKind(
    code="package.stream_unknown",
    message_zh="“{stream}”不是可拨付的打包资金。",
    remedy_zh="请从列表中选择：{known}。",
    message_en="“{stream}” is no stream that can be released here.",
    remedy_en="Choose one of: {known}.",
)
STREAM_RELEASED = RefusalKind(
    code="package.stream_released",
    message_zh="{stream} {year} 年第 {quarter} 季度已经拨付。",
    remedy_zh="同一季度只拨付一次。",
    message_en="{stream} of quarter {quarter} of {year} has been released.",
    remedy_en="A quarter is released once.",
)
TARGET_MISSING = RefusalKind(
    code="package.target_missing",
    message_zh="服务人数目标未填写或为零，无法按服务人数拨付。",
    remedy_zh="请填写本季度应服务人数和实际服务人数。",
    message_en="The number of people to be served is missing or zero.",
    remedy_en="Give the target and the people served.",
)
answers_with(
    409,
    BUDGET_IN_USE,
    AGREEMENT_IN_USE,
    ALREADY_APPLIED,
    ADVANCE_TAKEN,
    AFTER_CLEARING,
    MONTH_CLOSED,
    CLEARING_TAKEN,
    STREAM_RELEASED,
    NOT_COMPUTED,
)
