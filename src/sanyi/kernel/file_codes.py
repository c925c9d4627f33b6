"""数据文件拒绝种类: the mistakes that any YAML or CSV file edited by people can hold."""

from sanyi.kernel.refusals import RefusalKind

FILE_MISSING = RefusalKind(
    code="file.missing",
    message_zh="找不到文件“{file}”。",
    remedy_zh="请检查文件名和所在文件夹。",
    message_en="There is no file “{file}”.",
    remedy_en="Check the name and the folder.",
)
FILE_TOO_LARGE = RefusalKind(
    code="file.too_large",
    message_zh="文件超过{limit}字节。",
    remedy_zh="政策和规则文件应当很小，请确认放入的是正确的文件，或拆分成几个。",
    message_en="The file is larger than {limit} bytes.",
    remedy_en="Files of values and rules are small: check that it is the right file, or split it.",
)
FILE_NOT_UTF8 = RefusalKind(
    code="file.not_utf8",
    message_zh="文件不是 UTF-8 编码。",
    remedy_zh="请在编辑器中选择“另存为”，编码选 UTF-8，再放回原处。",
    message_en="The file is not encoded in UTF-8.",
    remedy_en="Save it again with the encoding UTF-8.",
)
FILE_EMPTY = RefusalKind(
    code="file.empty",
    message_zh="文件是空的。",
    remedy_zh="请写入内容，或删除该文件。",
    message_en="The file is empty.",
    remedy_en="Write something into it, or remove it.",
)
YAML_BROKEN = RefusalKind(
    code="file.yaml_broken",
    message_zh="文件格式有误，读到这里无法继续（{problem}）。",
    remedy_zh="请检查这一行及上一行：缩进只用空格、冒号后有空格、引号和括号成对，例如 name: {{zh: 起付线}}。",
    message_en="The file cannot be read beyond this point ({problem_en}).",
    remedy_en="Check indentation (spaces, no tabs), the space after each colon, and pairs of quotes and brackets.",
)
YAML_SEVERAL_DOCUMENTS = RefusalKind(
    code="file.yaml_several_documents",
    message_zh="一个文件只能有一份内容，这里又用“---”开始了另一份。",
    remedy_zh="请删除“---”，或写成两个文件。",
    message_en="A file holds one document; another begins here after “---”.",
    remedy_en="Remove the “---”, or make two files.",
)
YAML_ANCHOR = RefusalKind(
    code="file.yaml_anchor",
    message_zh="不使用“&”“*”引用写法。",
    remedy_zh="请把内容完整写出；若文字以“&”或“*”开头，请加引号。",
    message_en="Anchors and references (& and *) are not used.",
    remedy_en="Write the content out in full; put quotes around a text that begins with & or *.",
)
YAML_TAG = RefusalKind(
    code="file.yaml_tag",
    message_zh="不使用“{tag}”这类标记。",
    remedy_zh='请删除标记；若文字以“!”开头，请加引号，例如 note: "!注意"。',
    message_en="Tags such as “{tag}” are not used.",
    remedy_en="Remove the tag; put quotes around a text that begins with !.",
)
YAML_TOO_DEEP = RefusalKind(
    code="file.yaml_too_deep",
    message_zh="内容嵌套超过{limit}层。",
    remedy_zh="请检查缩进和括号；值一般不超过三层，例如 value: {{tier_1: 40000}}。",
    message_en="The content is nested more than {limit} levels deep.",
    remedy_en="Check indentation and brackets.",
)
YAML_KEY_NOT_TEXT = RefusalKind(
    code="file.yaml_key_not_text",
    message_zh="冒号前应当是一个名称，这里却是列表或另一组内容。",
    remedy_zh="请写成“名称: 内容”，例如 unit: fen。",
    message_en="A name should stand before the colon, not a list or a mapping.",
    remedy_en="Write “name: content”, for example unit: fen.",
)
YAML_KEY_TWICE = RefusalKind(
    code="file.yaml_key_twice",
    message_zh="“{key}”重复出现，第一次在第{first_line}行。",
    remedy_zh="同一层的名称只能写一次：请合并两处，或删除其中一处。",
    message_en="“{key}” stands twice, first on line {first_line}.",
    remedy_en="A name may stand once on its level: merge the two, or remove one.",
)
DATE_IMPOSSIBLE = RefusalKind(
    code="file.date_impossible",
    message_zh="“{text}”不是存在的日期。",
    remedy_zh="请写成 年-月-日，例如 2025-01-31。",
    message_en="“{text}” is not a day that exists.",
    remedy_en="Write year-month-day, for example 2025-01-31.",
)
