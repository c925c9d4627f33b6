"""Schemes come in: a workbook is kept and checked by a job; the same twice is once; what is wrong is told."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest

from sanyi.insurance.grouping import explain, group_record
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion
from sanyi.insurance.scheme_change.services import importing
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from tests.insurance.scheme_county import codes_of, received, sent
from tests.insurance.schemes import STROKE, content, tiny
from tests.registry.county import COUNTY, County
from tests.registry.threads import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_schemes")]


def imported(county: County) -> str:
    version = received(county).version
    assert version is not None
    return version.key


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
        (b"%PDF-1.4 nothing", "scheme_change.not_a_workbook"),
        (b"PK\x03\x04 broken", "exchange.intake.archive_broken"),
        ("方案,一\n".encode(), "scheme_change.not_a_workbook"),
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
        return services.receive(io.BytesIO(data), "方案.xlsx", by=actor, organisation_code=COUNTY).run_number

    found = together(upload, upload)
    assert found[0] is not None
    assert found[0] == found[1]  # the second finds the check of the first under way
    assert runs.carry_out(found[0]) == "done"
    assert SchemeVersion.objects.count() == SchemeImport.objects.count() == 1
    assert upload() == found[0]  # nothing is checked again
    assert Run.objects.filter(kind="scheme_change.check").count() == 1


# --- the job --------------------------------------------------------------------------------------------------------


def test_nothing_is_known_before_the_job_has_looked(county: County) -> None:
    row = sent(county)
    assert (row.is_checked, services.is_under_way(row), row.version, row.findings) == (False, True, None, [])
    assert not SchemeVersion.objects.exists()
    assert row.run_number is not None
    assert runs.carry_out(row.run_number) == "done"
    run = runs.get(row.run_number)
    assert run is not None
    assert (run.progress_count, run.total_count, run.share_percent) == (6, 6, 100)
    assert run.result["scheme"] == SchemeVersion.objects.get().key
    assert run.provenance["file_digest"] == row.file_digest
    entry = AuditEntry.objects.get(verb="scheme.import")
    assert (entry.actor_name, run.result["scheme"] in entry.summary) == (run.started_by_name, True)


def test_progress_is_told_step_by_step(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    tell = runs.Progress.set

    def told(self: Any, count: int, total: int | None = None, message: str | None = None) -> None:
        said.append(message or "")
        tell(self, count, total, message)

    monkeypatch.setattr(runs.Progress, "set", told)
    received(county)
    assert said == ["正在读取工作簿", *importing.STEP_WORDS.values(), "已核对全部内容"]


@pytest.mark.parametrize("step", ["draft", "codes", "rules", "compile", "doubts", "annotate"])
def test_a_check_can_be_cancelled_at_every_step_and_resumed(
    county: County, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    row = sent(county)
    assert row.run_number is not None
    run, officer = runs.get(row.run_number), county.actor("insurance_officer")
    assert run is not None
    tell = importing._step

    def told(progress: runs.Progress, name: str) -> None:
        if name == step:
            runs.cancel(run, by=officer)
        tell(progress, name)

    with monkeypatch.context() as patched:
        patched.setattr(importing, "_step", told)
        assert runs.carry_out(row.run_number) == "cancelled"
    row.refresh_from_db()
    assert (row.is_checked, services.is_under_way(row), row.version) == (False, False, None)
    assert not SchemeVersion.objects.exists()
    assert services.annotated_workbook(row) is None
    runs.resume(run, by=officer)
    assert runs.carry_out(row.run_number) == "done"
    row.refresh_from_db()
    assert row.version == SchemeVersion.objects.get()


def test_a_file_whose_check_was_cancelled_may_be_sent_again(county: County) -> None:
    row = sent(county)
    run = runs.get(row.run_number or 0)
    assert run is not None
    runs.cancel(run, by=county.actor("insurance_officer"))
    assert runs.carry_out(run.number) == "taken"
    again = received(county, content(tiny()))
    assert again.pk == row.pk
    assert again.run_number != row.run_number
    assert again.version is not None


def test_a_cancellation_that_comes_too_late_changes_nothing(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    row = sent(county)
    run, make = runs.get(row.run_number or 0), importing._version
    assert run is not None

    def made(*given: Any) -> SchemeVersion | None:
        runs.cancel(run, by=county.actor("insurance_officer"))
        return make(*given)

    monkeypatch.setattr(importing, "_version", made)
    assert runs.carry_out(run.number) == "done"
    row.refresh_from_db()
    assert row.version is not None


def test_a_check_that_broke_off_is_done_again_to_the_same_end(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after the version was made and before the import says so."""
    row = sent(county)
    run = runs.get(row.run_number or 0)
    assert run is not None

    def broken(*given: Any) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(importing, "_record", broken)
        assert runs.carry_out(run.number) == "failed"
    runs.resume(run, by=county.actor("insurance_officer"))
    assert runs.carry_out(run.number) == "done"
    row.refresh_from_db()
    assert row.version == SchemeVersion.objects.get()


# --- names of lists -------------------------------------------------------------------------------------------------


def test_explanations_call_the_lists_of_an_imported_scheme_by_their_names(county: County) -> None:
    key = imported(county)
    told = explain({"sex": 1, "age": 60, "dx": f"{STROKE}|J96.000", "px": ""}, key)
    rule = next(line for line in told if line.kind == "rule")
    assert f"主要诊断 {STROKE}" in rule.zh
    assert "在诊断列表“卒中”中" in rule.zh
    assert f"{STROKE} is in list “卒中”" in rule.en
    near = explain({"sex": 1, "age": 60, "dx": "G40.900", "px": ""}, key)
    assert "在诊断列表“神经”中" in next(line.zh for line in near if line.kind == "gate")
    shipped = explain({"sex": 1, "age": 60, "dx": STROKE, "px": ""}, "linfen_2022")
    assert re.search(r"在诊断列表 \d+ 中", next(line.zh for line in shipped if line.kind == "rule"))
