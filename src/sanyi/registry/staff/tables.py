"""人员装载约定: the tables from which an institution's staff is registered at once."""

from sanyi.kernel.tables import Column, ColumnType, TableContract
from sanyi.registry.people.codes import Sex
from sanyi.registry.staff.codes import (
    INSURANCE_CODE_PATTERN,
    STAFF_ID_PATTERN,
    AffiliationKind,
    EmploymentKind,
    LicenceCategory,
    LicenceKind,
    PostKind,
    StaffKind,
    TitleLevel,
)

_STAFF_ID = Column("staff_id", "人员编号", "Staff number", ColumnType.CODE, is_required=True, pattern=STAFF_ID_PATTERN)
_ORGANISATION = Column("organisation_code", "机构代码", "Institution", ColumnType.CODE, is_required=True, max_length=12)

MEMBER = TableContract(
    name="staff_member",
    zh="卫生人员",
    en="Staff",
    version="1",
    natural_key=("staff_id",),
    columns=(
        _STAFF_ID,
        Column("name", "姓名", "Name", ColumnType.TEXT, is_required=True, max_length=50, is_personal=True),
        Column("sex", "性别", "Sex", ColumnType.CODE, choices=Sex.mapping(), standard="GB/T 2261.1"),
        Column("born_on", "出生日期", "Born", ColumnType.DATE, is_personal=True),
        Column("kind", "人员类别", "Kind", ColumnType.CODE, is_required=True, choices=StaffKind.mapping()),
        Column(
            "insurance_code",
            "医保人员代码",
            "Insurance code",
            ColumnType.CODE,
            pattern=INSURANCE_CODE_PATTERN,
            standard_code="chfpdr_code",
            standard="医疗保障基金结算清单",
        ),
        Column("employment", "用工形式", "Employment", ColumnType.CODE, choices=EmploymentKind.mapping()),
        Column("started_work_on", "参加工作日期", "Started work", ColumnType.DATE),
    ),
)

LICENCE = TableContract(
    name="staff_licence",
    zh="执业证",
    en="Licences",
    version="1",
    natural_key=("kind", "number"),
    columns=(
        _STAFF_ID,
        Column("kind", "种类", "Kind", ColumnType.CODE, is_required=True, choices=LicenceKind.mapping()),
        Column("number", "证书编码", "Number", ColumnType.TEXT, is_required=True, max_length=30),
        Column("category", "执业类别", "Category", ColumnType.CODE, choices=LicenceCategory.mapping()),
        Column("scope", "执业范围", "Scope", ColumnType.TEXT, max_length=100),
        Column("organisation_code", "注册机构代码", "Institution", ColumnType.CODE, max_length=12),
        Column("valid_from_on", "有效期起", "Valid from", ColumnType.DATE),
        Column("valid_until_on", "有效期止", "Valid until", ColumnType.DATE),
    ),
)

TITLE = TableContract(
    name="staff_title",
    zh="职称",
    en="Titles",
    version="1",
    natural_key=("staff_id", "name", "granted_on"),
    columns=(
        _STAFF_ID,
        Column("name", "职称名称", "Title", ColumnType.TEXT, is_required=True, max_length=40),
        Column("level", "级别", "Level", ColumnType.CODE, is_required=True, choices=TitleLevel.mapping()),
        Column("granted_on", "取得日期", "Granted", ColumnType.DATE, is_required=True),
    ),
)

AFFILIATION = TableContract(
    name="staff_affiliation",
    zh="执业关系",
    en="Affiliations",
    version="1",
    natural_key=("staff_id", "organisation_code", "kind", "starts_on"),
    organisation_column="organisation_code",
    columns=(
        _STAFF_ID,
        _ORGANISATION,
        Column("kind", "关系", "Relation", ColumnType.CODE, is_required=True, choices=AffiliationKind.mapping()),
        Column("department_code", "科室代码", "Department", ColumnType.CODE, max_length=20),
        Column("starts_on", "起", "From", ColumnType.DATE, is_required=True),
        Column("ends_on", "止", "To", ColumnType.DATE),
        Column("post_name", "岗位名称", "Post", ColumnType.TEXT, max_length=60),
        Column(
            "post_kind",
            "岗位类别",
            "Kind of post",
            ColumnType.CODE,
            choices=PostKind.mapping(),
            required_when="post_name is present",
        ),
    ),
)
