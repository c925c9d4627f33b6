"""登录会话页面: the few pages that are open to everybody or to everybody who is signed in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanyi import __version__
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.web.context import ROLE_KEY, grant_key


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """登录: a form; a wrong password or a locked name is answered with a sentence and status 403."""
    target = safe_target(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(target)
        return render(request, "sessions/sign_in.html", {"next": target})
    username = request.POST.get("username", "").strip()
    try:
        access.sign_in(request, username, request.POST.get("password", ""))
    except RefusedError as error:
        refusal, language = error.refusals[0], get_language() or ""
        shown = {"message": refusal.message(language), "remedy": refusal.remedy(language)}
        context = {"next": target, "username": username, "refusal": shown}
        return render(request, "sessions/sign_in.html", context, status=403)
    return redirect(target)


@require_POST
@login_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """退出: ends the session and goes back to the sign-in page."""
    actor = access.actor(request)
    access.record_write(actor, "sign_out", "user", actor.user_id)
    logout(request)
    messages.success(request, _("您已安全退出。"))
    return redirect("sign_in")


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """修改口令: the old one, the new one twice; other devices are signed out."""
    assert isinstance(request.user, User)
    form = PasswordChangeForm(request.user, request.POST or None)
    labels = {"old_password": _("当前口令"), "new_password1": _("新口令"), "new_password2": _("再输一次新口令")}
    for name, field in form.fields.items():
        field.label, field.help_text = labels[name], ""
        field.widget.attrs.update({"class": "form-control", "autofocus": name == "old_password"})
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        actor = access.actor(request)
        access.record_write(actor, "password.change", "user", actor.user_id)
        messages.success(request, _("口令已修改。"))
        return redirect("/")
    return render(request, "sessions/password.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """切换语言: remembers the choice in a cookie and goes back to the page."""
    response = redirect(safe_target(request, request.POST.get("next", "")))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response


@require_POST
@login_required
def role(request: HttpRequest) -> HttpResponse:
    """切换角色: chooses which of one's own roles the home page shows; what one may do does not change."""
    chosen = request.POST.get("role", "")
    if any(grant_key(grant) == chosen for grant in access.actor(request).grants):
        request.session[ROLE_KEY] = chosen
    return redirect("/")


@require_GET
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """健康检查: whether the site answers and its database can be read; says nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is the same
        return JsonResponse({"status": "error", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "version": __version__})


def safe_target(request: HttpRequest, target: str) -> str:
    """去向: a path of this site, else the home page."""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and is_ours else "/"


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("password/", password, name="password"),
    path("language/", language, name="language"),
    path("role/", role, name="role"),
    path("healthz", health, name="health"),
]
