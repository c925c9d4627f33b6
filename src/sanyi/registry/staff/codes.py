"""人员的代码与拒绝种类."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with

STAFF_ID_PATTERN = r"[A-Z0-9]{4,20}"
INSURANCE_CODE_PATTERN = r"[A-Z][0-9]{12}"


class StaffKind(Labelled):
    """人员类别: what somebody works as."""

    DOCTOR = "doctor", "执业医师", "Licensed doctor"
    ASSISTANT_DOCTOR = "assistant_doctor", "执业助理医师", "Licensed assistant doctor"
    VILLAGE_DOCTOR = "village_doctor", "乡村医生", "Village doctor"
    NURSE = "nurse", "注册护士", "Registered nurse"
    PHARMACIST = "pharmacist", "药师（士）", "Pharmacist"
    TECHNICIAN = "technician", "技师（士）", "Technician"
    PUBLIC_HEALTH = "public_health", "公共卫生人员", "Public health staff"
    MANAGEMENT = "management", "管理人员", "Management"
    SUPPORT = "support", "工勤及其他", "Support and other"


class LicenceKind(Labelled):
    """执业证种类."""

    DOCTOR = "doctor", "医师执业证书", "Doctor's practising licence"
    ASSISTANT_DOCTOR = "assistant_doctor", "助理医师执业证书", "Assistant doctor's practising licence"
    VILLAGE_DOCTOR = "village_doctor", "乡村医生执业证书", "Village doctor's practising licence"
    NURSE = "nurse", "护士执业证书", "Nurse's practising licence"
    PHARMACIST = "pharmacist", "执业药师注册证", "Pharmacist's registration"


class LicenceCategory(Labelled):
    """执业类别: of doctors' licences."""

    CLINICAL = "clinical", "临床", "Clinical"
    TCM = "tcm", "中医", "Traditional Chinese medicine"
    DENTAL = "dental", "口腔", "Dental"
    PUBLIC_HEALTH = "public_health", "公共卫生", "Public health"
    GENERAL = "general", "全科", "General practice"


class TitleLevel(Labelled):
    """职称级别."""

    SENIOR = "senior", "正高级", "Senior"
    ASSOCIATE = "associate", "副高级", "Associate senior"
    INTERMEDIATE = "intermediate", "中级", "Intermediate"
    JUNIOR = "junior", "初级（师）", "Junior"
    ENTRY = "entry", "初级（士）", "Entry"
    NONE = "none", "无职称", "None"


class PostKind(Labelled):
    """岗位类别."""

    MANAGEMENT = "management", "管理岗位", "Management"
    PROFESSIONAL = "professional", "专业技术岗位", "Professional"
    SUPPORT = "support", "工勤技能岗位", "Support"


class AffiliationKind(Labelled):
    """执业机构关系."""

    PRIMARY = "primary", "主要执业机构", "Primary institution"
    ADDITIONAL = "additional", "其他执业机构（多机构备案）", "Additional institution"
    POSTED = "posted", "派驻", "Posted"
    SUPPORT = "support", "对口支援", "Paired support"


class EmploymentKind(Labelled):
    """用工形式."""

    QUOTA = "quota", "在编", "On the staff quota"
    RECORDED = "recorded", "备案制（员额）", "Recorded outside the quota"
    CONTRACT = "contract", "聘用", "Contract"
    OTHER = "other", "其他", "Other"


STAFF_UNKNOWN = RefusalKind(
    code="staff.unknown",
    message_zh="没有编号为 {staff_id} 的人员。",
    remedy_zh="请核对人员编号。",
    message_en="There is no member of staff with the number {staff_id}.",
    remedy_en="Check the number.",
)
STAFF_ID_WRONG = RefusalKind(
    code="staff.id_wrong",
    message_zh="“{text}”不是人员编号。",
    remedy_zh="人员编号为 4 至 20 位大写字母和数字。",
    message_en="“{text}” is not a staff number.",
    remedy_en="Give 4 to 20 capital letters and digits.",
)
INSURANCE_CODE_WRONG = RefusalKind(
    code="staff.insurance_code_wrong",
    message_zh="“{text}”不是医保医师、护士或药师代码。",
    remedy_zh="代码为一个大写字母（医师 D、护士 N）后接 12 位数字。",
    message_en="“{text}” is not an insurance code of a doctor, nurse or pharmacist.",
    remedy_en="It is one capital letter (D doctor, N nurse) followed by 12 digits.",
    basis="《医疗保障信息业务编码规则和方法》：医保医师代码、医保护士代码",
)
PRIMARY_OVERLAPS = RefusalKind(
    code="staff.primary_overlaps",
    message_zh="{name}自 {starts_on} 起已在“{organisation}”主要执业，同一时期只能有一个主要执业机构。",
    remedy_zh="请先结束原执业关系，或登记为多机构备案、派驻。",
    message_en="{name} has had “{organisation}” as primary institution since {starts_on}; there is one at a time.",
    remedy_en="End it first, or record an additional institution or a posting.",
)
AFFILIATION_REPEATED = RefusalKind(
    code="staff.affiliation_repeated",
    message_zh="{name}在“{organisation}”的同类执业关系起止日期重叠。",
    remedy_zh="请先结束原关系或更正日期。",
    message_en="The dates of two relations of {name} with “{organisation}” overlap.",
    remedy_en="End the first or correct the dates.",
)
STAFF_DATES_REVERSED = RefusalKind(
    code="staff.dates_reversed",
    message_zh="结束日期 {ends_on} 早于开始日期 {starts_on}。",
    remedy_zh="请核对起止日期。",
    message_en="The end {ends_on} is before the start {starts_on}.",
    remedy_en="Check both dates.",
)
LICENCE_TAKEN = RefusalKind(
    code="staff.licence_taken",
    message_zh="证书编码 {number} 已登记在人员 {holder} 名下。",
    remedy_zh="请核对证书编码和人员编号。",
    message_en="The licence number {number} is registered for {holder} already.",
    remedy_en="Check the number of the licence and of the person.",
)
answers_with(404, STAFF_UNKNOWN)
answers_with(409, PRIMARY_OVERLAPS, AFFILIATION_REPEATED, LICENCE_TAKEN)
