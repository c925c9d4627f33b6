"""范围: which organisations a role reaches from where it is granted, resolved over the organisation tree."""

from sanyi.registry.access.codes import ScopeKind
from sanyi.registry.access.rules import NOWHERE, Scope


def reach(kind: ScopeKind, organisation_code: str) -> Scope:
    """可及机构: own organisation, its subtree, or the whole county it lies in; nothing for a resident's own role."""
    # The organisation tree records its own changes in the audit trail, so it is imported where it is used.
    from sanyi.registry.organisations import services as organisations

    if kind is ScopeKind.OWN:
        return frozenset({organisation_code})
    if kind is ScopeKind.SUBTREE:
        return organisations.subtree(organisation_code)
    if kind is ScopeKind.COUNTY:
        return organisations.subtree(organisations.root(organisation_code))
    return NOWHERE
