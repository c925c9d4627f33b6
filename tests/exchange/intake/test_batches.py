"""批次: from receipt to acceptance; the same file twice, corrections, choices, sending back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services import accepting, terms
from sanyi.exchange.lake.services import lake
from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition
from sanyi.exchange.mapping.models import MappingQuestion
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from tests.exchange.lists import csv_bytes, row, workbook_bytes
from tests.registry.county import BRANCH, BUREAU, COUNTY, HOSPITAL, TOWNSHIP, County

LIST = SETTLEMENT_LIST.name


@pytest.fixture
def office(county: County) -> Any:
    return county.actor("hospital_insurance_office")


def send(by: Any, *rows: dict[str, str], name: str = "清单.csv", **more: Any) -> Batch:
    return intake.receive(csv_bytes(rows), LIST, HOSPITAL, by=by, file_name=name, **more)


def current() -> dict[str, int]:
    rows = lake().current(SETTLEMENT_LIST).select("settlement_id", "total_fen").collect()
    return dict(rows.rows())


def cheaper(number: int, **more: str) -> dict[str, str]:
    return row(
        number, bed_fen="180.00", total_fen="8540.00", cash_payment_fen="2760.00", personal_ownpay_fen="800.00", **more
    )


def test_a_batch_goes_from_receipt_to_the_lake(office: Any) -> None:
    batch = send(office, row(1), row(2), row(3, total_fen="1"), row(4, age_years="73"))
    assert batch.state is BatchState.CHECKED
    counts = (batch.row_count, batch.new_count, batch.changed_count, batch.unchanged_count, batch.refused_count)
    assert counts == (4, 3, 0, 0, 1)
    assert batch.warned_count == 1
    assert not lake().exists(LIST), "a dry run writes nothing"
    batch = intake.accept(batch, by=office)
    assert (batch.state, batch.written_count, batch.lake_version) == (BatchState.ACCEPTED, 3, 0)
    assert (batch.decided_by_name, batch.decided_at is not None) == (office.name, True)
    assert set(current()) == {"SL000001", "SL000002", "SL000004"}
    (commit,) = lake().history(LIST)
    assert (commit.batch_number, commit.digest, commit.row_count) == (batch.number, batch.content_digest, 3)


def test_the_original_is_kept_byte_for_byte(office: Any, settings: Any) -> None:
    content = csv_bytes([row(1)], "gb18030")
    batch = intake.receive(content, LIST, HOSPITAL, by=office, file_name="三月/清单.csv")
    assert intake.original_of(batch).read_bytes() == content
    assert batch.file_name == "清单.csv"
    assert not list((Path(settings.FILES_ROOT) / "incoming").iterdir())


def test_the_same_file_is_one_batch_before_and_after_acceptance(office: Any) -> None:
    first = send(office, row(1), row(2))
    assert send(office, row(1), row(2), name="另存.csv").pk == first.pk
    intake.accept(first, by=office)
    assert send(office, row(1), row(2)).pk == first.pk
    assert Batch.objects.count() == 1
    assert lake().version(LIST) == 0


def test_the_same_rows_in_another_file_change_nothing(office: Any) -> None:
    intake.accept(send(office, row(1), row(2)), by=office)
    again = intake.receive(workbook_bytes([row(2), row(1)]), LIST, HOSPITAL, by=office, file_name="清单.xlsx")
    assert (again.new_count, again.changed_count, again.unchanged_count) == (0, 0, 2)
    assert again.content_digest == Batch.objects.get(pk=again.pk - 1).content_digest
    again = intake.accept(again, by=office)
    assert (again.state, again.written_count, again.lake_version) == (BatchState.ACCEPTED, 0, 0)
    assert lake().version(LIST) == 0


def test_a_correction_supersedes_and_both_stay_readable(office: Any) -> None:
    intake.accept(send(office, row(1), row(2)), by=office)
    correction = send(office, cheaper(1), row(2), row(3))
    assert (correction.new_count, correction.changed_count, correction.unchanged_count) == (1, 1, 1)
    intake.accept(correction, by=office)
    assert current() == {"SL000001": 854000, "SL000002": 864000, "SL000003": 864000}
    every = lake().scan(LIST).filter(pl.col("settlement_id") == "SL000001").collect()
    assert sorted(every["total_fen"]) == [854000, 864000]
    assert lake().scan(LIST, version=0).collect().height == 2


def test_an_old_file_sent_again_after_a_correction_is_a_new_batch(office: Any) -> None:
    first = intake.accept(send(office, row(1)), by=office)
    intake.accept(send(office, cheaper(1)), by=office)
    again = send(office, row(1))
    assert again.pk != first.pk
    assert again.attempt == 2
    assert again.changed_count == 1


def test_a_waiting_batch_accepted_after_its_correction_does_not_bring_old_values_back(office: Any) -> None:
    old = send(office, row(1), row(9))
    other = Batch.objects.select_related("case").get(pk=old.pk)
    new = send(office, cheaper(1))
    intake.accept(old, by=office)
    intake.accept(new, by=office)
    assert current()["SL000001"] == 854000
    assert other.number < new.number


def test_accepting_a_newer_batch_replaces_the_older_that_waits(office: Any) -> None:
    old, unrelated = send(office, row(1), row(2)), send(office, row(7), name="七.csv")
    intake.accept(send(office, cheaper(1)), by=office)
    assert intake.get(old.number).state is BatchState.SUPERSEDED  # type: ignore[union-attr]
    assert intake.get(unrelated.number).state is BatchState.CHECKED  # type: ignore[union-attr]
    with pytest.raises(RefusedError) as caught:
        intake.accept(intake.get(old.number), by=office)  # type: ignore[arg-type]
    assert caught.value.refusals[0].code == "workflow.transition_unknown"


def test_a_batch_in_which_nothing_passed_cannot_be_accepted(office: Any) -> None:
    batch = send(office, row(1, total_fen="1"))
    with pytest.raises(RefusedError) as caught:
        intake.accept(batch, by=office)
    assert caught.value.refusals[0].code == "exchange.intake.nothing_to_accept"
    assert intake.get(batch.number).state is BatchState.CHECKED  # type: ignore[union-attr]


def test_corrected_rows_of_an_accepted_batch_enter_later(office: Any) -> None:
    intake.accept(send(office, row(1), row(2, total_fen="1")), by=office)
    fixed = send(office, row(1), row(2))
    assert (fixed.new_count, fixed.unchanged_count, fixed.refused_count) == (1, 1, 0)
    assert intake.accept(fixed, by=office).written_count == 1


def test_sending_back_needs_a_reason_and_loses_nothing(office: Any) -> None:
    batch = send(office, row(1), row(2, total_fen="1"))
    with pytest.raises(RefusedError) as caught:
        intake.reject(batch, by=office, reason=" ")
    assert caught.value.refusals[0].code == "workflow.reason_required"
    batch = intake.reject(intake.get(batch.number), by=office, reason="月份选错")  # type: ignore[arg-type]
    assert batch.state is BatchState.REJECTED
    assert not lake().exists(LIST)
    assert intake.original_of(batch).exists()
    assert len(list(intake.all_refusals(batch, 10))) == 2
    again = send(office, row(1), row(2, total_fen="1"))
    assert (again.pk != batch.pk, again.attempt) == (True, 2)


def test_an_unreadable_file_is_a_batch_with_its_reasons(office: Any) -> None:
    batch = intake.receive(b"a,b\n1,2\n", LIST, HOSPITAL, by=office, file_name="别的.csv")
    assert batch.state is BatchState.UNREADABLE
    (found,) = batch.refusals
    assert found["zh"]["code"] == "exchange.intake.header_not_found"
    assert "表头" in found["zh"]["message"]
    assert intake.receive(b"a,b\n1,2\n", LIST, HOSPITAL, by=office, file_name="别的.csv").pk == batch.pk


@pytest.mark.parametrize(
    ("content", "contract", "sender", "code"),
    [
        (b"", LIST, HOSPITAL, "exchange.intake.file_empty"),
        (b"x", "no_such", HOSPITAL, "exchange.intake.contract_unknown"),
        (b"x", LIST, "999999999999", "organisations.unknown"),
    ],
)
def test_what_is_no_batch_at_all(office: Any, content: bytes, contract: str, sender: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        intake.receive(content, contract, sender, by=office, file_name="x")
    assert caught.value.refusals[0].code == code
    assert Batch.objects.count() == 0


def test_a_file_over_the_limit_leaves_nothing_behind(office: Any, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(terms, "value", limited(file_bytes=100))
    with pytest.raises(RefusedError) as caught:
        send(office, row(1))
    assert caught.value.refusals[0].code == "exchange.intake.file_too_large"
    assert not [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]


def limited(**changes: int) -> Any:
    real = terms.value

    def value(key: str, on: Any) -> int:
        return changes.get(key.rpartition(".")[2]) or real(key, on)

    return value


def test_rows_of_another_institution_are_refused_and_of_a_branch_are_not(office: Any) -> None:
    batch = send(office, row(1, institution_code=TOWNSHIP), row(2, institution_code=BRANCH))
    assert (batch.new_count, batch.refused_count) == (1, 1)
    ((refusal, _),) = list(intake.all_refusals(batch, 5))
    assert refusal.code == "exchange.settlement_list.not_sender"
    assert "示范县人民医院" in refusal.message()


def test_the_bureau_may_send_for_the_whole_county(county: County) -> None:
    officer = county.actor("insurance_officer")
    content = csv_bytes([row(1, institution_code=TOWNSHIP), row(2)])
    batch = intake.receive(content, LIST, COUNTY, by=officer, file_name="全县.csv")
    assert batch.new_count == 2


def test_only_those_who_may_accept_can(county: County, office: Any) -> None:
    batch = send(office, row(1))
    for role, where in (("hospital_doctor", HOSPITAL), ("auditor", COUNTY), ("system_administrator", COUNTY)):
        with pytest.raises(RefusedError) as caught:
            intake.accept(batch, by=county.actor(role, where))
        assert caught.value.refusals[0].code == "workflow.actor_not_allowed"
    stranger = county.actor("hospital_insurance_office", TOWNSHIP)
    with pytest.raises(RefusedError):
        intake.accept(batch, by=stranger)
    assert intake.accept(batch, by=county.actor("insurance_officer", BUREAU)).state is BatchState.ACCEPTED


def test_every_step_of_the_workflow_is_for_its_actor() -> None:
    from sanyi.exchange.intake.workflow import CHART

    assert CHART.check() == []
    people = {"batch.upload", "batch.accept"}
    for step in CHART.transitions:
        with pytest.raises(RefusedError):
            CHART.next(step.source, step.name, actor_roles={"person.read"}, reason="x")
        allowed = step.actors & people or step.actors
        for actor in allowed:
            assert CHART.next(step.source, step.name, actor_roles={actor}, reason="x").code == step.target


def test_an_act_from_the_to_do_list_does_the_same(office: Any, django_capture_on_commit_callbacks: Any) -> None:
    batch = send(office, row(1))
    assert batch.case in cases.todo(office)
    with django_capture_on_commit_callbacks(execute=True):
        cases.act(batch.case, "accept", office)
    batch = intake.get(batch.number)  # type: ignore[assignment]
    assert (batch.state, batch.written_count, batch.decided_by_name) == (BatchState.ACCEPTED, 1, office.name)


def test_inside_a_transaction_the_rows_wait_for_its_commit(
    office: Any, django_capture_on_commit_callbacks: Any
) -> None:
    batch = send(office, row(1))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            assert intake.accept(batch, by=office).state is BatchState.ACCEPTING
            assert not lake().exists(LIST)
        assert not lake().exists(LIST)
    assert intake.get(batch.number).state is BatchState.ACCEPTED  # type: ignore[union-attr]


def test_a_rolled_back_acceptance_leaves_the_lake_alone(office: Any) -> None:
    batch = send(office, row(1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        intake.accept(batch, by=office)
        raise ZeroDivisionError
    assert intake.get(batch.number).state is BatchState.CHECKED  # type: ignore[union-attr]
    assert not lake().exists(LIST)


def test_subscribers_hear_of_new_rows_once_and_again_after_their_own_fault(office: Any, monkeypatch: Any) -> None:
    heard: list[int] = []

    def handler(accepted: intake.AcceptedBatch) -> None:
        heard.append(accepted.number)
        if len(heard) == 1:
            raise ValueError("not now")

    monkeypatch.setattr(accepting, "_HANDLERS", {})
    intake.on_accepted(handler)
    batch = intake.accept(send(office, row(1)), by=office)
    assert (heard, batch.announced_at) == ([batch.number], None)
    assert intake.recover() == [batch.number]
    assert heard == [batch.number] * 2
    assert intake.recover() == []
    unchanged = intake.receive(workbook_bytes([row(1)]), LIST, HOSPITAL, by=office, file_name="x.xlsx")
    intake.accept(unchanged, by=office)
    assert len(heard) == 2, "nothing new, nothing to tell"


def test_a_code_that_waits_is_chosen_once_and_applied_from_then_on(county: County, office: Any) -> None:
    content = csv_bytes([row(1, procedure_codes="01.5900x053"), row(2)])
    batch = intake.receive(content, LIST, HOSPITAL, by=office, file_name="a.csv", edition=Edition.CLINICAL)
    assert (batch.new_count, batch.refused_count) == (1, 1)
    assert batch.waiting == [{"kind": "procedure", "code": "01.5900x053", "count": 1}]
    question = MappingQuestion.objects.get()
    assert question.case in cases.todo(county.actor("medical_record_coder"))
    target = mapping.candidates(question)[0].code
    mapping.choose(question, target, by=county.actor("medical_record_coder"))
    batch = intake.recheck(intake.get(batch.number), by=office)  # type: ignore[arg-type]
    assert (batch.new_count, batch.refused_count, batch.waiting) == (2, 0, [])
    intake.accept(batch, by=office)
    stored = lake().current(SETTLEMENT_LIST).filter(pl.col("settlement_id") == "SL000001").collect()
    assert stored["procedure_codes"].to_list() == [target]
    assert stored["procedure_codes_given"].to_list() == ["01.5900x053"]


def test_a_large_file_is_checked_by_a_run(office: Any) -> None:
    from sanyi.registry.runs import services as runs

    batch = send(office, row(1), in_background=True)
    assert batch.state is BatchState.RECEIVED
    assert not intake.is_interrupted(batch), "a queued run looks after it"
    assert runs.carry_out(batch.run_number, has_heart=False) == "done"  # type: ignore[arg-type]
    batch = intake.get(batch.number)  # type: ignore[assignment]
    assert (batch.state, batch.new_count) == (BatchState.CHECKED, 1)
    assert runs.get(batch.run_number).progress_count == 1  # type: ignore[union-attr, arg-type]


def test_a_large_batch_enters_by_a_run(office: Any, monkeypatch: Any) -> None:
    from sanyi.registry.runs import services as runs

    batch = send(office, row(1))
    monkeypatch.setattr(terms, "value", lambda key, on: 0 if key.endswith("background_rows") else limited()(key, on))
    monkeypatch.setattr(terms, "value", lambda key, on: 0)
    batch = intake.accept(batch, by=office)
    assert batch.state is BatchState.ACCEPTING
    assert runs.carry_out(batch.run_number, has_heart=False) == "done"  # type: ignore[arg-type]
    assert intake.get(batch.number).state is BatchState.ACCEPTED  # type: ignore[union-attr]


def test_a_changed_original_is_noticed(office: Any) -> None:
    batch = send(office, row(1), in_background=True)
    intake.original_of(batch).write_bytes(b"short")
    with pytest.raises(RefusedError) as caught:
        intake.original_of(batch)
    assert caught.value.refusals[0].code == "exchange.intake.original_gone"


def test_nothing_personal_is_in_the_lake_the_database_or_the_log(office: Any, caplog: Any) -> None:
    secret = {"person_name": "王示安", "certificate_number": "990830195203140017", "contact_phone": "13912345678"}
    with caplog.at_level("DEBUG"):
        batch = send(office, row(1, **secret), row(2, person_name="王示安", contact_phone="13912345678"))
        intake.accept(batch, by=office)
    written = lake().scan(LIST).collect().write_csv() + str(Batch.objects.values().get()) + caplog.text
    assert not [value for value in secret.values() if value in written]
    kept = intake.refused_row(batch, 2)
    assert kept is not None
    assert (kept["person_name"], kept["certificate_number"]) == ("***", "99****7")


def test_a_person_in_the_index_is_linked_by_number_name_and_birth(office: Any) -> None:
    from sanyi.registry.people import services as people
    from sanyi.registry.people.codes import CredentialKind, Sex

    number = people.CredentialFacts(kind=CredentialKind.ID_CARD, number="990830195203140016")
    facts = people.PersonFacts(name="王示安", sex=Sex.MALE, born_on=date(1952, 3, 14), credentials=[number])
    made = people.register_person(facts, by=office)
    intake.accept(send(office, row(1), row(2, person_name="李示安")), by=office)
    stored = dict(lake().scan(LIST).select("settlement_id", "person_id").collect().rows())
    assert stored == {"SL000001": made.person.person_id, "SL000002": None}
    keys = lake().scan(LIST).select("person_key").collect()["person_key"]
    assert keys.n_unique() == 1
    assert keys[0] == people.lookup_key(CredentialKind.ID_CARD, "990830195203140016")
