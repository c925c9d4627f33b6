"""Indicators of one county-year: 300,000 residents, 60,000 stays; a tenth and ten times the stays; the pages.

    .venv/bin/python -m benchmarks.indicators [--residents N] [--stays N] [--scales 0.1,1,10]

Everything is computed by the service that the job calls: lake and registry in, stored values out, every node and
period. Stays are made in columns and written straight into a lake: as many in the year, as many in the year before
(growth needs them), a tenth of them outside the county. Limits: 10 s for the year on two cores, 300 ms for the page of
an indicator (median of whole requests without the wire). Seconds of a busy machine are no measure; the processor
seconds beside them hardly change.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

YEAR, YEAR_SECONDS, PAGE_MS, REQUESTS = 2025, 10.0, 300.0, 15
COUNTY, HOSPITAL, TCM, PLACE = "G14083000001", "H14083000001", "H14083000002", "140830000000"
PAGES = (
    "/indicators/inpatient.drug_share/?period=2025",
    "/indicators/inpatient.case_mix_index/?period=2025-06",
    "/indicators/?period=2025",
    "/indicators/targets/",
    "/indicators/gaps/?period=2025",
    "/indicators/comparison/?period=2025&code=inpatient.readmission_31_days",
)


def main() -> int:
    """Print every figure with its ratio to the limit; 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--residents", type=int, default=300_000)
    parser.add_argument("--stays", type=int, default=60_000)
    parser.add_argument("--scales", default="0.1,10,1", help="the last one is shown by the pages")
    options = parser.parse_args()
    scales = [float(text) for text in options.scales.split(",")]
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        os.environ |= {"SANYI_HOME": folder, "SANYI_COUNTY": PLACE, "DJANGO_SETTINGS_MODULE": "sanyi.web.settings"}
        print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
        print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
        prepare(options.residents)
        seconds = {scale: county_year(Path(folder) / f"lake-{scale}", round(options.stays * scale)) for scale in scales}
        for scale, spent in sorted(seconds.items()):
            print(f"{scale:g} × the stays: {spent:.2f} s, {spent / seconds[scales[-1]]:.2f} of {scales[-1]:g} ×")
        ratio = seconds.get(1.0, max(seconds.values())) / YEAR_SECONDS
        print(f"county-year: {ratio:.2f} of the limit of {YEAR_SECONDS:.0f} s")
        slowest = pages()
    print(f"slowest page: {slowest / PAGE_MS:.2f} of the limit of {PAGE_MS:.0f} ms")
    return int(ratio > 1 or slowest > PAGE_MS)


def prepare(residents):
    """The county with its institutions, a medical group and its residents."""
    from benchmarks.resident_search import fill

    fill(residents)
    from sanyi.registry.access import services as access
    from sanyi.registry.organisations import services as organisations

    hospitals = ((HOSPITAL, "county_hospital", "人民医院"), (TCM, "tcm_hospital", "中医医院"))
    rows = [
        {
            "code": code,
            "name": name,
            "kind": kind,
            "parent_id": COUNTY,
            "hospital_level": "2",
            "ownership": "government",
        }
        for code, kind, name in hospitals
    ]
    organisations.register_all(rows, by=access.SYSTEM)


def county_year(root, count):
    """Write the lake, compute the year, compute it again; the seconds of the first time."""
    from django.conf import settings

    from sanyi.governance.indicators import services as indicators
    from sanyi.governance.indicators.models import IndicatorValue

    settings.LAKE_ROOT = root
    write(count)
    began, spent = time.perf_counter(), time.process_time()
    found = indicators.computing.compute([YEAR])
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    began = time.perf_counter()
    again = indicators.computing.compute([YEAR])
    known = IndicatorValue.objects.filter(is_current=True, period=str(YEAR), node_code=COUNTY)
    whole, without = known.count(), known.filter(value_e6__isnull=True).count()
    print(
        f"{count:,} stays a year: {seconds:.2f} s ({processor:.2f} s of processor), {found['value_count']:,} values, "
        f"{whole - without} of {whole} indicators computed; again {time.perf_counter() - began:.2f} s, "
        f"{again['changed_count']} changed"
    )
    return seconds


def write(count):
    """Settlement lists of two years, their grouping, and stays outside the county, in columns."""
    import polars as pl

    from sanyi.exchange.intake.tables import registered
    from sanyi.exchange.lake.services import lake
    from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
    from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
    from sanyi.insurance.grouping.tables import GROUPED_STAY

    stays = pl.concat([drawn(count, year) for year in (YEAR - 1, YEAR)])
    outside = stays.sample(fraction=0.1, seed=3).with_columns(
        institution_code=pl.lit("H14010000001"),
        institution_place_code=pl.lit("140100"),
        admitted_on=pl.col("admitted_at").dt.date(),
        discharged_on=pl.col("discharged_at").dt.date(),
        settled_on=pl.col("discharged_at").dt.date(),
        fund_payment_fen=pl.col("pooled_fund_payment_fen"),
    )
    grouped = stays.with_columns(discharged_on=pl.col("discharged_at").dt.date())
    store = lake()
    for number, (contract, frame) in enumerate(((SETTLEMENT_LIST, stays), (OUTSIDE_STAY, outside)), start=1):
        schema = {name: kind for name, kind in registered()[contract.name].stored_schema().items()
                  if name != "_batch_number"}  # fmt: skip
        store.append(contract.name, fitted(frame, schema), batch_number=number, digest=f"{count}-{number}")
    schema = GROUPED_STAY.polars_schema()
    store.append(GROUPED_STAY.name, fitted(grouped, schema), batch_number=3, digest=f"{count}-3")


def fitted(frame, schema):
    """The columns of a table; what was not drawn is unknown."""
    import polars as pl

    columns = [pl.col(name) if name in frame.columns else pl.lit(None).alias(name) for name in schema]
    return frame.select(columns).cast(dict(schema))


def drawn(count, year):
    """Stays of a year: two hospitals take three quarters of them, township hospitals the rest."""
    import numpy as np
    import polars as pl

    from sanyi.registry.organisations.models import Organisation

    chance = np.random.default_rng(year)
    townships = sorted(Organisation.objects.filter(kind="township_hospital").values_list("code", flat=True))
    units = np.array([HOSPITAL, TCM, *townships])
    share = np.array([0.5, 0.25, *[0.25 / len(townships)] * len(townships)])
    group = chance.integers(0, 600, count)
    total = chance.integers(80_000, 3_000_000, count)
    pooled, drugs, materials = total * 6 // 10, total * 3 // 10, total // 10
    days = chance.integers(1, 25, count)
    discharged = np.datetime64(f"{year}-01-01T10:00") + chance.integers(0, 365, count).astype("timedelta64[D]")
    frame = pl.DataFrame(
        {
            "settlement_id": np.arange(count) + year * 100_000_000,
            "institution_code": units[chance.choice(len(units), count, p=share)],
            "person_id": chance.integers(0, max(count * 3 // 4, 1), count),
            "discharged_at": discharged.astype("datetime64[us]"),
            "length_of_stay_days": days,
            "age_years": chance.integers(0, 95, count),
            "sex": chance.integers(1, 3, count),
            "insurance_type_code": np.where(chance.random(count) < 0.2, "310", "390"),
            "discharge_way_code": np.where(chance.random(count) < 0.01, "5", "1"),
            "procedure_codes": np.where(chance.random(count) < 0.3, "00.6600", ""),
            "total_fen": total,
            "in_policy_fen": total * 9 // 10,
            "personal_ownpay_fen": total // 10,
            "pooled_fund_payment_fen": pooled,
            "account_payment_fen": total // 20,
            "western_drug_fen": drugs,
            "herbal_slice_fen": drugs // 10,
            "consumable_fen": materials,
            "treatment_fen": total - pooled // 3 - drugs,
            "drg": group,
            "weight_e6": 200_000 + group * 4_000,
        }
    )
    named = {name: pl.concat_str(pl.lit(letter), pl.col(name).cast(pl.String)) for name, letter in
             (("settlement_id", "S"), ("person_id", "P"), ("drg", "D"))}  # fmt: skip
    return frame.with_columns(**named).with_columns(
        procedure_codes=pl.col("procedure_codes").replace("", None),
        admitted_at=pl.col("discharged_at") - pl.duration(days=pl.col("length_of_stay_days")),
        cash_payment_fen=pl.col("total_fen") - pl.col("pooled_fund_payment_fen") - pl.col("account_payment_fen"),
        adrg=pl.col("drg").str.slice(0, 3),
        insured_place_code=pl.lit(PLACE[:6]),
        status=pl.lit("分组成功"),
        scheme=pl.lit("chs_drg_11"),
        mode=pl.lit("strict"),
    )


def pages():
    """The slowest of the pages: median milliseconds of a whole request of the reform office."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils import timezone

    from sanyi.registry.access import services as access
    from sanyi.registry.access.models import RoleGrant

    settings.ALLOWED_HOSTS = ["*"]
    user = User.objects.create(username="benchmark-reform")
    access.set_identity(user, display_name="医改办示", person_id="")
    since = timezone.now() - timedelta(days=1)
    RoleGrant.objects.create(user=user, role="reform_office", organisation_code=COUNTY, starts_at=since)
    client = Client()
    client.force_login(user)
    slowest = 0.0
    for address in PAGES:
        spent, processor = [], []
        for _ in range(REQUESTS):
            began, used = time.perf_counter(), time.process_time()
            answer = client.get(address, secure=not settings.DEBUG)
            if answer.status_code != 200:
                sys.exit(f"{address} answered {answer.status_code}")
            spent.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (time.process_time() - used))
        median = statistics.median(spent)
        print(f"{address}: median {median:.0f} ms, {statistics.median(processor):.0f} ms of processor")
        slowest = max(slowest, median)
    return slowest


if __name__ == "__main__":
    sys.exit(main())
