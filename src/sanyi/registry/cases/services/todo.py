"""待办: one list over all topics of what an actor may act on, and of what an actor may see."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor, AllOrganisations, Scope
from sanyi.registry.access.services import visible_organisations
from sanyi.registry.cases.models import Case
from sanyi.registry.cases.services.charts import ChartEntry, entries


def todo(actor: Actor) -> QuerySet[Case]:
    """待办: open cases in which the actor may make at least one step, the most urgent first."""
    now = timezone.now()
    wanted = Q(pk__in=[])
    for grant in actor.grants:
        if grant.is_valid(now) and grant.person_id is None:
            keys = {grant.role, *(key.value for key in grant.permissions - grant.own_permissions)}
            wanted |= _within(grant.organisations) & _actionable(keys, actor)
            own = {key.value for key in grant.permissions & grant.own_permissions}
            if own:
                wanted |= _within(grant.own_organisations) & _actionable(own, actor)
    return Case.objects.filter(wanted, closed_at__isnull=True).order_by("deadline_at", "pk")


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


def _actionable(keys: set[str], actor: Actor) -> Q:
    wanted = Q(pk__in=[])
    for entry in entries():
        free, opener, others = _states(entry, keys)
        chart = Q(chart=entry.chart.name)
        if free:
            wanted |= chart & Q(state__in=free)
        if opener:
            wanted |= chart & Q(state__in=opener, opened_by_id=actor.user_id)
        if others:
            wanted |= chart & Q(state__in=others) & ~Q(opened_by_id=actor.user_id)
    return wanted


def _states(entry: ChartEntry, keys: set[str]) -> tuple[set[str], set[str], set[str]]:
    """States in which somebody with these keys may act: in any case, as its opener only, as anybody but its opener."""
    free: set[str] = set()
    opener: set[str] = set()
    others: set[str] = set()
    for step in entry.chart.transitions:
        if step.actors & keys:
            place = opener if step.name in entry.opener_only else others if step.name in entry.never_opener else free
            place.add(step.source)
    return free, opener - free, others - free
