"""行为人: who is asking, loaded once per request; and the grants that make somebody what they are."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes, rules
from sanyi.registry.access.codes import Permission, Purpose, ScopeKind
from sanyi.registry.access.models import BreakGlass, RoleGrant, UserIdentity
from sanyi.registry.access.rules import ANONYMOUS, Actor, Decision, GlassGrant, Grant, Scope
from sanyi.registry.access.services.key_secrets import bearer_secret, key_of
from sanyi.registry.access.services.reach import Reach
from sanyi.registry.access.services.roles import role as role_of
from sanyi.registry.access.services.roles import roles
from sanyi.registry.access.services.trail import record_write
from sanyi.registry.statements import rows_of

SYSTEM = Actor(user_id=None, name="系统", is_system=True)
"""系统: the program itself, for jobs and imports that nobody clicks."""
_CACHED = "_sanyi_actor"
IN_SESSION = "_sanyi_identity"
"""会话中的身份: where the sign-in backend leaves what it has read with the user, for this one request."""


def actor(request: HttpRequest) -> Actor:
    """当前行为人: of a session or of an API key, with its grants; asked once per request. Refuses a wrong key."""
    known: Actor | None = getattr(request, _CACHED, None)
    if known is None:
        secret = bearer_secret(request)
        known = actor_of_key(secret) if secret else _actor(request.user, _identity_in_session(request.user))
        setattr(request, _CACHED, known)
    return known


def forget(request: HttpRequest) -> None:
    """忘记: ask again, after the request itself has changed grants."""
    if hasattr(request, _CACHED):
        delattr(request, _CACHED)
    if hasattr(request.user, IN_SESSION):
        delattr(request.user, IN_SESSION)


def actor_of_user(user: Any) -> Actor:
    """用户的行为人: with resolved grants; nobody for an anonymous or disabled user."""
    return _actor(user, identity_of(user))


def actor_of_key(secret: str) -> Actor:
    """密钥的行为人: the represented user's grants, cut down to the key's permissions and the units of its organisation.

    Refuses a wrong key.
    """
    key = key_of(secret)
    user = actor_of_user(key.user)
    allowed = frozenset(Permission(value) for value in key.permissions)
    below = Reach().of(ScopeKind.SUBTREE, key.organisation_code)
    grants = tuple(
        replace(
            grant,
            organisation_code=key.organisation_code,
            permissions=grant.permissions & allowed,
            organisations=rules.overlap(grant.organisations, below),
            own_organisations=rules.overlap(grant.own_organisations, below),
        )
        for grant in user.grants
        if grant.person_id is None
    )
    return replace(user, name=f"{key.name}（{user.name}）", grants=grants, glass=(), person_id=None, key_id=key.pk)


def decide(
    who: Actor,
    permission: Permission,
    *,
    purpose: Purpose | Collection[Purpose],
    organisation_code: str | Collection[str] | None = None,
    person_id: str | None = None,
    on: datetime | None = None,
) -> Decision:
    """访问判定: ``rules.decide`` at this instant."""
    return rules.decide(
        who,
        permission,
        purpose=purpose,
        on=on or timezone.now(),
        organisation_code=organisation_code,
        person_id=person_id,
    )


def refuse_unless(decision: Decision) -> None:
    """不允许则拒绝: raises RefusedError with the decision's reason."""
    if not decision.is_allowed:
        assert decision.reason is not None
        raise RefusedError(decision.reason)


def visible_organisations(
    who: Actor,
    permission: Permission,
    purpose: Purpose | Collection[Purpose] | None = None,
    *,
    on: datetime | None = None,
) -> Scope:
    """可见机构: ``rules.visible_organisations`` at this instant."""
    return rules.visible_organisations(who, permission, purpose=purpose, on=on or timezone.now())


def own_person_id(who: Actor, permission: Permission, purpose: Purpose | Collection[Purpose]) -> str | None:
    """本人: ``rules.own_person_id`` at this instant."""
    return rules.own_person_id(who, permission, purpose=purpose, on=timezone.now())


def keys_at(who: Actor, organisation_code: str, *, on: datetime | None = None) -> frozenset[str]:
    """在某机构的角色与权限: what transitions of a workflow may name."""
    return rules.keys_at(who, organisation_code, on or timezone.now())


@transaction.atomic
def grant_role(
    user: User,
    role: str,
    organisation_code: str,
    *,
    by: Actor,
    purposes: Iterable[Purpose] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """授予角色: from now or ``starts_at``; without ``purposes`` all of the role's own.

    Refuses unknown roles, wrong dates, and whoever may not grant at this organisation.
    """
    known = role_of(role)
    begins = starts_at or timezone.now()
    if ends_at is not None and ends_at <= begins:
        raise RefusedError(codes.GRANT_PERIOD_WRONG())
    refuse_unless(
        decide(by, Permission.ACCESS_GRANT, purpose=Purpose.ADMINISTRATION, organisation_code=organisation_code)
    )
    row = RoleGrant.objects.create(
        user=user,
        role=known.code,
        organisation_code=organisation_code,
        purposes=sorted(purpose.value for purpose in purposes),
        starts_at=begins,
        ends_at=ends_at,
        granted_by_id=by.user_id,
    )
    record_write(by, "access.grant", "user", user.pk, organisation_code, f"授予角色“{known.zh}”")
    return row


@transaction.atomic
def revoke_grant(row: RoleGrant, *, by: Actor) -> None:
    """收回角色: ends the grant now; the row stays, so that yesterday's rights can still be read."""
    refuse_unless(
        decide(by, Permission.ACCESS_GRANT, purpose=Purpose.ADMINISTRATION, organisation_code=row.organisation_code)
    )
    now = timezone.now()
    if row.starts_at >= now:
        row.delete()
    else:
        RoleGrant.objects.filter(pk=row.pk).update(ends_at=now)
    record_write(by, "access.revoke", "user", row.user_id, row.organisation_code, f"收回角色“{role_of(row.role).zh}”")


def holders_of(keys: Collection[str], organisation_code: str, *, is_only_there: bool = False) -> set[int]:
    """有权人员: users who hold one of these roles or permissions at an organisation now.

    ``is_only_there`` leaves out those whose grant lies above and merely reaches down to it.
    """
    now, reach, wanted = timezone.now(), Reach(), frozenset(keys)
    fitting = {code: role for code, role in roles().items() if code in wanted or wanted & role.permissions}
    rows = RoleGrant.objects.filter(role__in=fitting, starts_at__lte=now, user__is_active=True)
    found: set[int] = set()
    for row in rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)):
        if row.organisation_code != organisation_code:
            role = fitting[row.role]
            is_only_own = role.code not in wanted and not wanted & (role.permissions - role.own_permissions)
            if is_only_there or is_only_own or organisation_code not in reach.of(role.scope, row.organisation_code):
                continue
        found.add(row.user_id)
    return found


def set_identity(user: User, *, display_name: str, person_id: str = "", staff_number: str = "") -> UserIdentity:
    """设定用户身份: the shown name, and the person or staff member the user is."""
    identity, _ = UserIdentity.objects.update_or_create(
        user=user, defaults={"display_name": display_name, "person_id": person_id, "staff_number": staff_number}
    )
    return identity


def _identity_in_session(user: Any) -> UserIdentity | None:
    """The sign-in backend has read it together with the user, in this very request."""
    if hasattr(user, IN_SESSION):
        known: UserIdentity | None = getattr(user, IN_SESSION)
        return known
    return identity_of(user)


def identity_of(user: Any) -> UserIdentity | None:
    """用户身份: None for an anonymous user and for one without a shown name."""
    if not isinstance(user, AbstractBaseUser):
        return None
    return next(iter(rows_of(UserIdentity, "user_id = %s", [user.pk])), None)


def _actor(user: Any, identity: UserIdentity | None) -> Actor:
    if not isinstance(user, AbstractBaseUser) or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    now = timezone.now()
    person_id = identity.person_id if identity else ""
    rows = [row for row in rows_of(RoleGrant, "user_id = %s ORDER BY id", [user.pk]) if not _has_ended(row, now)]
    reach = Reach()
    grants = tuple(_grant(row, person_id, reach) for row in rows)
    return Actor(
        user_id=user.pk,
        name=identity.display_name if identity else user.get_username(),
        grants=grants,
        glass=_glass_of(user.pk, grants, now),
        person_id=person_id or None,
        staff_number=identity.staff_number if identity else "",
    )


def _has_ended(row: RoleGrant, now: datetime) -> bool:
    return row.ends_at is not None and row.ends_at <= now


def _grant(row: RoleGrant, person_id: str, reach: Reach) -> Grant:
    role = role_of(row.role)
    own_person = person_id if role.scope is ScopeKind.SELF else None
    purposes = role.purposes & {Purpose(value) for value in row.purposes} if row.purposes else role.purposes
    return Grant(
        role=role.code,
        organisation_code=row.organisation_code,
        purposes=frozenset(purposes),
        permissions=role.permissions,
        organisations=reach.of(role.scope, row.organisation_code),
        person_id=own_person,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        own_permissions=role.own_permissions,
        own_organisations=frozenset({row.organisation_code}) if own_person is None else rules.NOWHERE,
    )


def _glass_of(user_id: int, grants: tuple[Grant, ...], now: datetime) -> tuple[GlassGrant, ...]:
    if not any(Permission.PERSON_BREAK_GLASS in grant.permissions for grant in grants):
        return ()
    rows = rows_of(
        BreakGlass, "user_id = %s AND ends_at > %s", [user_id, connection.ops.adapt_datetimefield_value(now)]
    )
    return tuple(GlassGrant(row.person_id, row.ends_at, row.case_number or str(row.pk)) for row in rows)
