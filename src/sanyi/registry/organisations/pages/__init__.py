"""机构页面: the list with its map, one organisation, medical groups, and the forms of those who keep the register.

The modules are imported in the order of their names; a fixed address such as ``organisations/new/`` stands before
``organisations/<code>/``, which is declared in the last one.
"""

from sanyi.registry.organisations.pages.forms import new_organisation
from sanyi.registry.organisations.pages.groups import group_list
from sanyi.registry.organisations.pages.listing import organisation_list
from sanyi.registry.organisations.pages.profile import detail
from sanyi.registry.organisations.pages.table import routes

__all__ = ["detail", "group_list", "new_organisation", "organisation_list", "routes"]
