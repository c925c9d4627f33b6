"""分组的 Spark 运行: one task for each row group of each file, the same kernel and the same pieces, so the same bytes.

Input and output lie where every executor can reach them (a shared folder). Into a single file the driver joins the
parts in order; into a folder the parts stay as they are, which suits a province.
"""

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.engine.batch import TEXT_RESULTS, Grouping
from sanyi.insurance.grouping.files.reading import copyable, open_source
from sanyi.insurance.grouping.files.running import Summary, group_file
from sanyi.insurance.grouping.files.writing import join_parts, open_target
from sanyi.kernel.file_codes import FILE_MISSING
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.runners.spark_tasks import run_spark_tasks


def group_file_on_spark(source: Path, target: Path, chosen: Grouping, *, only_results: bool = False) -> Summary:
    """分组 on Spark: ``source`` is a Parquet file or a folder of them, ``target`` a file or a folder for the parts."""
    files = _files(source)
    is_single = target.suffix.lower() == ".parquet"
    if target.suffix and not is_single:
        raise RefusedError(codes.ENGINE_NEEDS_PARQUET())
    folder = target.with_name(f".{target.name}.parts") if is_single else target
    try:
        folder.mkdir(parents=not is_single, exist_ok=False)
    except OSError as error:
        raise RefusedError(codes.TARGET_UNWRITABLE(file=str(folder))) from error
    try:
        parts = [(file, number) for file in files for number in range(pq.ParquetFile(file).num_row_groups)]
        if is_single and not parts:
            return group_file(files[0], target, chosen, only_results=only_results)
        tasks = [
            _task(file, number, folder / f"part-{place:06d}.parquet", chosen, only_results)
            for place, (file, number) in enumerate(parts)
        ]
        summary = Summary()
        for text in run_spark_tasks(group_part, tasks):
            found = json.loads(text)
            summary.stay_count += found["stay_count"]
            summary.status_counts.update(found["status_counts"])
        if is_single:
            made = sorted(folder.glob("part-*.parquet"))
            if all(copyable(file) for file in files):
                join_parts(made, target)
            else:
                _join(made, target, chosen.result_schema().names)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        if is_single:
            shutil.rmtree(folder, ignore_errors=True)
    return summary


def group_part(text: str) -> str:
    """One task, where Spark runs it."""
    task = json.loads(text)
    chosen = Grouping(task["scheme"], task["mode"], task["is_translated"], task["has_trace"])
    summary = group_file(
        Path(task["source"]),
        Path(task["target"]),
        chosen,
        only_results=task["only_results"],
        row_groups=[task["row_group"]],
    )
    return json.dumps({"stay_count": summary.stay_count, "status_counts": summary.status_counts})


def _task(source: Path, row_group: int, target: Path, chosen: Grouping, only_results: bool) -> str:
    return json.dumps({
        "source": str(source.resolve()), "row_group": row_group, "target": str(target.resolve()),
        "scheme": chosen.scheme, "mode": str(chosen.mode), "is_translated": chosen.is_translated,
        "has_trace": chosen.has_trace, "only_results": only_results,
    })  # fmt: skip


def _files(source: Path) -> list[Path]:
    """The Parquet files, all of one schema; refused before anything is started."""
    if not source.exists():
        raise RefusedError(FILE_MISSING(file=source.name))
    files = sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not files or any(file.suffix.lower() != ".parquet" for file in files):
        raise RefusedError(codes.ENGINE_NEEDS_PARQUET())
    schemas: list[pa.Schema] = []
    for file in files:
        with open_source(file) as found:
            schemas.append(found.schema)
    if any(schema != schemas[0] for schema in schemas):
        raise RefusedError(codes.FILES_DIFFER(folder=source.name))
    return files


def _join(parts: list[Path], target: Path, results: list[str]) -> None:
    with open_source(parts[0]) as first:
        schema = first.schema
    coded = tuple(TEXT_RESULTS.intersection(results))
    with open_target(target, schema, results) as write:
        for part in parts:
            with open_source(part, as_codes=coded) as found:
                for piece in found.pieces:
                    write(_with_short_codes(piece, coded))


def _with_short_codes(piece: pa.RecordBatch, coded: tuple[str, ...]) -> pa.RecordBatch:
    """Dictionaries as the grouper makes them, with codes of 16 bits."""
    short = pa.dictionary(pa.int16(), pa.string())
    names = piece.schema.names
    columns = [piece.column(name).cast(short) if name in coded else piece.column(name) for name in names]
    return pa.RecordBatch.from_arrays(columns, names=names)
