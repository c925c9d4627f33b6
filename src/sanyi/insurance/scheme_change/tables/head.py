"""方案首部: the items of the sheet 方案, one a row."""

from __future__ import annotations

from dataclasses import dataclass

from sanyi.insurance.scheme_change.tables.forms import YES_NO


@dataclass(frozen=True, slots=True)
class HeadItem:
    """方案项目: one row of the sheet 方案."""

    name: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    is_required: bool = True
    pattern: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_date: bool = False
    max_length: int = 80


TRIPLE = r"[^/]*/[^/]*/[^/]*"
HEAD = (
    HeadItem(
        "code",
        "方案代码",
        "Code",
        "小写字母开头，小写字母、数字、下划线，2 至 20 位，如 ruicheng_2026；不得与随附方案相同。",
        "Small letters, digits, underscores, 2 to 20; not that of a shipped scheme.",
        pattern=r"[a-z][a-z0-9_]{1,19}",
    ),
    HeadItem(
        "version",
        "版本号",
        "Version",
        "1 至 8 位小写字母、数字或点，如 1.0；内容改动后须换新版本号。",
        "1 to 8 small letters, digits or points; a changed content needs a new one.",
        pattern=r"[a-z0-9.]{1,8}",
    ),
    HeadItem("name_zh", "方案名称", "Chinese name", "中文名称。", "Name in Chinese."),
    HeadItem("name_en", "英文名称", "English name", "可空，空则用中文名称。", "May be empty.", False),
    HeadItem("family", "版本系列", "Family", "1.0、1.1 或 2.0 等。", "Such as 1.1.", max_length=8),
    HeadItem(
        "jurisdiction", "公布地", "Published by", "12 位区划代码。", "Area code of 12 digits.", pattern=r"[0-9]{12}"
    ),
    HeadItem(
        "starts_on",
        "拟执行日期",
        "To start on",
        "如 2026-01-01；实际启用日期以审批为准。",
        "Such as 2026-01-01; the approval decides.",
        is_date=True,
    ),
    HeadItem("ends_on", "拟停止日期", "To end on", "可空。", "May be empty.", False, is_date=True),
    HeadItem("document", "文件", "Document", "公布方案的文件。", "The document that publishes it.", max_length=200),
    HeadItem("basis", "依据", "Basis", "文号或条款。", "Number or clause.", max_length=200),
    HeadItem("url", "网址", "Address", "可空。", "May be empty.", False, max_length=200),
    HeadItem(
        "keeps_weights",
        "沿用现行权重表",
        "Keeps the weights",
        "是：本县现行权重表中同编码的组沿用原权重；否：只用“病种组”表中的权重。",
        "是: groups of the same code keep the county's weights; 否: the weights of the sheet 病种组 alone.",
        choices=YES_NO,
    ),
    HeadItem(
        "translation_of",
        "编码转换沿用",
        "Translation of",
        "随附方案的代码，如 chs_drg_11；空白则用“编码转换”表。",
        "Code of a shipped scheme; empty: the sheet 编码转换.",
        False,
        max_length=40,
    ),
    HeadItem(
        "retries",
        "逐个手术重试",
        "Tries procedures again",
        "是：不能入组且有多个手术时，逐个手术单独再试。",
        "是: an ungrouped stay is tried again with each further procedure alone.",
        choices=YES_NO,
    ),
    HeadItem(
        "failed_output",
        "校验不通过时",
        "Where the check fails",
        "MDC/ADRG/DRG，如 0000/00/0000；// 表示三项空白。",
        "MDC/ADRG/DRG, such as 0000/00/0000; // for three empty texts.",
        pattern=TRIPLE,
    ),
    HeadItem(
        "ungrouped_output",
        "无法入组时",
        "Where nothing fits",
        "MDC/ADRG/DRG，如 0000/00/0000。",
        "MDC/ADRG/DRG, such as 0000/00/0000.",
        pattern=TRIPLE,
    ),
)
