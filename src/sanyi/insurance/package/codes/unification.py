"""统一管理代码: where a dimension of a group stands, and the refusals about it."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with


class UnificationStep(Labelled):
    """统一管理进展: of one dimension of one group."""

    NOT_STARTED = "not_started", "未开始", "Not started"
    IN_PROGRESS = "in_progress", "推进中", "In progress"
    REACHED = "reached", "已报达到，待核验", "Reported as reached"
    RETURNED = "returned", "已退回", "Sent back"
    VERIFIED = "verified", "已核验", "Verified"
    REVOKED = "revoked", "已取消", "Revoked"


DIMENSION_UNKNOWN = RefusalKind(
    code="package.dimension_unknown",
    message_zh="本县的统一管理要求中没有“{dimension}”。",
    remedy_zh="请从列表中选择：{known}。",
    message_en="“{dimension}” is not among the unifications this county asks for.",
    remedy_en="Choose one of: {known}.",
)
UNIFICATION_UNDER_WAY = RefusalKind(
    code="package.unification_under_way",
    message_zh="{group} 的“{dimension}”已有办理记录 {number}。",
    remedy_zh="请打开该记录继续办理。",
    message_en="{group} has the record {number} for “{dimension}” already.",
    remedy_en="Open that record and go on there.",
)
REACHED_ON_WRONG = RefusalKind(
    code="package.reached_on_wrong",
    message_zh="达到日期“{value}”不能采用。",
    remedy_zh="请填写 {founded_on}（集团组建）至 {today}（今日）之间的日期。",
    message_en="“{value}” cannot be the day on which it was reached.",
    remedy_en="Give a day from {founded_on} (the group was founded) to {today} (today).",
)
OWN_UNIFICATION = RefusalKind(
    code="package.own_unification",
    message_zh="证据由您报送，不能由您核验或退回。",
    remedy_zh="请由卫生健康部门的另一名人员核验。",
    message_en="You filed this evidence; you can neither verify it nor send it back.",
    remedy_en="Ask another person of the health bureau.",
)
UNIFICATION_MISSING = RefusalKind(
    code="package.unification_missing",
    message_zh="{group} 截至 {on} 尚有 {count} 项统一管理未经核验：{missing}。",
    remedy_zh="本县规定达到全部统一管理后才可打包；请报送证据并经卫生健康部门核验。",
    message_en="On {on} {group} still lacks {count} verified unifications: {missing_en}.",
    remedy_en="This county packages the fund only when all are reached: file the evidence and have it verified.",
)
answers_with(409, UNIFICATION_UNDER_WAY)
