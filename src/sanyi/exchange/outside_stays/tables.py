"""异地住院结算约定: one row per inpatient settlement of one of the county's insured outside the county."""

from typing import Any, Final

from sanyi.exchange.settlement_list import codes as lists
from sanyi.kernel.tables import Column, ColumnType, TableContract

STANDARD: Final = "国家异地就医管理子系统 住院结算明细"


def _column(kind: ColumnType, name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return Column(name, zh, en, kind, standard_code=standard_code, standard=STANDARD, **more)


def _code(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.CODE, name, zh, en, standard_code, **more)


def _text(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.TEXT, name, zh, en, standard_code, **more)


def _day(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.DATE, name, zh, en, standard_code, **more)


def _fen(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.FEN, name, zh, en, standard_code, minimum=0, unit="元", **more)


OUTSIDE_STAY = TableContract(
    name="outside_stay",
    zh="异地住院结算",
    en="Inpatient settlement outside the county",
    version="1",
    columns=(
        _code("settlement_id", "结算ID", "Settlement ID", "setl_id", is_required=True, max_length=40,
              help_zh="异地结算返回的编号，同一机构内唯一。", help_en="As the settlement was numbered; unique there."),
        _code("institution_code", "就医机构编码", "Institution code", "fixmedins_code", is_required=True,
              pattern="[A-Z0-9]{12}", help_zh="国家医保12位编码。", help_en="The national code of 12 characters."),
        _text("institution_name", "就医机构名称", "Institution name", "fixmedins_name", max_length=200),
        _code("institution_place_code", "就医地", "Place of treatment", "mdtrtarea_admvs", is_required=True,
              pattern="[0-9]{6,12}", help_zh="就医机构所在地的区划代码，6位。",
              help_en="The division code of the institution, 6 digits."),
        _code("insured_place_code", "参保地", "Place of insurance", "insuplc_admdvs", is_required=True,
              pattern="[0-9]{6,12}", help_zh="本县的区划代码，6位。", help_en="This county's division code."),
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
        _day("admitted_on", "入院日期", "Admitted on", "begndate"),
        _day("discharged_on", "出院日期", "Discharged on", "enddate", is_required=True),
        _day("settled_on", "结算日期", "Settled on", "setl_time"),
        _fen("total_fen", "医疗费总额", "Total charges", "medfee_sumamt", is_required=True,
             help_zh="以元为单位，最多两位小数。", help_en="In yuan with at most two decimals."),
        _fen("in_policy_fen", "政策范围内费用", "Charges within the policy scope", "inscp_scp_amt",
             help_zh="以元为单位；没有计算的留空，不填0。", help_en="In yuan; empty where nobody computed it, not 0."),
        _fen("fund_payment_fen", "基金支付总额", "All funds", "fund_pay_sumamt", is_required=True,
             help_zh="统筹、大病、救助等各项基金合计；没有支付的填0。",
             help_en="Pooled, critical illness, assistance and other funds together; 0 when none paid."),
        _fen("pooled_fund_payment_fen", "统筹基金支付", "Pooled fund", "hifp_pay",
             help_zh="其中统筹基金支付；不清楚的留空。", help_en="The pooled fund's part; empty when unknown."),
    ),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一行一次结算。本县参保人在县域外住院，由省级平台下发、县医保部门上报；更正时以相同机构编码和结算ID重新上报。",
    description_en="One row per settlement of one of the county's insured elsewhere, sent by the county's insurance "
    "bureau; a correction is sent again under the same institution and settlement.",
)  # fmt: skip

ALIASES: dict[str, tuple[str, ...]] = {
    "settlement_id": ("结算编号", "结算流水号"),
    "institution_code": ("定点医药机构编码", "医疗机构编码", "就医医疗机构编码", "机构编码"),
    "institution_name": ("定点医药机构名称", "医疗机构名称", "就医医疗机构", "就医机构"),
    "institution_place_code": ("就医地区划", "就医地代码", "就医地医保区划"),
    "insured_place_code": ("参保地代码", "参保地区划", "参保地医保区划"),
    "insurance_type_code": ("险种", "医保类型", "参保险种"),
    "certificate_type_code": ("证件类型", "患者证件类别"),
    "certificate_number": ("身份证号", "身份证号码", "公民身份号码", "患者证件号码"),
    "person_name": ("人员姓名", "患者姓名"),
    "admitted_on": ("入院时间", "admitted_at"),
    "discharged_on": ("出院时间", "discharged_at"),
    "total_fen": ("费用总额", "总费用", "医疗总费用"),
    "in_policy_fen": ("符合政策范围金额", "符合范围费用"),
    "fund_payment_fen": ("基金支付", "基金支付合计", "医保基金支付"),
    "pooled_fund_payment_fen": ("统筹支付", "基本医疗保险统筹基金支付"),
}
"""别名: further names that columns carry in files of the platform."""

RECOMMENDED = ("institution_name", "admitted_on", "settled_on", "in_policy_fen", "pooled_fund_payment_fen")
"""建议填写: they count towards completeness and are not refused."""
