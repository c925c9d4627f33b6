"""居民的代码: sexes, kinds of credential and category, states of a match."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with


class Sex(Labelled):
    """性别: GB/T 2261.1."""

    UNKNOWN = "0", "未知", "Unknown"
    MALE = "1", "男", "Male"
    FEMALE = "2", "女", "Female"
    UNSPECIFIED = "9", "未说明", "Unspecified"


class CredentialKind(Labelled):
    """证件与凭证种类: what a person may show; every kind leads to the same person."""

    ID_CARD = "id_card", "居民身份证", "Resident identity card"
    HOUSEHOLD_BOOK = "household_book", "户口簿", "Household book"
    PASSPORT = "passport", "护照", "Passport"
    HK_MACAU_PERMIT = "hk_macau_permit", "港澳居民来往内地通行证", "Permit of Hong Kong and Macau residents"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证", "Permit of Taiwan residents"
    RESIDENCE_PERMIT = "residence_permit", "港澳台居民居住证", "Residence permit of Hong Kong, Macau, Taiwan residents"
    FOREIGNER_CARD = "foreigner_card", "外国人永久居留身份证", "Foreigner's permanent residence card"
    HEALTH_CARD = "health_card", "电子健康卡", "Electronic health card"
    INSURANCE_NUMBER = "insurance_number", "医保电子凭证（人员编号）", "Insurance voucher (person number)"
    SOCIAL_CARD = "social_card", "社会保障卡", "Social security card"
    NEWBORN = "newborn", "新生儿（母亲证件加胎次序号）", "Newborn (mother's number and birth order)"
    OTHER = "other", "其他证件", "Other"


# Kinds whose number is a citizen number with a check digit (GB 11643; the permits of 2018 and 2023 follow it).
CITIZEN_NUMBER_KINDS = frozenset(
    {CredentialKind.ID_CARD, CredentialKind.RESIDENCE_PERMIT, CredentialKind.FOREIGNER_CARD}
)

# 证件类型 of the settlement list (patn_cert_type) to our kinds. Source: 《医疗保障基金结算清单填写规范》, 患者证件类型.
KIND_OF_CERTIFICATE_TYPE = {
    "01": CredentialKind.ID_CARD,
    "04": CredentialKind.HK_MACAU_PERMIT,
    "05": CredentialKind.HK_MACAU_PERMIT,
    "06": CredentialKind.TAIWAN_PERMIT,
    "07": CredentialKind.FOREIGNER_CARD,
    "08": CredentialKind.PASSPORT,
    "90": CredentialKind.SOCIAL_CARD,
    "99": CredentialKind.OTHER,
}


class Relationship(Labelled):
    """与户主关系: first digit of GB/T 4761."""

    HEAD = "0", "户主", "Head of household"
    SPOUSE = "1", "配偶", "Spouse"
    SON = "2", "子", "Son"
    DAUGHTER = "3", "女", "Daughter"
    GRANDCHILD = "4", "孙子女、外孙子女", "Grandchild"
    PARENT = "5", "父母", "Parent"
    GRANDPARENT = "6", "祖父母、外祖父母", "Grandparent"
    SIBLING = "7", "兄弟姐妹", "Sibling"
    OTHER = "8", "其他", "Other"


class Category(Labelled):
    """人员类别: what gives a right to help or to follow-up; each has its days and its issuer."""

    SUBSISTENCE = "subsistence", "最低生活保障对象（低保）", "Subsistence allowance"
    EXTREME_POVERTY = "extreme_poverty", "特困供养人员（特困）", "Extreme poverty support"
    LOW_INCOME = "low_income", "低保边缘家庭成员", "Low-income margin"
    POVERTY_RETURN = "poverty_return", "防止返贫监测对象", "Monitored against return to poverty"
    LIFTED_POVERTY = "lifted_poverty", "脱贫人口", "Lifted out of poverty"
    ILLNESS_POVERTY = "illness_poverty", "因病致贫重病患者", "Impoverished by illness"
    ORPHAN = "orphan", "孤儿及事实无人抚养儿童", "Orphan"
    SEVERE_DISABILITY = "severe_disability", "重度残疾人", "Severe disability"
    FAMILY_PLANNING = "family_planning", "计划生育特殊家庭", "Special family-planning family"
    ENTITLED_VETERAN = "entitled_veteran", "优抚对象", "Entitled veteran or dependant"


class MatchMethod(Labelled):
    """匹配方式: how two records came to be held together."""

    SAME_NUMBER = "same_number", "证件号码相同", "Same number"
    SAME_NAME_AND_BIRTH = "same_name_and_birth", "姓名、出生日期、性别和村居相同", "Same name, birth, sex and village"
    SCORED = "scored", "评分匹配", "Scored"
    BY_HAND = "by_hand", "人工提出", "Proposed by hand"


class MatchDifference(Labelled):
    """差异: what differs between two records that may be one person."""

    NAME = "name", "姓名不同", "Different name"
    BORN_ON = "born_on", "出生日期不同", "Different date of birth"
    SEX = "sex", "性别不同", "Different sex"
    NUMBER = "number", "证件号码不同", "Different number"
    PLACE = "place", "村居不同", "Different village"
    PHONE = "phone", "电话不同", "Different phone"


NUMBER_SHAPE_WRONG = RefusalKind(
    code="people.number_shape_wrong",
    message_zh="公民身份号码“{number}”的位数或字符不对。",
    remedy_zh="应为 18 位（末位可为 X）或旧 15 位数字，请对照证件重新录入。",
    message_en="The citizen number “{number}” has a wrong length or characters.",
    remedy_en="It has 18 characters (the last may be X) or 15 digits in the old form; enter it again from the card.",
    basis="GB 11643-1999",
)
NUMBER_REGION_WRONG = RefusalKind(
    code="people.number_region_wrong",
    message_zh="公民身份号码“{number}”的前两位不是省级代码。",
    remedy_zh="请对照证件核对前六位。",
    message_en="The citizen number “{number}” does not begin with the code of a province.",
    remedy_en="Compare the first six digits with the card.",
    basis="GB 11643-1999；GB/T 2260",
)
NUMBER_DATE_WRONG = RefusalKind(
    code="people.number_date_wrong",
    message_zh="公民身份号码“{number}”中的出生日期不存在。",
    remedy_zh="请对照证件核对第 7 至 14 位。",
    message_en="The citizen number “{number}” contains a date of birth that does not exist.",
    remedy_en="Compare characters 7 to 14 with the card.",
    basis="GB 11643-1999",
)
NUMBER_DATE_IMPLAUSIBLE = RefusalKind(
    code="people.number_date_implausible",
    message_zh="公民身份号码“{number}”中的出生日期 {born_on} 晚于今天或早于 {years} 年前。",
    remedy_zh="请对照证件核对第 7 至 14 位。",
    message_en="The date of birth {born_on} in the citizen number “{number}” is after today or over {years} years ago.",
    remedy_en="Compare characters 7 to 14 with the card.",
)
NUMBER_CHECK_DIGIT_WRONG = RefusalKind(
    code="people.number_check_digit_wrong",
    message_zh="公民身份号码“{number}”的校验码不符，号码中有录入错误。",
    remedy_zh="请对照证件逐位核对。",
    message_en="The check digit of the citizen number “{number}” does not fit: it was entered wrongly.",
    remedy_en="Compare every digit with the card.",
    basis="GB 11643-1999；ISO 7064 MOD 11-2",
)
NUMBER_CENTURY_UNKNOWN = RefusalKind(
    code="people.number_century_unknown",
    message_zh="15 位号码“{number}”的顺序码为 996 至 999，专用于百岁以上老人，出生世纪不能确定。",
    remedy_zh="请按新证件录入 18 位号码。",
    message_en="The 15-digit number “{number}” has a serial from 996 to 999, kept for people over a hundred years old.",
    remedy_en="Enter the 18-digit number of the new card.",
)
CREDENTIAL_SHAPE_WRONG = RefusalKind(
    code="people.credential_shape_wrong",
    message_zh="“{number}”不是{kind}号码。",
    remedy_zh="请核对证件种类和号码。写法：{example}。",
    message_en="“{number}” is not a number of the kind {kind_en}.",
    remedy_en="Check the kind and the number. Form: {example}.",
)
CREDENTIAL_KIND_UNKNOWN = RefusalKind(
    code="people.credential_kind_unknown",
    message_zh="没有“{kind}”这种证件。",
    remedy_zh="请从证件种类中选择。",
    message_en="There is no kind of credential called “{kind}”.",
    remedy_en="Choose one from the list of kinds.",
)
CREDENTIAL_UNKNOWN = RefusalKind(
    code="people.credential_unknown",
    message_zh="该{kind}没有登记的居民。",
    remedy_zh="请核对号码；首次就诊请先建档。",
    message_en="Nobody is registered with this credential ({kind_en}).",
    remedy_en="Check the number; register the person first when this is the first visit.",
)
CREDENTIAL_AMBIGUOUS = RefusalKind(
    code="people.credential_ambiguous",
    message_zh="该{kind}对应 {count} 份居民记录，尚待人工核对，不能自动认定。",
    remedy_zh="请在“待核对匹配”中核对后再办理。",
    message_en="This credential ({kind_en}) leads to {count} records that wait for a decision.",
    remedy_en="Decide them under “possible matches” first.",
)
CREDENTIAL_EXPIRED = RefusalKind(
    code="people.credential_expired",
    message_zh="该{kind}已于 {valid_until} 失效。",
    remedy_zh="请出示有效证件。",
    message_en="This credential ({kind_en}) ended on {valid_until}.",
    remedy_en="Ask for a valid one.",
)
PERSON_UNKNOWN = RefusalKind(
    code="people.unknown",
    message_zh="没有编号为 {person_id} 的居民。",
    remedy_zh="请核对居民编号。",
    message_en="There is no person with the number {person_id}.",
    remedy_en="Check the number.",
)
NAME_WRONG = RefusalKind(
    code="people.name_wrong",
    message_zh="姓名为空、过长或含有不允许的字符。",
    remedy_zh="请按证件填写姓名，不超过 50 个字。",
    message_en="The name is empty, too long or has characters that are not allowed.",
    remedy_en="Write the name as on the card, at most 50 characters.",
)
SEX_WRONG = RefusalKind(
    code="people.sex_wrong",
    message_zh="性别代码“{text}”不在 0、1、2、9 之内。",
    remedy_zh="1 男，2 女，0 未知，9 未说明。",
    message_en="The sex code “{text}” is not 0, 1, 2 or 9.",
    remedy_en="1 male, 2 female, 0 unknown, 9 unspecified.",
    basis="GB/T 2261.1",
)
BORN_ON_WRONG = RefusalKind(
    code="people.born_on_wrong",
    message_zh="出生日期缺失、晚于今天或早于 {years} 年前。",
    remedy_zh="请核对出生日期。",
    message_en="The date of birth is missing, after today or over {years} years ago.",
    remedy_en="Check the date of birth.",
)
DIED_BEFORE_BIRTH = RefusalKind(
    code="people.died_before_birth",
    message_zh="死亡日期 {died_on} 早于出生日期或晚于今天。",
    remedy_zh="请核对死亡证明。",
    message_en="The day of death {died_on} is before birth or after today.",
    remedy_en="Check the certificate of death.",
)
NUMBER_DISAGREES = RefusalKind(
    code="people.number_disagrees",
    message_zh="公民身份号码与所填{what}不一致。",
    remedy_zh="请以证件为准改正其中一项。",
    message_en="The citizen number does not agree with the {what_en}.",
    remedy_en="Correct one of them from the card.",
)
PHONE_WRONG = RefusalKind(
    code="people.phone_wrong",
    message_zh="电话号码应为 7 至 15 位数字。",
    remedy_zh="请填写手机号或带区号的固定电话。",
    message_en="A telephone number has 7 to 15 digits.",
    remedy_en="Give a mobile number or a number with area code.",
)
SEARCH_TOO_WIDE = RefusalKind(
    code="people.search_too_wide",
    message_zh="检索条件“{text}”无法识别。",
    remedy_zh="请输入姓名（从姓开始）、18 位公民身份号码、电话后四位或村居代码。",
    message_en="The search “{text}” is not understood.",
    remedy_en="Enter a name from its beginning, a citizen number, the last four digits of a phone, or a village code.",
)
KEYS_MISSING = RefusalKind(
    code="people.keys_missing",
    message_zh="缺少密钥 {key_id}，不能解密个人证件信息。",
    remedy_zh="请由系统管理员恢复密钥文件（SANYI_HOME/keys）或环境变量后重试。",
    message_en="The key {key_id} is missing; personal numbers cannot be decrypted.",
    remedy_en="The system administrator has to restore the key file (SANYI_HOME/keys) or the environment variable.",
)
KEYS_WRONG = RefusalKind(
    code="people.keys_wrong",
    message_zh="密钥{source}写法有误。",
    remedy_zh="每把密钥写成“编号:32位十六进制”（查找密钥为64位），多把以逗号分隔，最后一把为当前密钥。",
    message_en="The keys of {source} are written wrongly.",
    remedy_en="Write each key as id:32 hexadecimal digits (64 for lookup keys), with commas between, the present last.",
)
MERGE_SAME = RefusalKind(
    code="people.merge_same",
    message_zh="两份记录已属同一居民，不能再次合并。",
    remedy_zh="请刷新页面核对。",
    message_en="Both records already belong to one person.",
    remedy_en="Reload the page.",
)
MERGE_CIRCLE = RefusalKind(
    code="people.merge_circle",
    message_zh="{person_id} 的记录已并入他人，不能再作为并入目标或再次并入。",
    remedy_zh="请在合并后的主记录上操作。",
    message_en="The record {person_id} has been merged into another and can be neither source nor target.",
    remedy_en="Work on the record it was merged into.",
)
MERGE_NOT_OPEN = RefusalKind(
    code="people.merge_not_open",
    message_zh="该合并已经撤销或不存在。",
    remedy_zh="请刷新页面核对合并历史。",
    message_en="This merge has been undone already or never was.",
    remedy_en="Reload the history of merges.",
)
REASON_MISSING = RefusalKind(
    code="people.reason_missing",
    message_zh="请填写理由。",
    remedy_zh="理由会写入审计记录，便于日后核对或撤销。",
    message_en="Give a reason.",
    remedy_en="The reason goes into the audit trail, for those who check or undo it later.",
)
CATEGORY_OVERLAPS = RefusalKind(
    code="people.category_overlaps",
    message_zh="该居民自 {starts_on} 起已有“{category}”身份，起止日期重叠。",
    remedy_zh="请先结束原记录或更正日期。",
    message_en="The person has had the category “{category_en}” since {starts_on}; the dates overlap.",
    remedy_en="End that record first or correct the dates.",
)
CATEGORY_DATES_REVERSED = RefusalKind(
    code="people.category_dates_reversed",
    message_zh="结束日期 {ends_on} 早于开始日期 {starts_on}。",
    remedy_zh="请核对起止日期。",
    message_en="The end {ends_on} is before the start {starts_on}.",
    remedy_en="Check both dates.",
)
NEWBORN_NEEDS_MOTHER = RefusalKind(
    code="people.newborn_needs_mother",
    message_zh="没有身份号码的新生儿须填写母亲和胎次序号（1 至 9）。",
    remedy_zh="请先登记母亲，再按出生次序填写序号。",
    message_en="A newborn without a number needs its mother and the birth order (1 to 9).",
    remedy_en="Register the mother first, then give the order of birth.",
)
MANAGER_UNKNOWN = RefusalKind(
    code="people.manager_unknown",
    message_zh="没有代码为 {code} 的管理机构。",
    remedy_zh="请先登记该机构。",
    message_en="There is no managing institution with the code {code}.",
    remedy_en="Register it first.",
)
answers_with(404, PERSON_UNKNOWN, CREDENTIAL_UNKNOWN)
answers_with(409, CREDENTIAL_AMBIGUOUS, CATEGORY_OVERLAPS, MERGE_SAME, MERGE_CIRCLE, MERGE_NOT_OPEN)
