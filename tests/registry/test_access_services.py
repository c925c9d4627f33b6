"""Actors from stored grants, giving and taking roles, keys of machines, sign-in protection."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose, ScopeKind
from sanyi.registry.access.models import ApiKey, AuditEntry, RoleGrant, SignInGuard
from sanyi.registry.access.services import limits
from sanyi.registry.access.services.roles import _role
from sanyi.registry.access.services.sign_in import LockOutBackend
from tests.registry import county as small
from tests.registry.threads import together

PASSWORD = "a-long-enough-secret"  # noqa: S105
ROLES = list(small.HOME)


def refused(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.refusals[0].code


def test_every_role_of_the_file_is_known_to_the_tests() -> None:
    assert list(access.roles()) == ROLES


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_both_names_and_opens_its_home(role: str) -> None:
    known = access.role(role)
    assert known.zh and known.en and known.zh != known.en
    assert Permission.HOME_READ in known.permissions


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"zh": "x"}, "缺少"),
        ({"zh": "x", "en": "x", "scope": "moon", "purposes": [], "permissions": []}, "moon"),
        ({"zh": "x", "en": "x", "scope": "own", "purposes": ["fun"], "permissions": []}, "fun"),
        ({"zh": "x", "en": "x", "scope": "own", "purposes": [], "permissions": ["stay.fly"]}, "stay.fly"),
    ],
)
def test_a_wrong_role_is_refused_with_its_mistake(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        _role("somebody", fields)


def test_an_unknown_role_is_refused_naming_those_that_exist() -> None:
    with pytest.raises(RefusedError, match="county_leader"):
        access.role("king")


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        ("village_doctor", {small.CLINIC}),
        ("township_doctor", {small.TOWNSHIP, small.CLINIC}),
        ("hospital_director", {small.HOSPITAL, small.BRANCH}),
        (
            "insurance_officer",
            {small.COUNTY, small.BUREAU, small.HOSPITAL, small.BRANCH, small.TOWNSHIP, small.CLINIC},
        ),
        ("resident", set()),
    ],
)
def test_a_role_reaches_what_its_scope_says(county: small.County, role: str, reached: set[str]) -> None:
    assert county.actor(role).grants[0].organisations == reached


def test_an_actor_carries_name_person_and_staff_number(county: small.County) -> None:
    user = county.user("hospital_doctor")
    access.set_identity(user, display_name="王示安", person_id="P7", staff_number="S1")
    actor = access.actor_of_user(user)
    assert (actor.name, actor.person_id, actor.staff_number, actor.organisation_code) == (
        "王示安",
        "P7",
        "S1",
        small.HOSPITAL,
    )


def test_a_user_without_identity_is_called_by_the_user_name(db: Any) -> None:
    assert access.actor_of_user(User.objects.create(username="clerk")).name == "clerk"


def test_nobody_and_disabled_users_are_anonymous(county: small.County) -> None:
    user = county.user("auditor")
    user.is_active = False
    assert access.actor_of_user(user).is_anonymous
    assert access.actor_of_user(AnonymousUser()) is access.ANONYMOUS


def test_an_actor_is_loaded_once_per_request(county: small.County, django_assert_max_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.user = county.user("hospital_director")
    access.actor_of_user(request.user)  # the tree of organisations is in memory from now on
    with django_assert_max_num_queries(4):
        first = access.actor(request)
        assert access.actor(request) is first
    access.forget(request)
    assert access.actor(request) is not first


def test_grants_narrowed_to_purposes_keep_only_those(county: small.County) -> None:
    user, by = county.user("health_bureau"), county.actor("system_administrator")
    RoleGrant.objects.all().filter(user=user).delete()
    access.grant_role(user, "health_bureau", small.COUNTY, by=by, purposes=[Purpose.PUBLIC_HEALTH, Purpose.CARE])
    assert access.actor_of_user(user).grants[0].purposes == {Purpose.PUBLIC_HEALTH}


def test_a_granted_role_works_at_once_and_a_revoked_one_no_more(county: small.County) -> None:
    by, user = county.actor("system_administrator"), User.objects.create(username="new")
    row = access.grant_role(user, "pharmacist", small.HOSPITAL, by=by)
    assert access.actor_of_user(user).roles == {"pharmacist"}
    access.revoke_grant(row, by=by)
    assert access.actor_of_user(user).grants == ()
    assert RoleGrant.objects.get(pk=row.pk).ends_at is not None
    assert list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True)) == [
        "access.grant",
        "access.revoke",
    ]


def test_a_grant_that_has_not_begun_is_removed_when_revoked(county: small.County) -> None:
    by, user = county.actor("system_administrator"), User.objects.create(username="new")
    later = timezone.now() + timedelta(days=2)
    row = access.grant_role(user, "pharmacist", small.HOSPITAL, by=by, starts_at=later)
    assert not access.decide(access.actor_of_user(user), Permission.HOME_READ, purpose=Purpose.CARE)
    access.revoke_grant(row, by=by)
    assert not RoleGrant.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_administrator"])
def test_only_the_administrator_gives_roles(county: small.County, role: str) -> None:
    with pytest.raises(RefusedError) as error:
        access.grant_role(county.user("auditor"), "auditor", small.COUNTY, by=county.actor(role))
    assert refused(error).startswith("access.")
    assert AuditEntry.objects.count() == 0


def test_the_administrator_of_one_county_gives_no_roles_in_another(county: small.County) -> None:
    by = county.actor("system_administrator")
    with pytest.raises(RefusedError) as error:
        access.grant_role(county.user("auditor"), "auditor", small.OTHER_HOSPITAL, by=by)
    assert refused(error) == "access.organisation_out_of_scope"


def test_a_grant_must_end_after_it_begins(county: small.County) -> None:
    now = timezone.now()
    with pytest.raises(RefusedError) as error:
        access.grant_role(
            county.user("auditor"),
            "auditor",
            small.COUNTY,
            by=county.actor("system_administrator"),
            starts_at=now,
            ends_at=now,
        )
    assert refused(error) == "access.grant_period_wrong"
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(
            user=county.user("auditor"), role="x", organisation_code="y", starts_at=now, ends_at=now
        )


def test_holders_are_found_by_role_or_permission_where_they_reach(county: small.County) -> None:
    director, doctor = county.user("hospital_director"), county.user("hospital_doctor")
    auditor, far = county.user("auditor"), county.user("hospital_director", small.OTHER_HOSPITAL)
    assert access.holders_of({"hospital_director"}, small.BRANCH) == {director.pk}
    assert access.holders_of({"stay.read"}, small.HOSPITAL) == {director.pk, doctor.pk, auditor.pk}
    assert access.holders_of({"stay.read"}, small.BRANCH) == {director.pk, auditor.pk}
    assert access.holders_of({"stay.read"}, small.HOSPITAL, is_only_there=True) == {director.pk, doctor.pk}
    assert access.holders_of({"hospital_director"}, small.OTHER_HOSPITAL) == {far.pk}


# --- keys of machines -----------------------------------------------------------------------------------------------


def issue(county: small.County, **changes: Any) -> tuple[ApiKey, str]:
    given: dict[str, Any] = {
        "by": county.actor("system_administrator"),
        "name": "医院信息系统",
        "user": county.user("hospital_insurance_office"),
        "organisation_code": small.HOSPITAL,
        "permissions": [Permission.BATCH_UPLOAD],
        "days": 30,
    }
    return access.issue_key(**(given | changes))


def test_a_key_acts_for_its_user_within_its_permissions(county: small.County) -> None:
    key, secret = issue(county)
    actor = access.actor_of_key(secret)
    assert (actor.user_id, actor.key_id) == (county.user("hospital_insurance_office").pk, key.pk)

    def may(permission: Permission, code: str) -> bool:
        return bool(access.decide(actor, permission, purpose=Purpose.PAYMENT, organisation_code=code))

    assert may(Permission.BATCH_UPLOAD, small.HOSPITAL) and may(Permission.BATCH_UPLOAD, small.BRANCH)
    assert not may(Permission.BATCH_ACCEPT, small.HOSPITAL)
    assert not may(Permission.BATCH_UPLOAD, small.TOWNSHIP)


def test_a_key_of_a_county_user_stays_within_its_organisation(county: small.County) -> None:
    _, secret = issue(county, user=county.user("insurance_officer"))
    assert access.actor_of_key(secret).grants[0].organisations == {small.HOSPITAL, small.BRANCH}


def test_a_key_dies_with_its_users_grant(county: small.County) -> None:
    _, secret = issue(county)
    RoleGrant.objects.update(ends_at=timezone.now())
    assert access.actor_of_key(secret).grants == ()


def test_the_secret_is_never_stored(county: small.County) -> None:
    key, secret = issue(county)
    assert secret not in str(ApiKey.objects.filter(pk=key.pk).values().get())


@pytest.mark.parametrize("spoil", ["unknown", "wrong", "expired", "revoked", "disabled", "malformed"])
def test_a_key_that_is_not_good_is_refused_with_one_sentence(county: small.County, spoil: str) -> None:
    key, secret = issue(county)
    keys = ApiKey.objects.filter(pk=key.pk)
    if spoil == "expired":
        keys.update(expires_at=timezone.now())
    elif spoil == "revoked":
        access.revoke_key(key, by=county.actor("system_administrator"))
    elif spoil == "disabled":
        User.objects.filter(pk=key.user_id).update(is_active=False)
    secret = {"unknown": "sanyi_000000000000_x", "wrong": secret[:-1] + "x", "malformed": "x"}.get(spoil, secret)
    with pytest.raises(RefusedError) as error:
        access.actor_of_key(secret)
    assert refused(error) == "access.key_invalid"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"days": 0}, "access.key_term_too_long"),
        ({"days": 366}, "access.key_term_too_long"),
        ({"permissions": [Permission.AUDIT_READ]}, "access.key_too_wide"),
        ({"organisation_code": small.OTHER_HOSPITAL}, "access.organisation_out_of_scope"),
        ({"organisation_code": small.TOWNSHIP}, "access.key_too_wide"),
    ],
)
def test_a_key_that_reaches_too_far_is_not_issued(county: small.County, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as error:
        issue(county, **changes)
    assert refused(error) == code
    assert ApiKey.objects.count() == 0


@pytest.mark.parametrize("days", [1, 365])
def test_terms_at_the_edge_are_issued(county: small.County, days: int) -> None:
    assert issue(county, days=days)[0].expires_at > timezone.now() + timedelta(days=days - 1)


def test_only_who_manages_keys_issues_and_revokes_them(county: small.County) -> None:
    key, _ = issue(county)
    stranger = county.actor("hospital_insurance_office")
    for attempt in (lambda: issue(county, by=stranger), lambda: access.revoke_key(key, by=stranger)):
        with pytest.raises(RefusedError) as error:
            attempt()
        assert refused(error) == "access.permission_missing"


# --- sign-in protection ---------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(db: Any) -> User:
    return User.objects.create_user("Clerk", password=PASSWORD)


def attempt(username: str, password: str) -> str:
    try:
        return "in" if LockOutBackend().authenticate(None, username, password) else "wrong"
    except RefusedError as error:
        return error.refusals[0].code


def test_a_name_is_locked_after_the_policys_number_of_failures(clerk: User) -> None:
    failures_max = limits.limit("lock_out_failures_count")
    assert [attempt("Clerk", "x") for _ in range(failures_max)] == ["wrong"] * failures_max
    assert attempt("Clerk", PASSWORD) == "access.sign_in_locked"
    assert AuditEntry.objects.get().verb == "access.lock_out"


def test_a_success_starts_the_count_again(clerk: User) -> None:
    for _ in range(3):
        assert [attempt("Clerk", "x") for _ in range(4)] == ["wrong"] * 4
        assert attempt("Clerk", PASSWORD) == "in"


def test_the_lock_ends_after_its_time(clerk: User) -> None:
    for _ in range(5):
        attempt("Clerk", "x")
    SignInGuard.objects.update(locked_until=timezone.now())
    assert attempt("Clerk", PASSWORD) == "in"


def test_old_failures_are_forgotten(clerk: User) -> None:
    for _ in range(4):
        attempt("Clerk", "x")
    SignInGuard.objects.update(last_failed_at=timezone.now() - timedelta(minutes=limits.limit("lock_out_minutes")))
    attempt("Clerk", "x")
    assert SignInGuard.objects.get().failures_count == 1
    assert attempt("Clerk", PASSWORD) == "in"


def test_names_that_do_not_exist_are_locked_alike(clerk: User) -> None:
    assert [attempt("ghost", "x") for _ in range(6)] == ["wrong"] * 5 + ["access.sign_in_locked"]


def test_the_case_of_a_name_does_not_give_more_attempts(clerk: User) -> None:
    for name in ("Clerk", "CLERK", "clerk", " Clerk", "cLERK"):
        attempt(name, "x")
    assert attempt("Clerk", PASSWORD) == "access.sign_in_locked"


def test_a_signed_in_browser_stays_in_while_the_name_is_locked(clerk: User) -> None:
    client = Client()
    assert client.login(username="Clerk", password=PASSWORD)
    for _ in range(6):
        attempt("Clerk", "x")
    assert "_auth_user_id" in client.session


def test_guesses_at_the_same_time_are_all_counted(transactional_db: Any) -> None:
    User.objects.create_user("Clerk", password=PASSWORD)
    guesses = together(*[lambda: attempt("Clerk", "x")] * 4)
    assert guesses == ["wrong"] * 4
    assert SignInGuard.objects.get().failures_count == 4
    assert [attempt("Clerk", "x"), attempt("Clerk", PASSWORD)] == ["wrong", "access.sign_in_locked"]


def test_an_administrator_unlocks(clerk: User, county: small.County) -> None:
    for _ in range(5):
        attempt("Clerk", "x")
    access.unlock("CLERK", by=county.actor("system_administrator"))
    assert attempt("Clerk", PASSWORD) == "in"


def test_an_empty_name_or_password_is_nobody(clerk: User) -> None:
    assert attempt("", "x") == "wrong"
    assert LockOutBackend().authenticate(None, "Clerk", None) is None
    assert not SignInGuard.objects.exists()


def test_the_key_file_is_for_its_owner_alone(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from sanyi.registry.access.services import chain_key

    monkeypatch.delenv(chain_key.VARIABLE, raising=False)
    settings.KEYS_ROOT = tmp_path / "keys"
    first = chain_key.current()
    assert (settings.KEYS_ROOT / "audit-trail").stat().st_mode & 0o777 == 0o600
    chain_key._load.cache_clear()
    assert chain_key.current() == first
    assert len(list(settings.KEYS_ROOT.iterdir())) == 1


def test_the_scopes_of_roles_are_all_used() -> None:
    assert {role.scope for role in access.roles().values()} == set(ScopeKind)
