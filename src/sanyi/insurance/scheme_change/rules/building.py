"""方案检查: a workbook to a package with everything that is wrong or doubtful about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sanyi.insurance.grouping import SchemePackage, compile_problem
from sanyi.insurance.scheme_change.codes import code_findings
from sanyi.insurance.scheme_change.rules.code_tables import read_code_tables
from sanyi.insurance.scheme_change.rules.doubts import doubt
from sanyi.insurance.scheme_change.rules.draft import Findings, SheetRows
from sanyi.insurance.scheme_change.rules.edition import CodeEdition
from sanyi.insurance.scheme_change.rules.head import read_head
from sanyi.insurance.scheme_change.rules.reading import read_draft
from sanyi.insurance.scheme_change.rules.rule_tables import read_rule_tables
from sanyi.insurance.scheme_change.tables.forms import MDCS

STEPS = ("draft", "codes", "rules", "compile", "doubts")


@dataclass(frozen=True, slots=True)
class Checked:
    """检查所得: ``package`` is None when there is any error."""

    package: SchemePackage | None
    findings: Findings


def checked(
    sheets: Sequence[SheetRows],
    *,
    edition: CodeEdition,
    shipped: Collection[str],
    jurisdictions: Collection[str],
    findings: Findings | None = None,
    report: Callable[[str], None] = lambda step: None,
) -> Checked:
    """检查方案: collects every finding; the package stands only where nothing is wrong.

    ``report`` is called before each of ``STEPS`` with its name.
    """
    findings = Findings() if findings is None else findings
    report("draft")
    draft = read_draft(sheets, findings)
    head = read_head(draft, shipped, jurisdictions, findings)
    report("codes")
    codes = read_code_tables(draft, edition, findings, has_lender=bool(draft.head.get("translation_of")))
    report("rules")
    rules = read_rule_tables(draft, codes.lists, findings)
    if findings.error_count or head is None:
        return Checked(None, findings)
    package = SchemePackage(
        head=head,
        gates=tuple(rules.gates),
        rules=tuple(rules.rules),
        candidates=tuple(rules.candidates),
        names=rules.names,
        weights_e6=rules.weights_e6,
        lists=codes.lists,
        valid=codes.valid,
        mcc=codes.mcc,
        cc=codes.cc,
        exclusion=codes.exclusion,
        trauma=codes.trauma,
        dx_map=codes.dx_map,
        px_map=codes.px_map,
    )
    report("compile")
    problem = compile_problem(package)
    if problem:
        findings.add(code_findings.TOO_COMPLEX, MDCS, problem=problem)
        return Checked(None, findings)
    report("doubts")
    doubt(package, rules, edition, findings)
    return Checked(package, findings)
