"""检查结果种类: all of them under one roof; those in ``WARNINGS`` are shown and refuse nothing."""

from sanyi.insurance.scheme_change.codes import code_findings, rule_findings, sheet_findings, warnings

WARNINGS = frozenset(
    kind.code
    for kind in (
        sheet_findings.SHEET_UNKNOWN,
        sheet_findings.COLUMN_UNKNOWN,
        sheet_findings.CELL_NAMELESS,
        sheet_findings.ITEM_UNKNOWN,
        sheet_findings.TRANSLATION_TWICE,
        sheet_findings.TRANSLATION_MISSING,
        rule_findings.ADRG_OTHER_MDC,
        rule_findings.RULE_WITHOUT_RESULT,
        code_findings.CODE_TWICE,
        warnings.LIST_UNUSED,
        warnings.CODES_NOT_IN_EDITION,
        warnings.CODES_IN_NO_MDC,
        warnings.CODES_IN_NO_RULE,
        warnings.GROUP_UNNAMED,
        warnings.GROUP_NEVER_GIVEN,
        warnings.GROUP_WITHOUT_WEIGHT,
        warnings.GROUP_NEVER_REACHED,
        warnings.RULE_NEVER_REACHED,
        warnings.RULES_OVERLAP,
        warnings.RULES_SAME,
    )
)
