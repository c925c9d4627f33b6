"""编码质控的拒绝: what a check cannot be asked for."""

from sanyi.kernel.refusals import RefusalKind

NOTHING_TO_CHECK = RefusalKind(
    code="coding_check.nothing_to_check",
    message_zh="在您的授权范围内，没有符合条件的已入库病例。",
    remedy_zh="请先上传并确认结算清单，或改选月份、批次和机构。",
    message_en="There are no accepted stays that fit within your scope.",
    remedy_en="Upload and accept settlement lists first, or choose another month, batch or institution.",
)
PERIOD_MISSING = RefusalKind(
    code="coding_check.period_missing",
    message_zh="没有选择出院月份或数据批次。",
    remedy_zh="请选择一个出院月份，或填写已入库的批次号。",
    message_en="Neither a month of discharge nor a batch was chosen.",
    remedy_en="Choose a month, or give the number of an accepted batch.",
)
MONTH_WRONG = RefusalKind(
    code="coding_check.month_wrong",
    message_zh="“{value}”不是月份。",
    remedy_zh="请按“2025-03”的形式填写。",
    message_en="“{value}” is not a month.",
    remedy_en="Write it as 2025-03.",
)
BATCH_WRONG = RefusalKind(
    code="coding_check.batch_wrong",
    message_zh="“{value}”不是批次号。",
    remedy_zh="请填写数据接入页面上的批次编号，只用数字。",
    message_en="“{value}” is not the number of a batch.",
    remedy_en="Give the number shown on the page of intake, digits only.",
)
FILE_MISSING = RefusalKind(
    code="coding_check.file_missing",
    message_zh="没有选择文件。",
    remedy_zh="请选择按结算清单模板填写的 Excel、CSV 或 Parquet 文件。",
    message_en="No file was chosen.",
    remedy_en="Choose an Excel, CSV or Parquet file in the form of the settlement list.",
)
FILE_TOO_LONG = RefusalKind(
    code="coding_check.file_too_long",
    message_zh="文件超过 {limit} 行，不能当场质控。",
    remedy_zh="请先在数据接入中上传并确认入库，再按月份质控；或拆分文件。",
    message_en="The file has more than {limit} rows and cannot be checked on the spot.",
    remedy_en="Upload and accept it first, then check the month; or split the file.",
)
FILE_FOREIGN = RefusalKind(
    code="coding_check.file_foreign",
    message_zh="文件中有 {count} 行的机构编码不在您的授权范围内，例如“{code}”。",
    remedy_zh="请只上传本机构及下属机构的清单，并核对机构编码。",
    message_en="{count} rows belong to institutions outside your scope, for example “{code}”.",
    remedy_en="Upload lists of your own institution only, and check the institution codes.",
)
SCHEME_MISSING = RefusalKind(
    code="coding_check.scheme_missing",
    message_zh="{on}没有适用于本县的分组方案。",
    remedy_zh="请指定分组方案，或由系统管理员补充政策参数。",
    message_en="No grouping scheme applies in this county on {on}.",
    remedy_en="Name a scheme, or have the policy parameter completed.",
)
