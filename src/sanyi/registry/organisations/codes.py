"""机构的代码与拒绝种类."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with

CODE_LENGTH = 12


class OrganisationKind(Labelled):
    """机构类别: institutions that treat people, and bureaus and offices that steer them."""

    COUNTY = "county", "县（市、区）", "County"
    HEALTH_BUREAU = "health_bureau", "卫生健康局", "Health bureau"
    INSURANCE_BUREAU = "insurance_bureau", "医疗保障局", "Insurance bureau"
    INSURANCE_CENTRE = "insurance_centre", "医疗保险经办机构", "Insurance service centre"
    FINANCE_BUREAU = "finance_bureau", "财政局", "Finance bureau"
    REFORM_OFFICE = "reform_office", "医改领导小组办公室", "Health reform office"
    AUDIT_BUREAU = "audit_bureau", "审计局", "Audit bureau"
    MARKET_BUREAU = "market_bureau", "市场监督管理局", "Market supervision bureau"
    MEDICAL_GROUP = "medical_group", "医疗集团（医共体）", "Medical group"
    COUNTY_HOSPITAL = "county_hospital", "县级综合医院", "County general hospital"
    TCM_HOSPITAL = "tcm_hospital", "中医医院", "Hospital of traditional Chinese medicine"
    SPECIALTY_HOSPITAL = "specialty_hospital", "专科医院", "Specialty hospital"
    PRIVATE_HOSPITAL = "private_hospital", "民营医院", "Private hospital"
    TOWNSHIP_HOSPITAL = "township_hospital", "乡镇卫生院", "Township hospital"
    COMMUNITY_CENTRE = "community_centre", "社区卫生服务中心", "Community health centre"
    BRANCH = "branch", "分院", "Branch"
    COMMUNITY_STATION = "community_station", "社区卫生服务站", "Community health station"
    VILLAGE_CLINIC = "village_clinic", "村卫生室", "Village clinic"
    CLINIC = "clinic", "诊所", "Clinic"
    PHARMACY = "pharmacy", "零售药店", "Pharmacy"
    CDC = "cdc", "疾病预防控制中心", "Centre for disease control"
    MCH_CENTRE = "mch_centre", "妇幼保健计划生育服务中心", "Maternal and child health centre"
    BLOOD_STATION = "blood_station", "采供血机构", "Blood station"
    EMERGENCY_CENTRE = "emergency_centre", "急救中心", "Emergency centre"
    OTHER = "other", "其他机构", "Other"


BUREAU_KINDS = frozenset(
    {
        OrganisationKind.COUNTY,
        OrganisationKind.HEALTH_BUREAU,
        OrganisationKind.INSURANCE_BUREAU,
        OrganisationKind.INSURANCE_CENTRE,
        OrganisationKind.FINANCE_BUREAU,
        OrganisationKind.REFORM_OFFICE,
        OrganisationKind.AUDIT_BUREAU,
        OrganisationKind.MARKET_BUREAU,
    }
)
HOSPITAL_KINDS = frozenset(
    {
        OrganisationKind.COUNTY_HOSPITAL,
        OrganisationKind.TCM_HOSPITAL,
        OrganisationKind.SPECIALTY_HOSPITAL,
        OrganisationKind.PRIVATE_HOSPITAL,
    }
)


class HospitalLevel(Labelled):
    """医疗机构级别: as graded by the hospital review (《医院分级管理办法》)."""

    UNGRADED = "0", "未定级", "Ungraded"
    FIRST = "1", "一级", "Level one"
    SECOND = "2", "二级", "Level two"
    THIRD = "3", "三级", "Level three"


class HospitalClass(Labelled):
    """医疗机构等次."""

    UNGRADED = "0", "未定等", "Ungraded"
    A = "A", "甲等", "Class A"
    B = "B", "乙等", "Class B"
    C = "C", "丙等", "Class C"


class Ownership(Labelled):
    """举办主体."""

    GOVERNMENT = "government", "政府办", "Run by government"
    PUBLIC_OTHER = "public_other", "其他公立", "Other public"
    COLLECTIVE = "collective", "集体办", "Collective"
    PRIVATE_NONPROFIT = "private_nonprofit", "民办非营利", "Private, not for profit"
    PRIVATE_PROFIT = "private_profit", "民办营利", "Private, for profit"


class UnitNature(Labelled):
    """单位性质: decides the funding channel and stays when a unit joins a group."""

    ADMINISTRATIVE = "administrative", "机关", "Administrative body"
    PUBLIC_ONE = "public_one", "公益一类事业单位", "Public institution, class one"
    PUBLIC_TWO = "public_two", "公益二类事业单位", "Public institution, class two"
    NON_ENTERPRISE = "non_enterprise", "民办非企业单位", "Private non-enterprise unit"
    ENTERPRISE = "enterprise", "企业", "Enterprise"
    OTHER = "other", "其他", "Other"


class MembershipRole(Labelled):
    """成员角色."""

    LEAD = "lead", "牵头医院", "Lead hospital"
    MEMBER = "member", "成员单位", "Member"


ORGANISATION_UNKNOWN = RefusalKind(
    code="organisations.unknown",
    message_zh="没有代码为 {code} 的机构。",
    remedy_zh="请核对机构代码；新机构须先在机构登记中建立。",
    message_en="There is no organisation with the code {code}.",
    remedy_en="Check the code; a new organisation has to be registered first.",
)
CODE_WRONG = RefusalKind(
    code="organisations.code_wrong",
    message_zh="“{text}”不是机构代码。",
    remedy_zh="机构代码为 12 位大写字母和数字，例如国家医保定点医疗机构编码 H14083000001。",
    message_en="“{text}” is not an organisation code.",
    remedy_en="Give 12 capital letters and digits, for example the national institution code H14083000001.",
    basis="《医疗保障信息业务编码规则和方法》：定点医疗机构编码 12 位",
)
SOCIAL_CREDIT_CODE_WRONG = RefusalKind(
    code="organisations.social_credit_code_wrong",
    message_zh="统一社会信用代码“{text}”不正确（位数、字符或校验位有误）。",
    remedy_zh="请对照法人证书逐位核对 18 位代码。",
    message_en="The unified social credit code “{text}” is wrong (length, characters or check digit).",
    remedy_en="Compare all 18 characters with the certificate.",
    basis="GB 32100-2015",
)
PARENT_IS_BELOW = RefusalKind(
    code="organisations.parent_is_below",
    message_zh="{parent} 是 {code} 自身或其下级，不能作为它的上级机构。",
    remedy_zh="请另选上级机构。",
    message_en="{parent} is {code} itself or lies below it and cannot be its parent.",
    remedy_en="Choose another parent.",
)
NOT_A_GROUP = RefusalKind(
    code="organisations.not_a_group",
    message_zh="{code} 不是医疗集团。",
    remedy_zh="请选择类别为“医疗集团（医共体）”的机构。",
    message_en="{code} is not a medical group.",
    remedy_en="Choose an organisation of the kind medical group.",
)
GROUP_CANNOT_JOIN = RefusalKind(
    code="organisations.group_cannot_join",
    message_zh="{code} 是医疗集团或管理部门，不能作为集团成员。",
    remedy_zh="集团成员只能是医疗卫生机构。",
    message_en="{code} is a group or a bureau and cannot be a member of a group.",
    remedy_en="Only health institutions join a group.",
)
MEMBERSHIP_OVERLAPS = RefusalKind(
    code="organisations.membership_overlaps",
    message_zh="{name}自 {starts_on} 起已是“{group}”的成员，同一时期不能加入两个集团。",
    remedy_zh="请先办理退出（填写退出日期），或更正起止日期。",
    message_en="{name} has been a member of “{group}” since {starts_on}; it cannot be in two groups at once.",
    remedy_en="End that membership first, or correct the dates.",
)
LEAD_ALREADY_SET = RefusalKind(
    code="organisations.lead_already_set",
    message_zh="“{group}”在该时期已有牵头医院{name}。",
    remedy_zh="一个集团同一时期只有一家牵头医院；更换牵头医院请先结束原牵头关系。",
    message_en="“{group}” already has the lead hospital {name} in that time.",
    remedy_en="A group has one lead hospital at a time; end the present one first.",
)
DATES_REVERSED = RefusalKind(
    code="organisations.dates_reversed",
    message_zh="结束日期 {ends_on} 早于开始日期 {starts_on}。",
    remedy_zh="请核对起止日期。",
    message_en="The end {ends_on} is before the start {starts_on}.",
    remedy_en="Check both dates.",
)
MEMBERSHIP_NOT_FOUND = RefusalKind(
    code="organisations.membership_not_found",
    message_zh="{code} 目前不是任何集团的成员。",
    remedy_zh="请在集团结构页核对成员名单。",
    message_en="{code} is not a member of any group at present.",
    remedy_en="See the members on the page of the group.",
)
answers_with(404, ORGANISATION_UNKNOWN)
answers_with(409, MEMBERSHIP_OVERLAPS, LEAD_ALREADY_SET)
