"""常用可选项: choices that many lists share."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from sanyi.registry.access.rules import NOWHERE, AllOrganisations

_KEPT = "_sanyi_organisation_words"


def organisation_words(request: HttpRequest) -> Mapping[Any, str]:
    """机构名称: short names of the organisations in the request's scope, asked for once per request."""
    # Organisations draw their own lists with these doors, so they are imported where they are asked for.
    from sanyi.registry.organisations import services as organisations

    kept: dict[str, str] | None = getattr(request, _KEPT, None)
    if kept is None:
        scope = getattr(request, "scope", NOWHERE)
        kept = organisations.names(None if isinstance(scope, AllOrganisations) else set(scope))
        kept = dict(sorted(kept.items()))
        setattr(request, _KEPT, kept)
    return kept
