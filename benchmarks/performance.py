"""Write docs/reference/performance.md: what the benchmarks measured, on what kind of machine, on which day.

    .venv/bin/python -m benchmarks.performance [--from FILE] [--stays 2000000] [--page FILE]

Runs ``benchmarks.grouping`` (about two minutes) and ``benchmarks.coding_check``; ``--from`` takes the figures that
``benchmarks.grouping --json`` has kept instead of measuring them again. Run it on a machine with nothing else to do.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "performance.md"
PACKAGES = ("polars", "pyarrow", "numpy", "numba", "duckdb")
RUNS = {
    "polars": "bare scan, Polars",
    "duckdb": "bare scan, DuckDB",
    "results": "file to file, key and results, trace-free",
    "whole": "file to file, all columns kept, trace-free",
    "coded": "file to file, integer-coded, key and results, trace-free",
    "traces": "100,000 stays with full traces, all columns kept",
}


def main() -> None:
    """Measure, or take what was measured, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="kept", type=Path, help="figures kept by benchmarks.grouping --json")
    parser.add_argument("--stays", type=int, default=2_000_000, help="fewer, to try whether all of it runs")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page is written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        kept = options.kept or Path(folder) / "grouping.json"
        if options.kept is None:
            measure = ["-m", "benchmarks.grouping", "--json", str(kept), "--stays", str(options.stays)]
            subprocess.run([sys.executable, *measure], cwd=ROOT, check=False)
        grouping = json.loads(kept.read_text())
    check = subprocess.run(
        [sys.executable, "-m", "benchmarks.coding_check"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if not check.stdout:
        sys.exit(check.stderr)
    options.page.write_text(page(grouping, check.stdout), encoding="utf-8")
    print(f"wrote {options.page}")


def page(grouping: dict[str, Any], check: str) -> str:
    """The whole page."""
    return "\n".join([
        "# Performance",
        "",
        "Written by `python -m benchmarks.performance`; do not edit. Figures of one machine are no promise for another",
        "one: ratios travel, seconds do not.",
        "",
        *machine(),
        "",
        "## Grouping",
        "",
        f"`python -m benchmarks.grouping`: {grouping['stays']:,} random stays, five diagnoses on average, scheme",
        "`chs_drg_11`, Parquet to Parquet, after a warm start, best of three; each run in a process of its own. A bare",
        "scan reads the columns that the grouper reads; the faster of Polars and DuckDB counts. **Trace-free output**",
        "is status, MDC, ADRG and DRG beside the key alone, or beside all columns of the input, copied as they lie.",
        "",
        "| Promise | Measured | Limit | |",
        "|---|---|---|---|",
        *(f"| {what} | {value} | {limit} | {'kept' if kept else '**broken**'} |"
          for what, value, limit, kept in grouping["promises"]),
        "",
        *runs(grouping),
        "",
        "### A tenth, once and ten times the stays",
        "",
        "Key and results, trace-free, one run each: time grows with the stays, memory does not.",
        "",
        *scales(grouping["figures"]),
        "",
        "## One record while it is coded",
        "",
        "`python -m benchmarks.coding_check`: milliseconds of processor time of one record; requests are whole ones,",
        "with sign-in, guard and answer, without the wire.",
        "",
        *(f"- {text}" for text in check.splitlines() if text and not text.startswith(("machine", "load"))),
        "",
    ])  # fmt: skip


def machine() -> list[str]:
    """What the figures were measured on; no name and no path of the machine."""
    measured_at = datetime.now(ZoneInfo("Asia/Shanghai"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"Measured on {measured_at:%Y-%m-%d} with {os.cpu_count()} processors ({processor()}) and {memory:.0f} GB of",
        f"memory, load {os.getloadavg()[0]:.1f}, {platform.system()}, Python {platform.python_version()}, {packages}.",
    ]


def processor() -> str:
    """The kind of processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def runs(grouping: dict[str, Any]) -> list[str]:
    """A row for each run."""
    rows = ["| Run | Seconds | Processor seconds | Stays per second | Peak MB |", "|---|---|---|---|---|"]
    for name, label in RUNS.items():
        found = grouping["figures"][name]
        stays = 100_000 if name == "traces" else grouping["stays"]
        peak = f"{found['peak_mb']:,.0f}" if "peak_mb" in found else ""
        seconds, spent = found["seconds"], found["cpu_seconds"]
        rows.append(f"| {label} | {seconds:.2f} | {spent:.2f} | {stays / seconds:,.0f} | {peak} |")
    record, traces = grouping["figures"]["record"], grouping["figures"]["traces"]
    rows += [
        "",
        f"One record in process: strict {record['strict_ms']:.3f} ms, clean {record['clean_ms']:.3f} ms; "
        f"its reasons in words {traces['words_ms']:.2f} ms.",
    ]
    return rows


def scales(figures: dict[str, Any]) -> list[str]:
    """Time and memory at a tenth, once and ten times the size."""
    rows = ["| Stays | Seconds | Processor seconds | Stays per second | Peak MB |", "|---|---|---|---|---|"]
    for name in ("scale_0.1", "scale_1", "scale_10"):
        if name in figures:
            found = figures[name]
            seconds, spent, rate = found["seconds"], found["cpu_seconds"], found["stays"] / found["seconds"]
            rows.append(f"| {found['stays']:,} | {seconds:.2f} | {spent:.2f} | {rate:,.0f} | {found['peak_mb']:,.0f} |")
    return rows


if __name__ == "__main__":
    main()
