"""页面框架的内容: what the side bar, the top bar and the footer show, worked out once and only when a page is drawn."""

from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanyi import __version__
from sanyi.kernel.policy import Jurisdictions
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.answers import page_token
from sanyi.registry.organisations import services as organisations
from sanyi.web import navigation
from sanyi.web.templatetags.sanyi import is_english, label

ROLE_KEY = "sanyi-role"
NOTICES = "/notices/"
TOPBAR = (
    *("user_name", "role_label", "organisation_name", "search_path", "search_label"),
    *("notifications_path", "unread_count", "roles"),
)
"""顶栏所需: what of the frame its top bar shows."""
TOKEN, ADDRESS, PRINTED_AT = "\ue000token\ue000", "\ue000address\ue000", "\ue000printed\ue000"
"""占位: stand in what is drawn once for what differs from page to page."""


class RoleChoice(NamedTuple):
    """可切换的角色: how a form names it, what it is called, and whether it is the one worked in now."""

    key: str
    label: str
    is_current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """上下文: `frame` for the base template, and one mark against forgery for all forms of a page."""
    return {"frame": Frame(request), "csrf_token": SimpleLazyObject(lambda: page_token(request))}


def county_name() -> str:
    """本县名称: in the language of the page."""
    jurisdictions = Jurisdictions.load()
    return jurisdictions.name(settings.SANYI_COUNTY, "en" if is_english() else "zh")


class Frame:
    """页面框架: lazily, so that fragments and files pay nothing for it."""

    version = __version__

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> access.Actor:
        """当前行为人; nobody on error pages that come before the session."""
        return access.actor(self.request) if hasattr(self.request, "user") else access.ANONYMOUS

    @cached_property
    def county_name(self) -> str:
        """本县名称."""
        return county_name()

    @cached_property
    def user_name(self) -> str:
        """用户姓名; empty for nobody."""
        return "" if self.actor.is_anonymous else self.actor.name

    @cached_property
    def grant(self) -> access.Grant | None:
        """当前工作角色: the grant chosen in this session, else the first."""
        return current_grant(self.request, self.actor)

    @cached_property
    def role_label(self) -> str:
        """当前角色名称."""
        return label(access.role(self.grant.role)) if self.grant else _("未授权")

    @cached_property
    def organisation_name(self) -> str:
        """当前机构名称."""
        return _organisation_name(self.grant.organisation_code) if self.grant else ""

    @cached_property
    def roles(self) -> tuple[RoleChoice, ...]:
        """可切换的角色."""
        return tuple(
            RoleChoice(
                grant_key(grant),
                f"{label(access.role(grant.role))} · {_organisation_name(grant.organisation_code)}",
                grant == self.grant,
            )
            for grant in self.actor.grants
        )

    @cached_property
    def sections(self) -> tuple[navigation.Section, ...]:
        """导航."""
        if self.actor.is_anonymous:
            return ()
        return navigation.sections_for(self.actor, self.request.path, {"/cases/": self.todo_count})

    @cached_property
    def head(self) -> SafeString:
        """样式与脚本: the same on every page."""
        return _drawn("frame/_head.html", get_language() or "")

    @cached_property
    def sidebar(self) -> SafeString:
        """侧栏: drawn once for everybody who sees the same pages, counts and language."""
        return self._with_sections("frame/_sidebar.html")

    @cached_property
    def shortcuts(self) -> SafeString:
        """快捷键说明."""
        return self._with_sections("frame/_shortcuts.html")

    @cached_property
    def topbar(self) -> SafeString:
        """顶栏: drawn once for a user; the mark against forgery and the address are put in for each page."""
        known = [(name, getattr(self, name)) for name in TOPBAR]
        drawn = _drawn("frame/_topbar.html", get_language() or "", *known, ("address", ADDRESS))
        address = escape(self.request.get_full_path())
        return SafeString(drawn.replace(TOKEN, page_token(self.request)).replace(ADDRESS, address))

    @cached_property
    def breadcrumbs(self) -> SafeString:
        """当前位置."""
        return _drawn("frame/_breadcrumbs.html", get_language() or "", ("crumbs", self.crumbs))

    @cached_property
    def footer(self) -> SafeString:
        """页脚: with the moment of printing."""
        known = (("user_name", self.user_name), ("version", self.version), ("printed_at", PRINTED_AT))
        drawn = _drawn("frame/_footer.html", get_language() or "", *known)
        return SafeString(drawn.replace(PRINTED_AT, f"{timezone.localtime():%Y-%m-%d %H:%M}"))

    @cached_property
    def crumbs(self) -> tuple[navigation.Crumb, ...]:
        """当前位置: of nobody there is none."""
        return () if self.actor.is_anonymous else navigation.crumbs_for(self.request.path)

    def _with_sections(self, template: str) -> SafeString:
        known = (("county_name", self.county_name), ("sections", self.sections))
        return _drawn(template, get_language() or "", *known)

    @cached_property
    def todo_count(self) -> int:
        """待办数."""
        return cases.todo_count(self.actor)

    @cached_property
    def unread_count(self) -> int:
        """未读通知数."""
        return 0 if self.actor.user_id is None else cases.unread_count(self.actor.user_id)

    @cached_property
    def notifications_path(self) -> str:
        """通知页."""
        return NOTICES if navigation.may_open(self.actor, NOTICES) else ""

    @cached_property
    def search_path(self) -> str:
        """顶部查找框: residents for those who may search them, else grouped stays, else nothing."""
        return next((path for path in ("/people/", "/grouping/stays/") if navigation.may_open(self.actor, path)), "")

    @cached_property
    def search_label(self) -> str:
        """查找框提示."""
        return _("查找居民：姓名或证件号码") if self.search_path == "/people/" else _("查找病例：结算号、诊断或分组")


def grant_key(grant: access.Grant) -> str:
    """授权标识: how a form names one of the actor's own grants."""
    return f"{grant.role}@{grant.organisation_code}"


def current_grant(request: HttpRequest, actor: access.Actor) -> access.Grant | None:
    """当前工作角色: the chosen grant if it is still held, else the first."""
    session = getattr(request, "session", None)
    chosen = session.get(ROLE_KEY, "") if session is not None else ""
    for grant in actor.grants:
        if grant_key(grant) == chosen:
            return grant
    return actor.grants[0] if actor.grants else None


@lru_cache(maxsize=1024)
def _drawn(template: str, language: str, *known: tuple[str, Any]) -> SafeString:
    """A part of the frame that depends on these values alone, drawn once."""
    return render_to_string(template, {"frame": dict(known), "LANGUAGE_CODE": language, "csrf_token": TOKEN})


def _organisation_name(code: str) -> str:
    return organisations.names({code}).get(code, code)
