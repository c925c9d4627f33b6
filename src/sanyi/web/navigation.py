"""导航: which pages stand in the side bar, for whom, and under which keys."""

from dataclasses import dataclass, field, replace
from functools import cache

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission


@dataclass(frozen=True)
class Item:
    """导航项: a page, the permission that opens it, and the key after `g` that goes there."""

    path: str
    label: str
    icon: str
    permission: Permission
    shortcut: str = ""
    count: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class Section:
    """导航分组: pages that belong together."""

    label: str
    items: tuple[Item, ...] = field(default=())


SECTIONS = (
    Section(
        "",
        (
            Item("/", gettext_noop("首页"), "home", Permission.HOME_READ, "h"),
            Item("/cases/", gettext_noop("待办"), "checklist", Permission.CASE_READ, "t"),
        ),
    ),
    Section(
        gettext_noop("医保支付"),
        (
            Item("/grouping/county/", gettext_noop("县域总览"), "map-2", Permission.COUNTY_READ, "c"),
            Item("/grouping/stays/", gettext_noop("分组病例"), "bed", Permission.STAY_READ, "s"),
            Item("/grouping/try/", gettext_noop("试分组"), "flask", Permission.SCHEME_READ, "y"),
            Item("/grouping/schemes/", gettext_noop("分组方案"), "versions", Permission.SCHEME_READ, "f"),
        ),
    ),
    Section(
        gettext_noop("数据"),
        (
            Item("/intake/", gettext_noop("数据接入"), "database-import", Permission.BATCH_READ, "i"),
            Item("/intake/quality/", gettext_noop("数据质量"), "gauge", Permission.QUALITY_READ, "q"),
            Item("/mapping/", gettext_noop("编码映射"), "arrows-exchange", Permission.MAPPING_READ, "m"),
        ),
    ),
    Section(
        gettext_noop("登记"),
        (
            Item("/people/", gettext_noop("居民"), "users", Permission.PERSON_SEARCH, "p"),
            Item("/organisations/", gettext_noop("机构"), "building-hospital", Permission.ORGANISATION_READ, "o"),
            Item("/staff/", gettext_noop("人员"), "stethoscope", Permission.STAFF_READ, "w"),
            Item("/places/", gettext_noop("区划"), "map-pin", Permission.PLACE_READ, "l"),
        ),
    ),
    Section(
        gettext_noop("管理"),
        (
            Item("/runs/", gettext_noop("作业"), "progress-check", Permission.RUN_READ, "r"),
            Item("/policy/", gettext_noop("政策参数"), "gavel", Permission.POLICY_READ, "z"),
            Item("/audit/", gettext_noop("审计"), "shield-search", Permission.AUDIT_READ, "a"),
            Item("/access/", gettext_noop("授权"), "lock-access", Permission.ACCESS_READ, "x"),
        ),
    ),
)


def sections_for(actor: access.Actor, path: str, counts: dict[str, int]) -> list[Section]:
    """可见导航: the sections and pages this actor may open; the page of the given path is marked."""
    current = _current(path)
    shown = []
    for section in SECTIONS:
        items = tuple(
            replace(item, label=str(_(item.label)), count=counts.get(item.path, 0), is_current=item.path == current)
            for item in section.items
            if exists(item.path) and _holds(actor, item.permission)
        )
        if items:
            shown.append(Section(str(_(section.label)) if section.label else "", items))
    return shown


def crumbs_for(path: str) -> list[dict[str, str]]:
    """当前位置: home, the section, and (below a list) the list's page."""
    current = _current(path)
    if current == "/":
        return []
    crumbs = [{"path": "/", "label": str(_("首页"))}]
    for section in SECTIONS:
        for item in section.items:
            if item.path == current:
                crumbs.append({"path": "", "label": str(_(section.label))} if section.label else {})
                if path != item.path:
                    crumbs.append({"path": item.path, "label": str(_(item.label))})
    return [crumb for crumb in crumbs if crumb]


def _holds(actor: access.Actor, permission: Permission) -> bool:
    """Whether any grant carries the permission; whether the page's purpose fits is decided by the page itself."""
    return any(permission in grant.permissions for grant in actor.grants)


def _current(path: str) -> str:
    """The page of the navigation that this path belongs to: the longest one it starts with."""
    paths = [item.path for section in SECTIONS for item in section.items]
    fitting = [candidate for candidate in paths if candidate != "/" and path.startswith(candidate)]
    return max(fitting, key=len, default="/" if path == "/" else "")


@cache
def exists(path: str) -> bool:
    """Whether a page answers under this path in the installed areas."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
