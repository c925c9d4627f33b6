"""统一管理页: who sees which group, the buttons, the workbook, and what a refusal keeps."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.test.utils import override_settings
from openpyxl import load_workbook

from sanyi.insurance.package.models import UnificationState
from sanyi.insurance.package.services import unification
from tests.insurance.package.groups import GROUP, OTHER_GROUP, found
from tests.registry import county as small

PAGE = "/package/unification/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def groups(county: small.County) -> Iterator[small.County]:
    """示范县 and its neighbour, each with a group."""
    found()
    found(OTHER_GROUP)
    with override_settings(SANYI_COUNTY="370682000000"):
        yield county


def test_the_county_sees_its_groups_and_no_other(groups: small.County) -> None:
    page = groups.client("insurance_officer", small.COUNTY).get(PAGE).content.decode()
    assert "示范县医疗集团" in page
    assert "邻县" not in page
    assert "尚不能打包" in page
    assert "莱政办字〔2024〕28号" in page


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        ("hospital_director", small.HOSPITAL, True),
        ("hospital_insurance_office", small.TOWNSHIP, True),
        ("group_director", GROUP, True),
        ("group_director", OTHER_GROUP, False),
        ("hospital_director", small.OTHER_HOSPITAL, False),
    ],
)
def test_a_hospital_sees_its_own_group(groups: small.County, role: str, where: str, sees: bool) -> None:
    state = unification.begin(GROUP, "assets", by=groups.actor("group_director", GROUP))
    client = groups.client(role, where)
    assert ("示范县医疗集团" in client.get(PAGE).content.decode()) is sees
    assert client.get(f"{PAGE}{state.number}/").status_code == (200 if sees else 403)


def test_from_the_button_to_the_workbook(groups: small.County) -> None:
    director = groups.client("group_director", GROUP)
    assert "开始推进" in director.get(PAGE).content.decode()
    begun = director.post(f"{PAGE}begin/", {"group_code": GROUP, "dimension": "finance"})
    state = UnificationState.objects.get()
    assert begun.headers["Location"] == f"{PAGE}{state.number}/"
    one = director.get(begun.headers["Location"]).content.decode()
    assert 'name="reached_on"' in one
    file = ContentFile(b"x", "财务制度.txt")
    sent = {"transition": "file", "revision": "1", "reached_on": "2025-01-01", "evidence": file}
    assert director.post(f"{PAGE}{state.number}/act/", sent).status_code == 302
    bureau = groups.client("health_bureau")
    assert "核验通过" in bureau.get(f"{PAGE}{state.number}/").content.decode()
    bureau.post(f"{PAGE}{state.number}/act/", {"transition": "verify", "revision": "2"})
    book = load_workbook(io.BytesIO(bureau.get(f"{PAGE}?format=xlsx").getvalue()))
    texts = [[str(cell.value) for cell in row] for sheet in book for row in sheet.iter_rows()]
    row = next(row for row in texts if "财务管理" in row)
    assert "示范县医疗集团" in row
    assert "已核验" in row
    assert "财务制度.txt" in row


def test_a_refusal_keeps_what_was_typed(groups: small.County) -> None:
    state = unification.begin(GROUP, "assets", by=groups.actor("group_director", GROUP))
    sent = {"transition": "file", "revision": "1", "reached_on": "2999-01-01", "reason": "资产已划转"}
    sent |= {"evidence": ContentFile(b"x", "a.txt")}  # type: ignore[dict-item]
    answer = groups.client("group_director", GROUP).post(f"{PAGE}{state.number}/act/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "2999-01-01" in page
    assert "资产已划转" in page


def test_nobody_begins_for_another_group(groups: small.County) -> None:
    sent = {"group_code": OTHER_GROUP, "dimension": "assets"}
    assert groups.client("group_director", GROUP).post(f"{PAGE}begin/", sent).status_code == 422
    assert groups.client("health_bureau").post(f"{PAGE}begin/", sent).status_code == 403
    assert not UnificationState.objects.exists()
