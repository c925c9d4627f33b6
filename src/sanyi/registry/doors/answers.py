"""答复: a refusal as a page, as a fragment, or as problem+json; each with its status."""

from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import get_language

from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.doors import codes

GLASS_URL = "_sanyi_glass_url"
"""紧急调阅地址: set by the guard on a request it refuses, where its actor may ask for emergency access."""


_MARKED = "_sanyi_page_token"


def page_token(request: HttpRequest) -> str:
    """防伪标记: masked anew for every page, and the same in all forms of one page."""
    known: str | None = getattr(request, _MARKED, None)
    if known is None:
        known = get_token(request)
        setattr(request, _MARKED, known)
    return known


def status_of(refusals: tuple[Refusal, ...]) -> int:
    """状态码: of the first refusal, which is the most important one."""
    return codes.STATUS.get(refusals[0].code, codes.UNPROCESSABLE)


def language() -> str:
    """当前语言: ``zh`` or ``en``."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def page(request: HttpRequest, error: RefusedError) -> HttpResponseBase:
    """页面答复: sends the anonymous to the sign-in page, everybody else gets the sentence, the remedy and the basis."""
    status = status_of(error.refusals)
    if status == 401:
        return _to_sign_in(request)
    shown = [view_of(refusal) for refusal in error.refusals]
    context = {"refusals": shown, "status": status, "glass_url": getattr(request, GLASS_URL, "")}
    response = render(request, "doors/refused.html", context, status=status)
    if getattr(request, "htmx", False):
        response["HX-Retarget"] = "body"
        response["HX-Reswap"] = "innerHTML"
    return response


def problem(error: RefusedError) -> HttpResponse:
    """接口答复: ``application/problem+json`` (RFC 9457) with our refusal code, place and remedy."""
    first, status = error.refusals[0], status_of(error.refusals)
    spoken = language()
    body = {
        "type": f"urn:sanyi:refusal:{first.code}",
        "title": first.message(spoken),
        "status": status,
        "detail": first.text(spoken),
        "code": first.code,
        "remedy": first.remedy(spoken),
        "basis": first.basis,
        "is_retryable": first.is_retryable,
        "refusals": [refusal.as_dict(spoken) for refusal in error.refusals],
    }
    response = HttpResponse(
        orjson.dumps(body, default=str), status=status, content_type="application/problem+json; charset=utf-8"
    )
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def view_of(refusal: Refusal) -> dict[str, str]:
    """模板所见: message, remedy, basis and place in the current language."""
    spoken = language()
    return {
        "code": refusal.code,
        "message": refusal.message(spoken),
        "remedy": refusal.remedy(spoken),
        "basis": refusal.basis,
        "place": refusal.place.text(spoken),
    }


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    target = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)
