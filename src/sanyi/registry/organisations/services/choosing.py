"""机构选用: the organisations in force that other topics choose from, by code and kind."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from sanyi.registry.organisations.models import Organisation


def in_force(
    codes: Collection[str] | None = None, *, kinds: Collection[str] = (), without_kinds: Collection[str] = ()
) -> QuerySet[Organisation]:
    """在用机构: not closed; of these codes (None: any) and kinds (none given: any), without others; by code."""
    found = Organisation.objects.filter(closed_on__isnull=True)
    if codes is not None:
        found = found.filter(code__in=codes)
    if kinds:
        found = found.filter(kind__in=kinds)
    return found.exclude(kind__in=without_kinds).order_by("code")
