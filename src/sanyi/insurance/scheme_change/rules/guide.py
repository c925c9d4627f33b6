"""工作簿格式说明: the guide of the format, written from its declarations, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanyi.insurance.scheme_change.rules import conditions
from sanyi.insurance.scheme_change.tables.forms import SHEETS, SheetForm
from sanyi.insurance.scheme_change.tables.head import HEAD

_TEXTS = {
    "zh": {
        "title": "分组方案工作簿",
        "intro": "在“方案调整”页下载模板（填好的 CHS-DRG 1.1 版）或任一方案的工作簿，改动后上传。"
        "每个工作表第一行是列名；不要合并单元格，不要用公式；表和列的先后不限。编码一律用医保版，逐字比较。"
        "上传后在后台检查，一次列出全部问题，并给出标注过的原工作簿：各表末列“错误说明”写明每行的问题，就地改正后再上传即可，"
        "该列和“检查结果”表不读取。有错误的不导入，提示不影响导入。",
        "head": ("项目", "必填", "填写要求"),
        "columns": ("列", "必填", "可选值", "说明"),
        "conditions": "条件写法",
        "conditions_intro": "“ 或 ”连接几种情形，“ 且 ”连接同一情形中的各项检验，前后各一个空格；"
        "编码表名称前也要有空格。",
        "conditions_columns": ("写法", "含义"),
        "needed": ("必填", "可空", "不读取"),
        "optional": "（可以没有此表）",
    },
    "en": {
        "title": "Workbook of a grouping scheme",
        "intro": "Take the template (CHS-DRG 1.1 filled in) or the workbook of any scheme from the page 方案调整, "
        "change it and send it back. The first row of each sheet holds the names of the columns (Chinese, English or "
        "technical); no merged cells, no formulas; the order of sheets and columns does not matter. Codes are those of "
        "the insurance edition, compared letter by letter. The check runs in the background and lists everything at "
        "once; it also gives your own workbook back with a column 错误说明 behind the last one of each sheet and a "
        "first sheet 检查结果: correct it there and send it again (neither is read). Errors refuse the workbook, "
        "warnings do not.",
        "head": ("Item", "Needed", "What to write"),
        "columns": ("Column", "Needed", "Choices", "Meaning"),
        "conditions": "Conditions",
        "conditions_intro": "或 (or) joins cases, 且 (and) the tests of a case, with a blank before and after; "
        "a blank also stands before the name of a list.",
        "conditions_columns": ("Written", "Meaning"),
        "needed": ("yes", "may be empty", "not read"),
        "optional": " (may be left out)",
    },
}


def guide(language: str) -> str:
    """格式说明: in Markdown."""
    words: Mapping[str, Any] = _TEXTS[language]
    is_zh = language == "zh"
    lines = [f"# {words['title']}", "", str(words["intro"]), ""]
    for form in SHEETS:
        name = form.zh if is_zh else f"{form.zh} ({form.en})"
        lines += [f"## {name}{words['optional'] if form.is_optional else ''}", ""]
        lines += [form.help_zh if is_zh else form.help_en, ""]
        lines += _head(words, is_zh) if form.name == "scheme" else _columns(form, words, is_zh)
    lines += [f"## {words['conditions']}", "", str(words["conditions_intro"]), ""]
    lines += _table(words["conditions_columns"])
    lines += [f"| {_cell(text)} | {zh if is_zh else en} |" for text, zh, en in conditions.EXAMPLES]
    return "\n".join(lines) + "\n"


def _head(words: Mapping[str, object], is_zh: bool) -> list[str]:
    needed = words["needed"]
    assert isinstance(needed, tuple)
    lines = _table(words["head"])
    for item in HEAD:
        name = item.zh if is_zh else f"{item.zh} ({item.en})"
        told = item.help_zh if is_zh else item.help_en
        lines.append(f"| {name} | {needed[0 if item.is_required else 1]} | {_cell(told)} |")
    return [*lines, ""]


def _columns(form: SheetForm, words: Mapping[str, object], is_zh: bool) -> list[str]:
    needed = words["needed"]
    assert isinstance(needed, tuple)
    lines = _table(words["columns"])
    for column in form.columns:
        name = column.zh if is_zh else f"{column.zh} ({column.en})"
        need = needed[2 if not column.is_read else 0 if column.is_required else 1]
        choices = "、".join(zh for _, zh in column.choices)
        told = column.help_zh if is_zh else column.help_en
        lines.append(f"| {name} | {need} | {choices} | {_cell(told)} |")
    return [*lines, ""]


def _table(names: object) -> list[str]:
    assert isinstance(names, tuple)
    return [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
