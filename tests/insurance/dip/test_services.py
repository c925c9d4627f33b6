"""DIP in a county: build, import, propose and decide, the catalogue of a day, pages and interface."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest

from sanyi.insurance.dip import services
from sanyi.insurance.dip.codes import WORK_PURPOSES, Reason
from sanyi.insurance.dip.models import DipCatalogue, DipImport, DipProposal, DipSwitch
from sanyi.insurance.dip.services import building, storing
from sanyi.insurance.dip.workflow import CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.insurance.dip.files import HEAD, HEADER, RIGHT, csv_of, workbook
from tests.insurance.dip.stays import frame, small_catalogue, stay
from tests.registry.county import COUNTY, OTHER_COUNTY, County

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
OWN: dict[str, Any] = {"year": 2026, "code": "own", "version": "2026.1", "name": "本县目录", "method": "none"}


@pytest.fixture
def own_files(settings: Any, tmp_path: Any) -> None:
    """Catalogues and originals of this test alone."""
    settings.FILES_ROOT = tmp_path / "files"


def content_of(answer: Any) -> bytes:
    """What is sent in pieces; the answer's own close would also end the connection of the test."""
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return content


def codes_of(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [one.code for one in error.value.refusals]


def started(county: County, **more: Any) -> int:
    actor = county.actor("insurance_officer")
    scope = access.visible_organisations(actor, Permission.STAY_READ, WORK_PURPOSES)
    return services.start(by=actor, scope=scope, organisation_code=COUNTY, **(OWN | more))


def built(county: County, **more: Any) -> DipCatalogue:
    number = started(county, **more)
    assert runs.carry_out(number) == "done"
    found = services.catalogue_of_run(number)
    assert found is not None
    return found


def received(county: County, data: bytes, name: str = "目录.xlsx", **head: str) -> DipImport:
    actor = county.actor("insurance_officer")
    row = services.receive(io.BytesIO(data), name, by=actor, organisation_code=COUNTY, **(HEAD | head))
    assert row.run_number is not None
    assert runs.carry_out(row.run_number) == "done"
    found = services.dip_import(row.pk)
    assert found is not None
    return found


def kept() -> DipCatalogue:
    return services.store(small_catalogue(), by_name="示例", organisation_code=COUNTY)


def proposed(county: County, found: DipCatalogue | None = None, starts_on: str = "2025-03-01") -> cases.Case:
    actor = county.actor("insurance_officer")
    return services.propose(found or kept(), starts_on, by=actor, organisation_code=COUNTY)


def test_a_run_builds_a_catalogue_of_the_countys_own_stays(grouped: County) -> None:
    found = built(grouped)
    content = services.content_of(found.digest)
    assert (found.origin, found.row_count, found.core_count) == ("built", content.rows.height, 0)
    assert (found.starts_on, found.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert found.summary["stay_count"] == int(content.rows["stay_count"].sum()) == 6
    assert found.summary["years_without_stays"] == [3, 2]
    assert found.run_number is not None
    run = Run.objects.get(number=found.run_number)
    assert run.provenance["input_versions"] == {"settlement_list": 0}
    assert run.provenance["rulebook_version"] == building.rules_digest()
    # Done again it is the same catalogue.
    Run.objects.filter(number=run.number).update(state="queued", finished_at=None)
    assert runs.carry_out(run.number) == "done"
    assert DipCatalogue.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [({"year": 1999}, "dip.year_wrong"), ({"code": "本 县"}, "dip.head_wrong"), ({"name": " "}, "dip.head_wrong"),
     ({"version": ""}, "dip.head_wrong"), ({"method": "iqr"}, "dip.method_unknown"),
     ({"year": 2020}, "dip.nothing_to_build")],
)  # fmt: skip
def test_what_cannot_be_built_is_refused(grouped: County, given: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        started(grouped, **given)
    assert set(codes_of(refused)) == {code}


def test_a_version_is_taken_once(grouped: County) -> None:
    built(grouped)
    with pytest.raises(RefusedError) as refused:
        started(grouped)
    assert codes_of(refused) == ["dip.version_taken"]


@pytest.mark.parametrize("data", [workbook({"目录": [HEADER, *RIGHT]}), csv_of([HEADER, *RIGHT])])
def test_a_right_file_becomes_a_catalogue(county: County, own_lake: Any, data: bytes) -> None:
    found = received(county, data)
    assert (found.error_count, found.findings) == (0, [])
    assert found.catalogue is not None
    assert (found.catalogue.origin, found.catalogue.row_count, found.catalogue.code) == ("imported", 4, "national")
    assert services.annotated_workbook(found) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [(workbook({"目录": [HEADER, ("", "63", "", "", "核心", "", "1", "")]}), "dip.diagnosis_wrong"),
     (b"\xd0\xcf\x11\xe0\0\0", "dip.file_unreadable"), (b"PK\x03\x04 no archive", "exchange.intake.")],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_reason(county: County, own_lake: Any, data: bytes, code: str) -> None:
    found = received(county, data)
    assert found.catalogue is None and found.error_count == 1
    assert found.findings[0]["code"].startswith(code)
    assert (services.annotated_workbook(found) is not None) == (code == "dip.diagnosis_wrong")


def test_a_damaged_catalogue_is_not_used(county: County) -> None:
    found = kept()
    storing._read.cache_clear()
    (storing.folder() / f"{found.digest}.json").write_bytes(b"{}")
    with pytest.raises(RefusedError) as refused:
        services.content_of(found.digest)
    assert codes_of(refused) == ["dip.catalogue_damaged"]
    storing._read.cache_clear()


STEPS = {
    "approve": ("reform_office", ("insurance_officer", "hospital_director", "health_bureau", "auditor")),
    "reject": ("county_leader", ("insurance_officer", "hospital_director", "health_bureau", "auditor")),
    "withdraw": ("insurance_officer", ("reform_office", "county_leader", "hospital_director")),
}


def test_every_step_is_tried() -> None:
    assert set(STEPS) == {step.name for step in CHART.transitions}


@pytest.mark.parametrize("step", sorted(STEPS))
def test_each_step_takes_the_right_person_alone(county: County, step: str) -> None:
    case = proposed(county)
    right, wrong = STEPS[step]
    for actor in (*map(county.actor, wrong), county.actor(right, OTHER_COUNTY)):
        with pytest.raises(RefusedError):
            cases.act(case, step, actor, reason="试")
    assert DipProposal.objects.get().is_open
    cases.act(case, step, county.actor(right), reason="试")
    assert not DipProposal.objects.get().is_open
    assert DipSwitch.objects.count() == (1 if step == "approve" else 0)


def test_nobody_decides_on_the_own_proposal(county: County) -> None:
    proposer, both = county.actor("insurance_officer"), county.actor("reform_office")
    case = proposed(county)
    doubled = access.Actor(**{name: getattr(proposer, name) for name in proposer.__slots__} | {
        "grants": (*proposer.grants, *both.grants)
    })  # fmt: skip
    with pytest.raises(RefusedError) as refused:
        cases.act(case, "approve", doubled)
    assert codes_of(refused) == ["cases.not_by_opener"]


@pytest.mark.parametrize("starts_on", ["", "2025-02-30", "2024-12-31", "2026-01-01"])
def test_a_day_outside_the_catalogue_is_refused(county: County, starts_on: str) -> None:
    with pytest.raises(RefusedError) as refused:
        proposed(county, starts_on=starts_on)
    assert codes_of(refused) == ["dip.date_wrong"]


def test_one_proposal_at_a_time_and_what_holds_is_not_proposed(county: County) -> None:
    case = proposed(county)
    with pytest.raises(RefusedError) as refused:
        proposed(county)
    assert codes_of(refused) == ["dip.proposal_open"]
    cases.act(case, "approve", county.actor("reform_office"))
    with pytest.raises(RefusedError) as refused:
        proposed(county)
    assert codes_of(refused) == ["dip.already_holds"]


def test_the_day_of_discharge_chooses_the_catalogue(county: County, own_lake: Any) -> None:
    cases.act(proposed(county), "approve", county.actor("reform_office"))
    second = received(county, csv_of([HEADER, *RIGHT]), starts_on="2025-07-01", ends_on="2025-09-30").catalogue
    assert second is not None
    cases.act(proposed(county, second, "2025-07-01"), "approve", county.actor("county_leader"))
    first, days = kept(), ("2025-02-28", "2025-03-01", "2025-06-30", "2025-07-01", "2025-09-30", "2025-10-01")
    holding = [services.catalogue_on(date.fromisoformat(day)) for day in days]
    assert holding == [None, first, first, second, second, first]  # one that ends gives way to the former
    assert services.catalogue_on(date(2026, 1, 1)) is None
    rows = [stay("I63.900", discharged_on=date.fromisoformat(day)) for day in (*days, "2024-12-31")]
    found = services.assign(frame(rows), 2025)
    assert found["settlement_id"].to_list() == [f"S{place}" for place in range(7)]
    assert found["dip_row"].to_list() == [None, "I63.9:0", "I63.9:0", "A1", "A1", "I63.9:0", None]
    assert found["dip_reason"].to_list()[0] == found["dip_reason"].to_list()[6] == Reason.NO_CATALOGUE.value
    assert services.assign(frame([]), 2025).height == 0
    assert services.assign(frame(rows).lazy(), 2025).equals(found)
    lines = services.explain(found.row(3, named=True))
    assert "A1" in [line.value for line in lines]


def test_pages_for_the_officer(grouped: County) -> None:
    found = kept()
    officer = grouped.client("insurance_officer")
    index = officer.get("/dip/").content.decode()
    assert found.name_zh in index and "开始测算" in index and "今天没有执行中的病种目录" in index
    page = officer.get(f"/dip/{found.pk}/").content.decode()
    assert "脑梗死：保守治疗" in page and "严重程度字典" in page and "提请启用目录" in page
    row = officer.get(f"/dip/{found.pk}/rows/K35.8%3A47.0100/").content.decode()
    assert "为什么是这个数" in row and "8,000.00" in row
    assert officer.get(f"/dip/{found.pk}/rows/none/").status_code == 404
    assert officer.get("/dip/999/").status_code == 404
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(officer.get(f"/dip/{found.pk}/?format=xlsx")))).worksheets[0]
    assert "K35.8:47.0100" in {row[0] for row in sheet.iter_rows(values_only=True)}
    started_by_form = officer.post("/dip/build/", {name: str(value) for name, value in OWN.items()})
    assert started_by_form.status_code == 302 and "/runs/" in started_by_form["Location"]
    file = io.BytesIO(csv_of([HEADER, ("", "63", "", "", "核心", "", "1", "")]))
    file.name = "目录.csv"
    sent = officer.post("/dip/upload/", HEAD | {"file": file})
    number = int(sent["Location"].strip("/").rpartition("/")[2])
    assert runs.carry_out(number) == "done"
    row_of_import = DipImport.objects.get()
    result = officer.get(f"/dip/imports/{row_of_import.pk}/").content.decode()
    assert "不是诊断编码" in result and "下载标注工作簿" in result
    assert content_of(officer.get(f"/dip/imports/{row_of_import.pk}/workbook/")).startswith(b"PK")
    assert officer.post("/dip/upload/", HEAD).status_code in (302, 422, 400)
    case = officer.post(f"/dip/{found.pk}/propose/", {"starts_on": "2025-03-01", "reason": "试"})
    assert case.status_code == 302 and DipProposal.objects.count() == 1


def test_pages_for_others(county: County) -> None:
    found = kept()
    leader = county.client("county_leader")
    index = leader.get("/dip/").content.decode()
    assert found.name_zh in index and "开始测算" not in index
    assert leader.post("/dip/build/", OWN).status_code in (403, 404)
    assert leader.post(f"/dip/{found.pk}/propose/", {"starts_on": "2025-03-01"}).status_code in (403, 404)


def test_trial_of_one_stay(county: County) -> None:
    found = kept()
    officer = county.client("insurance_officer")
    assert officer.get("/dip/try/?example=1").status_code == 200
    given = {"discharged_on": "2025-06-01", "diagnosis_codes": "K35.800", "procedure_codes": "47.0100", "tier": "2",
             "total_fen": "20000", "catalogue": str(found.pk)}  # fmt: skip
    page = officer.post("/dip/try/", given).content.decode()
    assert "K35.8:47.0100" in page and "标准分值" in page and "费用偏差" in page
    none = officer.post("/dip/try/", {name: value for name, value in given.items() if name != "catalogue"})
    assert "出院日没有执行中的病种目录" in none.content.decode()
    assert officer.post("/dip/try/", {"discharged_on": "不是日期"}).status_code == 422


def test_the_interface(county: County, own_lake: Any) -> None:
    found = kept()
    officer = county.client("insurance_officer")
    listed = officer.get("/api/v1/dip/catalogues").json()
    assert [row["key"] for row in listed["items"]] == [found.key]
    rows = officer.get(f"/api/v1/dip/catalogues/{found.pk}/rows?q=K35").json()
    assert [row["row"] for row in rows["items"]] == ["K35.8:47.0100"]
    body = {"discharged_on": "2025-06-01", "diagnosis_codes": ["I63.900"], "catalogue": found.pk, "tier": 2}
    scored = officer.post("/api/v1/dip/score", json.dumps(body), content_type="application/json").json()
    assert scored["dip_row"] == "I63.9:0" and scored["steps"][-1]["kind"] == "result"
    head = "&".join(f"{name}={value}" for name, value in HEAD.items())
    sent = officer.post(f"/api/v1/dip/imports?{head}", csv_of([HEADER, *RIGHT]), content_type="text/csv")
    assert sent.status_code == 202
    number = sent.json()["number"]
    assert sent.json()["state"] == "checking"
    assert runs.carry_out(sent.json()["run_number"]) == "done"
    assert officer.get(f"/api/v1/dip/imports/{number}").json()["state"] == "imported"
    asked = {"starts_on": "2025-03-01"}
    case = officer.post(
        f"/api/v1/dip/catalogues/{found.pk}/propose", json.dumps(asked), content_type="application/json"
    )
    assert case.json()["state"] == "proposed"
    nothing = officer.post("/api/v1/dip/catalogues", json.dumps(OWN), content_type="application/json")
    assert nothing.status_code in (400, 409, 422)
