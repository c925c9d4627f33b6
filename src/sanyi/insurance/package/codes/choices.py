"""总额打包选项: holders, bases, flows, streams, tiers, and where things stand."""

from sanyi.kernel.labels import Labelled


class HolderKind(Labelled):
    """打包对象: a consortium, or a single institution outside any with an indicator of its own."""

    CONSORTIUM = "consortium", "医共体（医疗集团）", "Consortium"
    INSTITUTION = "institution", "单个医疗机构", "Single institution"


class Base(Labelled):
    """预算依据: both are always computed and stored; one is chosen."""

    INCOME = "income", "筹资扣减法", "Financing less deductions"
    HISTORY = "history", "近三年支出法", "Three-year spend with growth"


class ChargeBasis(Labelled):
    """计入金额: what a case counts for in the package."""

    ITEM = "item", "按项目结算的基金支付", "Fund paid by item"
    INNER = "inner", "按支付规则应付的基金", "Fund due by the payment rules"


class Tier(Labelled):
    """成员层级: county hospitals, township institutions, village clinics."""

    COUNTY = "county", "县级", "County"
    TOWNSHIP = "township", "乡级", "Township"
    VILLAGE = "village", "村级", "Village"


class SharingMethod(Labelled):
    """内部分配办法: fixed shares of the tiers, or by what each member's cases were worth above their cost."""

    FIXED = "fixed", "固定比例", "Fixed shares"
    POINTS = "points", "按内部价值", "By inner value"


class Stream(Labelled):
    """四打包资金: the four money streams of one population health budget."""

    FUND = "fund", "医保基金", "Insurance fund"
    DISEASE_FEES = "disease_fees", "疾病病种组费用", "Disease-group fees"
    PUBLIC_HEALTH = "public_health", "基本公共卫生服务补助经费", "Public-health money"
    FISCAL = "fiscal", "财政补助资金", "Fiscal money"


class Principle(Labelled):
    """预算原则: the three of document 003."""

    SPEND_BY_INCOME = "spend_by_income", "以收定支", "Spending set by income"
    BALANCE = "balance", "收支平衡", "Income and spending in balance"
    SLIGHT_SURPLUS = "slight_surplus", "略有结余", "A slight surplus"


class WarningLevel(Labelled):
    """预警等级: by how far the forecast of the year exceeds the budget."""

    NONE = "none", "正常", "Normal"
    WATCH = "watch", "关注", "Watch"
    YELLOW = "yellow", "黄色预警", "Yellow warning"
    RED = "red", "红色预警", "Red warning"
    UNKNOWN = "unknown", "无法预测", "Not predictable"


class YearStep(Labelled):
    """年度打包进展: of one holder and one year."""

    APPLIED = "applied", "已申请，待卫健出具意见", "Applied for, the health bureau's opinion awaited"
    ENDORSED = "endorsed", "待医保审核", "To be reviewed by the insurance bureau"
    REVIEWED = "reviewed", "待备案", "To be filed"
    FILED = "filed", "已备案，待签约", "Filed, to be signed"
    AGREED = "agreed", "已签协议", "Agreement signed"
    RETURNED = "returned", "已退回", "Sent back"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    TERMINATED = "terminated", "已解除", "Terminated"


class AdvanceStep(Labelled):
    """月度预拨进展: of one holder and one month."""

    REQUESTED = "requested", "待拨付", "To be paid"
    PAID = "paid", "已拨付", "Paid"
    CANCELLED = "cancelled", "已取消", "Cancelled"


class MonthState(Labelled):
    """月度核算状态: an accounting view that is closed, or was reopened."""

    CLOSED = "closed", "已锁定", "Closed"
    REOPENED = "reopened", "已重开", "Reopened"


class ClearingStep(Labelled):
    """年终清算进展: of one holder, year and revision."""

    DUE = "due", "待测算", "To be computed"
    COMPUTED = "computed", "待审定", "To be approved"
    CLEARED = "cleared", "已清算，待拨付", "Cleared, to be paid"
    PAID = "paid", "已结清", "Settled"
    REOPENED = "reopened", "已重开", "Reopened"


class DisputeStep(Labelled):
    """异议进展: raised by the lead hospital, answered by the bureau, corrected by a difference."""

    RAISED = "raised", "待答复", "To be answered"
    ACCEPTED = "accepted", "已采纳，待更正", "Accepted, to be corrected"
    CORRECTED = "corrected", "已更正", "Corrected"
    REJECTED = "rejected", "未采纳", "Not accepted"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class WarningStep(Labelled):
    """预警进展: the lead hospital explains, the bureau takes note."""

    RAISED = "raised", "待说明", "To be explained"
    EXPLAINED = "explained", "已说明，待阅", "Explained, to be noted"
    NOTED = "noted", "已阅", "Noted"


class FindingStep(Labelled):
    """内部监督进展: the lead hospital's finding about a member's use of the fund, and its correction."""

    FOUND = "found", "待整改", "To be corrected"
    RECTIFIED = "rectified", "已报整改", "Correction reported"
    CONFIRMED = "confirmed", "整改确认", "Correction confirmed"
