"""合并与撤销: decisions of a human, links that can be taken away again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM, Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.people import services
from sanyi.registry.people.codes import CredentialKind, MatchMethod
from sanyi.registry.people.models import Credential, MatchCandidate, Person, PersonCategory, PersonMerge
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.numbers import number
from tests.registry.residents import facts
from tests.registry.threads import together

ID = CredentialKind.ID_CARD


@pytest.fixture
def bureau(county: County) -> Actor:
    return county.actor("health_bureau")


def pair() -> MatchCandidate:
    """Two records with one number, and their case."""
    home = {"managing_organisation_code": small.CLINIC}
    services.register_person(facts(credentials=[(ID, number())], **home), by=SYSTEM)
    made = services.register_person(facts(name="王示平", credentials=[(ID, number())], **home), by=SYSTEM)
    return made.candidates[0]


def resident(name: str = "王示安", **more: object) -> Person:
    """A record kept by the village clinic."""
    return services.register_person(facts(name=name, managing_organisation_code=small.CLINIC, **more), by=SYSTEM).person  # type: ignore[arg-type]


def snapshot() -> list[object]:
    """Everything the registry holds of people, without instants."""
    return [
        list(Person.objects.order_by("pk").values_list("person_id", "name", "born_on", "merged_into_id")),
        list(Credential.objects.order_by("pk").values_list("person_id", "lookup", "is_disputed", "withdrawn_at")),
        list(PersonCategory.objects.order_by("pk").values_list()),
    ]


def test_merging_links_and_undoing_restores_everything(bureau: Actor) -> None:
    candidate = pair()
    before = snapshot()
    cases.act(candidate.case, "merge", bureau, reason="同一人，姓名登记有误")
    first, second = candidate.first, candidate.second
    assert services.resolve("id_card", number()) == first
    assert services.root_of(second.person_id) == first
    assert services.records_of(second.person_id) == [first.person_id, second.person_id]
    held = PersonMerge.objects.get()
    services.unmerge(held.pk, reason="核对后确为两人", by=bureau)
    assert snapshot() == before
    held.refresh_from_db()
    assert held.undone_by == bureau.name and held.undone_reason == "核对后确为两人"
    candidate.refresh_from_db()
    assert candidate.case.state == "open"
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"person.merge", "person.unmerge", "case.merge"} <= verbs


def test_keeping_apart_closes_the_case_and_the_pair_is_not_proposed_again(bureau: Actor) -> None:
    candidate = pair()
    cases.act(candidate.case, "keep_apart", bureau, reason="同名不同人，号码录错")
    assert services.propose(candidate.second, candidate.first, MatchMethod.BY_HAND, by=SYSTEM) == candidate
    candidate.refresh_from_db()
    assert candidate.case.state == "apart" and PersonMerge.objects.count() == 0


@pytest.mark.parametrize("role", ["village_doctor", "hospital_doctor", "auditor", "insurance_officer"])
def test_others_may_not_decide(county: County, role: str) -> None:
    candidate = pair()
    with pytest.raises(RefusedError, match="没有办理"):
        cases.act(candidate.case, "merge", county.actor(role), reason="同一人")
    assert PersonMerge.objects.count() == 0


def test_the_township_decides_for_its_own_village(county: County) -> None:
    cases.act(pair().case, "merge", county.actor("township_doctor"), reason="同一人")
    assert PersonMerge.objects.count() == 1


@pytest.mark.parametrize("transition", ["merge", "keep_apart"])
def test_a_decision_needs_a_reason(bureau: Actor, transition: str) -> None:
    with pytest.raises(RefusedError, match="必须填写理由"):
        cases.act(pair().case, transition, bureau, reason=" ")


def test_undoing_needs_a_reason_and_happens_once(bureau: Actor) -> None:
    cases.act(pair().case, "merge", bureau, reason="同一人")
    held = PersonMerge.objects.get()
    with pytest.raises(RefusedError, match="请填写理由"):
        services.unmerge(held.pk, reason="  ", by=bureau)
    services.unmerge(held.pk, reason="有误", by=bureau)
    with pytest.raises(RefusedError, match="已经撤销或不存在"):
        services.unmerge(held.pk, reason="有误", by=bureau)


def test_the_record_with_a_citizen_number_survives(bureau: Actor) -> None:
    older, numbered = resident(), resident(credentials=[(ID, number())])
    candidate = services.propose_by_hand(older.person_id, numbered.person_id, by=bureau)
    assert services.survivor_of(older, numbered) == numbered
    cases.act(candidate.case, "merge", bureau, reason="同一人")
    assert services.root_of(older.person_id) == numbered


def test_a_chain_of_merges_leads_to_one_record(bureau: Actor) -> None:
    people = [resident(name) for name in ("王示安", "王示平", "王示宁")]
    first, second, third = people
    cases.act(services.propose(second, third, MatchMethod.BY_HAND, by=SYSTEM).case, "merge", bureau, reason="同一人")
    cases.act(services.propose(first, second, MatchMethod.BY_HAND, by=SYSTEM).case, "merge", bureau, reason="同一人")
    assert {services.root_of(one.person_id) for one in people} == {first}
    assert set(services.records_of(third.person_id)) == {one.person_id for one in people}
    services.unmerge(PersonMerge.objects.get(absorbed=second).pk, reason="有误", by=bureau)
    assert services.root_of(third.person_id) == second


def test_merging_records_that_are_one_already_is_refused(bureau: Actor) -> None:
    people = [resident(name) for name in ("王示安", "王示平", "王示宁")]
    pairs = [(people[0], people[1]), (people[1], people[2]), (people[0], people[2])]
    found = [services.propose(*two, MatchMethod.BY_HAND, by=SYSTEM) for two in pairs]
    for candidate in found[:2]:
        cases.act(candidate.case, "merge", bureau, reason="同一人")
    with pytest.raises(RefusedError, match="已属同一居民"):
        cases.act(found[2].case, "merge", bureau, reason="同一人")
    found[2].case.refresh_from_db()
    assert found[2].case.state == "open"
    with pytest.raises(RefusedError, match="已属同一居民"):
        services.propose_by_hand(people[0].person_id, people[2].person_id, by=SYSTEM)


def test_scored_matching_has_its_place(bureau: Actor) -> None:
    people = [resident(name) for name in ("王示安", "王示平")]
    found = services.propose(*people, MatchMethod.SCORED, by=SYSTEM, score_e6=912_345)
    assert (found.score_e6, found.method) == (912_345, "scored")
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchCandidate.objects.update(score_e6=1_000_001)


def test_facts_of_a_merged_record_count_for_the_person(bureau: Actor) -> None:
    candidate = pair()
    services.add_credential(
        candidate.second_id, services.CredentialFacts(CredentialKind.HEALTH_CARD, "AB12CD34"), by=SYSTEM
    )
    cases.act(candidate.case, "merge", bureau, reason="同一人")
    assert services.resolve("health_card", "AB12CD34") == candidate.first


@pytest.mark.parametrize("change", [{"undone_by": "x"}, {"undone_reason": "x"}])
def test_a_half_undone_merge_is_refused_by_the_database(bureau: Actor, change: dict[str, str]) -> None:
    cases.act(pair().case, "merge", bureau, reason="同一人")
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonMerge.objects.update(**change)


def test_a_record_is_never_merged_into_itself(bureau: Actor) -> None:
    person = resident()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(merged_into=person)


def test_two_deciding_at_once_give_one_decision_and_one_refusal(open_county: County) -> None:
    candidate, by = pair(), open_county.actor("health_bureau")
    found = together(
        lambda: cases.act(candidate.case, "merge", by, reason="同一人"),
        lambda: cases.act(candidate.case, "keep_apart", by, reason="两人"),
    )
    assert sorted(type(one).__name__ for one in found) == ["Case", "RefusedError"]


class AnyOrderOfMergesTest(TestCase):
    """Whatever is merged and undone in whatever order: nothing is lost, and undoing all restores all."""

    @hypothesis_settings(max_examples=8)
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6), st.randoms(use_true_random=False))
    def test_undoing_every_merge_restores_every_record(self, pairs: list[tuple[int, int]], order: object) -> None:
        bureau = small.build().actor("health_bureau")
        people = [resident("王示" + name) for name in "安平宁康和"]
        before = snapshot()
        for one, other in pairs:
            try:
                found = services.propose_by_hand(people[one].person_id, people[other].person_id, by=bureau)
                if found.case.closed_at is None:
                    cases.act(found.case, "merge", bureau, reason="同一人")
            except RefusedError:
                continue
        roots = {services.root_of(person.person_id).person_id for person in people}
        assert len(roots) == len(people) - PersonMerge.objects.count()
        merges = list(PersonMerge.objects.all())
        order.shuffle(merges)  # type: ignore[attr-defined]
        for merge in merges:
            services.unmerge(merge.pk, reason="撤销", by=bureau)
        assert snapshot() == before
