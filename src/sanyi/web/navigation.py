"""导航: which pages stand in the side bar, for whom, and under which keys."""

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors import services as doors
from sanyi.registry.doors.codes import RouteKind


@dataclass(frozen=True)
class Item:
    """导航项: a page and the key after `g` that goes there; who may open it stands in the page's own route."""

    path: str
    label: str
    icon: str
    shortcut: str = ""
    count: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class Section:
    """导航分组: pages that belong together."""

    label: str
    items: tuple[Item, ...] = field(default=())


class Crumb(NamedTuple):
    """位置: one step of where a page lies; without an address it is only a word."""

    path: str
    label: str


SECTIONS = (
    Section(
        "",
        (
            Item("/", gettext_noop("首页"), "home", "h"),
            Item("/cases/", gettext_noop("待办"), "checklist", "t"),
        ),
    ),
    Section(
        gettext_noop("医保支付"),
        (
            Item("/grouping/county/", gettext_noop("县域总览"), "map-2", "c"),
            Item("/grouping/stays/", gettext_noop("分组病例"), "bed", "s"),
            Item("/grouping/try/", gettext_noop("试分组"), "flask", "y"),
            Item("/grouping/schemes/", gettext_noop("分组方案"), "versions", "f"),
            Item("/coding-check/", gettext_noop("编码质控"), "checkup-list", "k"),
            Item("/case-mix/", gettext_noop("病例组合"), "chart-dots", "b"),
            Item("/weights/", gettext_noop("权重测算"), "scale", "u"),
            Item("/scheme-change/", gettext_noop("方案调整"), "git-compare", "g"),
        ),
    ),
    Section(
        gettext_noop("基金结算"),
        (
            Item("/payment/", gettext_noop("支付结算"), "cash-banknote", ""),
            Item("/dip/", gettext_noop("病种分值"), "list-numbers", ""),
            Item("/package/", gettext_noop("总额打包"), "package", "v"),
            Item("/what-if/", gettext_noop("支付模拟"), "arrows-split-2", ""),
            Item("/ledger/", gettext_noop("账簿"), "book", ""),
        ),
    ),
    Section(
        gettext_noop("治理"),
        (
            Item("/documents/", gettext_noop("政策文件"), "file-text", "z"),
            Item("/tasks/", gettext_noop("督查督办"), "flag-check", "d"),
            Item("/indicators/", gettext_noop("指标监测"), "target-arrow", "e"),
            Item("/problems/", gettext_noop("季度问题"), "message-report", "n"),
        ),
    ),
    Section(
        gettext_noop("数据"),
        (
            Item("/intake/", gettext_noop("数据接入"), "database-import", "i"),
            Item("/intake/quality/", gettext_noop("数据质量"), "gauge", "q"),
            Item("/mapping/", gettext_noop("编码映射"), "arrows-exchange", "m"),
        ),
    ),
    Section(
        gettext_noop("登记"),
        (
            Item("/people/", gettext_noop("居民"), "users", "p"),
            Item("/organisations/", gettext_noop("机构"), "building-hospital", "o"),
            Item("/organisations/groups/", gettext_noop("医疗集团"), "sitemap", "j"),
            Item("/staff/", gettext_noop("人员"), "stethoscope", "w"),
            Item("/places/", gettext_noop("区划"), "map-pin", "l"),
        ),
    ),
    Section(
        gettext_noop("管理"),
        (
            Item("/runs/", gettext_noop("作业"), "progress-check", "r"),
            Item("/policy/", gettext_noop("政策参数"), "gavel", "z"),
            Item("/audit/", gettext_noop("审计"), "shield-search", "a"),
            Item("/access/", gettext_noop("授权"), "lock-access", "x"),
        ),
    ),
)


def sections_for(actor: access.Actor, path: str, counts: dict[str, int]) -> tuple[Section, ...]:
    """可见导航: the sections and pages this actor may open; the page of the given path is marked."""
    now = timezone.now()
    open_paths = _open_paths(tuple((one.permissions, one.purposes) for one in actor.grants if one.is_valid(now)))
    return _sections(open_paths, _current(path), tuple(counts.items()), get_language() or "")


@lru_cache(maxsize=1024)
def _sections(
    open_paths: frozenset[str], current: str, counts: tuple[tuple[str, int], ...], _language: str
) -> tuple[Section, ...]:
    shown, by_path = [], dict(counts)
    for section in SECTIONS:
        items = tuple(
            replace(item, label=str(_(item.label)), count=by_path.get(item.path, 0), is_current=item.path == current)
            for item in section.items
            if item.path in open_paths
        )
        if items:
            shown.append(Section(str(_(section.label)) if section.label else "", items))
    return tuple(shown)


def crumbs_for(path: str) -> tuple[Crumb, ...]:
    """当前位置: home, the section, and (below a list) the list's page."""
    current = _current(path)
    if current == "/":
        return ()
    crumbs = [Crumb("/", str(_("首页")))]
    for section in SECTIONS:
        for item in section.items:
            if item.path == current:
                if section.label:
                    crumbs.append(Crumb("", str(_(section.label))))
                if path != item.path:
                    crumbs.append(Crumb(item.path, str(_(item.label))))
    return tuple(crumbs)


def may_open(actor: access.Actor, path: str) -> bool:
    """能否打开: whether there is such a page and its route lets this actor in."""
    route = _routes().get(path)
    return route is not None and bool(access.decide(actor, route.permission, purpose=route.purposes))


def _current(path: str) -> str:
    """The page of the navigation that this path belongs to: the longest one it starts with."""
    paths = [item.path for section in SECTIONS for item in section.items]
    fitting = [candidate for candidate in paths if candidate != "/" and path.startswith(candidate)]
    return max(fitting, key=len, default="/" if path == "/" else "")


@lru_cache(maxsize=256)
def _open_paths(held: tuple[tuple[frozenset[Permission], frozenset[Purpose]], ...]) -> frozenset[str]:
    """Pages of the navigation that such permissions and purposes open; where the grants reach does not matter."""
    grants = tuple(
        access.Grant("", "", purposes=purposes, permissions=permissions, organisations=frozenset())
        for permissions, purposes in held
    )
    somebody = access.Actor(user_id=0, name="", grants=grants)
    return frozenset(item.path for section in SECTIONS for item in section.items if may_open(somebody, item.path))


@cache
def _routes() -> dict[str, doors.Route]:
    """The pages without arguments, by their address."""
    return {
        f"/{route.path}": route
        for route in doors.route_table()
        if route.kind is RouteKind.PAGE and "<" not in route.path
    }
