"""机构树: who lies below whom on a day, held in memory and checked against the tables with two cheap queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations import rules
from sanyi.registry.organisations.codes import ORGANISATION_UNKNOWN, OrganisationKind
from sanyi.registry.organisations.models import GroupMembership, Organisation

Mark = tuple[int, datetime | None, int, datetime | None]
DAYS_KEPT = 4


@dataclass(slots=True)
class Tree:
    """机构树: parents and children by code as they are on one day; subtrees are kept once asked for."""

    parents: dict[str, str | None]
    children: dict[str, list[str]]
    members: dict[str, list[str]]
    subtrees: dict[str, frozenset[str]] = field(default_factory=dict)

    def subtree(self, code: str) -> frozenset[str]:
        """下属机构: the organisation, its units, and for a group its members and theirs."""
        found = self.subtrees.get(code)
        if found is None:
            edges = {code: [*self.children.get(code, ()), *self.members.get(code, ())] for code in self.parents}
            found = self.subtrees[code] = rules.below(edges, code)
        return found


_LOCK = Lock()
_KEPT: dict[tuple[Mark, date], Tree] = {}


def tree(on: date | None = None) -> Tree:
    """机构树: as of a day (today). Costs two small queries; the tree itself is read only when it changed."""
    day = on or timezone.localdate()
    mark = _mark()
    with _LOCK:
        kept = _KEPT.get((mark, day))
    if kept is None:
        kept = _read(day)
        with _LOCK:
            for old in [key for key in _KEPT if key[0] != mark] + list(_KEPT)[: -DAYS_KEPT or None]:
                _KEPT.pop(old, None)
            _KEPT[(mark, day)] = kept
    return kept


def subtree(code: str, on: date | None = None) -> frozenset[str]:
    """下属机构: codes of the organisation and everything below it; only itself when it is not known."""
    return tree(on).subtree(code)


def root(code: str) -> str:
    """顶级机构: the code at the top of the chain of parents (the county); the code itself when it is not known."""
    return rules.above(tree().parents, code)[-1]


def covers_all(codes: Container[str]) -> bool:
    """是否包括全部机构: whether every registered organisation is among these."""
    return all(code in codes for code in tree().parents)


def county_code() -> str:
    """本县机构代码: the county that this installation serves, by its place; otherwise the first county there is."""
    found = Organisation.objects.filter(kind=OrganisationKind.COUNTY).order_by("code")
    own = found.filter(place_id=settings.SANYI_COUNTY)
    return own.values_list("code", flat=True).first() or found.values_list("code", flat=True).first() or ""


def ancestors(code: str) -> tuple[str, ...]:
    """上级链: the organisation, its parent, and so on."""
    return rules.above(tree().parents, code)


def get(code: str) -> Organisation:
    """取机构: RefusedError when there is none with this code."""
    found = Organisation.objects.select_related("place", "parent").filter(code=code).first()
    if found is None:
        raise RefusedError(ORGANISATION_UNKNOWN(code=code))
    return found


def require(codes: set[str]) -> None:
    """查验机构: RefusedError naming every code that is not registered."""
    missing = sorted(codes - tree().parents.keys())
    if missing:
        raise RefusedError([ORGANISATION_UNKNOWN(code=code) for code in missing[:100]])


def names(codes: set[str] | None = None) -> dict[str, str]:
    """名称: code to the short name, of these or of all."""
    found = Organisation.objects.all() if codes is None else Organisation.objects.filter(code__in=codes)
    return {code: short or name for code, short, name in found.values_list("code", "short_name", "name")}


def _mark() -> Mark:
    """What changes whenever a row is added, changed or removed."""
    units = Organisation.objects.order_by().aggregate(count=Count("code"), changed_at=Max("changed_at"))
    periods = GroupMembership.objects.order_by().aggregate(count=Count("id"), changed_at=Max("changed_at"))
    return units["count"], units["changed_at"], periods["count"], periods["changed_at"]


def _read(day: date) -> Tree:
    parents = dict(Organisation.objects.order_by().values_list("code", "parent_id"))
    children: defaultdict[str, list[str]] = defaultdict(list)
    for code, parent in parents.items():
        if parent is not None:
            children[parent].append(code)
    members: defaultdict[str, list[str]] = defaultdict(list)
    valid = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    for group, organisation in (
        GroupMembership.objects.filter(valid).order_by().values_list("group_id", "organisation_id")
    ):
        members[group].append(organisation)
    return Tree(parents, dict(children), dict(members))
