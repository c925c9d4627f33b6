"""Check of coding: milliseconds of one record in process and through the API, and stays per second of a table.

    .venv/bin/python benchmarks/coding_check.py

The limit is 5 ms for one record through the API after warm-up: the median of processor time, which others on the
machine do not change, of the whole request without the wire. Records are drawn from the codes of the scheme of the
demonstration county, with a share of every mistake.
"""

import os
import platform
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from typing import Any

SCHEME, LIMIT_MS, REQUESTS, ROWS, WARM_UPS = "linfen_2022", 5.0, 400, 20_000, 20


def main() -> int:
    """Print the figures and the ratio to the limit."""
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        os.environ |= {"SANYI_HOME": folder, "DJANGO_SETTINGS_MODULE": "sanyi.web.settings"}
        import django

        django.setup()
        print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
        print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
        records = drawn(random.Random(1), ROWS)
        in_process(records)
        table(records)
        median = through_the_api(records)
    print(f"one record through the API: {median / LIMIT_MS:.2f} of the limit of {LIMIT_MS:.0f} ms")
    return int(median > LIMIT_MS)


def drawn(chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Records of the kind a hospital sends: mostly right codes, some grey, unrelated or unknown ones."""
    from sanyi.exchange.mapping.codes import Kind
    from sanyi.exchange.mapping.tables import insurance_codes
    from sanyi.insurance.coding_check.rules.scheme_facts import scheme_facts
    from sanyi.insurance.grouping import dictionary

    facts = scheme_facts(SCHEME)
    mains = [dictionary("dx").code(number) for number in facts.main_gates]
    operations = [dictionary("px").code(number) for number in facts.valid]
    diagnoses = insurance_codes(Kind.DIAGNOSIS)["code"].to_list()
    return [
        {
            "sex": chance.choice((1, 2)),
            "age_years": chance.randint(1, 90),
            "diagnosis_codes": [chance.choice(mains), *chance.choices(diagnoses, k=chance.randint(0, 6))],
            "procedure_codes": chance.choices(operations, k=chance.choice((0, 0, 0, 1, 1, 2))),
            "length_of_stay_days": chance.randint(1, 20),
            "total_fen": chance.randint(50_000, 3_000_000),
            "discharged_on": "2025-03-08",
        }
        for _ in range(count)
    ]


def in_process(records: list[dict[str, Any]]) -> None:
    from sanyi.insurance.coding_check import Checker, Record

    checker = Checker(SCHEME)
    spent = timed(lambda record: checker.check(Record.of(record)), records)
    print(f"one record in process: median {statistics.median(spent):.3f} ms, p95 {percentile(spent):.3f} ms")


def table(records: list[dict[str, Any]]) -> None:
    import polars as pl

    from sanyi.insurance.coding_check import Checker

    frame = pl.DataFrame(records)
    checker = Checker(SCHEME)
    checker.check_frame(frame.head(100))
    began = time.process_time()
    checker.check_frame(frame)
    seconds = time.process_time() - began
    rate = frame.height / seconds
    print(f"table of {frame.height:,} stays: {seconds:.2f} s of processor time, {rate:,.0f} stays/s")


def through_the_api(records: list[dict[str, Any]]) -> float:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    client = signed_in()

    def ask(record: dict[str, Any]) -> None:
        answer = client.post("/api/v1/coding-check", {"records": [record]}, content_type="application/json")
        assert answer.status_code == 200, answer.content

    from sanyi.insurance.coding_check import api

    bodies: list[Any] = [api.CheckRequest(records=[record]) for record in records[: WARM_UPS + REQUESTS]]
    alone = timed(lambda body: api.check(None, body), bodies)  # type: ignore[arg-type]
    print(f"the operation alone, without sign-in and guard: median {statistics.median(alone):.2f} ms")
    spent = timed(ask, records)
    print(f"one record through the API: median {statistics.median(spent):.2f} ms, p95 {percentile(spent):.2f} ms")
    return statistics.median(spent)


def signed_in() -> Any:
    """A coder's browser in a county of one hospital."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils import timezone

    from sanyi.registry.access import services as access
    from sanyi.registry.access.models import RoleGrant
    from sanyi.registry.organisations.models import Organisation

    county = Organisation.objects.create(code="990000000001", name="示范县", kind="county")
    hospital = Organisation.objects.create(
        code="990000000003", name="示范县人民医院", kind="county_hospital", parent=county
    )
    user = User.objects.create(username="coder")
    access.set_identity(user, display_name="编码示员")
    RoleGrant.objects.create(
        user=user,
        role="medical_record_coder",
        organisation_code=hospital.code,
        starts_at=timezone.now() - timedelta(days=1),
    )
    client = Client()
    client.force_login(user)
    return client


def timed(work: Any, records: list[Any]) -> list[float]:
    """Milliseconds of processor time of each call after warm-up."""
    for record in records[:WARM_UPS]:
        work(record)
    spent = []
    for record in records[WARM_UPS : WARM_UPS + REQUESTS]:
        began = time.process_time()
        work(record)
        spent.append(1000 * (time.process_time() - began))
    return spent


def percentile(values: list[float], share: float = 0.95) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


if __name__ == "__main__":
    sys.exit(main())
