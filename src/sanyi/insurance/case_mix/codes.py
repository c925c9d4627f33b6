"""病例组合分析代码: dimensions, verdicts of a funnel, and refusals."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.access.codes import Purpose

READ_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.CARE, Purpose.ADMINISTRATION, Purpose.AUDIT)
COUNTY_PURPOSES = (Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.PAYMENT, Purpose.AUDIT)


class Dimension(Labelled):
    """分析维度: what one row of figures stands for."""

    INSTITUTION = "institution", "医疗机构", "Institution"
    DEPARTMENT = "department", "科室", "Department"
    DOCTOR = "doctor", "医师", "Doctor"
    GROUP = "group", "病种组", "Group"
    TIER = "tier", "机构级别", "Tier"


KEYS: dict[str, tuple[str, ...]] = {
    Dimension.INSTITUTION: ("institution_code",),
    Dimension.DEPARTMENT: ("institution_code", "department_code"),
    Dimension.DOCTOR: ("institution_code", "doctor_code"),
    Dimension.GROUP: ("scheme", "drg"),
    Dimension.TIER: ("hospital_level",),
}
COUNTY_DIMENSIONS = (Dimension.INSTITUTION, Dimension.GROUP, Dimension.TIER)
FUNNEL_DIMENSIONS = (Dimension.INSTITUTION, Dimension.DEPARTMENT, Dimension.DOCTOR)


class Verdict(Labelled):
    """漏斗图判断: where a figure stands against the limits for its number of stays."""

    ABOVE_FAR = "above_far", "高于外侧界限", "Above the outer limit"
    ABOVE = "above", "高于内侧界限", "Above the inner limit"
    WITHIN = "within", "在界限内", "Within the limits"
    BELOW = "below", "低于内侧界限", "Below the inner limit"
    BELOW_FAR = "below_far", "低于外侧界限", "Below the outer limit"
    TOO_FEW = "too_few", "病例太少，不作判断", "Too few stays to judge"
    UNKNOWN = "unknown", "无从判断", "Cannot be judged"


LEVEL_SHARE_ZH = "不可计算：随附的手术操作目录没有手术级别"
LEVEL_SHARE_EN = "Not computable: the shipped list of procedures has no operation levels"
LEVEL_WRONG_ZH = "不可计算：县手术级别目录有 {count} 处错误，没有使用"
LEVEL_WRONG_EN = "Not computable: the county's list of operation levels has {count} mistakes and is not used"


def _level(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"case_mix.level_{name}", zh, remedy_zh, en, remedy_en)


LEVEL_UNREADABLE = _level(
    "unreadable",
    "手术级别目录不能读取：既不是 UTF-8 也不是 GBK 编码的文本。",
    "请另存为“CSV UTF-8（逗号分隔）”。",
    "The list of operation levels is neither UTF-8 nor GBK text.",
    "Save it as “CSV UTF-8”.",
)
LEVEL_LIST_EMPTY = _level(
    "list_empty",
    "手术级别目录没有数据行。",
    "请填写，或删除该文件。",
    "The list of operation levels has no rows.",
    "Fill it in, or delete the file.",
)
LEVEL_COLUMN_MISSING = _level(
    "column_missing",
    "缺少“{column}”列。",
    "第一行须有：手术操作编码、手术级别、启用日期、依据；停用日期可以没有。",
    "The column {column} is missing.",
    "The first row needs 手术操作编码, 手术级别, 启用日期 and 依据; 停用日期 may be left out.",
)
LEVEL_CODE_UNKNOWN = _level(
    "code_unknown",
    "“{value}”不是医保版 2.0 手术操作编码。",
    "请核对编码（小数点、x、附加码）。",
    "“{value}” is no procedure code of the insurance edition 2.0.",
    "Check the code.",
)
LEVEL_WRONG = _level(
    "wrong",
    "“{value}”不是手术级别。",
    "请填写 1、2、3、4，或一级、二级、三级、四级。",
    "“{value}” is no level of operations.",
    "Write 1, 2, 3 or 4.",
)
LEVEL_DATE_WRONG = _level(
    "date_wrong",
    "“{value}”不是可用的日期。",
    "请按“2026-01-01”的形式填写；停用日期不得早于启用日期。",
    "“{value}” is no usable date.",
    "Write 2026-01-01; the last day is not before the first.",
)
LEVEL_BASIS_MISSING = _level(
    "basis_missing",
    "没有填写依据。",
    "请填写公布该级别的文件和条款。",
    "The basis is missing.",
    "Name the document and clause that sets the level.",
)
LEVEL_TWICE = _level(
    "twice",
    "“{value}”在同一天有两个级别（另见第 {other} 行）。",
    "请用启用、停用日期把两行分开，或删去一行。",
    "“{value}” has two levels on one day (see row {other}).",
    "Keep them apart by dates, or delete one.",
)

DIMENSION_UNKNOWN = RefusalKind(
    code="case_mix.dimension_unknown",
    message_zh="没有名为“{dimension}”的分析维度，或您在本页无权按它查看。",
    remedy_zh="请从页面上的标签中选择。",
    message_en="There is no dimension called “{dimension}”, or it is not open to you on this page.",
    remedy_en="Choose one of the tabs on the page.",
)
