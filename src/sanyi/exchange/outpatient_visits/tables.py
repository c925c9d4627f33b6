"""门诊结算约定: one row per settled outpatient visit or purchase in a pharmacy, of the insured and of the county."""

from typing import Any, Final

from sanyi.exchange.outpatient_visits import codes
from sanyi.exchange.settlement_list import codes as lists
from sanyi.kernel.tables import Column, ColumnType, TableContract

STANDARD: Final = "国家医疗保障信息平台 门诊结算信息"


def _column(kind: ColumnType, name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return Column(name, zh, en, kind, standard_code=standard_code, standard=STANDARD, **more)


def _code(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.CODE, name, zh, en, standard_code, **more)


def _text(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.TEXT, name, zh, en, standard_code, **more)


def _day(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.DATE, name, zh, en, standard_code, **more)


def _fen(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.FEN, name, zh, en, standard_code, unit="元", **more)


OUTPATIENT_VISIT = TableContract(
    name="outpatient_visit",
    zh="门诊结算",
    en="Outpatient settlement",
    version="1",
    columns=(
        _code("settlement_id", "结算ID", "Settlement ID", "setl_id", is_required=True, max_length=40,
              help_zh="结算时返回的编号，同一机构内唯一。", help_en="As the settlement was numbered; unique there."),
        _code("visit_id", "就诊ID", "Visit ID", "mdtrt_id", max_length=40),
        _code("visit_kind_code", "就诊类别", "Kind of visit", "med_type", is_required=True, choices=codes.VISIT_KIND,
              help_zh="普通门诊、门诊慢特病、日间中医、药店、双通道或急诊。",
              help_en="General, listed chronic disease, day TCM, pharmacy, dual channel or emergency."),
        _code("institution_code", "就医机构编码", "Institution code", "fixmedins_code", is_required=True,
              pattern="[A-Z0-9]{12}", help_zh="国家医保12位编码；药店以P开头。",
              help_en="The national code of 12 characters; pharmacies begin with P."),
        _text("institution_name", "就医机构名称", "Institution name", "fixmedins_name", max_length=200),
        _code("institution_place_code", "就医地", "Place of the visit", "mdtrtarea_admvs", is_required=True,
              pattern="[0-9]{6,12}", help_zh="就医机构所在地的区划代码，6位。",
              help_en="The division code of the institution, 6 digits."),
        _code("insured_place_code", "参保地", "Place of insurance", "insuplc_admdvs", is_required=True,
              pattern="[0-9]{6,12}", help_zh="参保地的区划代码，6位。", help_en="The division code, 6 digits."),
        _code("insurance_type_code", "险种类型", "Insurance type", "insutype", is_required=True,
              choices=lists.INSURANCE_TYPE, help_zh="职工310，居民390。",
              help_en="310 employees, 390 residents."),
        _code("certificate_type_code", "证件类别", "Kind of certificate", "psn_cert_type", is_required=True,
              choices=lists.CERTIFICATE_TYPE),
        _code("certificate_number", "证件号码", "Certificate number", "certno", is_required=True, is_personal=True,
              max_length=50, help_zh="身份证18位，末位可为X；只以加密查询键保存。",
              help_en="18 characters for an identity card; kept as a keyed digest only."),
        _text("person_name", "姓名", "Name", "psn_name", is_personal=True, max_length=50),
        _day("born_on", "出生日期", "Date of birth", "brdy", is_personal=True),
        _day("visited_on", "就诊日期", "Visited on", "begndate", is_required=True),
        _day("settled_on", "结算日期", "Settled on", "setl_time", is_required=True),
        _code("department_code", "科室代码", "Department", "dept_code", max_length=30),
        _code("doctor_code", "医师代码", "Doctor", "atddr_no", max_length=30),
        _code("main_diagnosis_code", "主要诊断代码", "Main diagnosis", "diag_code", max_length=40,
              help_zh="医保版2.0；药店购药可留空。", help_en="Insurance edition 2.0; may be empty in a pharmacy."),
        _code("special_disease_code", "门诊慢特病病种编码", "Listed chronic disease", "dise_codg", max_length=40,
              help_zh="就诊类别为门诊慢特病时填写。", help_en="For visits for a listed chronic disease."),
        _column(ColumnType.BOOLEAN, "is_reversal", "退费结算标志", "Reversal", "refd_setl_flag",
                help_zh="退费结算填“是”，金额填负数。", help_en="For a refund, whose amounts are negative."),
        _code("original_settlement_id", "原结算ID", "Settlement reversed", "init_setl_id", max_length=40),
        _fen("total_fen", "医疗费总额", "Total charges", "medfee_sumamt", is_required=True,
             help_zh="以元为单位，最多两位小数；等于各项支付之和。",
             help_en="In yuan with at most two decimals; equals all payments added up."),
        _fen("in_policy_fen", "政策范围内费用", "Charges within the policy scope", "inscp_scp_amt",
             help_zh="以元为单位；没有计算的留空，不填0。", help_en="In yuan; empty where nobody computed it, not 0."),
        _fen("fund_payment_fen", "基金支付总额", "All funds", "fund_pay_sumamt", is_required=True,
             help_zh="统筹、大病、救助等各项基金合计；没有支付的填0。",
             help_en="Pooled, critical illness, assistance and other funds together; 0 when none paid."),
        _fen("pooled_fund_payment_fen", "统筹基金支付", "Pooled fund", "hifp_pay",
             help_zh="其中统筹基金支付；不清楚的留空。", help_en="The pooled fund's part; empty when unknown."),
        _fen("account_payment_fen", "个人账户支付", "Personal account", "acct_pay", is_required=True,
             help_zh="以元为单位；没有的填0。", help_en="In yuan; 0 when there was none."),
        _fen("cash_payment_fen", "个人现金支付", "Cash", "psn_cash_pay", is_required=True,
             help_zh="以元为单位；没有的填0。", help_en="In yuan; 0 when there was none."),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="visited_on",
    description_zh="一行一次门诊或药店结算：本县参保人在县内外的，以及外县参保人在本县的。更正时以相同机构编码和结算ID重新上报；"
    "退费另作一次结算，金额为负。",
    description_en="One row per settled visit or purchase: of the county's insured anywhere, of others in the county."
    " A correction is sent again under the same institution and settlement; a refund is a settlement of its own with "
    "negative amounts.",
)  # fmt: skip

MONEY_COLUMNS = (
    "total_fen", "in_policy_fen", "fund_payment_fen", "pooled_fund_payment_fen", "account_payment_fen",
    "cash_payment_fen",
)  # fmt: skip
"""金额列: all of them, in the order of the contract."""

ALIASES: dict[str, tuple[str, ...]] = {
    "settlement_id": ("结算编号", "结算流水号"),
    "visit_id": ("就诊编号", "就诊流水号"),
    "visit_kind_code": ("医疗类别", "门诊类别", "就医类别"),
    "institution_code": ("定点医药机构编码", "定点医药机构编号", "医疗机构编码", "机构编码"),
    "institution_name": ("定点医药机构名称", "医疗机构名称", "就医机构"),
    "institution_place_code": ("就医地区划", "就医地代码", "就医地医保区划"),
    "insured_place_code": ("参保地代码", "参保地区划", "参保地医保区划"),
    "insurance_type_code": ("险种", "医保类型", "参保险种"),
    "certificate_type_code": ("证件类型", "患者证件类别"),
    "certificate_number": ("身份证号", "身份证号码", "公民身份号码", "患者证件号码"),
    "person_name": ("人员姓名", "患者姓名"),
    "visited_on": ("就诊时间", "开始日期"),
    "settled_on": ("结算时间",),
    "department_code": ("科室编码", "就诊科室"),
    "doctor_code": ("医师编码", "主治医师编码"),
    "main_diagnosis_code": ("诊断代码", "主诊断代码", "诊断编码"),
    "special_disease_code": ("病种编码", "慢特病病种编码"),
    "is_reversal": ("退费标志", "是否退费"),
    "original_settlement_id": ("原结算编号", "被退结算ID"),
    "total_fen": ("费用总额", "总费用", "医疗总费用"),
    "in_policy_fen": ("符合政策范围金额", "符合范围费用"),
    "fund_payment_fen": ("基金支付", "基金支付合计", "医保基金支付"),
    "pooled_fund_payment_fen": ("统筹支付", "基本医疗保险统筹基金支付"),
    "account_payment_fen": ("个人账户支出", "账户支付"),
    "cash_payment_fen": ("个人现金支出", "现金支付", "psn_cashpay"),
}
"""别名: further names that columns carry in files of the platform."""

RECOMMENDED = ("institution_name", "department_code", "main_diagnosis_code", "in_policy_fen", "pooled_fund_payment_fen")
"""建议填写: they count towards completeness and are not refused."""
