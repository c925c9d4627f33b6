"""范围: which organisations a role reaches from where it is granted, resolved over the organisation tree."""

from typing import TYPE_CHECKING

from sanyi.registry.access.codes import ScopeKind
from sanyi.registry.access.rules import NOWHERE, Scope

if TYPE_CHECKING:
    from sanyi.registry.organisations.services.tree import Tree


class Reach:
    """范围解析: asks for the organisation tree at most once, and not at all when nothing needs it."""

    def __init__(self) -> None:
        self._tree: Tree | None = None

    def of(self, kind: ScopeKind, organisation_code: str) -> Scope:
        """可及机构: own organisation, its subtree, the whole county it lies in, or nothing for a resident."""
        if kind is ScopeKind.OWN:
            return frozenset({organisation_code})
        if kind is ScopeKind.SUBTREE:
            return self._known().subtree(organisation_code)
        if kind is ScopeKind.COUNTY:
            return self._known().subtree(self._top(organisation_code))
        return NOWHERE

    def _top(self, organisation_code: str) -> str:
        parents, code = self._known().parents, organisation_code
        while (above := parents.get(code)) is not None:
            code = above
        return code

    def _known(self) -> "Tree":
        # Organisations record their changes in the audit trail, so they are imported where they are asked for.
        from sanyi.registry.organisations.services.tree import tree

        if self._tree is None:
            self._tree = tree()
        return self._tree
