"""条款树 (the clause tree): paragraphs and rows under their markers, each with a stable address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sanyi.governance.policy.rules.indicator_tables import read_indicator_table
from sanyi.governance.policy.rules.markers import ANNEX, FIFTH, Marker, marker_of, split_inline, written
from sanyi.governance.policy.rules.numbering import Numbered, number_markers
from sanyi.governance.policy.rules.paragraphs import Outline, Paragraph, TableBlock, is_loose
from sanyi.governance.policy.rules.table_heads import with_joined_heads
from sanyi.governance.policy.rules.task_tables import Piece, is_indicator_head, read_head, read_task_table
from sanyi.governance.policy.rules.texts import shorten

TITLE_LENGTH_MAX = 48
_ANNEX = re.compile(r"(?P<printed>附(?:件|表)(?P<n>\d{0,2})[:：])(?P<title>[^：:。；;]{2,40})$")
"""附表: an annex with its title in one line, right above its table."""
_NOTE = re.compile(r"(?:附?注|备注|说明)\d?[:：]")
"""表注: what stands below a table explains it and is no clause."""
_LISTED = re.compile(r"[（(〔【](?:责任|牵头|主办|负责|实施)(?:单位|部门)[:：]")


@dataclass(slots=True, eq=False)
class Node:
    """节点: a clause with what the table or the paragraph said about it."""

    address: str
    parent: str
    rank: int
    printed: str
    title: str
    text: str
    page: int
    line: int
    kind: str
    repaired: str = ""
    piece: Piece | None = None
    children: list[Node] = field(default_factory=list)
    body: str = ""
    """正文: the text behind the title of a clause; for items the whole text."""


@dataclass(slots=True)
class Tree:
    """条款树: nodes in the order of the document; ``tail`` are the paragraphs behind the last clause."""

    nodes: list[Node] = field(default_factory=list)
    problems: list[tuple[int, int, str, str]] = field(default_factory=list)
    """问题: page, line, address, sentence."""

    def find(self, address: str) -> Node | None:
        """按地址查找."""
        return next((node for node in self.nodes if node.address == address), None)


def build_tree(blocks: Sequence[Paragraph | TableBlock], outline: Outline) -> Tree:
    """成树: from the first clause of the body on."""
    tree = Tree()
    odd: list[tuple[int, int, str]] = []
    pieces = _restored(_pieces(blocks, odd), outline)
    tree.problems += [(page, line, "", sentence) for page, line, sentence in odd]
    marked = [piece for piece in pieces if piece.marker is not None]
    numbered = number_markers([piece.marker for piece in marked if piece.marker])
    placed = {id(piece): (place, index) for index, (piece, place) in enumerate(zip(marked, numbered, strict=True))}
    addresses: dict[int, str] = {-1: ""}
    seen: set[str] = set()
    for piece in pieces:
        place, index = placed.get(id(piece), (None, -1))
        if piece.marker is not None and place is not None:
            _add_clause(tree, piece, place, index, addresses, seen)
        elif piece.kind in ("row", "indicator"):
            _add_row(tree, piece, seen)
        else:
            _add_text(tree, piece)
    _link(tree)
    return tree


def _pieces(blocks: Sequence[Paragraph | TableBlock], odd: list[tuple[int, int, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    row = 0
    for position, block in enumerate(blocks):
        if isinstance(block, TableBlock):
            rows = with_joined_heads(block.rows)
            heads = [roles for _, _, cells in rows if (roles := read_head(cells))]
            if any(is_indicator_head(roles) for roles in heads):
                pieces += read_indicator_table(rows)
            else:
                made = read_task_table(rows, odd, row_start=row)
                row = max((piece.row for piece in made), default=row)
                pieces += made
            continue
        named = _ANNEX.match(block.text)
        if named and position + 1 < len(blocks) and isinstance(blocks[position + 1], TableBlock):
            number = int(named.group("n") or 1)
            annex = Marker(ANNEX, number, named.group("n"), named.group("printed"), named.end("printed"))
            pieces.append(Piece("clause", named.group("title"), block.page, block.line, annex))
            continue
        if _NOTE.match(block.text):
            pieces.append(Piece("text", block.text, block.page, block.line))
            continue
        for index, part in enumerate(split_inline(block.text, is_cell=False)):
            marker = block.marker if block.marker and not index else marker_of(part)
            text = part[marker.length :] if marker else part
            pieces.append(Piece("clause" if marker else "text", text, block.page, block.line, marker))
    return pieces


def _restored(pieces: list[Piece], outline: Outline) -> list[Piece]:
    """目录补号: a heading that lost its number gets the one the table of contents prints for it."""
    entries = [(marker, entry[marker.length :]) for entry in outline.entries if (marker := marker_of(entry))]
    position = 0
    for piece in pieces:
        if piece.kind == "indicator" or piece.kind == "row":
            continue
        for index in range(position, len(entries)):
            marker, title = entries[index]
            if not title or not piece.text.startswith(title):
                continue
            if piece.marker is None:
                piece.marker, piece.kind = marker, "clause"
                piece.repaired = f"编号缺失，按目录补作“{marker.printed}”"
            position = index + 1
            break
    return pieces


def _add_clause(
    tree: Tree, piece: Piece, place: Numbered, index: int, addresses: dict[int, str], seen: set[str]
) -> None:
    marker = piece.marker
    assert marker is not None
    parent = addresses.get(place.parent, "")
    address = parent + written(marker.rank, place.number)
    if address in seen:
        copy = next(number for number in range(2, 99) if f"{address}〔{number}〕" not in seen)
        address = f"{address}〔{copy}〕"
    seen.add(address)
    addresses[index] = address
    title, body = _title_and_body(piece)
    repaired = piece.repaired or place.repaired
    tree.nodes.append(
        Node(
            address,
            parent,
            marker.rank,
            marker.printed,
            title,
            piece.text,
            piece.page,
            piece.line,
            piece.kind,
            repaired,
            piece,
            body=body,
        )
    )
    for sentence in (repaired, place.problem):
        if sentence:
            tree.problems.append((piece.page, piece.line, address, sentence))


def _title_and_body(piece: Piece) -> tuple[str, str]:
    text = piece.text
    if (
        (listed := _LISTED.search(text))
        and 2 <= listed.start() <= TITLE_LENGTH_MAX
        and "。" not in text[: listed.start()]
    ):
        return text[: listed.start()].rstrip("。.：:"), text[listed.start() :]
    if piece.title:
        return piece.title.rstrip("。.：:"), text
    found = re.match(rf"[^。；;]{{2,{TITLE_LENGTH_MAX}}}?(?:[。：]|\.(?!\d))", text)
    if found and piece.marker is not None and piece.marker.rank != FIFTH:
        return found.group().rstrip("。.：:"), text[found.end() :]
    if len(text) <= TITLE_LENGTH_MAX:
        return text.rstrip("。；;."), ""
    return shorten(text, TITLE_LENGTH_MAX), text


def _add_row(tree: Tree, piece: Piece, seen: set[str]) -> None:
    holder = next((node for node in reversed(tree.nodes) if node.kind == "clause"), None)
    base = holder.address if holder else ""
    name = f"{base}表{piece.row}"
    address = name
    copy = 2
    while address in seen:
        address = f"{name}-{copy}"
        copy += 1
    seen.add(address)
    title = piece.title or shorten(piece.text, TITLE_LENGTH_MAX)
    tree.nodes.append(
        Node(
            address,
            base,
            FIFTH + 1,
            "",
            title,
            piece.text,
            piece.page,
            piece.line,
            "indicator" if piece.kind == "indicator" else "item",
            piece.repaired,
            piece,
            body=piece.text,
        )
    )


def _add_text(tree: Tree, piece: Piece) -> None:
    text = (piece.marker.printed if piece.marker else "") + piece.text
    if not tree.nodes or is_loose(text):
        return
    node = next((node for node in reversed(tree.nodes) if node.kind == "clause"), tree.nodes[-1])
    node.text += "\n" + text
    node.body += ("\n" if node.body else "") + text


def _link(tree: Tree) -> None:
    by_address = {node.address: node for node in tree.nodes}
    for node in tree.nodes:
        holder = by_address.get(node.parent)
        if holder is not None and holder is not node:
            holder.children.append(node)


def first_clause(blocks: Sequence[Paragraph | TableBlock]) -> int:
    """正文起点: index of the block with which the body begins: the first marker numbered 1, or the first table."""
    for index, block in enumerate(blocks):
        if isinstance(block, TableBlock):
            return index
        marker = block.marker or marker_of(block.text)
        if marker and marker.number == 1 and marker.rank != ANNEX and not block.text.startswith("1.关于"):
            return index
    return len(blocks)
