"""机构树: who lies below whom on a day, held in memory and checked against the tables with one cheap query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from threading import Lock
from typing import cast

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations import rules
from sanyi.registry.organisations.codes import ORGANISATION_UNKNOWN, OrganisationKind
from sanyi.registry.organisations.models import GroupMembership, Organisation

Mark = tuple[int, int | None, int, int | None]
# Microseconds of an instant as a whole number; the remainder keeps the sum of many rows within 64 bits.
_INSTANTS = {
    "sqlite": "(CAST(strftime('%s', changed_at) AS INTEGER) * 1000000 + CAST(substr(changed_at, 21, 6) AS INTEGER))"
    " % 2147483647",
    "postgresql": "CAST(EXTRACT(EPOCH FROM changed_at) * 1000000 AS bigint) % 2147483647",
}
DAYS_KEPT = 4


@dataclass(slots=True)
class Tree:
    """机构树: parents, children and names by code as they are on one day; subtrees are kept once asked for."""

    parents: dict[str, str | None]
    children: dict[str, list[str]]
    members: dict[str, list[str]]
    names: dict[str, str]
    subtrees: dict[str, frozenset[str]] = field(default_factory=dict)

    def subtree(self, code: str) -> frozenset[str]:
        """下属机构: the organisation, its units, and for a group its members and theirs."""
        found = self.subtrees.get(code)
        if found is None:
            edges = {code: [*self.children.get(code, ()), *self.members.get(code, ())] for code in self.parents}
            found = self.subtrees[code] = rules.below(edges, code)
        return found


_LOOKED: ContextVar[list[Mark] | None] = ContextVar("organisations_looked", default=None)
_LOCK = Lock()
_KEPT: dict[tuple[Mark, date], Tree] = {}


@contextmanager
def one_look() -> Iterator[None]:
    """看一次: inside, the tables are looked at once; for a request that reads and changes no organisation."""
    token = _LOOKED.set([])
    try:
        yield
    finally:
        _LOOKED.reset(token)


def tree(on: date | None = None) -> Tree:
    """机构树: as of a day (today). Costs one small query; the tree itself is read only when it changed."""
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
    found: Organisation | None = Organisation.objects.select_related("place", "parent").filter(code=code).first()
    if found is None:
        raise RefusedError(ORGANISATION_UNKNOWN(code=code))
    return found


def require(codes: set[str]) -> None:
    """查验机构: RefusedError naming every code that is not registered."""
    missing = sorted(codes - tree().parents.keys())
    if missing:
        raise RefusedError([ORGANISATION_UNKNOWN(code=code) for code in missing[:100]])


def names(codes: Collection[str] | None = None) -> dict[str, str]:
    """名称: code to the short name, of these or of all, in the order of codes; unknown codes are absent."""
    known = tree().names
    return dict(known) if codes is None else {code: known[code] for code in sorted(codes) if code in known}


def _mark() -> Mark:
    """What changes whenever a row is added, changed or removed, in one query.

    The instants of all changes are summed: of two changes at once the later instant may be committed first, and then
    the greatest instant would not tell of the other.
    """
    looked = _LOOKED.get()
    if looked:
        return looked[0]
    with connection.cursor() as cursor:
        cursor.execute(_mark_query(connection.vendor))
        mark = cast(Mark, cursor.fetchone())
    if looked is not None:
        looked.append(mark)
    return mark


@cache
def _mark_query(vendor: str) -> str:
    sizes = ", ".join(
        f"(SELECT COUNT(*) FROM {table}), (SELECT SUM({_INSTANTS[vendor]}) FROM {table})"  # noqa: S608 - our own names
        for table in (Organisation._meta.db_table, GroupMembership._meta.db_table)
    )
    return f"SELECT {sizes}"


def _read(day: date) -> Tree:
    rows = list(Organisation.objects.order_by("code").values_list("code", "parent_id", "short_name", "name"))
    parents = {code: parent for code, parent, _, _ in rows}
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
    return Tree(parents, dict(children), dict(members), {code: short or name for code, _, short, name in rows})
