"""编码质控代码: severities, the kinds of findings with their sentences, and the refusals of this topic."""

from sanyi.insurance.coding_check.codes import diagnosis, group, person, procedure
from sanyi.insurance.coding_check.codes.kind import Finding, FindingKind, Severity

_IN_ORDER = (person, diagnosis, procedure, group)

KINDS: dict[str, FindingKind] = {
    kind.code: kind for module in _IN_ORDER for kind in vars(module).values() if isinstance(kind, FindingKind)
}
"""全部问题种类: by code, in the order in which a record is checked."""

ORDER: dict[str, int] = {code: number for number, code in enumerate(KINDS)}
"""次序: of two findings of one severity the one with the smaller number comes first."""

__all__ = ["KINDS", "ORDER", "Finding", "FindingKind", "Severity"]
