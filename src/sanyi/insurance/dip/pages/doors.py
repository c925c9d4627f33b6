"""DIP 页面的门: the route table of the topic and what its pages share."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.dip import services
from sanyi.insurance.dip.codes import Dimension, Origin, RowKind, Treatment
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("insurance.dip")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND_BADGES = {RowKind.CORE: "bg-green-lt", RowKind.MIXED: "bg-secondary-lt", RowKind.PRE: "bg-purple-lt"}
ORIGIN_BADGES = {Origin.BUILT: "bg-blue-lt", Origin.IMPORTED: "bg-teal-lt"}


def kind_words(request: HttpRequest | None = None) -> Mapping[str, str]:
    """病种类型."""
    return {str(kind): kind.label(language()) for kind in RowKind}


def origin_words(request: HttpRequest | None = None) -> Mapping[str, str]:
    """目录来源."""
    return {str(origin): origin.label(language()) for origin in Origin}


def treatment_words(request: HttpRequest | None = None) -> Mapping[str, str]:
    """治疗属性."""
    return {str(treatment): treatment.label(language()) for treatment in Treatment}


def dimension_words(request: HttpRequest | None = None) -> Mapping[str, str]:
    """辅助目录."""
    return {str(dimension): dimension.label(language()) for dimension in Dimension}


def missing_words() -> dict[str, str]:
    """缺少的资料: in words."""
    return {
        "severity": _(
            "疾病严重程度字典（1,327 个中度、221 个重度编码）没有公开来源，可随工作簿导入；此前严重程度不参与竞争"
        ),
        "excluded_diagnosis": _("排除主要诊断清单没有公开来源，可随工作簿导入；此前不排除"),
        "excluded_procedure": _("排除手术操作清单没有公开来源，可随工作簿导入；此前不排除"),
        "merge": _("合并规则没有公开来源，可随工作簿导入；此前不合并"),
        "means": _("没有各级上年均费，费用偏差按未知处理"),
        "factors": _("没有病种达到辅助目录的条件，或导入的目录不含辅助系数"),
    }


def catalogue_owner(request: HttpRequest, pk: int) -> str | None:
    """目录所属机构: None when there is no such catalogue."""
    found = services.catalogue(pk)
    return found.organisation_code if found is not None else None


def home(request: GuardedRequest, permission: Permission) -> str:
    """The organisation in whose name something is done: that of the grant that allows it."""
    now = timezone.now()
    granted = (
        grant.organisation_code
        for grant in request.actor.grants
        if grant.is_valid(now) and permission in grant.permissions
    )
    return next(granted, organisations.county_code())
