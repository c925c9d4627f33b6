"""结算清单约定: one row per settlement of an inpatient stay.

Source: 《医疗保障基金结算清单》 (医保办发〔2021〕34号) and interface 4101 (fields graded B in ``domain/standards.md``
section 3). Required are the fields that grouping, payment and supervision cannot do without; fields that the national
definition also marks as mandatory are ``RECOMMENDED``: they count towards completeness and are not refused.
"""

from sanyi.exchange.settlement_list.tables import money, person, stay
from sanyi.kernel.tables import TableContract

SETTLEMENT_LIST = TableContract(
    name="settlement_list",
    zh="医疗保障基金结算清单",
    en="Settlement list",
    version="2021.1",
    columns=(
        *person.KEYS,
        *person.PERSON,
        *person.INSURANCE,
        *person.NEWBORN,
        *person.SPECIAL_OUTPATIENT,
        *stay.STAY,
        *stay.DIAGNOSES,
        *stay.DURATIONS,
        *stay.BLOOD_AND_NURSING,
        *stay.LEAVING,
        *stay.DOCTOR,
        *money.TOTAL,
        *money.CHARGES,
        *money.CLASSES,
        *money.FUNDS,
        *money.PERSONAL_PART,
        *money.SETTLEMENT,
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_at",
    description_zh="一行一次结算。由医疗机构在出院结算后上报；更正时以相同机构编码和结算ID重新上报，原记录保留可查。",
    description_en="One row per settlement, sent by the institution after discharge; a correction is sent again under "
    "the same institution code and settlement ID, and the former row stays readable.",
)

CHARGE_COLUMNS = tuple(money.CHARGE_CODES)
"""收费项目列: the 14 categories that add up to the total."""

FUND_COLUMNS = tuple(money.FUND_CODES)
"""基金支付列: the funds that, with account and cash, add up to the total."""

CLASS_COLUMNS = ("class_a_fen", "class_b_fen", "own_expense_fen", "other_class_fen")
"""费用类别列."""

NURSING_COLUMNS = tuple(name for name in SETTLEMENT_LIST.column_names if name.endswith("_nursing_days"))
"""护理天数列."""

BLANK_IS_ZERO = frozenset((*CHARGE_COLUMNS, *FUND_COLUMNS))
"""空白即未发生: a category or fund without a line in the form was charged or paid nothing; that is the form's rule."""

RECOMMENDED = (
    "institution_name", "nationality_code", "ethnicity_code", "occupation_code", "contact_relationship_code",
    "inpatient_type_code", "admission_route_code", "doctor_code", "settlement_starts_on", "personal_selfpay_fen",
    "personal_ownpay_fen", "payment_method_code", "insurance_office", "filling_department", "bill_code",
    "bill_number", "business_number",
)  # fmt: skip
"""建议填写: mandatory in the national definition, not needed here."""

ALIASES: dict[str, tuple[str, ...]] = {
    "settlement_id": ("结算编号", "结算流水号"),
    "visit_id": ("就诊编号", "就诊登记号"),
    "institution_code": ("医疗机构编码", "医疗机构代码", "定点医疗机构编码", "机构编码", "机构代码"),
    "institution_name": ("医疗机构名称", "定点医疗机构名称", "机构名称"),
    "medical_record_number": ("住院病案号",),
    "person_name": ("患者姓名", "人员姓名"),
    "age_days": ("年龄不足1周岁", "（年龄不足1周岁）年龄", "不足一周岁年龄", "日龄"),
    "certificate_type_code": ("证件类别", "证件类型", "患者证件类型"),
    "certificate_number": ("证件号码", "身份证号", "身份证号码", "公民身份号码"),
    "insured_place_code": ("参保地代码", "insuplc_admdvs"),
    "newborn_admission_type_code": ("nwb_admtype",),
    "newborn_birth_weight_grams": ("nwbbirwt",),
    "newborn_admission_weight_grams": ("nwbadmwt",),
    "admitted_at": ("入院日期", "admitted_on"),
    "discharged_at": ("出院日期", "discharged_on"),
    "admission_department_code": ("入院科室", "入院科别代码", "入院科室代码"),
    "discharge_department_code": ("出院科室", "出院科别代码", "出院科室代码"),
    "length_of_stay_days": ("住院天数",),
    "outpatient_tcm_diagnosis_name": ("otptcmdise",),
    "outpatient_tcm_diagnosis_code": ("tcmdisecode",),
    "diagnosis_codes": ("诊断代码", "诊断编码", "出院诊断编码"),
    "procedure_codes": ("手术及操作代码", "手术操作编码", "手术及操作编码", "手术代码", "手术编码"),
    "ventilator_minutes": ("呼吸机使用时长",),
    "coma_before_admission_minutes": ("颅脑损伤患者入院前昏迷时长", "入院前昏迷时间"),
    "coma_after_admission_minutes": ("颅脑损伤患者入院后昏迷时长", "入院后昏迷时间"),
    "icu_minutes": ("重症监护时间合计",),
    "third_level_nursing_days": ("lv3_nursecare_days",),
    "receiving_institution_name": ("拟接收医疗机构名称",),
    "receiving_institution_code": ("拟接收医疗机构代码", "acp_medins_code"),
    "doctor_code": ("主诊医生代码",),
    "doctor_name": ("主诊医生姓名",),
    "total_fen": ("总费用", "医疗总费用", "费用总额", "金额合计"),
    "other_fund_payment_fen": ("othfund_pay",),
    "pooled_fund_payment_fen": ("统筹基金支付", "基本医保统筹基金支付", "统筹支付"),
    "critical_illness_payment_fen": ("大病保险支付",),
    "account_payment_fen": ("个人账户支出",),
    "cash_payment_fen": ("现金支付",),
    "insurance_office": ("医保经办机构",),
    "settled_on": ("结算日期",),
}
"""别名: further names that columns carry in real files and interface variants."""
