"""权限服务: who asks, may they, and what was done; the other topics use this module alone."""

from sanyi.registry.access.models import BreakGlass
from sanyi.registry.access.rules import (
    ALL,
    ANONYMOUS,
    Actor,
    AllOrganisations,
    Decision,
    GlassGrant,
    Grant,
    Scope,
    within,
)
from sanyi.registry.access.services.actors import (
    SYSTEM,
    actor,
    actor_of_key,
    actor_of_user,
    decide,
    forget,
    grant_role,
    holders_of,
    keys_at,
    own_person_id,
    refuse_unless,
    revoke_grant,
    set_identity,
    visible_organisations,
)
from sanyi.registry.access.services.glass import grant_glass
from sanyi.registry.access.services.keys import issue_key, revoke_key
from sanyi.registry.access.services.roles import Role, role, roles
from sanyi.registry.access.services.sign_in import sign_in, unlock
from sanyi.registry.access.services.trail import record_person_read, record_write
from sanyi.registry.access.services.verification import Finding, Verification, verify

__all__ = [
    "ALL",
    "ANONYMOUS",
    "SYSTEM",
    "Actor",
    "AllOrganisations",
    "BreakGlass",
    "Decision",
    "Finding",
    "GlassGrant",
    "Grant",
    "Role",
    "Scope",
    "Verification",
    "actor",
    "actor_of_key",
    "actor_of_user",
    "decide",
    "forget",
    "grant_glass",
    "grant_role",
    "holders_of",
    "issue_key",
    "keys_at",
    "own_person_id",
    "record_person_read",
    "record_write",
    "refuse_unless",
    "revoke_grant",
    "revoke_key",
    "role",
    "roles",
    "set_identity",
    "sign_in",
    "unlock",
    "verify",
    "visible_organisations",
    "within",
]
