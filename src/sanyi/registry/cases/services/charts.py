"""流程登记: charts that topics declare, with their prefix, their pages and the functions of their effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline, StateChart
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import codes
from sanyi.registry.doors.topics import topic_modules

if TYPE_CHECKING:
    from sanyi.registry.cases.models import Case, CaseEvent

Effect = Callable[["Case", "CaseEvent", Actor], None]
TimeLimit = Callable[[Mapping[str, Any], str], Deadline | datetime | None]


@dataclass(frozen=True, slots=True)
class ChartEntry:
    """登记的流程: ``opener_only`` and ``never_opener`` name steps reserved for, or closed to, who opened the case.

    ``aside`` names steps that may be taken but that nobody waits for, such as cancelling: alone they put no case on a
    to-do list and tell nobody.

    ``read_permission`` is needed besides ``case.read`` to see such cases; whoever opened one sees it anyhow.
    ``subject_url`` gives the page of what a case is about; ``data_labels`` names the fields of its data for the page,
    field to (中文, English). Fields without a name are not shown. ``time_limit`` gives, from a case's data and state,
    the moment until which the state may last, or a deadline counted from its beginning, where the chart cannot know.
    """

    chart: StateChart
    prefix: str
    effects: Mapping[str, Effect] = field(default_factory=dict)
    opener_only: frozenset[str] = frozenset()
    never_opener: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    read_permission: Permission = Permission.CASE_READ
    subject_url: Callable[["Case"], str | None] | None = None
    data_labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    time_limit: TimeLimit | None = None


_ENTRIES: dict[str, ChartEntry] = {}
_REGISTERED: list[str] = []


def register_chart(entry: ChartEntry) -> ChartEntry:
    """登记流程: checks the chart; a missing effect or a prefix used twice is a fault found at the start."""
    chart = entry.chart.checked()
    promised = {effect for transition in chart.transitions for effect in transition.effects}
    if promised != set(entry.effects):
        raise ValueError(f"chart {chart.name}: effects {sorted(promised ^ set(entry.effects))} do not match")
    names = {transition.name for transition in chart.transitions}
    if not (entry.opener_only | entry.never_opener | entry.aside) <= names:
        raise ValueError(f"chart {chart.name}: unknown transitions are reserved")
    others = [other.prefix for name, other in _ENTRIES.items() if name != chart.name]
    if entry.prefix in others:
        raise ValueError(f"chart {chart.name}: the prefix {entry.prefix} is taken")
    _ENTRIES[chart.name] = entry
    _REGISTERED.append(chart.name)
    return entry


def entry_of(name: str) -> ChartEntry:
    """流程: by the name of its chart. Refuses an unknown one."""
    if name not in _ENTRIES:
        topic_modules("services")
    if name not in _ENTRIES:
        raise RefusedError(codes.CHART_UNKNOWN(chart=name))
    return _ENTRIES[name]


def entries() -> tuple[ChartEntry, ...]:
    """全部流程: in the order of their names."""
    topic_modules("services")
    return tuple(_ENTRIES[name] for name in sorted(_ENTRIES))


def registered_count() -> int:
    """登记次数: grows with every registration, so that what was worked out from the charts can be told to be old."""
    topic_modules("services")
    return len(_REGISTERED)
