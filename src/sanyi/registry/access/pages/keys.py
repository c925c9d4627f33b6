"""接口密钥页面: keys of machines, issued once, shown once, revoked at once."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import ApiKey
from sanyi.registry.access.pages.table import routes
from sanyi.registry.access.services import issue_key, revoke_key
from sanyi.registry.access.tables import KEY
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.forms import form_of
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, organisation_words
from sanyi.registry.doors.routes import GuardedRequest

KEYS = Listing(
    name="keys",
    zh="接口密钥",
    en="API keys",
    key="id",
    key_kind=Kind.INTEGER,
    organisation="organisation_code",
    default_sort="-created_at",
    columns=(
        ListColumn("name", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("prefix", "标识", "Mark", Kind.CODE),
        ListColumn("username", "代表用户", "Acts for", lookup="user__username"),
        ListColumn("organisation_code", "机构", "Organisation", Kind.CODE, Filter.CHOICE, choices=organisation_words),
        ListColumn("permission_words", "权限", "Permissions", value=lambda row: "、".join(row["permissions"])),
        ListColumn("created_at", "签发时间", "Issued", Kind.INSTANT),
        ListColumn("expires_at", "到期时间", "Expires", Kind.INSTANT, Filter.RANGE),
        ListColumn("revoked_at", "撤销时间", "Revoked", Kind.INSTANT),
        ListColumn("last_used_on", "最近使用", "Last used", Kind.DATE),
    ),
    extra=("permissions", "id"),
)


@routes.page(
    "access/keys/",
    name="keys",
    permission=Permission.KEY_MANAGE,
    purpose=Purpose.ADMINISTRATION,
    zh="接口密钥",
    en="API keys",
    has_export=True,
)
def keys(request: GuardedRequest) -> HttpResponseBase:
    """接口密钥: of the actor's organisations; never a secret."""
    return KEYS.from_query(ApiKey.objects.all()).respond(request, title=_("接口密钥"), template="access/keys.html")


@routes.page(
    "access/keys/new/",
    name="key_new",
    permission=Permission.KEY_MANAGE,
    purpose=Purpose.ADMINISTRATION,
    methods=("GET", "POST"),
    zh="签发接口密钥",
    en="Issue an API key",
)
def key_new(request: GuardedRequest) -> HttpResponseBase:
    """签发接口密钥: a form, then the secret, shown this once."""
    form, secret = form_of(KEY.columns), ""
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            secret = _issue(request, form.values)
        except RefusedError as error:
            form.add(error)
    context = {
        "title": _("签发接口密钥"),
        "form": form,
        "cancel_url": reverse("registry.access.keys"),
        "secret": secret,
    }
    response = render(request, "access/key_new.html", context, status=422 if form.refusals else 200)
    response["Cache-Control"] = "no-store"
    return response


@routes.page(
    "access/keys/<int:key_id>/revoke/",
    name="key_revoke",
    permission=Permission.KEY_MANAGE,
    purpose=Purpose.ADMINISTRATION,
    subject=Subject.KEY,
    organisation_of=lambda request, key_id: _key_owner(key_id),
    methods=("POST",),
    zh="撤销接口密钥",
    en="Revoke an API key",
)
def key_revoke(request: GuardedRequest, key_id: int) -> HttpResponseBase:
    """撤销接口密钥: at once and for good."""
    revoke_key(ApiKey.objects.get(pk=key_id), by=request.actor)
    messages.success(request, _("密钥已撤销。"))
    return HttpResponseRedirect(reverse("registry.access.keys"))


def _issue(request: GuardedRequest, values: dict[str, object]) -> str:
    user = User.objects.filter(username=str(values["username"])).first()
    if user is None:
        raise RefusedError(codes.USER_UNKNOWN(username=values["username"]).at(column="username"))
    wanted = [str(name) for name in values["permissions"]]  # type: ignore[attr-defined]
    unknown = [name for name in wanted if name not in set(Permission)]
    if unknown:
        raise RefusedError(codes.PERMISSION_UNKNOWN(permission=unknown[0]).at(column="permissions"))
    _key, secret = issue_key(
        by=request.actor,
        name=str(values["name"]),
        user=user,
        organisation_code=str(values["organisation_code"]),
        permissions=[Permission(name) for name in wanted],
        days=int(str(values["term_days"])),
    )
    return secret


def _key_owner(key_id: int) -> str | None:
    return ApiKey.objects.filter(pk=key_id).values_list("organisation_code", flat=True).first()
