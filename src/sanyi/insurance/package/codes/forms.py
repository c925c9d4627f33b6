"""表单拒绝: what was typed and cannot be read."""

from sanyi.kernel.refusals import RefusalKind

ROWS_UNREADABLE = RefusalKind(
    code="package.rows_unreadable",
    message_zh="“{line}”不能识别，应为{wanted}。",
    remedy_zh="请按说明改正这一行。",
    message_en="“{line}” cannot be read; wanted: {wanted}.",
    remedy_en="Mend this line as the help says.",
)
