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
    remedy_en="Diagnoses and procedures are text (separated by | or ,); ages, weights and days are whole numbers.",
)
FILE_KIND_UNKNOWN = RefusalKind(
    code="grouping.file_kind_unknown",
    message_zh="无法从文件名“{file}”判断文件类型。",
    remedy_zh="请使用 .parquet、.csv 或 .xlsx 文件。",
    message_en="The name “{file}” does not tell what kind of file it is.",
    remedy_en="Use a .parquet, .csv or .xlsx file.",
)
FILE_UNREADABLE = RefusalKind(
    code="grouping.file_unreadable",
    message_zh="“{file}”不是可以读取的 {kind} 文件，可能已损坏、加密或后缀名不符。",
    remedy_zh="请用原来的软件打开后重新另存，再试一次。",
    message_en="“{file}” cannot be read as {kind}; it may be damaged, encrypted or wrongly named.",
    remedy_en="Open it in the program it comes from, save it again and retry.",
)
CSV_BROKEN = RefusalKind(
    code="grouping.csv_broken",
    message_zh="“{file}”第 {line} 行的列数与表头的 {count} 列不一致，或引号不成对。",
    remedy_zh="诊断和手术编码含英文逗号时请加引号，或改用 | 分隔编码。",
    message_en="Row {line} of “{file}” has not the {count} columns of the header, or an open quotation mark.",
    remedy_en="Put codes that are separated by commas in quotation marks, or separate them by |.",
)
COLUMN_REPEATED = RefusalKind(
    code="grouping.column_repeated",
    message_zh="表头中有重复或空白的列名：{columns}。",
    remedy_zh="请把表头放在第一行，每列一个不同的名称，不要合并单元格。",
    message_en="Column names are repeated or empty: {columns}.",
    remedy_en="Put the header in the first row, with a different name for each column and no merged cells.",
)
TARGET_UNWRITABLE = RefusalKind(
    code="grouping.target_unwritable",
    message_zh="无法写入“{file}”。",
    remedy_zh="请检查文件夹是否存在、是否有写入权限，文件是否正被其他软件打开。",
    message_en="“{file}” cannot be written.",
    remedy_en="Check that the folder exists, may be written to, and that no program holds the file open.",
)
TOO_MANY_ROWS = RefusalKind(
    code="grouping.too_many_rows",
    message_zh="结果超过 Excel 工作表的 {limit} 行。",
    remedy_zh="请把结果写成 .parquet 或 .csv 文件。",
    message_en="The result has more than the {limit} rows of an Excel sheet.",
    remedy_en="Write it to a .parquet or .csv file.",
)
ENGINE_NEEDS_PARQUET = RefusalKind(
    code="grouping.engine_needs_parquet",
    message_zh="用 Spark 运行时，输入和输出都应为 Parquet 文件。",
    remedy_zh="请改用 .parquet 文件，或去掉 --engine spark。",
    message_en="On Spark, input and output are Parquet files.",
    remedy_en="Use .parquet files, or leave out --engine spark.",
)
ENGINE_UNKNOWN = RefusalKind(
    code="grouping.engine_unknown",
    message_zh="没有名为“{engine}”的运行方式。",
    remedy_zh="请填写 local（本机）或 spark。",
    message_en="There is no engine called “{engine}”.",
    remedy_en="Write local or spark.",
)
TARGET_MISSING = RefusalKind(
    code="grouping.target_missing",
    message_zh="没有指定结果文件。",
    remedy_zh="请用 --out 指定，例如 --out 结果.parquet。",
    message_en="No file for the results is given.",
    remedy_en="Give one by --out, for example --out results.parquet.",
)
FILES_DIFFER = RefusalKind(
    code="grouping.files_differ",
    message_zh="文件夹“{folder}”中各文件的列不一致。",
    remedy_zh="请把列名和类型相同的文件放在一起，其余分开运行。",
    message_en="The files in “{folder}” have not the same columns.",
    remedy_en="Keep files with the same names and types of columns together and run the others apart.",
)
MONTH_WRONG = RefusalKind(
    code="grouping.month_wrong",
    message_zh="“{month}”不是可以办理的月份。",
    remedy_zh="请按“2025-03”的形式填写，并从列表中选择。",
    message_en="“{month}” is not a month that this can be done with.",
    remedy_en="Write 2025-03 and choose from the list.",
)
MONTH_NOT_OVER = RefusalKind(
    code="grouping.month_not_over",
    message_zh="{month} 尚未结束，不能锁定。",
    remedy_zh="请在月份结束、数据上报齐全后锁定。",
    message_en="{month} is not over and cannot be closed.",
    remedy_en="Close it when it is over and all data has come in.",
)
MONTH_ALREADY_CLOSED = RefusalKind(
    code="grouping.month_already_closed",
    message_zh="{month} 已经锁定。",
    remedy_zh="无需重复办理；请刷新页面。",
    message_en="{month} is closed already.",
    remedy_en="Nothing more is needed; reload the page.",
)
MONTH_CLOSED = RefusalKind(
    code="grouping.month_closed",
    message_zh="{months} 已锁定，沿用原分组方案，不能重新分组。",
    remedy_zh="请只选未锁定的月份；确需更正的，由有权人员说明理由解除锁定后办理。",
    message_en="{months} are closed and keep their scheme; they cannot be grouped anew.",
    remedy_en="Choose open months; to correct a closed one, somebody entitled opens it with a reason.",
)
SWITCH_REACHES_BACK = RefusalKind(
    code="grouping.switch_reaches_back",
    message_zh="启用日期 {starts_on} 落在已锁定的期间（锁定至 {month}）之内，已锁定的期间沿用原方案。",
    remedy_zh="请把启用日期定在 {month} 之后。",
    message_en="The day {starts_on} lies in the closed period (until {month}), which keeps its scheme.",
    remedy_en="Choose a day after {month}.",
)
REASON_MISSING = RefusalKind(
    code="grouping.reason_missing",
    message_zh="没有填写理由。",
    remedy_zh="请写明解除锁定的理由。",
    message_en="No reason is given.",
    remedy_en="Say why the month has to be opened.",
)
