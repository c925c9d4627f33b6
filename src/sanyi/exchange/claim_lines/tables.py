"""费用明细约定: one row per item line of a settled stay or visit."""

from typing import Any, Final

from sanyi.exchange.claim_lines import codes
from sanyi.kernel.tables import Column, ColumnType, TableContract

STANDARD: Final = "国家医疗保障信息平台 费用明细"


def _column(kind: ColumnType, name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return Column(name, zh, en, kind, standard_code=standard_code, standard=STANDARD, **more)


def _code(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.CODE, name, zh, en, standard_code, **more)


def _text(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.TEXT, name, zh, en, standard_code, **more)


def _fen(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return _column(ColumnType.FEN, name, zh, en, standard_code, unit="元", **more)


CLAIM_LINE = TableContract(
    name="claim_line",
    zh="费用明细",
    en="Claim line",
    version="1",
    columns=(
        _code("settlement_id", "结算ID", "Settlement ID", "setl_id", is_required=True, max_length=40,
              help_zh="住院为结算清单、门诊为门诊结算的结算ID。", help_en="That of the stay or of the visit."),
        _column(ColumnType.INTEGER, "line_number", "明细序号", "Line number", "feedetl_sn", is_required=True, minimum=1,
                maximum=999_999_999_999_999, help_zh="同一次结算内不重复。", help_en="Unique within the settlement."),
        _code("institution_code", "就医机构编码", "Institution code", "fixmedins_code", is_required=True,
              pattern="[A-Z0-9]{12}", help_zh="国家医保12位编码。", help_en="The national code of 12 characters."),
        _code("settlement_kind_code", "结算类别", "Stay or visit", "med_type", is_required=True,
              choices=codes.SETTLEMENT_KIND, help_zh="住院或门诊。", help_en="Stay or visit."),
        _column(ColumnType.DATE, "occurred_on", "费用发生日期", "Charged on", "fee_ocur_time", is_required=True),
        _code("item_code", "医保目录编码", "National item code", "med_list_codg", is_required=True, max_length=50,
              help_zh="国家统一的药品、耗材、医疗服务项目编码。", help_en="National code of drug, material, service."),
        _text("item_name", "项目名称", "Item", "medins_list_name", max_length=200),
        _code("item_kind_code", "目录类别", "List", "list_type", is_required=True, choices=codes.ITEM_KIND),
        _code("charge_category_code", "收费项目类别", "Charge category", "med_chrgitm_type", is_required=True,
              choices=codes.CHARGE_CATEGORY, help_zh="结算清单的14类。", help_en="One of the 14 of the list."),
        _code("item_class_code", "收费项目等级", "Class", "chrgitm_lv", choices=codes.ITEM_CLASS),
        _column(ColumnType.INTEGER, "quantity_e4", "数量", "Quantity", "cnt", is_required=True,
                minimum=-10_000_000_000, maximum=10_000_000_000, help_zh="最多四位小数；退费为负。",
                help_en="At most four decimals; negative for a refund."),
        _column(ColumnType.INTEGER, "unit_price_e4", "单价", "Unit price", "pric", minimum=0, maximum=100_000_000_000,
                help_zh="以元为单位，最多四位小数。", help_en="In yuan with at most four decimals."),
        _fen("amount_fen", "明细金额", "Amount", "det_item_fee_sumamt", is_required=True,
             help_zh="以元为单位，最多两位小数；退费为负。", help_en="In yuan; negative for a refund."),
        _fen("in_scope_fen", "符合范围金额", "Within the policy scope", "inscp_scp_amt"),
        _fen("first_self_pay_fen", "先行自付金额", "First self-pay", "preselfpay_amt"),
        _fen("over_limit_fen", "超限价金额", "Above the limit price", "overlmt_amt"),
        _fen("own_pay_fen", "全自费金额", "Own pay", "fulamt_ownpay_amt"),
        _code("department_code", "开单科室代码", "Ordering department", "bilg_dept_codg", max_length=30),
        _code("doctor_code", "开单医师代码", "Ordering doctor", "bilg_dr_codg", max_length=30),
    ),
    natural_key=("institution_code", "settlement_id", "line_number"),
    organisation_column="institution_code",
    event_date_column="occurred_on",
    description_zh="一行一条费用明细，与结算清单或门诊结算以机构编码和结算ID对应。更正时以相同机构、结算ID和序号重新上报；退费以负数的明细上报。",
    description_en="One row per item line; it belongs to a stay or a visit by institution and settlement. A correction "
    "is sent again under the same line; a refund is a line with negative quantity and amounts.",
)  # fmt: skip

PART_COLUMNS = ("in_scope_fen", "first_self_pay_fen", "over_limit_fen", "own_pay_fen")
"""金额构成: together they are the line's amount."""

ALIASES: dict[str, tuple[str, ...]] = {
    "settlement_id": ("结算编号", "结算流水号"),
    "line_number": ("费用明细流水号", "明细流水号", "费用序号", "序号"),
    "institution_code": ("定点医药机构编码", "定点医药机构编号", "医疗机构编码", "机构编码"),
    "settlement_kind_code": ("医疗类别", "就诊类别"),
    "occurred_on": ("费用发生时间", "发生日期", "收费日期"),
    "item_code": ("医疗目录编码", "国家编码", "项目编码", "医保编码"),
    "item_name": ("医药机构目录名称", "费用名称", "商品名"),
    "item_kind_code": ("目录类型",),
    "charge_category_code": ("医疗收费项目类别", "费用类别", "收费类别"),
    "item_class_code": ("费用等级", "甲乙类"),
    "quantity_e4": ("用量",),
    "unit_price_e4": ("价格",),
    "amount_fen": ("明细项目费用总额", "金额", "费用金额"),
    "in_scope_fen": ("符合政策范围金额",),
    "first_self_pay_fen": ("先自付金额",),
    "own_pay_fen": ("自费金额",),
    "department_code": ("开单科室编码",),
    "doctor_code": ("开单医师编码", "开单医生编码"),
}
"""别名: further names that columns carry in files of the platform."""

RECOMMENDED = ("item_name", "item_class_code", "unit_price_e4", "in_scope_fen", "own_pay_fen", "department_code")
"""建议填写: they count towards completeness and are not refused."""
