"""填报服务: enter a collected value, submit, approve by a second person, return, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from sanyi.governance.indicators import workflow
from sanyi.governance.indicators.codes import NodeKind, Origin, refusals
from sanyi.governance.indicators.codes import collecting as codes
from sanyi.governance.indicators.codes.collecting import CollectedState, Entered, Reference
from sanyi.governance.indicators.models import NAME_LENGTH, CollectedValue
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.entries import Entry, Figures, figures, plain, refuse_long
from sanyi.governance.indicators.rules.periods import Period, period_of
from sanyi.governance.indicators.services import catalogue, facts, items, locks, storing
from sanyi.governance.tasks.services.units import Matcher
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.rules import Actor, AllOrganisations, Scope
from sanyi.registry.access.services import record_write
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

OPEN = (CollectedState.DRAFT.value, CollectedState.RETURNED.value)
_LIMITS = {"submitted": "approve_within_working_days", "returned": "correct_within_working_days"}


@dataclass(frozen=True, slots=True)
class Read:
    """读懂的一行: what an entry means in this county."""

    definition: Definition
    version: Version
    period: Period
    part: str
    node_code: str
    node_kind: NodeKind
    figures: Figures
    source_name: str
    note: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """标识: one open entry for each."""
        return (self.definition.code, self.part, self.node_code, self.period.name)


class Desk:
    """填报台: one person's unit, its county, and what reading entries needs; made once for many rows.

    Refuses whoever belongs to no unit.
    """

    def __init__(self, by: Actor) -> None:
        if not by.organisation_code:
            raise RefusedError(codes.WITHOUT_UNIT())
        self.by, self.unit = by, by.organisation_code
        self.county = catalogue.county_of(by)
        self.matcher = Matcher.of(self.county)
        self.kinds = facts.node_kinds(self.county)
        self.may_exceed = items.policy("may_exceed_whole")
        self.closed = locks.closed_periods(self.county)

    def read(self, entry: Entry) -> Read:
        """读懂: refuses, with the column, everything that is wrong with a row."""
        if not entry.code:
            raise RefusedError(codes.CODE_MISSING().at(column="指标代码"))
        if not entry.period:
            raise RefusedError(codes.PERIOD_MISSING().at(column="期间"))
        try:
            definition = catalogue.definition(entry.code)
        except RefusedError as error:
            raise RefusedError(one.at(column="指标代码") for one in error.refusals) from None
        version, period = self._version(definition, entry)
        node_code, kind = self._node(definition, version, entry.node)
        self._refuse_stranger(definition, version, kind)
        part = _part(definition, version, entry.part, kind)
        name = definition.name.zh
        is_outside = kind is NodeKind.OUTSIDE
        found = figures(version, entry, name=name, may_exceed=self.may_exceed, is_outside=is_outside)
        refuse_long(entry)
        return Read(definition, version, period, part, node_code, kind, found, entry.source_name, entry.note)

    def _version(self, definition: Definition, entry: Entry) -> tuple[Version, Period]:
        try:
            period = period_of(entry.period)
        except RefusedError as error:
            raise RefusedError(one.at(column="期间") for one in error.refusals) from None
        version = definition.of(period)
        if version is None:
            words = {"code": definition.code, "on": period.last_on}
            raise RefusedError(refusals.NO_VERSION_THEN(**words).at(column="期间"))
        if period.window not in version.windows:
            windows = "、".join(one.zh for one in version.windows)
            words = {"name": definition.name.zh, "windows": windows, "period": period.name}
            raise RefusedError(codes.WRONG_WINDOW(**words).at(column="期间"))
        if period.first_on > timezone.localdate():
            raise RefusedError(codes.PERIOD_TO_COME(period=period.name).at(column="期间"))
        if locks.is_within(period.name, self.closed):
            raise RefusedError(codes.PERIOD_CLOSED(period=period.name).at(column="期间"))
        return version, period

    def _node(self, definition: Definition, version: Version, given: str) -> tuple[str, NodeKind]:
        if not given or given == self.county:
            return self.county, NodeKind.COUNTY
        outside = next((one for one in Reference if given in (one.value, one.zh, one.en)), None)
        if outside is not None:
            if outside.value not in items.references(definition.code):
                words = {"name": definition.name.zh, "given": outside.zh}
                raise RefusedError(codes.REFERENCE_NOT_ASKED(**words).at(column="节点"))
            return outside.value, NodeKind.OUTSIDE
        found = [code for code in self.kinds if code == given] or [
            unit.code for unit in self.matcher.units if unit.name == given and unit.code in self.kinds
        ]
        if len(found) != 1:
            raise RefusedError(codes.NODE_UNKNOWN(given=given).at(column="节点"))
        return found[0], self.kinds[found[0]]

    def _refuse_stranger(self, definition: Definition, version: Version, kind: NodeKind) -> None:
        name = definition.name.zh
        if version.origin is not Origin.COLLECTED and kind is not NodeKind.OUTSIDE:
            words = {"why": version.origin.zh, "why_en": version.origin.en}
            raise RefusedError(codes.NOT_COLLECTED_INDICATOR(name=name, **words).at(column="指标代码"))
        if self.unit not in items.collectors(version, self.matcher):
            own = organisations.get(self.unit).name
            wrong = codes.WRONG_COLLECTOR(name=name, collector=version.collector.zh or "（未指定）", organisation=own)
            raise RefusedError(wrong.at(column="指标代码"))


def _part(definition: Definition, version: Version, given: str, kind: NodeKind) -> str:
    name = definition.name.zh
    if not version.parts or kind is NodeKind.OUTSIDE:
        if given:
            raise RefusedError(codes.PART_NONE(name=name, given=given).at(column="部分"))
        return ""
    for part, words in version.parts:
        if given in (part, words.zh, words.en):
            return part
    parts = "、".join(words.zh for _part, words in version.parts)
    raise RefusedError(codes.PART_WRONG(name=name, parts=parts, given=given or "（空）").at(column="部分"))


@transaction.atomic
def enter(entry: Entry, *, by: Actor, evidence: Iterable[File[Any]] = ()) -> tuple[CollectedValue, Entered]:
    """填报: one value by its collector; one under way is changed, the same figures again change nothing.

    Refuses what cannot be read or be true, another unit's indicator, a closed period, one submitted already. Whether
    ``by`` may collect at all is the caller's to decide.
    """
    desk = Desk(by)
    row, outcome = put(desk, desk.read(entry))
    for file in evidence:
        cases.attach(row.case, file, by=by)
    return row, outcome


def put(desk: Desk, read: Read) -> tuple[CollectedValue, Entered]:
    """存入一行: as ``enter`` does after reading. Within a transaction of the caller."""
    held = items.latest(desk.county, [read.period.name]).get(read.key)
    if held is not None and _is_same(held, read):
        return held, Entered.SAME
    if held is None or not held.is_open:
        try:
            with transaction.atomic():
                return _new(desk, read), Entered.NEW
        except IntegrityError:  # somebody else has just entered the same
            words = {"name": read.definition.name.zh, "period": read.period.name}
            raise RefusedError(codes.ENTERED_MEANWHILE(**words)) from None
    words = {"name": read.definition.name.zh, "period": read.period.name, "number": held.number}
    if held.collector_id != desk.unit:
        raise RefusedError(codes.OTHER_UNIT_ENTERED(unit=held.collector.name, **words))
    if held.case.state not in OPEN:
        given = {"unit": held.collector.name, "value": words_of(held)}
        raise RefusedError(codes.ALREADY_SUBMITTED(**words, **given))
    return _changed(desk, read, held), Entered.CHANGED


def submit_all(period: Period, *, by: Actor) -> tuple[list[CollectedValue], dict[str, RefusedError]]:
    """全部提交: drafts and returned ones of one's unit; those refused come back with their reason."""
    desk = Desk(by)
    waiting = CollectedValue.objects.filter(
        collector_id=desk.unit, organisation_code=desk.county, period=period.name, case__state__in=OPEN
    )
    rows = list(waiting.select_related("case").order_by("number"))
    if not rows:
        raise RefusedError(codes.NOTHING_TO_SUBMIT(period=period.name))
    return act_all(rows, "submit", by=by)


def act_all(
    rows: Iterable[CollectedValue], transition: str, *, by: Actor
) -> tuple[list[CollectedValue], dict[str, RefusedError]]:
    """批量办理: each for itself."""
    done: list[CollectedValue] = []
    refused: dict[str, RefusedError] = {}
    for row in rows:
        try:
            cases.act(row.case, transition, by)
            done.append(row)
        except RefusedError as error:
            refused[row.number] = error
    return done, refused


def get(number: str) -> CollectedValue:
    """取填报值: refuses an unknown number."""
    found = CollectedValue.objects.select_related("case", "collector").filter(number=number).first()
    if found is None:
        raise RefusedError(codes.COLLECTED_UNKNOWN(number=number))
    return found


def visible(scope: Scope) -> QuerySet[CollectedValue]:
    """可见的填报值: of counties and collectors in sight."""
    found = CollectedValue.objects.select_related("case", "collector")
    if isinstance(scope, AllOrganisations):
        return found
    return found.filter(Q(organisation_code__in=scope) | Q(collector_id__in=scope))


def before(row: CollectedValue) -> list[CollectedValue]:
    """同一项的其他填报: newest first."""
    same = {name: getattr(row, name) for name in ("organisation_code", "code", "part", "node_code", "period")}
    found = CollectedValue.objects.filter(**same).exclude(pk=row.pk).select_related("case")
    return list(found.order_by("-pk"))


def words_of(row: CollectedValue) -> str:
    """数值: with its unit, for sentences and lists."""
    version = catalogue.definition(row.code).version(row.version)
    shown = plain(row.value_e6 or 0, version.decimals)
    return f"{shown}{'' if version.unit in ('%', '‰') else ' '}{version.unit}".strip()


def node_words(row: CollectedValue, language: str = "zh") -> str:
    """节点名称: 全县, an institution, or an outside average."""
    if row.node_kind == NodeKind.OUTSIDE:
        return Reference(row.node_code).label(language)
    if row.node_kind == NodeKind.COUNTY:
        return NodeKind.COUNTY.label(language)
    return organisations.names({row.node_code}).get(row.node_code, row.node_code)


def time_limit(data: Mapping[str, Any], state: str) -> Deadline | datetime | None:
    """办理时限: to approve what was submitted, to correct what was returned."""
    if state not in _LIMITS:
        return None
    key = items.PREFIX + _LIMITS[state]
    found = policies.book().value(
        key, jurisdiction=policies.county(), on=timezone.localdate(), asker="governance.indicators"
    )
    return Deadline(working_days=int(str(found.value)))


def note_submitting(case: Case, event: CaseEvent, by: Actor) -> None:
    """记提交: refuses a closed period and a value without evidence."""
    row = _of(case)
    _refuse_closed(row)
    if not case.evidence.exists():
        raise RefusedError(codes.EVIDENCE_MISSING(number=row.number))
    CollectedValue.objects.filter(pk=row.pk).update(submitted_by_id=by.user_id)


def note_approving(case: Case, event: CaseEvent, by: Actor) -> None:
    """记审定: by a second person; the value becomes the current one of its indicator, node and period."""
    row = _of(case)
    _refuse_own(row, by)
    _refuse_closed(row)
    row.approved_by_id, row.approved_by_name = by.user_id, by.name[:NAME_LENGTH]
    row.approved_at, row.is_open = event.at, False
    row.save(update_fields=["approved_by_id", "approved_by_name", "approved_at", "is_open"])
    storing.store_collected(row)


def note_returning(case: Case, event: CaseEvent, by: Actor) -> None:
    """记退回: never by who entered it."""
    _refuse_own(_of(case), by)


def note_withdrawing(case: Case, event: CaseEvent, by: Actor) -> None:
    """记撤回: another value may be entered in its place."""
    CollectedValue.objects.filter(case_id=case.pk).update(is_open=False)


EFFECTS = {
    "note_submitting": note_submitting,
    "note_approving": note_approving,
    "note_returning": note_returning,
    "note_withdrawing": note_withdrawing,
}


def _of(case: Case) -> CollectedValue:
    return CollectedValue.objects.get(case_id=case.pk)


def _refuse_own(row: CollectedValue, by: Actor) -> None:
    if by.user_id is not None and by.user_id in (row.entered_by_id, row.submitted_by_id):
        raise RefusedError(codes.SAME_PERSON(number=row.number))


def _refuse_closed(row: CollectedValue) -> None:
    locks.hold(row.organisation_code)
    if locks.is_closed(row.organisation_code, row.period):
        raise RefusedError(codes.PERIOD_CLOSED(period=row.period))


def _is_same(held: CollectedValue, read: Read) -> bool:
    given = (read.version.version, *_numbers(read).values(), read.source_name, read.note)
    return given == (held.version, held.numerator, held.denominator, held.value_e6, held.source_name, held.note)


def _numbers(read: Read) -> dict[str, int | None]:
    found = read.figures
    return {"numerator": found.numerator, "denominator": found.denominator, "value_e6": found.value_e6}


def _fields(desk: Desk, read: Read) -> dict[str, Any]:
    return {
        "version": read.version.version,
        **_numbers(read),
        "note": read.note,
        "source_name": read.source_name,
        "entered_by_id": desk.by.user_id,
        "entered_by_name": desk.by.name[:NAME_LENGTH],
        "entered_at": timezone.now(),
    }


def _new(desk: Desk, read: Read) -> CollectedValue:
    """A new entry; the period is asked for again, because somebody may have closed it since it was read."""
    locks.hold(desk.county)
    if locks.is_closed(desk.county, read.period.name):
        raise RefusedError(codes.PERIOD_CLOSED(period=read.period.name).at(column="期间"))
    case = cases.open_case(
        workflow.COLLECTED,
        subject_kind="collected_value",
        organisation_code=desk.unit,
        by=desk.by,
        title=_title(read),
    )
    Case.objects.filter(pk=case.pk).update(subject_id=case.number)
    row = CollectedValue.objects.create(
        case=case,
        number=case.number,
        organisation_code=desk.county,
        collector_id=desk.unit,
        code=read.definition.code,
        part=read.part,
        node_code=read.node_code,
        node_kind=read.node_kind.value,
        period=read.period.name,
        last_on=read.period.last_on,
        **_fields(desk, read),
    )
    _record(desk, row)
    return row


def _changed(desk: Desk, read: Read, held: CollectedValue) -> CollectedValue:
    for name, value in _fields(desk, read).items():
        setattr(held, name, value)
    held.save()
    _record(desk, held)
    return held


def _record(desk: Desk, row: CollectedValue) -> None:
    words = f"填报{row.code} {row.period}：{words_of(row)}"
    record_write(desk.by, "indicator.enter", "collected_value", row.number, desk.unit, words)
    data = {"code": row.code, "period": row.period, "node": node_words(row), "value": words_of(row)}
    cases.change_data(Case.objects.get(pk=row.case_id), data)


def _title(read: Read) -> str:
    part = f"（{dict(read.version.parts)[read.part].zh}）" if read.part else ""
    return f"{read.definition.name.zh}{part} {read.period.label_zh}"
