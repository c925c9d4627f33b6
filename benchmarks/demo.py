"""Demonstration county: how fast it is made, how it grows, how long until it is ready.

    .venv/bin/python benchmarks/demo.py [--build] [--year]

Generator: residents and stays per second at 20,000, 200,000 and 1,000,000 residents, and peak memory.
With --year also the facts of a year with visits and claim lines, straight into a lake, at 30,000 and 300,000 residents.
With --build also the whole `sanyi demo --no-serve` at 20,000 residents, against its limit of 150 seconds.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_SECONDS = 150
SIZES = (20_000, 200_000, 1_000_000)


def measure(count: int) -> None:
    """One county in a process of its own, so that its peak memory is its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "sanyi.web.settings"
    os.environ.setdefault("SANYI_HOME", tempfile.mkdtemp(prefix="sanyi-benchmark-"))
    import django

    django.setup()
    from sanyi.demo import sources

    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    county = sources.county("laiyang", count, 20250101)
    prepared = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    people = stays = 0
    for chunk in county.chunks():
        people += chunk.residents.height
        stays += chunk.stays.height
    ended = time.perf_counter()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime - before.ru_utime
    print(
        f"{people:>9,} residents {stays:>9,} stays   prepare {prepared - began:5.1f} s   draw {ended - prepared:6.1f} s"
        f"   {people / (ended - prepared):>9,.0f} residents/s   cpu {cpu:5.1f} s"
        f"   peak {after.ru_maxrss / 1024:5.0f} MB (before {memory / 1024:.0f} MB)"
    )


def write_year(count: int) -> None:
    """All facts of a year into an empty lake, in a process of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "sanyi.web.settings"
    os.environ.setdefault("SANYI_HOME", tempfile.mkdtemp(prefix="sanyi-benchmark-"))
    import django

    django.setup()
    from sanyi.demo import year

    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        began = time.perf_counter()
        rows = year.write_year(folder, "ruicheng", count)
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:>9,} residents {rows} {seconds:6.1f} s {size:6.0f} MB peak {peak:5.0f} MB")


def build() -> bool:
    """The whole command on an empty home folder."""
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        home = Path(folder) / "home"
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sanyi.web.command_line", "demo", "--no-serve", "--residents", "20000"],
            check=True,
            env={**os.environ, "SANYI_HOME": str(home)},
        )
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 1e6
    ratio = seconds / LIMIT_SECONDS
    print(f"ready at 20,000 residents: {seconds:.0f} s = {ratio:.2f} of the limit; {size:.0f} MB on disk")
    return seconds <= LIMIT_SECONDS


def main() -> None:
    """Print the figures and the machine."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", action="store_true", help="also build a whole demonstration county")
    parser.add_argument("--year", action="store_true", help="also write the facts of a year into a lake")
    parser.add_argument("--one-year", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure(arguments.one)
        return
    if arguments.one_year:
        write_year(arguments.one_year)
        return
    print(f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    for count in SIZES:
        subprocess.run([sys.executable, __file__, "--one", str(count)], check=True)
    for count in (30_000, 300_000) if arguments.year else ():
        subprocess.run([sys.executable, __file__, "--one-year", str(count)], check=True)
    if arguments.build and not build():
        sys.exit(1)


if __name__ == "__main__":
    main()
