"""读取决策表: from YAML or CSV, with every mistake named and placed.

YAML::

    name: care.referral.direction
    version: "1"
    zh: 转诊去向
    en: Referral direction
    basis: 〔2024〕1号 第五条
    hit: unique                 # or first: rows are tried from top to bottom
    inputs:
      - {name: age_years, zh: 年龄, en: age, type: integer, unit: 岁, minimum: 0, maximum: 150}
      - {name: is_emergency, zh: 急诊, en: emergency, type: boolean}
    outputs:
      - {name: direction_code, zh: 去向, en: direction, type: code, choices: {up: 上转, stay: 留治}}
    rows:
      - {when: {age_years: "< 3"}, then: {direction_code: up}, basis: 第五条第一款}
      - {when: {age_years: ">= 3", is_emergency: true}, then: {direction_code: up}}
      - {when: {age_years: ">= 3", is_emergency: false}, then: {direction_code: stay}}

CSV: lines that begin with ``#`` hold the head (``#name,care.referral.direction``), then one line of columns, each an
input ``?age_years:integer:0..150:年龄:age``, an output ``!direction_code:code:up=上转/stay=留治:去向:direction``, or
``basis``; then the rows, one cell each.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sanyi.kernel import file_codes, rule_codes
from sanyi.kernel.decision_table.fields import Cell, TableField
from sanyi.kernel.decision_table.table import DecisionTable, TableRow
from sanyi.kernel.refusals import Refusal, RefusedError, refuse_if_any
from sanyi.kernel.yaml_lines import Located, read_yaml

_HEAD = ("name", "version", "zh", "en", "basis")
_FIELD_KEYS = frozenset(TableField.__dataclass_fields__)


@dataclass(slots=True)
class Draft:
    """草稿: a table as read, before its cells are understood. Rows are (line, when, then, basis)."""

    file: str
    head: dict[str, str] = field(default_factory=dict)
    inputs: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    outputs: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    rows: list[tuple[int, dict[str, Any], dict[str, Any], str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def wrong(self, line: int, mistake: str, advice: str, mistake_en: str, advice_en: str) -> None:
        """记下错误: with its line."""
        table = self.head.get("zh") or self.head.get("name") or Path(self.file).name
        refusal = rule_codes.TABLE_WRONG(
            table=table, mistake=mistake, advice=advice, mistake_en=mistake_en, advice_en=advice_en
        )
        self.refusals.append(refusal.at(file=self.file, line=line))


def load_table(path: Path) -> DecisionTable:
    """读取决策表: see ``DecisionTable.load``."""
    draft = _from_csv(path) if path.suffix == ".csv" else _from_yaml(path)
    for name in _HEAD:
        if not draft.head.get(name):
            draft.wrong(1, f"缺少 {name}", f"请补上，例如 {name}: ...", f"{name} is missing", f"Add {name}")
    hit = draft.head.get("hit", "unique")
    if hit not in ("unique", "first"):
        draft.wrong(1, f"hit 不能是“{hit}”", "请写 hit: unique 或 hit: first", f"hit {hit}", "Write unique or first")
    inputs = _fields(draft, draft.inputs, "输入", "inputs")
    outputs = _fields(draft, draft.outputs, "输出", "outputs")
    if any(one.type == "text" for one in inputs):
        draft.wrong(1, "输入不能是文字", "请用 code 并列出 choices", "an input is a text", "Use code with choices")
    refuse_if_any(draft.refusals)
    rows = tuple(_row(draft, row, inputs, outputs) for row in draft.rows)
    if not rows:
        draft.wrong(1, "没有任何行", "请至少写一行", "it has no rows", "Write at least one")
    refuse_if_any(draft.refusals)
    head = {name: draft.head[name] for name in _HEAD}
    return DecisionTable(
        **head, inputs=inputs, outputs=outputs, rows=rows, is_first_hit=hit == "first", file=draft.file
    )


def _fields(draft: Draft, written: list[tuple[int, dict[str, Any]]], zh: str, en: str) -> tuple[TableField, ...]:
    if not written:
        draft.wrong(1, f"没有{zh}栏", f"请至少写一个{zh}", f"it has no {en}", "Write at least one")
    found: list[TableField] = []
    for line, keys in written:
        unknown = keys.keys() - _FIELD_KEYS
        try:
            found.append(TableField(**{name: value for name, value in keys.items() if name not in unknown}))
        except (TypeError, ValueError) as error:
            draft.wrong(line, f"{zh}栏写法不对：{error}", "每栏要有 name、zh、en、type", f"{en}: {error}", "Mend it")
        if unknown:
            strange = "、".join(sorted(unknown))
            draft.wrong(line, f"不认识{strange}", "请删除或改正", f"{strange} is not known", "Remove or mend it")
    names = [one.name for one in found]
    for name in sorted({one for one in names if names.count(one) > 1}):
        draft.wrong(written[0][0], f"{zh}栏“{name}”重复", "请删除一个", f"{name} stands twice", "Remove one")
    return tuple(found)


def _row(
    draft: Draft,
    row: tuple[int, dict[str, Any], dict[str, Any], str],
    inputs: tuple[TableField, ...],
    outputs: tuple[TableField, ...],
) -> TableRow:
    line, when, then, basis = row
    for name in [*(when.keys() - {i.name for i in inputs}), *(then.keys() - {o.name for o in outputs})]:
        draft.wrong(line, f"没有“{name}”这一栏", "请改正栏名", f"there is no field {name}", "Mend the name")
    cells = tuple(_cell(draft, line, one, when.get(one.name)) for one in inputs)
    values = tuple(_output(draft, line, one, then.get(one.name)) for one in outputs)
    written = {name: "" if value is None else str(value) for name, value in {**when, **then}.items()}
    return TableRow(cells, values, written, basis, line)


def _cell(draft: Draft, line: int, one: TableField, written: Any) -> Cell:
    try:
        return one.cell(written)
    except ValueError:
        example = {"integer": "18..64", "date": ">= 2025-01-01", "boolean": "true"}.get(one.type, "甲|乙")
        draft.wrong(
            line,
            f"“{one.zh}”的条件“{written}”看不懂，或不在取值范围内",
            f"正确写法示例：{example}；{one.column().rule_text()}",
            f"the condition “{written}” on {one.en} cannot be read or lies outside its range",
            f"An example of right: {example}",
        )
        return one.domain


def _output(draft: Draft, line: int, one: TableField, written: Any) -> Any:
    value = written
    if one.type == "code" and value not in (one.choices or {}):
        value = next((code for code, name in (one.choices or {}).items() if name == written), written)
    if isinstance(written, str) and draft.file.endswith(".csv"):
        value = _typed(one, str(value))
    try:
        is_right = (isinstance(value, str) and value != "") if one.type == "text" else one.position(value) is not None
        if is_right or (value is None and one.may_be_missing):
            return value
    except ValueError:
        pass
    mistake = f"“{one.zh}”的结论“{'' if written is None else written}”不对"
    draft.wrong(line, mistake, f"应为{one.column().rule_text()}", f"{one.en} cannot be “{written}”", "Mend it")
    return value


def _typed(one: TableField, text: str) -> Any:
    """A cell of a CSV as a value of the field; an unreadable one stays text and is then refused."""
    try:
        if one.type == "integer":
            return int(text)
        if one.type == "date":
            return date.fromisoformat(text)
    except ValueError:
        return text
    if one.type == "boolean":
        return {"true": True, "是": True, "false": False, "否": False}.get(text.lower(), text)
    return text or None


def _from_yaml(path: Path) -> Draft:
    draft, root = Draft(str(path)), read_yaml(path)
    if not isinstance(root.value, dict):
        draft.wrong(root.line, "内容不是表", "请按说明书写 name、inputs、outputs、rows", "it is no table", "Mend it")
        return draft
    known = {*_HEAD, "hit", "inputs", "outputs", "rows"}
    for name, node in root.value.items():
        if name not in known:
            draft.wrong(
                node.line, f"不认识“{name}”", f"可写：{'、'.join(sorted(known))}", f"unknown {name}", "Remove it"
            )
    draft.head = {name: str(root.value[name].value) for name in (*_HEAD, "hit") if name in root.value}
    draft.inputs = [(node.line, node.plain()) for node in _mappings(draft, root, "inputs")]
    draft.outputs = [(node.line, node.plain()) for node in _mappings(draft, root, "outputs")]
    for node in _mappings(draft, root, "rows"):
        when, then, basis = (node.value.get(name) for name in ("when", "then", "basis"))
        parts = [part.plain() if part else {} for part in (when, then)]
        if not all(isinstance(part, dict) for part in parts) or node.value.keys() - {"when", "then", "basis"}:
            draft.wrong(
                node.line, "行的写法不对", "每行写 when、then 和可选的 basis", "a bad row", "Write when and then"
            )
        else:
            draft.rows.append((node.line, parts[0], parts[1], str(basis.value) if basis else ""))
    return draft


def _mappings(draft: Draft, root: Located, name: str) -> list[Located]:
    node = root.value.get(name)
    items = node.value if node is not None and isinstance(node.value, list) else []
    good = [item for item in items if isinstance(item.value, dict)]
    if not items or len(good) < len(items):
        line = node.line if node else root.line
        draft.wrong(line, f"{name} 应当是列表", f"请写 {name}: 和逐行内容", f"{name} should be a list", "Mend it")
    return good


def _from_csv(path: Path) -> Draft:
    draft = Draft(str(path))
    if not path.is_file():
        raise RefusedError(file_codes.FILE_MISSING(file=path.name).at(file=str(path)))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError(file_codes.FILE_NOT_UTF8().at(file=str(path))) from None
    columns: list[tuple[str, str]] = []
    reader = csv.reader(io.StringIO(text))
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if cells[0].startswith("#"):
            draft.head[cells[0].removeprefix("#").strip()] = ",".join(cells[1:]).strip(", ")
        elif not columns:
            columns = [_csv_column(draft, line, cell.strip()) for cell in cells]
        elif len(cells) != len(columns):
            draft.wrong(line, f"应有{len(columns)}格，实有{len(cells)}格", "请核对逗号", "wrong cell count", "Mend it")
        else:
            placed = list(zip(columns, (cell.strip() for cell in cells), strict=True))
            when = {name: cell for (kind, name), cell in placed if kind == "?"}
            then = {name: cell for (kind, name), cell in placed if kind == "!"}
            draft.rows.append((line, when, then, next((cell for (kind, _), cell in placed if kind == "b"), "")))
    return draft


def _csv_column(draft: Draft, line: int, written: str) -> tuple[str, str]:
    if written == "basis":
        return "b", "basis"
    parts = written[1:].split(":")
    if written[:1] not in ("?", "!") or len(parts) != 5:
        example = "?age_years:integer:0..150:年龄:age"
        draft.wrong(line, f"栏“{written}”写法不对", f"正确写法示例：{example}", f"bad column {written}", example)
        return "", written
    name, kind, limits, zh, en = parts
    keys: dict[str, Any] = {"name": name, "type": kind, "zh": zh, "en": en}
    if kind == "code":
        pairs = (pair.partition("=") for pair in limits.split("/"))
        keys["choices"] = {code: choice or code for code, _, choice in pairs}
    elif ".." in limits:
        one = TableField(name, zh, en, kind if kind in ("integer", "date") else "text")
        low, high = (_typed(one, bound) if bound else None for bound in limits.split("..", 1))
        keys |= {"minimum": low, "maximum": high}
    (draft.inputs if written[0] == "?" else draft.outputs).append((line, keys))
    return written[0], name
