"""居民页面: search, one person, registration, possible matches.

The modules are imported in the order of their names; fixed addresses such as ``people/new/`` stand before
``people/<person_id>/``, which is declared in the last one.
"""

from sanyi.registry.people.pages.forms import new_person
from sanyi.registry.people.pages.listing import people
from sanyi.registry.people.pages.matches import match_list
from sanyi.registry.people.pages.profile import detail
from sanyi.registry.people.pages.table import routes

__all__ = ["detail", "match_list", "new_person", "people", "routes"]
