"""检查结果（表格与首部）: what the check says about sheets, cells and the head of a scheme."""

from sanyi.kernel.refusals import RefusalKind


def _kind(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"scheme_change.{name}", zh, remedy_zh, en, remedy_en)


SHEET_MISSING = _kind(
    "sheet_missing",
    "缺少工作表“{sheet}”。",
    "请按模板补上，工作表名称不要改动。",
    "The sheet {sheet} is missing.",
    "Add it as in the template; do not rename sheets.",
)
SHEET_UNKNOWN = _kind(
    "sheet_unknown",
    "工作表“{sheet}”不是格式中的表，没有读取。",
    "不需要的可以删除；名称写错的请按模板改正。",
    "The sheet {sheet} does not belong to the format and was not read.",
    "Delete it, or correct its name.",
)
SHEET_EMPTY = _kind(
    "sheet_empty",
    "工作表“{sheet}”没有数据行。",
    "请按模板填写。",
    "The sheet {sheet} has no rows.",
    "Fill it in as in the template.",
)
SHEET_TWICE = _kind(
    "sheet_twice",
    "工作表“{sheet}”与“{other}”是同一张表，只能有一张。",
    "请合并为一张，删去另一张。",
    "The sheets {sheet} and {other} are the same one of the format.",
    "Make them one.",
)
COLUMN_UNKNOWN = _kind(
    "column_unknown",
    "{letters} 列“{label}”不是格式中的列，没有读取。",
    "不需要的可以删除；列名写错的请按模板改正。",
    "Column {letters}, {label}, does not belong to the format and was not read.",
    "Delete it, or correct its name.",
)
CELL_NAMELESS = _kind(
    "cell_nameless",
    "{letters} 列没有列名，其中的内容没有读取。",
    "不需要的可以删除；需要的请移到有列名的列。",
    "Column {letters} has no name; what stands there was not read.",
    "Delete it, or move it below a name.",
)
COLUMN_MISSING = _kind(
    "column_missing",
    "缺少“{label}”列。",
    "请按模板补上列名，列名写在第一行。",
    "The column {label} is missing.",
    "Add it to the first row as in the template.",
)
COLUMN_TWICE = _kind(
    "column_twice",
    "“{label}”列出现两次。",
    "请只保留一列。",
    "The column {label} stands there twice.",
    "Keep one of them.",
)
CELLS_MERGED = _kind(
    "cells_merged",
    "有合并单元格（{cells}），合并后只有左上角有值。",
    "请取消合并，补全每一格。",
    "Cells are merged ({cells}); only the first has a value.",
    "Unmerge them and fill in every cell.",
)
FORMULA_FOUND = _kind(
    "formula_found",
    "有 {count} 个公式（第 {rows} 行）；方案必须是确定的内容，不能由公式算出。",
    "请复制后“选择性粘贴－数值”，保存后上传。",
    "There are {count} formulas (rows {rows}); a scheme must be plain content.",
    "Paste them as values and save.",
)
CELL_UNREADABLE = _kind(
    "cell_unreadable",
    "“{label}”的单元格是错误值或没有结果的公式。",
    "请改为确定的内容。",
    "The cell {label} holds an error or a formula without a result.",
    "Write plain content.",
)
VALUE_MISSING = _kind(
    "value_missing",
    "“{label}”没有填写。",
    "请填写。",
    "{label} is missing.",
    "Fill it in.",
)
VALUE_TOO_LONG = _kind(
    "value_too_long",
    "“{label}”超过 {limit} 个字。",
    "请缩短。",
    "{label} has more than {limit} characters.",
    "Shorten it.",
)
NUMBER_WRONG = _kind(
    "number_wrong",
    "“{label}”的“{value}”不是 0 至 32767 的整数。",
    "请改为整数。",
    "{label} “{value}” is no whole number from 0 to 32767.",
    "Write a whole number.",
)
CHOICE_WRONG = _kind(
    "choice_wrong",
    "“{label}”的“{value}”不在可选值中。",
    "请填写：{choices}。",
    "{label} cannot be “{value}”.",
    "Write one of: {choices}.",
)
ITEM_MISSING = _kind(
    "item_missing",
    "“方案”表缺少“{label}”。",
    "请按模板补上该行并填写：{help}",
    "The item {label} is missing.",
    "Add the row and fill it in: {help_en}",
)
ITEM_TWICE = _kind(
    "item_twice",
    "“方案”表中“{label}”出现两次。",
    "请只保留一行。",
    "The item {label} stands there twice.",
    "Keep one of them.",
)
ITEM_UNKNOWN = _kind(
    "item_unknown",
    "“方案”表没有名为“{label}”的项目，没有读取。",
    "请按模板改正项目名称，或删除该行。",
    "There is no item called {label}; it was not read.",
    "Correct its name as in the template, or delete the row.",
)
ITEM_WRONG = _kind(
    "item_wrong",
    "“{label}”的“{value}”写法不对。",
    "{help}",
    "{label} cannot be “{value}”.",
    "{help_en}",
)
CODE_SHIPPED = _kind(
    "code_shipped",
    "方案代码“{code}”与随附的公开方案相同。",
    "请另取一个代码，如 {code}_new。",
    "The code {code} is that of a shipped scheme.",
    "Choose another, such as {code}_new.",
)
JURISDICTION_UNKNOWN = _kind(
    "jurisdiction_unknown",
    "没有代码为“{code}”的地区。",
    "请填写 12 位区划代码；全国为 000000000000。",
    "There is no area with the code {code}.",
    "Write the 12 digits of an area; the nation is 000000000000.",
)
DATES_WRONG = _kind(
    "dates_wrong",
    "拟停止日期早于拟执行日期。",
    "请改正日期。",
    "The scheme ends before it starts.",
    "Correct the dates.",
)
TRANSLATION_UNKNOWN = _kind(
    "translation_unknown",
    "没有名为“{code}”的随附方案，不能沿用它的编码转换。",
    "请填写随附方案的代码，如 chs_drg_11，或留空并填写“编码转换”表。",
    "There is no shipped scheme {code} whose translation could be used.",
    "Write the code of a shipped scheme, or leave it empty and fill in 编码转换.",
)
TRANSLATION_TWICE = _kind(
    "translation_twice",
    "已填写“编码转换沿用”，“编码转换”表没有读取。",
    "两者只留一个。",
    "编码转换沿用 is filled in, so the sheet 编码转换 was not read.",
    "Keep one of them.",
)
TRANSLATION_MISSING = _kind(
    "translation_missing",
    "没有编码转换：未填“编码转换沿用”，也没有“编码转换”表；转换时所有病例都会失败。",
    "请填写其中之一；不使用转换的可不处理。",
    "There is no translation of codes; every stay would fail where it is asked for.",
    "Give one, or ignore this where codes are never translated.",
)
