"""办件代码: kinds of notices, evidence types, and the refusals of cases."""

from enum import StrEnum

from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with


class NoticeKind(StrEnum):
    """通知种类."""

    TODO = "todo"
    MOVED = "moved"
    OVERDUE = "overdue"


EVIDENCE_TYPES = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".csv": ("text/csv", ()),
    ".txt": ("text/plain", ()),
}
"""证据文件类型: extension to media type and the bytes such a file begins with (none: plain text without NUL)."""

CASE_CHANGED = RefusalKind(
    code="cases.changed_meanwhile",
    message_zh="办件 {number} 已由{name}办理（{transition}），您看到的内容已过时，本次操作未生效。",
    remedy_zh="请刷新页面，核对最新状态后再办理。",
    message_en="Case {number} was moved meanwhile by {name} ({transition}); what you saw is out of date and nothing "
    "was changed.",
    remedy_en="Reload the page, look at the new state, then act.",
)
CHART_UNKNOWN = RefusalKind(
    code="cases.chart_unknown",
    message_zh="没有“{chart}”这种流程。",
    remedy_zh="请联系系统管理员。",
    message_en="There is no workflow “{chart}”.",
    remedy_en="Tell the system administrator.",
)
OPENER_ONLY = RefusalKind(
    code="cases.opener_only",
    message_zh="“{transition}”只能由发起人本人办理。",
    remedy_zh="请由{name}登录后办理。",
    message_en="Only the person who opened the case may do “{transition_en}”.",
    remedy_en="Let {name} sign in and do it.",
)
NOT_BY_OPENER = RefusalKind(
    code="cases.not_by_opener",
    message_zh="“{transition}”不能由发起人本人办理。",
    remedy_zh="请由其他有权人员办理。",
    message_en="“{transition_en}” may not be done by the person who opened the case.",
    remedy_en="Let somebody else who may do it act.",
)
EVIDENCE_TYPE_WRONG = RefusalKind(
    code="cases.evidence_type_wrong",
    message_zh="文件“{file}”的类型不在允许范围内，或内容与扩展名不符。",
    remedy_zh="请上传 {allowed} 文件。",
    message_en="The file “{file}” is of a type that is not allowed, or its content is not what its name says.",
    remedy_en="Upload {allowed}.",
)
EVIDENCE_TOO_LARGE = RefusalKind(
    code="cases.evidence_too_large",
    message_zh="文件“{file}”超过 {megabytes} MB。",
    remedy_zh="请压缩或拆分后上传。",
    message_en="The file “{file}” is larger than {megabytes} MB.",
    remedy_en="Compress or split it.",
)
EVIDENCE_EMPTY = RefusalKind(
    code="cases.evidence_empty",
    message_zh="文件“{file}”是空的。",
    remedy_zh="请重新选择文件。",
    message_en="The file “{file}” is empty.",
    remedy_en="Choose the file again.",
)
CASE_CLOSED = RefusalKind(
    code="cases.closed",
    message_zh="办件 {number} 已办结，不能再添加材料。",
    remedy_zh="如需补充，请另行发起办件。",
    message_en="Case {number} is closed; nothing can be added.",
    remedy_en="Open another case if something is missing.",
)
answers_with(409, CASE_CHANGED, CASE_CLOSED)
answers_with(403, OPENER_ONLY, NOT_BY_OPENER)
