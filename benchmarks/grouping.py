"""Grouping: stays per second from file to file, against a bare scan, in whole numbers, and one record at a time.

    .venv/bin/python benchmarks/grouping.py [--stays 2000000] [--scales] [--traces]

``--scales`` repeats the file run at 0.1, 1 and 10 times the size, each in a process of its own: time must grow with the
stays, memory must not. ``--traces`` adds the run with trace columns for 100,000 stays.
"""

import argparse
import json
import os
import platform
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
MUST_PER_SECOND = 300_000
AIM_PER_SECOND = 900_000
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


def best(name: str, count: int, run: Callable[[], Any], times: int = 3) -> float:
    """Wall seconds of the best of a few runs, printed with processor seconds."""
    walls, processors = [], []
    for _ in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        run()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    print(f"  {name:<44}{min(walls):8.3f} s {min(processors):8.3f} cpu-s {count / min(walls):>14,.0f} stays/s")
    return min(walls)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def files(path: Path, count: int) -> dict[str, float]:
    """The runs over one file."""
    from sanyi.insurance.grouping import warm_up
    from sanyi.insurance.grouping.engine import columns, outcome
    from sanyi.insurance.grouping.engine.batch import batches
    from sanyi.insurance.grouping.files import group_file
    from sanyi.insurance.grouping.grouper import grouping

    warm_up(SCHEME)
    chosen = grouping(SCHEME)
    out = path.with_name("out.parquet")
    whole = best("file to file, all columns kept", count, lambda: group_file(path, out, chosen))
    short = best("file to file, key and results", count, lambda: group_file(path, out, chosen, only_results=True))
    memory = peak_mb()
    scan = best(
        "bare scan of the same columns (Polars)", count, lambda: pl.scan_parquet(path).select(COLUMNS).collect()
    )
    table = pq.read_table(path, columns=COLUMNS).slice(0, 10 * ROW_GROUP)
    stays = [columns.stays_of(part, chosen.compiled, is_translated=False) for part in batches(table)]
    best("whole numbers only, one core", table.num_rows, lambda: [outcome.run(part, chosen.compiled) for part in stays])
    return {"whole": whole, "short": short, "scan": scan, "memory": memory, "count": count}


def record() -> float:
    """Milliseconds for one record."""
    from sanyi.insurance.grouping import group_record

    stay = {"sex": 2, "age": 88, "dx": "K22.301|K11.901|E11.900|I10.x05", "px": "96.0800x005"}
    group_record(stay, SCHEME)
    began = time.perf_counter()
    for _ in range(2000):
        group_record(stay, SCHEME)
    return (time.perf_counter() - began) / 2


def traces(path: Path) -> None:
    """Traces for 100,000 stays: as columns, and a part of them in words."""
    from sanyi.insurance.grouping import explain, group_frame

    frame = pl.read_parquet(path, n_rows=100_000)
    best("100,000 stays with trace columns", frame.height, lambda: group_frame(frame, SCHEME, with_trace=True), 2)
    stays = frame.head(500).to_dicts()
    best("500 explanations in words", 500, lambda: [explain(stay, SCHEME) for stay in stays], 1)


def scales(folder: Path, count: int) -> None:
    """Time and memory at a tenth, once and ten times the size, each in a fresh process."""
    print("\n  size          all columns  s per million   peak memory")
    for scale in (0.1, 1, 10):
        stays = int(count * scale)
        path = folder / f"stays-{stays}.parquet"
        write_stays(path, stays)
        code = f"import json; from benchmarks.grouping import *; print(json.dumps(files(Path({str(path)!r}), {stays})))"
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        found = json.loads(done.stdout.strip().splitlines()[-1])
        per_million = found["whole"] / stays * 1e6
        print(f"  {stays:>10,} {found['whole']:>10.2f} s {per_million:>13.3f} {found['memory']:>10.0f} MB")
        path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=int, default=2_000_000)
    parser.add_argument("--scales", action="store_true")
    parser.add_argument("--traces", action="store_true")
    options = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as name:
        folder = Path(name)
        path = folder / "stays.parquet"
        write_stays(path, options.stays)
        size = f"{options.stays:,} stays, {path.stat().st_size / 1e6:.0f} MB"
        print(f"{size}, scheme {SCHEME}, best of three after warm start")
        found = files(path, options.stays)
        print(f"  one record {record():.3f} ms")
        if options.traces:
            traces(path)
        rate = found["count"] / found["whole"]
        print(f"  all columns / bare scan {found['whole'] / found['scan']:.1f}×, results / bare scan "
              f"{found['short'] / found['scan']:.1f}×, peak memory {found['memory']:.0f} MB")  # fmt: skip
        print(f"  {rate / MUST_PER_SECOND:.2f} of what it must reach ({MUST_PER_SECOND:,}/s), "
              f"{rate / AIM_PER_SECOND:.2f} of its aim ({AIM_PER_SECOND:,}/s)")  # fmt: skip
        if options.scales:
            scales(folder, options.stays)
    sys.exit(0 if rate >= MUST_PER_SECOND else 1)


if __name__ == "__main__":
    main()
