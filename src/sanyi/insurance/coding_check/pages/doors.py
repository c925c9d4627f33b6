"""编码质控页面的门: the route table of the topic and the words its pages share."""

from typing import Any

from django.utils.translation import gettext as _

from sanyi.insurance.coding_check.codes.kind import SEVERITY_BADGE, Finding
from sanyi.insurance.coding_check.rules.code_book import name_of
from sanyi.insurance.coding_check.tables import field_label
from sanyi.insurance.grouping.codes import Status
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import Routes

routes = Routes("insurance.coding_check")
STATUS_BADGES = {Status.GROUPED.value: "bg-green-lt", Status.AMBIGUOUS.value: "bg-orange-lt"}
"""分组状态的颜色: everything else is red."""


def status_label(status: str) -> str:
    """分组状态: in the reader's language."""
    words = {
        Status.GROUPED.value: _("分组成功"),
        Status.AMBIGUOUS.value: _("歧义病案"),
        Status.NOT_GROUPED.value: _("无法入组"),
        Status.CHECK_FAILED.value: _("信息校验不通过"),
    }
    return words.get(status, status)


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
