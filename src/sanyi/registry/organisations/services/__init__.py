"""机构服务: the tree, registration, medical groups; the other topics use this module alone."""

from sanyi.registry.organisations.services.groups import (
    found_group,
    group,
    group_of,
    groups,
    history,
    join,
    lead_hospital,
    leave,
    members,
    move,
)
from sanyi.registry.organisations.services.registration import register, register_all
from sanyi.registry.organisations.services.tree import ancestors, get, names, require, root, subtree

__all__ = [
    "ancestors",
    "found_group",
    "get",
    "group",
    "group_of",
    "groups",
    "history",
    "join",
    "lead_hospital",
    "leave",
    "members",
    "move",
    "names",
    "register",
    "register_all",
    "require",
    "root",
    "subtree",
]
