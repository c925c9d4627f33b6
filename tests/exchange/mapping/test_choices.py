"""选定编码: questions, candidates, choices that last, who may choose; and the pages on which it is done."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.lake.services import lake
from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.models import CodeChoice, MappingQuestion
from sanyi.exchange.mapping.tables import insurance_codes
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.places import services as places
from tests.exchange.lists import csv_bytes, row
from tests.registry.county import COUNTY, HOSPITAL, OTHER_COUNTY, OTHER_HOSPITAL, County
from tests.registry.workbooks import exported

ASKED = "01.5900x053"
LIST = "settlement_list"


def send(county: County, code: str = ASKED, number: int = 1, edition: Edition = Edition.CLINICAL) -> Any:
    by = county.actor("hospital_insurance_office")
    content = csv_bytes([row(number, procedure_codes=code)])
    return intake.receive(content, LIST, HOSPITAL, by=by, file_name="清单.csv", edition=edition)


@pytest.fixture
def question(county: County) -> MappingQuestion:
    send(county)
    return MappingQuestion.objects.select_related("case").get()


@pytest.fixture
def coder(county: County) -> Any:
    return county.actor("medical_record_coder")


def refused_with(code: str) -> Any:
    return pytest.raises(RefusedError, check=lambda error: [one.code for one in error.refusals] == [code])


def targets(question: MappingQuestion) -> list[str]:
    return [entry.code for entry in mapping.candidates(question)]


@pytest.mark.django_db
def test_a_code_without_a_target_asks_once(county: County, question: MappingQuestion) -> None:
    assert (question.code, question.kind, question.edition, question.row_count) == (ASKED, "procedure", "clinical", 1)
    assert question.name == mapping.code_name(Kind.PROCEDURE, ASKED, Edition.CLINICAL)
    assert question.case.organisation_code == HOSPITAL
    batch = send(county, f"99.8301|{ASKED}", 2)
    assert batch.refused_count == 1
    assert MappingQuestion.objects.count() == 1
    assert [one["code"] for one in batch.waiting] == [ASKED]


@pytest.mark.django_db
def test_candidates_are_accepted_codes_of_the_same_category(question: MappingQuestion) -> None:
    found = mapping.candidates(question)
    assert 0 < len(found) <= 12
    for entry in found:
        assert entry.code.startswith("01")
        assert (entry.edition, entry.is_grey) == (Edition.INSURANCE_2, False)
        assert entry.name == mapping.code_name(Kind.PROCEDURE, entry.code)


@pytest.mark.django_db
def test_a_choice_is_remembered_and_applied_from_then_on(county: County, question: MappingQuestion, coder: Any) -> None:
    target = targets(question)[0]
    made = mapping.choose(question, target, by=coder, reason="同一术式")
    assert (made.target_code, made.chosen_by_name, made.reason) == (target, coder.name, "同一术式")
    question.refresh_from_db()
    assert not question.is_open
    question.case.refresh_from_db()
    assert question.case.state == "chosen"
    batch = send(county, ASKED, 2)
    assert (batch.refused_count, batch.new_count, batch.waiting) == (0, 1, [])
    intake.accept(batch, by=county.actor("hospital_insurance_office"))
    stored = lake().scan(LIST).select("procedure_codes", "procedure_codes_given").collect().rows()
    assert stored == [(target, ASKED)]
    assert not MappingQuestion.objects.filter(is_open=True).exists()
    assert AuditEntry.objects.filter(verb="mapping.choose", subject_id=f"procedure:{ASKED}").count() == 1


@pytest.mark.django_db
def test_the_waiting_batch_enters_after_it_is_checked_again(county: County, coder: Any) -> None:
    batch = send(county)
    question = MappingQuestion.objects.select_related("case").get()
    mapping.choose(question, targets(question)[0], by=coder)
    batch = intake.recheck(batch, by=county.actor("hospital_insurance_office"))
    assert (batch.state, batch.new_count, batch.refused_count) == (BatchState.CHECKED, 1, 0)


@pytest.mark.django_db
def test_a_choice_belongs_to_its_edition(county: County, question: MappingQuestion, coder: Any) -> None:
    mapping.choose(question, targets(question)[0], by=coder)
    batch = send(county, ASKED, 2, Edition.INSURANCE_2)
    assert batch.refused_count == 1, "written as insurance edition 2.0, the code is another matter"
    assert MappingQuestion.objects.filter(is_open=True, edition="insurance_2").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("", "exchange.mapping.choice_target_unknown"),
        ("99.99999", "exchange.mapping.choice_target_unknown"),
        (ASKED, "exchange.mapping.choice_target_unknown"),
        ("I63.900", "exchange.mapping.choice_target_unknown"),
        ("grey", "exchange.mapping.choice_target_grey"),
    ],
)
def test_wrong_targets_are_refused(question: MappingQuestion, coder: Any, target: str, code: str) -> None:
    if target == "grey":
        target = insurance_codes(Kind.PROCEDURE).filter("is_grey")["code"][0]
    with refused_with(code):
        mapping.choose(question, target, by=coder)
    assert not CodeChoice.objects.exists()
    question.refresh_from_db()
    assert question.is_open


@pytest.mark.django_db
def test_the_second_choice_is_told_of_the_first(county: County, question: MappingQuestion, coder: Any) -> None:
    first, second = targets(question)[:2]
    mapping.choose(question, first, by=coder)
    with refused_with("exchange.mapping.choice_taken") as caught:
        mapping.choose(question, second, by=county.actor("insurance_officer"))
    assert coder.name in caught.value.text()
    assert first in caught.value.text()


@pytest.mark.django_db
def test_the_county_changes_a_choice_with_a_reason(county: County, question: MappingQuestion, coder: Any) -> None:
    first, second = targets(question)[:2]
    made = mapping.choose(question, first, by=coder)
    officer = county.actor("insurance_officer")
    changed = mapping.change(made, second, by=officer, reason="与病案核对")
    made.refresh_from_db()
    assert made.replaced_at is not None
    assert (changed.target_code, changed.reason, changed.chosen_by_name) == (second, "与病案核对", officer.name)
    with refused_with("exchange.mapping.choice_taken"):
        mapping.change(made, first, by=officer, reason="再改")
    assert mapping.choices_frame().rows() == [("procedure", "clinical", ASKED, second)]


@pytest.mark.django_db
def test_a_withdrawn_code_is_asked_again_when_it_comes_again(
    county: County, question: MappingQuestion, coder: Any
) -> None:
    with pytest.raises(RefusedError):
        mapping.withdraw(question, by=coder, reason=" ")
    mapping.withdraw(question, by=coder, reason="上报机构填错")
    assert not MappingQuestion.objects.filter(is_open=True).exists()
    send(county, ASKED, 2)
    assert MappingQuestion.objects.filter(is_open=True).count() == 1
    assert MappingQuestion.objects.count() == 2


@pytest.mark.django_db
def test_the_case_alone_cannot_be_closed_without_a_code(question: MappingQuestion, coder: Any) -> None:
    with pytest.raises(RefusedError) as caught:
        cases.act(question.case, "choose", coder)
    assert caught.value.refusals[0].code.startswith("exchange.mapping.choice")
    question.refresh_from_db()
    assert question.is_open
    assert not CodeChoice.objects.exists()


@pytest.mark.django_db
def test_a_coder_of_another_hospital_may_not_choose(county: County, question: MappingQuestion) -> None:
    stranger = county.actor("medical_record_coder", OTHER_HOSPITAL)
    with pytest.raises(RefusedError) as caught:
        mapping.choose(question, targets(question)[0], by=stranger)
    assert [one.code for one in caught.value.refusals] == ["workflow.actor_not_allowed"]
    assert not CodeChoice.objects.exists()


@pytest.mark.django_db
def test_handlers_hear_of_a_choice_after_it_is_stored(
    question: MappingQuestion, coder: Any, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[str] = []
    mapping.on_chosen.append(lambda choice: heard.append(choice.target_code))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            made = mapping.choose(question, targets(question)[0], by=coder)
    finally:
        mapping.on_chosen.pop()
    assert heard == [made.target_code]


# looking up


@pytest.mark.parametrize(
    ("text", "first"), [("I63.9", "I63.900"), ("i63.9", "I63.900"), ("脑梗死 基底动脉", None), ("I63.900", "I63.900")]
)
def test_codes_are_found_by_their_beginning_or_by_words(text: str, first: str | None) -> None:
    found = mapping.search(Kind.DIAGNOSIS, text)
    assert found
    if first:
        assert found[0].code == first
        assert found[0].edition is Edition.INSURANCE_2
    else:
        assert all("脑梗死" in entry.name and "基底动脉" in entry.name for entry in found)
    editions = [entry.edition for entry in found]
    assert editions == sorted(editions, key=[Edition.INSURANCE_2, Edition.CLINICAL, Edition.INSURANCE_1].index)


def test_a_search_says_what_other_editions_become() -> None:
    found = {(entry.edition, entry.code): entry for entry in mapping.search(Kind.DIAGNOSIS, "I63.900")}
    for (edition, code), entry in found.items():
        if edition is not Edition.INSURANCE_2:
            assert entry.targets == mapping.targets_of(Kind.DIAGNOSIS, edition, code)
    assert mapping.search(Kind.DIAGNOSIS, "  ") == []
    assert mapping.search(Kind.PROCEDURE, "没有这样的手术") == []
    assert len(mapping.search(Kind.DIAGNOSIS, "病", limit=7)) == 7


def test_names_and_validity() -> None:
    assert mapping.is_valid(Kind.DIAGNOSIS, "I10.x00x002")
    assert not mapping.is_valid(Kind.PROCEDURE, "I10.x00x002")
    assert mapping.code_name(Kind.DIAGNOSIS, "Z99.999") is None
    assert mapping.code_names(Kind.DIAGNOSIS, ["I63.900", "Z99.999"]).keys() == {"I63.900"}
    assert not mapping.is_grey(Kind.DIAGNOSIS, "Z99.999")


# pages


@pytest.mark.django_db
def test_the_coder_decides_on_the_page_and_is_led_to_the_next(county: County, question: MappingQuestion) -> None:
    send(county, "01.5900x054", 2)
    client = county.client("medical_record_coder")
    page = client.get("/mapping/")
    assert page.status_code == 200
    assert ASKED in page.content.decode()
    address = f"/mapping/questions/{question.pk}/"
    text = client.get(address).content.decode()
    first = targets(question)[0]
    assert f'value="{first}" required autofocus' in text, "the first candidate has the focus: arrow keys and Enter do"
    answer = client.post(f"{address}choose/", {"target_code": first, "reason": ""})
    assert answer.status_code == 302
    left = MappingQuestion.objects.get(is_open=True)
    assert (left.code, answer["Location"]) == ("01.5900x054", f"/mapping/questions/{left.pk}/")
    assert CodeChoice.objects.get().target_code == first
    client.get("/mapping/")
    assert ASKED not in client.get("/mapping/").content.decode(), "said once, and no longer in the list"
    assert exported(client, "/mapping/choices/?format=xlsx")[1][0] == ASKED


@pytest.mark.django_db
def test_another_code_may_be_searched_and_grey_ones_cannot_be_picked(county: County, question: MappingQuestion) -> None:
    client = county.client("medical_record_coder")
    grey = insurance_codes(Kind.PROCEDURE).filter("is_grey")["code"][0]
    text = client.get(f"/mapping/questions/{question.pk}/", {"text": grey}).content.decode()
    place = text.index(f'name="target_code" value="{grey}"')
    assert "disabled" in text[place : place + 80]
    answer = client.post(f"/mapping/questions/{question.pk}/choose/", {"target_code": grey})
    assert answer.status_code == 422
    assert "灰码" in answer.content.decode()


@pytest.mark.django_db
def test_search_shows_every_edition(county: County) -> None:
    text = county.client("medical_record_coder").get("/mapping/?text=I63.900").content.decode()
    assert "医保版2.0" in text
    assert "国家临床版" in text
    empty = county.client("medical_record_coder").get("/mapping/?text=没有这个病").content.decode()
    assert "没有找到编码" in empty


@pytest.mark.django_db
def test_those_who_only_read_cannot_choose(county: County, question: MappingQuestion) -> None:
    reader = county.client("reform_office")
    text = reader.get(f"/mapping/questions/{question.pk}/").content.decode()
    assert "撤回理由" not in text
    answer = reader.post(f"/mapping/questions/{question.pk}/choose/", {"target_code": targets(question)[0]})
    assert answer.status_code == 403
    assert not CodeChoice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "where"), [("medical_record_coder", OTHER_HOSPITAL), ("insurance_officer", OTHER_COUNTY)]
)
def test_strangers_see_no_question(county: County, question: MappingQuestion, role: str, where: str) -> None:
    client = county.client(role, where)
    assert client.get(f"/mapping/questions/{question.pk}/").status_code == 403
    assert ASKED not in client.get("/mapping/").content.decode()


@pytest.mark.django_db
def test_the_county_changes_and_withdraws_on_pages(
    county: County, question: MappingQuestion, coder: Any, settings: Any
) -> None:
    places.load_places(settings.SANYI_COUNTY)
    Organisation.objects.filter(code=COUNTY).update(place_id=settings.SANYI_COUNTY)
    first, second = targets(question)[:2]
    made = mapping.choose(question, first, by=coder)
    officer = county.client("insurance_officer")
    address = f"/mapping/choices/{made.pk}/"
    assert first in officer.get(address).content.decode()
    assert county.client("medical_record_coder").get(address).status_code == 403
    assert officer.post(address, {"target_code": second, "reason": "核对"}).status_code == 302
    assert CodeChoice.objects.get(replaced_at__isnull=True).target_code == second
    send(county, "01.5900x054", 3)
    other = MappingQuestion.objects.get(is_open=True)
    done = officer.post(f"/mapping/questions/{other.pk}/withdraw/", {"reason": "填错"})
    assert (done.status_code, done["Location"]) == (302, "/mapping/")
    assert not MappingQuestion.objects.filter(is_open=True).exists()
