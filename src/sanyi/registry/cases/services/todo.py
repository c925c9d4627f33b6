"""待办: one list over all topics of what an actor may act on, and of what an actor may see."""

from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor, AllOrganisations, Scope
from sanyi.registry.access.services import visible_organisations
from sanyi.registry.cases.models import Case
from sanyi.registry.cases.services.charts import ChartEntry, entries, registered_count

Held = tuple[tuple[str, frozenset[Permission], Scope, frozenset[Permission], Scope], ...]


def todo(actor: Actor) -> QuerySet[Case]:
    """待办: open cases in which the actor may make at least one step, the most urgent first."""
    return _waiting(actor.user_id, _held(actor)).order_by("deadline_at", "pk")


def todo_count(actor: Actor) -> int:
    """待办数: stands on every page, so its statement is kept for as long as the same grants reach the same."""
    statement = _count_statement(actor.user_id, _held(actor), registered_count())
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return int(cursor.fetchone()[0])


def _held(actor: Actor) -> Held:
    now = timezone.now()
    return tuple(
        (grant.role, grant.permissions, grant.organisations, grant.own_permissions, grant.own_organisations)
        for grant in actor.grants
        if grant.is_valid(now) and grant.person_id is None
    )


def _waiting(user_id: int | None, held: Held) -> QuerySet[Case]:
    wanted = Q(pk__in=[])
    for role, permissions, organisations, own_permissions, own_organisations in held:
        keys = {role, *(key.value for key in permissions - own_permissions)}
        wanted |= _within(organisations) & _actionable(keys, user_id)
        own = {key.value for key in permissions & own_permissions}
        if own:
            wanted |= _within(own_organisations) & _actionable(own, user_id)
    return Case.objects.filter(wanted, closed_at__isnull=True)


@lru_cache(maxsize=512)
def _count_statement(user_id: int | None, held: Held, _charts: int) -> tuple[str, tuple[Any, ...]] | None:
    """None: no case can wait for somebody with these grants."""
    try:
        sql, values = _waiting(user_id, held).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT COUNT(*) FROM ({sql}) AS waiting", tuple(values)  # noqa: S608 - written by Django


def visible(actor: Actor) -> QuerySet[Case]:
    """可见办件: of the organisations at which the actor may read such cases, and those the actor opened."""
    wanted = Q(opened_by_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    by_permission: dict[Permission, list[str]] = {}
    for entry in entries():
        by_permission.setdefault(entry.read_permission, []).append(entry.chart.name)
    for permission, charts in by_permission.items():
        scope = visible_organisations(actor, permission)
        wanted |= _within(scope) & Q(chart__in=charts)
    return Case.objects.filter(wanted)


def may_read(actor: Actor, case: Case) -> bool:
    """能否查看: whether ``visible`` holds this case."""
    return visible(actor).filter(pk=case.pk).exists()


def _within(scope: Scope) -> Q:
    return Q() if isinstance(scope, AllOrganisations) else Q(organisation_code__in=scope)


def _actionable(keys: set[str], user_id: int | None) -> Q:
    wanted = Q(pk__in=[])
    for entry in entries():
        free, opener, others = _states(entry, keys)
        chart = Q(chart=entry.chart.name)
        if free:
            wanted |= chart & Q(state__in=free)
        if opener:
            wanted |= chart & Q(state__in=opener, opened_by_id=user_id)
        if others:
            wanted |= chart & Q(state__in=others) & ~Q(opened_by_id=user_id)
    return wanted


def _states(entry: ChartEntry, keys: set[str]) -> tuple[set[str], set[str], set[str]]:
    """States in which somebody with these keys may act: in any case, as its opener only, as anybody but its opener."""
    free: set[str] = set()
    opener: set[str] = set()
    others: set[str] = set()
    for step in entry.chart.transitions:
        if step.actors & keys and step.name not in entry.aside:
            place = opener if step.name in entry.opener_only else others if step.name in entry.never_opener else free
            place.add(step.source)
    return free, opener - free, others - free
