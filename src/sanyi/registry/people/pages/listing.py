"""居民检索页面: one box for a name, a phone's tail or a number; the list with masking, and its export.

The box is sent by POST: a number never stands in an address. What may stand there (the beginning of a name, four
digits, a village) is put there afterwards, so that the list can be turned, sorted and exported.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.guard import may
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Mask, Page, Row
from sanyi.registry.doors.listing.sources import QuerySource
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import rules
from sanyi.registry.people.codes import Sex
from sanyi.registry.people.pages.search_form import search_form
from sanyi.registry.people.pages.source import PeopleSource
from sanyi.registry.people.pages.table import PURPOSES, routes, widen
from sanyi.registry.people.services import finding
from sanyi.registry.people.services.search import find_by_number, is_number, search, shown
from sanyi.registry.places import services as places
from sanyi.registry.places.codes import Level

WORDS, WORDS_MAX = "q", 80
KEPT = ("place", "sex", "born_on_from", "born_on_to", "sort")


def _url(row: Row) -> str:
    return f"{_list_path()}{row['person_id']}/"


@cache
def _list_path() -> str:
    """A person's page lies below the list."""
    return reverse("registry.people.list")


def _sexes(request: HttpRequest) -> dict[Any, str]:
    return Sex.mapping(language())


def _add_shown(rows: list[Row]) -> None:
    """Names of institutions, masked numbers and categories, for one page at once."""
    known = shown([row["person_id"] for row in rows], timezone.localdate())
    managers = organisations.names({row["managing_organisation_id"] for row in rows if row["managing_organisation_id"]})
    for row in rows:
        one = known[row["person_id"]]
        row["_number"] = one.number
        row["_categories"] = "、".join(category.label(language()) for category in one.categories)
        row["_manager"] = managers.get(row["managing_organisation_id"], "")


PEOPLE = Listing(
    name="people",
    zh="居民",
    en="Residents",
    key="person_id",
    organisation="managing_organisation_id",
    person="person_id",
    default_sort="name",
    columns=(
        ListColumn("name", "姓名排序", "Order of names", is_hidden=True, is_exported=False),
        ListColumn("shown_name", "姓名", "Name", mask=Mask.NAME, link=_url, value=lambda row: row["name"]),
        ListColumn("person_id", "居民编号", "Person no.", Kind.CODE, is_sortable=False),
        ListColumn("sex", "性别", "Sex", filter=Filter.CHOICE, choices=_sexes, is_sortable=False),
        ListColumn("born_on", "出生日期", "Born", Kind.DATE, Filter.RANGE, is_sortable=False),
        ListColumn("number", "公民身份号码", "Citizen number", value=lambda row: row["_number"]),
        ListColumn("phone", "电话", "Phone", value=lambda row: rules.masked_phone(row["phone_tail"])),
        ListColumn("village", "村居", "Village", value=lambda row: row["place__name"]),
        ListColumn("manager", "管理机构", "Managing institution", value=lambda row: row["_manager"]),
        ListColumn("categories", "人员类别", "Categories", value=lambda row: row["_categories"]),
        ListColumn("died_on", "死亡日期", "Died", Kind.DATE, is_sortable=False),
    ),
    page_size=20,  # a counter looks at a few names; half of a page's time is drawing its rows
    extra=("phone_tail", "place__name", "managing_organisation_id"),
    enrich=_add_shown,
)


@routes.page(
    "people/",
    name="list",
    permission=Permission.PERSON_SEARCH,
    purpose=PURPOSES,
    methods=("GET", "POST"),
    zh="居民",
    en="Residents",
    has_export=True,
)
def people(request: GuardedRequest) -> HttpResponseBase:
    """居民检索: everybody within the actor's scope who fits; each one shown is an audited reading."""
    if request.method == "POST":
        return _find(request)
    widen(request)
    words = request.GET.get(WORDS, "").strip()[:WORDS_MAX]
    place = request.GET.get("place", "").strip()[:12]
    listed = PEOPLE.from_source(lambda fields: _source(words, place, fields))

    def context(page: Page) -> dict[str, Any]:
        return {
            "form": search_form(request, words, page.sort, _places(place), tuple(page.fields)),
            "may_write": may(request, Permission.PERSON_WRITE),
            "may_merge": may(request, Permission.PERSON_MERGE),
        }

    return listed.respond(request, title=_("居民"), template="people/list.html", context=context)


def _source(words: str, place: str, fields: dict[str, str]) -> PeopleSource:
    """Pages come by statements of our own; an export asks the database as any other list does."""

    def query() -> QuerySource:
        return QuerySource(search(words, place), fields, PEOPLE.key, PEOPLE.search)

    return PeopleSource(finding.selection(words, place), query, fields)


def _find(request: GuardedRequest) -> HttpResponseBase:
    """A number leads to the person's page, where scope is decided; everything else to the list."""
    words = request.POST.get(WORDS, "").strip()[:WORDS_MAX]
    kind = request.POST.get("kind", "")
    if kind or is_number(words):
        person = find_by_number(words, rules.kind_of(kind) if kind else None)
        return HttpResponseRedirect(reverse("registry.people.detail", kwargs={"person_id": person.person_id}))
    wanted = {WORDS: words} | {name: request.POST.get(name, "").strip()[:WORDS_MAX] for name in KEPT}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return HttpResponseRedirect(reverse("registry.people.list") + (f"?{query}" if query else ""))


def _places(place: str) -> tuple[tuple[str, str, bool], ...]:
    """The county's townships, and below the chosen one its villages, for choosing where to search."""
    chosen = f"{place[:9]}000" if len(place) == 12 else ""
    words = []
    for code, name in places.names_in(settings.SANYI_COUNTY, Level.TOWNSHIP):
        words.append((code, name, code == place))
        if code == chosen:
            words += [(below.code, f"　{below.name}", below.code == place) for below in places.children(chosen)]
    return tuple(words)
