"""目录文件检查结果: what is wrong with a file, row by row, with the remedy; those in ``WARNINGS`` refuse nothing."""

from sanyi.kernel.refusals import RefusalKind


def _kind(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"dip.{name}", zh, remedy_zh, en, remedy_en)


FILE_UNREADABLE = _kind(
    "file_unreadable",
    "文件不是可读的 xlsx 工作簿，也不是 UTF-8 或 GB18030 编码的 csv 文件。",
    "请在 Excel 或 WPS 中另存为“Excel 工作簿（*.xlsx）”或 csv 后上传。",
    "The file is neither a readable xlsx workbook nor a csv file in UTF-8 or GB18030.",
    "Save it as an Excel workbook (*.xlsx) or csv and send that.",
)
CATALOGUE_SHEET_MISSING = _kind(
    "catalogue_sheet_missing",
    "没有找到病种目录表：没有一个工作表的表头含有“主要诊断编码”。",
    "请在第一行写表头，至少有“主要诊断编码”；列名可用：{names}。",
    "No sheet of diseases was found: no header has a column of main diagnosis codes.",
    "Put a header into the first row with at least 主要诊断编码; known names: {names}.",
)
ROWS_MISSING = _kind(
    "rows_missing",
    "目录表没有数据行。",
    "请从第二行起填写病种。",
    "The sheet of diseases has no rows.",
    "Fill in diseases from the second row on.",
)
COLUMN_TWICE = _kind(
    "column_twice",
    "“{label}”列出现两次（“{first}”与“{second}”）。",
    "请只保留一列。",
    "The column {label} stands there twice ({first} and {second}).",
    "Keep one of them.",
)
COLUMN_UNKNOWN = _kind(
    "column_unknown",
    "“{label}”列没有读取。",
    "不需要的可以不管；需要的请改用认得的列名。",
    "The column {label} was not read.",
    "Ignore it, or give it a known name.",
)
SHEET_UNKNOWN = _kind(
    "sheet_unknown",
    "工作表“{name}”没有读取。",
    "不需要的可以不管；严重程度字典的表名请写“严重程度”，分组规则的表名请写“规则”。",
    "The sheet {name} was not read.",
    "Ignore it, or call it 严重程度 (severity codes) or 规则 (rules).",
)
VALUE_MISSING = _kind(
    "value_missing",
    "“{label}”没有填写。",
    "请填写。",
    "{label} is missing.",
    "Fill it in.",
)
DIAGNOSIS_WRONG = _kind(
    "diagnosis_wrong",
    "“{value}”不是诊断编码。",
    "请写医保版四位类目，如 I63.9、I10.x；综合病种写节或三位类目，如 I60-I69、I63；先期分组写规则编号。",
    "“{value}” is no diagnosis code.",
    "Write four characters such as I63.9 or I10.x; a section or three characters for a mixed group.",
)
DIAGNOSIS_CUT = _kind(
    "diagnosis_cut",
    "“{value}”按四位类目“{category}”读取。",
    "核对即可；同一类目的多行会相互重复。",
    "“{value}” was read as the category {category}.",
    "Check it; rows of one category repeat each other.",
)
PROCEDURE_WRONG = _kind(
    "procedure_wrong",
    "“{value}”不是手术操作编码。",
    "请写医保版编码，如 47.0100、86.2200x011；多个相关操作以“+”分隔。",
    "“{value}” is no procedure code.",
    "Write codes such as 47.0100, several joined by +.",
)
NUMBER_WRONG = _kind(
    "number_wrong",
    "“{label}”的“{value}”不是可用的数：应大于零，小数不超过 {decimals} 位。",
    "请改为数值；未知的留空，不填零。",
    "{label} “{value}” cannot be used: above zero, at most {decimals} decimals.",
    "Write a number; leave it empty where it is unknown.",
)
CHOICE_WRONG = _kind(
    "choice_wrong",
    "“{label}”的“{value}”不在可选值中。",
    "请填写：{choices}。",
    "{label} cannot be “{value}”.",
    "Write one of: {choices}.",
)
ROW_TWICE = _kind(
    "row_twice",
    "与第 {other} 行是同一个病种（{key}）。",
    "请只保留一行。",
    "The same disease as in row {other} ({key}).",
    "Keep one of them.",
)
SCORE_MISSING = _kind(
    "score_missing",
    "有 {count} 个病种没有分值，也没有 RW；其病例只入组，不计分，不能结算。",
    "请补上分值，或导入后用本地病例测算分值。",
    "{count} diseases have neither a score nor an RW: their stays are grouped, not scored and not payable.",
    "Add scores, or measure them from own stays after the import.",
)
MEAN_MISSING = _kind(
    "mean_missing",
    "文件没有各级上年均费，费用偏差按未知处理，一律按正常支付。",
    "需要判断费用偏差的，请补上“三级上年均费”等列。",
    "The file has no means of last year, so deviations of cost are unknown and paid as normal.",
    "Add columns such as 三级上年均费 if deviations shall be judged.",
)
WARNINGS = frozenset(kind.code for kind in (COLUMN_UNKNOWN, SHEET_UNKNOWN, DIAGNOSIS_CUT, SCORE_MISSING, MEAN_MISSING))
