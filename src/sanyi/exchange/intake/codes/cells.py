"""单元格拒绝种类: why a cell or a row cannot enter, or enters with a mark."""

from sanyi.kernel.refusals import RefusalKind

FORMULA_WITHOUT_VALUE = RefusalKind(
    code="exchange.intake.formula_without_value",
    message_zh="“{label}”是公式，文件中没有保存计算结果。",
    remedy_zh="请在Excel中打开并保存一次，或选中该列“复制－选择性粘贴－数值”后上传。",
    message_en="{label_en} is a formula whose result is not stored in the file.",
    remedy_en="Open and save the file in Excel, or paste the column as values, then upload.",
)
CELL_IS_ERROR = RefusalKind(
    code="exchange.intake.cell_is_error",
    message_zh="“{label}”的单元格是错误值{value}。",
    remedy_zh="请改正公式或直接填写数值。",
    message_en="{label_en} holds the error {value}.",
    remedy_en="Correct the formula or write the value.",
)
NUMBER_LOST_DIGITS = RefusalKind(
    code="exchange.intake.number_lost_digits",
    message_zh="“{label}”被Excel当作数字保存为{value}，15位以后的数字已经丢失。",
    remedy_zh="请把该列设为“文本”格式后重新录入或重新导出。",
    message_en="{label_en} was stored as the number {value}; digits beyond the 15th are lost.",
    remedy_en="Format the column as text and enter or export it again.",
)
TEXT_UNDECODABLE = RefusalKind(
    code="exchange.intake.text_undecodable",
    message_zh="“{label}”中有乱码“{value}”。",
    remedy_zh="请从源系统重新导出，编码选择UTF-8或GB18030。",
    message_en="{label_en} has undecodable characters: “{value}”.",
    remedy_en="Export again in UTF-8 or GB18030.",
)
DATE_UNREADABLE = RefusalKind(
    code="exchange.intake.date_unreadable",
    message_zh="“{label}”的“{value}”不是可识别的日期，或该日期不存在。",
    remedy_zh="请写成2024-01-05、2024/1/5、20240105或2024年1月5日；年份须写四位，时刻写作09:30（北京时间）。",
    message_en="{label_en}: “{value}” is not a date that can be read, or does not exist.",
    remedy_en="Write 2024-01-05, 2024/1/5 or 20240105, with four digits of the year; times as 09:30 (China time).",
)
INTEGER_UNREADABLE = RefusalKind(
    code="exchange.intake.integer_unreadable",
    message_zh="“{label}”的“{value}”不是整数。",
    remedy_zh="请只写阿拉伯数字的整数。{help}",
    message_en="{label_en}: “{value}” is not a whole number.",
    remedy_en="Write a whole number in digits. {help_en}",
)
DECIMAL_UNREADABLE = RefusalKind(
    code="exchange.intake.decimal_unreadable",
    message_zh="“{label}”的“{value}”不是数字，或小数多于四位。",
    remedy_zh="请写阿拉伯数字，最多四位小数，例如2.5；列名用英文名（以_e4结尾）时写乘以一万后的整数。",
    message_en="{label_en}: “{value}” is not a number with at most four decimals.",
    remedy_en="Write digits with at most four decimals, for example 2.5; under an English name ending in _e4 write the "
    "whole number of ten-thousandths.",
)
AMOUNT_UNREADABLE = RefusalKind(
    code="exchange.intake.amount_unreadable",
    message_zh="“{label}”的“{value}”不是可识别的金额。",
    remedy_zh="请写以元为单位、最多两位小数的数字，例如1234.56；列名用英文名（以_fen结尾）时写以分为单位的整数。",
    message_en="{label_en}: “{value}” is not an amount.",
    remedy_en="Write yuan with at most two decimals, for example 1234.56; under an English name ending in _fen write "
    "whole fen.",
)
AMOUNT_TOO_FINE = RefusalKind(
    code="exchange.intake.amount_too_fine",
    message_zh="“{label}”的金额“{value}”小数多于两位。",
    remedy_zh="金额精确到分，请四舍五入到两位小数后上报。",
    message_en="{label_en}: “{value}” has more than two decimals.",
    remedy_en="Amounts are exact to the fen; round to two decimals.",
)
DURATION_UNREADABLE = RefusalKind(
    code="exchange.intake.duration_unreadable",
    message_zh="“{label}”的“{value}”不是“天/小时/分钟”格式（小时不大于23，分钟不大于59）。",
    remedy_zh="例如37小时24分填1/13/24，30分钟填0/0/30。",
    message_en="{label_en}: “{value}” is not days/hours/minutes (hours up to 23, minutes up to 59).",
    remedy_en="For example 1/13/24 for 37 h 24 min, 0/0/30 for half an hour.",
)
TRUTH_UNREADABLE = RefusalKind(
    code="exchange.intake.truth_unreadable",
    message_zh="“{label}”的“{value}”不能识别为是或否。",
    remedy_zh="请填“是”或“否”。",
    message_en="{label_en}: “{value}” is neither yes nor no.",
    remedy_en="Write 是 or 否.",
)
SHARE_UNREADABLE = RefusalKind(
    code="exchange.intake.share_unreadable",
    message_zh="“{label}”的“{value}”不是可识别的比例。",
    remedy_zh="请写百分数，例如85%或85.5%；或写万分比的整数，例如8550。",
    message_en="{label_en}: “{value}” is not a share.",
    remedy_en="Write per cent, for example 85.5%, or whole basis points, for example 8550.",
)
ROW_TOO_LONG = RefusalKind(
    code="exchange.intake.row_too_long",
    message_zh="本行有{value}个单元格，表头只有{expected}列，多半是内容中的逗号没有用引号括起。",
    remedy_zh="请检查本行的逗号和引号，或改用xlsx上传。",
    message_en="The row has {value} cells, the header {expected} columns; a comma is probably not quoted.",
    remedy_en="Check commas and quotation marks of the row, or upload xlsx.",
)
KEY_TWICE = RefusalKind(
    code="exchange.intake.key_twice",
    message_zh="与第{expected}行完全相同（{value}）。",
    remedy_zh="重复的一行不再入库，请删除。",
    message_en="The same as row {expected} ({value}).",
    remedy_en="The repeated row does not enter; delete it.",
)
KEY_ROWS_DIFFER = RefusalKind(
    code="exchange.intake.key_rows_differ",
    message_zh="与第{expected}行主键相同（{value}），但内容不同，不能确定哪一行正确。",
    remedy_zh="请只保留正确的一行。",
    message_en="The same key as row {expected} ({value}), but other content.",
    remedy_en="Keep the right row.",
)
CODE_UNKNOWN = RefusalKind(
    code="exchange.intake.code_unknown",
    message_zh="“{label}”中“{value}”不在医保版、国家临床版的编码表中。",
    remedy_zh="请核对编码，字母、小数点和扩展码x均须一致，例如I10.x00x002。",
    message_en="{label_en}: “{value}” is in no edition of the code tables.",
    remedy_en="Check letters, point and extension mark x, for example I10.x00x002.",
    basis="医保疾病诊断、手术操作分类与代码（医保版2.0）",
)
CODE_MAPPED = RefusalKind(
    code="exchange.intake.code_mapped",
    message_zh="“{label}”中“{value}”不是医保版2.0编码，已按映射表转换为{expected}。",
    remedy_zh="已接收并标记；原编码已保留，请逐步改用医保版2.0编码。",
    message_en="{label_en}: “{value}” is not of insurance edition 2.0 and was mapped to {expected}.",
    remedy_en="Taken and marked; the code as sent is kept.",
)
CODE_WAITS = RefusalKind(
    code="exchange.intake.code_waits",
    message_zh="“{label}”中“{value}”没有唯一对应的医保版2.0编码，等待选定{expected}。",
    remedy_zh="请由编码人员在“编码映射”中选定，再点“重新检查”；也可直接改用医保版2.0编码。",
    message_en="{label_en}: “{value}” has no single code in insurance edition 2.0 and waits for a choice {expected}.",
    remedy_en="Let a coder choose under “Code mapping”, then check again; or send a code of insurance edition 2.0.",
)
CODE_NOT_LISTED = RefusalKind(
    code="exchange.intake.code_not_in_list",
    message_zh="“{label}”的“{value}”不在医保版2.0编码表中。",
    remedy_zh="已接收并标记存疑；请核对编码。",
    message_en="{label_en}: “{value}” is not in the list of insurance edition 2.0.",
    remedy_en="Taken and marked; check the code.",
)
