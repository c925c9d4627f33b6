"""Payment and package of one county-year: 60,000 stays, 2.5 million visits, 25 million lines; a tenth and ten times.

    .venv/bin/python -m benchmarks.payment [--scales 0.1,1] [--county 140830000000]

Facts are drawn in columns and written as Parquet, as the lake holds them; each scale is then measured in a process of
its own, so that its peak of memory is its own. Measured: sums of visits, settlement of the year, lines against their
settlements, a what-if from the visits already summed, and clearing of the package. Limits: 20 s and 3 GB for payment
and package together, 5 s for one what-if, on two cores. ``--scales 0.1,1,10`` leaves out the lines
of ten times unless ``--all-lines`` is given. Seconds of a busy machine are no measure; the processor seconds beside
them hardly change.
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
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

YEAR, SECONDS, GIGABYTES, WHAT_IF_SECONDS = 2025, 20.0, 3.0, 5.0
STAYS, VISITS, PERSONS, LINES_OF_STAY, LINES_OF_VISIT = 60_000, 2_500_000, 300_000, 250, 4
INSTITUTIONS = [f"H14083000{number:03d}" for number in range(1, 16)]
GROUP, CHUNK = "G14083000001", 500_000


def main() -> int:
    """Print every figure with its ratio to the limit; 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scales", default="0.1,1", help="0.1,1,10 takes long")
    parser.add_argument("--county", default="140830000000")
    parser.add_argument("--all-lines", action="store_true", help="lines beyond 1 ×, too: 250 million need 5 GB of disk")
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
            counts = written(Path(folder), scale, has_lines=scale <= 1 or options.all_lines)
            command = [sys.executable, "-m", "benchmarks.payment", "--measure", folder, "--county", options.county]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[scale] = shown(scale, counts, json.loads(out.splitlines()[-1]))
    return verdict(found)


def shown(scale: float, counts: dict[str, int], seconds: dict[str, float]) -> dict[str, float]:
    print(f"{scale:g} ×: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    for name, value in seconds.items():
        print(f"    {name}: {value:.2f}")
    return seconds


def verdict(found: dict[float, dict[str, float]]) -> int:
    base = found.get(1.0) or found[max(found)]
    for scale, seconds in sorted(found.items()):
        print(f"{scale:g} × the year: {seconds['whole s'] / base['whole s']:.2f} of 1 ×")
    ratios = {
        "year": (base["whole s"], SECONDS, "s"),
        "memory": (base["peak GB"], GIGABYTES, "GB"),
        "what-if": (base["what-if s"], WHAT_IF_SECONDS, "s"),
    }
    for name, (value, limit, unit) in ratios.items():
        print(f"{name}: {value:.2f} {unit}, {value / limit:.2f} of the limit of {limit:g} {unit}")
    return int(any(value > limit for value, limit, _ in ratios.values()))


def measured(folder: Path, county: str) -> dict[str, float]:
    """Seconds of each step in this process, the processor's seconds of all, and the peak of memory."""
    from sanyi.insurance import payment as topic
    from sanyi.insurance.payment import tables
    from sanyi.insurance.payment.jobs import YearFacts, check_lines, settle_year, sum_visits
    from sanyi.insurance.payment.rules.rule_set import RuleSet
    from sanyi.kernel.policy import PolicyBook

    rules = RuleSet.from_book(PolicyBook.load(Path(topic.__file__).parent / "policy"), county, YEAR)
    read = {name: pl.scan_parquet(folder / name / "*.parquet") for name in ("stays", "visits", "lines", "signed")}
    places = institutions(tables.INSTITUTION_PERIOD)
    seconds: dict[str, float] = {}
    began, processor = time.perf_counter(), time.process_time()

    def timed(name, run):
        start, spent = time.perf_counter(), time.process_time()
        result = run()
        seconds[name] = time.perf_counter() - start
        seconds[name.removesuffix(" s") + ", processor s"] = time.process_time() - spent
        return result

    sums = timed("visits s", lambda: sum_visits(read["visits"], read["signed"], places, rules))
    facts = YearFacts(read["stays"], places, visit_sums=sums, signed=read["signed"])
    result = timed("year s", lambda: settle_year(facts, rules))
    if (folder / "lines").exists():
        checked = timed("lines s", lambda: check_lines(read["lines"], read["stays"], read["visits"]))
        assert checked["differing_count"].sum() == 0
    timed("package s", lambda: cleared(result, county))
    seconds["whole s"] = time.perf_counter() - began
    seconds["processor s"] = time.process_time() - processor
    seconds["peak GB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    trial = rules.changed("rates", [{"rate_e6": 6_000_000_000}])
    timed("what-if s", lambda: settle_year(facts, trial))
    assert result.cases.height and result.visits["visit_count"].sum()
    return seconds


def cleared(result, county):
    """The package of the one consortium: its spending of the year charged, cleared and shared among its members."""
    from sanyi.insurance import package as topic
    from sanyi.insurance.package import jobs
    from sanyi.insurance.package.rules.package_rules import NAMES, PackageRules
    from sanyi.insurance.payment.rules.rule_set import plain
    from sanyi.kernel.policy import PolicyBook

    book, on = PolicyBook.load(Path(topic.__file__).parent / "policy"), date(YEAR, 1, 1)
    values = {name: plain(book.value(f"insurance.package.{name}", jurisdiction=county, on=on).value) for name in NAMES}
    rules = PackageRules(county, YEAR, values)
    rows = jobs.rows_of(jobs.charge(result.spend, {GROUP: 1}, (), rules), GROUP)
    actual = sum(row[-1] for row in rows)
    members = [
        {"code": code, "tier": "county" if number < 3 else "township", "inner_value_fen": 10**9, "cost_fen": 10**9}
        for number, code in enumerate(INSTITUTIONS)
    ]
    content = {
        "year": YEAR, "holder_code": GROUP, "holder_kind": "consortium", "budget_fen": actual + actual // 50,
        "adjustment_fen": 0, "deposit_fen": actual // 20, "score_e4": 900_000, "unreasonable_fen": 0, "advances": [],
        "spend": rows, "members": members, "rules": rules.plain(),
    }  # fmt: skip
    return jobs.clear_year(jobs.canonical(content))


def institutions(contract):
    rows = [
        {
            "institution_code": code,
            "starts_on": date(2020, 1, 1),
            "ends_on": None,
            "tier": 2 if number < 3 else 1,
            "consortium_code": GROUP,
            "has_tcm_hall": number % 2 == 0,
        }
        for number, code in enumerate(INSTITUTIONS)
    ]
    return pl.DataFrame(rows, schema=contract.polars_schema())


def written(folder: Path, scale: float, *, has_lines: bool) -> dict[str, int]:
    """Facts of a year; lines add up to their settlements."""
    chance = np.random.default_rng(7)
    stays = drawn_stays(chance, round(STAYS * scale))
    save(stays, folder / "stays", 0)
    save(drawn_signed(chance, round(PERSONS * scale)), folder / "signed", 0)
    line_count = save(lines_of(stays, LINES_OF_STAY), folder / "lines", 0) if has_lines else 0
    visit_count = round(VISITS * scale)
    for number, start in enumerate(range(0, visit_count, CHUNK), start=1):
        visits = drawn_visits(chance, start, min(CHUNK, visit_count - start), round(PERSONS * scale))
        save(visits, folder / "visits", number)
        line_count += save(lines_of(visits, LINES_OF_VISIT), folder / "lines", number) if has_lines else 0
    return {"stays": stays.height, "visits": visit_count, "lines": line_count}


def save(frame: pl.DataFrame, folder: Path, number: int) -> int:
    folder.mkdir(exist_ok=True)
    frame.write_parquet(folder / f"{number:04d}.parquet", compression="zstd", compression_level=1)
    return frame.height


def days(chance, count: int) -> pl.Series:
    return pl.Series(np.datetime64(f"{YEAR}-01-01") + chance.integers(0, 365, count)).cast(pl.Date)


def codes(chance, count: int, values: list[str]) -> pl.Series:
    return pl.Series(values).gather(chance.integers(0, len(values), count))


def persons(chance, count: int, whole: int) -> pl.Series:
    return "R" + pl.Series(chance.integers(0, whole, count)).cast(pl.String).str.pad_start(9, "0")


def numbered(letter: str, start: int, count: int) -> pl.Series:
    number = pl.int_range(start, start + count, eager=True).cast(pl.String).str.pad_start(12, "0")
    return letter + number


def drawn_stays(chance, count: int) -> pl.DataFrame:
    from sanyi.insurance.payment.tables import STAY_TO_PAY

    groups = [f"{letter}{kind}{tail}" for letter in "BDEFGHIKLNOR" for kind in "RSTUVWXZ" for tail in (11, 13, 15, 19)]
    weights = pl.DataFrame({"drg": groups, "weight_e6": chance.integers(200_000, 5_000_000, len(groups))})
    total = (chance.lognormal(13.0, 0.6, count)).astype(np.int64) + 20_000
    patient = total * chance.integers(15, 45, count) // 100
    length = chance.integers(1, 20, count)
    day = days(chance, count)
    frame = pl.DataFrame(
        {
            "institution_code": codes(chance, count, INSTITUTIONS),
            "settlement_id": numbered("S", 0, count),
            "person_id": persons(chance, count, max(count * 5, 1)),
            "insurance_type_code": codes(chance, count, ["310", "390", "390", "390"]),
            "is_insured_here": pl.Series(chance.random(count) > 0.03),
            "age_years": pl.Series(chance.integers(0, 90, count)),
            "admitted_on": day - pl.Series(length).cast(pl.Duration("ms")) * 86_400_000,
            "discharged_on": day,
            "length_of_stay_days": pl.Series(length),
            "department_code": codes(chance, count, ["A03.01", "A04.03", "A02", "A50", "A15"]),
            "is_day_surgery": pl.Series(chance.random(count) < 0.02),
            "main_diagnosis_code": codes(chance, count, ["I10.x00", "J18.900", "K35.900", "I63.900", "M51.200", "H25"]),
            "procedure_codes": codes(chance, count, ["", "", "47.0100", "13.4100x001", "54.1100"]),
            "drg": codes(chance, count, groups),
            "total_fen": total,
            "fund_payment_fen": total - patient,
            "other_fund_fen": np.zeros(count, dtype=np.int64),
            "patient_fen": patient,
            "refused_fen": np.zeros(count, dtype=np.int64),
        }
    ).join(weights, on="drg", how="left")
    missing = [pl.lit(None).alias(name) for name in STAY_TO_PAY.column_names if name not in frame.columns]
    return STAY_TO_PAY.conform(frame.with_columns(missing))


def drawn_visits(chance, start: int, count: int, whole: int) -> pl.DataFrame:
    from sanyi.insurance.payment.tables import VISIT_TO_PAY

    total = chance.integers(1_000, 40_000, count)
    fund = total * chance.integers(40, 80, count) // 100
    kinds = ["general", "general", "general", "chronic_special", "pharmacy", "day_tcm", "emergency"]
    frame = pl.DataFrame(
        {
            "institution_code": codes(chance, count, INSTITUTIONS),
            "settlement_id": numbered("V", start, count),
            "person_id": persons(chance, count, whole),
            "insurance_type_code": codes(chance, count, ["310", "390", "390", "390"]),
            "is_insured_here": pl.Series(chance.random(count) > 0.02),
            "is_outside_county": pl.Series(chance.random(count) < 0.05),
            "holder_code": pl.Series([None], dtype=pl.String).gather(np.zeros(count, dtype=np.int64)),
            "visit_kind": codes(chance, count, kinds),
            "visited_on": days(chance, count),
            "total_fen": total,
            "fund_payment_fen": fund,
            "other_fund_fen": np.zeros(count, dtype=np.int64),
            "patient_fen": total - fund,
        }
    )
    return VISIT_TO_PAY.conform(frame)


def drawn_signed(chance, count: int) -> pl.DataFrame:
    from sanyi.insurance.payment.tables import SIGNED_PERSON

    person = "R" + pl.int_range(count, eager=True).cast(pl.String).str.pad_start(9, "0")
    team = chance.integers(0, 120, count)
    frame = pl.DataFrame(
        {
            "team_code": pl.Series(team).cast(pl.String),
            "institution_code": pl.Series(INSTITUTIONS).gather(3 + team % 12),
            "person_id": person,
            "starts_on": pl.Series([date(YEAR, 1, 1)]).gather(np.zeros(count, dtype=np.int64)),
            "ends_on": pl.Series([date(YEAR, 12, 31)]).gather(np.zeros(count, dtype=np.int64)),
            "age_years": pl.Series(chance.integers(0, 90, count)),
            "is_chronic": pl.Series(chance.random(count) < 0.25),
        }
    ).filter(pl.Series(chance.random(count) < 0.7))
    return SIGNED_PERSON.conform(frame)


def lines_of(settlements: pl.DataFrame, count: int) -> pl.DataFrame:
    """So many lines for each settlement, the last takes what is left."""
    part = pl.col("total_fen") // count
    last = pl.col("total_fen") - part * (count - 1)
    given = settlements.select("institution_code", "settlement_id", _part=part, _last=last)
    each = pl.concat_list([pl.col("_part")] * (count - 1) + [pl.col("_last")])
    return given.select("institution_code", "settlement_id", amount_fen=each).explode("amount_fen")


if __name__ == "__main__":
    sys.exit(main())
