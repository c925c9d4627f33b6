"""Measuring weights on the site: a run in the lake, doing it again, the pages for the right reader and the stranger."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.http import HttpResponse

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.relative_weights import services, tables
from sanyi.insurance.relative_weights.codes import READ_PURPOSES
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.models import AuditPerson
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.registry.county import COUNTY, HOSPITAL, OTHER_COUNTY, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db
CHOICE: dict[str, Any] = {"method": "none", "is_stay_limited": True, "is_early_leaving_excluded": True}
PERIOD = {"scheme": "linfen_2022", "first_month": "2025-03", "last_month": "2025-04"}


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def sheet_of(answer: HttpResponse) -> list[tuple[object, ...]]:
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    for close in answer._resource_closers:  # the answer's own close would also end the connection of the test
        close()
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def measured(county: County, role: str = "insurance_officer", **given: Any) -> int:
    actor = county.actor(role)
    scope = access.visible_organisations(actor, Permission.STAY_READ, READ_PURPOSES)
    wanted = {"by": actor, "scope": scope, "organisation_code": COUNTY} | PERIOD | CHOICE | given
    number = services.start(**wanted)
    assert runs.carry_out(number) == "done"
    return number


@pytest.fixture
def number(grouped: County) -> int:
    return measured(grouped)


def test_a_run_leaves_its_rows_and_where_they_came_from(grouped: County, number: int) -> None:
    rows = services.weights_of(number)
    assert tables.RELATIVE_WEIGHT.check(rows) == []
    own = rows.filter(pl.col("stay_count") > 0)
    assert own["stay_count"].sum() == 5  # one stay has no group, one belongs to another county
    assert rows.filter(pl.col("state") == "no_data").height == rows.height - own.height > 100
    run = runs.get(number)
    assert run is not None
    assert run.provenance["input_versions"] == {"grouped_stay": 0, "settlement_list": 0}
    assert run.provenance["rulebook_version"] == services.rules_digest()
    assert run.result["summary"]["kept_count"] == 5
    assert run.result["summary"]["cmi_e6"] in (999_999, 1_000_000, 1_000_001)
    assert services.options_of(run) == services.options_on(services.last_day("2025-04"), **CHOICE)


def test_doing_it_again_gives_the_same_bytes(grouped: County, number: int) -> None:
    run = Run.objects.get(number=number)
    before = lakes.lake().version(tables.RELATIVE_WEIGHT.name)
    Run.objects.filter(number=number).update(state="queued", finished_at=None)
    assert runs.carry_out(number) == "done"
    assert lakes.lake().version(tables.RELATIVE_WEIGHT.name) == before
    assert Run.objects.get(number=number).result == run.result
    other = measured(grouped)
    same = [services.weights_of(one).drop("run_number") for one in (number, other)]
    assert same[0].equals(same[1])


def test_a_hospital_measures_its_own_stays(grouped: County) -> None:
    number = measured(grouped, "hospital_insurance_office", organisation_code=HOSPITAL)
    run = runs.get(number)
    assert run is not None
    assert run.parameters["institution_codes"] == [HOSPITAL]
    assert run.result["summary"]["stay_count"] == 3
    county = grouped.client("insurance_officer")
    assert county.get(f"/weights/{number}/").status_code == 200
    own = grouped.client("hospital_insurance_office")
    assert f"/weights/{number}/" in text_of(own.get("/weights/"))


def test_nothing_foreign_is_measured(grouped: County, number: int) -> None:
    run = runs.get(number)
    assert run is not None
    assert run.parameters["institution_codes"] == [HOSPITAL, TOWNSHIP]
    stranger = grouped.client("insurance_officer", OTHER_COUNTY)
    assert stranger.get(f"/weights/{number}/").status_code == 403
    assert f"/weights/{number}/" not in text_of(stranger.get("/weights/"))
    assert OTHER_HOSPITAL not in str(run.result)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first_month": "2025-13"}, "relative_weights.month_wrong"),
        ({"first_month": "2025-05"}, "relative_weights.month_wrong"),
        ({"method": "median"}, "relative_weights.method_unknown"),
        ({"scheme": "yantai_2023"}, "relative_weights.nothing_to_measure"),
        ({"first_month": "2024-01", "last_month": "2024-02"}, "relative_weights.nothing_to_measure"),
    ],
)
def test_what_cannot_be_measured_is_refused(grouped: County, given: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        measured(grouped, **given)
    assert [one.code for one in refused.value.refusals] == [code]


def test_last_days() -> None:
    assert [str(services.last_day(month)) for month in ("2024-02", "2025-12", "2025-04")] == [
        "2024-02-29",
        "2025-12-31",
        "2025-04-30",
    ]


def test_the_page_starts_a_run(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    page = text_of(client.get("/weights/"))
    assert all(part in page for part in ("新的测算", "组内百分位", "2025-03", "linfen_2022"))
    answer = client.post("/weights/start/", PERIOD | {"method": "iqr", "is_stay_limited": "1"})
    assert answer.status_code == 302
    run = runs.get(int(answer["Location"].strip("/").split("/")[-1]))
    assert run is not None
    assert (run.parameters["method"], run.parameters["is_early_leaving_excluded"]) == ("iqr", False)
    assert run.organisation_code == "990000000002"
    wrong = client.post("/weights/start/", PERIOD | {"method": "median"})
    assert wrong.status_code == 422
    assert "没有名为“median”的裁剪方法" in text_of(wrong)


def test_reading_is_not_starting(grouped: County) -> None:
    reader = grouped.client("group_director")
    assert "新的测算" not in text_of(reader.get("/weights/"))
    assert reader.post("/weights/start/", PERIOD).status_code == 403
    assert grouped.client("county_leader").get("/weights/").status_code == 403


def test_the_results_show_filter_and_export(grouped: County, number: int) -> None:
    client = grouped.client("insurance_officer")
    page = text_of(client.get(f"/weights/{number}/"))
    assert all(part in page for part in ("RIV", "chart-published", "公布权重下的 CMI", "稳定病组", "假定"))
    rows = sheet_of(client.get(f"/weights/{number}/?stay_count_from=1&format=xlsx"))
    head = list(rows[0])
    assert sum(int(str(row[head.index("病例数")])) for row in rows[1:]) == 5
    none = sheet_of(client.get(f"/weights/{number}/?state=no_data&format=xlsx"))
    assert {row[head.index("稳定性")] for row in none[1:]} == {"没有病例"}
    assert {row[head.index("测算权重")] for row in none[1:]} == {None}


def test_one_weight_leads_to_its_stays(grouped: County, number: int) -> None:
    client = grouped.client("insurance_officer")
    stroke = next(drg for drg in services.weights_of(number).filter(pl.col("stay_count") == 3)["drg"])
    page = text_of(client.get(f"/weights/{number}/{stroke}/"))
    for part in ("为什么是这个数", "全部计入病例的次均费用", "S0001", "S0002", "S0005", "计入"):
        assert part in page
    assert "S0006" not in page
    assert AuditPerson.objects.filter(entry__route="insurance.relative_weights.weight").count() == 3
    rows = sheet_of(client.get(f"/weights/{number}/{stroke}/?q=s0001&format=xlsx"))
    assert [row[0] for row in rows[1:]] == ["S0001"]
    assert client.get(f"/weights/{number}/ZZ99/").status_code == 404


def test_the_stays_of_a_weight_stay_as_they_were(grouped: County, number: int) -> None:
    """Grouping again later changes the lake, not what the run had read."""
    run = runs.get(number)
    stroke = next(drg for drg in services.weights_of(number).filter(pl.col("stay_count") == 3)["drg"])
    before = services.stays_behind(run, stroke).sort("stay_key").collect()
    again = grouping.regroup_all(by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert runs.carry_out(again) == "done"
    assert services.stays_behind(run, stroke).sort("stay_key").collect().equals(before)


def test_an_empty_county_says_so(county: County, own_lake: object) -> None:
    page = county.client("insurance_officer").get("/weights/")
    assert "还没有分组病例" in text_of(page)
    assert "还没有测算过" in text_of(page)


def test_the_interface_lists_what_the_pages_list(grouped: County) -> None:
    number = measured(grouped)
    officer = grouped.client("insurance_officer")
    runs_found = officer.get("/api/v1/weights").json()["items"]
    assert [row["number"] for row in runs_found] == [number]
    assert runs_found[0]["summary"]
    rows = officer.get(f"/api/v1/weights/{number}").json()["items"]
    assert rows
    drg = next(row["drg"] for row in rows if row["stay_count"])
    stays = officer.get(f"/api/v1/weights/{number}/{drg}/stays").json()["items"]
    assert len(stays) == next(row["stay_count"] for row in rows if row["drg"] == drg)
    assert {row["reason"] for row in stays}
    assert officer.get(f"/api/v1/weights/{number}/ZZ99/stays").status_code == 404
    assert officer.get("/api/v1/weights/999999").status_code == 404
    assert grouped.client("resident").get(f"/api/v1/weights/{number}").status_code == 403
