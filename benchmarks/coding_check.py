"""Check of coding: milliseconds of one record in process, through the API and while it is typed, and a whole table.

    .venv/bin/python -m benchmarks.coding_check

The limit is 5 ms for one record through the API after warm-up: the median of processor time of the whole request
without the wire. Also said are the request of a ward's form at every pause in typing, the grouping of a record with
its reasons, and what of all three is sign-in, guard and address book, measured by the smallest request there is.
Records are drawn from the codes of the scheme of the demonstration county, with a share of every mistake.
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
from urllib.parse import urlencode

SCHEME, LIMIT_MS, REQUESTS, ROWS, WARM_UPS = "linfen_2022", 5.0, 400, 20_000, 20
CHECK, FORM, GROUP = "/api/v1/coding-check", "/coding-check/preview/", "/api/v1/grouping/group"
URLENCODED = "application/x-www-form-urlencoded"


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
        medians = through_the_doors(records)
    for label, median in medians.items():
        print(f"{label}: {median / LIMIT_MS:.2f} of the limit of {LIMIT_MS:.0f} ms")
    return int(max(medians.values()) > LIMIT_MS)


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


def through_the_doors(records: list[dict[str, Any]]) -> dict[str, float]:
    """Medians of whole requests, by what is asked."""
    from django.core.management import call_command

    from sanyi.insurance.coding_check import api

    call_command("migrate", verbosity=0)
    client = signed_in()

    def sent(path: str, body: Any, **settings: Any) -> None:
        answer = client.post(path, body, **settings)
        assert answer.status_code == 200, answer.content

    bodies: list[Any] = [api.CheckRequest(records=[record]) for record in records[: WARM_UPS + REQUESTS]]
    said("the check alone, without sign-in and guard", timed(lambda body: api.check(None, body), bodies))  # type: ignore[arg-type]
    nothing = {"scheme": SCHEME, "records": []}
    said(
        "sign-in, guard and address book alone",
        timed(lambda _: sent(GROUP, nothing, content_type="application/json"), records),
    )
    return {
        "check of one record through the API": said(
            "check of one record through the API",
            timed(lambda one: sent(CHECK, {"records": [one]}, content_type="application/json"), records),
        ),
        "answer of the form while typing": said(
            "answer of the form while typing",
            timed(lambda one: sent(FORM, one, content_type=URLENCODED), [typed(one) for one in records]),
        ),
        "grouping of one record with its reasons through the API": said(
            "grouping of one record with its reasons through the API",
            timed(lambda one: sent(GROUP, one, content_type="application/json"), [asked(one) for one in records]),
        ),
    }


def said(label: str, spent: list[float]) -> float:
    """Print the figures of a kind of request; the median."""
    print(f"{label}: median {statistics.median(spent):.2f} ms, p95 {percentile(spent):.2f} ms")
    return statistics.median(spent)


def typed(record: dict[str, Any]) -> str:
    """A record as the form sends it."""
    codes = {name: "|".join(record[name]) for name in ("diagnosis_codes", "procedure_codes")}
    return urlencode(record | codes | {"total_fen": f"{record['total_fen'] / 100:.2f}"})


def asked(record: dict[str, Any]) -> dict[str, Any]:
    """A record as the grouping interface takes it."""
    names = {"sex": "sex", "age": "age_years", "los": "length_of_stay_days", "dx": "diagnosis_codes",
             "px": "procedure_codes"}  # fmt: skip
    return {"scheme": SCHEME, "records": [{name: record[given] for name, given in names.items()}]}


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
