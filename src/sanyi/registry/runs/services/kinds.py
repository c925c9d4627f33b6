"""作业种类: topics register what can be run; the worker finds it by its code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.doors.topics import topic_modules
from sanyi.registry.runs import codes
from sanyi.registry.runs.models import Run

if TYPE_CHECKING:
    pass

Labels = Mapping[str, tuple[str, str]]
Work = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class RunKind:
    """作业种类: its names, its function, the page of its result, and the names of the facts it leaves behind."""

    code: str
    zh: str
    en: str
    work: "Callable[..., Mapping[str, Any] | None]"
    result_url: Callable[[Run], str | None] | None = None
    labels: Labels = field(default_factory=dict)


_KINDS: dict[str, RunKind] = {}


def run_kind(
    code: str,
    *,
    zh: str,
    en: str,
    result_url: Callable[[Run], str | None] | None = None,
    labels: Labels | None = None,
) -> Callable[[Work], Work]:
    """登记作业种类: decorates ``work(progress, **parameters)``, which returns a JSON-able result or None.

    ``labels`` names the result's and the provenance's fields for the page: field to (中文, English).

    The function may be started again after a crash, so it must be repeatable: what it has already written stays
    harmless, or it goes on from ``progress.checkpoint``.
    """

    def register(work: Work) -> Work:
        known = _KINDS.get(code)
        if known is not None and (known.work.__module__, known.work.__qualname__) != (
            work.__module__,
            work.__qualname__,
        ):
            raise ValueError(f"run kind {code} is declared twice")
        _KINDS[code] = RunKind(code, zh, en, work, result_url, labels or {})
        return work

    return register


def kind(code: str) -> RunKind:
    """作业种类: by its code. Refuses an unknown one."""
    if code not in _KINDS:
        load_kinds()
    if code not in _KINDS:
        raise RefusedError(codes.KIND_UNKNOWN(kind=code))
    return _KINDS[code]


def kinds() -> Mapping[str, RunKind]:
    """全部作业种类: by code."""
    load_kinds()
    return dict(_KINDS)


def load_kinds() -> None:
    """载入: imports the services of every installed topic, where kinds are declared."""
    topic_modules("services")
