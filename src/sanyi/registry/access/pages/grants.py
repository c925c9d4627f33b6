"""授权页面: who holds which role where, giving and taking roles, unlocking."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import RoleGrant
from sanyi.registry.access.pages.table import routes
from sanyi.registry.access.services import grant_role, revoke_grant, roles, unlock
from sanyi.registry.access.tables import GRANT
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.forms import form_of
from sanyi.registry.doors.guard import may
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, organisation_words
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations

PURPOSES = (Purpose.ADMINISTRATION, Purpose.AUDIT)


def role_words(request: object = None) -> dict[str, str]:
    """角色名称: code to name in the current language."""
    spoken = language()
    return {code: role.en if spoken == "en" else role.zh for code, role in roles().items()}


GRANTS = Listing(
    name="grants",
    zh="角色授权",
    en="Role grants",
    key="id",
    key_kind=Kind.INTEGER,
    organisation="organisation_code",
    default_sort="organisation_code",
    columns=(
        ListColumn("username", "用户名", "User name", filter=Filter.CONTAINS, lookup="user__username"),
        ListColumn("display_name", "姓名", "Name", filter=Filter.CONTAINS, lookup="user__identity__display_name"),
        ListColumn("role", "角色", "Role", filter=Filter.CHOICE, choices=role_words),
        ListColumn("organisation_code", "机构", "Organisation", Kind.CODE, Filter.CHOICE, choices=organisation_words),
        ListColumn("starts_at", "开始", "From", Kind.INSTANT),
        ListColumn("ends_at", "结束", "Until", Kind.INSTANT, Filter.RANGE),
    ),
    extra=("id",),
)


@routes.page(
    "access/",
    name="grants",
    permission=Permission.ACCESS_READ,
    purpose=PURPOSES,
    zh="授权",
    en="Access",
    has_export=True,
)
def grants(request: GuardedRequest) -> HttpResponseBase:
    """授权: every grant within the actor's organisations."""
    context = {"may_grant": may(request, Permission.ACCESS_GRANT), "may_manage": may(request, Permission.KEY_MANAGE)}
    return GRANTS.from_query(RoleGrant.objects.all()).respond(
        request, title=_("角色授权"), template="access/grants.html", context=context
    )


@routes.page(
    "access/grants/new/",
    name="grant_new",
    permission=Permission.ACCESS_GRANT,
    purpose=Purpose.ADMINISTRATION,
    methods=("GET", "POST"),
    zh="新增授权",
    en="New grant",
)
def grant_new(request: GuardedRequest) -> HttpResponseBase:
    """新增授权: a form; whether the actor may grant at that organisation is decided by the service."""
    form = form_of(GRANT.columns, choices={"role_code": role_words()})
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            _grant(request, form.values)
        except RefusedError as error:
            form.add(error)
        else:
            messages.success(request, _("授权已生效。"))
            return HttpResponseRedirect(reverse("registry.access.grants"))
    context = {"title": _("新增授权"), "form": form, "cancel_url": reverse("registry.access.grants")}
    return render(request, "doors/form.html", context, status=422 if form.refusals else 200)


@routes.page(
    "access/grants/<int:grant_id>/revoke/",
    name="grant_revoke",
    permission=Permission.ACCESS_GRANT,
    purpose=Purpose.ADMINISTRATION,
    subject=Subject.GRANT,
    organisation_of=lambda request, grant_id: _grant_owner(grant_id),
    methods=("POST",),
    zh="收回授权",
    en="Revoke a grant",
)
def grant_revoke(request: GuardedRequest, grant_id: int) -> HttpResponseBase:
    """收回授权: at once."""
    revoke_grant(RoleGrant.objects.get(pk=grant_id), by=request.actor)
    messages.success(request, _("授权已收回。"))
    return HttpResponseRedirect(reverse("registry.access.grants"))


@routes.page(
    "access/unlock/",
    name="unlock",
    permission=Permission.ACCESS_GRANT,
    purpose=Purpose.ADMINISTRATION,
    methods=("POST",),
    zh="解锁账号",
    en="Unlock an account",
)
def unlock_user(request: GuardedRequest) -> HttpResponseBase:
    """解锁账号: after too many failed sign-ins; only accounts with a grant inside the actor's organisations."""
    username = request.POST.get("username", "").strip()
    reached = RoleGrant.objects.filter(user__username=username).values_list("organisation_code", flat=True)
    if not any(code in request.scope for code in reached):
        raise RefusedError(codes.USER_UNKNOWN(username=username))
    unlock(username, by=request.actor)
    messages.success(request, _("账号已解锁。"))
    return HttpResponseRedirect(reverse("registry.access.grants"))


def _grant(request: GuardedRequest, values: dict[str, object]) -> None:
    user = User.objects.filter(username=str(values["username"])).first()
    if user is None:
        raise RefusedError(codes.USER_UNKNOWN(username=values["username"]).at(column="username"))
    organisation = organisations.get(str(values["organisation_code"]))
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    grant_role(
        user,
        str(values["role_code"]),
        organisation.code,
        by=request.actor,
        starts_at=_midnight(starts_on) if isinstance(starts_on, date) else None,
        ends_at=_midnight(ends_on + timedelta(days=1)) if isinstance(ends_on, date) else None,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _grant_owner(grant_id: int) -> str | None:
    return RoleGrant.objects.filter(pk=grant_id).values_list("organisation_code", flat=True).first()
