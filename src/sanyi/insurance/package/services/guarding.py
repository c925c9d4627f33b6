"""打包的先后: what can no longer be done once a year is cleared."""

from __future__ import annotations

from sanyi.insurance.package.codes import AFTER_CLEARING, ClearingStep
from sanyi.insurance.package.models import Clearing, PackageYear
from sanyi.insurance.package.services import holders
from sanyi.kernel.refusals import RefusedError


def cleared(package_year: PackageYear) -> Clearing | None:
    """已审定的清算: in force, approved or paid."""
    steps = (ClearingStep.CLEARED, ClearingStep.PAID)
    found = Clearing.objects.select_related("case").filter(package_year=package_year, is_current=True, step__in=steps)
    return found.first()


def refuse_cleared(package_year: PackageYear, what: str, what_en: str) -> None:
    """清算后不得再办: refuses, naming the clearing."""
    found = cleared(package_year)
    if found is not None:
        name = holders.name(package_year.holder_code)
        words = {"number": found.case.number, "what": what, "what_en": what_en}
        raise RefusedError(AFTER_CLEARING(holder=name, year=package_year.year, **words))
