"""机构服务: the tree, registration, medical groups; the other topics use this module alone."""

from sanyi.registry.organisations.models import Organisation
from sanyi.registry.organisations.services.choosing import in_force
from sanyi.registry.organisations.services.counts import count_by_kind, institution_count
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
from sanyi.registry.organisations.services.positions import Position, positions
from sanyi.registry.organisations.services.registration import register, register_all
from sanyi.registry.organisations.services.tree import (
    ancestors,
    county_code,
    covers_all,
    get,
    names,
    one_look,
    require,
    root,
    subtree,
)

__all__ = [
    "Organisation",
    "Position",
    "ancestors",
    "count_by_kind",
    "county_code",
    "covers_all",
    "found_group",
    "get",
    "group",
    "group_of",
    "groups",
    "history",
    "in_force",
    "institution_count",
    "join",
    "lead_hospital",
    "leave",
    "members",
    "move",
    "names",
    "one_look",
    "positions",
    "register",
    "register_all",
    "require",
    "root",
    "subtree",
]
