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

DIMENSION_UNKNOWN = RefusalKind(
    code="case_mix.dimension_unknown",
    message_zh="没有名为“{dimension}”的分析维度，或您在本页无权按它查看。",
    remedy_zh="请从页面上的标签中选择。",
    message_en="There is no dimension called “{dimension}”, or it is not open to you on this page.",
    remedy_en="Choose one of the tabs on the page.",
)
