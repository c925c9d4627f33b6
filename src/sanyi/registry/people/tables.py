"""居民装载约定: the tables from which many people are registered at once."""

from sanyi.kernel.tables import Column, ColumnType, TableContract
from sanyi.registry.people.codes import Category, CredentialKind, Relationship, Sex

_PLACE = r"[0-9]{12}"
_REFERENCE = Column(
    "reference",
    "行标识",
    "Reference",
    ColumnType.CODE,
    is_required=True,
    max_length=40,
    help_zh="装载文件内不重复的任意文字，用来把证件和类别对应到人。",
    help_en="Any text that is unique in the file; it ties credentials and categories to people.",
)

RESIDENT = TableContract(
    name="resident",
    zh="居民",
    en="Residents",
    version="1",
    natural_key=("reference",),
    organisation_column="managing_organisation_code",
    description_zh="每人一行。身份号码等证件另在“证件”表，一人可有多件。",
    description_en="One row per person. Identity numbers are in the table of credentials, one or more per person.",
    columns=(
        _REFERENCE,
        Column("name", "姓名", "Name", ColumnType.TEXT, is_required=True, max_length=60, is_personal=True),
        Column("sex", "性别", "Sex", ColumnType.CODE, is_required=True, choices=Sex.mapping(), standard="GB/T 2261.1"),
        Column("born_on", "出生日期", "Born", ColumnType.DATE, is_required=True, is_personal=True),
        Column("died_on", "死亡日期", "Died", ColumnType.DATE, is_personal=True),
        Column("place_code", "村居代码", "Village code", ColumnType.CODE, pattern=_PLACE),
        Column("household_number", "户编号", "Household number", ColumnType.TEXT, max_length=30),
        Column("relationship", "与户主关系", "Relationship", ColumnType.CODE, choices=Relationship.mapping()),
        Column("address", "详细地址", "Address", ColumnType.TEXT, max_length=200, is_personal=True),
        Column("managing_organisation_code", "管理机构代码", "Managing institution", ColumnType.CODE, max_length=12),
        Column("phone", "电话", "Phone", ColumnType.TEXT, max_length=30, is_personal=True),
        Column(
            "mother_reference",
            "母亲行标识",
            "Mother's reference",
            ColumnType.CODE,
            max_length=40,
            required_when="birth_order is present",
            help_zh="新生儿尚无身份号码时填写，母亲须在同一文件中。",
            help_en="For a newborn without a number; the mother is in the same file.",
        ),
        Column("birth_order", "胎次序号", "Birth order", ColumnType.INTEGER, minimum=1, maximum=9),
    ),
)

CREDENTIAL = TableContract(
    name="resident_credential",
    zh="证件",
    en="Credentials",
    version="1",
    natural_key=("reference", "kind"),
    columns=(
        _REFERENCE,
        Column("kind", "证件种类", "Kind", ColumnType.CODE, is_required=True, choices=CredentialKind.mapping()),
        Column("number", "号码", "Number", ColumnType.TEXT, is_required=True, max_length=80, is_personal=True),
        Column("issuer", "签发机关", "Issuer", ColumnType.TEXT, max_length=100),
        Column("valid_from_on", "有效期起", "Valid from", ColumnType.DATE),
        Column("valid_until_on", "有效期止", "Valid until", ColumnType.DATE),
    ),
)

CATEGORY = TableContract(
    name="resident_category",
    zh="人员类别",
    en="Categories",
    version="1",
    natural_key=("reference", "category", "starts_on"),
    columns=(
        _REFERENCE,
        Column("category", "类别", "Category", ColumnType.CODE, is_required=True, choices=Category.mapping()),
        Column("starts_on", "起", "From", ColumnType.DATE, is_required=True),
        Column("ends_on", "止", "To", ColumnType.DATE),
        Column("issuer", "认定部门", "Issuer", ColumnType.TEXT, max_length=100),
        Column("document_number", "认定文号", "Document", ColumnType.TEXT, max_length=60),
    ),
)
