"""作业页面: the list, one run with its progress bar and log, cancel and resume."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.services import keys_at
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, organisation_words
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations
from sanyi.registry.runs.codes import FACTS, RESUMABLE, RunState
from sanyi.registry.runs.models import Run
from sanyi.registry.runs.services import cancel, kind, kinds, resume

routes = Routes("registry.runs")
LOG_LINES_MAX = 200
BADGES = {
    RunState.QUEUED.value: "bg-secondary-lt",
    RunState.RUNNING.value: "bg-blue-lt",
    RunState.CANCELLING.value: "bg-yellow-lt",
    RunState.CANCELLED.value: "bg-secondary-lt",
    RunState.FAILED.value: "bg-red-lt",
    RunState.DONE.value: "bg-green-lt",
}


def owner(request: object, number: int) -> str | None:
    """作业所属机构: None when there is no such run."""
    return Run.objects.filter(number=number).values_list("organisation_code", flat=True).first()


def state_words(request: object = None) -> dict[str, str]:
    """状态名称."""
    return {state.value: state.en if language() == "en" else state.zh for state in RunState}


def kind_words(request: object = None) -> dict[str, str]:
    """种类名称."""
    return {code: found.en if language() == "en" else found.zh for code, found in kinds().items()}


RUNS = Listing(
    name="runs",
    zh="作业",
    en="Runs",
    key="number",
    key_kind=Kind.INTEGER,
    organisation="organisation_code",
    default_sort="-number",
    columns=(
        ListColumn(
            "number",
            "编号",
            "No.",
            Kind.INTEGER,
            link=lambda row: reverse("registry.runs.detail", kwargs={"number": row["number"]}),
        ),
        ListColumn("kind", "作业", "Run", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=BADGES),
        ListColumn("progress_count", "已处理", "Done", Kind.INTEGER),
        ListColumn("total_count", "总数", "Total", Kind.INTEGER),
        ListColumn("started_by_name", "发起人", "Started by", filter=Filter.CONTAINS),
        ListColumn("organisation_code", "机构", "Organisation", Kind.CODE, Filter.CHOICE, choices=organisation_words),
        ListColumn("created_at", "发起时间", "Started", Kind.INSTANT, Filter.RANGE),
        ListColumn("finished_at", "结束时间", "Ended", Kind.INSTANT),
    ),
)


@routes.page(
    "runs/",
    name="list",
    permission=Permission.RUN_READ,
    purpose=AT_WORK,
    zh="作业",
    en="Runs",
    has_export=True,
)
def runs(request: GuardedRequest) -> HttpResponseBase:
    """作业: of the actor's organisations, the newest first."""
    return RUNS.from_query(Run.objects.all()).respond(request, title=_("作业"))


@routes.page(
    "runs/<int:number>/",
    name="detail",
    permission=Permission.RUN_READ,
    purpose=AT_WORK,
    subject=Subject.RUN,
    organisation_of=owner,
    zh="作业",
    en="Run",
)
def detail(request: GuardedRequest, number: int) -> HttpResponseBase:
    """作业: its progress, result, provenance and log; works without scripts by reloading."""
    run = Run.objects.get(number=number)
    return render(request, "runs/detail.html", {**_context(request, run), "title": f"{_('作业')} {run.number}"})


@routes.page(
    "runs/<int:number>/progress/",
    name="progress",
    permission=Permission.RUN_READ,
    purpose=AT_WORK,
    subject=Subject.RUN,
    organisation_of=owner,
    zh="作业进度",
    en="Progress of a run",
)
def progress(request: GuardedRequest, number: int) -> HttpResponseBase:
    """作业进度: the fragment that the page asks for every second until the run has ended."""
    return render(request, "runs/_progress.html", _context(request, Run.objects.get(number=number)))


@routes.page(
    "runs/<int:number>/cancel/",
    name="cancel",
    permission=Permission.RUN_CANCEL,
    purpose=AT_WORK,
    subject=Subject.RUN,
    organisation_of=owner,
    methods=("POST",),
    zh="取消作业",
    en="Cancel a run",
)
def cancel_run(request: GuardedRequest, number: int) -> HttpResponseBase:
    """取消作业."""
    cancel(Run.objects.get(number=number), by=request.actor)
    messages.info(request, _("已请求取消。"))
    return _back(number)


@routes.page(
    "runs/<int:number>/resume/",
    name="resume",
    permission=Permission.RUN_CANCEL,
    purpose=AT_WORK,
    subject=Subject.RUN,
    organisation_of=owner,
    methods=("POST",),
    zh="恢复作业",
    en="Resume a run",
)
def resume_run(request: GuardedRequest, number: int) -> HttpResponseBase:
    """恢复作业."""
    resume(Run.objects.get(number=number), by=request.actor)
    messages.info(request, _("作业已重新排队。"))
    return _back(number)


def _context(request: GuardedRequest, run: Run) -> dict[str, object]:
    spoken = language()
    known = kind(run.kind)
    may_cancel = Permission.RUN_CANCEL.value in keys_at(request.actor, run.organisation_code)
    is_over = run.status.is_final
    return {
        "run": run,
        "kind_name": known.en if spoken == "en" else known.zh,
        "state_name": state_words()[run.state],
        "state_badge": BADGES[run.state],
        "is_over": is_over,
        "can_cancel": may_cancel and run.state in (RunState.QUEUED.value, RunState.RUNNING.value),
        "can_resume": may_cancel and run.status in RESUMABLE,
        "refusals": [found[spoken] for found in run.refusals],
        "result_url": known.result_url(run) if known.result_url and run.state == RunState.DONE.value else None,
        "findings": [found[spoken] for found in run.result.get("findings", ())],
        "facts": _facts(run.result, known.labels),
        "provenance": _facts(run.provenance, known.labels),
        "log": run.log.all()[:LOG_LINES_MAX],
        "organisation_name": organisations.names({run.organisation_code}).get(
            run.organisation_code, run.organisation_code
        ),
    }


def _facts(found: Mapping[str, object], labels: Mapping[str, tuple[str, str]]) -> list[tuple[str, object]]:
    """Plain values with their names; lists and mappings have pages of their own."""
    place = 1 if language() == "en" else 0
    named = {**FACTS, **labels}
    return [
        (named[name][place] if name in named else name, _plain(value))
        for name, value in found.items()
        if not isinstance(value, list | dict)
    ]


def _plain(value: object) -> object:
    return {True: _("是"), False: _("否")}[value] if isinstance(value, bool) else value


def _back(number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("registry.runs.detail", kwargs={"number": number}))
