"""页面请求的外层: the language of a page and the headers that keep a browser from asking anybody else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from sanyi.registry.organisations import services as organisations

Respond = Callable[[HttpRequest], HttpResponse]

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
# The page of the HTTP interface is drawn by a third-party script that writes style attributes.
INTERFACE_CONTENT_POLICY = CONTENT_POLICY + "; style-src 'self' 'unsafe-inline'"
INTERFACE_DOCUMENTS = "/api/v1/docs"


class PageHeadersMiddleware:
    """页面安全头: nothing but this server may be asked, and pages with personal data are not kept by anyone."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to every answer that has not set them itself."""
        response = self.get_response(request)
        if request.path.startswith(settings.STATIC_URL):
            return response
        is_interface = request.path.startswith(INTERFACE_DOCUMENTS)
        policy = INTERFACE_CONTENT_POLICY if is_interface else CONTENT_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response


class OneLookMiddleware:
    """同一请求同一机构树: a request that only reads looks once whether the tree of institutions has changed."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within one look."""
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with organisations.one_look():
            return self.get_response(request)


class LanguageMiddleware:
    """页面语言: Chinese unless the reader has chosen English; the HTTP interface also heeds Accept-Language."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language and say which one it is."""
        language = self.chosen(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response

    @staticmethod
    def chosen(request: HttpRequest) -> str:
        """The language of this request: the cookie first, then (interface only) the header, else Chinese."""
        known = {code for code, _ in settings.LANGUAGES}
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if cookie in known:
            return cookie
        if request.path.startswith("/api/") and request.headers.get("Accept-Language", "").lower().startswith("en"):
            return "en"
        return settings.LANGUAGE_CODE
