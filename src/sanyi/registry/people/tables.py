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

_KINDS: dict[str | int, str] = {str(kind): kind.zh for kind in CredentialKind if kind is not CredentialKind.NEWBORN}
_PERSON_ID = r"R[0-9]{11}"

REGISTRATION = TableContract(
    name="resident_registration",
    zh="居民建档",
    en="Registration of a resident",
    version="1",
    natural_key=("name", "born_on"),
    organisation_column="managing_organisation_code",
    columns=(
        *(column for column in RESIDENT.columns if column.name not in {"reference", "died_on", "mother_reference"}),
        Column("kind", "证件种类", "Credential", ColumnType.CODE, choices=_KINDS, required_when="number is present"),
        Column(
            "number",
            "证件号码",
            "Number",
            ColumnType.TEXT,
            max_length=80,
            is_personal=True,
            help_zh="15 位身份号码自动升为 18 位。没有证件的新生儿请填写母亲和胎次序号。",
            help_en="A 15-digit number becomes one of 18. For a newborn without one give its mother and birth order.",
        ),
        Column("issuer", "签发机关", "Issuer", ColumnType.TEXT, max_length=100),
        Column("mother_person_id", "母亲居民编号", "Mother’s person number", ColumnType.CODE, pattern=_PERSON_ID),
    ),
)

ADDED_CREDENTIAL = TableContract(
    name="added_credential",
    zh="登记证件",
    en="Add a credential",
    version="1",
    natural_key=("kind", "number"),
    columns=(
        Column("kind", "证件种类", "Kind", ColumnType.CODE, is_required=True, choices=_KINDS),
        Column("number", "号码", "Number", ColumnType.TEXT, is_required=True, max_length=80, is_personal=True),
        *(column for column in CREDENTIAL.columns if column.name in {"issuer", "valid_from_on", "valid_until_on"}),
        Column("is_preferred", "本人首选", "Preferred by the person", ColumnType.BOOLEAN),
    ),
)

ADDED_CATEGORY = TableContract(
    name="added_category",
    zh="登记人员类别",
    en="Add a category",
    version="1",
    natural_key=("category", "starts_on"),
    columns=tuple(column for column in CATEGORY.columns if column.name != "reference"),
)

PROPOSAL = TableContract(
    name="match_proposal",
    zh="提出可能匹配",
    en="Propose a match",
    version="1",
    natural_key=("other_person_id",),
    columns=(
        Column(
            "other_person_id",
            "另一份记录的居民编号",
            "Person number of the other record",
            ColumnType.CODE,
            is_required=True,
            pattern=_PERSON_ID,
        ),
    ),
)

UNDOING = TableContract(
    name="merge_undoing",
    zh="撤销合并",
    en="Undo a merge",
    version="1",
    natural_key=("reason",),
    columns=(Column("reason", "撤销理由", "Reason", ColumnType.TEXT, is_required=True, max_length=300),),
)
