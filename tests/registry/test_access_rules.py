"""The one decision, without a database: every reason in its order, every edge of time and scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.registry.access import rules
from sanyi.registry.access.codes import AT_WORK, GLASS_PERMISSIONS, Permission, Purpose
from sanyi.registry.access.rules import ALL, ANONYMOUS, Actor, GlassGrant, Grant

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOCTOR = Grant(
    role="hospital_doctor",
    organisation_code="H1",
    purposes=frozenset({Purpose.CARE}),
    permissions=frozenset({Permission.PERSON_READ, Permission.STAY_READ}),
    organisations=frozenset({"H1", "H1-A"}),
    starts_at=NOW,
    ends_at=NOW + timedelta(days=1),
)
SELF = Grant(
    role="resident",
    organisation_code="C",
    purposes=frozenset({Purpose.SELF}),
    permissions=frozenset({Permission.PERSON_READ}),
    organisations=frozenset(),
    person_id="P1",
)
ALICE = Actor(1, "王示安", (DOCTOR,))
BOB = Actor(2, "李示宁", (SELF,), person_id="P1")


def reason(actor: Actor, **question: object) -> str:
    asked = {"permission": Permission.PERSON_READ, "purpose": Purpose.CARE, "on": NOW, **question}
    decision = rules.decide(actor, **asked)  # type: ignore[arg-type]
    assert bool(decision) == decision.is_allowed
    return "" if decision else str(decision.reason and decision.reason.code)


def test_nobody_must_sign_in() -> None:
    assert reason(ANONYMOUS) == "access.sign_in_required"


def test_a_held_permission_opens_the_page() -> None:
    assert reason(ALICE) == ""


def test_a_missing_permission_is_named_before_purpose_and_organisation() -> None:
    refused = reason(ALICE, permission=Permission.AUDIT_READ, purpose=Purpose.AUDIT, organisation_code="H9")
    assert refused == "access.permission_missing"


def test_a_wrong_purpose_is_named_before_the_organisation() -> None:
    assert reason(ALICE, purpose=Purpose.PAYMENT, organisation_code="H9") == "access.purpose_not_allowed"


@pytest.mark.parametrize(("code", "refused"), [("H1", ""), ("H1-A", ""), ("H2", "access.organisation_out_of_scope")])
def test_the_organisation_must_be_reached(code: str, refused: str) -> None:
    assert reason(ALICE, organisation_code=code) == refused


def test_one_of_several_owners_suffices() -> None:
    assert reason(ALICE, organisation_code=frozenset({"H2", "H1"})) == ""
    assert reason(ALICE, organisation_code=frozenset({"H2", "H3"})) == "access.organisation_out_of_scope"
    assert reason(ALICE, organisation_code=frozenset()) == "access.organisation_out_of_scope"


@pytest.mark.parametrize(
    ("at", "is_valid"),
    [
        (NOW - timedelta(microseconds=1), False),
        (NOW, True),
        (NOW + timedelta(days=1) - timedelta(microseconds=1), True),
        (NOW + timedelta(days=1), False),
    ],
)
def test_a_grant_begins_with_its_first_instant_and_ends_before_its_last(at: datetime, is_valid: bool) -> None:
    assert (reason(ALICE, on=at) == "") is is_valid


def test_a_resident_reads_the_own_record_alone() -> None:
    assert reason(BOB, purpose=Purpose.SELF, person_id="P1") == ""
    assert reason(BOB, purpose=Purpose.SELF, person_id="P2") == "access.person_out_of_scope"
    assert reason(BOB, purpose=Purpose.SELF, organisation_code="C") == "access.person_out_of_scope"


def test_a_resident_without_a_person_reads_nobody() -> None:
    nobody = replace(BOB, grants=(replace(SELF, person_id=""),))
    assert reason(nobody, purpose=Purpose.SELF, person_id="") == "access.person_out_of_scope"


def test_a_person_alone_does_not_open_a_foreign_record() -> None:
    assert reason(ALICE, person_id="P1") == "access.organisation_out_of_scope"


def test_of_several_purposes_the_first_that_fits_is_recorded() -> None:
    both = replace(DOCTOR, purposes=frozenset({Purpose.CARE, Purpose.PAYMENT}))
    decision = rules.decide(
        replace(ALICE, grants=(both,)),
        Permission.PERSON_READ,
        purpose=(Purpose.AUDIT, Purpose.PAYMENT, Purpose.CARE),
        on=NOW,
    )
    assert decision.purpose is Purpose.PAYMENT


def test_an_emergency_opens_one_record_for_care_until_it_ends() -> None:
    glass = GlassGrant("P9", NOW + timedelta(hours=1), "FH-1")
    broken = replace(ALICE, glass=(glass,))
    decision = rules.decide(
        broken, Permission.PERSON_READ, purpose=Purpose.CARE, on=NOW, organisation_code="H9", person_id="P9"
    )
    assert (decision.is_allowed, decision.via, decision.purpose) == (True, "glass:FH-1", Purpose.CARE)
    refused = "access.organisation_out_of_scope"
    assert reason(broken, organisation_code="H9", person_id="P8") == refused
    assert reason(broken, organisation_code="H9", person_id="P9", on=NOW + timedelta(hours=1)) == refused
    assert reason(broken, organisation_code="H9", person_id="P9", purpose=Purpose.PAYMENT) != ""


@pytest.mark.parametrize("permission", sorted(set(Permission) - GLASS_PERMISSIONS))
def test_an_emergency_opens_reading_and_nothing_else(permission: Permission) -> None:
    broken = replace(ALICE, glass=(GlassGrant("P9", NOW + timedelta(hours=1)),))
    assert reason(broken, permission=permission, organisation_code="H9", person_id="P9") != ""


def test_an_own_right_is_used_before_an_emergency() -> None:
    broken = replace(ALICE, glass=(GlassGrant("P1", NOW + timedelta(hours=1)),))
    decision = rules.decide(
        broken, Permission.PERSON_READ, purpose=Purpose.CARE, on=NOW, organisation_code="H1", person_id="P1"
    )
    assert decision.via == "hospital_doctor"


def test_the_program_may_do_everything() -> None:
    assert reason(Actor(None, "系统", is_system=True), permission=Permission.ACCESS_GRANT, organisation_code="X") == ""


@given(
    st.sampled_from(list(Permission)),
    st.sampled_from(list(Purpose)),
    st.sampled_from(["H1", "H1-A", "H2", "C"]),
    st.integers(-2, 2),
)
def test_lists_and_details_agree(permission: Permission, purpose: Purpose, code: str, days: int) -> None:
    """What a list shows is exactly what a detail page would open."""
    on = NOW + timedelta(days=days)
    other = replace(DOCTOR, organisations=frozenset({"C"}), purposes=frozenset(AT_WORK), starts_at=None, ends_at=None)
    actor = Actor(1, "王示安", (DOCTOR, other, SELF))
    visible = rules.visible_organisations(actor, permission, purpose=purpose, on=on)
    decision = rules.decide(actor, permission, purpose=purpose, on=on, organisation_code=code)
    assert (code in visible) is decision.is_allowed


def test_visible_organisations_of_the_program_are_all() -> None:
    everything = rules.visible_organisations(Actor(None, "", is_system=True), Permission.RUN_READ, purpose=None, on=NOW)
    assert everything is ALL
    assert "anything" in everything
    assert repr(ALL) == "ALL"


def test_keys_name_roles_and_permissions_at_an_organisation_alone() -> None:
    assert rules.keys_at(ALICE, "H1", NOW) == {"hospital_doctor", "person.read", "stay.read"}
    assert rules.keys_at(ALICE, "H2", NOW) == frozenset()
    assert rules.keys_at(BOB, "C", NOW) == frozenset()
    assert rules.keys_at(Actor(None, "", is_system=True), "H1", NOW) == {"system"}


def test_the_own_person_is_found_only_with_permission_and_purpose() -> None:
    def own(permission: Permission, purpose: Purpose) -> str | None:
        return rules.own_person_id(BOB, permission, purpose=purpose, on=NOW)

    assert own(Permission.PERSON_READ, Purpose.SELF) == "P1"
    assert own(Permission.STAY_READ, Purpose.SELF) is None
    assert own(Permission.PERSON_READ, Purpose.CARE) is None
    assert rules.own_person_id(ALICE, Permission.PERSON_READ, purpose=Purpose.CARE, on=NOW) is None


def test_scopes_overlap() -> None:
    some, others = frozenset({"A", "B"}), frozenset({"B", "C"})
    assert rules.overlap(some, others) == {"B"}
    assert rules.overlap(ALL, others) == others
    assert rules.overlap(some, ALL) == some
    assert rules.within(some, ["A"]) and not rules.within(some, ["C"])
