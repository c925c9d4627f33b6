"""Grouping: stays per second from file to file, against a bare scan, in whole numbers, and one record at a time.

    .venv/bin/python -m benchmarks.grouping [--stays 2000000] [--without-tenfold] [--json FILE]

Trace-free output is the file of stays with status, MDC, ADRG and DRG: beside the key alone ("key and results"), or
beside every column of the input ("all columns kept", copied as they are stored). Full traces are a run of their own.

Every run is in a process of its own, so that its greatest memory is its own; what a process needs to start is not
counted ("after warm start"), the best of three runs counts. A bare scan reads the columns that the grouper reads:
Polars collects them, DuckDB adds them up; the faster one counts. ``--json`` keeps the figures for
``benchmarks.performance``, which writes them into docs/reference/performance.md.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

SCHEME = "chs_drg_11"
ROW_GROUP = 131_072
LEAST_PER_SECOND = 900_000
LEAST_CODED_PER_SECOND = 2_000_000
MOST_SCANS = 5.0
MOST_MB = 1024
MOST_TRACES_SECONDS = 10.0
MOST_RECORD_MS = 1.0
COLUMNS = ["case_id", "sex", "age", "age_days", "weight", "dx", "px"]


def codes(random: np.random.Generator, pool: np.ndarray, count: int) -> np.ndarray:
    """Codes as they occur: few often, many rarely."""
    places = np.minimum((random.pareto(0.6, count) * 40).astype(np.int64), len(pool) - 1)
    return random.permutation(pool)[places]


def joined(numbers: np.ndarray, counts: np.ndarray, texts: pl.Series) -> pl.Series:
    """Codes of each stay as one text."""
    ends = np.concatenate([[0], np.cumsum(counts)])
    lists = pa.LargeListArray.from_arrays(pa.array(ends), texts.gather(pl.Series(numbers - 1)).to_arrow())
    return pl.Series(pl.from_arrow(lists)).list.join("|")


def write_stays(path: Path, count: int) -> None:
    """A file of stays: five diagnoses on average, a procedure in half of them, one in 33 an infant."""
    from sanyi.insurance.grouping.engine import library

    definition = library.load(SCHEME)
    dx_texts, px_texts = library.table("dx_code")["code"], library.table("px_code")["code"]
    atoms = [atom for gate in definition.gates for clause in gate.condition for atom in clause]
    lists = [definition.lists[atom.list_id or 0] for atom in atoms if atom.field == "dx_main"]
    mains = np.unique(np.concatenate(lists))
    others = np.unique(np.concatenate([definition.cc.ids, definition.mcc.ids, mains]))
    random = np.random.default_rng(1)
    writer = None
    for start in range(0, count, ROW_GROUP):
        size = min(ROW_GROUP, count - start)
        dx_counts = 1 + np.minimum(random.poisson(4, size), 20)
        dx = codes(random, others, int(dx_counts.sum()))
        dx[np.concatenate([[0], np.cumsum(dx_counts)[:-1]])] = codes(random, mains, size)
        px_counts = np.where(random.random(size) < 0.45, 0, random.integers(1, 4, size))
        px = codes(random, definition.valid, int(px_counts.sum()))
        age = np.where(random.random(size) < 0.03, 0, random.integers(1, 95, size)).astype(np.int16)
        frame = pl.DataFrame({
            "case_id": np.arange(start, start + size), "sex": random.integers(1, 3, size).astype(np.int8), "age": age,
            "age_days": random.integers(0, 365, size).astype(np.int32),
            "weight": random.integers(900, 4000, size).astype(np.int32),
            "los": random.integers(1, 40, size).astype(np.int32), "dx": joined(dx, dx_counts, dx_texts),
            "px": joined(px, px_counts, px_texts),
        })  # fmt: skip
        infant = pl.col("age") == 0
        table = frame.with_columns(pl.when(infant).then(name).alias(name) for name in ("age_days", "weight")).to_arrow(
            compat_level=pl.CompatLevel.oldest()
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    assert writer is not None
    writer.close()


def write_repeated(path: Path, source: Path, times: int) -> None:
    """The same stays several times, row group by row group; quicker than drawing new ones."""
    file = pq.ParquetFile(source)
    with pq.ParquetWriter(path, file.schema_arrow, compression="zstd") as writer:
        for _ in range(times):
            for number in range(file.num_row_groups):
                writer.write_table(file.read_row_group(number), row_group_size=ROW_GROUP)


def write_coded(path: Path, source: Path) -> None:
    """The same stays with their codes as lists of whole numbers."""
    from sanyi.insurance.grouping import number_codes

    writer = None
    file = pq.ParquetFile(source)
    for number in range(file.num_row_groups):
        part = pl.from_arrow(file.read_row_group(number))
        assert isinstance(part, pl.DataFrame)
        table = number_codes(part).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    assert writer is not None
    writer.close()


Figures = dict[str, float]


def best(run: Callable[[], Any], times: int = 3) -> Figures:
    """Wall and processor seconds of the best of a few runs."""
    walls, processors = [], []
    for _ in range(times):
        wall, before = time.perf_counter(), os.times()
        run()
        walls.append(time.perf_counter() - wall)
        after = os.times()
        processors.append(after.user + after.system - before.user - before.system)
    return {"seconds": min(walls), "cpu_seconds": min(processors)}


def peak_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def case_files(path: Path, only_results: bool, times: int = 3) -> Figures:
    """File to file after a warm start: either the key and the results, or all columns of the input and the results."""
    from sanyi.insurance.grouping import warm_up
    from sanyi.insurance.grouping.files import group_file
    from sanyi.insurance.grouping.grouper import grouping

    warm_up(SCHEME)
    start_mb = peak_mb()
    chosen, out = grouping(SCHEME), path.with_name("out.parquet")
    found = best(lambda: group_file(path, out, chosen, only_results=only_results), times)
    return found | {"start_mb": start_mb, "peak_mb": peak_mb(), "out_mb": out.stat().st_size / 1e6}


def case_results(path: Path) -> Figures:
    """Key and results, free of traces."""
    return case_files(path, only_results=True)


def case_whole(path: Path) -> Figures:
    """All columns of the input and the results, free of traces."""
    return case_files(path, only_results=False)


def case_once(path: Path) -> Figures:
    """Key and results, once: for the comparison of sizes."""
    return case_files(path, only_results=True, times=1)


def case_polars(path: Path) -> Figures:
    """A bare scan by Polars."""
    return best(lambda: pl.scan_parquet(path).select(COLUMNS).collect())


def case_duckdb(path: Path) -> Figures:
    """A bare scan by DuckDB, which must touch every value; it need not keep them."""
    import duckdb

    numbers = ", ".join(f"sum({name})" for name in COLUMNS[:-2])
    query = f"select {numbers}, sum(strlen(dx)), sum(strlen(px)) from read_parquet('{path}')"
    with duckdb.connect() as connection:
        connection.sql("select 1").fetchall()
        return best(lambda: connection.sql(query).fetchall())


def case_traces(path: Path) -> Figures:
    """The full traces of 100,000 stays, file to file, and those of 200 in words."""
    from sanyi.insurance.grouping import explain, warm_up
    from sanyi.insurance.grouping.files import group_file
    from sanyi.insurance.grouping.grouper import grouping

    warm_up(SCHEME)
    frame = pl.read_parquet(path, n_rows=100_000)
    small = path.with_name("small.parquet")
    frame.write_parquet(small)
    chosen = grouping(SCHEME, with_trace=True)
    found = best(lambda: group_file(small, path.with_name("traced.parquet"), chosen))
    stays = frame.head(200).to_dicts()
    explain(stays[0], SCHEME)
    words = best(lambda: [explain(stay, SCHEME) for stay in stays], 1)
    return found | {"words_ms": words["cpu_seconds"] * 1000 / len(stays)}


def case_record(path: Path) -> Figures:
    """One record in process, in both modes."""
    from sanyi.insurance.grouping import group_record

    stays = pl.read_parquet(path, n_rows=2000).to_dicts()
    found = {}
    for mode in ("strict", "clean"):
        group_record(stays[0], SCHEME, mode)
        run = best(lambda mode=mode: [group_record(stay, SCHEME, mode) for stay in stays])  # type: ignore[misc]
        found[f"{mode}_ms"] = run["seconds"] * 1000 / len(stays)
    return found


CASES: dict[str, Callable[[Path], Figures]] = {
    name.removeprefix("case_"): case
    for name, case in list(globals().items())
    if name.startswith("case_") and name != "case_files"
}


def in_own_process(case: str, path: Path) -> Figures:
    """The figures of a case, run by a fresh Python."""
    command = [sys.executable, "-m", "benchmarks.grouping", "--case", case, "--path", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def measured(folder: Path, count: int, with_tenfold: bool) -> dict[str, Figures]:
    """All figures for so many stays, said while they come."""
    path, coded = folder / "stays.parquet", folder / "coded.parquet"
    write_stays(path, count)
    write_coded(coded, path)
    print(f"{count:,} stays, {path.stat().st_size / 1e6:.0f} MB, scheme {SCHEME}, best of three after warm start")
    found = {}
    for name, case, source, stays in (
        ("polars", "polars", path, count), ("duckdb", "duckdb", path, count), ("results", "results", path, count),
        ("whole", "whole", path, count), ("coded", "results", coded, count), ("traces", "traces", path, 100_000),
    ):  # fmt: skip
        found[name] = in_own_process(case, source)
        print(line(name, found[name], stays), flush=True)
    found["record"] = in_own_process("record", path)
    print(f"  one record: strict {found['record']['strict_ms']:.3f} ms, clean {found['record']['clean_ms']:.3f} ms")
    for scale in (0.1, 1, 10) if with_tenfold else (0.1, 1):
        source, stays = folder / f"{scale}.parquet", int(count * scale)
        if scale < 1:
            write_stays(source, stays)
        else:
            write_repeated(source, path, int(scale))
        name = f"scale_{scale:g}"
        found[name] = in_own_process("once", source) | {"stays": stays}
        print(line(f"key and results, {scale:g} × the stays", found[name], stays), flush=True)
        source.unlink()
    return found


def line(name: str, figures: Figures, stays: int) -> str:
    """One figure as it is printed."""
    seconds = figures["seconds"]
    memory = f", peak {figures['peak_mb']:.0f} MB" if "peak_mb" in figures else ""
    rate = stays / seconds
    return f"  {name:<34}{seconds:8.3f} s {figures['cpu_seconds']:8.2f} cpu-s {rate:>12,.0f} stays/s{memory}"


def verdicts(found: dict[str, Figures], count: int) -> list[tuple[str, str, str, bool]]:
    """Each promise: what, measured, limit, whether it is kept."""
    scan = min(found["polars"]["seconds"], found["duckdb"]["seconds"])
    per_second, whole = (count / found[name]["seconds"] for name in ("results", "whole"))
    coded = count / found["coded"]["seconds"]
    scans, whole_scans = (found[name]["seconds"] / scan for name in ("results", "whole"))
    traces = found["traces"]["seconds"]
    memory = max(figures.get("peak_mb", 0.0) for figures in found.values())
    record = max(found["record"].values())
    rows = [
        ("stays per second, file to file, key and results, trace-free", f"{per_second:,.0f}",
         f"≥ {LEAST_PER_SECOND:,}", per_second >= LEAST_PER_SECOND),
        ("stays per second, file to file, all columns kept, trace-free", f"{whole:,.0f}", f"≥ {LEAST_PER_SECOND:,}",
         whole >= LEAST_PER_SECOND),
        ("times a bare scan, key and results", f"{scans:.1f}", f"≤ {MOST_SCANS:.0f}", scans <= MOST_SCANS),
        ("times a bare scan, all columns kept", f"{whole_scans:.1f}", f"≤ {MOST_SCANS:.0f}",
         whole_scans <= MOST_SCANS),
        ("greatest memory of any run, MB", f"{memory:,.0f}", f"≤ {MOST_MB:,}", memory <= MOST_MB),
        ("integer-coded stays per second, file to file", f"{coded:,.0f}", f"≥ {LEAST_CODED_PER_SECOND:,}",
         coded >= LEAST_CODED_PER_SECOND),
        ("full traces of 100,000 stays, seconds", f"{traces:.2f}", f"≤ {MOST_TRACES_SECONDS:.0f}",
         traces <= MOST_TRACES_SECONDS),
        ("one record in process, ms", f"{record:.3f}", f"≤ {MOST_RECORD_MS:.0f}", record <= MOST_RECORD_MS),
    ]  # fmt: skip
    if "scale_10" in found:
        small, large = found["scale_1"], found["scale_10"]
        growth = large["cpu_seconds"] / small["cpu_seconds"]
        rows.append(("processor time for ten times the stays", f"{growth:.1f} ×", "≤ 12 ×", growth <= 12))
        memories = large["peak_mb"] / small["peak_mb"]
        rows.append(("memory for ten times the stays", f"{memories:.2f} ×", "≤ 1.3 ×", memories <= 1.3))
    return rows


def main() -> int:
    """Print all figures and the promises they keep or break."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=int, default=2_000_000)
    parser.add_argument("--without-tenfold", action="store_true", help="leave out the run over ten times the stays")
    parser.add_argument("--json", type=Path, help="keep the figures here")
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        print(json.dumps(CASES[options.case](options.path)))
        return 0
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as name:
        found = measured(Path(name), options.stays, not options.without_tenfold)
    rows = verdicts(found, options.stays)
    for what, value, limit, is_kept in rows:
        print(f"  {'kept  ' if is_kept else 'BROKEN'} {what}: {value} ({limit})")
    if options.json:
        options.json.write_text(json.dumps({"stays": options.stays, "figures": found, "promises": rows}))
    return 0 if all(is_kept for *_, is_kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
