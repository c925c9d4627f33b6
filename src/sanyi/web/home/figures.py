"""首页数字: the figures of each role, every one a real query within the reader's scope, with the page behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.organisations import services as organisations
from sanyi.web.templatetags.sanyi import count


@dataclass(frozen=True)
class Figure:
    """指标卡: a figure with the page behind it and the page that explains it."""

    label: str
    value: str
    unit: str = ""
    sub: str = ""
    href: str = ""
    why: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Reader:
    """读者: who looks at the home page, in which of his roles."""

    actor: access.Actor
    grant: access.Grant

    def scope(self, permission: Permission) -> access.Scope:
        """可见机构: of the current role alone; empty when it lacks the permission."""
        if permission not in self.grant.permissions:
            return frozenset()
        return self.grant.organisations

    def holds(self, permission: Permission) -> bool:
        """是否有此权限: in the current role."""
        return permission in self.grant.permissions


Block = Callable[[Reader], list[Figure]]


def institutions(reader: Reader) -> list[Figure]:
    """机构数: in the reader's scope."""
    if not reader.holds(Permission.ORGANISATION_READ):
        return []
    scope = reader.scope(Permission.ORGANISATION_READ)
    found = organisations.count(scope)
    return [Figure(_("机构"), count(found), _("家"), href="/organisations/", icon="building-hospital")]


BLOCKS: dict[str, tuple[Block, ...]] = {}
"""首页内容: the blocks of each role, in the order shown; roles not named get the default."""

DEFAULT: tuple[Block, ...] = (institutions,)


def figures(reader: Reader) -> list[Figure]:
    """首页数字: of the reader's current role."""
    blocks = BLOCKS.get(reader.grant.role, DEFAULT)
    return [figure for block in blocks for figure in block(reader)]
