"""打包对象服务: who may hold a package in a year, its lead hospital, and its members with their tiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanyi.insurance.package.codes import BUREAU_MISSING, MEMBERS_MISSING, HolderKind, Tier
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import OrganisationKind
from sanyi.registry.organisations.services import Organisation
from sanyi.registry.policies import services as policies

_COUNTY_KINDS = frozenset(
    {
        OrganisationKind.COUNTY_HOSPITAL,
        OrganisationKind.TCM_HOSPITAL,
        OrganisationKind.SPECIALTY_HOSPITAL,
        OrganisationKind.PRIVATE_HOSPITAL,
        OrganisationKind.MCH_CENTRE,
    }
)
_VILLAGE_KINDS = frozenset(
    {OrganisationKind.VILLAGE_CLINIC, OrganisationKind.CLINIC, OrganisationKind.COMMUNITY_STATION}
)


@dataclass(frozen=True, slots=True)
class MemberOfYear:
    """年度成员: an institution that was a member on any day of the year, with its tier."""

    code: str
    name: str
    tier: Tier
    is_lead: bool


def county_code() -> str:
    """本县: the 12-digit code under which budgets are kept."""
    return policies.county()


def bureau_code(near: str = "") -> str:
    """账簿: the organisation code of the insurance bureau of the county that ``near`` lies in (this county).

    Refuses when none is registered.
    """
    inside = organisations.subtree(organisations.root(near) if near else organisations.county_code())
    found = Organisation.objects.filter(kind=OrganisationKind.INSURANCE_BUREAU, code__in=inside).order_by("code")
    code = found.values_list("code", flat=True).first()
    if code is None:
        raise RefusedError(BUREAU_MISSING())
    return str(code)


def tier_of(kind: str) -> Tier:
    """层级: by the kind of an institution."""
    known = OrganisationKind(kind)
    if known in _COUNTY_KINDS:
        return Tier.COUNTY
    return Tier.VILLAGE if known in _VILLAGE_KINDS else Tier.TOWNSHIP


def consortia(on: date, near: str = "") -> tuple[str, ...]:
    """本县医共体: the groups on a day of the county that ``near`` lies in (this county)."""
    inside = organisations.subtree(organisations.root(near) if near else organisations.county_code())
    return tuple(row.organisation_id for row in organisations.groups(on) if row.organisation_id in inside)


def lead_of(holder_code: str, kind: HolderKind, on: date) -> str:
    """牵头医院: that of a consortium on a day, a single institution itself. Refuses a group without one."""
    if kind is HolderKind.INSTITUTION:
        return holder_code
    lead = organisations.lead_hospital(holder_code, on)
    if lead is None:
        raise RefusedError(MEMBERS_MISSING(holder=name(holder_code), year=on.year))
    return str(lead.code)


def members(holder_code: str, kind: HolderKind, year: int) -> tuple[MemberOfYear, ...]:
    """年度成员: of any day of the year; who changed the consortium in June is a member of both, each for its part."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if kind is HolderKind.INSTITUTION:
        one = organisations.get(holder_code)
        return (MemberOfYear(one.code, one.label, tier_of(one.kind), True),)
    found: dict[str, MemberOfYear] = {}
    for row in organisations.members(holder_code):
        if row.starts_on <= last and (row.ends_on is None or row.ends_on >= first):
            one, is_lead = row.organisation, row.role == "lead"
            known = found.get(one.code)
            is_lead = is_lead or (known is not None and known.is_lead)
            found[one.code] = MemberOfYear(one.code, one.label, tier_of(one.kind), is_lead)
    return tuple(found[code] for code in sorted(found))


def name(code: str) -> str:
    """名称: the short name, or the code of an organisation nobody knows."""
    return organisations.names({code}).get(code, code)
