"""A DIP catalogue from ten million stays of three years, on two cores, and scores for one year of them.

    .venv/bin/python -m benchmarks.dip [--stays N] [--scales 0.1,1] [--method percentile] [--folder DIR]

Stays are drawn in columns (diseases as unequal as in a prefecture, up to six diagnoses and three procedures, costs of a
lognormal shape whose width differs by disease) and written to Parquet; the time counts from reading the files to the
catalogue with its digest. Limit: 60 s for ten million. Seconds of a busy machine are no measure; the processor seconds
beside them hardly change.
"""

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

STAYS, SECONDS, YEAR, PIECE = 10_000_000, 60.0, 2025, 1_000_000
CODES_USED, PROCEDURES_USED, OTHERS_USED = 4_000, 3_000, 2_500


def main() -> int:
    """Print every figure with its ratio to the limit; 1 when it is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stays", type=int, default=STAYS)
    parser.add_argument("--scales", default="0.1,1")
    parser.add_argument("--method", default="percentile", choices=("none", "percentile"))
    parser.add_argument("--folder", help="where to keep the stays; a temporary folder when not given")
    options = parser.parse_args()
    print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
    print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
    seconds = {}
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as temporary:
        for scale in sorted(float(text) for text in options.scales.split(",")):
            count = round(options.stays * scale)
            folder = Path(options.folder or temporary) / f"stays-{count}"
            if not folder.exists():
                write(folder, count)
            seconds[scale] = measure(folder, count, options.method)
    largest = max(seconds)
    for scale, spent in seconds.items():
        print(f"{scale:g} × the stays: {spent:.2f} s, {spent / seconds[largest]:.3f} of {largest:g} ×")
    count = options.stays * largest
    ratio = seconds[largest] / SECONDS
    print(f"catalogue from {count:,.0f} stays: {ratio:.2f} of the limit of {SECONDS:.0f} s for {STAYS:,}")
    return int(ratio > 1)


def write(folder, count):
    """Stays of three years, a million to a file."""
    folder.mkdir(parents=True)
    for number, start in enumerate(range(0, count, PIECE)):
        drawn(min(PIECE, count - start), number).write_parquet(folder / f"{number:03d}.parquet", compression="zstd")


def drawn(count, seed):
    """One piece of stays, in columns."""
    import numpy as np
    import polars as pl

    from sanyi.insurance.dip.rules import reference

    chance, shape = np.random.default_rng([7, seed]), np.random.default_rng(7)
    mains = pl.Series(shape.permutation([f"{one}00" for one in sorted(reference.category_names())])[:CODES_USED])
    ranks = reference.procedure_ranks()
    procedures = pl.Series(shape.permutation(sorted(ranks))[:PROCEDURES_USED])
    others = pl.Series(shape.permutation([f"{one}00" for one in sorted(reference.category_names())])[:OTHERS_USED])
    weights = 1 / np.arange(1, CODES_USED + 1) ** 0.9
    disease = chance.choice(CODES_USED, count, p=weights / weights.sum())
    first = np.where(
        chance.random(count) < 0.6, -1, (disease * 5 + chance.integers(0, 5, count) ** 2) % PROCEDURES_USED
    )
    second = np.where((first >= 0) & (chance.random(count) < 0.35), (first + chance.integers(1, 9, count)), -1)
    third = np.where((second >= 0) & (chance.random(count) < 0.25), (first + chance.integers(9, 40, count)), -1)
    level, width = shape.normal(8.6, 0.6, CODES_USED), shape.uniform(0.25, 0.85, CODES_USED)
    extra = (first >= 0) * 0.5 + (second >= 0) * (second % 3) * 0.1
    number, age = chance.integers(0, 6, count), chance.integers(0, 95, count)
    old = (disease % 7 == 0) * (age >= 75) * 1.6  # some diseases are told apart by age
    yuan = np.exp(level[disease] + extra + old + number * 0.05 + chance.normal(0, 1, count) * width[disease])
    secondary = [
        picked(others, np.where(number > place, chance.integers(0, OTHERS_USED, count), -1)) for place in range(5)
    ]
    days = chance.integers(0, 3 * 365, count)
    return pl.DataFrame(
        {
            "discharged_on": (np.datetime64(f"{YEAR - 3}-01-01") + days).astype("datetime64[D]"),
            "tier": chance.choice(np.array([3, 2, 1, 0], dtype=np.int64), count, p=[0.4, 0.35, 0.2, 0.05]),
            "diagnosis_codes": joined([picked(mains, disease), *secondary]),
            "procedure_codes": joined([picked(procedures, one) for one in (first, second, third)]),
            "age_years": age,
            "length_of_stay_days": chance.integers(1, 30, count),
            "discharge_way_code": pl.Series(np.where(chance.random(count) < 0.01, "5", "1")),
            "total_fen": (yuan * 100).astype(np.int64) + 1,
        }
    )


def picked(texts, places):
    """Texts at places; null where the place is negative."""
    import polars as pl

    wanted = pl.Series(places)
    return texts.gather(pl.select(pl.when(wanted >= 0).then(wanted % texts.len())).to_series())


def joined(columns):
    """Texts side by side, joined by |; null where there is none."""
    import polars as pl

    text = pl.concat_str(*columns, separator="|", ignore_nulls=True)
    return pl.select(pl.when(text != "").then(text)).to_series()


def measure(folder, count, method):
    """Seconds from the files to the catalogue; scores of the last year's first piece are timed beside it."""
    import polars as pl

    from sanyi.insurance.dip.jobs import assign, build
    from sanyi.insurance.dip.rules.catalogue import Head
    from sanyi.insurance.dip.rules.options import Options

    options = Options.shipped(method)
    head = Head("benchmark", "1", "示范目录", "140800000000", f"{YEAR}-01-01")
    said, began, used = [], time.perf_counter(), time.process_time()
    report = lambda done, total, words: said.append((time.perf_counter() - began, words))  # noqa: E731
    built = build(pl.scan_parquet(folder / "*.parquet"), YEAR, options, head, report=report)
    digest = built.catalogue.digest
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    for (at, words), (until, _) in zip(said, [*said[1:], (seconds, "")], strict=True):
        print(f"  {words} {until - at:.2f} s")
    summary = built.summary
    print(
        f"{count:,} stays: {seconds:.2f} s ({processor:.2f} s of processor), {summary['core_count']:,} core and "
        f"{summary['mixed_count']:,} mixed rows, {summary['factor_count']:,} factors, core share "
        f"{summary['core_share_bp'] / 100:.2f} %, {summary['trimmed_count']:,} trimmed, digest {digest[:8]}, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB"
    )
    stays = pl.read_parquet(folder / "000.parquet")
    began = time.perf_counter()
    scored = assign(stays, built.catalogue)
    spent = time.perf_counter() - began
    print(f"  scores of {scored.height:,} stays: {spent:.2f} s, {scored['dip_row'].null_count():,} without a row")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
