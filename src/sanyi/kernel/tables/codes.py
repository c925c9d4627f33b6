"""表约定拒绝种类: the mistakes a table can hold against its contract."""

from sanyi.kernel.refusals import RefusalKind

COLUMN_MISSING = RefusalKind(
    code="table.column_missing",
    message_zh="缺少“{label}”（{column}）这一列。",
    remedy_zh="请按模板补上该列，列名可写“{label}”或“{column}”。",
    message_en="The column {label_en} ({column}) is missing.",
    remedy_en="Add it as the template shows, named {label_en} or {column}.",
)
COLUMN_UNKNOWN = RefusalKind(
    code="table.column_unknown",
    message_zh="“{column}”不是“{table}”的列。",
    remedy_zh="请删除该列，或改为模板中的列名。{hint}",
    message_en="“{column}” is not a column of {table_en}.",
    remedy_en="Remove it, or use a name of the template. {hint_en}",
)
TYPE_WRONG = RefusalKind(
    code="table.type_wrong",
    message_zh="“{label}”应为{expected}，收到的是{found}。",
    remedy_zh="请检查整列的格式。",
    message_en="{label_en} should be {expected_en}, but {found} came.",
    remedy_en="Check the format of the whole column.",
)
VALUE_MISSING = RefusalKind(
    code="table.value_missing",
    message_zh="“{label}”必填，这里是空的。",
    remedy_zh="请补填。{help}",
    message_en="{label_en} is required and empty here.",
    remedy_en="Fill it in. {help_en}",
)
VALUE_MISSING_WHEN = RefusalKind(
    code="table.value_missing_when",
    message_zh="当{condition}时“{label}”必填，这里是空的。",
    remedy_zh="请补填。{help}",
    message_en="{label_en} is required when {condition_en}, and empty here.",
    remedy_en="Fill it in. {help_en}",
)
VALUE_TOO_SMALL = RefusalKind(
    code="table.value_too_small",
    message_zh="“{label}”为{value}，小于下限{limit}。",
    remedy_zh="请核对数值和单位（{unit}）。{help}",
    message_en="{label_en} is {value}, below the minimum {limit}.",
    remedy_en="Check value and unit ({unit_en}). {help_en}",
)
VALUE_TOO_LARGE = RefusalKind(
    code="table.value_too_large",
    message_zh="“{label}”为{value}，大于上限{limit}。",
    remedy_zh="请核对数值和单位（{unit}）。{help}",
    message_en="{label_en} is {value}, above the maximum {limit}.",
    remedy_en="Check value and unit ({unit_en}). {help_en}",
)
CHOICE_UNKNOWN = RefusalKind(
    code="table.choice_unknown",
    message_zh="“{label}”的“{value}”不在允许的取值之内。",
    remedy_zh="可填：{choices}。{help}",
    message_en="{label_en}: “{value}” is not one of the values allowed.",
    remedy_en="Allowed: {choices}. {help_en}",
)
PATTERN_WRONG = RefusalKind(
    code="table.pattern_wrong",
    message_zh="“{label}”的“{value}”格式不对。",
    remedy_zh="请按规定格式填写。{help}",
    message_en="{label_en}: “{value}” is not in the right form.",
    remedy_en="Write it in the form required. {help_en}",
)
TEXT_TOO_LONG = RefusalKind(
    code="table.text_too_long",
    message_zh="“{label}”超过{limit}个字。",
    remedy_zh="请缩短。{help}",
    message_en="{label_en} is longer than {limit} characters.",
    remedy_en="Shorten it. {help_en}",
)
KEY_TWICE = RefusalKind(
    code="table.key_twice",
    message_zh="与第{first_row}行重复：{key}相同。",
    remedy_zh="同一份数据中{columns}不能重复，请保留正确的一行。",
    message_en="The same as row {first_row}: {key}.",
    remedy_en="{columns_en} may occur only once in a table; keep the right row.",
)
