"""演示病种目录: DIP scores measured from the demonstration year's own stays, approved by a second person.

A county would measure them from the three years before; here only one year is generated, so that the year pays by what
it cost itself. The name says so. Doing it again adds nothing.
"""

from __future__ import annotations

from datetime import date

from sanyi.demo import sign_ins
from sanyi.demo.county import County
from sanyi.insurance.dip import jobs
from sanyi.insurance.dip import services as dip
from sanyi.insurance.dip.codes import Trimming
from sanyi.insurance.dip.models import DipCatalogue
from sanyi.insurance.dip.services import building
from sanyi.registry.cases import services as cases

CODE = "demonstration"


def leave(county: County) -> None:
    """留下病种目录: built, proposed by the insurance bureau, approved by the reform office, in force all year."""
    year = county.profile.last_day.year
    if dip.catalogue_on(date(year, 12, 31)) is not None:
        return
    officer = sign_ins.actor("insurance")
    held = dip.catalogues().filter(code=CODE).first() or _built(county, year)
    waiting = dip.open_proposal()
    case = waiting.case if waiting is not None else None
    if case is None:
        words = "演示：按当年病例测算的目录，供与病组付费对照"
        case = dip.propose(held, f"{year}-01-01", by=officer, organisation_code=officer.organisation_code, reason=words)
    cases.act(case, "approve", sign_ins.actor("reform"), "同意（演示）")


def _built(county: County, year: int) -> DipCatalogue:
    """Scores of the year's stays, for the same year."""
    officer = sign_ins.actor("insurance")
    codes = county.institutions.frame["code"].to_list()
    name = f"演示目录（按{year}年本县病例测算）"
    head = building.checked_head(CODE, str(year), name, f"{year}-01-01", f"{year}-12-31")
    options = building.options_on(date(year, 1, 1), Trimming.PERCENTILE.value)
    stays = dip.stays(codes, date(year, 1, 1), date(year, 12, 31))
    built = jobs.build(stays, year + 1, options, head)
    return dip.store(
        built.catalogue, by_name=officer.name, organisation_code=officer.organisation_code, summary=built.summary
    )
