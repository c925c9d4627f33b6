"""事实包服务: what the lake and the registry know of a county, as the bundle that indicators are computed from.

The prepared stays are kept in memory while the versions they were read from stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from django.utils import timezone

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.outside_stays import services as outside_stays
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.exchange.settlement_list.tables import CHARGE_COLUMNS, FUND_COLUMNS, SETTLEMENT_LIST
from sanyi.governance.indicators import tables
from sanyi.governance.indicators.codes import NodeKind, refusals
from sanyi.governance.indicators.rules.computing import Need
from sanyi.governance.indicators.rules.computing.bundle import Facts
from sanyi.governance.indicators.rules.computing.preparing import PLACE_DIGITS, finished, stay_facts
from sanyi.governance.indicators.rules.periods import Period
from sanyi.governance.indicators.services import catalogue
from sanyi.governance.indicators.services.people import residents, staff
from sanyi.insurance.case_mix import services as case_mix
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import BUREAU_KINDS, OrganisationKind, Ownership
from sanyi.registry.policies import services as policies

POOLED = "pooled_fund_payment_fen"
PUBLIC = frozenset({Ownership.GOVERNMENT, Ownership.PUBLIC_OTHER, Ownership.COLLECTIVE})
Versions = tuple[int | None, int | None, int | None]


def bundle(years: Sequence[int], county_code: str | None = None) -> Facts:
    """事实包: of the county for these years and the one before each. Refuses a county that is not registered."""
    county = _county(county_code)
    own = institutions(county)
    stays, available = _stays(years, own, _place(county))
    counts = residents(_place(county))
    own_staff = staff(own)
    found = {Need.RESIDENTS} if counts.height else set()
    found |= {Need.STAFF} if own_staff.height else set()
    outside = _outside(_place(county))
    found |= {Need.OUTSIDE_STAY} if outside is not None else set()
    return Facts(
        county_code=county,
        years=tuple(sorted(set(years))),
        stays=stays,
        limits=catalogue.limits_on(),
        available=frozenset(available | found),
        staff=own_staff.lazy(),
        residents=counts.lazy(),
        outside_stays=tables.OUTSIDE_STAY.empty().lazy() if outside is None else outside,
        until_on=timezone.localdate(),
    )


def stays_alone(period: Period, county_code: str | None = None) -> Facts:
    """只含病例的事实包: for the rows behind a number; quicker than the whole."""
    county = _county(county_code)
    stays, available = _stays([period.first_on.year], institutions(county), _place(county))
    return Facts(
        county_code=county,
        years=(period.first_on.year,),
        stays=stays,
        limits=catalogue.limits_on(),
        available=frozenset(available),
    )


def years() -> list[int]:
    """有病例的年度: oldest first, of the current settlement lists."""
    lake = lakes.lake()
    version = lake.version(SETTLEMENT_LIST.name)
    return [] if version is None else list(_years(lake.root, version))


def input_versions() -> dict[str, int | None]:
    """输入表版本: of the lake, as computations store them."""
    lake = lakes.lake()
    return {one.name: lake.version(one.name) for one in (SETTLEMENT_LIST, GROUPED_STAY, OUTSIDE_STAY)}


def node_kinds(county_code: str | None = None) -> dict[str, NodeKind]:
    """节点种类: of every organisation that can have values."""
    county = _county(county_code)
    kinds = {county: NodeKind.COUNTY}
    kinds |= {group.organisation_id: NodeKind.GROUP for group in organisations.groups()}
    return dict.fromkeys(institutions(county)["institution_code"], NodeKind.INSTITUTION) | kinds


def institutions(county_code: str | None = None) -> pl.DataFrame:
    """本县医疗机构: INSTITUTION; groups and bureaus are not among them."""
    own = organisations.subtree(_county(county_code))
    left_out = {*BUREAU_KINDS, OrganisationKind.MEDICAL_GROUP}
    rows = organisations.Organisation.objects.exclude(kind__in=left_out).order_by("code")
    found = [_institution(*row) for row in rows.values_list("code", "kind", "hospital_level", "ownership")]
    return pl.DataFrame(
        [row for row in found if row["institution_code"] in own], schema=tables.INSTITUTION.polars_schema()
    )


def memberships() -> pl.DataFrame:
    """集团成员: MEMBERSHIP; what lies below a member is in its group as well, as long as it is in none itself."""
    parents = dict(organisations.Organisation.objects.values_list("code", "parent_id"))
    direct: dict[str, list[tuple[str, date, date | None]]] = {}
    for group in organisations.groups():
        for row in organisations.members(group.organisation_id):
            direct.setdefault(row.organisation_id, []).append((row.group_id, row.starts_on, row.ends_on))
    rows = []
    for code in sorted(parents):
        above: str | None = code
        while above is not None and above not in direct:
            above = parents.get(above)
        rows += [(code, *one) for one in direct.get(above or "", ())]
    return pl.DataFrame(rows, tables.MEMBERSHIP.polars_schema(), orient="row")


def _institution(code: str, kind: str, level: str, ownership: str) -> dict[str, Any]:
    return {
        "institution_code": code,
        "kind": kind,
        "hospital_level": level,
        "is_hospital": kind in tables.HOSPITALS,
        "is_primary": kind in tables.PRIMARY_KINDS,
        "is_public": ownership in PUBLIC,
        "is_tcm": kind == OrganisationKind.TCM_HOSPITAL,
    }


def _county(county_code: str | None) -> str:
    found = county_code or catalogue.county_code()
    if not found:
        raise RefusedError(refusals.COUNTY_MISSING())
    return found


def _place(county: str) -> str:
    return organisations.get(county).place_id or policies.county()


def _stays(years: Sequence[int], own: pl.DataFrame, place: str) -> tuple[pl.LazyFrame, set[Need]]:
    """STAY_FACT of the years and those before, and which of its parts are there."""
    lake = lakes.lake()
    versions = (lake.version(SETTLEMENT_LIST.name), lake.version(GROUPED_STAY.name))
    levels, _ = case_mix.operation_levels()
    available = {Need.OPERATION_LEVELS} if levels is not None else set()
    if versions[0] is None:
        return tables.STAY_FACT.empty().lazy(), available
    low_risk = case_mix.low_risk_groups(timezone.localdate()) if versions[1] is not None else _no_groups()
    available |= {Need.LOW_RISK} if low_risk.height else set()
    wanted = tuple(sorted({year - back for year in years for back in (0, 1)}))
    limits = catalogue.limits_on()
    ways = tuple(case_mix.limits_on(timezone.localdate()).death_ways)
    kept = _prepared(lake.root, versions, case_mix.level_file(), wanted, place, ways, limits.readmission_days)
    return finished(kept.lazy(), own, memberships(), low_risk), available


def _no_groups() -> pl.DataFrame:
    return pl.DataFrame(schema={"scheme": pl.String, "drg": pl.String})


@lru_cache(maxsize=3)
def _prepared(
    root: str,
    versions: tuple[int | None, int | None],
    levels: tuple[int, int] | None,
    years: tuple[int, ...],
    place_code: str,
    death_ways: tuple[str, ...],
    readmission_days: int,
) -> pl.DataFrame:
    settlements = lakes.Lake(root).current(SETTLEMENT_LIST, versions[0])
    stays = stay_facts(
        settlements,
        grouping.grouped_stays(versions[1]),
        charges=CHARGE_COLUMNS,
        funds=FUND_COLUMNS,
        pooled=POOLED,
        place_code=place_code,
        death_ways=death_ways,
        readmission_days=readmission_days,
    )
    within = stays.filter(pl.col("discharged_on").dt.year().is_in(list(years)))
    known = case_mix.with_operation_level(within)
    columns = [name for name in tables.STAY_FACT.column_names if name in known.collect_schema().names()]
    return known.select(columns).collect()


@lru_cache(maxsize=2)
def _years(root: str, version: int) -> tuple[int, ...]:
    days = lakes.Lake(root).current(SETTLEMENT_LIST, version).select(pl.col("discharged_at").dt.year().unique())
    return tuple(sorted(days.collect().to_series().to_list()))


def _outside(place: str) -> pl.LazyFrame | None:
    """Settlements outside the county of those insured in it, as far as any were ever taken in."""
    found = outside_stays.current()
    if found is None:
        return None
    is_own = pl.col("insured_place_code").str.slice(0, PLACE_DIGITS) == place[:PLACE_DIGITS]
    return found.filter(is_own).select(tables.OUTSIDE_STAY.column_names)
