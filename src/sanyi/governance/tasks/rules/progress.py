"""任务进展规则: the state of a task follows from the states of its units' shares."""

from __future__ import annotations

from collections.abc import Sequence

from sanyi.governance.tasks.codes import DutyState, TaskState

_ACTIVE = frozenset({DutyState.IN_PROGRESS, DutyState.FILED, DutyState.VERIFIED, DutyState.EXTENSION_ASKED})


def state_of(duties: Sequence[DutyState]) -> TaskState:
    """任务状态: of an assigned task; withdrawn shares do not count. Every lead and supporting unit has to file.

    In this order: all verified, all filed, any returned, escalated, overdue, extended, begun, all signed, assigned.
    """
    open_ones = [duty for duty in duties if duty is not DutyState.WITHDRAWN]
    found = set(open_ones)
    if open_ones and found == {DutyState.VERIFIED}:
        return TaskState.VERIFIED
    if open_ones and found <= {DutyState.VERIFIED, DutyState.FILED}:
        return TaskState.FILED
    if DutyState.RETURNED in found:
        return TaskState.RETURNED
    if DutyState.ESCALATED in found:
        return TaskState.ESCALATED
    if found & {DutyState.OVERDUE, DutyState.INSTRUCTED}:
        return TaskState.OVERDUE
    if DutyState.EXTENDED in found:
        return TaskState.EXTENDED
    if found & _ACTIVE:
        return TaskState.IN_PROGRESS
    return TaskState.SIGNED if found == {DutyState.SIGNED} else TaskState.ASSIGNED
