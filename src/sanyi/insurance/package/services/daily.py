"""打包定时事项: when a year is over, its clearings are opened with their deadline."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from sanyi.insurance.package.codes import CLEARING_TAKEN
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.services import clearings, holders
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.runs.services import periodic


def without_clearing() -> QuerySet[PackageYear]:
    """待清算年度: agreed, over, and without a clearing."""
    this_year = timezone.localdate().year
    agreed = PackageYear.objects.filter(county_code=holders.county_code(), agreed_on__isnull=False, year__lt=this_year)
    return agreed.filter(clearings__isnull=True).order_by("year", "holder_code")


def daily() -> int:
    """每日事项: opens the clearings that are due; of two workers one opens each. Returns how many."""
    count = 0
    for row in without_clearing():
        try:
            clearings.open_clearing(row, by=SYSTEM)
            count += 1
        except RefusedError as refused:  # another worker was faster
            if any(one.code != CLEARING_TAKEN.code for one in refused.refusals):
                raise
    return count


periodic("insurance.package.daily", every_seconds=3600)(daily)
