"""医疗集团: one in the small county with its hospital and township, and one in the neighbouring county."""

from __future__ import annotations

from datetime import date

from sanyi.registry.access import services as access
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import MembershipRole
from sanyi.registry.organisations.models import Organisation
from tests.registry import county as small

GROUP, OTHER_GROUP = "990000000007", "980000000007"
FOUNDED = date(2020, 1, 1)


def found(code: str = GROUP) -> str:
    """The group of the small county, or that of the neighbours."""
    is_own = code == GROUP
    parent, name = (small.COUNTY, "示范县医疗集团") if is_own else (small.OTHER_COUNTY, "邻县医疗集团")
    Organisation.objects.get_or_create(code=code, defaults={"name": name, "kind": "medical_group", "parent_id": parent})
    if organisations.members(code).exists():
        return code
    organisations.found_group(code, founded_on=FOUNDED, by=access.SYSTEM)
    lead = small.HOSPITAL if is_own else small.OTHER_HOSPITAL
    organisations.join(code, lead, starts_on=FOUNDED, by=access.SYSTEM, role=MembershipRole.LEAD)
    if is_own:
        organisations.join(code, small.TOWNSHIP, starts_on=FOUNDED, by=access.SYSTEM)
    return code
