"""DIP 拒绝种类: why something cannot be done."""

from sanyi.kernel.refusals import RefusalKind

MEAN_NOT_POSITIVE = RefusalKind(
    code="dip.mean_not_positive",
    message_zh="病种上年均费为 {mean} 分，不能据此计算费用偏差。",
    remedy_zh="请核对目录中的均费；未知的留空，不填零。",
    message_en="Last year's mean of the disease is {mean} fen; no deviation can be computed from it.",
    remedy_en="Correct the mean in the catalogue; leave it empty where it is unknown.",
)
POOL_WITHOUT_SCORES = RefusalKind(
    code="dip.pool_without_scores",
    message_zh="没有分值，不能计算分值单价。",
    remedy_zh="请确认期间内有按分值付费的病例，且病种目录已启用。",
    message_en="There are no scores, so there is no point value.",
    remedy_en="Check that stays of the period are paid by score and that a catalogue holds.",
)
SHARE_NOT_POSITIVE = RefusalKind(
    code="dip.share_not_positive",
    message_zh="基金支付占比为 {share}（万分之一），应当大于零。",
    remedy_zh="请在政策参数中填写住院费用的基金支付占比。",
    message_en="The fund's share of cost is {share} basis points; it has to be above zero.",
    remedy_en="Set the fund's share of inpatient cost among the policy values.",
)
METHOD_UNKNOWN = RefusalKind(
    code="dip.method_unknown",
    message_zh="没有名为“{method}”的裁剪方法。",
    remedy_zh="请从以下方法中选择：{known}。",
    message_en="There is no method of trimming called “{method}”.",
    remedy_en="Choose one of: {known}.",
)
NOTHING_TO_BUILD = RefusalKind(
    code="dip.nothing_to_build",
    message_zh="{first} 至 {last} 年没有可用于测算病种目录的病例（有主要诊断且费用大于零）。",
    remedy_zh="请改选年份，或先上传并确认结算清单。",
    message_en="From {first} to {last} there are no stays with a main diagnosis and a cost to build a catalogue from.",
    remedy_en="Choose another year, or upload and accept settlement lists first.",
)
BENCHMARK_MISSING = RefusalKind(
    code="dip.benchmark_missing",
    message_zh="基准病种“{row}”没有病例，不能以它为基准计算分值。",
    remedy_zh="请在政策参数中改选一个有病例的核心病种，或改用以全部病例均费为基准。",
    message_en="The benchmark disease “{row}” has no stays; scores cannot be measured against it.",
    remedy_en="Choose a core disease that has stays, or the mean of all stays.",
)
COLUMN_MISSING = RefusalKind(
    code="dip.column_missing",
    message_zh="病例缺少“{column}”列。",
    remedy_zh="请补上该列；内容不明的可以为空。",
    message_en="The stays lack the column “{column}”.",
    remedy_en="Add it; unknown contents may be empty.",
)
CATALOGUE_DAMAGED = RefusalKind(
    code="dip.catalogue_damaged",
    message_zh="病种目录 {key} 的内容与登记的摘要不符。",
    remedy_zh="请联系系统管理员从备份恢复该文件。",
    message_en="The content of catalogue {key} does not fit its digest.",
    remedy_en="Ask the administrator to restore the file from a backup.",
)
VERSION_TAKEN = RefusalKind(
    code="dip.version_taken",
    message_zh="目录 {code} 的版本 {version} 已经有了，而内容不同。",
    remedy_zh="内容有改动的，请换一个新的版本号；已有的版本不会改变。",
    message_en="Version {version} of catalogue {code} exists with another content.",
    remedy_en="Give the changed content a new version; what exists never changes.",
)
YEAR_WRONG = RefusalKind(
    code="dip.year_wrong",
    message_zh="“{value}”不是可用的年份。",
    remedy_zh="请填写目录执行的年份，如 2026。",
    message_en="“{value}” is no year.",
    remedy_en="Write the year the catalogue is for, such as 2026.",
)
HEAD_WRONG = RefusalKind(
    code="dip.head_wrong",
    message_zh="“{label}”填写有误：“{value}”。",
    remedy_zh="{help}",
    message_en="{label_en} is wrong: “{value}”.",
    remedy_en="{help_en}",
)
FILE_MISSING = RefusalKind(
    code="dip.file_missing",
    message_zh="没有选择文件，或文件超过上限 {limit}。",
    remedy_zh="请选择病种目录的 xlsx 工作簿或 csv 文件后上传。",
    message_en="No file was chosen, or it exceeds the limit of {limit}.",
    remedy_en="Choose an xlsx workbook or csv file of a catalogue.",
)
DATE_WRONG = RefusalKind(
    code="dip.date_wrong",
    message_zh="“{value}”不是可用的启用日期。",
    remedy_zh="请按“2026-01-01”的形式填写，不早于目录的执行日期 {starts_on}，不晚于它的停止日期。",
    message_en="“{value}” cannot be the day to start on.",
    remedy_en="Write 2026-01-01; not before {starts_on}, when the catalogue starts, nor after it ends.",
)
ALREADY_HOLDS = RefusalKind(
    code="dip.already_holds",
    message_zh="{starts_on} 已经执行目录 {key}，无需启用。",
    remedy_zh="请核对启用日期和目录。",
    message_en="Catalogue {key} holds on {starts_on} already.",
    remedy_en="Check the day and the catalogue.",
)
PROPOSAL_OPEN = RefusalKind(
    code="dip.proposal_open",
    message_zh="已有一件启用提案待审批：{number}（{key}，{starts_on}）。",
    remedy_zh="请等它办结，或先撤回它。",
    message_en="A proposal is waiting already: {number} ({key}, {starts_on}).",
    remedy_en="Wait for its decision, or withdraw it first.",
)
TRIAL_WRONG = RefusalKind(
    code="dip.trial_wrong",
    message_zh="“{label}”的“{value}”不能使用。",
    remedy_zh="请改正；不明的留空。",
    message_en="{label_en} “{value}” cannot be used.",
    remedy_en="Correct it; leave it empty where it is unknown.",
)
