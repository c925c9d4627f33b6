"""One what-if over a county-year of 60,000 stays whose visits are summed already; a tenth and ten times.

    .venv/bin/python -m benchmarks.what_if [--scales 0.1,1] [--county 140830000000]

The facts are those of ``benchmarks.payment``. Measured: a scenario of one change upon a base that was
settled before, which is held against the limit of 5 s on two cores; the same with the base settled, too; and one of
two changes, told apart step by step. Seconds of a busy machine are no measure; the processor seconds beside them
hardly change.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import payment as drawn
from benchmarks.payment import YEAR, institutions

SECONDS = 5.0


def main() -> int:
    """Print every figure with its ratio to the limit; 1 when it is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scales", default="0.1,1", help="0.1,1,10 takes long")
    parser.add_argument("--county", default="140830000000")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(Path(options.measure), options.county)))
        return 0
    print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
    print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
    found = {}
    for scale in (float(text) for text in options.scales.split(",")):
        with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
            stay_count = written(Path(folder), scale)
            command = [sys.executable, "-m", "benchmarks.what_if", "--measure", folder, "--county", options.county]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found[scale] = json.loads(out.splitlines()[-1])
        print(f"{scale:g} ×: {stay_count:,} stays")
        for name, value in found[scale].items():
            print(f"    {name}: {value:.2f}")
    base = found.get(1.0) or found[max(found)]
    for scale, seconds in sorted(found.items()):
        print(f"{scale:g} × the year: {seconds['one change s'] / base['one change s']:.2f} of 1 ×")
    print(
        f"one what-if: {base['one change s']:.2f} s, {base['one change s'] / SECONDS:.2f} of the limit of {SECONDS:g} s"
    )
    return int(base["one change s"] > SECONDS)


def written(folder: Path, scale: float) -> int:
    """Stays, visits and signed persons of a year, without their lines."""
    chance, persons = np.random.default_rng(7), round(drawn.PERSONS * scale)
    visit_count = round(drawn.VISITS * scale)
    drawn.save(drawn.drawn_signed(chance, persons), folder / "signed", 0)
    for number, start in enumerate(range(0, visit_count, drawn.CHUNK)):
        visits = drawn.drawn_visits(chance, start, min(drawn.CHUNK, visit_count - start), persons)
        drawn.save(visits, folder / "visits", number)
    return drawn.save(drawn.drawn_stays(chance, round(drawn.STAYS * scale)), folder / "stays", 0)


def measured(folder: Path, county: str) -> dict[str, float]:
    """Seconds and processor seconds of a scenario of one change and of one of two."""
    from sanyi.insurance import payment as topic
    from sanyi.insurance.payment import RuleSet, YearFacts, settle_year, tables
    from sanyi.insurance.payment.jobs import sum_visits
    from sanyi.insurance.what_if import jobs
    from sanyi.insurance.what_if.rules.applying import with_change
    from sanyi.insurance.what_if.rules.changes import Change
    from sanyi.kernel.policy import PolicyBook

    rules = RuleSet.from_book(PolicyBook.load(Path(topic.__file__).parent / "policy"), county, YEAR)
    read = {name: pl.scan_parquet(folder / name / "*.parquet") for name in ("stays", "visits", "signed")}
    places = institutions(tables.INSTITUTION_PERIOD)
    sums = sum_visits(read["visits"], read["signed"], places, rules)
    facts = YearFacts(read["stays"], places, visit_sums=sums, signed=read["signed"])
    base = settle_year(facts, rules)
    rate = with_change(rules, Change("insurance.payment.rates", (), [{"rate_e6": 6_000_000_000}]))
    both = with_change(rate, Change("insurance.payment.outlier", ("low_bp",), 3500))
    seconds: dict[str, float] = {}
    trials = (
        ("one change", [rate], base),
        ("one change and the base", [rate], None),
        ("two changes", [rate, both], base),
    )
    for name, steps, known in trials:
        began, processor = time.perf_counter(), time.process_time()
        kept = YearFacts(read["stays"].collect().lazy(), places, visit_sums=sums, signed=read["signed"])
        effect, _results = jobs.compute(kept, rules, steps, base_result=known)
        seconds[f"{name} s"] = time.perf_counter() - began
        seconds[f"{name}, processor s"] = time.process_time() - processor
        assert effect.summary["amount_changed_count"] > 0
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
