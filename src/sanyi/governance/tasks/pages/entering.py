"""登记页: a task by hand, a ledger from Excel, names of units matched to organisations, many assigned at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.tasks import services
from sanyi.governance.tasks.codes import TaskState
from sanyi.governance.tasks.models import Task, UnitChoice
from sanyi.governance.tasks.pages.table import attachment, owned, routes
from sanyi.governance.tasks.services import acting, ledger
from sanyi.governance.tasks.services.registering import county_of
from sanyi.governance.tasks.tables import LEDGER
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors import export
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.forms import form_of
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

UPLOAD_BYTES_MAX = 20_000_000


@routes.page(
    "tasks/new/",
    name="new",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="登记任务",
    en="Enter a task",
)
def new(request: GuardedRequest) -> HttpResponseBase:
    """登记任务: by hand."""
    form, status = form_of(LEDGER.columns), 200
    if request.method == "POST":
        form.bind(request.POST)
        if form.is_valid:
            try:
                number = ledger.enter(form.values, by=request.actor)
                return HttpResponseRedirect(reverse("governance.tasks.task", kwargs={"number": number}))
            except RefusedError as error:
                form.add(error)
        status = 422
    context = {"title": _("登记任务"), "form": form, "cancel_url": reverse("governance.tasks.board")}
    return render(request, "tasks/new.html", context, status=status)


@routes.page(
    "tasks/import/",
    name="import",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="导入任务台账",
    en="Import a ledger",
)
def import_page(request: GuardedRequest) -> HttpResponseBase:
    """导入任务台账: all rows or none, every mistake with its row."""
    context: dict[str, object] = {"title": _("导入任务台账"), "columns": _columns()}
    file = request.FILES.get("ledger")
    if request.method == "GET":
        return render(request, "tasks/import.html", context)
    try:
        content = file.read(UPLOAD_BYTES_MAX) if file else b""
        numbers = ledger.import_ledger(content, by=request.actor)
    except RefusedError as error:
        context["refusals"] = [view_of(refusal) for refusal in error.refusals]
        return render(request, "tasks/import.html", context, status=status_of(error.refusals))
    messages.success(request, _("已登记 %(count)s 项任务。") % {"count": len(numbers)})
    return HttpResponseRedirect(reverse("governance.tasks.board"))


@routes.page(
    "tasks/template/",
    name="template",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    zh="任务台账模板",
    en="Template of the ledger",
)
def template(request: GuardedRequest) -> HttpResponseBase:
    """任务台账模板."""
    return attachment(ledger.template(), "任务台账模板.xlsx", export.MEDIA_TYPE)


@routes.page(
    "tasks/units/",
    name="units",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="单位对应",
    en="Units",
)
def units(request: GuardedRequest) -> HttpResponseBase:
    """单位对应: printed names that wait for an organisation, and what was chosen before."""
    code, refusals = county_of(request.actor), []
    status = 200
    if request.method == "POST":
        given = request.POST
        try:
            services.choose_unit(
                given.get("name", ""),
                given.get("organisation_code", ""),
                county_code=code,
                by=request.actor,
                reason=given.get("reason", ""),
            )
            messages.success(request, _("已选定，同名单位自动对应。"))
            return HttpResponseRedirect(reverse("governance.tasks.units"))
        except RefusedError as error:
            refusals, status = [view_of(refusal) for refusal in error.refusals], status_of(error.refusals)
    inside = organisations.subtree(code)
    choices = UnitChoice.objects.filter(county_code=code, replaced_at__isnull=True).select_related("organisation")
    context = {
        "title": _("单位对应"),
        "refusals": refusals,
        "waiting": services.unmatched(code),
        "choices": choices.order_by("name"),
        "organisations": organisations.in_force(
            inside, without_kinds=("village_clinic", "pharmacy", "clinic")
        ).order_by("kind", "name"),
    }
    return render(request, "tasks/units.html", context, status=status)


@routes.page(
    "tasks/assign/",
    name="assign_all",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="批量交办",
    en="Assign tasks",
)
def assign_all(request: GuardedRequest) -> HttpResponseBase:
    """批量交办: the county's own registered tasks, those ticked are assigned; what is refused says why."""
    registered = Task.objects.filter(case__state=TaskState.REGISTERED.value, jurisdiction_code=policies.county())
    waiting = owned(registered, request.scope)
    context: dict[str, object] = {"title": _("批量交办"), "waiting": waiting.prefetch_related("units__organisation")}
    if request.method == "POST":
        wanted = waiting.filter(number__in=request.POST.getlist("number")).values_list("number", flat=True)
        done, refused = acting.assign_all(list(wanted), by=request.actor)
        if done:
            words = _("已交办 %(count)s 项任务。")
            messages.success(request, words % {"count": len(done)})
        if not refused:
            return HttpResponseRedirect(reverse("governance.tasks.board" if done else "governance.tasks.assign_all"))
        context["refused"] = [(number, view_of(error.refusals[0])) for number, error in refused.items()]
    return render(request, "tasks/assign.html", context)


def _columns() -> list[dict[str, object]]:
    """The headings stay Chinese, as the file has them; what they want is said in the reader's language."""
    spoken = language()
    return [{"zh": one.zh, "is_required": one.is_required, "help": one.help(spoken)} for one in LEDGER.columns]
