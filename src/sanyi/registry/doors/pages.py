"""门户页面: the description of the HTTP interface, for whoever is signed in."""

import json
from functools import cache

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("registry.doors")


@routes.page(
    "api/v1/docs",
    name="api_docs",
    permission=Permission.HOME_READ,
    purpose=tuple(Purpose),
    zh="接口说明",
    en="Interface description",
)
def api_docs(request: GuardedRequest) -> HttpResponse:
    """接口说明: the operations, drawn from the description in the browser without outside hosts."""
    from sanyi.registry.doors.interface import interface

    settings = json.dumps({"layout": "BaseLayout", "deepLinking": True, "url": "/api/v1/openapi.json"})
    return render(request, "ninja/swagger.html", {"swagger_settings": settings, "api": interface(), "add_csrf": True})


@routes.page(
    "api/v1/openapi.json",
    name="api_description",
    permission=Permission.HOME_READ,
    purpose=tuple(Purpose),
    zh="接口描述文件",
    en="Interface description file",
)
def api_description(request: GuardedRequest) -> HttpResponse:
    """接口描述文件: OpenAPI."""
    return HttpResponse(_description(get_language() or ""), content_type="application/json")


@cache
def _description(language: str) -> str:
    """The description in a language; it changes only with the program."""
    from sanyi.registry.doors.interface import interface

    return json.dumps(interface().get_openapi_schema(path_prefix="/api/v1/"), cls=DjangoJSONEncoder)
