"""方案启用: a proposal that rests on a comparison, its case, and what its approval sets in motion."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from sanyi.insurance.grouping import package as package_by_key
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.scheme_change import workflow
from sanyi.insurance.scheme_change.codes import (
    COMPARISON_NOT_DONE,
    COMPARISON_OUTDATED,
    DATE_WRONG,
    PROPOSAL_OPEN,
    SCHEME_NOT_NEW,
)
from sanyi.insurance.scheme_change.models import SwitchProposal
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.policies import services as policies


def propose(run: Any, starts_on: str, *, by: access.Actor, organisation_code: str, reason: str = "") -> cases.Case:
    """提请启用: the new scheme of a comparison, from a day on. Whether ``by`` may is decided by the calling route.

    Refuses, in this order: a comparison that is not done, a wrong day, a day in a closed period, a scheme that holds
    already, a comparison with another scheme than the one it would replace, and a second open proposal.
    """
    if run.state != "done":
        raise RefusedError(COMPARISON_NOT_DONE(number=run.number))
    new, day = run.parameters["new"], _day(starts_on, run.parameters["new"])
    grouping.refuse_start(day)
    current = grouping.scheme_of_day(day)
    if current == new:
        raise RefusedError(SCHEME_NOT_NEW(starts_on=str(day), scheme=_name(new)))
    if current is not None and current != run.parameters["old"]:
        words = {"number": run.number, "old": _name(run.parameters["old"]), "current": _name(current)}
        raise RefusedError(COMPARISON_OUTDATED(starts_on=str(day), **words))
    data = {
        "scheme": new,
        "scheme_name": _name(new),
        "old_name": _name(current) if current else "—",
        "starts_on": str(day),
        "comparison": run.number,
        "reason": reason.strip()[:500],
    }
    try:
        with transaction.atomic():
            case = cases.open_case(
                workflow.NAME,
                subject_kind="scheme_comparison",
                subject_id=str(run.number),
                organisation_code=organisation_code,
                by=by,
                title=f"自 {day} 起启用 {_name(new)}",
                data=data,
            )
            SwitchProposal.objects.create(
                county_code=policies.county(), case=case, scheme=new, starts_on=day, run_number=run.number
            )
    except IntegrityError as error:
        waiting = open_proposal()
        if waiting is None:
            raise
        words = {"number": waiting.case.number, "scheme": _name(waiting.scheme), "starts_on": str(waiting.starts_on)}
        raise RefusedError(PROPOSAL_OPEN(**words)) from error
    return case


def open_proposal() -> SwitchProposal | None:
    """待审批的提案: of this county, at most one."""
    waiting = SwitchProposal.objects.select_related("case").filter(county_code=policies.county(), is_open=True)
    return waiting.first()


def proposals_of(run_number: int) -> list[SwitchProposal]:
    """据此比较的提案: the newest first."""
    found = SwitchProposal.objects.select_related("case").filter(county_code=policies.county(), run_number=run_number)
    return list(found.order_by("-pk"))


def _day(text: str, scheme: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise RefusedError(DATE_WRONG(value=text)) from error
    found = package_by_key(scheme)
    if found is not None and found.head.ends_on and str(day) > found.head.ends_on:
        raise RefusedError(DATE_WRONG(value=text))
    return day


def _name(scheme: str) -> str:
    return grouping.scheme_names().get(scheme, scheme)


def _switch(case: Any, event: Any, by: access.Actor) -> None:
    """The step “approve”: the scheme holds from its day; open months from then on are grouped anew."""
    proposal = _closed(case)
    grouping.switch_scheme(proposal.scheme, proposal.starts_on, case_number=case.number, decided_by=by.name)
    later = [month for month in grouping.months() if month >= f"{proposal.starts_on:%Y-%m}"]
    if later:
        grouping.regroup(min(later), max(later), by=by, organisation_code=case.organisation_code)


def _close(case: Any, event: Any, by: access.Actor) -> None:
    _closed(case)


def _closed(case: Any) -> SwitchProposal:
    proposal = SwitchProposal.objects.get(case_id=case.pk)
    SwitchProposal.objects.filter(pk=proposal.pk).update(is_open=False)
    return proposal


cases.register_chart(
    cases.ChartEntry(
        workflow.CHART,
        prefix="FA",
        effects={"switch": _switch, "close": _close},
        opener_only=frozenset({"withdraw"}),
        never_opener=frozenset({"approve", "reject"}),
        subject_url=lambda case: f"/scheme-change/{case.subject_id}/",
        data_labels={
            "scheme_name": ("新方案", "New scheme"),
            "scheme": ("方案键", "Key of the scheme"),
            "old_name": ("现行方案", "Scheme in force"),
            "starts_on": ("启用日期", "To hold from"),
            "comparison": ("比较作业", "Comparison"),
            "reason": ("提请理由", "Reason"),
        },
    )
)
