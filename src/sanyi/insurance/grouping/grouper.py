"""分组器: groups a Polars frame, an Arrow table or one record; needs neither Django nor a database."""

from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np
import polars as pl
import pyarrow as pa

from sanyi.insurance.grouping.codes import MODE_UNKNOWN, SCHEME_UNKNOWN, Mode
from sanyi.insurance.grouping.engine import columns, compiled, library, outcome
from sanyi.insurance.grouping.engine.compiled import CompiledScheme
from sanyi.kernel.refusals import RefusedError


def schemes() -> pl.DataFrame:
    """分组方案目录: one row per scheme: scheme, name_zh, name_en, family, jurisdiction (12 digits)."""
    return library.table("scheme").select("scheme", "name_zh", "name_en", "family", "jurisdiction")


def load_scheme(scheme: str, mode: str = "strict") -> CompiledScheme:
    """The compiled scheme; ``RefusedError`` when there is none of that name."""
    if scheme not in library.scheme_rows():
        raise RefusedError(SCHEME_UNKNOWN(scheme=scheme, known="、".join(library.scheme_rows())))
    if mode not in set(Mode):
        raise RefusedError(MODE_UNKNOWN(mode=mode))
    return compiled.load(scheme, str(mode))


def group_frame(
    frame: pl.DataFrame,
    scheme: str = "chs_drg_11",
    mode: str = "strict",
    translate: bool = False,
    with_trace: bool = False,
) -> pl.DataFrame:
    """分组: the frame with the columns status, mdc, adrg and drg added (or replaced)."""
    chosen = load_scheme(scheme, mode)
    needed = [name for name in columns.ALL if name in frame.columns]
    outcomes = _outcomes(frame.select(needed).to_arrow(compat_level=pl.CompatLevel.oldest()), chosen, translate, with_trace)
    numbers = pl.Series(np.concatenate([part.numbers for part in outcomes]))
    texts = [
        pl.Series(name, column, dtype=pl.String).gather(numbers)
        for name, column in zip(outcome.RESULT_COLUMNS, chosen.outcome_texts, strict=True)
    ]
    return frame.with_columns(texts)


def _outcomes(table: pa.Table, scheme: CompiledScheme, translate: bool, with_trace: bool) -> list[outcome.Outcomes]:
    columns.check_columns(table.schema, scheme)
    parts = list(outcome.batches(table))
    if len(parts) == 1:
        return [outcome.run_batch(parts[0], scheme, translate, with_trace)]
    with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
        return list(pool.map(lambda part: outcome.run_batch(part, scheme, translate, with_trace), parts))
