"""统一管理服务: begin, report with evidence, verify; and the gate that packaging asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from sanyi.insurance.package import codes, workflow
from sanyi.insurance.package.codes import UnificationStep
from sanyi.insurance.package.models import UnificationState
from sanyi.kernel.policy import PolicyValue
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

PREFIX = "insurance.package.unification_"
ASKER = "insurance.package.unification"


@dataclass(frozen=True, slots=True)
class Dimension:
    """统一事项: one thing to be managed in one hand."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Gate:
    """打包关口: what a group has reached on a day and what it lacks; ``is_required`` where the county asks for all.

    ``is_open`` says whether the fund may be packaged: nothing is asked for, or nothing is missing.
    """

    group_code: str
    on: date
    reached: tuple[Dimension, ...]
    missing: tuple[Dimension, ...]
    is_required: bool
    basis: PolicyValue
    dimensions_basis: PolicyValue

    @property
    def is_open(self) -> bool:
        """可否打包."""
        return not (self.is_required and self.missing)


def dimensions(on: date | None = None) -> tuple[Dimension, ...]:
    """统一事项: those that this county asks for on a day."""
    return tuple(Dimension(**row) for row in _cited("dimensions", on or timezone.localdate()).value)


def gate(group_code: str, on: date) -> Gate:
    """打包关口: of a group on a day. What is verified counts from the day it was reached until it is revoked."""
    asked = _cited("dimensions", on)
    held = set(_held(group_code, on).values_list("dimension", flat=True))
    known = tuple(Dimension(**row) for row in asked.value)
    required = _cited("is_gate", on)
    return Gate(
        group_code,
        on,
        reached=tuple(one for one in known if one.code in held),
        missing=tuple(one for one in known if one.code not in held),
        is_required=bool(required.value),
        basis=required,
        dimensions_basis=asked,
    )


def refuse_closed_gate(group_code: str, on: date) -> Gate:
    """查打包关口: refuses with what is missing where the county packages only groups that have reached all."""
    found = gate(group_code, on)
    if not found.is_open:
        raise RefusedError(
            codes.UNIFICATION_MISSING(
                group=_name(group_code),
                on=str(on),
                count=len(found.missing),
                missing="、".join(one.zh for one in found.missing),
                missing_en=", ".join(one.en for one in found.missing),
            )
        )
    return found


def begin(group_code: str, dimension: str, *, by: Actor) -> UnificationState:
    """开始推进: opens the case of one dimension. Refuses what the county does not ask for, and a second one."""
    organisations.group(group_code)
    known = {one.code: one for one in dimensions()}
    if dimension not in known:
        words = "、".join(one.zh for one in known.values())
        raise RefusedError(codes.DIMENSION_UNKNOWN(dimension=dimension, known=words))
    name = known[dimension].zh
    try:
        with transaction.atomic():
            case = cases.open_case(
                workflow.UNIFICATION,
                subject_kind="unification",
                subject_id=f"{group_code}:{dimension}",
                organisation_code=group_code,
                by=by,
                title=f"{_name(group_code)} {name}统一",
                data={"group": _name(group_code), "dimension": name},
            )
            made = UnificationState.objects.create(
                case=case, number=case.number, group_code=group_code, dimension=dimension
            )
            cases.act(case, "begin", by)
    except IntegrityError as error:
        other = current(group_code).filter(dimension=dimension).first()
        if other is None:
            raise
        taken = {"group": _name(group_code), "dimension": name, "number": other.number}
        raise RefusedError(codes.UNIFICATION_UNDER_WAY(**taken)) from error
    return made


def current(group_code: str | None = None) -> QuerySet[UnificationState]:
    """现行状态: of one group or of all, with their cases."""
    found = UnificationState.objects.select_related("case").filter(is_current=True)
    return found if group_code is None else found.filter(group_code=group_code)


def history(group_code: str, dimension: str) -> QuerySet[UnificationState]:
    """历次状态: of one dimension of a group, the newest first."""
    rows = UnificationState.objects.select_related("case").filter(group_code=group_code, dimension=dimension)
    return rows.order_by("-pk")


def get(number: str) -> UnificationState | None:
    """一条记录: by its number; None when there is none."""
    return UnificationState.objects.select_related("case").filter(number=number).first()


def time_limit(data: Mapping[str, Any], state: str) -> Deadline | None:
    """核验时限: in working days, by policy."""
    if state != UnificationStep.REACHED.value:
        return None
    return Deadline(working_days=int(_cited("verify_days", timezone.localdate()).value))


def _held(group_code: str, on: date) -> QuerySet[UnificationState]:
    rows = UnificationState.objects.filter(group_code=group_code, verified_on__isnull=False, reached_on__lte=on)
    return rows.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=on))


def _cited(name: str, on: date) -> PolicyValue:
    return policies.book().value(PREFIX + name, jurisdiction=policies.county(), on=on, asker=ASKER)


def _name(code: str) -> str:
    return organisations.names({code}).get(code, code)


def _note_reached(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “file”: when it was reached, and who says so."""
    state = UnificationState.objects.get(case_id=case.pk)
    founded_on, today = organisations.group(state.group_code).founded_on, timezone.localdate()
    text = str(event.data.get("reached_on") or "")
    try:
        reached_on = date.fromisoformat(text)
    except ValueError:
        reached_on = date.min
    if not founded_on <= reached_on <= today:
        raise RefusedError(codes.REACHED_ON_WRONG(value=text, founded_on=str(founded_on), today=str(today)))
    UnificationState.objects.filter(pk=state.pk).update(
        reached_on=reached_on, filed_by_id=by.user_id, filed_by_name=by.name[:80]
    )
    cases.change_data(case, {"reached_on": str(reached_on)})


def _other_person(case: Case, event: CaseEvent, by: Actor) -> UnificationState:
    state = UnificationState.objects.get(case_id=case.pk)
    if state.filed_by_id is not None and state.filed_by_id == by.user_id:
        raise RefusedError(codes.OWN_UNIFICATION())
    return state


def _refuse_own(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “return”."""
    _other_person(case, event, by)


def _note_verified(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “verify”: from now on it opens the gate."""
    state = _other_person(case, event, by)
    today = timezone.localdate()
    UnificationState.objects.filter(pk=state.pk).update(verified_on=today, verified_by_name=by.name[:80])


def _note_revoked(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “revoke”: what stood stays; the group may begin anew."""
    today = timezone.localdate()
    UnificationState.objects.filter(case_id=case.pk).update(revoked_on=today, is_current=False)


cases.register_chart(
    cases.ChartEntry(
        workflow.UNIFICATION_CHART,
        prefix="TY",
        effects={
            "note_reached": _note_reached,
            "note_verified": _note_verified,
            "note_revoked": _note_revoked,
            "other_person": _refuse_own,
        },
        aside=frozenset({"revoke"}),
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: reverse("insurance.package.unification_one", kwargs={"number": case.number}),
        time_limit=time_limit,
        data_labels={
            "group": ("医疗集团", "Medical group"),
            "dimension": ("统一事项", "Dimension"),
            "reached_on": ("达到日期", "Reached on"),
        },
    )
)
