"""检查: a dry run of a received batch and where its results lie; a check in another process does no harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.jobs.checking import Check, check_file
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services import originals, terms
from sanyi.exchange.intake.services.persons import persons
from sanyi.exchange.lake.services import lake
from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.services.execution import identity

CHECK_RUN = "exchange.intake.check"
_REFUSALS_KEPT = 50


@runs.run_kind(
    CHECK_RUN, zh="检查上报数据", en="Check of a file", result_url=lambda run: f"/intake/{run.parameters['number']}/"
)
def check_run(progress: runs.Progress, number: int) -> dict[str, Any]:
    """作业：检查: repeatable; a batch that has been checked meanwhile is left as it is."""
    batch = Batch.objects.select_related("case").get(pk=number)

    def advance(count: int) -> None:
        progress.advance(count, message="正在检查数据")

    batch = check(batch, advance=advance)
    progress.provenance(**batch.provenance)
    return {"number": number, "rows": batch.row_count, "refused": batch.refused_count}


def check(batch: Batch, advance: Callable[[int], None] = lambda count: None) -> Batch:
    """检查: a dry run of a received batch; its results are complete on the disk before the batch says so.

    Of two checks at once the first to finish counts. Refuses a batch that is not waiting for its check.
    """
    declared = terms.contract(batch.contract)
    today = timezone.localdate(batch.received_at)
    Batch.objects.filter(pk=batch.pk).update(worker=identity())
    folder = originals.staging_root() / f"{batch.number}-{uuid4().hex[:12]}"
    folder.mkdir(mode=0o700)
    edition = Edition(batch.edition)
    choices = mapping.choices_frame()
    order = Check(
        contract=declared,
        limits=terms.limits(today),
        value=lambda key: terms.value(key, today),
        resolve=lambda kind, asked: mapping.resolve_codes(kind, edition, asked, choices),
        received_on=today,
        late_after_days=terms.value(terms.KEY + "late_after_days", today),
        edition=edition,
        senders=organisations.subtree(batch.organisation_code),
        sender=name_of(batch.organisation_code),
        county_code=policies.county(),
        persons=persons(today),
        current=lambda: lake().scan(declared.name) if lake().exists(declared.name) else None,
        advance=advance,
    )
    try:
        report = check_file(order, original_of(batch), batch.file_name, folder)
        originals.sync_tree(folder)
    except RefusedError as refused:
        originals.remove_tree(folder)
        return _unreadable(batch, refused)
    except BaseException:
        originals.remove_tree(folder)
        Batch.objects.filter(pk=batch.pk, worker=identity()).update(worker="")
        raise
    return _checked(batch, report, folder, terms.provenance(declared))


def recheck(batch: Batch, *, by: Actor) -> Batch:
    """重新检查: after a code was chosen or a table was mended; the results before are replaced."""
    cases.act(batch.case, "recheck", by)
    return start_check(Batch.objects.select_related("case").get(pk=batch.pk), by=by)


def start_check(batch: Batch, *, by: Actor, in_background: bool | None = None) -> Batch:
    """开始检查: at once for a small file, by a run for a large one; a batch that is not waiting stays as it is."""
    if batch.state is not BatchState.RECEIVED:
        return batch
    is_large = batch.size_bytes > terms.value(terms.KEY + "background_bytes", timezone.localdate())
    if not (is_large if in_background is None else in_background):
        return check(batch)
    run = runs.start(CHECK_RUN, by=by, organisation_code=batch.organisation_code, parameters={"number": batch.number})
    Batch.objects.filter(pk=batch.pk).update(run_number=run.number)
    return Batch.objects.select_related("case").get(pk=batch.pk)


def staging_of(batch: Batch) -> Path:
    """检查结果目录: of the check that counts."""
    return originals.staging_root() / batch.staging


def _checked(batch: Batch, report: Report, folder: Path, provenance: dict[str, Any]) -> Batch:
    """The results become those of the batch, in one transaction with its step; the loser of a race is told nothing."""
    before = batch.staging
    try:
        with transaction.atomic():
            cases.act(Batch.objects.select_related("case").get(pk=batch.pk).case, "check", SYSTEM)
            Batch.objects.filter(pk=batch.pk).update(
                staging=folder.name,
                file_kind=report.file_kind,
                content_digest=report.content_digest,
                row_count=report.row_count,
                new_count=report.new_count,
                changed_count=report.changed_count,
                unchanged_count=report.unchanged_count,
                refused_count=report.refused_count,
                warned_count=report.warned_count,
                report=report.as_dict(),
                provenance=provenance,
                checked_at=timezone.now(),
                worker="",
            )
            for entry in report.waiting:
                mapping.ask(
                    Kind(entry["kind"]),
                    Edition(batch.edition),
                    entry["code"],
                    organisation_code=batch.organisation_code,
                    row_count=entry["count"],
                )
    except RefusedError:
        originals.remove_tree(folder)
        return Batch.objects.select_related("case").get(pk=batch.pk)
    if before and before != folder.name:
        originals.remove_tree(originals.staging_root() / before)
    return Batch.objects.select_related("case").get(pk=batch.pk)


def _unreadable(batch: Batch, refused: RefusedError) -> Batch:
    found = [
        {"zh": refusal.as_dict("zh"), "en": refusal.as_dict("en")} for refusal in refused.refusals[:_REFUSALS_KEPT]
    ]
    try:
        with transaction.atomic():
            cases.act(Batch.objects.select_related("case").get(pk=batch.pk).case, "fail", SYSTEM)
            Batch.objects.filter(pk=batch.pk).update(
                report={"refusals": found},
                provenance=terms.provenance(terms.contract(batch.contract)),
                checked_at=timezone.now(),
                worker="",
            )
    except RefusedError:
        pass
    return Batch.objects.select_related("case").get(pk=batch.pk)


def original_of(batch: Batch) -> Path:
    """原文件: of a batch; refuses when it is gone or was changed."""
    path = originals.path_of(batch.file_digest)
    if not path.exists() or path.stat().st_size != batch.size_bytes:
        raise RefusedError(codes.ORIGINAL_GONE(number=batch.number))
    return path


def name_of(organisation_code: str) -> str:
    """机构名称: the code itself where nobody has that name."""
    return organisations.names({organisation_code}).get(organisation_code, organisation_code)
