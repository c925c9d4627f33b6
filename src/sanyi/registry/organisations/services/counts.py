"""机构数: how many institutions of which kind a scope holds."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.db.models import Count

from sanyi.registry.organisations.codes import BUREAU_KINDS, OrganisationKind
from sanyi.registry.organisations.models import Organisation

CODES_PER_QUERY = 900


def count_by_kind(codes: Iterable[str] | None = None) -> dict[OrganisationKind, int]:
    """分类机构数: open organisations by kind, of these codes or of all; kinds without any are absent."""
    found: dict[OrganisationKind, int] = {}
    for part in _parts(codes):
        query = Organisation.objects.filter(closed_on__isnull=True)
        query = query if part is None else query.filter(code__in=part)
        for kind, count in query.order_by().values_list("kind").annotate(count=Count("code")):
            found[OrganisationKind(kind)] = found.get(OrganisationKind(kind), 0) + count
    return found


def institution_count(codes: Iterable[str] | None = None, kinds: Container[OrganisationKind] | None = None) -> int:
    """医疗卫生机构数: bureaus and groups are not counted; of some kinds only when they are given."""
    left_out = {*BUREAU_KINDS, OrganisationKind.MEDICAL_GROUP}
    return sum(
        count
        for kind, count in count_by_kind(codes).items()
        if kind not in left_out and (kinds is None or kind in kinds)
    )


def _parts(codes: Iterable[str] | None) -> Iterable[list[str] | None]:
    if codes is None:
        yield None
        return
    ordered = sorted(codes)
    for start in range(0, len(ordered), CODES_PER_QUERY):
        yield ordered[start : start + CODES_PER_QUERY]
