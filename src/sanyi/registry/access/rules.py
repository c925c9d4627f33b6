"""权限判定: the one place that decides who may do what, pure and without a clock.

A decision needs an actor, a permission, the organisation that owns the subject, the purpose, and the instant. Lists,
details, exports, prints, searches, attachments and the API all ask here; nothing else decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sanyi.kernel.refusals import Refusal
from sanyi.kernel.workflow import SYSTEM
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose


class AllOrganisations:
    """全部机构: a scope without limit; only the program itself holds it, never a person."""

    def __contains__(self, organisation_code: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"


ALL: Final = AllOrganisations()
Scope = frozenset[str] | AllOrganisations
NOWHERE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """授权: a role at an organisation for some purposes in some time, resolved to what it reaches.

    ``organisations`` is the resolved scope; ``person_id`` is set for the resident's own grant and then nothing else
    is reached. ``own_permissions`` are those that reach ``own_organisations`` alone, however far the role itself
    reaches: a bureau reads the whole county and signs for nobody but itself. ``starts_at`` is inclusive, ``ends_at``
    exclusive.
    """

    role: str
    organisation_code: str
    purposes: frozenset[Purpose]
    permissions: frozenset[Permission]
    organisations: Scope
    person_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    own_permissions: frozenset[Permission] = frozenset()
    own_organisations: Scope = NOWHERE

    def reach(self, permission: Permission) -> Scope:
        """可及机构: of one permission."""
        return self.own_organisations if permission in self.own_permissions else self.organisations

    def is_valid(self, on: datetime) -> bool:
        """是否有效: whether the instant lies inside the grant's time."""
        return (self.starts_at is None or self.starts_at <= on) and (self.ends_at is None or on < self.ends_at)


@dataclass(frozen=True, slots=True)
class GlassGrant:
    """紧急调阅授权: one person's record, for care alone, until it ends."""

    person_id: str
    ends_at: datetime
    number: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """行为人: who asks, with every grant held. ``user_id`` is None for nobody and for the program itself."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    glass: tuple[GlassGrant, ...] = ()
    person_id: str | None = None
    staff_number: str = ""
    key_id: int | None = None
    is_system: bool = False

    @property
    def is_anonymous(self) -> bool:
        """是否匿名."""
        return self.user_id is None and not self.is_system

    @property
    def roles(self) -> frozenset[str]:
        """角色代码: all roles held, whether valid now or not; only for choosing what to show first."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def organisation_code(self) -> str:
        """所在机构: the organisation of the first grant, or an empty text."""
        return self.grants[0].organisation_code if self.grants else ""


ANONYMOUS: Final = Actor(user_id=None, name="")


@dataclass(frozen=True, slots=True)
class Decision:
    """判定结果: allowed, or the refusal that says why not. ``via`` names the role or the emergency access used."""

    is_allowed: bool
    reason: Refusal | None = None
    via: str = ""
    purpose: Purpose | None = None

    def __bool__(self) -> bool:
        return self.is_allowed


def decide(
    actor: Actor,
    permission: Permission,
    *,
    purpose: Purpose | Collection[Purpose],
    on: datetime,
    organisation_code: str | Collection[str] | None = None,
    person_id: str | None = None,
) -> Decision:
    """访问判定: may this actor do this, at this organisation, for this purpose, at this instant?

    ``organisation_code`` is the owner of the subject; several codes mean that any of them suffices (a person known to
    several institutions). Without organisation and person the question is only whether the page may be opened at all:
    what it shows is then limited by ``visible_organisations``. Of several purposes the first that fits is the one the
    access is recorded under. Reasons come in a fixed order: sign-in, permission,
    purpose, organisation or person. Basis: N07-01.
    """
    purposes = _as_purposes(purpose)
    if actor.is_system:
        return Decision(True, via="system", purpose=purposes[0])
    if actor.is_anonymous:
        return Decision(False, codes.SIGN_IN_REQUIRED())
    held = [grant for grant in actor.grants if permission in grant.permissions and grant.is_valid(on)]
    fitting = [(wanted, grant) for wanted in purposes for grant in held if wanted in grant.purposes]
    for wanted, grant in fitting:
        if _reaches(grant, grant.reach(permission), organisation_code, person_id):
            return Decision(True, via=grant.role, purpose=wanted)
    glass = _glass(actor, permission, purposes, person_id, on)
    if glass is not None:
        return Decision(True, via=f"glass:{glass.number}", purpose=Purpose.CARE)
    if not held:
        return Decision(False, codes.PERMISSION_MISSING(permission=permission.zh))
    if not fitting:
        return Decision(False, codes.PURPOSE_NOT_ALLOWED(purpose="、".join(wanted.zh for wanted in purposes)))
    if all(grant.person_id is not None for _, grant in fitting):
        return Decision(False, codes.PERSON_OUT_OF_SCOPE())
    return Decision(False, codes.ORGANISATION_OUT_OF_SCOPE())


def visible_organisations(
    actor: Actor, permission: Permission, *, purpose: Purpose | Collection[Purpose] | None, on: datetime
) -> Scope:
    """可见机构: every organisation at which the actor holds the permission for the purpose (None: for any)."""
    if actor.is_system:
        return ALL
    wanted = frozenset(Purpose) if purpose is None else frozenset(_as_purposes(purpose))
    seen: frozenset[str] = NOWHERE
    for grant in actor.grants:
        if permission not in grant.permissions or not grant.is_valid(on) or not (wanted & grant.purposes):
            continue
        reached = grant.reach(permission)
        if isinstance(reached, AllOrganisations):
            return ALL
        if grant.person_id is None:
            seen |= reached
    return seen


def own_person_id(
    actor: Actor, permission: Permission, *, purpose: Purpose | Collection[Purpose], on: datetime
) -> str | None:
    """本人: the person a resident's own grant opens for this permission and purpose, None without such a grant."""
    wanted = frozenset(_as_purposes(purpose))
    for grant in actor.grants:
        if grant.person_id and permission in grant.permissions and grant.is_valid(on) and wanted & grant.purposes:
            return grant.person_id
    return None


def keys_at(actor: Actor, organisation_code: str, on: datetime) -> frozenset[str]:
    """在某机构的角色与权限: role codes and permissions that a workflow's transitions may name as their actors."""
    if actor.is_system:
        return frozenset({SYSTEM})
    found: set[str] = set()
    for grant in actor.grants:
        if not grant.is_valid(on) or grant.person_id is not None:
            continue
        if organisation_code in grant.organisations:
            found |= {grant.role, *(permission.value for permission in grant.permissions - grant.own_permissions)}
        if organisation_code in grant.own_organisations:
            found |= {permission.value for permission in grant.permissions & grant.own_permissions}
    return frozenset(found)


def within(scope: Scope, organisation_codes: Iterable[str]) -> bool:
    """是否在范围内: whether every one of these organisations lies in the scope."""
    return all(code in scope for code in organisation_codes)


def overlap(scope: Scope, other: Scope) -> Scope:
    """交集: the organisations in both scopes."""
    if isinstance(scope, AllOrganisations):
        return other
    return scope if isinstance(other, AllOrganisations) else scope & other


def _as_purposes(purpose: Purpose | Collection[Purpose]) -> tuple[Purpose, ...]:
    return (purpose,) if isinstance(purpose, Purpose) else tuple(purpose)


def _reaches(
    grant: Grant, scope: Scope, organisation_code: str | Collection[str] | None, person_id: str | None
) -> bool:
    if organisation_code is None and person_id is None:
        return True
    if grant.person_id is not None:
        return bool(person_id) and person_id == grant.person_id
    if organisation_code is None:
        return False
    if isinstance(organisation_code, str):
        return organisation_code in scope
    return any(code in scope for code in organisation_code)


def _glass(
    actor: Actor, permission: Permission, purposes: Collection[Purpose], person_id: str | None, on: datetime
) -> GlassGrant | None:
    if person_id is None or permission not in codes.GLASS_PERMISSIONS or not codes.GLASS_PURPOSES & set(purposes):
        return None
    return next((glass for glass in actor.glass if glass.person_id == person_id and on < glass.ends_at), None)
