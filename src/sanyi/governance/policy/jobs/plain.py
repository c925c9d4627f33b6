"""纯文本 (txt): UTF-8, UTF-16 with a mark, or GB18030; cells are separated by tabs or by vertical bars."""

from __future__ import annotations

import re

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import FileFormat
from sanyi.governance.policy.jobs.sequence import Opened
from sanyi.governance.policy.tables import Problem
from sanyi.kernel.refusals import RefusedError


def open_txt(content: bytes, name: str) -> Opened:
    """打开纯文本: with line numbers of the file; form feeds begin new pages."""
    opened = Opened(FileFormat.TXT)
    text, is_damaged = decode(content, name)
    if is_damaged:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        opened.problems.append(
            Problem(
                "characters_lost",
                "warning",
                f"第{line}行起有字符无法识别，已跳过",
                f"Characters from line {line} on cannot be read and were left out.",
                0,
                line,
            )
        )
        text = text.replace("\ufffd", "")
    page, table, was_row = 1, 0, False
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        page += raw.count("\f")
        cells = _cells(raw.replace("\f", ""), was_row=was_row)
        if cells is None:
            opened.add_text(raw.replace("\f", ""), page if "\f" in text else 0)
            was_row = was_row and not raw.strip()
        elif any(cells):
            table += not was_row
            opened.add_row(cells, page if "\f" in text else 0, table)
            was_row = True
        else:
            opened.add_text("")
    opened.page_count = page if "\f" in text else 0
    return opened


def decode(content: bytes, name: str) -> tuple[str, bool]:
    """解码: the text, and whether characters were lost."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").lstrip("\ufeff"), False
    if b"\x00" in content:
        raise RefusedError(codes.FORMAT_UNKNOWN(name=name))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), False
        except UnicodeDecodeError:
            continue
    as_utf, as_gb = content.decode("utf-8", errors="replace"), content.decode("gb18030", errors="replace")
    text = min((as_utf, as_gb), key=lambda each: each.count("\ufffd"))
    return text.lstrip("\ufeff"), True


def _cells(raw: str, *, was_row: bool) -> tuple[str, ...] | None:
    """单元格: of a line with tabs or bars; None for text. A single tab in front of text is an indent."""
    barred = raw.strip()
    if barred.startswith("|") and barred.endswith("|") and barred.count("|") >= 3:
        if re.fullmatch(r"[|\s:\-—]+", barred):
            return ("",)
        return tuple(cell.strip() for cell in barred[1:-1].split("|"))
    if "\t" not in raw:
        return None
    if re.match(r"^[^\t]{2,60}\t+\d{1,3}\s*$", raw.strip()) and not was_row:
        return None
    if "\t" not in raw.strip() and not (was_row and raw.count("\t") >= 2):
        return None
    return tuple(cell.strip() for cell in raw.split("\t"))
