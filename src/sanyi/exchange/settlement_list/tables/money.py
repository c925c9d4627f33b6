"""清单列（三）: charges by category, funds, the personal part, and who settled. Amounts are yuan in files, fen here."""

from sanyi.exchange.settlement_list import codes
from sanyi.exchange.settlement_list.tables.forms import code, day, fen, text

CHARGE_CODES = {
    "bed_fen": ("01", "床位费", "Bed"),
    "consultation_fen": ("02", "诊察费", "Consultation"),
    "examination_fen": ("03", "检查费", "Examination"),
    "laboratory_fen": ("04", "化验费", "Laboratory"),
    "treatment_fen": ("05", "治疗费", "Treatment"),
    "surgery_fen": ("06", "手术费", "Surgery"),
    "nursing_fen": ("07", "护理费", "Nursing"),
    "consumable_fen": ("08", "卫生材料费", "Consumables"),
    "western_drug_fen": ("09", "西药费", "Western drugs"),
    "herbal_slice_fen": ("10", "中药饮片费", "Herbal slices"),
    "patent_tcm_fen": ("11", "中成药费", "Patent TCM drugs"),
    "general_treatment_fen": ("12", "一般诊疗费", "General treatment"),
    "registration_fen": ("13", "挂号费", "Registration"),
    "other_charge_fen": ("14", "其他费", "Other charges"),
}
"""收费项目类别: column to code of ``med_chrgitm``, name and English name."""

FUND_CODES = {
    "pooled_fund_payment_fen": ("hifp_pay", "基本医疗保险统筹基金支付", "Pooled fund"),
    "civil_servant_payment_fen": ("cvlserv_pay", "公务员医疗补助支付", "Civil servants' supplement"),
    "enterprise_payment_fen": ("hifes_pay", "企业补充医疗保险支付", "Enterprise supplement"),
    "critical_illness_payment_fen": ("hifmi_pay", "居民大病保险支付", "Critical illness insurance"),
    "large_amount_payment_fen": ("hifob_pay", "职工大额医疗补助支付", "Large-amount supplement"),
    "medical_assistance_payment_fen": ("maf_pay", "医疗救助支付", "Medical assistance"),
    "other_fund_payment_fen": ("oth_pay", "其他基金支付", "Other funds"),
}
"""基金支付: column to field, name and English name."""

_NONE_ZH = "以元为单位，最多两位小数；没有发生的留空。"
_NONE_EN = "In yuan with at most two decimals; empty when there was none."

TOTAL = (
    fen("total_fen", "医疗费总额", "Total charges", "medfee_sumamt", is_required=True,
        help_zh="以元为单位，最多两位小数；等于14类收费项目之和，也等于各项支付之和。",
        help_en="In yuan; equals the 14 categories added up, and all payments added up."),
)  # fmt: skip

CHARGES = tuple(
    fen(name, zh, en, f"med_chrgitm_{number}", help_zh=_NONE_ZH, help_en=_NONE_EN)
    for name, (number, zh, en) in CHARGE_CODES.items()
)

CLASSES = (
    fen("class_a_fen", "甲类费用", "Class A", "claa_sumfee", help_zh=_NONE_ZH, help_en=_NONE_EN),
    fen("class_b_fen", "乙类费用", "Class B", "clab_amt", help_zh=_NONE_ZH, help_en=_NONE_EN),
    fen("own_expense_fen", "自费费用", "Own expense", "fulamt_ownpay_amt", help_zh=_NONE_ZH, help_en=_NONE_EN),
    fen("other_class_fen", "其他类费用", "Other classes", "oth_amt", help_zh=_NONE_ZH, help_en=_NONE_EN),
)

FUNDS = tuple(
    fen(name, zh, en, field, help_zh=_NONE_ZH, help_en=_NONE_EN) for name, (field, zh, en) in FUND_CODES.items()
)

PERSONAL_PART = (
    fen("account_payment_fen", "个人账户支付", "Personal account", "acct_pay", is_required=True,
        help_zh="以元为单位；没有的填0。", help_en="In yuan; 0 when there was none."),
    fen("cash_payment_fen", "个人现金支付", "Cash", "psn_cashpay", is_required=True,
        help_zh="以元为单位；没有的填0。", help_en="In yuan; 0 when there was none."),
    fen("personal_selfpay_fen", "个人自付", "Self-pay within scope", "psn_selfpay", help_zh="政策范围内个人负担部分。",
        help_en="The person's part within the policy scope."),
    fen("personal_ownpay_fen", "个人自费", "Own pay out of scope", "psn_ownpay", help_zh="政策范围外个人负担部分。",
        help_en="The person's part out of the policy scope."),
)  # fmt: skip

SETTLEMENT = (
    day("settlement_starts_on", "结算开始日期", "Settlement starts", "setl_begn_date"),
    day("settled_on", "结算结束日期", "Settled on", "setl_end_date", is_required=True),
    code("payment_method_code", "医保支付方式", "Payment method", "hi_paymtd", choices=codes.PAYMENT_METHOD),
    text("insurance_office", "医保机构", "Insurance office", "hsorg", max_length=200),
    text("insurance_officer_name", "医保机构经办人", "Insurance officer", "hsorg_opter", is_personal=True,
         max_length=50),
    text("filling_department", "医药机构填报部门", "Filled in by department", "medins_fill_dept", max_length=200),
    text("filled_by_name", "医药机构填报人", "Filled in by", "medins_fill_psn", is_personal=True, max_length=50),
    code("bill_code", "票据代码", "Bill code", "bill_code", max_length=50),
    code("bill_number", "票据号码", "Bill number", "bill_no", max_length=50),
    code("business_number", "业务流水号", "Business number", "biz_sn", max_length=60),
)  # fmt: skip
