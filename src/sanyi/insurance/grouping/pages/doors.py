"""分组页面的门: the route table of the topic and the words its pages share."""

from collections.abc import Mapping
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanyi.insurance.grouping.codes import Mode, Status
from sanyi.registry.access.codes import Purpose
from sanyi.registry.doors.services import Routes

routes = Routes("insurance.grouping")
STAY_PURPOSES = (
    Purpose.PAYMENT,
    Purpose.SUPERVISION,
    Purpose.CARE,
    Purpose.ADMINISTRATION,
    Purpose.AUDIT,
    Purpose.SELF,
)
COUNTY_PURPOSES = (Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.PAYMENT, Purpose.AUDIT)
STATUS_BADGES = {
    Status.GROUPED.value: "bg-green-lt",
    Status.AMBIGUOUS.value: "bg-orange-lt",
    Status.NOT_GROUPED.value: "bg-red-lt",
    Status.CHECK_FAILED.value: "bg-red-lt",
    Status.DIAGNOSIS_NOT_TRANSLATED.value: "bg-purple-lt",
    Status.PROCEDURE_NOT_TRANSLATED.value: "bg-purple-lt",
}


def status_words(request: HttpRequest | None) -> Mapping[str, str]:
    """分组状态: as the published grouper calls them, in the reader's language."""
    return {
        Status.GROUPED.value: _("分组成功"),
        Status.AMBIGUOUS.value: _("歧义病案"),
        Status.NOT_GROUPED.value: _("无法入组"),
        Status.CHECK_FAILED.value: _("信息校验不通过"),
        Status.DIAGNOSIS_NOT_TRANSLATED.value: _("诊断不能转换"),
        Status.PROCEDURE_NOT_TRANSLATED.value: _("手术操作不能转换"),
    }


def mode_words() -> dict[str | int, str]:
    """分组模式."""
    return {Mode.STRICT.value: _("严格（与公开分组器一致）"), Mode.CLEAN.value: _("修复（修正已知缺陷）")}


def language() -> str:
    """页面语言: ``zh`` or ``en``."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def stay_url(institution_code: str, settlement_id: str) -> str:
    """病例页地址."""
    return f"/grouping/stays/{quote(institution_code, safe='')}/{quote(settlement_id, safe='')}/"
