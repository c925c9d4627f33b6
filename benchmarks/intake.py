"""Intake: a workbook of 50,000 settlement lists, received (a dry run), accepted into the lake; seconds and memory.

    .venv/bin/python benchmarks/intake.py [--rows 50000] [--known]

The lists are drawn by the generator of the demonstration county, with its share of rows that must be refused, and
written as Excel the way a hospital's program writes them. One process prepares an empty home (database, institutions)
and the file; another, fresh one receives and accepts it through the same services as the site. The peak is
printed of that whole process and of the intake itself, above what the program needs before the first row; the latter is
judged. With ``--known`` the patients
are registered beforehand, so that every certificate is found in the index of residents.
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
from pathlib import Path
from typing import Any

LIMIT_SECONDS, LIMIT_MB = 30.0, 300.0
SHORT, SEED, RESIDENTS, OFFICER = "ruicheng", 20250101, 400_000, "officer"


def main() -> int:
    """Print the figures and their ratios to the limits; 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--known", action="store_true", help="register the patients first")
    parser.add_argument("--step", choices=("prepare", "send"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        start()
        prepare(options.rows, options.known) if options.step == "prepare" else send()
        return 0
    print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        environment = {**os.environ, "SANYI_HOME": folder}
        command = [sys.executable, __file__, "--rows", str(options.rows), *(["--known"] if options.known else [])]
        subprocess.run([*command, "--step", "prepare"], check=True, env=environment)
        print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()), flush=True)
        sent = subprocess.run([*command, "--step", "send"], check=True, env=environment, stdout=subprocess.PIPE)
    return report(json.loads(sent.stdout.splitlines()[-1]), options.rows)


def start() -> None:
    """As `sanyi worker` starts."""
    from sanyi.web.memory import spare

    spare()
    os.environ["DJANGO_SETTINGS_MODULE"] = "sanyi.web.settings"
    import django

    django.setup()


# --- the first process -----------------------------------------------------------------------------------------------


def prepare(count: int, is_known: bool) -> None:
    """An empty county with its institutions, and the file."""
    import polars as pl
    from django.core.management import call_command

    from sanyi.demo import registering, sources, staff
    from sanyi.demo.settlement_lists import SettlementLists, as_form, as_sent
    from sanyi.demo.workbooks import workbook
    from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST

    call_command("migrate", verbosity=0)
    county = sources.county(SHORT, RESIDENTS, SEED)
    registering.register_places(county, lambda done, total: None)
    registering.register_organisations(county, lambda done, total: None)
    make_officer()
    doctors = staff.build(county.profile, county.institutions, county.departments, county.draws)
    writer, parts, height = SettlementLists(county, doctors), [], 0
    for chunk in county.chunks():
        if is_known:
            registering.register_residents(county, chunk)
        parts.append(writer.of(chunk.residents, chunk.stays))
        height += parts[-1].height
        if height >= count:
            break
    rows = as_sent(pl.concat(parts).head(count), county.profile, county.draws)
    path = Path(os.environ["SANYI_HOME"]) / "lists.xlsx"
    path.write_bytes(workbook(as_form(rows), SETTLEMENT_LIST.zh))
    print(f"file: {rows.height:,} rows, {rows.width} columns, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def make_officer() -> None:
    """Who sends the file and accepts it: intake asks for the right to do so."""
    from django.contrib.auth.models import User

    from sanyi.registry.access import services as access
    from sanyi.registry.organisations import services as organisations

    user = User.objects.create_user(OFFICER)
    access.grant_role(user, "insurance_officer", organisations.county_code(), by=access.SYSTEM)


# --- the second process ----------------------------------------------------------------------------------------------


def send() -> None:
    """Receives and accepts the file; the figures as JSON on the last line."""
    from django.contrib.auth.models import User

    from sanyi.exchange.intake import services as intake
    from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
    from sanyi.registry.access import services as access
    from sanyi.registry.organisations import services as organisations

    officer = access.actor_of_user(User.objects.get(username=OFFICER))
    path, sender = Path(os.environ["SANYI_HOME"]) / "lists.xlsx", organisations.county_code()
    found: dict[str, Any] = {"before": used()}
    with path.open("rb") as file:
        batch = intake.receive(file, SETTLEMENT_LIST.name, sender, by=officer, file_name=path.name, in_background=False)
    found |= {"received": used(), "rows": batch.row_count, "refused": batch.refused_count, "kept": batch.accepted_count}
    batch = intake.accept(batch, by=officer)
    found |= {"accepted": used(), "state": batch.state.value, "written": batch.written_count}
    print(json.dumps(found))


def used() -> dict[str, float]:
    """Wall and processor seconds so far, and the greatest memory so far in MB."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"wall": time.perf_counter(), "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024}


# --- figures ---------------------------------------------------------------------------------------------------------


def report(found: dict[str, Any], rows: int) -> int:
    before, received, accepted = found["before"], found["received"], found["accepted"]
    counts = f"{found['kept']:,} right, {found['refused']:,} refused; in the lake {found['written']:,}"
    print(f"rows {found['rows']:,}: {counts}")
    for name, first, last in (("receive (dry run)", before, received), ("accept", received, accepted)):
        print(
            f"{name}: {last['wall'] - first['wall']:.1f} s, processor {last['cpu'] - first['cpu']:.1f} s,"
            f" peak so far {last['peak']:.0f} MB"
        )
    seconds, peak = accepted["wall"] - before["wall"], accepted["peak"]
    print(f"both: {seconds:.1f} s = {seconds / LIMIT_SECONDS:.2f} of the limit of {LIMIT_SECONDS:.0f} s")
    print(f"processor of both: {accepted['cpu'] - before['cpu']:.1f} s")
    work = peak - before["peak"]
    print(f"peak of the process: {peak:.0f} MB = {peak / LIMIT_MB:.2f} of the limit of {LIMIT_MB:.0f} MB")
    print(f"of that the program before the first row {before['peak']:.0f} MB,")
    print(f"and the intake itself {work:.0f} MB = {work / LIMIT_MB:.2f} of the limit")
    is_whole = found["rows"] == rows and found["written"] == found["kept"] and found["state"] == "accepted"
    return int(seconds > LIMIT_SECONDS or work > LIMIT_MB or not is_whole)


if __name__ == "__main__":
    sys.exit(main())
