"""Pages of lists: every row once, forward and back, whatever the order, from the database and from the lake."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.registry.access.rules import ALL
from sanyi.registry.doors.listing import Kind, ListColumn
from sanyi.registry.doors.listing.sources import FrameSource, QuerySource
from sanyi.registry.doors.listing.wanted import Cursor, Wanted
from sanyi.registry.organisations.models import Organisation
from tests.registry import county as small
from tests.registry.browsing import exported, page, shown, walked

pytestmark = pytest.mark.urls("tests.registry.door_urls")


ORDERS = {
    "stay_id": ["S1", "S2", "S3", "S5"],
    "-stay_id": ["S5", "S3", "S2", "S1"],
    "total_fen": ["S1", "S2", "S3", "S5"],
    "-total_fen": ["S3", "S1", "S2", "S5"],
    "discharged_on": ["S1", "S2", "S5", "S3"],
    "-discharged_on": ["S5", "S2", "S1", "S3"],
    "settled_at": ["S1", "S2", "S5", "S3"],
    "-weight_e6": ["S1", "S2", "S5", "S3"],
    "is_assumed": ["S2", "S3", "S5", "S1"],
    "name": ["S3", "S1", "S2", "S5"],
}


@pytest.mark.parametrize("sort", list(ORDERS))
def test_pages_forward_and_back_hold_each_row_once(county: small.County, sort: str) -> None:
    """Nothing comes last in both directions; equal values are ordered by the key."""
    client, order = county.client("insurance_officer"), ORDERS[sort]
    pages = walked(client, f"/stays/?sort={sort}", "stay_id")
    assert pages == [order[:2], order[2:]]
    second = page(client, f"/stays/?sort={sort}").next_url
    first = page(client, second).previous_url
    assert shown(client, first) == order[:2]
    assert page(client, first).previous_url == ""
    assert shown(client, page(client, first).next_url) == order[2:]
    assert [row[0] for row in exported(client, f"/stays/?sort={sort}&format=xlsx")[1:]] == order


def test_a_row_that_appears_between_two_pages_moves_nothing(county: small.County) -> None:
    client = county.client("auditor")
    second = page(client, "/organisations/?sort=code").next_url
    Organisation.objects.create(code="990000000000", name="新机构", kind="county", parent_id=small.COUNTY)
    assert shown(client, second, "code") == [small.HOSPITAL, small.BRANCH]


def test_links_keep_filter_and_sort(county: small.County) -> None:
    found = page(county.client("insurance_officer"), "/stays/?total_fen_from=1&sort=-stay_id")
    query = parse_qs(urlsplit(found.next_url).query)
    assert (query["total_fen_from"], query["sort"]) == (["1"], ["-stay_id"])
    headers = {header.name: header for header in found.headers}
    assert headers["stay_id"].direction == "descending"
    assert "sort=stay_id" in headers["stay_id"].sort_url
    assert "format=xlsx" in found.export_url and "after" not in found.export_url


def test_htmx_gets_the_rows_alone(county: small.County) -> None:
    client = county.client("insurance_officer")
    fragment = client.get("/stays/", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in fragment and "S5" in fragment
    assert "<html" in client.get("/stays/").content.decode()


def test_a_page_costs_few_queries(county: small.County, django_assert_max_num_queries: Any) -> None:
    client = county.client("auditor")
    client.get("/organisations/")
    with django_assert_max_num_queries(12):
        client.get("/organisations/")


ROWS = st.lists(
    st.tuples(st.integers(0, 3) | st.none(), st.sampled_from("ABCDEFGH")), max_size=8, unique_by=lambda row: row[1]
)


@given(ROWS, st.booleans(), st.integers(1, 3))
def test_any_rows_are_paged_completely_both_ways(
    rows: list[tuple[int | None, str]], is_descending: bool, size: int
) -> None:
    values, keys = [row[0] for row in rows], [row[1] for row in rows]
    frame = pl.DataFrame({"value": values, "key": keys}, schema={"value": pl.Int64, "key": pl.String})
    source = FrameSource(frame.lazy(), {"value": "value", "key": "key"}, "key", ())
    column = ListColumn("value", "值", "Value", Kind.INTEGER)

    def ask(cursor: Cursor | None) -> list[str]:
        wanted = Wanted((), "", column, is_descending, cursor)
        return [row["key"] for row in source.page(wanted, size)]

    by_key = dict(zip(keys, values, strict=True))
    sign = -1 if is_descending else 1
    order = sorted(keys, key=lambda key: (by_key[key] is None, sign * (by_key[key] or 0), key))
    seen: list[str] = []
    while found := ask(Cursor(by_key[seen[-1]], seen[-1], False) if seen else None):
        seen += found
    assert seen == order
    back: list[str] = []
    if order:
        last = order[-1]
        while found := ask(Cursor(by_key[back[0] if back else last], back[0] if back else last, True)):
            back = found + back
    assert back == order[:-1]


def test_both_sources_page_alike(county: small.County) -> None:
    """One meaning of order, filter and cursor, whether the rows lie in the database or in the lake."""
    beds = {small.COUNTY: 5, small.HOSPITAL: 5, small.BRANCH: 1}
    for code, count in beds.items():
        Organisation.objects.filter(code=code).update(open_bed_count=count)
    fields = {"value": "open_bed_count", "key": "code"}
    rows = list(Organisation.objects.values("open_bed_count", "code"))
    frame = pl.DataFrame(rows, schema={"open_bed_count": pl.Int64, "code": pl.String})
    query = QuerySource(Organisation.objects.all(), fields, "code", ())
    lake = FrameSource(frame.lazy(), fields, "code", ())
    column = ListColumn("value", "床位", "Beds", Kind.INTEGER, lookup="open_bed_count")
    for is_descending in (False, True):
        for is_backwards in (False, True):
            for row in [None, *rows]:
                cursor = Cursor(row["open_bed_count"], row["code"], is_backwards) if row else None
                wanted = Wanted((), "", column, is_descending, cursor)
                assert query.page(wanted, 3) == lake.page(wanted, 3)
    everything = Wanted((), "", column, False, None)
    assert list(query.all_rows(everything, 99)) == list(lake.all_rows(everything, 99))
    assert query.limited(ALL, "code", None, None) is query
    assert lake.limited(ALL, "code", None, None) is lake
    assert lake.limited(frozenset({small.HOSPITAL}), "code", None, None).count(everything) == 1
