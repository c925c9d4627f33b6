"""HTTP 接口: one django-ninja interface at ``/api/v1``, every operation behind the same guard as the pages."""

import hashlib
import logging
from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from ninja import NinjaAPI, Router
from ninja.decorators import decorate_view
from ninja.errors import ValidationError
from ninja.utils import check_csrf

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import actor
from sanyi.registry.access.services.key_secrets import bearer_secret
from sanyi.registry.doors import answers, codes, idempotency
from sanyi.registry.doors.guard import admit, record_reading
from sanyi.registry.doors.routes import SAFE_METHODS, GuardedRequest, Route
from sanyi.registry.doors.topics import topic_modules

NAMESPACE = "api"
_ROUTERS: dict[str, Router] = {}
_LOG = logging.getLogger("sanyi.api")


def router(topic: str) -> Router:
    """主题的接口: the django-ninja router of a topic; operations are added through ``Routes.api`` alone."""
    return _ROUTERS.setdefault(topic, Router(tags=[topic]))


def add_operation(route: Route, operation: dict[str, Any]) -> None:
    """登记接口: puts a declared route on its topic's router, behind the guard."""
    settings = {"summary": route.zh or route.name, "operation_id": route.full_name, **operation}
    view = decorate_view(partial(_behind_guard, route))(route.view)
    router(route.topic).api_operation(list(route.methods), route.path, url_name=route.full_name, **settings)(view)


@cache
def interface() -> NinjaAPI:
    """接口总成: every topic's router below one description; its pages are served by ``doors/pages.py``."""
    api = NinjaAPI(
        title="Sanyi 三医接口",
        version="1",
        description="县域医共体与三医联动数据接口。错误以 application/problem+json 返回；写操作可带 Idempotency-Key。",
        urls_namespace=NAMESPACE,
        docs_url=None,
        openapi_url=None,
    )
    add_handlers(api)
    installed = {module.routes.topic for module in topic_modules("api") if hasattr(module, "routes")}
    for topic in sorted(installed & _ROUTERS.keys()):
        api.add_router("", _ROUTERS[topic])
    return api


def add_handlers(api: NinjaAPI) -> None:
    """登记答复方式: every refusal, wrong body and fault is answered with problem+json."""
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        RefusedError: lambda request, error: answers.problem(error),
        Http404: lambda request, error: answers.problem(RefusedError(codes.NOT_FOUND())),
        ValidationError: _wrong_body,
        Exception: _fault,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _behind_guard(route: Route, run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The operation behind its guard: decision, anti-forgery mark, idempotency, audit, ETag."""

    @wraps(run)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        try:
            ready = admit(request, route, arguments)
            _refuse_forged(ready)
            carry_out = partial(_run_and_record, ready, run, arguments)
            if request.method not in SAFE_METHODS and request.headers.get(idempotency.HEADER):
                return idempotency.once(request, route, ready.actor, carry_out)
            response = carry_out()
        except RefusedError as error:
            return answers.problem(error)
        return _with_etag(request, response)

    return guarded


def _run_and_record(
    request: GuardedRequest, run: Callable[..., HttpResponseBase], arguments: dict[str, Any]
) -> HttpResponseBase:
    response = run(request, **arguments)
    record_reading(request, response.status_code)
    return response


def _refuse_forged(request: GuardedRequest) -> None:
    """A browser's session needs the anti-forgery mark; a key does not, because no browser sends it by itself."""
    if request.method in SAFE_METHODS or bearer_secret(request):
        return
    if actor(request).key_id is None and check_csrf(request) is not None:
        raise RefusedError(codes.CSRF_WRONG())


def _with_etag(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or not isinstance(response, HttpResponse):
        return response
    if not response.has_header("ETag"):
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["Cache-Control"] = "private, no-cache"
    known = request.headers.get("If-None-Match", "")
    if known and _matches(known, response["ETag"]):
        same = HttpResponseNotModified()
        same["ETag"] = response["ETag"]
        same["Cache-Control"] = "private, no-cache"
        return same
    return response


def _matches(known: str, etag: str) -> bool:
    names = {name.strip().removeprefix("W/") for name in known.split(",")}
    return "*" in names or etag.removeprefix("W/") in names


def _wrong_body(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [
        codes.BODY_WRONG(problem=f"{'.'.join(str(part) for part in item['loc'])}：{item['msg']}").at(
            key=".".join(str(part) for part in item["loc"])
        )
        for item in error.errors
    ]
    return answers.problem(RefusedError(found))


def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    _LOG.error("fault in %s %s", request.method, request.resolver_match, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return answers.problem(RefusedError(codes.FAULT()))
