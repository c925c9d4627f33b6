"""文件拒绝种类: why a file as a whole cannot be read."""

from sanyi.kernel.refusals import RefusalKind

FILE_TOO_LARGE = RefusalKind(
    code="exchange.intake.file_too_large",
    message_zh="文件大小{size}，超过上限{limit}。",
    remedy_zh="请按月份或机构拆分后分别上传；数据量大的建议改用Parquet格式。",
    message_en="The file has {size}, more than the limit of {limit}.",
    remedy_en="Split it by month or institution; for much data use Parquet.",
)
FILE_MISSING = RefusalKind(
    code="exchange.intake.file_missing",
    message_zh="没有选择文件。",
    remedy_zh="请选择或拖入要上报的文件，再点“上传并检查”。",
    message_en="No file was chosen.",
    remedy_en="Choose the file or drop it in, then upload.",
)
FILE_EMPTY = RefusalKind(
    code="exchange.intake.file_empty",
    message_zh="文件是空的（0字节）。",
    remedy_zh="请检查导出是否成功，重新导出后上传。",
    message_en="The file is empty (0 bytes).",
    remedy_en="Check the export and upload again.",
)
FILE_KIND_WRONG = RefusalKind(
    code="exchange.intake.file_kind_wrong",
    message_zh="文件内容是{found}，不能读取。",
    remedy_zh="请上传Excel工作簿（xlsx、xls）、CSV或Parquet文件；在Excel或WPS中可用“另存为”转换为xlsx。",
    message_en="The content of the file is {found}, which cannot be read.",
    remedy_en="Upload an Excel workbook (xlsx, xls), CSV or Parquet; “Save as” xlsx where needed.",
)
FILE_DISGUISED = RefusalKind(
    code="exchange.intake.file_disguised",
    message_zh="文件名像Excel，实际内容是{found}。",
    remedy_zh="请在Excel或WPS中打开，用“另存为”保存为“Excel工作簿（*.xlsx）”后上传。",
    message_en="The name looks like Excel, but the content is {found}.",
    remedy_en="Open it in Excel and save it as “Excel workbook (*.xlsx)”, then upload.",
)
PASSWORD_PROTECTED = RefusalKind(
    code="exchange.intake.password_protected",
    message_zh="工作簿设有打开密码，不能读取。",
    remedy_zh="请在Excel中“文件－信息－保护工作簿”清除密码，保存后上传；请勿把密码发给他人。",
    message_en="The workbook is protected by a password and cannot be read.",
    remedy_en="Remove the password (File, Info, Protect Workbook), save, and upload; tell nobody the password.",
)
ARCHIVE_BROKEN = RefusalKind(
    code="exchange.intake.archive_broken",
    message_zh="工作簿已损坏或没有传完整，不能读取。",
    remedy_zh="请确认文件能在Excel中正常打开，重新保存后上传。",
    message_en="The workbook is damaged or incomplete.",
    remedy_en="Make sure that Excel opens it, save it again and upload.",
)
ARCHIVE_TOO_LARGE = RefusalKind(
    code="exchange.intake.archive_too_large",
    message_zh="工作簿解压后为{unpacked}，压缩比{ratio}倍，超过安全限度（{limit}，{ratio_limit}倍），为防止压缩炸弹不予解压。",
    remedy_zh="请删除工作簿中无用的空白区域和格式后另存，或拆分后上传，或改用CSV、Parquet。",
    message_en="Unpacked the workbook would have {unpacked} ({ratio} times its size), beyond the limits "
    "({limit}, {ratio_limit} times).",
    remedy_en="Delete unused areas and formats and save again, split it, or use CSV or Parquet.",
)
TEXTS_TOO_LARGE = RefusalKind(
    code="exchange.intake.texts_too_large",
    message_zh="工作簿中的文字超过{limit}。",
    remedy_zh="请按月份或机构拆分后上传，或改用CSV、Parquet格式。",
    message_en="The texts of the workbook exceed {limit}.",
    remedy_en="Split it by month or institution, or use CSV or Parquet.",
)
FILE_BROKEN = RefusalKind(
    code="exchange.intake.file_broken",
    message_zh="{kind}文件已损坏或没有传完整，不能读取。",
    remedy_zh="请重新导出后上传。",
    message_en="The {kind_en} file is damaged or incomplete.",
    remedy_en="Export it again and upload.",
)
ENCODING_UNKNOWN = RefusalKind(
    code="exchange.intake.encoding_unknown",
    message_zh="第{line}行起的文字既不是UTF-8，也不是GB18030、UTF-16编码，不能读取。",
    remedy_zh="请用Excel打开后另存为“CSV UTF-8（逗号分隔）”或xlsx。",
    message_en="From line {line} the text is neither UTF-8 nor GB18030 nor UTF-16.",
    remedy_en="Save it as “CSV UTF-8” or xlsx.",
)
FIELD_TOO_LONG = RefusalKind(
    code="exchange.intake.field_too_long",
    message_zh="第{line}行附近有一个单元格超过{limit}个字，多半是英文引号没有成对。",
    remedy_zh="请检查该行的英文双引号，或改用xlsx上传。",
    message_en="Near line {line} a cell has more than {limit} characters; a quotation mark is probably not closed.",
    remedy_en="Check the quotation marks of that line, or upload xlsx.",
)
SHEET_HIDDEN = RefusalKind(
    code="exchange.intake.sheet_hidden",
    message_zh="数据只在隐藏的工作表“{sheet}”中。",
    remedy_zh="请在工作表标签上点右键“取消隐藏”，核对内容后保存上传。",
    message_en="The data is only in the hidden sheet “{sheet}”.",
    remedy_en="Unhide the sheet, look at it, save and upload.",
)
SHEETS_SEVERAL = RefusalKind(
    code="exchange.intake.sheets_several",
    message_zh="有{count}个工作表都像数据表：{sheets}，不能确定读取哪一个。",
    remedy_zh="请只保留一个数据表（可合并到一个工作表），其余的删除，或以“说明”“示例”开头命名。",
    message_en="{count} sheets look like the table: {sheets}.",
    remedy_en="Keep one of them; delete the others or name them 说明… or 示例….",
)
HEADER_NOT_FOUND = RefusalKind(
    code="exchange.intake.header_not_found",
    message_zh="前{rows}行中没有找到“{table}”的表头。{found}",
    remedy_zh="请按模板在一行中写列名（中文名、英文名或标准代码均可），例如：{example}。",
    message_en="No header of {table_en} was found in the first {rows} rows. {found_en}",
    remedy_en="Write the column names in one row as in the template (Chinese, English or standard codes), "
    "for example: {example}.",
)
HEADER_MERGED = RefusalKind(
    code="exchange.intake.header_merged",
    message_zh="表头单元格{cells}是合并单元格（“{label}”），不能确定其中各列的含义。",
    remedy_zh="请取消合并，每一列写一个列名后上传。",
    message_en="The header cells {cells} are merged (“{label}”); the columns below cannot be told apart.",
    remedy_en="Unmerge them and give each column its name.",
)
COLUMN_TWICE = RefusalKind(
    code="exchange.intake.column_twice",
    message_zh="{first}列和{second}列都是“{label}”，内容不同，不能确定用哪一列。",
    remedy_zh="请只保留正确的一列。",
    message_en="Columns {first} and {second} are both {label_en}, with different content.",
    remedy_en="Keep the right one.",
)
CELLS_MERGED = RefusalKind(
    code="exchange.intake.cells_merged",
    message_zh="数据区有{count}处合并单元格（{cells}），合并后只有左上角有值，其余行列会缺数据。",
    remedy_zh="请选中数据区“取消合并单元格”，补全每一格后上传。",
    message_en="There are {count} merged ranges among the rows ({cells}); only their first cell has a value.",
    remedy_en="Unmerge them, fill every cell, and upload.",
)
NO_ROWS = RefusalKind(
    code="exchange.intake.no_rows",
    message_zh="表头下面没有数据行。",
    remedy_zh="请检查导出条件（月份、机构），确认有数据后上传。",
    message_en="There are no rows below the header.",
    remedy_en="Check the conditions of the export (month, institution).",
)
TOO_MANY_ROWS = RefusalKind(
    code="exchange.intake.too_many_rows",
    message_zh="数据超过{limit}行。",
    remedy_zh="请按月份或机构拆分后上传。",
    message_en="There are more than {limit} rows.",
    remedy_en="Split the file by month or institution.",
)
TOO_MANY_COLUMNS = RefusalKind(
    code="exchange.intake.too_many_columns",
    message_zh="表格超过{limit}列。",
    remedy_zh="请删除无用的列后上传。",
    message_en="There are more than {limit} columns.",
    remedy_en="Delete columns that are not needed.",
)
MESSAGE_WRONG = RefusalKind(
    code="exchange.intake.message_wrong",
    message_zh="JSON报文不能识别：{problem}。",
    remedy_zh='请发送 {{"rows": [{{…}}, …]}}，或4101接口报文（setlinfo、diseinfo、oprninfo、iteminfo、payinfo等）。',
    message_en="The JSON message is not understood: {problem_en}.",
    remedy_en='Send {{"rows": [{{…}}, …]}}, or a message of interface 4101.',
)
