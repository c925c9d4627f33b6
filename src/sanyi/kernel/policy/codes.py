"""政策参数拒绝种类: every mistake a policy file can hold, and what a lookup can miss."""

from sanyi.kernel.refusals import RefusalKind

_EXAMPLE = '{{from: 2024-01-01, jurisdiction: "140830000000", value: 50000, basis: "芮政办发〔2024〕1号 第三条"}}'


def _mistake(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"policy.{name}", zh, remedy_zh, en, remedy_en)


def _entry_mistake(name: str, zh: str, en: str) -> RefusalKind:
    return _mistake(name, zh, f"正确写法示例：{_EXAMPLE}。", en, f"An example of right: {_EXAMPLE}.")


NO_FILES = _mistake(
    "no_files",
    "文件夹“{folder}”中没有政策文件（*.yaml）。",
    "请检查文件夹名称，或把文件放进去。",
    "There is no policy file (*.yaml) in the folder “{folder}”.",
    "Check the folder's name, or put files into it.",
)
FILE_NOT_A_MAPPING = _mistake(
    "file_not_a_mapping",
    "政策文件应当由“键: 内容”组成。",
    "正确写法示例：insurance.benefit.deductible_fen: 下一行缩进后写 name、unit、values。",
    "A policy file consists of keys and what they hold.",
    "An example of right: insurance.benefit.deductible_fen: with name, unit and values indented below it.",
)
KEY_MALFORMED = _mistake(
    "key_malformed",
    "键“{key}”的写法不对。",
    "请用英文小写和下划线，以点分开，至少两段，例如 insurance.benefit.deductible_fen。",
    "The key “{key}” is not in the right form.",
    "Use lower-case words and underscores in at least two dotted parts, such as insurance.benefit.deductible_fen.",
)
KEY_NOT_A_MAPPING = _mistake(
    "key_not_a_mapping",
    "“{key}”下面应当有 name、unit、values。",
    "正确写法示例：name: {{zh: 起付线, en: Deductible}}，unit: fen，values: 下面逐条写值。",
    "“{key}” should hold name, unit and values.",
    "An example of right: name: {{zh: 起付线, en: Deductible}}, unit: fen, values: with the entries below.",
)
FIELD_UNKNOWN = _mistake(
    "field_unknown",
    "不认识“{field}”这一项。",
    "这里可写：{known}。{hint}",
    "“{field}” is not known here.",
    "Known here: {known}. {hint_en}",
)
NAME_MISSING = _mistake(
    "name_missing",
    "缺少中文和英文名称。",
    "正确写法示例：name: {{zh: 住院起付标准, en: Inpatient deductible}}。",
    "The Chinese and the English name are missing.",
    "An example of right: name: {{zh: 住院起付标准, en: Inpatient deductible}}.",
)
UNIT_MISSING = _mistake(
    "unit_missing",
    "缺少单位。",
    "正确写法示例：unit: fen。",
    "The unit is missing.",
    "An example of right: unit: fen.",
)
UNIT_UNKNOWN = _mistake(
    "unit_unknown",
    "不认识单位“{unit}”。{hint}",
    "请用已有的单位，例如 unit: fen；确需新单位时，先加入内核的 units.yaml。",
    "The unit “{unit}” is not known. {hint_en}",
    "Use a known one, for example unit: fen; a new unit is first added to units.yaml of the kernel.",
)
UNIT_DISAGREES = _mistake(
    "unit_disagrees",
    "键名“{key}”要求的单位与所写的“{unit}”不一致。",
    "可用单位：{possible}，例如 unit: {first}；或者改键名。",
    "The name “{key}” asks for another unit than “{unit}”.",
    "Possible: {possible}, for example unit: {first}; or rename the key.",
)
LIMIT_WRONG = _mistake(
    "limit_wrong",
    "“{field}”的写法不对。",
    "minimum 和 maximum 写整数，choices 写列表，例如 choices: [yantai_2023, nanping_2023]。",
    "“{field}” is not written rightly.",
    "minimum and maximum are whole numbers, choices a list, for example choices: [yantai_2023, nanping_2023].",
)
VALUES_MISSING = _entry_mistake(
    "values_missing",
    "没有任何值：values 应当是一个列表，至少一条。",
    "There are no values: values is a list with entries.",
)
ENTRY_NOT_A_MAPPING = _entry_mistake(
    "entry_not_a_mapping", "values 中的这一条写法不对。", "This entry of values is not in the right form."
)
FROM_MISSING = _entry_mistake(
    "from_missing", "没有写明从哪一天起执行（from）。", "The day from which it holds (from) is missing."
)
DATE_WRONG = _entry_mistake(
    "date_wrong", "“{field}”应当是日期，写的是“{text}”。", "“{field}” should be a date, not “{text}”."
)
DATES_REVERSED = _entry_mistake(
    "dates_reversed",
    "截止日期{ends_on}早于开始日期{starts_on}。",
    "It ends on {ends_on}, before it begins on {starts_on}.",
)
JURISDICTION_MISSING = _entry_mistake(
    "jurisdiction_missing", "没有写明适用的辖区（jurisdiction）。", "The jurisdiction it holds in is missing."
)
JURISDICTION_MALFORMED = _mistake(
    "jurisdiction_malformed",
    "“{jurisdiction}”不是十二位辖区代码。",
    '请写十二位数字并加引号，例如 "140830000000"（芮城县）、"000000000000"（全国）。',
    "“{jurisdiction}” is not a 12-digit code of a jurisdiction.",
    'Write twelve digits in quotes, such as "140830000000" (Ruicheng) or "000000000000" (the nation).',
)
JURISDICTION_UNKNOWN = _mistake(
    "jurisdiction_unknown",
    "没有代码为“{jurisdiction}”的辖区。",
    '请核对代码，例如 "140830000000"（芮城县）、"000000000000"（全国）。',
    "There is no jurisdiction with the code “{jurisdiction}”.",
    'Check the code, such as "140830000000" (Ruicheng) or "000000000000" (the nation).',
)
BASIS_MISSING = _entry_mistake(
    "basis_missing", "没有写明依据（basis）：文号和条款。", "The basis (document and clause) is missing."
)
TEXT_WRONG = _entry_mistake(
    "text_wrong", "“{field}”应当是文字，写的是“{text}”。", "“{field}” should be a text, not “{text}”."
)
FLAG_WRONG = _entry_mistake("flag_wrong", "“{field}”只能写 true。", "“{field}” can only be true.")
URL_WRONG = _mistake(
    "url_wrong",
    "网址“{url}”的写法不对。",
    '请写完整网址，例如 url: "https://www.gov.cn/"。',
    "The address “{url}” is not in the right form.",
    'Write the whole address, for example url: "https://www.gov.cn/".',
)
VALUE_ABSENT = _entry_mistake(
    "value_absent",
    "没有值：请写 value；已公布但未给出数值的写 expected: true；改由上级规定的写 inherits: true。",
    "There is no value: write value; or expected: true when not yet published; or inherits: true to follow above.",
)
VALUE_AND_FLAG = _entry_mistake(
    "value_and_flag",
    "“{flag}”和其他取值方式不能同时写。",
    "“{flag}” cannot stand together with another way of saying it.",
)
VALUE_DECIMAL = _mistake(
    "value_decimal",
    "值“{value}”带小数点。",
    "请用更小的单位写成整数：金额用分（unit: fen，500元写 50000），比例用万分比（unit: basis_points，65% 写 6500）。",
    "The value “{value}” has a decimal point.",
    "Use a smaller unit and a whole number: fen (500 yuan is 50000), basis points (65 % is 6500).",
)
VALUE_OF_WRONG_KIND = _mistake(
    "value_of_wrong_kind",
    "单位“{unit}”的值应当是{expected}，写的是“{value}”。",
    "正确写法示例：value: {example}。",
    "A value in “{unit}” should be {expected_en}, not “{value}”.",
    "An example of right: value: {example}.",
)
VALUE_OUT_OF_BOUNDS = _mistake(
    "value_out_of_bounds",
    "值{value}超出允许范围（{minimum}至{maximum}）。",
    "请核对数值和单位，例如 value: {example}。",
    "The value {value} is outside {minimum} to {maximum}.",
    "Check value and unit, for example value: {example}.",
)
VALUE_NOT_A_CHOICE = _mistake(
    "value_not_a_choice",
    "值“{value}”不在可选范围内。",
    "可选：{choices}，例如 value: {example}。",
    "The value “{value}” is not one of those allowed.",
    "Allowed: {choices}, for example value: {example}.",
)
DECLARED_TWICE = _mistake(
    "declared_twice",
    "“{key}”已在{file}第{first_line}行声明过（写了 name 和 unit）。",
    "每个键只在一个文件里写 name 和 unit；地方文件只写键和 values，例如 {key}: {{values: [...]}}。",
    "“{key}” is already declared in {file}, line {first_line} (with name and unit).",
    "A key has name and unit in one file only; a local file gives just values, for example {key}: {{values: [...]}}.",
)
NOT_DECLARED = _mistake(
    "not_declared",
    "“{key}”没有在任何文件中声明名称和单位。{hint}",
    "请核对键名；新键须写 name: {{zh: 起付线, en: Deductible}} 和 unit: fen。",
    "“{key}” has its name and unit in no file. {hint_en}",
    "Check the key; a new one needs name: {{zh: 起付线, en: Deductible}} and unit: fen.",
)
OVERLAP = _mistake(
    "overlap",
    "与{file}第{other_line}行的值在{starts_on}至{ends_on}同时有效（{jurisdiction}）。",
    "请改 from 或 to；若两份文件规定不同，在不采用的一条写 set_aside: 理由，在采用的一条写 decision: 决定依据。",
    "It holds at the same time as {file}, line {other_line}, from {starts_on} to {ends_on} ({jurisdiction}).",
    "Change from or to; if documents differ, mark one with set_aside: reason and the other with decision: source.",
)
GAP = _mistake(
    "gap",
    "{starts_on}至{ends_on}没有值（{jurisdiction}），上一条在{file}第{other_line}行。",
    "请补上这一段；若这一段执行上级规定，写 {{from: {starts_on}, to: {ends_on}, inherits: true, ...}}。",
    "There is no value from {starts_on} to {ends_on} ({jurisdiction}) after {file}, line {other_line}.",
    "Fill it; if the jurisdiction above rules then, write {{from: {starts_on}, to: {ends_on}, inherits: true, ...}}.",
)

# lookups
KEY_UNKNOWN = _mistake(
    "key_unknown",
    "{asker}需要政策参数“{key}”，但没有这个参数。{hint}",
    "请核对键名，或在政策文件中声明它。",
    "{asker_en} needs the policy value “{key}”, which does not exist. {hint_en}",
    "Check the key, or declare it in a policy file.",
)
VALUE_NOT_FOUND = _mistake(
    "value_not_found",
    "{asker}需要“{name}”（{key}）在{jurisdiction}{on}的值，但没有规定。{known}",
    "请在{file}中补充该日期的值，并写明依据。",
    "{asker_en} needs “{name_en}” ({key}) in {jurisdiction_en} on {on}, but there is none. {known_en}",
    "Add the value with its basis to {file}.",
)
VALUE_EXPECTED = _mistake(
    "value_expected",
    "{asker}需要“{name}”（{key}）在{jurisdiction}{on}的值；{basis}已预告，尚未公布数值。",
    "公布后请把{file}第{line}行的 expected: true 换成 value。",
    "{asker_en} needs “{name_en}” ({key}) in {jurisdiction_en} on {on}; {basis} announces it without a value so far.",
    "Once published, replace expected: true by value in {file}, line {line}.",
)
