"""登记: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.registry.access.models import (
    ApiKey,
    AuditEntry,
    AuditHead,
    AuditPerson,
    BreakGlass,
    RoleGrant,
    SignInGuard,
    UserIdentity,
)
from sanyi.registry.doors.models import IdempotentAnswer
from sanyi.registry.organisations.models import GroupMembership, MedicalGroup, Organisation
from sanyi.registry.people.models import (
    Credential,
    Household,
    MatchCandidate,
    Person,
    PersonCategory,
    PersonCounter,
    PersonMerge,
)
from sanyi.registry.places.models import Boundary, Place, Population
from sanyi.registry.staff.models import Affiliation, Licence, Post, StaffMember, Title

__all__ = [
    "Affiliation",
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "AuditPerson",
    "Boundary",
    "BreakGlass",
    "Credential",
    "GroupMembership",
    "Household",
    "IdempotentAnswer",
    "Licence",
    "MatchCandidate",
    "MedicalGroup",
    "Organisation",
    "Person",
    "PersonCategory",
    "PersonCounter",
    "PersonMerge",
    "Place",
    "Population",
    "Post",
    "RoleGrant",
    "SignInGuard",
    "StaffMember",
    "Title",
    "UserIdentity",
]
