"""数据湖拒绝种类: what is answered when a table, a version or an instant does not exist."""

from sanyi.kernel.refusals import RefusalKind

TABLE_ABSENT = RefusalKind(
    code="exchange.lake.table_absent",
    message_zh="数据湖中还没有“{table}”表。",
    remedy_zh="请先在“数据接入”中接收至少一个批次，再查看或计算。",
    message_en="The lake has no table “{table}” yet.",
    remedy_en="Accept at least one batch under “Intake” before reading or computing.",
)
VERSION_ABSENT = RefusalKind(
    code="exchange.lake.version_absent",
    message_zh="“{table}”表没有第{version}版（现有第0版至第{newest}版）。",
    remedy_zh="请在版本列表中选择一个已有的版本。",
    message_en="Table “{table}” has no version {version} (it has 0 to {newest}).",
    remedy_en="Choose a version from the list of versions.",
)
BEFORE_FIRST_VERSION = RefusalKind(
    code="exchange.lake.before_first_version",
    message_zh="在{as_of}之前“{table}”表还没有数据。",
    remedy_zh="该表最早的数据于{first}写入，请选择此后的时间。",
    message_en="Table “{table}” had no data at {as_of}.",
    remedy_en="Its first data was written at {first}; choose a later time.",
)
TABLE_NAME_WRONG = RefusalKind(
    code="exchange.lake.table_name_wrong",
    message_zh="“{table}”不是合法的数据表名。",
    remedy_zh="表名由小写英文字母、数字和下划线组成，以字母开头，例如 settlement_list。",
    message_en="“{table}” is not a table name.",
    remedy_en="Use lower-case letters, digits and underscores, beginning with a letter, for example settlement_list.",
)
COLUMN_TYPE_CHANGED = RefusalKind(
    code="exchange.lake.column_type_changed",
    message_zh="列“{column}”在“{table}”表中是{kept}类型，本批数据是{given}类型，不能写入。",
    remedy_zh="同一列的类型不能改变；请新增一个列名，或改正数据约定。",
    message_en="Column “{column}” of “{table}” is {kept}; this batch has {given} and cannot be written.",
    remedy_en="A column keeps its type; add a column under a new name, or correct the contract.",
)
BATCH_DIGEST_CHANGED = RefusalKind(
    code="exchange.lake.batch_digest_changed",
    message_zh="第{batch_number}批已写入“{table}”表，但内容摘要与本次不同，不能重复写入。",
    remedy_zh="同一批次只写入一次；更正的数据请作为新批次接收。",
    message_en="Batch {batch_number} is in “{table}” already, with another content digest.",
    remedy_en="A batch is written once; send corrected data as a new batch.",
)
