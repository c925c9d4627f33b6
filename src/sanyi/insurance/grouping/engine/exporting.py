"""方案导出: a definition, shipped or imported, as a package; the way back is ``package.definition_of``."""

from __future__ import annotations

from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.engine import package as packages
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import PX_FIELDS, Atom, Condition, Ids, Numbered, SchemeDefinition
from sanyi.insurance.grouping.engine.package import PackageHead, PackageRule, PlainCondition, SchemePackage

_PARTS = {
    "dx_main": "主要诊断", "dx_any": "诊断", "dx_secondary": "其他诊断",
    "px_main": "主要手术", "px_any": "手术", "px_secondary": "其他手术",
}  # fmt: skip
LIST_KINDS = {True: "px", False: "dx"}


def exported(scheme: str) -> SchemePackage:
    """方案包: of a known scheme. Shipped lists have numbers; here they are called after their first use."""
    own = packages.package(scheme)
    return own if own is not None else package_of_definition(library.load(scheme))


def package_of_definition(found: SchemeDefinition) -> SchemePackage:
    """方案包: of a shipped definition; without dates and weights, which stand elsewhere."""
    names = _list_names(found)

    def plain(condition: Condition) -> PlainCondition:
        return tuple(
            tuple((a.field, a.op, None if a.list_id is None else names[a.list_id], a.value) for a in clause)
            for clause in condition
        )

    atoms = [atom for _, condition in _owned(found) for atom in _lists(condition)]
    kinds = {atom.list_id: LIST_KINDS[atom.field in PX_FIELDS] for atom in atoms}
    lists = {name: (kinds[number], _codes(kinds[number], found.lists[number])) for number, name in names.items()}
    return SchemePackage(
        head=_head(found),
        gates=tuple((gate.mdc, gate.name, plain(gate.condition)) for gate in found.gates),
        rules=tuple(
            PackageRule(
                rule.seq, rule.mdc, rule.adrg, rule.name, rule.is_ambiguous, rule.is_surgical,
                plain(rule.condition), rule.fallback,
            )
            for rule in found.rules
        ),
        candidates=tuple((r.seq, one.drg, plain(one.condition)) for r in found.rules for one in r.refinements),
        names=dict(found.drg_names),
        weights_e6={},
        lists=lists,
        valid=tuple(map(dictionary("px").code, sorted(found.valid.tolist()))),
        mcc=_pairs(found.mcc),
        cc=_pairs(found.cc),
        exclusion=_pairs(found.exclusion),
        trauma=tuple((code, found.trauma_sites[number]) for code, number in _pairs(found.trauma)),
    )  # fmt: skip


def _head(found: SchemeDefinition) -> PackageHead:
    return PackageHead(
        code=found.code,
        version="1",
        name_zh=found.name_zh,
        name_en=found.name_en,
        family=found.family,
        jurisdiction=found.jurisdiction,
        starts_on="",
        ends_on="",
        document="",
        basis="",
        url="",
        retries_other_procedures=found.retries_other_procedures,
        failed_output=found.failed_output,
        ungrouped_output=found.ungrouped_output,
        keeps_weights=False,
        translation_of=found.code,
    )


def _list_names(found: SchemeDefinition) -> dict[int, str]:
    """Names of the lists that conditions test, after the rule that tests them first: ``BB1主要手术``."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for owner, condition in _owned(found):
        for atom in _lists(condition):
            if atom.list_id is None or atom.list_id in names:
                continue
            base = f"{owner}{_PARTS[atom.field]}"
            name = next(one for one in _candidates(base) if one not in taken)
            names[atom.list_id] = name
            taken.add(name)
    return names


def _candidates(base: str) -> list[str]:
    return [base, *(f"{base}{number}" for number in range(2, 100))]


def _owned(found: SchemeDefinition) -> list[tuple[str, Condition]]:
    """Every condition with the name of what it belongs to, in the order of evaluation."""
    owned = [(gate.mdc, gate.condition) for gate in found.gates]
    owned += [(rule.name, rule.condition) for rule in found.rules]
    return owned + [(one.drg, one.condition) for rule in found.rules for one in rule.refinements]


def _lists(condition: Condition) -> list[Atom]:
    return [atom for clause in condition for atom in clause if atom.list_id is not None]


def _codes(kind: str, ids: Ids) -> tuple[str, ...]:
    return tuple(map(dictionary(kind).code, sorted(ids.tolist())))


def _pairs(table: Numbered) -> tuple[tuple[str, int], ...]:
    rows = sorted(zip(table.ids.tolist(), table.numbers.tolist(), strict=True))
    return tuple((dictionary("dx").code(number), attached) for number, attached in rows)
