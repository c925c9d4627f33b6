"""页面框架的内容: what the side bar, the top bar and the footer show, worked out once and only when a page is drawn."""

from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanyi import __version__
from sanyi.kernel.policy import Jurisdictions
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations import services as organisations
from sanyi.web import navigation
from sanyi.web.templatetags.sanyi import is_english, label

ROLE_KEY = "sanyi-role"
NOTICES = "/notices/"


def frame(request: HttpRequest) -> dict[str, Any]:
    """上下文: `frame` for the base template."""
    return {"frame": Frame(request)}


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
    def roles(self) -> list[dict[str, Any]]:
        """可切换的角色."""
        return [
            {
                "key": grant_key(grant),
                "label": f"{label(access.role(grant.role))} · {_organisation_name(grant.organisation_code)}",
                "is_current": grant == self.grant,
            }
            for grant in self.actor.grants
        ]

    @cached_property
    def sections(self) -> list[navigation.Section]:
        """导航."""
        if self.actor.is_anonymous:
            return []
        return navigation.sections_for(self.actor, self.request.path, {"/cases/": self.todo_count})

    @cached_property
    def sidebar(self) -> SafeString:
        """侧栏: drawn once for everybody who sees the same pages, counts and language."""
        return _drawn("frame/_sidebar.html", get_language() or "", self.county_name, tuple(self.sections))

    @cached_property
    def shortcuts(self) -> SafeString:
        """快捷键说明."""
        return _drawn("frame/_shortcuts.html", get_language() or "", self.county_name, tuple(self.sections))

    @cached_property
    def crumbs(self) -> list[dict[str, str]]:
        """当前位置."""
        return [] if self.actor.is_anonymous else navigation.crumbs_for(self.request.path)

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
def _drawn(template: str, _language: str, county_name: str, sections: tuple[navigation.Section, ...]) -> SafeString:
    """A part of the frame that depends on these values alone, drawn once."""
    return render_to_string(template, {"frame": {"county_name": county_name, "sections": sections}})


def _organisation_name(code: str) -> str:
    return organisations.names({code}).get(code, code)
