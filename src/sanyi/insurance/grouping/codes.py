"""分组编码: statuses, modes and refusals of grouping."""

from enum import StrEnum

from sanyi.kernel.refusals import RefusalKind


class Status(StrEnum):
    """分组状态: the texts are those of the published grouper and are stored as they are."""

    GROUPED = "分组成功"
    AMBIGUOUS = "歧义病案"
    NOT_GROUPED = "无法入组"
    CHECK_FAILED = "信息校验不通过"
    DIAGNOSIS_NOT_TRANSLATED = "诊断不能转换为分组器支持的编码"
    PROCEDURE_NOT_TRANSLATED = "手术操作不能转换为分组器支持的编码"


STATUS_EN = {
    Status.GROUPED: "grouped",
    Status.AMBIGUOUS: "ambiguous",
    Status.NOT_GROUPED: "not grouped",
    Status.CHECK_FAILED: "record check failed",
    Status.DIAGNOSIS_NOT_TRANSLATED: "a diagnosis cannot be translated",
    Status.PROCEDURE_NOT_TRANSLATED: "a procedure cannot be translated",
}


class Mode(StrEnum):
    """分组模式: strict copies the published grouper with its defects, clean repairs them and says so."""

    STRICT = "strict"
    CLEAN = "clean"


SCHEME_UNKNOWN = RefusalKind(
    code="grouping.scheme_unknown",
    message_zh="没有名为“{scheme}”的分组方案。",
    remedy_zh="请从以下方案中选择：{known}。",
    message_en="There is no grouping scheme called “{scheme}”.",
    remedy_en="Choose one of: {known}.",
)
MODE_UNKNOWN = RefusalKind(
    code="grouping.mode_unknown",
    message_zh="没有名为“{mode}”的分组模式。",
    remedy_zh="请填写 strict（与公开分组器一致）或 clean（修复已知缺陷）。",
    message_en="There is no grouping mode called “{mode}”.",
    remedy_en="Write strict (equal to the published grouper) or clean (known defects repaired).",
)
COLUMN_MISSING = RefusalKind(
    code="grouping.column_missing",
    message_zh="缺少“{column}”列，方案 {scheme} 需要它才能分组。",
    remedy_zh="请补上该列后重试；没有数据的单元格可以留空，但列必须存在。",
    message_en="The column “{column}” is missing; scheme {scheme} needs it.",
    remedy_en="Add the column; cells without data may stay empty, but the column must be there.",
)
COLUMN_TYPE = RefusalKind(
    code="grouping.column_type",
    message_zh="“{column}”列的类型是 {type}，无法读取。",
    remedy_zh="诊断和手术应为文本（多个编码用 | 或 , 分隔），年龄、体重、天数应为整数。",
    message_en="The column “{column}” has the type {type}, which cannot be read.",
    remedy_en="Diagnoses and procedures are text (codes separated by | or ,); ages, weights and days are whole numbers.",
)
