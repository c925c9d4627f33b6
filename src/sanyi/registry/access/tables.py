"""权限表单约定: what is asked for when rights are given."""

from sanyi.kernel.tables import Column, ColumnType, TableContract

GRANT = TableContract(
    name="role_grant",
    zh="角色授权",
    en="Role grant",
    version="1",
    columns=(
        Column("username", "用户名", "User name", ColumnType.TEXT, is_required=True, max_length=150),
        Column("role_code", "角色", "Role", ColumnType.CODE, is_required=True),
        Column(
            "organisation_code",
            "机构代码",
            "Organisation code",
            ColumnType.CODE,
            is_required=True,
            max_length=12,
            help_zh="角色在此机构生效；是否及于下属机构由角色决定。",
            help_en="Where the role holds; the role says whether it reaches the units below.",
        ),
        Column("starts_on", "开始日期", "From", ColumnType.DATE, help_zh="不填为立即生效。", help_en="Empty: now."),
        Column("ends_on", "结束日期", "Until", ColumnType.DATE, help_zh="含当日；不填为长期。", help_en="Included."),
    ),
    natural_key=("username", "role_code", "organisation_code"),
    description_zh="把一个角色授予一名用户。",
    description_en="Gives a role to a user.",
)
KEY = TableContract(
    name="api_key",
    zh="接口密钥申请",
    en="API key request",
    version="1",
    columns=(
        Column("name", "用途名称", "Name", ColumnType.TEXT, is_required=True, max_length=80),
        Column("username", "代表用户", "Acts for user", ColumnType.TEXT, is_required=True, max_length=150),
        Column("organisation_code", "机构代码", "Organisation code", ColumnType.CODE, is_required=True, max_length=12),
        Column(
            "permissions",
            "权限",
            "Permissions",
            ColumnType.CODES,
            is_required=True,
            help_zh="用“|”分隔，例如 batch.upload|batch.read。不得超出签发人的权限。",
            help_en="Separated by |, for example batch.upload|batch.read; not more than you hold yourself.",
        ),
        Column("term_days", "有效天数", "Days", ColumnType.INTEGER, unit="天", is_required=True, minimum=1),
    ),
    natural_key=("name",),
    description_zh="为一台机器签发接口密钥。",
    description_en="Issues a key to a machine.",
)
