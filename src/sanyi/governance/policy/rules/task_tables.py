"""任务表 (task tables): rows of tables become items by what their cells hold, so that shifted cells do no harm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sanyi.governance.policy.rules.lexicon import lexicon
from sanyi.governance.policy.rules.markers import FIFTH, FIRST, SECOND, Marker, marker_of, split_inline
from sanyi.governance.policy.rules.numbers import chinese_number
from sanyi.governance.policy.rules.periods import reads_as_due
from sanyi.governance.policy.rules.texts import narrow
from sanyi.governance.policy.rules.units import reads_as_unit_list

HEAD_CELL_LENGTH_MAX = 16
HEADING_LENGTH_MAX = 30
_ENDS = "。;；:：!！?？.)）"


@dataclass(slots=True)
class Piece:
    """片段: a clause, item, row or indicator before numbering, or a paragraph that belongs to the one before."""

    kind: str
    text: str
    page: int
    line: int
    marker: Marker | None = None
    row: int = 0
    title: str = ""
    units: str = ""
    support: str = ""
    due: str = ""
    has_carried_units: bool = False
    repaired: str = ""
    cells: dict[str, str] = field(default_factory=dict)


def read_head(cells: Sequence[str]) -> dict[int, str]:
    """表头: column → role, when two cells or more name a column and none is long; empty when this is no head."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(len(cell) > HEAD_CELL_LENGTH_MAX for cell in filled):
        return {}
    roles = {index: role for index, cell in enumerate(cells) if cell and (role := column_role(cell))}
    values = set(roles.values())
    if len(roles) < 2 or len(roles) * 2 < len(filled):
        return {}
    return _settled(roles) if values & {"units", "content", "item", "indicator", "due", "goal", "main"} else {}


def _settled(roles: dict[int, str]) -> dict[int, str]:
    """单位 alone is a unit of measure beside indicators, and a responsible body beside tasks."""
    values = set(roles.values())
    is_indicators = "indicator" in values and bool(values & {"goal", "base", "unit"})
    if not is_indicators:
        roles = {
            at: {"unit": "units", "indicator": "item", "goal": "content", "domain": "main"}.get(role, role)
            for at, role in roles.items()
        }
    return roles


def column_role(cell: str) -> str:
    """栏目: what a cell of a head names, empty for none."""
    plain = re.sub(r"\(.*?\)|\s", "", narrow(cell))
    columns = lexicon().words["columns"]
    for role, names in columns.items():
        if plain in names:
            return str(role)
    if re.fullmatch(r"(?:20\d{2}|“?十.五”?(?:期?末)?)年?(?:年度)?(?:目标值?|规划值|预期值|计划值|指标值?)", plain):
        return "goal"
    if re.fullmatch(r"20\d{2}年?(?:实际|完成|现状|基期|基准|基线|基|底)?(?:值|数|水平|情况)?", plain):
        return "base"
    for role, names in columns.items():
        if any(len(name) >= 4 and name in plain for name in names):
            return str(role)
    return ""


def is_indicator_head(roles: dict[int, str]) -> bool:
    """指标表: a head with indicator names and their target values."""
    values = set(roles.values())
    return "indicator" in values and bool(values & {"goal", "base"})


@dataclass(slots=True)
class _Reader:
    roles: dict[int, str] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)
    """年度栏: columns of content that say what is to be reached by which year."""
    pieces: list[Piece] = field(default_factory=list)
    main: int = 0
    main_title: str = ""
    item: Marker | None = None
    item_title: str = ""
    units: str = ""
    support: str = ""
    row: int = 0
    is_after_break: bool = False
    problems: list[tuple[int, int, str]] = field(default_factory=list)


def read_task_table(
    rows: Sequence[tuple[int, int, tuple[str, ...]]], problems: list[tuple[int, int, str]], *, row_start: int = 0
) -> list[Piece]:
    """读任务表: rows of one or several pages; what was odd is appended to ``problems`` as (page, line, sentence)."""
    reader = _Reader(row=row_start, problems=problems)
    for page, line, cells in rows:
        roles = read_head(cells)
        if roles:
            reader.roles, reader.is_after_break = roles, bool(reader.pieces)
            years = {at: re.match(r"20\d{2}(?=年)", cells[at]) for at, role in roles.items() if role == "content"}
            reader.years = {at: found.group() for at, found in years.items() if found}
            continue
        _read_row(reader, page, line, _dated(reader, cells) if reader.years else cells)
        reader.is_after_break = False
    return reader.pieces


_UNIT_IN_NAME = re.compile(r"[(（](?P<unit>%|％|‰|/10万|人|个|家|所|张|元|岁|天)[)）]$")


def _dated(reader: _Reader, cells: tuple[str, ...]) -> tuple[str, ...]:
    """年度目标: 45 in the column 2025年 of a task named …比例（%） reads 2025年45%."""
    named = next((found for cell in cells if (found := _UNIT_IN_NAME.search(cell))), None)
    unit = named.group("unit") if named else ""
    result = []
    for index, cell in enumerate(cells):
        if index in reader.years and cell.strip("/—－-"):
            bare = re.fullmatch(r"([≥≤><约]?\d+(?:\.\d+)?)((?:以[上下内]|左右)?)", cell)
            cell = (
                f"{reader.years[index]}年{bare.group(1)}{unit}{bare.group(2)}"
                if bare
                else f"{reader.years[index]}年{cell}"
            )
        elif named and cell == named.string:
            cell = cell[: named.start()]
        result.append(cell)
    return tuple(result)


def _read_row(reader: _Reader, page: int, line: int, cells: tuple[str, ...]) -> None:
    heading = _heading_of_group(reader, cells)
    if heading is not None:
        reader.pieces += _first(reader, page, line, heading.printed, "".join(cells)[heading.length :])
        return
    read = list(_classified(reader, cells))
    names = {role for role, _ in read}
    made: list[Piece] = []
    ordinal = next((text for role, text in read if role == "ordinal"), "")
    for role, text in read:
        if role == "first":
            made += _first(reader, page, line, text, next((t for r, t in read if r == "main"), ""))
        elif role == "marked" and "ordinal" in names and (marker := marker_of(text)) and marker.rank == FIRST:
            made += _first(reader, page, line, marker.printed, text[marker.length :])
        elif role == "marked":
            made += _marked(reader, page, line, text)
        elif role == "content":
            made += _content(reader, page, line, text, names, made, ordinal)
        elif role == "main" and "first" not in names:
            is_second = bool(made) and made[-1].kind == "row"
            made += (
                _content(reader, page, line, text, names, made, ordinal)
                if is_second
                else _main(reader, page, line, text, names, ordinal)
            )
    if made and made[0].kind == "clause" and "units" in names and not names & {"marked", "content"}:
        made[0].kind, made[0].text = "item", made[0].title
    _attach(reader, read, made, page, line)
    reader.pieces += [piece for piece in made if piece not in reader.pieces]


def _heading_of_group(reader: _Reader, cells: tuple[str, ...]) -> Marker | None:
    """分组行: a row with nothing but （二）深化改革, in a table whose tasks have plain numbers, heads those below."""
    filled = [cell for cell in cells if cell]
    marker = marker_of(filled[0]) if len(filled) == 1 and len(filled[0]) <= HEADING_LENGTH_MAX else None
    is_numbered = "ordinal" in reader.roles.values()
    return marker if marker and is_numbered and marker.rank in (FIRST, SECOND) and marker.number else None


def _classified(reader: _Reader, cells: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    is_fitting = not reader.roles or len(cells) == max(reader.roles) + 1 or len(cells) >= len(reader.roles)
    has_first = has_ordinal = False
    for index, cell in enumerate(cells):
        if not cell:
            continue
        hint = reader.roles.get(index, "") if is_fitting else ""
        role = _cell_role(cell, hint, index, has_first=has_first)
        if role == "marked" and hint == "content" and has_ordinal:
            role = "content"
        has_first |= role in ("first", "ordinal")
        has_ordinal |= role == "ordinal"
        yield role, cell


def _cell_role(cell: str, hint: str, index: int, *, has_first: bool) -> str:
    plain = narrow(cell)
    if hint in ("person", "note"):
        return "ignored"
    if re.fullmatch(r"[一二三四五六七八九十]{1,3}[、.]?|\([一二三四五六七八九十]{1,3}\)", plain):
        return "first"
    if re.fullmatch(r"\d{1,3}[、.]?", plain) and index < 2 and hint not in ("due", "cycle"):
        return "ordinal"
    if hint in ("due", "cycle") or (hint not in ("main", "item", "units") and reads_as_due(cell)):
        return "due"
    if hint == "support":
        return "support"
    marker = marker_of(cell)
    if marker is not None and hint not in ("units",):
        return "marked"
    if reads_as_unit_list(cell) and (hint == "units" or index > 0 and not (hint == "main" and has_first)):
        return "units"
    if hint == "units" and len(cell) < 80:
        return "units"
    if hint in ("main", "item") and len(cell) <= 40 and ("。" not in cell[:-1]):
        return "main" if hint == "main" or has_first else "content"
    return "content"


def _first(reader: _Reader, page: int, line: int, text: str, title: str) -> list[Piece]:
    number = chinese_number(re.sub(r"[、.()（）]", "", text)) or 0
    if number == reader.main:
        if title and reader.main_title and title != reader.main_title:
            reader.problems.append(
                (page, line, f"主要任务{text}前后印作两个名称：“{reader.main_title[:30]}”“{title[:30]}”")
            )
        return []
    reader.main, reader.main_title, reader.item = number, title, None
    reader.units = reader.support = ""
    marker = Marker(SECOND if narrow(text).startswith("(") else FIRST, number, text, text, len(text))
    return [Piece("clause", title, page, line, marker, title=title)]


def _marked(reader: _Reader, page: int, line: int, text: str) -> list[Piece]:
    made: list[Piece] = []
    for part in split_inline(text, is_cell=True):
        marker = marker_of(part)
        if marker is None:
            if made or reader.pieces:
                (made or reader.pieces)[-1].text += part
            continue
        rest = part[marker.length :]
        if (
            marker.rank < FIFTH
            and reader.item is not None
            and marker.number == reader.item.number
            and (marker.rank == reader.item.rank and _alike(rest, reader.item_title))
        ):
            continue
        if marker.rank < FIFTH:
            if reader.item is not None and reader.units:
                pass
            reader.item, reader.item_title = marker, rest
        made.append(Piece("item", rest, page, line, marker))
    return made


def _alike(left: str, right: str) -> bool:
    return left.rstrip("。.") == right.rstrip("。.") or bool(left and right and (left in right or right in left))


def _content(
    reader: _Reader, page: int, line: int, text: str, names: set[str], made: list[Piece], ordinal: str
) -> list[Piece]:
    last = made[-1] if made else (reader.pieces[-1] if reader.pieces else None)
    goes_on = last is not None and last.text and last.text[-1] not in _ENDS
    if (
        not made
        and goes_on
        and not {"units", "due"} <= names
        and not names & {"marked", "first", "ordinal", "main"}
        and last is not None
    ):
        last.text += text
        return []
    if made and made[-1].kind == "clause" and "units" in names and "marked" not in names:
        made[-1].kind, made[-1].text = "item", made[-1].title
    if made and made[-1].kind in ("item", "row"):
        made[-1].title = made[-1].title or made[-1].text
        made[-1].text += ("" if not made[-1].text or made[-1].text[-1] in _ENDS else "：") + text
        return []
    if ordinal or "units" in names or reader.item is None and "main" not in names:
        if not ordinal and reader.item is not None and "first" not in names:
            return [_lost_number(reader, page, line, text)]
        is_same = not ordinal and "main" not in names and reader.row > 0 and "ordinal" in reader.roles.values()
        reader.row = reader.row if is_same else int(re.sub(r"\D", "", ordinal)) if ordinal else reader.row + 1
        title = reader.main_title if ordinal and "main" not in names else ""
        return [Piece("row", text, page, line, row=reader.row, title=title)]
    return [_lost_number(reader, page, line, text)]


def _lost_number(reader: _Reader, page: int, line: int, text: str) -> Piece:
    """失号: a cell under an item whose circled number was lost gets the next one by position."""
    return Piece("item", text, page, line, Marker(FIFTH, None, "", "", 0), repaired="序号缺失，按位置补上")


def _main(reader: _Reader, page: int, line: int, text: str, names: set[str], ordinal: str) -> list[Piece]:
    reader.main_title = text
    if "content" in names and not ordinal:
        return []
    reader.row = int(re.sub(r"\D", "", ordinal)) if ordinal else reader.row + 1
    return [Piece("row", text, page, line, row=reader.row, title=text)]


def _attach(reader: _Reader, read: list[tuple[str, str]], made: list[Piece], page: int, line: int) -> None:
    units = "；".join(text for role, text in read if role == "units")
    support = "；".join(text for role, text in read if role == "support")
    due = "，".join(text for role, text in read if role == "due")
    own_item = any(piece.kind == "row" or piece.marker and piece.marker.rank not in (FIRST, FIFTH) for piece in made)
    if units:
        reader.units, reader.support = units, support
    targets = [piece for piece in made if piece.kind in ("item", "row")]
    if not targets and (units or due) and reader.pieces:
        targets = [reader.pieces[-1]]
    for piece in targets:
        piece.units, piece.support = reader.units, support or reader.support
        piece.due = due or piece.due
        piece.has_carried_units = bool(reader.units) and not units and own_item
