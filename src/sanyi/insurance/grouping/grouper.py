"""分组器: groups a Polars frame, an Arrow table or one record; needs neither Django nor a database."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any

import polars as pl

from sanyi.insurance.grouping.codes import MODE_UNKNOWN, SCHEME_UNKNOWN, Mode
from sanyi.insurance.grouping.engine import columns, compiled, library, native
from sanyi.insurance.grouping.engine import package as packages
from sanyi.insurance.grouping.engine.batch import Grouping, batches
from sanyi.insurance.grouping.engine.compiler import UncompilableError
from sanyi.insurance.grouping.engine.explanation import Line, explain_record
from sanyi.insurance.grouping.engine.record import GroupedRecord, group_one
from sanyi.kernel.later import pyarrow as pa
from sanyi.kernel.policy import PolicyValue
from sanyi.kernel.refusals import RefusedError


def schemes() -> pl.DataFrame:
    """分组方案目录: one row per scheme: scheme, name_zh, name_en, family, jurisdiction (12 digits); imported too."""
    shipped = library.table("scheme").select("scheme", "name_zh", "name_en", "family", "jurisdiction")
    heads = [(key, found.head) for key in packages.imported_keys() if (found := packages.package(key)) is not None]
    rows = [
        (key, f"{head.name_zh} {head.version}", f"{head.name_en} {head.version}", head.family, head.jurisdiction)
        for key, head in heads
    ]
    return pl.concat([shipped, pl.DataFrame(rows, schema=shipped.schema, orient="row")]) if rows else shipped


def grouping(scheme: str, mode: str = Mode.STRICT, translate: bool = False, with_trace: bool = False) -> Grouping:
    """A checked choice of scheme and mode; ``RefusedError`` when there is none of that name."""
    if not library.is_known(scheme):
        raise RefusedError(SCHEME_UNKNOWN(scheme=scheme, known="、".join(library.scheme_rows())))
    if mode not in set(Mode):
        raise RefusedError(MODE_UNKNOWN(mode=mode))
    return Grouping(scheme, str(mode), translate, with_trace)


def compile_problem(found: packages.SchemePackage) -> str:
    """编译检查: what keeps a package from being compiled, in a few words; empty when nothing does."""
    try:
        compiled.compile_definition(packages.definition_of(found, library.load))
    except UncompilableError as error:
        return str(error)
    return ""


def group(
    data: pa.Table | pl.DataFrame | pl.LazyFrame,
    scheme: str = "chs_drg_11",
    mode: str = Mode.STRICT,
    *,
    translate: bool = False,
    with_trace: bool = False,
) -> pa.Table | pl.DataFrame:
    """分组: an Arrow table to an Arrow table, a Polars frame or lazy frame to a frame; see ``group_frame``."""
    if isinstance(data, pa.Table):
        return group_table(data, scheme, mode, translate, with_trace)
    return group_frame(data, scheme, mode, translate, with_trace)


def group_frame(
    frame: pl.DataFrame | pl.LazyFrame,
    scheme: str = "chs_drg_11",
    mode: str = Mode.STRICT,
    translate: bool = False,
    with_trace: bool = False,
) -> pl.DataFrame:
    """分组: the frame with status, mdc, adrg and drg added (or replaced), ``repairs`` in clean mode.

    Columns read: sex (1, 2, 男, 女), age (years), age_days, weight (grams), dx and px (codes, main first, separated by
    ``|`` or ``,``), and los, leaving, dept, icu_hours where the scheme asks for them. Raises ``RefusedError`` for a
    missing or unreadable column, an unknown scheme or mode. Every stay gets a status. A lazy frame is collected; files
    too large for the memory are for ``files.group_file``.
    """
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    needed = [name for name in columns.ALL if name in frame.columns]
    table = frame.select(_for_arrow(frame.schema, needed)).to_arrow(compat_level=pl.CompatLevel.oldest())
    results = pl.from_arrow(_results(table, grouping(scheme, mode, translate, with_trace)))
    assert isinstance(results, pl.DataFrame)
    return frame.with_columns(results.with_columns(pl.col(pl.Categorical).cast(pl.String)).get_columns())


def _for_arrow(schema: pl.Schema, names: list[str]) -> list[pl.Expr]:
    """The columns, numbers of 128 bits as those of 64: Arrow has none, and the grouper reads 32 bits at most."""
    least: dict[pl.DataType, int] = {pl.Int128(): -(2**63), pl.UInt128(): 0}
    return [
        pl.col(name).clip(least[schema[name]], 2**63 - 1).cast(pl.Int64) if schema[name] in least else pl.col(name)
        for name in names
    ]


def group_table(
    table: pa.Table,
    scheme: str = "chs_drg_11",
    mode: str = Mode.STRICT,
    translate: bool = False,
    with_trace: bool = False,
) -> pa.Table:
    """分组: the same for an Arrow table."""
    needed = [name for name in columns.ALL if name in table.column_names]
    results = _results(table.select(needed), grouping(scheme, mode, translate, with_trace))
    for name in results.column_names:
        column = results.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        place = table.schema.get_field_index(name)
        table = table.append_column(name, column) if place < 0 else table.set_column(place, name, column)
    return table


def number_codes(frame: pl.DataFrame) -> pl.DataFrame:
    """编码数字化: ``dx`` and ``px`` as lists of whole numbers, which every scheme reads without splitting texts again.

    Numbers are those of the shipped dictionary; store ``data_digest()`` beside them. A code no scheme knows is 0.
    """
    columns_of = []
    for kind in ("dx", "px"):
        texts = frame.select(kind).to_arrow(compat_level=pl.CompatLevel.oldest()).column(0).combine_chunks()
        ids, ends = columns.numbered_codes(texts, kind)
        lists = pa.LargeListArray.from_arrays(pa.array(ends), pa.array(ids), mask=texts.is_null())
        columns_of.append(pl.Series(kind, pl.from_arrow(lists)))
    return frame.with_columns(columns_of)


def group_record(
    record: Mapping[str, Any], scheme: str = "chs_drg_11", mode: str = Mode.STRICT, translate: bool = False
) -> GroupedRecord:
    """单条分组: one record with the columns of a frame as keys; ``dx`` and ``px`` may also be lists of codes."""
    return group_one(record, grouping(scheme, mode, translate))


def explain(
    record: Mapping[str, Any],
    scheme: str = "chs_drg_11",
    mode: str = Mode.STRICT,
    translate: bool = False,
    weight_table: PolicyValue | None = None,
    grouped: GroupedRecord | None = None,
) -> tuple[Line, ...]:
    """分组说明: why a record has its group, as lines with ``kind``, ``zh``, ``en`` and ``basis``.

    ``weight_table`` is the policy value ``insurance.grouping.weight_table`` of the county and day, else the table of
    the place that published the scheme; ``grouped`` is what ``group_record`` gave, where it has been asked already.
    """
    return explain_record(record, grouping(scheme, mode, translate), weight_table, grouped)


def warm_up(*names: str) -> None:
    """预热: compile the kernel and the named schemes (all when none is named) at install time, not at the first use.

    Raises ``RefusedError`` for an unknown scheme.
    """
    warm_up_kernel()
    for name in names or library.scheme_rows():
        _ = grouping(name).compiled


def warm_up_kernel() -> None:
    """预热内核: compile what tables need, or load what was compiled before; nothing where Numba is not to be used."""
    if not native.is_wanted():
        return
    native.load("kernel")
    native.load("code_splitter")
    scheme = next(iter(library.scheme_rows()))
    texts = {"dx", "px", "dept", "leaving"}
    schema = pa.schema([(name, pa.string() if name in texts else pa.int32()) for name in columns.ALL])
    empty = pa.RecordBatch.from_pylist([dict.fromkeys(columns.ALL)], schema=schema)
    grouping(scheme, translate=True, with_trace=True).results(empty)


def _results(table: pa.Table, chosen: Grouping) -> pa.Table:
    columns.check_columns(table.schema, chosen.compiled)
    parts = list(batches(table))
    if len(parts) == 1:
        return pa.Table.from_batches([chosen.results(parts[0])])
    with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
        return pa.Table.from_batches(list(pool.map(chosen.results, parts)))
