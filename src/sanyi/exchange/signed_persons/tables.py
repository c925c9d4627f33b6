"""签约居民约定: one row per agreement of a resident with a team of family doctors."""

from typing import Any, Final

import polars as pl

from sanyi.exchange.settlement_list import codes as lists
from sanyi.kernel.tables import Column, ColumnType, TableContract

STANDARD: Final = "家庭医生签约服务信息（县级平台导出）"


def _column(kind: ColumnType, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, zh, en, kind, standard=STANDARD, **more)


SIGNED_PERSON = TableContract(
    name="signed_person",
    zh="签约居民",
    en="Signed person",
    version="1",
    columns=(
        _column(ColumnType.CODE, "agreement_id", "签约协议编号", "Agreement", is_required=True, max_length=40,
                help_zh="同一机构内唯一；续签另用新编号。", help_en="Unique in the institution."),
        _column(ColumnType.CODE, "institution_code", "签约机构编码", "Institution of the team", is_required=True,
                pattern="[A-Z0-9]{12}", help_zh="团队所在机构的国家医保12位编码。",
                help_en="The national code of 12 characters."),
        _column(ColumnType.TEXT, "institution_name", "签约机构名称", "Institution name", max_length=200),
        _column(ColumnType.CODE, "team_code", "团队编码", "Team", is_required=True, max_length=40),
        _column(ColumnType.TEXT, "team_name", "团队名称", "Team name", max_length=200),
        _column(ColumnType.CODE, "certificate_type_code", "证件类别", "Kind of certificate", is_required=True,
                choices=lists.CERTIFICATE_TYPE),
        _column(ColumnType.CODE, "certificate_number", "证件号码", "Certificate number", is_required=True,
                is_personal=True, max_length=50, help_zh="身份证18位，末位可为X；只以加密查询键保存。",
                help_en="18 characters for an identity card; kept as a keyed digest only."),
        _column(ColumnType.TEXT, "person_name", "姓名", "Name", is_personal=True, max_length=50),
        _column(ColumnType.INTEGER, "sex", "性别", "Sex", choices=lists.SEX, help_zh="1男，2女。",
                help_en="1 male, 2 female."),
        _column(ColumnType.DATE, "born_on", "出生日期", "Date of birth", is_required=True, is_personal=True,
                help_zh="入湖的只有出生年份。", help_en="Only the year enters the lake."),
        _column(ColumnType.CODE, "insurance_type_code", "险种类型", "Insurance type", choices=lists.INSURANCE_TYPE,
                help_zh="职工310，居民390；未参保的留空。", help_en="310 employees, 390 residents; or empty."),
        _column(ColumnType.CODE, "insured_place_code", "参保地", "Place of insurance", pattern="[0-9]{6,12}"),
        _column(ColumnType.BOOLEAN, "is_chronic", "是否慢病", "Chronic disease", is_required=True,
                help_zh="纳入慢病管理（高血压、糖尿病等）的填“是”。", help_en="Under chronic disease management."),
        _column(ColumnType.DATE, "starts_on", "签约开始日期", "Starts on", is_required=True),
        _column(ColumnType.DATE, "ends_on", "签约终止日期", "Ends on", is_required=True,
                help_zh="含当日；解约的填解约当日。", help_en="The last day; the day of giving up for one given up."),
    ),
    natural_key=("institution_code", "agreement_id"),
    organisation_column="institution_code",
    event_date_column="starts_on",
    description_zh="一行一份家庭医生签约协议。更正或解约时以相同机构编码和协议编号重新上报。",
    description_en="One row per agreement; a correction, or giving it up, is sent again under the same institution and "
    "agreement.",
)  # fmt: skip

DERIVED = {"birth_year": pl.col("born_on").dt.year().cast(pl.Int64)}
"""派生列: the year of birth is what risk factors by age need; the day does not enter."""

ALIASES: dict[str, tuple[str, ...]] = {
    "agreement_id": ("协议编号", "签约编号"),
    "institution_code": ("机构编码", "医疗机构编码", "定点医药机构编码"),
    "institution_name": ("机构名称", "签约机构"),
    "team_code": ("家庭医生团队编码", "签约团队编码"),
    "team_name": ("家庭医生团队", "签约团队"),
    "certificate_type_code": ("证件类型",),
    "certificate_number": ("身份证号", "身份证号码", "公民身份号码"),
    "person_name": ("居民姓名", "签约居民姓名"),
    "insurance_type_code": ("险种", "医保类型", "参保险种"),
    "insured_place_code": ("参保地代码", "参保地区划"),
    "is_chronic": ("慢病标志", "是否慢性病"),
    "starts_on": ("签约日期", "协议开始日期", "生效日期"),
    "ends_on": ("终止日期", "协议终止日期", "到期日期"),
}
"""别名: further names that columns carry in files of the platform."""

RECOMMENDED = ("institution_name", "team_name", "sex", "insurance_type_code", "insured_place_code")
"""建议填写: they count towards completeness and are not refused."""
