"""目录导入作业: what was read of a file, with the options of the county, to a catalogue like one that was built."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from sanyi.insurance.dip.codes import Origin
from sanyi.insurance.dip.rules.catalogue import Catalogue, Head
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.workbook import Draft, Sheet
from sanyi.insurance.dip.tables import CATALOGUE_ROW, DISEASE_FACTOR, DISEASE_MEAN

CSV_SHEET = "目录"
_ENCODINGS = ("utf-8-sig", "gb18030")


def csv_sheet(content: bytes, rows_max: int) -> Sheet | None:
    """csv 文件的内容: as one sheet; None when it is no text, or has more rows than allowed."""
    if b"\0" in content[:4096]:
        return None
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        rows: list[tuple[int, list[str | None]]] = []
        for number, cells in enumerate(csv.reader(io.StringIO(text)), start=1):
            if number > rows_max:
                return None
            rows.append((number, [cell or None for cell in cells]))
        return Sheet(CSV_SHEET, rows)
    return None


def catalogue_of(draft: Draft, head: Head, options: Options) -> Catalogue:
    """由文件成目录: the severity codes and rules of the file, where it has any, in place of those of policy."""
    own = replace(
        options,
        moderate_codes=tuple(sorted(set(draft.moderate))) or options.moderate_codes,
        severe_codes=tuple(sorted(set(draft.severe))) or options.severe_codes,
        step_rules=tuple(draft.rules) or options.step_rules,
    )
    rows = pl.DataFrame(_complete(draft.rows), schema=CATALOGUE_ROW.polars_schema(), orient="row")
    means = pl.DataFrame(draft.means, schema=DISEASE_MEAN.polars_schema(), orient="row")
    return Catalogue.of(replace(head, origin=Origin.IMPORTED.value), own, rows, means, DISEASE_FACTOR.empty())


def _complete(rows: Iterable[dict[str, object]]) -> list[tuple[object, ...]]:
    return [tuple(row.get(name) for name in CATALOGUE_ROW.column_names) for row in rows]
