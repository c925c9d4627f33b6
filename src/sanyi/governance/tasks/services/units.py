"""单位对应服务: names of units become organisations by rule or by a person's choice, which is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.models import TaskUnit, UnitChoice
from sanyi.governance.tasks.rules.units import Unit, match
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.organisations import services as organisations

_FILE = Path(__file__).resolve().parents[1] / "data" / "unit_names.yaml"


@cache
def short_names() -> dict[str, str]:
    """单位简称: short name to kind of organisation; with ``=`` in front to the words of its full name."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    kinds = {name: kind for kind, names in read["kinds"].items() for name in names}
    return {**kinds, **{f"={name}": words for name, words in read["names"].items()}}


@dataclass(slots=True)
class Matcher:
    """单位对应: of one county, read once."""

    county_code: str
    county_name: str
    units: list[Unit]
    choices: dict[str, str]

    @classmethod
    def of(cls, county_code: str) -> Matcher:
        """读取: the county's organisations and what was chosen."""
        inside = organisations.subtree(county_code)
        rows = organisations.in_force(inside, without_kinds=("village_clinic",))
        units = [Unit(code, name, kind) for code, name, kind in rows.values_list("code", "name", "kind")]
        chosen = UnitChoice.objects.filter(county_code=county_code, replaced_at__isnull=True)
        name = next((unit.name for unit in units if unit.code == county_code), "")
        return cls(county_code, name, units, dict(chosen.values_list("name", "organisation_id")))

    def match(self, name: str) -> str | None:
        """对应机构: a choice wins over the rule."""
        return self.choices.get(name) or match(name, self.units, short_names(), county_name=self.county_name)


@transaction.atomic
def choose_unit(name: str, organisation_code: str, *, county_code: str, by: Actor, reason: str = "") -> UnitChoice:
    """选定单位: remembered for the county; every task that waits for this name gets it.

    Refuses an organisation outside the county, and another choice for the same name without a reason. Shares that were
    assigned before keep their organisation.
    """
    if not name or organisation_code not in organisations.subtree(county_code):
        raise RefusedError(codes.UNIT_NOT_HERE(name=name, code=organisation_code))
    organisation = organisations.get(organisation_code)
    known = UnitChoice.objects.filter(county_code=county_code, name=name, replaced_at__isnull=True)
    held = known.select_for_update().first()
    if held is not None and not reason.strip():
        raise RefusedError(codes.UNIT_ALREADY_CHOSEN(name=name, organisation=held.organisation.name))
    now = timezone.now()
    known.update(replaced_at=now)
    made = UnitChoice.objects.create(
        county_code=county_code,
        name=name,
        organisation=organisation,
        reason=reason.strip()[:200],
        chosen_by_name=by.name[:80],
        chosen_at=now,
    )
    waiting = TaskUnit.objects.filter(name=name, case__isnull=True, task__organisation_code=county_code)
    waiting.update(organisation=organisation)
    record_write(by, "task.choose_unit", "unit_name", name, county_code, f"“{name}”对应到{organisation.name}")
    return made


def unmatched(county_code: str) -> dict[str, int]:
    """待对应的单位: printed name to how many shares wait for it, the most frequent first."""
    waiting = TaskUnit.objects.filter(
        organisation__isnull=True, case__isnull=True, task__organisation_code=county_code, task__case__closed_at=None
    )
    found: dict[str, int] = {}
    for name in waiting.values_list("name", flat=True):
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
