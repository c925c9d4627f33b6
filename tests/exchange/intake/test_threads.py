"""同时办理: two threads doing the same give one result."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.lake.services import lake
from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition
from sanyi.exchange.mapping.models import CodeChoice, MappingQuestion
from sanyi.kernel.refusals import RefusedError
from tests.exchange.lists import csv_bytes, row
from tests.registry.county import HOSPITAL, County
from tests.registry.threads import together

CONTENT = csv_bytes([row(number) for number in range(20)])


@pytest.fixture
def office(open_county: County) -> Any:
    return open_county.actor("hospital_insurance_office")


def receive(by: Any, content: bytes = CONTENT, **more: Any) -> Batch:
    return intake.receive(content, "settlement_list", HOSPITAL, by=by, file_name="清单.csv", **more)


def test_the_same_file_from_several_threads_is_one_batch(office: Any) -> None:
    results = together(*[lambda: receive(office)] * 4)
    assert {batch.pk for batch in results} == {Batch.objects.get().pk}
    batch = Batch.objects.select_related("case").get()
    assert (batch.state, batch.new_count, batch.attempt) == (BatchState.CHECKED, 20, 1)


def test_accepting_from_several_threads_is_done_once_and_refused_to_the_others(office: Any) -> None:
    batch = receive(office)
    results = together(*[lambda: intake.accept(intake.get(batch.number), by=office)] * 3)  # type: ignore[arg-type]
    accepted = [found for found in results if isinstance(found, Batch)]
    assert len(accepted) == 1
    assert all(isinstance(found, RefusedError) for found in results if found not in accepted)
    assert lake().scan("settlement_list").collect().height == 20
    assert len(lake().history("settlement_list")) == 1


def test_recovering_at_once_finishes_a_batch_once(office: Any, monkeypatch: Any) -> None:
    from sanyi.exchange.intake.services import accepting

    batch = receive(office)
    monkeypatch.setattr(accepting, "_into_lake", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        intake.accept(batch, by=office)
    monkeypatch.undo()
    together(intake.recover, intake.recover, intake.recover)
    batch = intake.get(batch.number)  # type: ignore[assignment]
    assert (batch.state, batch.written_count) == (BatchState.ACCEPTED, 20)
    assert lake().scan("settlement_list").collect().height == 20


def test_different_files_enter_side_by_side(office: Any) -> None:
    contents = [csv_bytes([row(number * 10 + place) for place in range(5)]) for number in range(4)]
    results = together(
        *[lambda content=content: intake.accept(receive(office, content), by=office) for content in contents]
    )
    assert [batch.state for batch in results] == [BatchState.ACCEPTED] * 4
    assert lake().current(intake.registered()["settlement_list"].contract).collect().height == 20


def test_two_coders_choosing_at_once_give_one_choice(office: Any, open_county: County) -> None:
    content = csv_bytes([row(1, procedure_codes="01.5900x053")])
    receive(office, content, edition=Edition.CLINICAL)
    question = MappingQuestion.objects.select_related("case").get()
    codes = [entry.code for entry in mapping.candidates(question)][:2]
    coder = open_county.actor("medical_record_coder")
    results = together(
        *[
            lambda code=code: mapping.choose(
                MappingQuestion.objects.select_related("case").get(pk=question.pk), code, by=coder
            )
            for code in codes
        ]
    )
    made = [found for found in results if isinstance(found, CodeChoice)]
    assert len(made) == 1
    assert CodeChoice.objects.get().target_code == made[0].target_code
    assert [type(found) for found in results if found not in made] == [RefusedError]
