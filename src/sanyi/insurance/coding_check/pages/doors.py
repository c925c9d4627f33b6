"""编码质控页面的门: the route table of the topic and the words its pages share."""

from typing import Any

from sanyi.insurance.coding_check.codes.kind import SEVERITY_BADGE, Finding
from sanyi.insurance.coding_check.rules.code_book import name_of
from sanyi.insurance.coding_check.tables import field_label
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import Routes

routes = Routes("insurance.coding_check")


def finding_view(finding: Finding) -> dict[str, Any]:
    """模板所见: one finding in the reader's language."""
    spoken = language()
    return {
        "kind": finding.kind.code,
        "label": finding.kind.label(spoken),
        "severity": str(finding.severity),
        "severity_label": finding.severity.label(spoken),
        "badge": SEVERITY_BADGE[finding.severity],
        "field": field_label(finding.column, spoken),
        "place": finding.place(spoken),
        "code": finding.code,
        "name": name_of(finding.column, finding.code),
        "message": finding.message(spoken),
        "remedy": finding.remedy(spoken),
        "source": finding.source(spoken),
    }
