"""所据输入: which versions of which tables a settlement reads, and what it reads from outside the lake, as plain JSON.

With it and the frozen rules the same bytes come out again, whatever was taken in, registered or decided since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON
from sanyi.insurance.dip import services as dip
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.insurance.payment.services import specials
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import BUREAU_KINDS, OrganisationKind
from sanyi.registry.policies import services as policies

SOURCES = (SETTLEMENT_LIST, GROUPED_STAY, OUTSIDE_STAY, OUTPATIENT_VISIT, SIGNED_PERSON)
"""来源表: what a settlement reads; one that nobody ever wrote is simply not named."""
_ONE_DAY = timedelta(days=1)
_NOT_INSTITUTIONS = {*BUREAU_KINDS, OrganisationKind.MEDICAL_GROUP}


@dataclass(frozen=True, slots=True)
class Held:
    """所据输入: ``institutions`` are spans of tier and consortium inside the year, ``groups`` the consortia's;
    ``catalogues`` the DIP catalogues of the year by digest.
    """

    year: int
    through: str
    county: str
    tables: Mapping[str, Mapping[str, Any]]
    institutions: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    specials: list[dict[str, Any]]
    catalogues: Mapping[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """朴素形式: as JSON keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """自朴素形式."""
        return cls(**plain)

    def version(self, table: str) -> int | None:
        """所读版本: of a table, None where it was not there."""
        found = self.tables.get(table)
        return None if found is None else int(found["version"])


def hold(year: int, *, through: date, versions: Mapping[str, int] | None = None) -> Held:
    """确定输入: of a year up to a day, as everything stands now; ``versions`` fixes those of some tables."""
    return Held(
        year=year,
        through=str(through),
        county=policies.county(),
        tables=_tables(versions or {}),
        institutions=institutions(year),
        groups=groups(year),
        specials=specials.approved(year, through),
        catalogues=catalogues(year),
    )


def catalogues(year: int) -> dict[str, Any]:
    """病种目录: which DIP catalogue holds on which days of the year, by digest."""
    return {"dip": dip.held(year)}


def institutions(year: int) -> list[dict[str, Any]]:
    """机构期间: tier and consortium of every institution, span by span inside the year; those of branches and village
    clinics without a membership of their own are those of the unit they belong to.
    """
    found = organisations.Organisation.objects.exclude(kind__in=_NOT_INSTITUTIONS).order_by("code")
    rows = list(found.values_list("code", "hospital_level", "parent_id"))
    parents = {code: parent for code, _, parent in rows}
    spans = _memberships(year)
    return [
        {"institution_code": code, "tier": int(level), **span}
        for code, level, _ in rows
        for span in _filled(_nearest(code, parents, spans), year)
    ]


def groups(year: int) -> list[dict[str, Any]]:
    """医共体: those of the county with the days of the year on which they were there."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = []
    for code, starts_on, ends_on in _groups():
        if starts_on <= last and (ends_on is None or ends_on >= first):
            span = {"starts_on": str(max(first, starts_on)), "ends_on": str(min(last, ends_on or last))}
            found.append({"consortium_code": code, **span})
    return found


def _tables(versions: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    lake, found = lakes.lake(), {}
    for contract in SOURCES:
        version = versions.get(contract.name, lake.version(contract.name))
        if version is not None:
            found[contract.name] = {"version": version, "digest": lake.digest(contract.name, version)}
    return found


def _groups() -> list[tuple[str, date, date | None]]:
    rows = organisations.groups().values_list("pk", "founded_on", "dissolved_on")
    return [(str(code), starts_on, ends_on) for code, starts_on, ends_on in rows]


def _memberships(year: int) -> dict[str, list[tuple[date, date, str]]]:
    """Spans of each institution's memberships, cut to the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: dict[str, list[tuple[date, date, str]]] = {}
    for code, _, _ in _groups():
        for one in organisations.members(code):
            starts_on, ends_on = max(first, one.starts_on), min(last, one.ends_on or last)
            if starts_on <= ends_on:
                found.setdefault(str(one.organisation_id), []).append((starts_on, ends_on, code))
    return {code: sorted(spans) for code, spans in found.items()}


def _nearest(
    code: str, parents: Mapping[str, str | None], spans: Mapping[str, list[tuple[date, date, str]]]
) -> list[tuple[date, date, str]]:
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at not in seen:
        if at in spans:
            return spans[at]
        seen.add(at)
        at = parents.get(at)
    return []


def _filled(spans: list[tuple[date, date, str]], year: int) -> list[dict[str, Any]]:
    """The whole year in spans without gaps; outside any consortium the code is empty."""
    found: list[tuple[date, date, str | None]] = []
    at, last = date(year, 1, 1), date(year, 12, 31)
    for starts_on, ends_on, code in spans:
        if at < starts_on:
            found.append((at, starts_on - _ONE_DAY, None))
        found.append((starts_on, ends_on, code))
        at = ends_on + _ONE_DAY
    if at <= last:
        found.append((at, last, None))
    return [{"starts_on": str(a), "ends_on": str(b), "consortium_code": code} for a, b, code in found]
