"""Addresses for the tests of the doors: a list of organisations and of stays, a person, forms and operations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
from django.http import HttpResponse
from django.urls import include, path
from ninja import NinjaAPI, Schema

from sanyi.kernel.refusals import RefusalKind, RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission, Purpose
from sanyi.registry.cases.models import NumberSeries
from sanyi.registry.doors import interface
from sanyi.registry.doors.codes import Subject, answers_with
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Mask
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.doors.services import note_persons, patterns
from sanyi.registry.organisations.models import Organisation
from tests.registry import county as small

routes = Routes("tests.doors")
REFUSAL = RefusalKind(
    code="tests.refused",
    message_zh="不行。",
    remedy_zh="请改正。",
    message_en="No.",
    remedy_en="Mend it.",
    basis="第三条",
)
CONFLICT = RefusalKind(
    code="tests.conflict", message_zh="冲突。", remedy_zh="重试。", message_en="Conflict.", remedy_en="Again."
)
answers_with(409, CONFLICT)
OWNERS = {"P1": small.HOSPITAL, "P2": small.TOWNSHIP, "P3": small.OTHER_HOSPITAL, small.OWN_PERSON: small.CLINIC}
NAMES = {"P1": "王示安", "P2": "李示宁", "P3": "张示康", small.OWN_PERSON: "赵示平"}

ORGANISATIONS = Listing(
    name="organisations",
    zh="机构",
    en="Organisations",
    key="code",
    organisation="code",
    default_sort="name",
    page_size=2,
    search=("name",),
    columns=(
        ListColumn("code", "代码", "Code", Kind.CODE, Filter.PREFIX),
        ListColumn("name", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("kind", "类别", "Kind", filter=Filter.CHOICE, choices={"branch": "分院", "county": "县"}),
        ListColumn("bed_count", "床位", "Beds", Kind.INTEGER, Filter.RANGE, lookup="open_bed_count"),
        ListColumn("opened_on", "成立日期", "Opened", Kind.DATE, Filter.RANGE),
        ListColumn("changed_at", "变更时间", "Changed", Kind.INSTANT, Filter.RANGE),
        ListColumn("parent_name", "上级", "Parent", lookup="parent__name"),
    ),
)


def stays() -> pl.DataFrame:
    """Stays of four persons; two rows share an amount and one has none, so that order is tested where it is hard."""
    return pl.DataFrame(
        {
            "stay_id": ["S1", "S2", "S3", "S4", "S5"],
            "institution_code": [small.HOSPITAL, small.HOSPITAL, small.TOWNSHIP, small.OTHER_HOSPITAL, small.CLINIC],
            "person_id": ["P1", "P1", "P2", "P3", small.OWN_PERSON],
            "name": ["王示安", "王示安", "李示宁", "张示康", "赵示平"],
            "discharged_on": [date(2025, 1, 2), date(2025, 1, 3), None, date(2025, 1, 1), date(2025, 2, 1)],
            "settled_at": [datetime(2025, 1, 2, 8), datetime(2025, 1, 3, 9), None, None, datetime(2025, 2, 1, 23, 59)],
            "total_fen": [100_050, 100_050, 300_000, 400_000, None],
            "weight_e6": [1_234_500, 700_000, None, 900_000, 500_000],
            "is_assumed": [True, False, False, True, False],
            "note": ["=1+1", "+cmd", "@x", "-2", "平常"],
        }
    )


STAYS = Listing(
    name="stays",
    zh="病例",
    en="Stays",
    key="stay_id",
    organisation="institution_code",
    person="person_id",
    default_sort="-discharged_on",
    page_size=2,
    search=("stay_id", "note"),
    columns=(
        ListColumn("stay_id", "编号", "No.", Kind.CODE, Filter.EXACT, link=lambda row: f"/stays/{row['stay_id']}/"),
        ListColumn("name", "姓名", "Name", filter=Filter.CONTAINS, mask=Mask.NAME),
        ListColumn("discharged_on", "出院日期", "Discharged", Kind.DATE, Filter.RANGE),
        ListColumn("settled_at", "结算时间", "Settled", Kind.INSTANT, Filter.RANGE),
        ListColumn("total_fen", "总费用", "Total", Kind.FEN, Filter.RANGE, unit="元"),
        ListColumn("weight_e6", "权重", "Weight", Kind.SCALED, Filter.RANGE, scale=6),
        ListColumn("is_assumed", "推定", "Assumed", Kind.BOOLEAN, Filter.CHOICE),
        ListColumn("note", "备注", "Note"),
    ),
)


@routes.page(
    "organisations/", name="organisations", permission=Permission.ORGANISATION_READ, purpose=AT_WORK, has_export=True
)
def organisations(request: GuardedRequest) -> Any:
    return ORGANISATIONS.from_query(Organisation.objects.all()).respond(request)


@routes.page(
    "stays/",
    name="stays",
    permission=Permission.STAY_READ,
    purpose=tuple(Purpose),
    subject=Subject.NONE,
    has_export=True,
)
def stay_list(request: GuardedRequest) -> Any:
    return STAYS.from_frame(stays()).respond(request)


@routes.page(
    "people/<str:person_id>/",
    name="person",
    permission=Permission.PERSON_READ,
    purpose=tuple(Purpose),
    subject=Subject.PERSON,
    organisation_of=lambda request, person_id: OWNERS.get(person_id),
    person_of=lambda request, person_id: person_id,
    methods=("GET", "POST"),
)
def person(request: GuardedRequest, person_id: str) -> Any:
    return HttpResponse(NAMES[person_id])


@routes.page(
    "careless/<str:person_id>/",
    name="careless",
    permission=Permission.PERSON_READ,
    purpose=tuple(Purpose),
    subject=Subject.PERSON,
    organisation_of=lambda request, person_id: OWNERS.get(person_id),
)
def careless(request: GuardedRequest, person_id: str) -> Any:
    if person_id == "P2":
        note_persons(request, {"P2": small.TOWNSHIP})
    return HttpResponse("说漏了是谁")


@routes.page(
    "refuses/", name="refuses", permission=Permission.HOME_READ, purpose=tuple(Purpose), methods=("GET", "POST")
)
def refuses(request: GuardedRequest) -> Any:
    raise RefusedError(REFUSAL().at(row=3, column="金额"))


@routes.page("conflicts/", name="conflicts", permission=Permission.HOME_READ, purpose=tuple(Purpose))
def conflicts(request: GuardedRequest) -> Any:
    raise RefusedError(CONFLICT())


class Order(Schema):
    """A body."""

    amount_fen: int
    words: str = ""


@routes.api(
    "POST",
    "/orders/{organisation_code}",
    name="order",
    permission=Permission.BATCH_UPLOAD,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=lambda request, organisation_code: organisation_code,
)
def order(request: GuardedRequest, organisation_code: str, body: Order) -> dict[str, int]:
    """Counts how often it was really carried out."""
    series, _ = NumberSeries.objects.get_or_create(name="orders")
    series.last_number += 1
    series.save()
    if body.words == "refuse":
        raise RefusedError(REFUSAL())
    if body.words == "conflict":
        raise RefusedError(CONFLICT())
    if body.words == "fault":
        raise ZeroDivisionError
    return {"number": series.last_number, "amount_fen": body.amount_fen}


@routes.api(
    "GET",
    "/people/{person_id}",
    name="read_person",
    permission=Permission.PERSON_READ,
    purpose=tuple(Purpose),
    subject=Subject.PERSON,
    organisation_of=lambda request, person_id: OWNERS.get(person_id),
    person_of=lambda request, person_id: person_id,
)
def read_person(request: GuardedRequest, person_id: str) -> dict[str, str]:
    return {"name": NAMES[person_id]}


@routes.api("GET", "/stays", name="list_stays", permission=Permission.STAY_READ, purpose=tuple(Purpose))
def list_stays(request: GuardedRequest) -> dict[str, Any]:
    return STAYS.from_frame(stays()).answer(request)


def _interface() -> NinjaAPI:
    api = NinjaAPI(urls_namespace="tests", docs_url=None, openapi_url=None)
    interface.add_handlers(api)
    api.add_router("", interface.router("tests.doors"))
    return api


urlpatterns = [
    *patterns(routes.items),
    path("api/v1/", _interface().urls),
    path("", include("sanyi.web.urls")),
]
