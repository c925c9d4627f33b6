"""结算清单代码: the closed code lists of the form and the refusals of its cross-field checks.

Code lists: 《医疗保障基金结算清单》填写规范 (医保办发〔2021〕34号) and the code sets of interface 4101; graded C in
``domain/standards.md`` where the text itself was not seen.
"""

from sanyi.kernel.refusals import RefusalKind

FORM = "医疗保障基金结算清单填写规范（医保办发〔2021〕34号）"

SEX = {1: "男", 2: "女", 0: "未知的性别", 9: "未说明的性别"}
CERTIFICATE_TYPE = {
    "01": "居民身份证（户口簿）",
    "02": "中国人民解放军军官证",
    "03": "中国人民武装警察警官证",
    "04": "香港特区护照/港澳居民来往内地通行证",
    "05": "澳门特区护照/港澳居民来往内地通行证",
    "06": "台湾居民来往大陆通行证",
    "07": "外国人永久居留证",
    "08": "外国人护照",
    "09": "残疾人证",
    "10": "军烈属证明",
    "90": "社会保障卡",
    "99": "其他身份证件",
}
INSURANCE_TYPE = {
    "310": "职工基本医疗保险",
    "320": "公务员医疗补助",
    "330": "大额医疗费用补助",
    "340": "离休人员医疗保障",
    "350": "一至六级残废军人医疗补助",
    "360": "老红军医疗保障",
    "370": "企业补充医疗保险",
    "380": "新型农村合作医疗",
    "390": "城乡居民基本医疗保险",
    "391": "城镇居民基本医疗保险",
    "392": "城乡居民大病医疗保险",
    "399": "其他特殊人员医疗保障",
    "410": "长期照护保险",
    "510": "生育保险",
}
NEWBORN_ADMISSION_TYPE = {
    "1": "正常新生儿",
    "2": "早产儿",
    "3": "有疾病新生儿",
    "4": "非无菌分娩",
    "9": "其他",
}
INPATIENT_TYPE = {"1": "住院", "2": "日间手术"}
ADMISSION_ROUTE = {"1": "急诊", "2": "门诊", "3": "其他医疗机构转入", "9": "其他"}
TREATMENT_TYPE = {"10": "西医", "20": "中医", "21": "中医", "22": "民族医", "30": "中西医"}
ADMISSION_CONDITION = {"1": "有", "2": "临床未确定", "3": "情况不明", "4": "无"}
ICU_TYPE = {
    "1": "心脏重症监护病房（CCU）",
    "2": "新生儿重症监护病房（NICU）",
    "3": "急诊重症监护病房（ECU）",
    "4": "外科重症监护病房（SICU）",
    "5": "儿科重症监护病房（PICU）",
    "6": "呼吸重症监护病房（RICU）",
    "7": "重症监护病房（综合ICU）",
    "9": "其他",
}
DISCHARGE_WAY = {
    "1": "医嘱离院",
    "2": "医嘱转院",
    "3": "医嘱转社区卫生服务机构/乡镇卫生院",
    "4": "非医嘱离院",
    "5": "死亡",
    "9": "其他",
}
READMISSION_PLAN = {"1": "无", "2": "有"}
PAYMENT_METHOD = {
    "1": "按项目",
    "2": "单病种",
    "3": "按病种分值",
    "4": "疾病诊断相关分组（DRG）",
    "5": "按床日",
    "6": "按人头",
    "9": "其他",
}
SETTLEMENT_LEVEL = {"1": "一级", "2": "二级", "3": "三级", "9": "未定级"}

NOT_SENDER = RefusalKind(
    code="exchange.settlement_list.not_sender",
    message_zh="定点医药机构编码“{value}”不属于本次上报的机构（{expected}）及其下属机构。",
    remedy_zh="请改正机构编码；其他机构的清单由该机构上报。",
    message_en="Institution code “{value}” does not belong to the sender ({expected}) or an institution under it.",
    remedy_en="Correct the code; another institution's lists are sent by that institution.",
)
DISCHARGE_BEFORE_ADMISSION = RefusalKind(
    code="exchange.settlement_list.discharge_before_admission",
    message_zh="出院时间{value}早于入院时间{expected}。",
    remedy_zh="请对照病案核对入院、出院时间。",
    message_en="Discharge {value} is before admission {expected}.",
    remedy_en="Compare both with the medical record.",
    basis=FORM,
)
BIRTH_AFTER_ADMISSION = RefusalKind(
    code="exchange.settlement_list.birth_after_admission",
    message_zh="出生日期{value}晚于入院日期{expected}。",
    remedy_zh="请对照证件核对出生日期。",
    message_en="The date of birth {value} is after admission {expected}.",
    remedy_en="Compare the date of birth with the certificate.",
    basis=FORM,
)
SETTLED_BEFORE_DISCHARGE = RefusalKind(
    code="exchange.settlement_list.settled_before_discharge",
    message_zh="结算结束日期{value}早于出院日期{expected}。",
    remedy_zh="请核对结算日期；中途结算的，请核对本次清单的出院时间。",
    message_en="The end of settlement {value} is before discharge {expected}.",
    remedy_en="Check the settlement date; for an interim settlement check the discharge of this list.",
    basis=FORM,
)
SETTLEMENT_REVERSED = RefusalKind(
    code="exchange.settlement_list.settlement_reversed",
    message_zh="结算开始日期{value}晚于结算结束日期{expected}。",
    remedy_zh="请核对结算起止日期。",
    message_en="The start of settlement {value} is after its end {expected}.",
    remedy_en="Check both dates.",
    basis=FORM,
)
DISCHARGED_IN_FUTURE = RefusalKind(
    code="exchange.settlement_list.discharged_in_future",
    message_zh="出院时间{value}晚于接收日期{expected}。",
    remedy_zh="请核对出院时间。",
    message_en="Discharge {value} lies after the day of receipt {expected}.",
    remedy_en="Check the time of discharge.",
)
LENGTH_OF_STAY_WRONG = RefusalKind(
    code="exchange.settlement_list.length_of_stay_wrong",
    message_zh="实际住院天数填写{value}天，按入院、出院日期计算为{expected}天。",
    remedy_zh="入院日与出院日合计为1天，当日入出院计1天；请改正天数或日期。",
    message_en="The stay is given as {value} days; the dates make it {expected}.",
    remedy_en="The days of admission and discharge count as one, a stay within a day as one; correct days or dates.",
    basis="住院病案首页部分项目填写说明（卫医政发〔2011〕84号）",
)
AGE_MISSING = RefusalKind(
    code="exchange.settlement_list.age_missing",
    message_zh="没有填写年龄，或不足1周岁没有填写天数；按出生日期，入院时为{expected}岁。",
    remedy_zh="满1周岁填“年龄”（岁），不足1周岁填“不足1周岁年龄”（天）。",
    message_en="The age is missing, or the days for a child under one year; by the birth date it is {expected} years.",
    remedy_en="From one year on give the age in years, below it the age in days.",
    basis=FORM,
)
AGE_TWICE = RefusalKind(
    code="exchange.settlement_list.age_twice",
    message_zh="年龄{value}岁与不足1周岁年龄{expected}天同时填写。",
    remedy_zh="满1周岁只填“年龄”，不足1周岁只填“不足1周岁年龄”。",
    message_en="Both an age of {value} years and an age of {expected} days are given.",
    remedy_en="From one year on give years only, below it days only.",
    basis=FORM,
)
AGE_FAR_OFF = RefusalKind(
    code="exchange.settlement_list.age_far_off",
    message_zh="“{label}”填写{value}，按出生日期入院时为{expected}（{unit}）。",
    remedy_zh="请核对出生日期和年龄；年龄按入院当天的实足年龄填写。",
    message_en="{label_en} is given as {value}; by the date of birth it is {expected} at admission.",
    remedy_en="Check the date of birth and the age; the age is that of completed years (or days) at admission.",
    basis=FORM,
)
AGE_OFF_BY_ONE = RefusalKind(
    code="exchange.settlement_list.age_off_by_one",
    message_zh="“{label}”填写{value}，按出生日期入院时为{expected}（{unit}），相差1。",
    remedy_zh="已按所填值接收并标记存疑；请核对是否按入院当天计算。",
    message_en="{label_en} is given as {value}; by the date of birth it is {expected} at admission: one off.",
    remedy_en="Taken as given and marked; check whether it was counted at admission.",
    basis=FORM,
)
SEX_UNKNOWN = RefusalKind(
    code="exchange.settlement_list.sex_unknown",
    message_zh="性别为“{value}”，与性别有关的病组不能准确分组。",
    remedy_zh="已接收并标记存疑；如能确定性别，请改正后重新上报。",
    message_en="The sex is “{value}”; groups that depend on it cannot be told.",
    remedy_en="Taken and marked; send again once the sex is known.",
)
CERTIFICATE_WRONG = RefusalKind(
    code="exchange.settlement_list.certificate_wrong",
    message_zh="居民身份证号码“{value}”的位数、出生日期或校验位不对。",
    remedy_zh="请对照证件核对18位号码（末位可为X）；没有身份证的请改选证件类别。",
    message_en="Length, date of birth or check digit of the identity number “{value}” is wrong.",
    remedy_en="Compare all 18 characters with the card; without a card choose another kind of certificate.",
    basis="GB 11643-1999",
)
SEX_AGAINST_CERTIFICATE = RefusalKind(
    code="exchange.settlement_list.sex_against_certificate",
    message_zh="性别填写“{value}”，身份证号码表示“{expected}”（1男，2女）。",
    remedy_zh="请对照证件改正性别或号码。",
    message_en="The sex is given as {value}; the identity number says {expected} (1 male, 2 female).",
    remedy_en="Correct the sex or the number from the card.",
    basis="GB 11643-1999",
)
BIRTH_AGAINST_CERTIFICATE = RefusalKind(
    code="exchange.settlement_list.birth_against_certificate",
    message_zh="出生日期填写{value}，身份证号码表示{expected}。",
    remedy_zh="请对照证件改正出生日期或号码。",
    message_en="The date of birth is given as {value}; the identity number says {expected}.",
    remedy_en="Correct the date or the number from the card.",
    basis="GB 11643-1999",
)
NEWBORN_WEIGHT_STEP = RefusalKind(
    code="exchange.settlement_list.newborn_weight_step",
    message_zh="新生儿体重填写{value}克，没有精确到{expected}克。",
    remedy_zh="新生儿体重以克为单位，精确到10克，例如3250克填3250。",
    message_en="The newborn's weight is {value} grams, not to the nearest {expected} grams.",
    remedy_en="Give grams to the nearest 10, for example 3250.",
    basis=FORM,
)
NEWBORN_WEIGHT_MISSING = RefusalKind(
    code="exchange.settlement_list.newborn_weight_missing",
    message_zh="入院时不足{expected}天的患儿没有填写新生儿入院体重。",
    remedy_zh="请填写新生儿入院体重（克），否则新生儿病组不能准确分组；本次已接收并标记存疑。",
    message_en="A child of less than {expected} days has no admission weight.",
    remedy_en="Give the weight in grams, or the groups of newborns cannot be told; taken and marked for now.",
    basis=FORM,
)
NURSING_DAYS_TOO_MANY = RefusalKind(
    code="exchange.settlement_list.nursing_days_too_many",
    message_zh="各级护理天数合计{value}天，多于实际住院天数{expected}天。",
    remedy_zh="请核对特级、一级、二级、三级护理天数；合计不能超过实际住院天数。",
    message_en="The nursing days add up to {value}, more than the {expected} days of the stay.",
    remedy_en="Check the days of each nursing level; together they cannot exceed the stay.",
    basis=FORM,
)
DURATION_TOO_LONG = RefusalKind(
    code="exchange.settlement_list.duration_too_long",
    message_zh="{label}{value}，长于住院时间{expected}。",
    remedy_zh="请核对时长；格式为“天/小时/分钟”，例如1/13/24。",
    message_en="{label_en} is {value}, longer than the stay of {expected}.",
    remedy_en="Check the duration; the form is days/hours/minutes, for example 1/13/24.",
    basis=FORM,
)
RECEIVER_MISSING = RefusalKind(
    code="exchange.settlement_list.receiver_missing",
    message_zh="离院方式为“{value}”，但没有填写拟接收机构代码。",
    remedy_zh="医嘱转院（2）和转社区、乡镇卫生院（3）须填写拟接收机构的名称和代码。",
    message_en="The discharge way is “{value}”, but the receiving institution's code is missing.",
    remedy_en="A transfer (2) and a discharge to community or township (3) need the receiver's name and code.",
    basis=FORM,
)
DIAGNOSIS_COUNT_WRONG = RefusalKind(
    code="exchange.settlement_list.diagnosis_count_wrong",
    message_zh="诊断代码计数填写{value}个，实际有{expected}个。",
    remedy_zh="请核对是否漏填诊断；已接收并标记存疑。",
    message_en="The count of diagnoses is given as {value}; there are {expected}.",
    remedy_en="Check whether one is missing; taken and marked.",
    basis=FORM,
)
PROCEDURE_COUNT_WRONG = RefusalKind(
    code="exchange.settlement_list.procedure_count_wrong",
    message_zh="手术及操作代码计数填写{value}个，实际有{expected}个。",
    remedy_zh="请核对是否漏填手术操作；已接收并标记存疑。",
    message_en="The count of procedures is given as {value}; there are {expected}.",
    remedy_en="Check whether one is missing; taken and marked.",
    basis=FORM,
)
CODE_TWICE = RefusalKind(
    code="exchange.settlement_list.code_twice",
    message_zh="{label}中“{value}”重复填写。",
    remedy_zh="同一编码只填一次；已接收并标记存疑。",
    message_en="{label_en}: “{value}” is given twice.",
    remedy_en="Give each code once; taken and marked.",
    basis=FORM,
)
CHARGES_DO_NOT_ADD_UP = RefusalKind(
    code="exchange.settlement_list.charges_do_not_add_up",
    message_zh="14类收费项目合计{value}，与医疗费总额{expected}不等。",
    remedy_zh="请核对各收费项目金额和总额，须精确到分相等。",
    message_en="The 14 charge categories add up to {value}, the total is {expected}.",
    remedy_en="Check the categories and the total; they must agree to the fen.",
    basis=FORM,
)
PAYMENTS_DO_NOT_ADD_UP = RefusalKind(
    code="exchange.settlement_list.payments_do_not_add_up",
    message_zh="各基金支付、个人账户和个人现金合计{value}，与医疗费总额{expected}不等。",
    remedy_zh="请核对各支付项；合计须精确到分等于医疗费总额。",
    message_en="The fund, account and cash payments add up to {value}, the total is {expected}.",
    remedy_en="Check each payment; together they must equal the total to the fen.",
    basis="医保结算接口2304：医疗费总额等于各项支付之和",
)
CLASSES_DO_NOT_ADD_UP = RefusalKind(
    code="exchange.settlement_list.classes_do_not_add_up",
    message_zh="甲类、乙类、自费、其他合计{value}，与医疗费总额{expected}不等。",
    remedy_zh="请核对费用类别；已接收并标记存疑。",
    message_en="Classes A, B, own expense and other add up to {value}, the total is {expected}.",
    remedy_en="Check the cost classes; taken and marked.",
    basis=FORM,
)
PERSONAL_PART_DOES_NOT_ADD_UP = RefusalKind(
    code="exchange.settlement_list.personal_part_does_not_add_up",
    message_zh="个人自付与个人自费合计{value}，与个人账户和个人现金支付之和{expected}不等。",
    remedy_zh="请核对个人负担各项；已接收并标记存疑。",
    message_en="Self-pay and own pay add up to {value}; account and cash payments to {expected}.",
    remedy_en="Check the personal part; taken and marked.",
    basis="医保结算接口2304",
)
MAIN_DIAGNOSIS_GREY = RefusalKind(
    code="exchange.settlement_list.main_diagnosis_grey",
    message_zh="主要诊断“{value}”是灰码，不能作为结算清单主要诊断。",
    remedy_zh="请按病案选用更具体的编码。{expected}",
    message_en="The main diagnosis “{value}” is a grey code, not accepted as main diagnosis.",
    remedy_en="Choose a finer code from the record. {expected}",
    basis="医保疾病诊断分类与代码（医保版2.0）灰码规定",
)
CODE_GREY = RefusalKind(
    code="exchange.settlement_list.code_grey",
    message_zh="{label}中“{value}”是灰码。",
    remedy_zh="灰码不用于结算；已接收并标记存疑，请选用更具体的编码。",
    message_en="{label_en}: “{value}” is a grey code.",
    remedy_en="Grey codes are not for settlement; taken and marked, choose a finer code.",
    basis="医保版2.0灰码规定",
)
