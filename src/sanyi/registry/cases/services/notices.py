"""通知: who is told when a case waits for somebody, moves, or is overdue."""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from sanyi.kernel.workflow import Transition
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import holders_of
from sanyi.registry.cases.codes import NoticeKind
from sanyi.registry.cases.models import Case, Notification
from sanyi.registry.cases.services.charts import ChartEntry, entry_of

RECIPIENTS_MAX = 200


def tell_next(case: Case, entry: ChartEntry, by: Actor) -> None:
    """通知下一办理人: everybody who may act in the new state, but not who has just acted."""
    if case.closed_at is not None:
        return
    state = entry.chart.state(case.state)
    _tell(
        case,
        _next_users(case, entry) - {by.user_id},
        NoticeKind.TODO,
        f"{case.number} {case.title}：{state.zh}，请办理。",
        f"{case.number} {case.title}: {state.en}, waiting for you.",
    )


def tell_opener(case: Case, entry: ChartEntry, step: Transition, by: Actor) -> None:
    """通知发起人: what has been done with the case."""
    if case.opened_by_id is None or case.opened_by_id == by.user_id:
        return
    _tell(
        case,
        {case.opened_by_id},
        NoticeKind.MOVED,
        f"{case.number} {case.title}：{by.name}已办理“{step.zh}”。",
        f"{case.number} {case.title}: {by.name} did “{step.en}”.",
    )


def tell_overdue(case: Case, entry: ChartEntry) -> None:
    """催办通知: those who should have acted, who opened the case, and those who act for the organisation above."""
    from sanyi.registry.organisations.services import ancestors

    above = ancestors(case.organisation_code)[1:2]
    superiors = holders_of({"case.act"}, above[0], is_only_there=True) if above else set()
    opener = {case.opened_by_id} if case.opened_by_id is not None else set()
    _tell(
        case,
        _next_users(case, entry) | opener | superiors,
        NoticeKind.OVERDUE,
        f"{case.number} {case.title}：已超过办理时限，请尽快办理。",
        f"{case.number} {case.title} is overdue.",
    )


def remind(case: Case, words_zh: str, words_en: str) -> None:
    """提醒: those who may act now, in the words of the topic."""
    _tell(case, _next_users(case, entry_of(case.chart)), NoticeKind.TODO, words_zh, words_en)


def mark_read(user_id: int, ids: Iterable[int] | None = None) -> int:
    """标为已读: these notices of the user, or all."""
    mine = Notification.objects.filter(user_id=user_id, read_at__isnull=True)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    return mine.update(read_at=timezone.now())


def unread_count(user_id: int) -> int:
    """未读通知数: stands on every page, so the statement is written out."""
    table = connection.ops.quote_name(Notification._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE user_id = %s AND read_at IS NULL", [user_id])  # noqa: S608
        return int(cursor.fetchone()[0])


def latest(user_id: int, count: int) -> list[Notification]:
    """最新通知: of one user, the newest first, each with its case."""
    return list(Notification.objects.filter(user_id=user_id).select_related("case").order_by("-pk")[:count])


def _next_users(case: Case, entry: ChartEntry) -> set[int | None]:
    found: set[int | None] = set()
    for step in entry.chart.possible(case.state):
        if step.name in entry.aside:
            continue
        if step.name in entry.opener_only:
            found |= {case.opened_by_id}
            continue
        holders = holders_of(step.actors, case.organisation_code)
        found |= holders - ({case.opened_by_id} if step.name in entry.never_opener else set())
    return found


def _tell(case: Case, users: Iterable[int | None], kind: NoticeKind, zh: str, en: str) -> None:
    known = sorted(user for user in users if user is not None)[:RECIPIENTS_MAX]
    Notification.objects.bulk_create(
        [Notification(user_id=user, case=case, kind=kind.value, text_zh=zh[:300], text_en=en[:300]) for user in known]
    )
