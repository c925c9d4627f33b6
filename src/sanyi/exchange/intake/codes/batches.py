"""批次代码: states, kinds of file, notices, and what is answered about a batch as a whole."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind


class BatchState(Labelled):
    """批次状态."""

    RECEIVED = "received", "待检查", "Received"
    CHECKED = "checked", "待确认", "Checked"
    ACCEPTING = "accepting", "入库中", "Being accepted"
    ACCEPTED = "accepted", "已入库", "Accepted"
    REJECTED = "rejected", "已退回", "Rejected"
    SUPERSEDED = "superseded", "已被替代", "Superseded"
    UNREADABLE = "unreadable", "无法读取", "Unreadable"


class FileKind(Labelled):
    """文件种类: recognised from the content, never from the name."""

    XLSX = "xlsx", "Excel工作簿（xlsx）", "Excel workbook (xlsx)"
    XLS = "xls", "旧版Excel工作簿（xls）", "Old Excel workbook (xls)"
    CSV = "csv", "CSV文本", "CSV text"
    PARQUET = "parquet", "Parquet", "Parquet"
    JSON = "json", "JSON报文", "JSON message"


class Notice(Labelled):
    """提示: what intake noticed about a file and did not refuse."""

    UNKNOWN_COLUMNS = "unknown_columns", "以下列不在数据约定中，未入库（原文件已保存）", "Columns outside the contract"
    ROWS_BLANK = "rows_blank", "空行，已跳过", "Blank rows, skipped"
    ROWS_TRAILING = "rows_trailing", "表尾的说明或合计行，已跳过", "Notes or totals below the table, skipped"
    FORMULAS = "formulas", "个单元格是公式，采用了保存时的计算结果", "Cells with formulas, read as last calculated"
    SHEETS_IGNORED = "sheets_ignored", "以下工作表未读取", "Sheets that were not read"
    SHEETS_HIDDEN = "sheets_hidden", "以下隐藏的工作表未读取", "Hidden sheets that were not read"
    ENCODING = "encoding", "文本编码", "Text encoding"
    MISSING_OPTIONAL = "missing_optional", "文件中没有以下可选列，按未填写处理", "Optional columns that are absent"
    COLUMNS_SAME = "columns_same", "以下列与同名列内容相同，只取一列", "Repeated columns with the same content"


BATCH_UNKNOWN = RefusalKind(
    code="exchange.intake.batch_unknown",
    message_zh="没有编号为{number}的批次。",
    remedy_zh="请从批次列表中打开。",
    message_en="There is no batch {number}.",
    remedy_en="Open it from the list of batches.",
)
CONTRACT_UNKNOWN = RefusalKind(
    code="exchange.intake.contract_unknown",
    message_zh="没有名为“{name}”的数据约定。",
    remedy_zh="现有：{known}。",
    message_en="There is no contract called “{name}”.",
    remedy_en="Known: {known}.",
)
NOTHING_TO_ACCEPT = RefusalKind(
    code="exchange.intake.nothing_to_accept",
    message_zh="第{number}批没有一行通过检查，不能入库。",
    remedy_zh="请下载错误工作簿，改正后重新上传；不需要的批次请退回。",
    message_en="No row of batch {number} passed the checks; there is nothing to accept.",
    remedy_en="Download the error workbook, correct and upload again, or reject the batch.",
)
BATCH_DIGEST_TAKEN = RefusalKind(
    code="exchange.intake.being_received",
    message_zh="同一文件正在由另一人上传。",
    remedy_zh="请稍候刷新批次列表。",
    message_en="Somebody else is uploading the same file.",
    remedy_en="Wait a moment and reload the list.",
    is_retryable=True,
)
ORIGINAL_GONE = RefusalKind(
    code="exchange.intake.original_gone",
    message_zh="第{number}批的原文件不在文件库中或内容已被改动。",
    remedy_zh="请由系统管理员从备份恢复文件库后重试。",
    message_en="The original of batch {number} is missing from the store or was changed.",
    remedy_en="The administrator has to restore the store from its backup.",
)
STAGED_GONE = RefusalKind(
    code="exchange.intake.staged_gone",
    message_zh="第{number}批的检查结果已不完整，不能入库。",
    remedy_zh="请点“重新检查”，检查完成后再确认入库。",
    message_en="The checked rows of batch {number} are incomplete.",
    remedy_en="Check the batch again, then accept it.",
)
