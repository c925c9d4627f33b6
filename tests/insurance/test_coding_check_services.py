"""The check of a month or a batch: its scope, its results in the lake, summaries, the workbook, and doing it again."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.coding_check import Checker, Record, services, tables
from sanyi.insurance.coding_check.jobs.checking import check_settlements, stays_of
from sanyi.insurance.coding_check.jobs.summary import BY_DEPARTMENT, BY_DOCTOR, by_kind, summary
from sanyi.insurance.coding_check.jobs.workbook import Contents, write_workbook
from sanyi.insurance.coding_check.rules.checker import finding_of
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.rules.yardstick import Yardstick
from sanyi.insurance.grouping import services as grouping
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import ALL
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.registry.county import COUNTY, HOSPITAL, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db
OWN = frozenset({HOSPITAL, TOWNSHIP})


def rows() -> list[dict[str, Any]]:
    """Stays with known findings beside clean ones, of three doctors and two departments."""
    other = {"discharge_department_code": "A04", "doctor_code": "D990000000002"}
    return [
        settlements.settlement(1),
        settlements.settlement(2, diagnosis_codes="I63.900|I10.x00"),
        settlements.settlement(3, diagnosis_codes="C61.x00", sex=2, **other),
        settlements.settlement(4, diagnosis_codes="K80.101|K80.101", procedure_codes="51.2300", sex=2, **other),
        settlements.settlement(5, institution_code=TOWNSHIP, diagnosis_codes="J18.900", doctor_code=None),
        settlements.settlement(6, institution_code=OTHER_HOSPITAL, diagnosis_codes="Y95.x00"),
        settlements.settlement(7, discharged_at=datetime(2025, 4, 2, 9), diagnosis_codes="NOPE"),
    ]


@pytest.fixture
def accepted(county: County, own_lake: Path) -> County:
    settlements.write(rows(), batch_number=1)
    return county


def start(county: County, **asked: Any) -> int:
    asked = {"month": "2025-03", **asked}
    by = county.actor("insurance_officer")
    number = services.start_check(by=by, scope=OWN, organisation_code=COUNTY, **asked)
    assert runs.carry_out(number) == "done"
    return number


def found(number: int) -> set[tuple[str, str]]:
    return set(services.findings_of_run(number, ALL).select("settlement_id", "kind").iter_rows())


def test_a_month_is_checked_within_the_scope(accepted: County) -> None:
    number = start(accepted)
    assert found(number) == {
        ("S0002", "diagnosis_grey"),
        ("S0003", "main_mdc_unmet"),
        ("S0003", "diagnosis_sex"),
        ("S0004", "main_repeated"),
    }
    stays = services.checked_of_run(number, ALL)
    assert set(stays["settlement_id"]) == {"S0001", "S0002", "S0003", "S0004", "S0005"}
    run = runs.get(number)
    assert run is not None
    assert run.result == {
        "stays_count": 5,
        "findings_count": 4,
        "refused_stays_count": 2,
        "without_scheme_count": 0,
    }


def test_the_run_says_what_it_was_made_from(accepted: County) -> None:
    run = runs.get(start(accepted))
    assert run is not None
    assert run.provenance["rulebook"] == "insurance.coding_check"
    assert len(run.provenance["policy_digest"]) == 64
    assert run.provenance["input_versions"]["settlement_list"] == 0


def test_results_are_read_within_the_readers_scope(accepted: County) -> None:
    number = start(accepted)
    town = frozenset({TOWNSHIP})
    assert services.findings_of_run(number, town).height == 0
    assert set(services.checked_of_run(number, town)["institution_code"]) == {TOWNSHIP}
    assert services.recent_checks(frozenset({OTHER_HOSPITAL})) == []
    assert [run.number for run in services.recent_checks(town)] == [number]


def test_a_batch_and_an_institution_can_be_chosen(accepted: County) -> None:
    settlements.write([settlements.settlement(8, diagnosis_codes="A49.100")], batch_number=2)
    assert found(start(accepted, month="", batch_number=2)) == {("S0008", "main_in_no_mdc")}
    assert services.checked_of_run(start(accepted, institution_code=TOWNSHIP), ALL).height == 1


def test_a_corrected_stay_is_checked_as_it_is_now(accepted: County) -> None:
    first = start(accepted)
    settlements.write([settlements.settlement(2, diagnosis_codes="I63.900")], batch_number=2)
    second = start(accepted)
    assert ("S0002", "diagnosis_grey") in found(first)
    assert ("S0002", "diagnosis_grey") not in found(second)
    now = set(services.current_findings().select("settlement_id", "kind").collect().iter_rows())
    assert now == found(second)


def test_the_newest_check_of_each_stay_counts(accepted: County) -> None:
    start(accepted)
    start(accepted, month="2025-04")
    now = set(services.current_findings().select("settlement_id").collect()["settlement_id"])
    assert now == {"S0002", "S0003", "S0004", "S0007"}
    assert services.months_of_findings(OWN) == ["2025-04", "2025-03"]
    assert services.months_of_findings(frozenset()) == []


def test_a_run_done_twice_writes_once(accepted: County) -> None:
    number = start(accepted)
    run = runs.get(number)
    assert run is not None
    before = lakes.lake().version(tables.FINDING.name)
    type(run).objects.filter(number=number).update(state="queued", finished_at=None)
    settlements.write([settlements.settlement(9, diagnosis_codes="NOPE")], batch_number=3)
    assert runs.carry_out(number) == "done"
    assert lakes.lake().version(tables.FINDING.name) == before
    assert "S0009" not in {stay for stay, _ in found(number)}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"month": ""}, "coding_check.period_missing"),
        ({"month": "2025-13"}, "coding_check.month_wrong"),
        ({"month": "三月"}, "coding_check.month_wrong"),
        ({"month": "2024-01"}, "coding_check.nothing_to_check"),
        ({"month": "", "batch_number": 99}, "coding_check.nothing_to_check"),
        ({"institution_code": OTHER_HOSPITAL}, "coding_check.nothing_to_check"),
    ],
)
def test_what_cannot_be_checked_is_refused(accepted: County, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        start(accepted, **asked)
    assert [refusal.code for refusal in refused.value.refusals] == [code]


def test_nothing_accepted_yet_is_refused(county: County, own_lake: Path) -> None:
    with pytest.raises(RefusedError):
        start(county)
    assert services.months_with_stays(ALL) == services.institutions_with_stays(ALL) == []
    assert services.current_findings().collect().height == 0


def test_the_yardstick_is_the_countys_own(accepted: County) -> None:
    run = grouping.group_batch(1, organisation_code=COUNTY)
    assert runs.carry_out(run) == "done"
    from sanyi.insurance.coding_check.services import checkers

    checkers._stays_version.cache_clear()
    scheme = services.checker_on(date(2025, 3, 8)).checker.scheme
    own = services.yardstick(scheme)
    stroke = next(drg for drg, group in own.groups.items() if drg.startswith("BR"))
    assert own.groups[stroke].stays_count == 2  # stays 1 and 2
    assert own.weight_cost_fen


def test_a_scheme_by_name_is_not_assumed_and_the_countys_own_is(accepted: County) -> None:
    assert services.checker_on(date(2025, 3, 8)).is_scheme_assumed is True
    assert services.checker_on(date(2025, 3, 8), "chs_drg_11").is_scheme_assumed is None


# --- table jobs, without the county ----------------------------------------------------------------------------------


class Period:
    """A scheme and its days."""

    def __init__(self, starts_on: date, ends_on: date | None, scheme: str) -> None:
        self.starts_on, self.ends_on, self.scheme, self.mode = starts_on, ends_on, scheme, "strict"


def checked_table(*periods: Period) -> Any:
    return check_settlements(
        pl.DataFrame(rows(), schema=settlements.schema()),
        periods=periods or (Period(date(2025, 1, 1), None, "linfen_2022"),),
        thresholds_of=lambda day: Thresholds.shipped(),
        yardstick_of=lambda scheme: Yardstick(),
        run_number=1,
    )


def test_each_stay_is_checked_under_the_scheme_of_its_day() -> None:
    done = checked_table(
        Period(date(2025, 1, 1), date(2025, 3, 31), "linfen_2022"), Period(date(2025, 4, 1), None, "yantai_2023")
    )
    schemes = dict(done.stays.select("settlement_id", "scheme").iter_rows())
    assert (schemes["S0001"], schemes["S0007"]) == ("linfen_2022", "yantai_2023")
    assert done.without_scheme_count == 0


def test_a_stay_without_a_scheme_is_counted_and_not_guessed() -> None:
    done = checked_table(Period(date(2025, 4, 1), None, "linfen_2022"))
    assert set(done.stays["settlement_id"]) == {"S0007"}
    assert done.without_scheme_count == 6


def test_the_table_has_the_findings_of_its_records() -> None:
    done = checked_table()
    frame = pl.DataFrame(rows(), schema=settlements.schema())
    for row in stays_of(frame).iter_rows(named=True):
        alone = Checker("linfen_2022").check(Record.of(row))
        own = done.findings.filter(pl.col("settlement_id") == row["settlement_id"]).sort("finding_key")
        assert [finding_of(each).as_dict() for each in own.iter_rows(named=True)] == [
            finding.as_dict() for finding in alone.findings
        ]


def test_tables_keep_their_contracts() -> None:
    done = checked_table()
    assert tables.FINDING.check(done.findings) == []
    assert tables.CHECKED_STAY.check(done.stays) == []


def test_summaries_add_up() -> None:
    done = checked_table()
    departments = summary(done.stays, BY_DEPARTMENT)
    assert departments["stays_count"].sum() == done.stays.height
    assert departments["refuse_count"].sum() + departments["warn_count"].sum() == done.findings.height
    hospital = departments.filter(pl.col("institution_code") == HOSPITAL, pl.col("department_code") == "A04")
    assert hospital.to_dicts()[0] | {} == {
        "institution_code": HOSPITAL,
        "department_code": "A04",
        "stays_count": 2,
        "refused_stays_count": 1,
        "warned_stays_count": 1,
        "clean_stays_count": 0,
        "refuse_count": 2,
        "warn_count": 1,
        "info_count": 0,
        "clean_share_bp": 0,
    }
    assert summary(done.stays, BY_DOCTOR)["stays_count"].sum() == done.stays.height
    kinds = by_kind(done.findings)
    assert kinds["findings_count"].sum() == done.findings.height


def test_the_workbook_has_its_sheets_and_starts_no_formula() -> None:
    done = checked_table()
    evil = done.findings.with_columns(doctor_code=pl.lit("=1+1"), medical_record_number=pl.lit("+cmd"))
    file = write_workbook(Contents(done.stays, evil, {HOSPITAL: "示范县人民医院"}, (("质控作业", "=2"),), "zh"))
    book = openpyxl.load_workbook(io.BytesIO(file.read()))
    file.close()
    assert book.sheetnames == ["科室汇总", "医师汇总", "问题明细", "说明"]
    findings = list(book["问题明细"].iter_rows(values_only=True))
    assert len(findings) == 1 + done.findings.height
    head = list(findings[0])
    assert {row[head.index("主诊医师代码")] for row in findings[1:]} == {"=1+1"}
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert findings[1][head.index("编码名称")]
    doctors = list(book["医师汇总"].iter_rows(values_only=True))
    assert len(doctors) == 1 + summary(done.stays, BY_DOCTOR).height


def test_the_workbook_is_there_in_english() -> None:
    done = checked_table()
    file = write_workbook(Contents(done.stays, done.findings, {}, (), "en"))
    book = openpyxl.load_workbook(io.BytesIO(file.read()))
    file.close()
    assert book.sheetnames == ["By department", "By doctor", "Findings", "About"]
    assert book["Findings"]["A1"].value == "Severity"
