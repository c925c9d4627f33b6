"""指标表 (tables of indicators): name, unit, base value, target value, kind and collector of each row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sanyi.governance.policy.rules.lexicon import lexicon
from sanyi.governance.policy.rules.markers import THIRD, marker_of
from sanyi.governance.policy.rules.task_tables import Piece, is_indicator_head, read_head
from sanyi.governance.policy.rules.texts import narrow
from sanyi.governance.policy.rules.units import reads_as_unit_list


def read_indicator_table(rows: Sequence[tuple[int, int, tuple[str, ...]]]) -> list[Piece]:
    """读指标表: one piece for each indicator; its cells by role, several target columns as goal:2025, goal:2030."""
    pieces: list[Piece] = []
    roles: dict[int, str] = {}
    heads: dict[int, str] = {}
    domain = ""
    is_after_head = False
    for page, line, cells in rows:
        found = read_head(cells)
        if found and is_indicator_head(found):
            roles, heads, is_after_head = found, dict(enumerate(cells)), True
            continue
        named = _by_column(cells, roles, heads) if len(cells) == len(heads) else _by_content(cells, roles, heads)
        if not named.get("indicator"):
            if pieces and (is_after_head or _fills_gaps(pieces[-1], named)):
                _extend(pieces[-1], named)
            continue
        is_after_head = False
        domain = named.get("domain") or domain
        named["domain"] = domain
        pieces.append(_piece(named, page, line, len(pieces) + 1))
    return pieces


def _fills_gaps(piece: Piece, named: dict[str, str]) -> bool:
    """The rest of a row whose other cells stayed on the page before."""
    filled = {name for name, text in named.items() if text}
    return bool(filled - {"domain"}) and all(name == "domain" or not piece.cells.get(name) for name in filled)


def _extend(piece: Piece, named: dict[str, str]) -> None:
    """A row split by a page break goes on below the head printed again."""
    for name, text in named.items():
        piece.cells[name] = piece.cells.get(name, "") + text
    piece.units = piece.cells.get("units", "")


def _piece(named: dict[str, str], page: int, line: int, position: int) -> Piece:
    name = named["indicator"]
    marker = marker_of(name)
    number = position
    if marker is not None and marker.rank == THIRD and marker.number:
        number, name = marker.number, name[marker.length :]
    elif named.get("ordinal", "").strip(".、").isdigit():
        number = int(named["ordinal"].strip(".、"))
    name = re.sub(r"(?<=[\u4e00-\u9fff)）])[\u2460-\u2473*＊※]+$", "", name)
    named["indicator"] = name
    return Piece("indicator", name, page, line, row=number, title=name, units=named.get("units", ""), cells=named)


def _by_column(cells: Sequence[str], roles: dict[int, str], heads: dict[int, str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for index, cell in enumerate(cells):
        role = roles.get(index, "")
        if role in ("goal", "base"):
            named[f"{role}:{_year(heads[index])}"] = cell
        elif role and cell:
            named[role] = cell
    return named


def _year(head: str) -> str:
    found = re.search(r"20\d{2}", head)
    if found:
        return found.group()
    plan = re.search(r"十([三四五六])五", head)
    return {"三": "2020", "四": "2025", "五": "2030", "六": "2035"}[plan.group(1)] if plan else ""


def _by_content(cells: Sequence[str], roles: dict[int, str], heads: dict[int, str]) -> dict[str, str]:
    """A row that lost empty cells is read from its right end: collector, kind, target, base, unit, then the name."""
    rest = [cell for cell in cells if cell]
    named: dict[str, str] = {}
    if rest and reads_as_unit_list(rest[-1]) and "units" in roles.values():
        named["units"] = rest.pop()
    if rest and rest[-1] in lexicon().words["kinds"]:
        named["kind"] = rest.pop()
    columns = [(role, _year(heads[index])) for index, role in sorted(roles.items()) if role in ("base", "goal")]
    for role, year in reversed(columns):
        if len(rest) > 1 and (re.search(r"\d|/|—|平均", rest[-1])):
            named[f"{role}:{year}"] = rest.pop()
    if len(rest) > 1 and (rest[-1] in lexicon().unit_of or re.fullmatch(r"[%‰/\d万人元岁个]+", narrow(rest[-1]))):
        named["unit"] = rest.pop()
    if rest:
        named["indicator"] = rest.pop()
    if rest:
        named["domain"] = rest[-1]
    return named if any(name.startswith(("goal", "base")) for name in named) else {}
