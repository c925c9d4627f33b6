"""列表: one declaration gives filter, sort, keyset pages, masking, audit, export and the interface's answer.

::

    STAFF = Listing(
        name="staff", zh="人员", en="Staff", key="pk", organisation="organisation_code", default_sort="name",
        columns=(ListColumn("name", "姓名", "Name", filter=Filter.CONTAINS, link=...), ...))

    @routes.page("staff/", name="list", ..., has_export=True)
    def staff_list(request):
        return STAFF.from_query(StaffMember.objects.all()).respond(request)
"""

from sanyi.registry.doors.listing.bound import BoundListing, Listing, Page
from sanyi.registry.doors.listing.choices import organisation_words
from sanyi.registry.doors.listing.columns import Filter, Kind, ListColumn, Row
from sanyi.registry.doors.listing.masks import Mask, masked
from sanyi.registry.doors.listing.view import Field, options_of

__all__ = [
    "BoundListing",
    "Field",
    "Filter",
    "Kind",
    "ListColumn",
    "Listing",
    "Mask",
    "Page",
    "Row",
    "masked",
    "options_of",
    "organisation_words",
]
