"""方案工作簿的格式: sheets and columns, declared once for the template, the reader, the help sheet and the guide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """列: ``is_read`` is false for what is only there for people."""

    name: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    is_required: bool = True
    is_whole_number: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    is_read: bool = True
    max_length: int = 64

    def written(self, value: str) -> str:
        """写法: the Chinese word of a choice, else the value itself."""
        return dict(self.choices).get(value, value)

    def meant(self, text: str) -> str | None:
        """含义: of a word or code of the choices, None when it is neither."""
        found = {zh: code for code, zh in self.choices} | {code: code for code, _ in self.choices}
        return found.get(text.strip()) if self.choices else text


@dataclass(frozen=True, slots=True)
class SheetForm:
    """工作表: one table with one header row."""

    name: str
    zh: str
    en: str
    columns: tuple[SheetColumn, ...]
    help_zh: str
    help_en: str
    is_optional: bool = False

    def column(self, name: str) -> SheetColumn:
        """列: by name."""
        return next(column for column in self.columns if column.name == name)


KINDS = (("dx", "诊断"), ("px", "手术"))
SEVERITIES = (("mcc", "MCC"), ("cc", "CC"))
PARTS = (("surgical", "外科"), ("medical", "内科"))
RULE_KINDS = (("adrg", "入组"), ("qy", "歧义"))
YES_NO = (("yes", "是"), ("no", "否"))
_CODE = ("code", "编码", "Code")
_NAME = SheetColumn(
    "name", "名称", "Name", "供核对，不读取。", "For people; not read.", False, is_read=False, max_length=200
)

SCHEME = SheetForm(
    "scheme",
    "方案",
    "Scheme",
    (
        SheetColumn("item", "项目", "Item", "按模板，不要改动。", "As in the template; do not change."),
        SheetColumn(
            "value", "值", "Value", "各项的填写要求见右。", "What to write is told beside.", False, max_length=300
        ),
        SheetColumn(
            "help",
            "填写要求",
            "What to write",
            "供核对，不读取。",
            "For people; not read.",
            False,
            is_read=False,
            max_length=300,
        ),
    ),
    "方案的名称、版本、执行日期和规则以外的做法，一项一行。",
    "Name, version, dates and what the scheme does apart from its rules; one item a row.",
)
MDCS = SheetForm(
    "mdcs",
    "大类",
    "MDCs",
    (
        SheetColumn(
            "mdc",
            "大类",
            "MDC",
            "MDC 加一个大写字母，如 MDCB；自上而下依次判断。",
            "MDC and a capital letter, such as MDCB; tried from top to bottom.",
        ),
        SheetColumn("name", "名称", "Name", "主要诊断大类的名称。", "Name of the major category.", max_length=200),
        SheetColumn(
            "condition", "入组条件", "Condition", "写法见“条件写法”。", "See the sheet 条件写法.", max_length=4000
        ),
    ),
    "主要诊断大类（MDC），自上而下依次判断；一个大类中的规则都不能给出组时，继续判断下一个大类。",
    "Major categories, tried from top to bottom; where no rule of one gives a group, the next is tried.",
)
RULES = SheetForm(
    "rules",
    "规则",
    "Rules",
    (
        SheetColumn(
            "seq",
            "序号",
            "No.",
            "整数，不重复；同一大类中按序号从小到大判断。",
            "A whole number, once; inside an MDC rules are tried by it.",
            is_whole_number=True,
        ),
        SheetColumn("mdc", "大类", "MDC", "所属大类，须在“大类”表中。", "Its MDC, as in the sheet 大类."),
        SheetColumn(
            "adrg",
            "ADRG",
            "ADRG",
            "大写字母、大写字母或数字、数字，如 BB1；歧义规则填 QY。",
            "Such as BB1; QY for an ambiguous rule.",
        ),
        SheetColumn(
            "rule",
            "规则",
            "Rule",
            "规则名，不重复；一个 ADRG 有几条规则时如 NA1_1、NA1_2。",
            "Its name, once; several rules of one ADRG are NA1_1, NA1_2.",
        ),
        SheetColumn(
            "kind",
            "类型",
            "Kind",
            "入组或歧义；歧义规则符合时病例为歧义病案，不再往下判断。",
            "入组 (group) or 歧义 (ambiguous: the stay ends there).",
            choices=RULE_KINDS,
        ),
        SheetColumn(
            "part",
            "部分",
            "Part",
            "外科（含操作）或内科。",
            "外科 (surgical, procedures) or 内科 (medical).",
            choices=PARTS,
        ),
        SheetColumn("condition", "条件", "Condition", "写法见“条件写法”。", "See the sheet 条件写法.", max_length=4000),
        SheetColumn(
            "fallback",
            "无细分组时",
            "Without a candidate",
            "没有细分组符合时作为结果的组编码；空白表示继续判断下一条规则。",
            "The group where no candidate holds; empty: go on with the next rule.",
            False,
        ),
    ),
    "核心疾病诊断相关组（ADRG）的入组规则。",
    "Rules of the ADRGs.",
)
CANDIDATES = SheetForm(
    "candidates",
    "细分组",
    "Candidates",
    (
        SheetColumn("seq", "规则序号", "Rule no.", "所属规则的序号。", "The number of its rule.", is_whole_number=True),
        SheetColumn(
            "order",
            "次序",
            "Order",
            "整数，在一条规则内不重复，按它从小到大判断。",
            "A whole number, once in a rule; candidates are tried by it.",
            is_whole_number=True,
        ),
        SheetColumn(
            "drg", "DRG", "DRG", "组编码，前三位是该规则的 ADRG，如 BB11。", "Begins with the rule's ADRG: BB11."
        ),
        SheetColumn(
            "condition",
            "条件",
            "Condition",
            "写法见“条件写法”，如 MCC、MCC 或 CC、无条件。",
            "Such as MCC, MCC 或 CC, 无条件.",
            max_length=4000,
        ),
    ),
    "每条规则的细分组，按次序判断，第一个符合的为结果。",
    "Candidates of each rule; the first that holds is the group.",
)
GROUPS = SheetForm(
    "groups",
    "病种组",
    "Groups",
    (
        SheetColumn("drg", "组编码", "Group", "每个组一行。", "One row per group."),
        SheetColumn("name", "名称", "Name", "组的名称。", "Name of the group.", False, max_length=200),
        SheetColumn(
            "weight",
            "权重",
            "Weight",
            "可空；最多六位小数。空白表示未知，不等于零。",
            "May be empty (unknown, not zero); six decimals at most.",
            False,
        ),
    ),
    "组的名称，以及（可选）权重。",
    "Names of the groups and, if you like, their weights.",
)
LISTS = SheetForm(
    "lists",
    "编码表",
    "Lists",
    (
        SheetColumn(
            "list",
            "表名",
            "List",
            "条件中引用的名称，不含空格；同名各行为一张表。",
            "The name conditions use, without blanks; rows with one name are one list.",
            max_length=80,
        ),
        SheetColumn("kind", "种类", "Kind", "诊断或手术。", "诊断 (diagnosis) or 手术 (procedure).", choices=KINDS),
        SheetColumn(*_CODE, "医保版编码。", "Code of the insurance edition."),
        _NAME,
    ),
    "条件中引用的编码表，一行一个编码。",
    "The lists that conditions test, one code a row.",
)
VALID = SheetForm(
    "valid",
    "有效手术",
    "Valid operations",
    (SheetColumn(*_CODE, "医保版手术操作编码。", "Procedure code of the insurance edition."), _NAME),
    "算作手术的编码，条件“主要手术有效”等用它判断。",
    "Codes that count as an operation, for tests such as 主要手术有效.",
)
SEVERITY = SheetForm(
    "severity",
    "并发症",
    "Complications",
    (
        SheetColumn(*_CODE, "医保版诊断编码。", "Diagnosis code of the insurance edition."),
        SheetColumn("level", "级别", "Level", "MCC 或 CC。", "MCC or CC.", choices=SEVERITIES),
        SheetColumn(
            "table",
            "排除表号",
            "Exclusion table",
            "1 至 32767 的整数；与主要诊断的排除表号相同时不计。",
            "1 to 32767; does not count where the main diagnosis has the same number.",
            is_whole_number=True,
        ),
        _NAME,
    ),
    "严重并发症（MCC）和一般并发症（CC）。",
    "Major complications (MCC) and complications (CC).",
)
EXCLUSION = SheetForm(
    "exclusion",
    "排除表",
    "Exclusion tables",
    (
        SheetColumn(*_CODE, "作主要诊断的医保版编码。", "Diagnosis code, as main diagnosis."),
        SheetColumn("table", "排除表号", "Exclusion table", "1 至 32767 的整数。", "1 to 32767.", is_whole_number=True),
        _NAME,
    ),
    "主要诊断所属的排除表，一个编码至多一张。",
    "The exclusion table of each main diagnosis, at most one.",
)
TRAUMA = SheetForm(
    "trauma",
    "创伤部位",
    "Trauma sites",
    (
        SheetColumn(*_CODE, "医保版诊断编码。", "Diagnosis code of the insurance edition."),
        SheetColumn("site", "部位", "Site", "身体部位的名称，不同名称算不同部位。", "Name of the body site."),
        _NAME,
    ),
    "多发严重创伤（MDCZ）所用的部位；没有用到“创伤部位”条件的可以不要此表。",
    "Body sites of injuries; not needed where no condition counts them.",
    is_optional=True,
)
TRANSLATION = SheetForm(
    "translation",
    "编码转换",
    "Translation",
    (
        SheetColumn("kind", "种类", "Kind", "诊断或手术。", "诊断 (diagnosis) or 手术 (procedure).", choices=KINDS),
        SheetColumn("code", "原编码", "From", "临床版编码。", "Code of the clinical edition."),
        SheetColumn("target", "目标编码", "To", "医保版编码。", "Code of the insurance edition."),
    ),
    "临床版到医保版的编码转换；“方案”表中“编码转换沿用”已填写的，不要此表。",
    "Clinical to insurance edition; leave it out where 编码转换沿用 names a scheme.",
    is_optional=True,
)
SHEETS = (SCHEME, MDCS, RULES, CANDIDATES, GROUPS, LISTS, VALID, SEVERITY, EXCLUSION, TRAUMA, TRANSLATION)
HELP_SHEETS = ("填写说明", "条件写法", "检查结果")
