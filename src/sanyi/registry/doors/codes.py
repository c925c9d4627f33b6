"""门户代码: kinds of subjects and routes, and the refusals that doors themselves make."""

from enum import StrEnum

from sanyi.kernel.refusals import RefusalKind


class Subject(StrEnum):
    """对象种类: what a route is about; a kind with an owner is always decided for the owner's organisation."""

    NONE = "none"
    ORGANISATION = "organisation"
    PERSON = "person"
    STAY = "stay"
    BATCH = "batch"
    RUN = "run"
    CASE = "case"
    STAFF = "staff"
    PLACE = "place"
    GRANT = "grant"
    KEY = "key"
    AUDIT_ENTRY = "audit_entry"


PERSONAL = frozenset({Subject.PERSON, Subject.STAY})
"""涉及个人: reading these is recorded person by person."""


class RouteKind(StrEnum):
    """路由种类: a page for people or an interface for machines."""

    PAGE = "page"
    API = "api"


NOT_FOUND = RefusalKind(
    code="doors.not_found",
    message_zh="没有找到您要的内容。",
    remedy_zh="请核对编号，或从列表中重新进入。",
    message_en="What you asked for was not found.",
    remedy_en="Check the number, or enter again from the list.",
)
METHOD_NOT_ALLOWED = RefusalKind(
    code="doors.method_not_allowed",
    message_zh="此地址不支持 {method} 请求。",
    remedy_zh="请从页面上的按钮操作；支持的方式：{allowed}。",
    message_en="This address does not take {method} requests.",
    remedy_en="Use the buttons of the page; it takes {allowed}.",
)
CSRF_WRONG = RefusalKind(
    code="doors.csrf_wrong",
    message_zh="请求缺少防伪标记。",
    remedy_zh="请刷新页面后重试；程序调用请使用接口密钥。",
    message_en="The request lacks its anti-forgery mark.",
    remedy_en="Reload the page and try again; programs should use an API key.",
)
PARAMETER_WRONG = RefusalKind(
    code="doors.parameter_wrong",
    message_zh="参数“{name}”的值“{value}”不能识别。",
    remedy_zh="{expected}",
    message_en="The parameter “{name}” cannot be “{value}”.",
    remedy_en="See the description of this parameter.",
)
CURSOR_WRONG = RefusalKind(
    code="doors.cursor_wrong",
    message_zh="翻页标记已失效。",
    remedy_zh="请回到第一页重新翻页。",
    message_en="The page mark is no longer valid.",
    remedy_en="Go back to the first page.",
)
FILTER_MASKED = RefusalKind(
    code="doors.filter_masked",
    message_zh="“{column}”已脱敏，不能用于筛选或排序。",
    remedy_zh="请改用其他条件。",
    message_en="“{column}” is masked for you; it can neither filter nor sort.",
    remedy_en="Use another condition.",
)
EXPORT_TOO_LARGE = RefusalKind(
    code="doors.export_too_large",
    message_zh="要导出的记录超过 {rows_max} 行。",
    remedy_zh="请先用筛选条件缩小范围，再导出。",
    message_en="The export would have more than {rows_max} rows.",
    remedy_en="Narrow the filter, then export.",
)
IDEMPOTENCY_REUSED = RefusalKind(
    code="doors.idempotency_key_reused",
    message_zh="同一个 Idempotency-Key 已用于另一份内容。",
    remedy_zh="内容不同的请求请使用新的 Idempotency-Key。",
    message_en="This Idempotency-Key was used for another content.",
    remedy_en="Use a new Idempotency-Key for a different request.",
)
IDEMPOTENCY_KEY_WRONG = RefusalKind(
    code="doors.idempotency_key_wrong",
    message_zh="Idempotency-Key 须为 8 至 100 个可见字符。",
    remedy_zh="建议使用 UUID。",
    message_en="An Idempotency-Key has 8 to 100 visible characters.",
    remedy_en="A UUID is a good choice.",
)
BODY_WRONG = RefusalKind(
    code="doors.body_wrong",
    message_zh="请求内容不符合接口说明：{problem}",
    remedy_zh="请对照 /api/v1/docs 改正后重发。",
    message_en="The request does not follow the description: {problem}",
    remedy_en="Compare it with /api/v1/docs, mend it and send it again.",
)
FIELD_REQUIRED = RefusalKind(
    code="doors.field_required",
    message_zh="“{field}”未填写。",
    remedy_zh="请填写后提交。",
    message_en="“{field}” is missing.",
    remedy_en="Fill it in and submit again.",
)
FIELD_UNREADABLE = RefusalKind(
    code="doors.field_unreadable",
    message_zh="“{field}”的值“{value}”不能识别。",
    remedy_zh="{expected}",
    message_en="“{field}” cannot be “{value}”.",
    remedy_en="See the help beside the field.",
)
FAULT = RefusalKind(
    code="doors.fault",
    message_zh="系统出现故障，未能完成请求，已记录。",
    remedy_zh="请稍后重试；如再次出现，请把时间告知系统管理员。",
    message_en="The system failed to complete the request; the failure was recorded.",
    remedy_en="Try again later; if it happens again, tell the administrator the time.",
    is_retryable=True,
)

UNPROCESSABLE = 422
STATUS = {
    "access.sign_in_required": 401,
    "access.key_invalid": 401,
    "access.permission_missing": 403,
    "access.purpose_not_allowed": 403,
    "access.organisation_out_of_scope": 403,
    "access.person_out_of_scope": 403,
    "access.account_inactive": 403,
    "access.sign_in_locked": 429,
    "doors.not_found": 404,
    "doors.method_not_allowed": 405,
    "doors.csrf_wrong": 403,
    "doors.parameter_wrong": 400,
    "doors.cursor_wrong": 400,
    "doors.filter_masked": 403,
    "doors.idempotency_key_wrong": 400,
    "doors.fault": 500,
}
"""状态码: by refusal code; topics add their own with ``answers_with``. Everything else is 422."""


def answers_with(status: int, *kinds: RefusalKind) -> None:
    """设定状态码: how refusals of these kinds are answered, for example 409 for a conflict."""
    for kind in kinds:
        STATUS[kind.code] = status
