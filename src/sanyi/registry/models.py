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
from sanyi.registry.cases.models import Case, CaseEvent, Evidence, Notification, NumberSeries
from sanyi.registry.doors.models import IdempotentAnswer
from sanyi.registry.ledger.models import Account, Entry, Posting
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
from sanyi.registry.runs.models import Run, RunLogLine
from sanyi.registry.staff.models import Affiliation, Licence, Post, StaffMember, Title

__all__ = [
    "Account",
    "Affiliation",
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "AuditPerson",
    "Boundary",
    "BreakGlass",
    "Case",
    "CaseEvent",
    "Credential",
    "Entry",
    "Evidence",
    "GroupMembership",
    "Household",
    "IdempotentAnswer",
    "Licence",
    "MatchCandidate",
    "MedicalGroup",
    "Notification",
    "NumberSeries",
    "Organisation",
    "Person",
    "PersonCategory",
    "PersonCounter",
    "PersonMerge",
    "Place",
    "Population",
    "Post",
    "Posting",
    "RoleGrant",
    "Run",
    "RunLogLine",
    "SignInGuard",
    "StaffMember",
    "Title",
    "UserIdentity",
]
