"""权重测算代码: methods of trimming, why a stay was left out, the state of a group's weight, and refusals."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.access.codes import Purpose

READ_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)
WORK_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)


class Method(Labelled):
    """费用裁剪方法: how extreme costs inside a group are found."""

    NONE = "none", "不裁剪", "No trimming"
    PERCENTILE = "percentile", "组内百分位", "Percentiles inside the group"
    IQR = "iqr", "组内四分位距", "Interquartile fences inside the group"


class Reason(Labelled):
    """去留: whether a stay counts for the weights, and if not, why; the first that fits is told."""

    KEPT = "kept", "计入", "Counted"
    SHORT_STAY = "short_stay", "住院日过短", "Stay too short"
    LONG_STAY = "long_stay", "住院日过长", "Stay too long"
    EARLY_LEAVING = "early_leaving", "短时间内死亡或转院", "Died or transferred soon after admission"
    COST_LOW = "cost_low", "费用低于下限", "Cost below the lower bound"
    COST_HIGH = "cost_high", "费用高于上限", "Cost above the upper bound"


OUT_OF_SCOPE = (Reason.SHORT_STAY, Reason.LONG_STAY, Reason.EARLY_LEAVING)
TRIMMED = (Reason.COST_LOW, Reason.COST_HIGH)


class State(Labelled):
    """权重状态: how far a group's own weight can be relied on."""

    STABLE = "stable", "稳定", "Stable"
    UNSTABLE = "unstable", "不稳定", "Unstable"
    NO_DATA = "no_data", "没有病例", "No data"


COLUMN_MISSING = RefusalKind(
    code="relative_weights.column_missing",
    message_zh="缺少“{column}”列，所选的测算口径需要它。",
    remedy_zh="请补上该列，或改选不需要它的口径。",
    message_en="The column “{column}” is missing; the options chosen need it.",
    remedy_en="Add the column, or choose options that do not need it.",
)
VALUE_UNKNOWN = RefusalKind(
    code="relative_weights.value_unknown",
    message_zh="有 {count} 例的“{column}”为空或为负，所选的测算口径需要它，不能当作零。",
    remedy_zh="请补正数据，或先剔除这些病例并在报告中说明，或改选不需要该项的口径。",
    message_en="“{column}” is empty or negative in {count} stays; the options chosen need it, and empty is not zero.",
    remedy_en="Complete the data, leave these stays out and say so, or choose options that do not need it.",
)
METHOD_UNKNOWN = RefusalKind(
    code="relative_weights.method_unknown",
    message_zh="没有名为“{method}”的裁剪方法。",
    remedy_zh="请从以下方法中选择：{known}。",
    message_en="There is no method of trimming called “{method}”.",
    remedy_en="Choose one of: {known}.",
)
NOTHING_TO_MEASURE = RefusalKind(
    code="relative_weights.nothing_to_measure",
    message_zh="在您的授权范围内，所选期间和方案没有分组成功且有费用的病例。",
    remedy_zh="请改选月份或分组方案，或先上传并确认结算清单。",
    message_en="Within your scope no grouped stays with a cost fit the period and scheme chosen.",
    remedy_en="Choose other months or another scheme, or upload and accept settlement lists first.",
)
MONTH_WRONG = RefusalKind(
    code="relative_weights.month_wrong",
    message_zh="“{value}”不是月份，或者止月早于起月。",
    remedy_zh="请按“2025-03”的形式选择起止月份。",
    message_en="“{value}” is not a month, or the last month is before the first.",
    remedy_en="Choose months such as 2025-03, the first not after the last.",
)
