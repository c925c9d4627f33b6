"""质控问题清单页面: findings of the newest check of each stay, with filters, order and export."""

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.insurance.coding_check import services
from sanyi.insurance.coding_check.codes.purposes import READ_PURPOSES
from sanyi.insurance.coding_check.pages.doors import routes
from sanyi.insurance.coding_check.services.listing import LISTING
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.services import GuardedRequest


@routes.page(
    "coding-check/findings/",
    name="findings",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    zh="编码质控问题",
    en="Findings of the check of coding",
    has_export=True,
)
def finding_list(request: GuardedRequest) -> HttpResponseBase:
    """编码质控问题: those of the newest check of each stay in the reader's scope."""
    return LISTING.from_frame(services.current_findings()).respond(
        request, title=_("编码质控问题"), template="coding_check/findings.html"
    )
