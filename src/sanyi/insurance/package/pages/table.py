"""总额打包路由表, and what its pages share: owners of subjects, holders in sight, buttons and timelines of cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import StateChart, Transition
from sanyi.registry.access.codes import Purpose
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("insurance.package")
READ_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
_AGAINST = frozenset({"return", "revoke", "reject", "withdraw", "cancel", "refuse", "reopen", "terminate"})


def family(code: str, on: date | None = None) -> frozenset[str]:
    """集团及成员: the holder and, when it is a medical group, its members on a day; they see the same package."""
    own = organisations.members(code, on or timezone.localdate()).values_list("organisation_id", flat=True)
    return frozenset({code, *own})


def is_in_sight(request: GuardedRequest, code: str) -> bool:
    """是否在范围内: the holder itself or one of its members."""
    scope = request.scope
    return isinstance(scope, AllOrganisations) or any(one in scope for one in family(code))


def state_labels(chart: StateChart) -> dict[str, str]:
    """状态名称: of a chart, in the current language."""
    return {state.code: state.en if language() == "en" else state.zh for state in chart.states}


def act_view(step: Transition) -> dict[str, Any]:
    """办理按钮: name, label, look, and what it needs."""
    return {
        "name": step.name,
        "tone": "btn-outline-danger" if step.name in _AGAINST else "btn-primary",
        "label": step.en if language() == "en" else step.zh,
        "needs_reason": step.reason_required,
        "needs_file": step.evidence_required,
    }


def case_view(request: GuardedRequest, case: Case, chart: StateChart) -> dict[str, Any]:
    """办件: state, deadline, the buttons this reader has, and what was done so far, the newest first."""
    words = {step.name: step.en if language() == "en" else step.zh for step in chart.transitions}
    return {
        "case": case,
        "state": state_labels(chart)[case.state],
        "acts": [act_view(step) for step in cases.possible_acts(case, request.actor)],
        "is_overdue": case.deadline_at is not None and case.deadline_at < timezone.now(),
        "timeline": [
            (event, words.get(event.transition, _("发起")))
            for event in case.events.prefetch_related("evidence").order_by("-revision")
        ],
    }


def revision_of(text: str) -> int:
    """所见版本: −1, which no case has, when the form did not say."""
    return int(text) if text.isdecimal() else -1


def refused(error: RefusedError, given: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """拒绝内容: what the page shows again, and the status of the answer."""
    context = {"refusals": [view_of(one) for one in error.refusals], "given": given}
    return context | {"given_reason": given.get("reason", "")}, status_of(error.refusals)


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """附件: never opened inside the site."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
