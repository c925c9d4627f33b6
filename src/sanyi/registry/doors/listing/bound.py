"""列表声明与使用: a listing bound to a source answers requests, always within the actor's scope."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.guard import note_persons
from sanyi.registry.doors.listing import wanted as wanted_of
from sanyi.registry.doors.listing.columns import Kind, ListColumn, Row
from sanyi.registry.doors.listing.masks import masked
from sanyi.registry.doors.listing.sources import COUNT_MAX, FrameSource, QuerySource, Source
from sanyi.registry.doors.listing.view import Field, Header, body_of, fields_of, head_of, headers_of, with_query
from sanyi.registry.doors.routes import GuardedRequest

ORGANISATION, PERSON, KEY = "_organisation", "_person", "_key"


@dataclass(frozen=True, slots=True)
class Listing:
    """列表声明: columns, key and whom each row belongs to.

    ``key`` is unique and ends every order; ``organisation`` is the path of the row's owner, None only for lists that
    belong to nobody in particular (schemes, codes); ``person`` the path of the person a row is about, which makes
    every showing an audited reading. ``search`` are the paths that the search box looks through. ``enrich`` may add
    what the source does not hold to the rows of one page at once. ``kept`` are words of the address that say what the
    list is of (a year, a node) and stay when it is filtered.
    """

    name: str
    zh: str
    en: str
    columns: tuple[ListColumn, ...]
    key: str
    default_sort: str
    organisation: str | None
    person: str | None = None
    search: tuple[str, ...] = ()
    key_kind: Kind = Kind.TEXT
    page_size: int = 50
    extra: tuple[str, ...] = ()
    enrich: Callable[[list[Row]], None] | None = None
    kept: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or self.default_sort.removeprefix("-") not in names:
            raise ValueError(f"listing {self.name}: column names repeat, or the default sort is not a column")
        if any(column.mask for column in self.columns) and self.person is None:
            raise ValueError(f"listing {self.name}: masked columns are about persons; say which in `person`")

    @property
    def label(self) -> str:
        """列表名: in the current language."""
        return self.en if language() == "en" else self.zh

    def from_query(self, query: QuerySet[Any]) -> "BoundListing":
        """数据库列表."""
        return BoundListing(self, QuerySource(query, self._fields(), self.key, self.search))

    def from_frame(self, frame: pl.LazyFrame | pl.DataFrame) -> "BoundListing":
        """数据湖列表."""
        return BoundListing(self, FrameSource(frame.lazy(), self._fields(), self.key, self.search))

    def from_source(self, make: Callable[[dict[str, str]], Source]) -> "BoundListing":
        """自备来源: made with the fields of a row and the paths they come from."""
        return BoundListing(self, make(self._fields()))

    def _fields(self) -> dict[str, str]:
        fields = {column.name: column.source for column in self.columns if column.value is None}
        fields |= {name: name for name in self.extra}
        special = {KEY: self.key, ORGANISATION: self.organisation, PERSON: self.person}
        return fields | {name: path for name, path in special.items() if path is not None}


@dataclass(slots=True)
class Page:
    """一页: what the templates show."""

    listing: Listing
    headers: list[Header]
    head: SafeString
    body: SafeString
    fields: list[Field]
    rows: list[Row]
    total_count: int
    is_total_exact: bool
    next_url: str = ""
    previous_url: str = ""
    export_url: str = ""
    reset_url: str = ""
    search: str | None = None
    has_conditions: bool = False
    sort: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class BoundListing:
    """有来源的列表: answers a guarded request."""

    listing: Listing
    source: Source
    _identify: Scope | None = field(default=None)

    def respond(
        self,
        request: GuardedRequest,
        *,
        title: str = "",
        template: str = "doors/list.html",
        context: Mapping[str, Any] | Callable[[Page], Mapping[str, Any]] | None = None,
    ) -> HttpResponseBase:
        """答复: the page, its rows alone for htmx, or the workbook when ``?format=xlsx`` asks for it.

        ``context`` is what the template needs besides, or a function of the page that gives it.
        """
        from sanyi.registry.doors import export

        if request.GET.get(wanted_of.FORMAT) == "xlsx":
            return export.workbook(self, request)
        page = self.page(request)
        is_fragment = getattr(request, "htmx", False) and not request.htmx.boosted
        name = "doors/_rows.html" if is_fragment else template
        more = context(page) if callable(context) else context or {}
        return render(request, name, {**more, "page": page, "title": title or self.listing.label})

    def page(self, request: GuardedRequest) -> Page:
        """一页: filtered, sorted, masked, its persons noted for the audit trail."""
        listing, wanted = self.listing, self.wanted(request)
        source = self._limited(request)
        rows = source.page(wanted, listing.page_size + 1)
        has_more, rows = len(rows) > listing.page_size, self._cut(rows, wanted)
        self._prepare(request, rows)
        words = {column.name: column.words(request) for column in listing.columns}
        # A first page that is not full has been counted already.
        total = source.count(wanted) if has_more or wanted.cursor is not None else len(rows)
        sort = ("-" if wanted.is_descending else "") + wanted.sort.name
        headers = headers_of(request, listing.columns, sort, self._closed(request))
        page = Page(
            listing=listing,
            headers=headers,
            head=head_of(headers),
            body=body_of(rows, listing.columns, words),
            fields=fields_of(request, listing.columns, self._closed(request)),
            rows=rows,
            total_count=min(total, COUNT_MAX),
            is_total_exact=total <= COUNT_MAX,
            export_url=with_query(request, format="xlsx", after=None, before=None),
            reset_url=_reset_url(request, listing.kept),
            search=wanted.search if listing.search else None,
            has_conditions=bool(wanted.conditions or wanted.search),
            sort=sort,
            kept=[(name, request.GET[name]) for name in listing.kept if request.GET.get(name)],
        )
        self._add_turns(request, page, wanted, has_more)
        return page

    def rows(self, request: GuardedRequest, rows_max: int) -> Iterator[Row]:
        """全部行: of the same filter, order, scope and masking, for the export; persons are noted as they pass."""
        for row in self._limited(request).all_rows(self.wanted(request), rows_max):
            self._prepare(request, [row])
            yield row

    def answer(self, request: GuardedRequest) -> dict[str, Any]:
        """接口答复: ``items`` with plain values and ``next``, the cursor for ``?after=``."""
        wanted = self.wanted(request)
        rows = self._limited(request).page(wanted, self.listing.page_size + 1)
        has_more, rows = len(rows) > self.listing.page_size, self._cut(rows, wanted)
        following = _mark(rows[-1], wanted) if has_more else None
        self._prepare(request, rows)
        names = [column.name for column in self.listing.columns]
        return {"items": [{name: row.get(name) for name in names} for row in rows], "next": following}

    def wanted(self, request: GuardedRequest) -> wanted_of.Wanted:
        """所求: read from the address."""
        listing = self.listing
        return wanted_of.read(request, listing.columns, listing.default_sort, listing.key_kind, self._closed(request))

    def _limited(self, request: GuardedRequest) -> Source:
        own = access.own_person_id(request.actor, request.route.permission, request.route.purposes)
        return self.source.limited(request.scope, self.listing.organisation, self.listing.person, own)

    def _identify_scope(self, request: GuardedRequest) -> Scope:
        if self._identify is None:
            self._identify = access.visible_organisations(
                request.actor, Permission.PERSON_IDENTIFY, request.route.purposes
            )
        return self._identify

    def _closed(self, request: GuardedRequest) -> frozenset[str]:
        """Masked columns must not filter or sort: asking often enough would tell what they hide."""
        hidden = [column.name for column in self.listing.columns if column.mask]
        if not hidden:
            return frozenset()
        identify = self._identify_scope(request)
        if isinstance(identify, AllOrganisations) or (
            not isinstance(request.scope, AllOrganisations) and request.scope and request.scope <= identify
        ):
            return frozenset()
        return frozenset(hidden)

    def _prepare(self, request: GuardedRequest, rows: list[Row]) -> None:
        listing = self.listing
        if listing.person is not None:
            note_persons(request, {row[PERSON]: row.get(ORGANISATION) or "" for row in rows if row[PERSON]})
        if listing.enrich is not None:
            listing.enrich(rows)
        for column in listing.columns:
            if column.value is not None:
                for row in rows:
                    row[column.name] = column.value(row)
        self._mask(request, rows)

    def _mask(self, request: GuardedRequest, rows: list[Row]) -> None:
        hidden = [column for column in self.listing.columns if column.mask]
        if not hidden:
            return
        identify = self._identify_scope(request)
        for row in rows:
            is_own = row[PERSON] is not None and row[PERSON] == request.actor.person_id
            if is_own or (row.get(ORGANISATION) or "") in identify:
                continue
            for column in hidden:
                assert column.mask is not None
                row[column.name] = masked(row[column.name], column.mask)

    def _cut(self, rows: list[Row], wanted: wanted_of.Wanted) -> list[Row]:
        is_backwards = wanted.cursor is not None and wanted.cursor.is_backwards
        size = self.listing.page_size
        return rows[-size:] if is_backwards else rows[:size]

    def _add_turns(self, request: GuardedRequest, page: Page, wanted: wanted_of.Wanted, has_more: bool) -> None:
        if not page.rows:
            return
        is_backwards = wanted.cursor is not None and wanted.cursor.is_backwards
        if has_more or is_backwards:
            page.next_url = with_query(request, after=_mark(page.rows[-1], wanted), before=None)
        if (has_more and is_backwards) or (wanted.cursor is not None and not is_backwards):
            page.previous_url = with_query(request, before=_mark(page.rows[0], wanted), after=None)


def _reset_url(request: GuardedRequest, kept: tuple[str, ...]) -> str:
    """The address without any condition, but with what the list is of."""
    return with_query(request, **{name: None for name in request.GET if name not in kept})


def _mark(row: Row, wanted: wanted_of.Wanted) -> str:
    return wanted_of.cursor_text(row[wanted.sort.name], row[KEY])
