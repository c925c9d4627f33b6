"""Importing, comparing, proposing and deciding on the site; closed months; who may and who may not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from sanyi.insurance.grouping import group_record
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.engine import compiled
from sanyi.insurance.grouping.jobs import Period, overlaid
from sanyi.insurance.grouping.models import ClosedMonth, SchemeSwitch
from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion, SwitchProposal
from sanyi.insurance.scheme_change.tables import comparison as tables
from sanyi.insurance.scheme_change.workflow import CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import AuditPerson
from sanyi.registry.cases import services as cases
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.insurance import settlements
from tests.insurance.schemes import STROKE, content, renamed, set_cell, tiny
from tests.registry.county import COUNTY, HOSPITAL, OTHER_COUNTY, OTHER_HOSPITAL, County
from tests.registry.threads import together

pytestmark = pytest.mark.django_db
PERIOD = {"first_month": "2025-03", "last_month": "2025-04"}


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Files of this test alone, and no scheme remembered from another."""
    settings.FILES_ROOT = tmp_path / "files"
    yield
    compiled.load.cache_clear()
    compiled.definition.cache_clear()


def received(county: County, data: bytes | None = None, name: str = "方案.xlsx") -> SchemeImport:
    given = content(tiny()) if data is None else data
    return services.receive(io.BytesIO(given), name, by=county.actor("insurance_officer"), organisation_code=COUNTY)


def imported(county: County) -> str:
    version = received(county).version
    assert version is not None
    return version.key


def compared(county: County, new: str, old: str = "linfen_2022", **given: Any) -> Any:
    actor = county.actor("insurance_officer")
    scope = access.visible_organisations(actor, Permission.STAY_READ, (Purpose.PAYMENT,))
    asked = {"by": actor, "scope": scope, "organisation_code": COUNTY, "old": old, "new": new} | PERIOD | given
    number = services.start(**asked)
    assert runs.carry_out(number) == "done"
    return runs.get(number)


def proposed(county: County, starts_on: str = "2025-04-01") -> cases.Case:
    run = compared(county, imported(county))
    return services.propose(run, starts_on, by=county.actor("insurance_officer"), organisation_code=COUNTY)


def codes_of(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [one.code for one in error.value.refusals]


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


# --- import ---------------------------------------------------------------------------------------------------------


def test_an_imported_scheme_groups_at_once(county: County) -> None:
    key = imported(county)
    record = {"sex": 1, "age": 60, "dx": f"{STROKE}|J96.000", "px": ""}
    assert group_record(record, key).drg == "BR21"
    assert group_record(record | {"dx": STROKE}, key).drg == "BR25"
    assert grouping.scheme_names()[key] == "小方案 1"
    assert grouping.published_weights(key, date(2026, 1, 1)).height == 3


def test_the_same_file_and_the_same_content_are_one_version(county: County) -> None:
    data = content(tiny())
    first, again = received(county, data), received(county, data)
    assert first.pk == again.pk
    other_bytes = received(county, content(tiny(), lambda book: book.move_sheet("规则", 3)))
    assert other_bytes.pk != first.pk
    assert other_bytes.version_id == first.version_id
    assert SchemeVersion.objects.count() == 1


def test_a_changed_content_needs_a_new_version(county: County) -> None:
    imported(county)
    other = received(county, content(tiny(names={"BR21": "甲", "BR25": "乙", "ES29": "丙"})))
    assert other.version is None
    assert [one["code"] for one in other.findings if not one["is_warning"]] == ["scheme_change.version_taken"]
    assert received(county, content(tiny("2", names={"BR21": "甲", "BR25": "乙", "ES29": "丙"}))).version is not None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4 nothing", "exchange.intake.file_kind_wrong"),
        (b"PK\x03\x04 broken", "exchange.intake.archive_broken"),
        ("方案,一\n".encode(), "exchange.intake.file_kind_wrong"),
    ],
)
def test_what_is_no_workbook_is_told_and_kept(county: County, data: bytes, code: str) -> None:
    found = received(county, data, "方案.xlsx")
    assert found.version is None
    assert [one["code"] for one in found.findings] == [code]
    assert found.error_count == 1


def test_a_file_beyond_the_limit_is_not_kept(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanyi.insurance.scheme_change.services.importing.bytes_max", lambda: 100)
    with pytest.raises(RefusedError) as refused:
        received(county)
    assert codes_of(refused) == ["exchange.intake.file_too_large"]
    assert not SchemeImport.objects.exists()


def test_an_empty_file_is_refused(county: County) -> None:
    with pytest.raises(RefusedError) as refused:
        received(county, b"")
    assert codes_of(refused) == ["exchange.intake.file_empty"]


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_are_one_version(county: County) -> None:
    data = content(tiny())
    actor = county.actor("insurance_officer")

    def upload() -> Any:
        return services.receive(io.BytesIO(data), "方案.xlsx", by=actor, organisation_code=COUNTY).version_id

    found = together(upload, upload)
    assert found[0] is not None
    assert found[0] == found[1]
    assert SchemeVersion.objects.count() == SchemeImport.objects.count() == 1


# --- comparison -----------------------------------------------------------------------------------------------------


def test_a_comparison_leaves_its_tables_and_where_they_came_from(grouped: County) -> None:
    key = imported(grouped)
    run = compared(grouped, key)
    matrix = services.table_of(tables.MIGRATION, run.number)
    assert matrix["stay_count"].sum() == 6  # the stay of the other county is left out
    found = {(row["old_group"], row["new_group"]): row["stay_count"] for row in matrix.to_dicts()}
    assert found["BR29", "BR25"] == 3
    assert sum(count for (_, new), count in found.items() if new == "无法入组") == 2
    assert run.provenance["schemes"] == {"old": "linfen_2022", "new": key}
    assert run.provenance["rulebook_version"] == services.comparing.rules_digest()
    assert OTHER_HOSPITAL not in services.table_of(tables.INSTITUTION, run.number)["institution_code"].to_list()


def test_a_comparison_done_again_changes_nothing(grouped: County) -> None:
    run = compared(grouped, imported(grouped))
    before = services.table_of(tables.HOMOGENEITY, run.number)
    Run.objects.filter(number=run.number).update(state="queued", finished_at=None)
    assert runs.carry_out(run.number) == "done"
    assert services.table_of(tables.HOMOGENEITY, run.number).equals(before)


def test_published_weights_or_those_of_the_workbook(grouped: County) -> None:
    run = compared(grouped, imported(grouped), basis="published")
    row = services.table_of(tables.MIGRATION, run.number).filter(pl.col("new_group") == "BR25").to_dicts()[0]
    assert row["new_weight_e6"] == 1_000_000
    assert row["old_weight_e6"] > 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"new": "nowhere"}, "grouping.scheme_unknown"),
        ({"new": "linfen_2022"}, "scheme_change.same_scheme"),
        ({"first_month": "2025-13"}, "grouping.month_wrong"),
        ({"first_month": "2025-05"}, "grouping.month_wrong"),
        ({"first_month": "2024-01", "last_month": "2024-02"}, "scheme_change.nothing_to_compare"),
        ({"new": "chs_drg_10", "basis": "published"}, "scheme_change.weights_missing"),
    ],
)
def test_what_cannot_be_compared_is_refused(grouped: County, given: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        compared(grouped, **({"new": "chs_drg_11"} | given))
    assert codes_of(refused) == [code]


# --- proposal and decision ------------------------------------------------------------------------------------------


def test_an_approved_switch_wins_from_its_day_on(grouped: County) -> None:
    case = proposed(grouped)
    assert grouping.scheme_of_day(date(2025, 4, 1)) == "linfen_2022"
    cases.act(case, "approve", grouped.actor("reform_office"))
    key = SchemeSwitch.objects.get().scheme
    assert grouping.scheme_of_day(date(2025, 3, 31)) == "linfen_2022"
    assert grouping.scheme_of_day(date(2025, 4, 1)) == grouping.current_scheme() == key
    choice = grouping.choice_on(date(2025, 4, 2))
    assert (choice.scheme, choice.is_assumed, choice.weight_value) == (key, False, None)
    assert case.number in choice.scheme_value.basis
    # Open months from the day on are grouped anew; March stays as it was.
    run = Run.objects.filter(kind="grouping.all").get()
    assert run.parameters == {"first_month": "2025-04", "last_month": "2025-04"}
    assert runs.carry_out(run.number) == "done"
    schemes = dict(grouping.grouped_stays().select("settlement_id", "scheme").collect().rows())
    assert (schemes["S0001"], schemes["S0003"]) == ("linfen_2022", key)
    weights = dict(grouping.weights().filter(pl.col("scheme") == key).select("drg", "weight_e6").rows())
    assert weights["BR25"] == 1_000_000


STEPS = {
    "approve": ("reform_office", ("insurance_officer", "hospital_director", "health_bureau", "auditor")),
    "reject": ("county_leader", ("insurance_officer", "hospital_director", "health_bureau", "auditor")),
    "withdraw": ("insurance_officer", ("reform_office", "county_leader", "hospital_director")),
}


def test_every_step_is_tried() -> None:
    assert set(STEPS) == {step.name for step in CHART.transitions}


@pytest.mark.parametrize("step", sorted(STEPS))
def test_each_step_takes_the_right_person_alone(grouped: County, step: str) -> None:
    case = proposed(grouped)
    right, wrong = STEPS[step]
    for role in wrong:
        with pytest.raises(RefusedError):
            cases.act(case, step, grouped.actor(role), reason="试")
    stranger = grouped.actor(right, OTHER_COUNTY)
    with pytest.raises(RefusedError):
        cases.act(case, step, stranger, reason="试")
    assert SwitchProposal.objects.get().is_open
    moved = cases.act(case, step, grouped.actor(right), reason="试")
    assert moved.closed_at is not None
    assert not SwitchProposal.objects.get().is_open
    assert SchemeSwitch.objects.count() == (1 if step == "approve" else 0)


def test_nobody_decides_on_the_own_proposal(grouped: County) -> None:
    """Somebody who holds both permissions still needs a second person."""
    proposer = grouped.actor("insurance_officer")
    case = proposed(grouped)
    both = grouped.actor("reform_office")
    doubled = access.Actor(**{name: getattr(proposer, name) for name in proposer.__slots__} | {
        "grants": (*proposer.grants, *both.grants)
    })  # fmt: skip
    with pytest.raises(RefusedError) as refused:
        cases.act(case, "approve", doubled)
    assert codes_of(refused) == ["cases.not_by_opener"]
    assert not SchemeSwitch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_one_wins_and_one_is_told(grouped: County) -> None:
    case = proposed(grouped)
    actors = [grouped.actor("reform_office"), grouped.actor("county_leader")]
    results = together(*(lambda who=who: cases.act(case, "approve", who) for who in actors))
    refused = [one for one in results if isinstance(one, RefusedError)]
    assert len(refused) == 1
    assert [one.code for one in refused[0].refusals] == ["cases.changed_meanwhile"]
    assert SchemeSwitch.objects.count() == 1


def test_one_proposal_at_a_time(grouped: County) -> None:
    case = proposed(grouped)
    with pytest.raises(RefusedError) as refused:
        proposed(grouped)
    assert codes_of(refused) == ["scheme_change.proposal_open"]
    assert case.number in refused.value.refusals[0].message("zh")


@pytest.mark.parametrize(
    ("starts_on", "code"),
    [("", "scheme_change.date_wrong"), ("2025-02-30", "scheme_change.date_wrong")],
)
def test_a_wrong_day_is_refused(grouped: County, starts_on: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        proposed(grouped, starts_on)
    assert codes_of(refused) == [code]


def test_a_comparison_with_another_scheme_is_no_ground(grouped: County) -> None:
    run = compared(grouped, imported(grouped), old="chs_drg_11")
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-04-01", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.comparison_outdated"]


def test_what_holds_already_is_not_proposed(grouped: County) -> None:
    run = compared(grouped, "linfen_2022", old="chs_drg_11")
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-04-01", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.scheme_not_new"]


def test_a_scheme_that_names_its_last_day_holds_until_then(grouped: County) -> None:
    package = renamed(tiny(), starts_on="2025-04-01", ends_on="2025-06-30")
    version = received(grouped, content(package)).version
    assert version is not None
    run = compared(grouped, version.key)
    officer = grouped.actor("insurance_officer")
    with pytest.raises(RefusedError) as refused:
        services.propose(run, "2025-07-01", by=officer, organisation_code=COUNTY)
    assert codes_of(refused) == ["scheme_change.date_wrong"]
    case = services.propose(run, "2025-04-01", by=officer, organisation_code=COUNTY)
    cases.act(case, "approve", grouped.actor("county_leader"))
    days = {text: grouping.scheme_of_day(day(text)) for text in ("2025-03-31", "2025-06-30", "2025-07-01")}
    assert days == {"2025-03-31": "linfen_2022", "2025-06-30": version.key, "2025-07-01": "linfen_2022"}
    assert grouping.choice_on(day("2025-06-30")).scheme_value.ends_on == day("2025-06-30")
    assert grouping.choice_on(day("2025-07-01")).scheme_value.document != "分组方案启用决定"


# --- closed months --------------------------------------------------------------------------------------------------


def closed(county: County, month: str) -> ClosedMonth:
    return grouping.close_month(month, by=county.actor("insurance_officer"), periods=grouping.periods())


def test_a_closed_month_keeps_its_scheme(grouped: County) -> None:
    closed(grouped, "2025-03")
    for starts_on in ("2025-03-01", "2025-03-31", "2024-12-01"):
        with pytest.raises(RefusedError) as refused:
            proposed(grouped, starts_on)
        assert codes_of(refused) == ["grouping.switch_reaches_back"]
    with pytest.raises(RefusedError) as refused:
        grouping.regroup("2025-02", "2025-04", by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert codes_of(refused) == ["grouping.month_closed"]
    assert "2025-03" in refused.value.refusals[0].message("zh")


def test_a_decision_does_not_reach_into_a_closed_month(grouped: County) -> None:
    """Even a switch that is in the table already, as after a month was opened and closed again."""
    closed(grouped, "2025-03")
    SchemeSwitch.objects.create(
        county_code=policies.county(),
        scheme="chs_drg_11", starts_on=date(2025, 3, 10), case_number="FA-1", decided_by_name="甲",
        decided_at=datetime(2025, 1, 1).astimezone(),
    )  # fmt: skip
    assert grouping.scheme_of_day(date(2025, 3, 15)) == "linfen_2022"
    assert grouping.scheme_of_day(date(2025, 4, 1)) == "chs_drg_11"
    # A late list of the closed month is grouped as the others were; regrouping everything passes it over.
    settlements.write([settlements.settlement(20, discharged_at=datetime(2025, 3, 20, 9))], batch_number=2)
    assert runs.carry_out(grouping.group_batch(2, organisation_code=COUNTY)) == "done"
    again = grouping.regroup_all(by=grouped.actor("insurance_officer"), organisation_code=COUNTY)
    assert runs.carry_out(again) == "done"
    rows = (
        grouping.grouped_stays().select("settlement_id", "scheme", "run_number").collect().rows_by_key("settlement_id")
    )
    assert rows["S0020"][0][0] == rows["S0001"][0][0] == "linfen_2022"
    assert rows["S0003"][0] == ("chs_drg_11", again)
    assert rows["S0001"][0][1] != again


def test_closing_and_opening(grouped: County) -> None:
    closed(grouped, "2025-03")
    with pytest.raises(RefusedError) as refused:
        closed(grouped, "2025-03")
    assert codes_of(refused) == ["grouping.month_already_closed"]
    with pytest.raises(RefusedError) as refused:
        closed(grouped, "2999-01")
    assert codes_of(refused) == ["grouping.month_not_over"]
    with pytest.raises(RefusedError) as refused:
        grouping.open_month("2025-03", by=grouped.actor("reform_office"), reason=" ")
    assert codes_of(refused) == ["grouping.reason_missing"]
    grouping.open_month("2025-03", by=grouped.actor("reform_office"), reason="更正上报")
    assert grouping.closed_months() == []


def test_a_year_is_closed_at_once(grouped: County) -> None:
    closed(grouped, "2025-03")
    officer = grouped.client("insurance_officer")
    assert "锁定 2025 年全年" in text_of(officer.get("/scheme-change/months/"))
    assert officer.post("/scheme-change/months/close/", {"year": "2025"}).status_code == 302
    assert [row.month for row in reversed(grouping.closed_months())] == [f"2025-{n:02d}" for n in range(1, 13)]
    for year, code in (("2025", "month_already_closed"), ("2999", "month_not_over"), ("今年", "month_wrong")):
        with pytest.raises(RefusedError) as refused:
            grouping.close_year(year, by=grouped.actor("insurance_officer"), periods=grouping.periods())
        assert codes_of(refused) == [f"grouping.{code}"]


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_periods_are_laid_over_each_other() -> None:
    old, other = Period(day("2024-01-01"), None, "a", False), Period(day("2024-05-01"), day("2024-06-30"), "b", False)
    found = overlaid([old], [other])
    assert [(str(one.starts_on), str(one.ends_on or ""), one.scheme) for one in found] == [
        ("2024-01-01", "2024-04-30", "a"),
        ("2024-05-01", "2024-06-30", "b"),
        ("2024-07-01", "", "a"),
    ]
    frozen = Period(day("2024-05-01"), day("2024-05-31"), "a", False)
    again = overlaid([old], [other, frozen])
    assert [(str(one.starts_on), one.scheme) for one in again] == [
        ("2024-01-01", "a"),
        ("2024-06-01", "b"),
        ("2024-07-01", "a"),
    ]
    assert overlaid([other], [Period(day("2024-08-01"), None, "a", False)])[0] == other


# --- pages and interface --------------------------------------------------------------------------------------------


def upload(client: Any, data: bytes) -> HttpResponse:
    file = SimpleUploadedFile("方案.xlsx", data)
    answer: HttpResponse = client.post("/scheme-change/upload/", {"file": file}, follow=True)
    return answer


def test_the_way_from_workbook_to_switch_on_the_pages(grouped: County) -> None:
    officer, leader = grouped.client("insurance_officer"), grouped.client("county_leader")
    wrong = upload(officer, content(tiny(), set_cell("编码表", "C2", "I63.9OO")))
    assert "有 1 处错误，没有导入" in text_of(wrong)
    assert "I63.9OO" in text_of(wrong)
    right = upload(officer, content(tiny()))
    assert "没有错误，已导入" in text_of(right)
    key = SchemeVersion.objects.get().key
    page = text_of(officer.get("/scheme-change/"))
    assert key in page
    groups = text_of(officer.get(f"/grouping/schemes/{key}/"))
    assert "0.5000" in groups
    assert f"/scheme-change/workbooks/{key}/" in groups
    taken = b"".join(officer.get(f"/scheme-change/workbooks/{key}/").streaming_content)  # type: ignore[attr-defined]
    assert received(grouped, taken).version_id == SchemeVersion.objects.get().pk
    started = officer.post("/scheme-change/compare/", {"old": "linfen_2022", "new": key, "basis": "own"} | PERIOD)
    number = int(started["Location"].strip("/").split("/")[-1])
    assert "比较尚未完成" in text_of(officer.get(f"/scheme-change/{number}/"))
    assert runs.carry_out(number) == "done"
    shown = text_of(leader.get(f"/scheme-change/{number}/"))
    for part in ("换组病例", "chart-cmi", "BR25", "提请启用", "这些数怎么算"):
        assert part in shown
    assert "提请启用新方案" not in shown
    asked = {"starts_on": "2025-04-01", "reason": "新规定"}
    opened = officer.post(f"/scheme-change/{number}/propose/", asked)
    case = cases.get(opened["Location"].strip("/").split("/")[-1])
    assert case is not None
    assert "待审批" in text_of(leader.get("/scheme-change/"))
    decided = leader.post(f"/cases/{case.number}/act/", {"transition": "approve", "revision": case.revision})
    assert decided.status_code == 302
    assert "已批准的启用决定" in text_of(leader.get("/scheme-change/"))


def test_lists_filter_drill_and_export(grouped: County) -> None:
    run = compared(grouped, imported(grouped))
    officer = grouped.client("insurance_officer")
    rows = sheet_of(officer.get(f"/scheme-change/{run.number}/?is_changed=True&format=xlsx"))
    head = list(rows[0])
    matrix = services.table_of(tables.MIGRATION, run.number).filter(pl.col("is_changed"))
    assert sum(int(str(row[head.index("病例数")])) for row in rows[1:]) == matrix["stay_count"].sum()
    stays = text_of(officer.get(f"/scheme-change/{run.number}/stays/?old_group=BR29&new_group=BR25"))
    assert all(number in stays for number in ("S0001", "S0002", "S0005"))
    assert "S0006" not in stays
    assert AuditPerson.objects.filter(entry__route="insurance.scheme_change.stays").count() == 3
    assert len(sheet_of(officer.get(f"/scheme-change/{run.number}/institutions/?format=xlsx"))) == 3
    assert "变异系数" in text_of(officer.get(f"/scheme-change/{run.number}/groups/"))
    leader = grouped.client("county_leader")
    assert leader.get(f"/scheme-change/{run.number}/stays/").status_code == 403
    for part in ("", "groups/"):
        assert "/stays/?" not in text_of(leader.get(f"/scheme-change/{run.number}/{part}"))
        assert "/stays/?" in text_of(officer.get(f"/scheme-change/{run.number}/{part}"))
    stranger = grouped.client("insurance_officer", OTHER_COUNTY)
    assert stranger.get(f"/scheme-change/{run.number}/").status_code == 403


def sheet_of(answer: Any) -> list[tuple[object, ...]]:
    data = b"".join(answer.streaming_content)
    for close in answer._resource_closers:  # the answer's own close would also end the connection of the test
        close()
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))


def test_the_interface_imports_compares_and_proposes(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    send: dict[str, Any] = {"content_type": "application/octet-stream"}
    wrong = client.post("/api/v1/scheme-change/imports", content(tiny(), set_cell("编码表", "C2", "I63.9OO")), **send)
    assert (wrong.status_code, wrong.json()["scheme"], wrong.json()["error_count"]) == (200, "", 1)
    key = client.post("/api/v1/scheme-change/imports", content(tiny()), **send).json()["scheme"]
    empty = client.post("/api/v1/scheme-change/imports", b"", **send)
    assert (empty.status_code, empty.json()["code"]) == (422, "exchange.intake.file_empty")
    assert client.get("/api/v1/scheme-change/versions").json()["items"][0]["key"] == key
    asked = {"old": "linfen_2022", "new": key} | PERIOD
    number = client.post("/api/v1/scheme-change/comparisons", asked, content_type="application/json").json()["number"]
    address = f"/api/v1/scheme-change/comparisons/{number}"
    assert client.get(address).json()["summary"] == {}
    assert runs.carry_out(number) == "done"
    found = client.get(address).json()
    assert (found["state"], found["summary"]["stay_count"], len(found["institutions"])) == ("done", 6, 2)
    rows = client.get(f"{address}/matrix?old_group=BR29").json()["items"]
    assert [row["stay_count"] for row in rows] == [3]
    opened = client.post(f"{address}/propose", {"starts_on": "2025-04-01"}, content_type="application/json")
    assert opened.json()["state"] == "proposed"
    assert client.get("/api/v1/scheme-change/comparisons/999999").status_code == 404


def test_months_are_closed_by_one_and_opened_by_another(grouped: County) -> None:
    officer, office = grouped.client("insurance_officer"), grouped.client("reform_office")
    assert office.post("/scheme-change/months/close/", {"month": "2025-03"}).status_code == 403
    assert officer.post("/scheme-change/months/close/", {"month": "2025-03"}).status_code == 302
    assert "已锁定" in text_of(office.get("/scheme-change/months/"))
    again = officer.post("/scheme-change/months/regroup/", {"first_month": "2025-03", "last_month": "2025-04"})
    assert again.status_code in {409, 422}
    assert "不能重新分组" in text_of(again)
    assert officer.post("/scheme-change/months/open/", {"month": "2025-03", "reason": "x"}).status_code == 403
    assert office.post("/scheme-change/months/open/", {"month": "2025-03", "reason": "更正"}).status_code == 302
    assert officer.post(
        "/scheme-change/months/regroup/", {"first_month": "2025-03", "last_month": "2025-04"}
    ).status_code == 302  # fmt: skip


def test_a_hospital_reads_schemes_and_no_more(grouped: County) -> None:
    found = received(grouped)
    client = grouped.client("hospital_insurance_office", HOSPITAL)
    assert client.get("/scheme-change/").status_code == 200
    assert "上传并检查" not in text_of(client.get("/scheme-change/"))
    assert client.get(f"/scheme-change/imports/{found.pk}/").status_code == 403
    assert upload(client, content(tiny("3"))).status_code == 403
