"""Special cases: applied for with evidence, judged by two, capped, limited in time, paid in what is computed next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sanyi.insurance.payment import services, tables, workflow
from sanyi.insurance.payment.models import SpecialCase
from sanyi.insurance.payment.services import specials
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from tests.insurance.payment import settled
from tests.registry.county import COUNTY, HOSPITAL, OTHER_COUNTY, OTHER_HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """A cap of one stay in two, no limit in time, and a folder of this test's own for the evidence."""
    settings.FILES_ROOT = tmp_path / "files"
    monkeypatch.setattr(specials, "_caps", lambda on: {"drg": 5_000})
    monkeypatch.setattr(specials, "filing_until", lambda day: timezone.localdate() + timedelta(days=1))


def evidence() -> SimpleUploadedFile:
    return SimpleUploadedFile("病历摘要.pdf", b"%PDF-1.4 text")


def applied(county: County, settlement_id: str = "S0002", **given: Any) -> SpecialCase:
    asked = {"amount": "9000", "ground": "并发症多", "evidence": [evidence()]} | given
    return services.apply(HOSPITAL, settlement_id, **asked, by=county.actor("hospital_insurance_office"))


def codes_of(refused: Any) -> list[str]:
    return [one.code for one in refused.value.refusals]


def reviewers(county: County) -> tuple[Any, Any]:
    return county.actor("insurance_officer"), county.actor("insurance_officer", COUNTY)


def approved(county: County) -> SpecialCase:
    first, second = reviewers(county)
    found = services.decide(applied(county), "review", by=first, reason="情况属实", amount="8500")
    return services.decide(found, "approve", by=second, reason="同意", amount="8000")


def test_an_approved_case_is_paid_in_the_next_computation(settled_county: County) -> None:
    found = approved(settled_county)
    assert (found.outcome, found.proposed_fen, found.approved_fen) == ("approved", 850_000, 800_000)
    before = services.latest(2025)
    assert before is not None
    with pytest.raises(RefusedError) as refused:
        services.close(before, by=settled.closer(settled_county))
    assert codes_of(refused) == ["payment.inputs_changed"]
    after = settled.computed(settled_county)
    row = services.table(after, tables.PAID_CASE).row(by_predicate=pl.col("settlement_id") == "S0002", named=True)
    assert (row["is_special"], row["price_fen"], row["inner_value_fen"]) == (True, 800_000, 440_000)
    assert after.inputs["specials"][0]["case_number"] == found.case.number
    assert services.replay(services.close(after, by=settled.closer(settled_county))).is_same


def test_the_two_reviewers_are_two(settled_county: County) -> None:
    first, _ = reviewers(settled_county)
    found = services.decide(applied(settled_county), "review", by=first, reason="属实", amount="8500")
    with pytest.raises(RefusedError) as refused:
        services.decide(found, "approve", by=first, reason="同意", amount="8000")
    assert codes_of(refused) == ["payment.same_reviewer"]
    assert SpecialCase.objects.get().outcome == ""


STEPS = {
    "submit": ("filed", "hospital_insurance_office", HOSPITAL, ("insurance_officer", "hospital_director")),
    "review": ("applied", "insurance_officer", COUNTY, ("hospital_insurance_office", "finance_officer", "auditor")),
    "approve": ("reviewed", "insurance_officer", COUNTY, ("hospital_insurance_office", "finance_officer")),
    "reject": ("applied", "insurance_officer", COUNTY, ("hospital_insurance_office", "finance_officer")),
    "withdraw": ("applied", "hospital_insurance_office", HOSPITAL, ("insurance_officer", "hospital_director")),
}


def test_every_step_is_tried() -> None:
    assert set(STEPS) == {one.name for one in workflow.SPECIAL_CHART.transitions}


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"submit"}))
def test_each_step_takes_the_right_person_alone(settled_county: County, step: str) -> None:
    state, role, where, wrong = STEPS[step]
    found = applied(settled_county)
    if state == "reviewed":
        found = services.decide(found, "review", by=reviewers(settled_county)[0], reason="属实", amount="8500")
    abroad = OTHER_HOSPITAL if role.startswith("hospital") else OTHER_COUNTY
    strangers = [settled_county.actor(other) for other in wrong] + [settled_county.actor(role, abroad)]
    for stranger in strangers:
        with pytest.raises(RefusedError):
            services.decide(found, step, by=stranger, reason="试", amount="8000")
    moved = services.decide(found, step, by=settled_county.actor(role, where), reason="试", amount="8000")
    assert moved.case.state != state


def test_the_bureau_applies_for_nobody(settled_county: County) -> None:
    with pytest.raises(RefusedError):
        services.apply(HOSPITAL, "S0002", amount="9000", ground="试", evidence=[evidence()],
                       by=settled_county.actor("insurance_officer"))  # fmt: skip
    assert not SpecialCase.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"settlement_id": "S9999"}, "payment.stay_unknown"),
        ({"settlement_id": "S0007", "amount": "4000"}, "payment.method_without_special"),
        ({"ground": " "}, "payment.ground_missing"),
        ({"amount": "0"}, "payment.amount_wrong"),
        ({"amount": "九千"}, "payment.amount_wrong"),
        ({"amount": "9000.01"}, "payment.amount_wrong"),
        ({"evidence": []}, "workflow.evidence_required"),
    ],
)
def test_what_cannot_be_applied_for(settled_county: County, given: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        applied(settled_county, **given)
    assert codes_of(refused) == [code]
    assert not SpecialCase.objects.exists()


def test_one_application_a_stay(settled_county: County) -> None:
    first = applied(settled_county)
    with pytest.raises(RefusedError) as refused:
        applied(settled_county)
    assert codes_of(refused)[0] == "payment.special_exists"
    services.decide(first, "withdraw", by=settled_county.actor("hospital_insurance_office"), reason="材料不全")
    assert applied(settled_county).pk != first.pk


def test_the_cap_counts_what_is_under_way_and_approved(settled_county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    room = services.room("drg", 2025)
    assert room is not None
    assert (room.stay_count, room.cap_count, room.left_count) == (4, 2, 2)
    monkeypatch.setattr(specials, "_caps", lambda on: {"drg": 2_500})
    applied(settled_county)
    with pytest.raises(RefusedError) as refused:
        applied(settled_county, "S0001", amount="4000")
    assert codes_of(refused) == ["payment.special_cap_reached"]


def test_after_the_limit_nothing_is_taken(settled_county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specials, "filing_until", lambda day: timezone.localdate() - timedelta(days=1))
    with pytest.raises(RefusedError) as refused:
        applied(settled_county)
    assert codes_of(refused) == ["payment.special_too_late"]


def test_a_closed_year_takes_no_application(settled_county: County) -> None:
    year = services.latest(2025)
    assert year is not None
    services.close(year, by=settled.closer(settled_county))
    with pytest.raises(RefusedError) as refused:
        applied(settled_county)
    assert codes_of(refused) == ["payment.special_year_closed"]


def test_a_waiting_case_blocks_the_year_and_not_the_month(settled_county: County) -> None:
    found = applied(settled_county)
    year, march = services.latest(2025), services.latest(2025, 3)
    assert year is not None and march is not None
    with pytest.raises(RefusedError) as refused:
        services.close(year, by=settled.closer(settled_county))
    assert codes_of(refused) == ["payment.specials_waiting"]
    assert found.case.number in refused.value.refusals[0].message("zh")
    assert services.close(march, by=settled.closer(settled_county)).state == "closed"


def test_the_review_stands_on_the_to_do_list_with_its_deadline(settled_county: County) -> None:
    found = applied(settled_county)
    todo = cases.todo(settled_county.actor("insurance_officer"))
    assert found.case.number in set(todo.values_list("number", flat=True))
    assert found.case.deadline_at is not None


def test_policy_caps_are_five_percent_and_five_per_mille(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    monkeypatch.undo()
    assert specials._caps(date(2025, 12, 31)) == {"drg": 500, "dip": 50}
    assert specials.Room("dip", 2025, 1_999, 50, 0).cap_count == 9
    assert specials.Room("drg", 2025, 100, 500, 5).left_count == 0


def test_the_pages_of_a_special_case(settled_county: County) -> None:
    office = settled_county.client("hospital_insurance_office")
    path = f"/payment/special/new/{HOSPITAL}/S0002/"
    assert "申请截止" in office.get(path).content.decode()
    refused = office.post(path, {"amount": "0", "ground": "并发症多", "evidence": evidence()})
    assert refused.status_code == 422
    assert "并发症多" in refused.content.decode()
    answer = office.post(path, {"amount": "9000", "ground": "并发症多", "evidence": evidence()})
    assert answer.status_code == 302
    page = answer["Location"]
    text = office.get(page).content.decode()
    assert "待初审" in text
    assert "病历摘要.pdf" in text
    first, second = settled_county.client("insurance_officer"), settled_county.client("insurance_officer", COUNTY)
    revision = SpecialCase.objects.get().case.revision
    act = {"act": "review", "reason": "属实", "amount": "", "revision": revision}
    assert first.post(page + "act/", act).status_code == 422
    assert first.post(page + "act/", act | {"amount": "8500"}).status_code == 302
    own = first.post(page + "act/", {"act": "approve", "reason": "同意", "amount": "8000", "revision": revision + 1})
    assert "复审不能是同一人" in own.content.decode()
    body = {"act": "approve", "reason": "同意", "amount": "8000", "revision": revision + 1}
    number = SpecialCase.objects.get().case.number
    decided = second.post(f"/api/v1/payment/special/{number}/act", body, content_type="application/json").json()
    assert decided == {"number": number, "state": "approved", "approved_fen": 800_000}
    assert number in office.get("/payment/special/").content.decode()
    assert number in office.get(f"/payment/cases/{HOSPITAL}/S0002/").content.decode()
    township = settled_county.client("hospital_insurance_office", TOWNSHIP)
    assert township.get(page).status_code == 403
    assert number not in township.get("/payment/special/").content.decode()
    assert settled_county.client("county_leader").get(page).status_code == 403
    assert office.get("/api/v1/payment/special").json()["items"][0]["settlement_id"] == "S0002"
