"""机构表单约定: what the forms of organisations and memberships ask for."""

from sanyi.kernel.tables import Column, ColumnType, TableContract
from sanyi.registry.organisations.codes import (
    CODE_LENGTH,
    HospitalClass,
    HospitalLevel,
    MembershipRole,
    OrganisationKind,
    Ownership,
    UnitNature,
)
from sanyi.registry.places.codes import PositionBasis

_CODE = rf"[A-Z0-9]{{{CODE_LENGTH}}}"
_E6 = 1_000_000

ORGANISATION = TableContract(
    name="organisation",
    zh="机构",
    en="Organisation",
    version="1",
    natural_key=("code",),
    organisation_column="code",
    columns=(
        Column(
            "code",
            "机构代码",
            "Code",
            ColumnType.CODE,
            is_required=True,
            pattern=_CODE,
            help_zh="国家医保定点医疗机构编码 12 位，例如 H14083000001；管理部门用本县统一编制的 12 位代码。",
            help_en="The national institution code of 12 characters; bureaus use the county's own 12 characters.",
        ),
        Column("name", "名称", "Name", ColumnType.TEXT, is_required=True, max_length=100),
        Column("short_name", "简称", "Short name", ColumnType.TEXT, max_length=40),
        Column("kind", "类别", "Kind", ColumnType.CODE, is_required=True, choices=OrganisationKind.mapping()),
        Column("parent_code", "上级机构代码", "Parent", ColumnType.CODE, pattern=_CODE),
        Column("place_code", "所在区划代码", "Place", ColumnType.CODE, pattern=r"[0-9]{12}"),
        Column("hospital_level", "级别", "Level", ColumnType.CODE, choices=HospitalLevel.mapping()),
        Column("hospital_class", "等次", "Class", ColumnType.CODE, choices=HospitalClass.mapping()),
        Column("ownership", "举办主体", "Ownership", ColumnType.CODE, choices=Ownership.mapping()),
        Column("is_legal_entity", "独立法人", "Legal entity", ColumnType.BOOLEAN),
        Column("legal_representative_name", "法定代表人", "Legal representative", ColumnType.TEXT, max_length=50),
        Column("unit_nature", "单位性质", "Nature of the unit", ColumnType.CODE, choices=UnitNature.mapping()),
        Column("funding_channel_name", "财政投入渠道", "Funding channel", ColumnType.TEXT, max_length=100),
        Column("staff_quota_count", "编制数", "Staff quota", ColumnType.INTEGER, minimum=0, maximum=100_000),
        Column("approved_bed_count", "核定床位", "Approved beds", ColumnType.INTEGER, minimum=0, maximum=100_000),
        Column("open_bed_count", "开放床位", "Open beds", ColumnType.INTEGER, minimum=0, maximum=100_000),
        Column(
            "social_credit_code",
            "统一社会信用代码",
            "Unified social credit code",
            ColumnType.CODE,
            max_length=18,
            standard="GB 32100-2015",
        ),
        Column("licence_number", "执业许可证登记号", "Licence number", ColumnType.TEXT, max_length=30),
        Column("licence_starts_on", "许可证有效期起", "Licence from", ColumnType.DATE),
        Column("licence_ends_on", "许可证有效期止", "Licence until", ColumnType.DATE),
        Column("address", "地址", "Address", ColumnType.TEXT, max_length=200),
        Column("phone", "电话", "Phone", ColumnType.TEXT, max_length=40),
        Column(
            "longitude_e6",
            "经度",
            "Longitude",
            ColumnType.INTEGER,
            unit="百万分之一度",
            minimum=-180 * _E6,
            maximum=180 * _E6,
            help_zh="WGS-84 坐标乘以一百万，例如 110657100。",
            help_en="WGS-84 degrees times a million, for example 110657100.",
        ),
        Column(
            "latitude_e6",
            "纬度",
            "Latitude",
            ColumnType.INTEGER,
            unit="百万分之一度",
            minimum=-90 * _E6,
            maximum=90 * _E6,
        ),
        Column(
            "position_basis",
            "坐标依据",
            "Basis of position",
            ColumnType.CODE,
            choices=PositionBasis.mapping(),
            required_when="longitude_e6 is present",
        ),
        Column("opened_on", "成立日期", "Opened", ColumnType.DATE),
        Column("closed_on", "撤销日期", "Closed", ColumnType.DATE),
    ),
)

MEMBERSHIP = TableContract(
    name="group_membership",
    zh="集团成员",
    en="Membership",
    version="1",
    natural_key=("organisation_code", "starts_on"),
    organisation_column="organisation_code",
    columns=(
        Column("organisation_code", "机构代码", "Organisation", ColumnType.CODE, is_required=True, pattern=_CODE),
        Column("role", "角色", "Role", ColumnType.CODE, is_required=True, choices=MembershipRole.mapping()),
        Column("starts_on", "加入日期", "From", ColumnType.DATE, is_required=True),
        Column("basis", "依据", "Basis", ColumnType.TEXT, max_length=200, help_zh="文件名称和文号", help_en="Document"),
    ),
)

LEAVING = TableContract(
    name="group_leaving",
    zh="退出集团",
    en="Leaving",
    version="1",
    natural_key=("organisation_code", "ends_on"),
    columns=(
        Column("organisation_code", "机构代码", "Organisation", ColumnType.CODE, is_required=True, pattern=_CODE),
        Column("ends_on", "最后一日", "Last day", ColumnType.DATE, is_required=True),
    ),
)
