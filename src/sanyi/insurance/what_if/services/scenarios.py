"""方案服务: make, change, copy and drop scenarios; who changes one that somebody else has just changed is told so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.codes import ScenarioKind
from sanyi.insurance.what_if.models import NAME_LENGTH, WHO_LENGTH, Scenario, ScenarioResult
from sanyi.insurance.what_if.rules import changes as rules
from sanyi.insurance.what_if.rules.changes import Change
from sanyi.insurance.what_if.services import bases, catalogue, packages
from sanyi.insurance.what_if.services.catalogue import Changeable
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access

CHANGES_MAX = 60


def create(
    name: str,
    year: int,
    *,
    by: access.Actor,
    organisation_code: str,
    base_number: str = "",
    kind: ScenarioKind = ScenarioKind.CHANGES,
    changes: Sequence[Change] = (),
) -> Scenario:
    """新建方案: refuses an empty name and a base that is not there."""
    bases.base(year, base_number)
    return _made(
        by,
        name=_name(name),
        kind=kind.value,
        county_code=bases.county(),
        organisation_code=organisation_code,
        year=year,
        base_number=base_number,
        changes=[change.to_plain() for change in changes],
    )


def copy(scenario: Scenario, name: str, *, by: access.Actor) -> Scenario:
    """复制方案: with its changes, without its results."""
    fields = ("kind", "county_code", "organisation_code", "year", "base_number", "changes")
    return _made(by, name=_name(name), **{field: getattr(scenario, field) for field in fields})


def changes_of(scenario: Scenario) -> list[Change]:
    """方案的改动: in their order."""
    return [Change.from_plain(row) for row in scenario.changes]


def changeable(scenario: Scenario) -> dict[str, Changeable]:
    """可改参数: of the scenario's base."""
    base = bases.of(scenario)
    return catalogue.changeable(base.rules, base.package, packages.sources(scenario.year))


def parameter(scenario: Scenario, key: str) -> Changeable:
    """一个参数: of the base. Refuses one that cannot be changed."""
    found = changeable(scenario).get(key)
    if found is None:
        raise RefusedError(codes.NOT_CHANGEABLE(key=key[:80]))
    return found


def change_leaves(
    scenario: Scenario, key: str, texts: dict[str, str], *, by: access.Actor, revision: int, starts_on: str = ""
) -> Scenario:
    """改动若干项: texts by path; what is left as it was is no change. Refuses every wrong one at once."""
    one, day = parameter(scenario, key), _day(scenario, starts_on)
    shown = {leaf.path_text: leaf.text for leaf in catalogue.leaves_of(one)}
    made, refusals = [], []
    for path, text in texts.items():
        if shown.get(path) == text.strip():
            continue
        try:
            made.append(catalogue.read_leaf(one, catalogue.path_of(path), text, day))
        except RefusedError as error:
            refusals += [refusal.at(key=path) for refusal in error.refusals]
    if refusals:
        raise RefusedError(refusals)
    if not made:
        raise RefusedError(codes.SAME_VALUE(name=one.zh))
    return _changed(scenario, made, by=by, revision=revision)


def change_whole(
    scenario: Scenario, key: str, text: str, *, by: access.Actor, revision: int, starts_on: str = ""
) -> Scenario:
    """改动整个参数: from a YAML text."""
    one = parameter(scenario, key)
    return _changed(scenario, [catalogue.read_whole(one, text, _day(scenario, starts_on))], by=by, revision=revision)


def add_change(scenario: Scenario, change: Change, *, by: access.Actor, revision: int) -> Scenario:
    """加一处改动: made by the program from what a person chose."""
    return _changed(scenario, [change], by=by, revision=revision)


def drop_change(scenario: Scenario, place: int, *, by: access.Actor, revision: int) -> Scenario:
    """撤销一处改动: by its place in the order."""
    kept = [change for at, change in enumerate(changes_of(scenario)) if at != place]
    return _stored(scenario, kept, by=by, revision=revision)


def delete(scenario: Scenario, *, by: access.Actor) -> None:
    """删除方案: with its results; nothing else knows them."""
    with transaction.atomic():
        access.record_write(by, "what_if.delete", "scenario", scenario.pk, scenario.organisation_code, scenario.name)
        scenario.delete()


def get(number: int) -> Scenario | None:
    """一个方案."""
    found: Scenario | None = Scenario.objects.filter(pk=number).first()
    return found


def owner_of(number: int) -> str | None:
    """方案所属机构: None when there is no such scenario."""
    found = get(number)
    return found.organisation_code if found is not None else None


def result_of(scenario: Scenario) -> ScenarioResult | None:
    """最新结果."""
    found: ScenarioResult | None = scenario.results.order_by("-pk").first()
    return found


def required_result(scenario: Scenario) -> ScenarioResult:
    """最新结果: refuses a scenario without one."""
    found = result_of(scenario)
    if found is None:
        raise RefusedError(codes.NOT_COMPUTED(name=scenario.name))
    return found


def is_outdated(scenario: Scenario, result: ScenarioResult) -> bool:
    """结果是否过时: computed from other changes than the scenario has now."""
    return bool(result.changes_digest != rules.digest(changes_of(scenario)))


def _made(by: access.Actor, **fields: Any) -> Scenario:
    with transaction.atomic():
        row: Scenario = Scenario.objects.create(
            created_by_id=by.user_id,
            created_by_name=by.name[:WHO_LENGTH],
            changed_by_name=by.name[:WHO_LENGTH],
            **fields,
        )
        access.record_write(by, "what_if.create", "scenario", row.pk, row.organisation_code, row.name)
    return row


def _changed(scenario: Scenario, made: Sequence[Change], *, by: access.Actor, revision: int) -> Scenario:
    changes = changes_of(scenario)
    for change in made:
        changes = rules.merged(changes, change)
    if len(changes) > CHANGES_MAX:
        raise RefusedError(codes.CHANGES_TOO_MANY(limit=CHANGES_MAX))
    return _stored(scenario, changes, by=by, revision=revision)


def _stored(scenario: Scenario, changes: Sequence[Change], *, by: access.Actor, revision: int) -> Scenario:
    """Checked as a whole before it is kept; of two who change it at once one is told who was first."""
    from sanyi.insurance.what_if.services.applied import applied

    applied(scenario, changes)
    with transaction.atomic():
        count = Scenario.objects.filter(pk=scenario.pk, revision=revision).update(
            changes=[change.to_plain() for change in changes],
            revision=revision + 1,
            changed_by_name=by.name[:WHO_LENGTH],
        )
        if not count:
            name = Scenario.objects.filter(pk=scenario.pk).values_list("changed_by_name", flat=True).first()
            raise RefusedError(codes.CHANGED_MEANWHILE(name=name or "—"))
        access.record_write(by, "what_if.change", "scenario", scenario.pk, scenario.organisation_code, scenario.name)
    return Scenario.objects.get(pk=scenario.pk)


def _day(scenario: Scenario, text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year != scenario.year:
        raise RefusedError(codes.DATE_WRONG(value=text[:20], year=scenario.year))
    return None if (day.month, day.day) == (1, 1) else day


def _name(text: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise RefusedError(codes.NAME_WRONG(limit=NAME_LENGTH))
    return name
