"""审计页面: the trail for the auditor and for each institution, one entry in full, and the check of the chain."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import AuditEntry, AuditHead
from sanyi.registry.access.pages.table import routes
from sanyi.registry.access.services import decide, words
from sanyi.registry.access.services.reading import entries_within, entry_owners
from sanyi.registry.access.services.registration import VERIFY_TRAIL
from sanyi.registry.cases import services as cases
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, organisation_words
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.runs import services as runs

PURPOSES = (Purpose.AUDIT, Purpose.SUPERVISION, Purpose.ADMINISTRATION)


def verb_words(request: object = None) -> dict[str, str]:
    """操作名称: of the trail and of every step of every workflow."""
    spoken = language()
    steps = {
        f"case.{step.name}": f"{entry.chart.en}: {step.en}" if spoken == "en" else f"{entry.chart.zh}：{step.zh}"
        for entry in cases.entries()
        for step in entry.chart.transitions
    }
    return steps | words.verbs(spoken)


def subject_words(request: object = None) -> dict[str, str]:
    """对象名称."""
    return words.subjects(language())


TRAIL = Listing(
    name="audit",
    zh="审计日志",
    en="Audit trail",
    key="sequence",
    key_kind=Kind.INTEGER,
    organisation=None,
    default_sort="-sequence",
    columns=(
        ListColumn("sequence", "序号", "No.", Kind.INTEGER, Filter.RANGE, link=lambda row: _entry_url(row["sequence"])),
        ListColumn("at", "时间", "Time", Kind.INSTANT, Filter.RANGE),
        ListColumn("actor_name", "操作人", "Actor", filter=Filter.CONTAINS),
        ListColumn("verb", "操作", "Act", filter=Filter.CHOICE, choices=verb_words),
        ListColumn("subject_kind", "对象", "Subject", filter=Filter.CHOICE, choices=subject_words),
        ListColumn("subject_id", "对象编号", "Subject no.", filter=Filter.EXACT),
        ListColumn(
            "organisation_code", "所属机构", "Organisation", Kind.CODE, Filter.CHOICE, choices=organisation_words
        ),
        ListColumn(
            "actor_organisation_code",
            "操作人机构",
            "Actor’s organisation",
            Kind.CODE,
            Filter.CHOICE,
            choices=organisation_words,
        ),
        ListColumn("purpose", "用途", "Purpose", filter=Filter.CHOICE, choices={p.value: p.zh for p in Purpose}),
        ListColumn("via", "凭据", "By right of"),
        ListColumn("summary", "说明", "Note", filter=Filter.CONTAINS, is_sortable=False),
    ),
)


@routes.page(
    "audit/",
    name="audit",
    permission=Permission.AUDIT_READ,
    purpose=PURPOSES,
    zh="审计日志",
    en="Audit trail",
    has_export=True,
)
def audit(request: GuardedRequest) -> HttpResponseBase:
    """审计日志: of the actor's institutions; ``?person=`` shows who read or changed one person's record."""
    person_id = request.GET.get("person", "").strip()[:64]
    query = entries_within(request.scope, with_unowned=_may_verify(request), person_id=person_id)
    context = {"may_verify": _may_verify(request), "person_id": person_id, "head": AuditHead.objects.first()}
    return TRAIL.from_query(query).respond(request, title=_("审计日志"), template="access/audit.html", context=context)


@routes.page(
    "audit/<int:sequence>/",
    name="audit_entry",
    permission=Permission.AUDIT_READ,
    purpose=PURPOSES,
    subject=Subject.AUDIT_ENTRY,
    organisation_of=lambda request, sequence: _owners(request, sequence),
    zh="审计记录",
    en="Audit entry",
)
def audit_entry(request: GuardedRequest, sequence: int) -> HttpResponseBase:
    """审计记录: one entry with its persons and its digests."""
    entry = AuditEntry.objects.get(sequence=sequence)
    names = organisations.names({entry.organisation_code, entry.actor_organisation_code})
    facts = [
        (_("序号"), entry.sequence),
        (_("时间"), f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"),
        (_("操作人"), entry.actor_name),
        (_("凭据"), entry.via),
        (_("操作"), verb_words().get(entry.verb, entry.verb)),
        (_("对象"), f"{subject_words().get(entry.subject_kind, entry.subject_kind)} {entry.subject_id}"),
        (_("所属机构"), names.get(entry.organisation_code, entry.organisation_code)),
        (_("操作人机构"), names.get(entry.actor_organisation_code, entry.actor_organisation_code)),
        (_("用途"), Purpose(entry.purpose).zh if entry.purpose else ""),
        (_("路由"), entry.route),
        (_("说明"), entry.summary),
    ]
    context = {"title": _("审计记录"), "entry": entry, "facts": facts}
    return render(request, "access/audit_entry.html", context)


@routes.page(
    "audit/verify/",
    name="audit_verify",
    permission=Permission.AUDIT_VERIFY,
    purpose=PURPOSES,
    methods=("POST",),
    zh="校验审计链",
    en="Check the audit chain",
)
def audit_verify(request: GuardedRequest) -> HttpResponseBase:
    """校验审计链: starts the check and leads to its page."""
    run = runs.start(VERIFY_TRAIL, by=request.actor, organisation_code=request.actor.organisation_code)
    return HttpResponseRedirect(reverse("registry.runs.detail", kwargs={"number": run.number}))


def _owners(request: GuardedRequest, sequence: int) -> frozenset[str] | None:
    owners = entry_owners(sequence)
    if owners is None:
        raise RefusedError(door_codes.NOT_FOUND())
    if not owners and not _may_verify(request):
        return frozenset({""})
    return owners or frozenset({request.actor.organisation_code})


def _may_verify(request: GuardedRequest) -> bool:
    return bool(decide(request.actor, Permission.AUDIT_VERIFY, purpose=PURPOSES))


def _entry_url(sequence: int) -> str:
    return reverse("registry.access.audit_entry", kwargs={"sequence": sequence})
