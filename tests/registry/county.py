"""A small county with well-known people, for the tests of access, doors, runs and cases.

Two medical groups' worth of institutions in one county, and one hospital of another county that nobody here may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import ScopeKind
from sanyi.registry.access.models import RoleGrant
from sanyi.registry.organisations.models import Organisation

COUNTY, BUREAU, HOSPITAL, BRANCH = "990000000001", "990000000002", "990000000003", "990000000004"
TOWNSHIP, CLINIC = "990000000005", "990000000006"
OTHER_COUNTY, OTHER_HOSPITAL = "980000000001", "980000000003"
_ROWS = (
    (COUNTY, "示范县", "county", None),
    (BUREAU, "示范县医疗保障局", "insurance_bureau", COUNTY),
    (HOSPITAL, "示范县人民医院", "county_hospital", COUNTY),
    (BRANCH, "示范县人民医院分院", "branch", HOSPITAL),
    (TOWNSHIP, "东镇卫生院", "township_hospital", COUNTY),
    (CLINIC, "西村卫生室", "village_clinic", TOWNSHIP),
    (OTHER_COUNTY, "邻县", "county", None),
    (OTHER_HOSPITAL, "邻县人民医院", "county_hospital", OTHER_COUNTY),
)
HOME = {
    "county_leader": COUNTY,
    "reform_office": COUNTY,
    "health_bureau": COUNTY,
    "insurance_officer": BUREAU,
    "finance_officer": COUNTY,
    "auditor": COUNTY,
    "system_administrator": COUNTY,
    "group_director": HOSPITAL,
    "hospital_director": HOSPITAL,
    "hospital_insurance_office": HOSPITAL,
    "medical_record_coder": HOSPITAL,
    "hospital_doctor": HOSPITAL,
    "township_doctor": TOWNSHIP,
    "village_doctor": CLINIC,
    "pharmacist": HOSPITAL,
    "cdc_staff": COUNTY,
    "resident": COUNTY,
}
OWN_PERSON = "P-OWN"


def abroad(role: str) -> str:
    """Where somebody with this role would work in the neighbouring county."""
    return OTHER_COUNTY if access.role(role).scope is ScopeKind.COUNTY else OTHER_HOSPITAL


@dataclass
class County:
    """示范县: makes users and actors on demand."""

    users: dict[tuple[str, str], User] = field(default_factory=dict)
    sessions: dict[int, str] = field(default_factory=dict)

    def user(self, role: str, organisation_code: str | None = None) -> User:
        """A user with one role, at its usual organisation unless another is named."""
        where = organisation_code or HOME[role]
        if (role, where) not in self.users:
            user = User.objects.create(username=f"{role}-{where}")
            access.set_identity(
                user, display_name=f"{access.role(role).zh}示", person_id=OWN_PERSON if role == "resident" else ""
            )
            RoleGrant.objects.create(
                user=user, role=role, organisation_code=where, starts_at=timezone.now() - timedelta(days=1)
            )
            self.users[role, where] = user
        return self.users[role, where]

    def actor(self, role: str, organisation_code: str | None = None) -> access.Actor:
        """The actor of such a user, with grants resolved now."""
        return access.actor_of_user(self.user(role, organisation_code))

    def client(self, role: str, organisation_code: str | None = None) -> Client:
        """A browser in which such a user is signed in, with a session that is kept for the next time."""
        user = self.user(role, organisation_code)
        client = Client()
        if user.pk in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[user.pk]
        else:
            client.force_login(user)
            self.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return client


def build(rows: Iterable[tuple[str, str, str, str | None]] = _ROWS) -> County:
    """Writes the organisations and returns the county."""
    given = [Organisation(code=code, name=name, kind=kind, parent_id=parent) for code, name, kind, parent in rows]
    known = set(Organisation.objects.values_list("code", flat=True))
    Organisation.objects.bulk_create([row for row in given if row.code not in known])
    return County()
