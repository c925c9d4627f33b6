"""目录启用: a proposal, its case, and what its approval sets in motion; two persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.insurance.dip import workflow
from sanyi.insurance.dip.codes import ALREADY_HOLDS, DATE_WRONG, PROPOSAL_OPEN
from sanyi.insurance.dip.models import DipCatalogue, DipProposal, DipSwitch
from sanyi.insurance.dip.services.choice import catalogue_on
from sanyi.insurance.grouping import services as grouping
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.policies import services as policies


def propose(
    catalogue: DipCatalogue, starts_on: str, *, by: access.Actor, organisation_code: str, reason: str = ""
) -> cases.Case:
    """提请启用: a catalogue from a day on. Whether ``by`` may is decided by the calling route.

    Refuses, in this order: a day that is none or outside the catalogue's own span, a day in a closed period, a
    catalogue that holds already, and a second open proposal.
    """
    day = _day(starts_on, catalogue)
    grouping.refuse_start(day)
    current = catalogue_on(day)
    if current is not None and current.pk == catalogue.pk:
        raise RefusedError(ALREADY_HOLDS(starts_on=str(day), key=catalogue.key))
    data = {
        "catalogue": catalogue.key,
        "catalogue_name": catalogue.name_zh,
        "current": current.key if current is not None else "—",
        "starts_on": str(day),
        "row_count": catalogue.row_count,
        "reason": reason.strip()[:500],
    }
    try:
        with transaction.atomic():
            case = cases.open_case(
                workflow.NAME,
                subject_kind="dip_catalogue",
                subject_id=str(catalogue.pk),
                organisation_code=organisation_code,
                by=by,
                title=f"自 {day} 起启用 DIP 病种目录 {catalogue.key}",
                data=data,
            )
            DipProposal.objects.create(county_code=policies.county(), case=case, catalogue=catalogue, starts_on=day)
    except IntegrityError as error:
        waiting = open_proposal()
        if waiting is None:
            raise
        words = {"number": waiting.case.number, "key": waiting.catalogue.key, "starts_on": str(waiting.starts_on)}
        raise RefusedError(PROPOSAL_OPEN(**words)) from error
    return case


def open_proposal() -> DipProposal | None:
    """待审批的提案: of this county, at most one."""
    waiting = DipProposal.objects.select_related("case", "catalogue")
    return waiting.filter(county_code=policies.county(), is_open=True).first()


def proposals_of(catalogue: DipCatalogue) -> list[DipProposal]:
    """一个目录的提案: the newest first."""
    found = DipProposal.objects.select_related("case").filter(county_code=policies.county(), catalogue=catalogue)
    return list(found.order_by("-pk"))


def _day(text: str, catalogue: DipCatalogue) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise RefusedError(DATE_WRONG(value=text, starts_on=str(catalogue.starts_on))) from error
    if day < catalogue.starts_on or (catalogue.ends_on is not None and day > catalogue.ends_on):
        raise RefusedError(DATE_WRONG(value=text, starts_on=str(catalogue.starts_on)))
    return day


def _switch(case: Any, event: Any, by: access.Actor) -> None:
    """The step “approve”: the catalogue holds from its day on, until a later one does or it ends."""
    proposal = _closed(case)
    grouping.refuse_start(proposal.starts_on)
    DipSwitch.objects.create(
        county_code=proposal.county_code,
        catalogue=proposal.catalogue,
        starts_on=proposal.starts_on,
        case_number=case.number,
        decided_by_name=by.name[:80],
        decided_at=timezone.now(),
    )


def _close(case: Any, event: Any, by: access.Actor) -> None:
    _closed(case)


def _closed(case: Any) -> DipProposal:
    proposal = DipProposal.objects.select_related("catalogue").get(case_id=case.pk)
    DipProposal.objects.filter(pk=proposal.pk).update(is_open=False)
    return proposal


cases.register_chart(
    cases.ChartEntry(
        workflow.CHART,
        prefix="DP",
        effects={"switch": _switch, "close": _close},
        opener_only=frozenset({"withdraw"}),
        never_opener=frozenset({"approve", "reject"}),
        subject_url=lambda case: f"/dip/{case.subject_id}/",
        data_labels={
            "catalogue": ("病种目录", "Catalogue"),
            "catalogue_name": ("名称", "Name"),
            "current": ("现行目录", "Catalogue in force"),
            "starts_on": ("启用日期", "To hold from"),
            "row_count": ("病种数", "Rows"),
            "reason": ("提请理由", "Reason"),
        },
    )
)
