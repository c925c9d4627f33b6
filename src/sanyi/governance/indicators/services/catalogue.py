"""指标目录服务: the shipped definitions and targets, read once and checked."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from sanyi.governance.indicators.rules import computing
from sanyi.governance.indicators.rules.definitions import Catalogue, Definition, read_definitions
from sanyi.governance.indicators.rules.history import Reported, read_history
from sanyi.governance.indicators.rules.limits import Limits
from sanyi.governance.indicators.rules.targets import Target, read_targets
from sanyi.registry.access import services as access
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import OrganisationKind
from sanyi.registry.policies import services as policies

DATA = Path(__file__).resolve().parents[1] / "data"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """指标目录: every definition with its versions. Refuses with every mistake of every file."""
    return read_definitions((DATA / "definitions").glob("*.yaml"), computing.RULES.keys())


@lru_cache(maxsize=1)
def targets() -> tuple[Target, ...]:
    """全部目标: of all documents and places."""
    return read_targets((DATA / "targets").glob("*.yaml"), catalogue().definitions.keys())


@lru_cache(maxsize=1)
def reported() -> tuple[Reported, ...]:
    """文件所载历史值: what the documents themselves say of earlier years, of all places."""
    return read_history((DATA / "history").glob("*.yaml"), catalogue().definitions.keys())


def reported_of(code: str, jurisdiction: str) -> tuple[Reported, ...]:
    """某指标的历史值: of one jurisdiction, by part and year."""
    return tuple(one for one in reported() if one.code == code and one.jurisdiction == jurisdiction)


def targets_of(code: str, jurisdiction: str | None = None) -> tuple[Target, ...]:
    """某指标的目标: in all places, or those that hold in a jurisdiction (its own and of those above it)."""
    return tuple(one for one in targets_here(jurisdiction) if one.code == code)


def targets_here(jurisdiction: str | None = None) -> tuple[Target, ...]:
    """适用目标: of a jurisdiction and those above it; None: of all places."""
    if jurisdiction is None:
        return targets()
    chain = policies.book().jurisdictions.chain(jurisdiction)
    return tuple(one for one in targets() if one.jurisdiction in chain)


def definition(code: str) -> Definition:
    """指标定义: refuses an unknown code."""
    return catalogue().get(code)


def limits_on(on: date | None = None) -> Limits:
    """口径参数: of this county on a day."""
    return Limits.of(policies.book(), jurisdiction=policies.county(), on=on or timezone.localdate())


def county_code() -> str:
    """本县机构代码: of the county this installation serves."""
    return organisations.county_code()


def county_of(by: access.Actor) -> str:
    """某人所在县: the county above the organisation somebody works in, otherwise that of the installation."""
    top = organisations.root(by.organisation_code) if by.organisation_code else ""
    is_county = organisations.Organisation.objects.filter(code=top, kind=OrganisationKind.COUNTY).exists()
    return top if is_county else county_code()
