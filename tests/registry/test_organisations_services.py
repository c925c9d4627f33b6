"""机构服务: registration, the tree and its memory, medical groups on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.organisations import services
from sanyi.registry.organisations.codes import MembershipRole, OrganisationKind
from sanyi.registry.organisations.models import GroupMembership, Organisation
from sanyi.registry.places.models import Place
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.threads import together

START = date(2024, 1, 1)
GROUP, OTHER = "990000000101", "990000000102"


@pytest.fixture
def groups(county: County) -> County:
    _found()
    return county


def _found() -> None:
    for code in (GROUP, OTHER):
        services.register(code, name=f"集团{code[-1]}", kind="medical_group", parent_id=small.COUNTY, by=SYSTEM)
        services.found_group(code, founded_on=START, by=SYSTEM, basis="示文〔2024〕1号")


def test_registering_makes_and_changes_and_is_audited(county: County) -> None:
    made = services.register("H99000000001", name="示例医院", kind="tcm_hospital", parent_id=small.COUNTY, by=SYSTEM)
    assert services.get("H99000000001") == made
    services.register("H99000000001", open_bed_count=120, by=SYSTEM)
    changed = services.get("H99000000001")
    assert (changed.name, changed.open_bed_count) == ("示例医院", 120)
    assert AuditEntry.objects.filter(verb="organisation.register", subject_id="H99000000001").count() == 2


def test_a_list_may_hold_parents_and_children_in_any_order(county: County) -> None:
    services.register_all(
        [
            {"code": "H99000000012", "name": "分院", "kind": "branch", "parent_id": "H99000000011"},
            {"code": "H99000000011", "name": "卫生院", "kind": "township_hospital", "parent_id": small.COUNTY},
        ],
        by=SYSTEM,
    )
    assert services.subtree("H99000000011") == {"H99000000011", "H99000000012"}
    assert services.ancestors("H99000000012") == ("H99000000012", "H99000000011", small.COUNTY)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"parent_id": "H99999999999"}, "没有代码为 H99999999999 的机构"),
        ({"place_id": "140830000000"}, "没有代码为 140830000000 的地方"),
        ({"social_credit_code": "91350100M000100Y44"}, "统一社会信用代码"),
        ({"licence_starts_on": date(2024, 2, 1), "licence_ends_on": date(2024, 1, 31)}, "早于开始日期"),
        ({"opened_on": date(2024, 2, 1), "closed_on": date(2024, 1, 31)}, "早于开始日期"),
        ({"parent_id": "H99000000001"}, "不能作为它的上级机构"),
    ],
)
def test_what_registration_refuses(county: County, fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        services.register("H99000000001", name="示例", kind="clinic", by=SYSTEM, **fields)
    assert not Organisation.objects.filter(code="H99000000001").exists()


def test_a_refused_row_of_a_list_leaves_nothing_behind(county: County) -> None:
    rows = [
        {"code": "H99000000011", "name": "好", "kind": "clinic"},
        {"code": "H9900000001", "name": "坏", "kind": "clinic"},
    ]
    with pytest.raises(RefusedError):
        services.register_all(rows, by=SYSTEM)
    assert not Organisation.objects.filter(code="H99000000011").exists()


def test_an_unknown_field_is_a_fault(county: County) -> None:
    with pytest.raises(TypeError, match="bed_number"):
        services.register("H99000000001", name="示例", kind="clinic", bed_number=1, by=SYSTEM)


def test_the_tree_notices_every_change(county: County) -> None:
    assert services.subtree(small.TOWNSHIP) == {small.TOWNSHIP, small.CLINIC}
    Organisation.objects.create(code="990000000099", name="新卫生室", kind="village_clinic", parent_id=small.TOWNSHIP)
    assert "990000000099" in services.subtree(small.TOWNSHIP)
    moved = services.get("990000000099")
    moved.parent_id = small.HOSPITAL
    moved.save()
    assert "990000000099" not in services.subtree(small.TOWNSHIP)
    moved.delete()
    assert "990000000099" not in services.subtree(small.HOSPITAL)


def test_a_change_of_many_rows_at_once_is_noticed(county: County) -> None:
    assert small.CLINIC in services.subtree(small.TOWNSHIP)
    Organisation.objects.filter(code=small.CLINIC).update(parent_id=small.HOSPITAL, short_name="西村")
    assert small.CLINIC in services.subtree(small.HOSPITAL) and small.CLINIC not in services.subtree(small.TOWNSHIP)
    assert services.names({small.CLINIC, "unknown"}) == {small.CLINIC: "西村"}


def test_a_change_with_an_earlier_instant_is_noticed(county: County) -> None:
    """Of two changes at once the later instant may be committed first; the tree read between them is old, too."""
    clinic = Organisation.objects.get(code=small.CLINIC)
    earlier = clinic.changed_at + timedelta(microseconds=1)
    Organisation.objects.filter(code=small.HOSPITAL).update(changed_at=earlier + timedelta(seconds=1))
    assert small.CLINIC in services.subtree(small.TOWNSHIP)
    Organisation.objects.filter(code=small.CLINIC).update(parent_id=small.HOSPITAL, changed_at=earlier)
    assert small.CLINIC not in services.subtree(small.TOWNSHIP)


def test_a_known_tree_costs_one_query(county: County, django_assert_num_queries: object) -> None:
    services.subtree(small.COUNTY)
    with django_assert_num_queries(1):  # type: ignore[operator]
        services.subtree(small.HOSPITAL)


def test_root_and_whole(county: County) -> None:
    assert services.root(small.CLINIC) == small.COUNTY
    assert services.root("unknown") == "unknown"
    assert services.subtree("unknown") == {"unknown"}
    assert services.county_code() == small.OTHER_COUNTY  # the smaller code, while no county names its place
    assert not services.covers_all(services.subtree(small.COUNTY))
    assert services.covers_all(services.subtree(small.COUNTY) | services.subtree(small.OTHER_COUNTY))


def test_the_own_county_is_known_by_its_place(county: County, settings: object) -> None:
    Place.objects.create(code="000000000000", name="全国", level="nation")
    services.register(small.COUNTY, place_id="000000000000", by=SYSTEM)
    settings.SANYI_COUNTY = "000000000000"  # type: ignore[attr-defined]
    assert services.county_code() == small.COUNTY


def test_a_group_holds_its_members_and_their_units_on_the_day(groups: County) -> None:
    services.join(GROUP, small.HOSPITAL, starts_on=START, role=MembershipRole.LEAD, by=SYSTEM)
    services.join(GROUP, small.TOWNSHIP, starts_on=date(2024, 6, 1), by=SYSTEM)
    inside = {GROUP, small.HOSPITAL, small.BRANCH}
    assert services.subtree(GROUP, date(2024, 5, 31)) == inside
    assert services.subtree(GROUP, date(2024, 6, 1)) == inside | {small.TOWNSHIP, small.CLINIC}
    assert services.subtree(GROUP, date(2023, 12, 31)) == {GROUP}
    assert services.lead_hospital(GROUP, START) == services.get(small.HOSPITAL)
    assert services.lead_hospital(GROUP, date(2023, 12, 31)) is None
    assert services.group_of(small.TOWNSHIP, date(2024, 6, 1)) == services.get(GROUP)
    assert services.group_of(small.TOWNSHIP, date(2024, 5, 31)) is None


def test_joining_changes_nothing_of_the_member(groups: County) -> None:
    """G01-02: legal person, nature, quota, funding channel, duties and name stay."""
    services.register(
        small.TOWNSHIP,
        legal_representative_name="示某",
        unit_nature="public_one",
        funding_channel_name="县财政",
        staff_quota_count=30,
        by=SYSTEM,
    )
    before = Organisation.objects.filter(code=small.TOWNSHIP).values().get()
    services.join(GROUP, small.TOWNSHIP, starts_on=START, by=SYSTEM)
    services.move(small.TOWNSHIP, OTHER, starts_on=date(2025, 1, 1), by=SYSTEM)
    services.leave(small.TOWNSHIP, ends_on=date(2025, 6, 30), by=SYSTEM)
    assert Organisation.objects.filter(code=small.TOWNSHIP).values().get() == before


def test_history_is_kept_and_asked_for_any_day(groups: County) -> None:
    services.join(GROUP, small.TOWNSHIP, starts_on=START, by=SYSTEM)
    services.move(small.TOWNSHIP, OTHER, starts_on=date(2025, 1, 1), by=SYSTEM, basis="示文〔2025〕2号")
    periods = [(row.group_id, row.starts_on, row.ends_on) for row in services.history(small.TOWNSHIP)]
    assert periods == [(OTHER, date(2025, 1, 1), None), (GROUP, START, date(2024, 12, 31))]
    on = {day: [row.organisation_id for row in services.members(GROUP, day)] for day in (START, date(2025, 1, 1))}
    assert on == {START: [small.TOWNSHIP], date(2025, 1, 1): []}
    assert services.members(GROUP).count() == 1
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"organisation.join", "organisation.leave"}


@pytest.mark.parametrize(
    ("group", "organisation", "fields", "sentence"),
    [
        (OTHER, small.TOWNSHIP, {}, "同一时期不能加入两个集团"),
        (GROUP, small.TOWNSHIP, {}, "同一时期不能加入两个集团"),
        (OTHER, small.TOWNSHIP, {"starts_on": date(2020, 1, 1), "ends_on": START}, "同一时期不能加入两个集团"),
        (GROUP, small.BRANCH, {"role": MembershipRole.LEAD}, "已有牵头医院示范县人民医院"),
        (GROUP, small.BRANCH, {"ends_on": date(2023, 12, 31)}, "早于开始日期"),
        (GROUP, small.BUREAU, {}, "不能作为集团成员"),
        (GROUP, OTHER, {}, "不能作为集团成员"),
        (small.HOSPITAL, small.BRANCH, {}, "不是医疗集团"),
        (GROUP, "990000000999", {}, "没有代码为 990000000999 的机构"),
    ],
)
def test_what_joining_refuses(
    groups: County, group: str, organisation: str, fields: dict[str, object], sentence: str
) -> None:
    services.join(GROUP, small.HOSPITAL, starts_on=START, role=MembershipRole.LEAD, by=SYSTEM)
    services.join(GROUP, small.TOWNSHIP, starts_on=START, by=SYSTEM)
    with pytest.raises(RefusedError, match=sentence):
        services.join(group, organisation, **{"starts_on": START, "by": SYSTEM, **fields})  # type: ignore[arg-type]
    assert GroupMembership.objects.count() == 2


def test_leaving_needs_an_open_membership_of_that_group(groups: County) -> None:
    with pytest.raises(RefusedError, match="目前不是任何集团的成员"):
        services.leave(small.TOWNSHIP, ends_on=START, by=SYSTEM)
    services.join(GROUP, small.TOWNSHIP, starts_on=START, by=SYSTEM)
    with pytest.raises(RefusedError, match="目前不是任何集团的成员"):
        services.leave(small.TOWNSHIP, ends_on=START, group_code=OTHER, by=SYSTEM)
    with pytest.raises(RefusedError, match="早于开始日期"):
        services.leave(small.TOWNSHIP, ends_on=date(2023, 12, 31), by=SYSTEM)
    services.leave(small.TOWNSHIP, ends_on=START, by=SYSTEM)
    assert services.group_of(small.TOWNSHIP, START) is not None
    assert services.group_of(small.TOWNSHIP, date(2024, 1, 2)) is None


def test_a_lead_may_follow_another(groups: County) -> None:
    services.join(GROUP, small.HOSPITAL, starts_on=START, role=MembershipRole.LEAD, by=SYSTEM)
    services.leave(small.HOSPITAL, ends_on=date(2024, 12, 31), by=SYSTEM)
    services.join(GROUP, small.BRANCH, starts_on=date(2025, 1, 1), role=MembershipRole.LEAD, by=SYSTEM)
    assert services.lead_hospital(GROUP, date(2025, 1, 1)) == services.get(small.BRANCH)


def test_only_an_organisation_of_that_kind_becomes_a_group(county: County) -> None:
    with pytest.raises(RefusedError, match="不是医疗集团"):
        services.found_group(small.HOSPITAL, founded_on=START, by=SYSTEM)


def test_two_at_once_give_one_membership_and_one_refusal(open_county: County) -> None:
    _found()
    found = together(
        lambda: services.join(GROUP, small.TOWNSHIP, starts_on=START, by=SYSTEM),
        lambda: services.join(OTHER, small.TOWNSHIP, starts_on=START, by=SYSTEM),
    )
    assert sorted(type(one).__name__ for one in found) == ["GroupMembership", "RefusedError"]
    assert GroupMembership.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"longitude_e6": 1},
        {"longitude_e6": 1, "latitude_e6": 1},
        {"longitude_e6": 181_000_000, "latitude_e6": 1, "position_basis": "surveyed"},
        {"code": ""},
        {"licence_starts_on": "2024-02-01", "licence_ends_on": "2024-01-31"},
        {"opened_on": "2024-02-01", "closed_on": "2024-01-31"},
    ],
)
def test_the_database_refuses_it_too(county: County, change: dict[str, object]) -> None:
    fields = {"code": "H99000000001", "name": "示例", "kind": "clinic", **change}
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(**fields)


def test_a_credit_code_belongs_to_one_legal_person(county: County) -> None:
    code = "91350100M000100Y43"
    services.register(small.HOSPITAL, social_credit_code=code, by=SYSTEM)
    services.register(small.BRANCH, social_credit_code=code, is_legal_entity=False, by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.register(small.TOWNSHIP, social_credit_code=code, by=SYSTEM)


def test_counts_and_positions(county: County) -> None:
    Place.objects.create(code="000000000000", name="全国", level="nation")
    services.register(
        small.CLINIC, longitude_e6=110_000_001, latitude_e6=34_000_002, position_basis="illustrative", by=SYSTEM
    )
    found = services.positions([small.CLINIC, small.HOSPITAL])
    assert list(found) == [small.CLINIC] and found[small.CLINIC].longitude == 110.000001
    kinds = services.count_by_kind(services.subtree(small.COUNTY))
    assert kinds[OrganisationKind.VILLAGE_CLINIC] == 1
    assert services.institution_count(services.subtree(small.COUNTY)) == 4


def test_names_prefer_the_short_form(county: County) -> None:
    services.register(small.HOSPITAL, short_name="县医院", by=SYSTEM)
    assert services.names({small.HOSPITAL, small.CLINIC, "x"}) == {small.HOSPITAL: "县医院", small.CLINIC: "西村卫生室"}
    assert services.names()[small.HOSPITAL] == "县医院"
