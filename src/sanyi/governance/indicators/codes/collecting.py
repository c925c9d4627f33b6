"""填报与结账代码: states of collected values and of periods, outside references, and the refusals of both."""

from __future__ import annotations

from sanyi.governance.indicators.codes.refusals import kind
from sanyi.kernel.labels import Labelled
from sanyi.registry.doors.codes import answers_with


class CollectedState(Labelled):
    """填报状态."""

    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "待审定", "Waiting for approval"
    RETURNED = "returned", "已退回", "Returned"
    APPROVED = "approved", "已审定", "Approved"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class PeriodState(Labelled):
    """期间状态."""

    OPEN = "open", "未结账", "Open"
    CLOSED = "closed", "已结账", "Closed"
    UNLOCKED = "unlocked", "已解锁", "Unlocked"


class Reference(Labelled):
    """外部参照: an average that the collector knows from outside the county."""

    NATION = "nation", "全国平均", "Average of the nation"
    PROVINCE = "province", "全省平均", "Average of the province"
    EAST_CHINA = "east_china", "华东地区平均", "Average of East China"


class ItemState(Labelled):
    """填报项情况: what stands in the list of what a unit has to fill in."""

    MISSING = "missing", "未填报", "Not filled in"
    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "待审定", "Waiting for approval"
    RETURNED = "returned", "已退回", "Returned"
    APPROVED = "approved", "已审定", "Approved"


class Entered(Labelled):
    """填报结果: what an entry did."""

    NEW = "new", "新增", "New"
    CHANGED = "changed", "更改", "Changed"
    SAME = "same", "没有变化", "Unchanged"


CODE_MISSING = kind(
    "collected_code_missing",
    "没有指标代码。",
    "请填写指标代码，可从“可填报的指标”一表复制。",
    "There is no indicator code.",
    "Fill it in; the second sheet lists those of your unit.",
)
NOT_COLLECTED_INDICATOR = kind(
    "not_collected_indicator",
    "“{name}”{why}，不由单位填报。",
    "请删除这一行；对数值有疑问的，请在指标页查看“为什么”。",
    "{name} is not an indicator that units fill in ({why_en}).",
    "Leave it out; if the number seems wrong, look at why on its page.",
)
WRONG_COLLECTOR = kind(
    "wrong_collector",
    "“{name}”由{collector}填报，不由{organisation}填报。",
    "请由采集单位填报；单位名称对应有误的，请医改办在“单位对应”中更正。",
    "{name} is filled in by {collector}, not by {organisation}.",
    "Let that unit do it; a wrong match of the unit's name is corrected by the reform office.",
)
WITHOUT_UNIT = kind(
    "collector_without_unit",
    "您没有所在单位，不能填报指标。",
    "请系统管理员为您登记所在单位。",
    "You belong to no unit, so you cannot fill in indicators.",
    "Have the system administrator register your unit.",
)
WRONG_WINDOW = kind(
    "wrong_window",
    "“{name}”按{windows}填报，“{period}”不是这种期间。",
    "年写作 2025，季度写作 2025Q1，月写作 2025-03。",
    "{name} is filled in by {windows}; {period} is none.",
    "Write 2025 for a year, 2025Q1 for a quarter, 2025-03 for a month.",
)
PERIOD_MISSING = kind(
    "collected_period_missing",
    "没有填写期间。",
    "年写作 2025，季度写作 2025Q1，月写作 2025-03。",
    "There is no period.",
    "Write 2025 for a year, 2025Q1 for a quarter, 2025-03 for a month.",
)
PERIOD_TO_COME = kind(
    "period_to_come",
    "期间 {period} 还没有开始。",
    "请在期间开始之后填报。",
    "The period {period} has not begun.",
    "Fill it in later.",
)
PERIOD_CLOSED = kind(
    "period_closed",
    "期间 {period} 已结账，不再接受填报、审定和改动。",
    "确需更正的，请医改办写明理由解锁该期间。",
    "The period {period} is closed; nothing is taken in any more.",
    "If it has to be corrected, have the reform office unlock it with a reason.",
)
PART_WRONG = kind(
    "part_wrong",
    "“{name}”分{parts}填报，“{given}”不是其中之一。",
    "请每一部分各填一行，在“部分”列写明是哪一部分。",
    "{name} has the parts {parts}; {given} is none of them.",
    "Give each part a row of its own.",
)
PART_NONE = kind(
    "part_none",
    "“{name}”不分部分填报，“部分”列却写了“{given}”。",
    "请清空“部分”列。",
    "{name} has no parts, but {given} is given.",
    "Leave the part empty.",
)
NODE_UNKNOWN = kind(
    "node_unknown",
    "“{given}”不是本县登记的机构。",
    "全县的数留空；机构的数填登记的机构名称或代码。",
    "{given} is no organisation of the county.",
    "Leave it empty for the whole county, otherwise give the registered name or code.",
)
REFERENCE_NOT_ASKED = kind(
    "reference_not_asked",
    "“{name}”没有与“{given}”比较的目标，不需要填报这个参照值。",
    "请删除这一行。",
    "{name} has no target that is compared with {given}.",
    "Leave the row out.",
)
FIGURES_MISSING = kind(
    "figures_missing",
    "“{name}”没有填写数值。",
    "请填写分子和分母（{numerator}；{denominator}），或只填指标值。",
    "{name} has no figures.",
    "Give numerator and denominator, or the value alone.",
)
VALUE_MISSING = kind(
    "value_missing",
    "“{name}”没有填写指标值。",
    "请在“指标值”列填写，单位为“{unit}”。",
    "{name} has no value.",
    "Fill in the value in {unit}.",
)
HALF_A_FRACTION = kind(
    "half_a_fraction",
    "“{name}”只填了{given}，没有填{missing}。",
    "分子和分母须一并填写；只知道结果的，只填“指标值”。",
    "{name} has {given} without {missing}.",
    "Give both, or the value alone.",
)
NO_FRACTION = kind(
    "no_fraction",
    "“{name}”没有分母，不能填分子、分母。",
    "请清空这两列，只填“指标值”。",
    "{name} has no denominator, so no fraction can be given.",
    "Give the value alone.",
)
NUMBER_UNREADABLE = kind(
    "number_unreadable",
    "“{column}”写作“{given}”，不是数字。",
    "请只填数字，不写单位、“约”“以上”等文字；没有数的留空。",
    "{column} is {given}, which is no number.",
    "Write digits alone, without unit or words; leave it empty if unknown.",
)
NUMBER_NOT_WHOLE = kind(
    "number_not_whole",
    "“{column}”为 {given}，应为整数。",
    "请填整数；金额以万元计而有小数的，分子分母一并改以元计。",
    "{column} is {given}, but has to be a whole number.",
    "Give both in a smaller unit, such as yuan instead of ten thousand yuan.",
)
NUMBER_TOO_FINE = kind(
    "number_too_fine",
    "“{column}”为 {given}，小数超过 6 位。",
    "请四舍五入到 6 位以内。",
    "{column} is {given}, with more than six decimals.",
    "Round it.",
)
NUMBER_TOO_LARGE = kind(
    "number_too_large",
    "“{column}”为 {given}，大得不合理。",
    "请核对是否多写了位数。",
    "{column} is {given}, which is too large.",
    "Look for digits too many.",
)
NUMBER_NEGATIVE = kind(
    "number_negative",
    "“{column}”为 {given}，不能小于零。",
    "请核对后改正。",
    "{column} is {given}, but cannot be below zero.",
    "Correct it.",
)
DENOMINATOR_ZERO = kind(
    "collected_denominator_zero",
    "分母为 0，“{name}”没有意义。",
    "确实没有{denominator}的，请不填这一行，并在备注说明；否则改正分母。",
    "The denominator is zero, so {name} means nothing.",
    "Leave the row out if there is none of it, otherwise correct the denominator.",
)
FORMULA_IN_CELL = kind(
    "formula_in_cell",
    "“{column}”中是公式（{given}），不是数。",
    "请复制后“选择性粘贴—数值”，再上传。",
    "{column} holds the formula {given}.",
    "Paste it as a value, then upload again.",
)
CELL_BROKEN = kind(
    "cell_broken",
    "“{column}”中是错误值（{given}）。",
    "请改成数字，或留空。",
    "{column} holds an error ({given}).",
    "Write a number, or leave it empty.",
)
VALUE_OVER_WHOLE = kind(
    "value_over_whole",
    "“{name}”为 {given}{unit}，不可能超过 {limit}{unit}。",
    "请核对分子是否包含在分母之内、是否把 0.85 与 85 混用。",
    "{name} is {given}{unit}, but cannot exceed {limit}{unit}.",
    "See whether the numerator is part of the denominator, and whether 0.85 and 85 were mixed up.",
)
VALUE_DIFFERS = kind(
    "value_differs",
    "“{name}”的指标值填 {given}，由分子分母算得 {computed}。",
    "请核对；分子分母正确的，请清空“指标值”。",
    "The value of {name} is given as {given}, but its fraction makes {computed}.",
    "If the fraction is right, leave the value empty.",
)
TEXT_TOO_LONG = kind(
    "collected_text_too_long",
    "“{column}”有 {count} 字。",
    "请压缩到 {limit} 字以内。",
    "{column} has {count} characters.",
    "Keep it within {limit}.",
)
ALREADY_SUBMITTED = kind(
    "already_submitted",
    "“{name}”{period} 已由{unit}提交待审定（{number}），数值为 {value}。",
    "需要更改的，请先撤回，或由审定人退回。",
    "{name} of {period} was submitted by {unit} ({number}) as {value}.",
    "Withdraw it first, or have it returned.",
)
OTHER_UNIT_ENTERED = kind(
    "other_unit_entered",
    "“{name}”{period} 已由{unit}填报（{number}）。",
    "由两个单位共同采集的，请与该单位核对，由一方填报。",
    "{name} of {period} was entered by {unit} ({number}).",
    "Agree with that unit on who fills it in.",
)
ENTERED_MEANWHILE = kind(
    "entered_meanwhile",
    "“{name}”{period} 刚刚由另一人填报。",
    "请刷新页面，核对后再填。",
    "{name} of {period} was entered by somebody else just now.",
    "Reload the page and look at it first.",
)
EVIDENCE_MISSING = kind(
    "collected_evidence_missing",
    "填报值 {number} 还没有佐证材料，不能提交。",
    "请先上传报表、台账等佐证材料。",
    "The collected value {number} has no evidence, so it cannot be submitted.",
    "Upload a report or a ledger first.",
)
SAME_PERSON = kind(
    "collected_same_person",
    "填报值 {number} 由您本人填报或提交，不能由您审定或退回。",
    "请由本单位另一人或医改办审定；需要更改的可以撤回。",
    "You entered or submitted {number} yourself, so you can neither approve nor return it.",
    "Let somebody else do it; you may withdraw it.",
)
NOTHING_TO_SUBMIT = kind(
    "nothing_to_submit",
    "本单位 {period} 没有可提交的填报值。",
    "请先填报并上传佐证材料。",
    "There is nothing of your unit to submit for {period}.",
    "Fill in values with their evidence first.",
)
COLLECTED_UNKNOWN = kind(
    "collected_unknown",
    "没有编号为“{number}”的填报值。",
    "请从填报列表中选择。",
    "There is no collected value {number}.",
    "Choose one of the list.",
)
SHEET_DAMAGED = kind(
    "sheet_damaged",
    "文件无法读取：不是 Excel 工作簿（.xlsx），或已损坏、加密。",
    "请用 Excel 打开，另存为 .xlsx 后重新上传；旧版 .xls 和 WPS 的 .et 也请另存。",
    "The file cannot be read: it is no Excel workbook (.xlsx), or it is damaged or locked by a password.",
    "Open it in Excel, save it as .xlsx and send it again.",
)
SHEET_TOO_LARGE = kind(
    "sheet_too_large",
    "文件太大：填报模板不超过 {megabytes} MB、{rows} 行。",
    "请使用下载的模板，去掉图片和其他工作表；佐证材料另行上传。",
    "The file is too large: a filled template has at most {megabytes} MB and {rows} rows.",
    "Use the template without pictures and further sheets; evidence is uploaded by itself.",
)
SHEET_COLUMNS = kind(
    "sheet_columns",
    "找不到列：{columns}。",
    "请使用下载的模板，不要改动第一行的列名。",
    "These columns are missing: {columns}.",
    "Use the template and leave its first row as it is.",
)
SHEET_COLUMN_TWICE = kind(
    "sheet_column_twice",
    "列“{column}”出现了两次。",
    "请删除多余的一列。",
    "The column {column} is there twice.",
    "Remove one.",
)
SHEET_EMPTY = kind(
    "sheet_empty",
    "表中没有填写任何数值。",
    "请在“分子”“分母”或“指标值”列填写后上传。",
    "Nothing is filled in.",
    "Fill in numerator and denominator or the value, then upload.",
)
SHEET_ROW_TWICE = kind(
    "sheet_row_twice",
    "与第 {row} 行是同一指标、部分、节点和期间。",
    "请只保留一行。",
    "The same indicator, part, node and period as in row {row}.",
    "Keep one of them.",
)
PERIOD_NOT_OVER = kind(
    "period_not_over",
    "期间 {period} 到 {last_on} 才结束，现在不能结账。",
    "请在期间结束、数据上报完成后结账。",
    "The period {period} lasts until {last_on}, so it cannot be closed now.",
    "Close it when it is over and its data have come in.",
)
PERIOD_HAS_WAITING = kind(
    "period_has_waiting",
    "期间 {period} 还有 {count} 个填报值没有办完：{numbers}。",
    "请先审定、退回后更正，或由填报单位撤回，再结账。",
    "The period {period} has {count} collected values under way: {numbers}.",
    "Approve them or have them withdrawn first.",
)
PERIOD_HAS_MISSING = kind(
    "period_has_missing",
    "期间 {period} 还有 {count} 项没有填报：{names}。",
    "请催报；确实不再等待的，写明理由后可以结账，缺项按“本期尚未填报”列示。",
    "The period {period} lacks {count} values: {names}.",
    "Ask for them; if nobody waits any longer, close it with a reason.",
)
PERIOD_UNTOUCHED = kind(
    "period_untouched",
    "期间 {period} 没有结过账，不能解锁。",
    "只有已结账的期间才需要解锁。",
    "The period {period} was never closed, so it cannot be unlocked.",
    "Only closed periods are unlocked.",
)
LONGER_PERIOD_CLOSED = kind(
    "longer_period_closed",
    "期间 {period} 在已结账的 {longer} 之内，单独办理不起作用。",
    "请先解锁 {longer}。",
    "The period {period} lies within {longer}, which is closed.",
    "Unlock {longer} first.",
)
answers_with(404, COLLECTED_UNKNOWN)
answers_with(409, ENTERED_MEANWHILE, ALREADY_SUBMITTED, OTHER_UNIT_ENTERED, PERIOD_CLOSED, LONGER_PERIOD_CLOSED)
answers_with(403, SAME_PERSON, WRONG_COLLECTOR)
