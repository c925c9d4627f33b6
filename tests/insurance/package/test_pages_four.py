"""四打包页: streams are entered and released by quarter for people served and results, under Sanming's rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings

from sanyi.insurance.package.models import PackageStream, StreamRelease
from tests.insurance.package import agreed
from tests.insurance.package.groups import GROUP
from tests.registry import county as small

PAGE, SET = "/package/four/", f"/package/four/{agreed.YEAR}/{GROUP}/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def youxi(db: object) -> Iterator[small.County]:
    """示范县 under the rules of document 000, with a signed package."""
    with override_settings(SANYI_COUNTY="350426000000"):
        county = agreed.build()
        agreed.agree(county)
        yield county


def test_four_streams_are_one_budget(youxi: small.County) -> None:
    officer = youxi.client("insurance_officer")
    page = officer.get(PAGE).content.decode()
    for said in ("医保基金", "疾病病种组费用", "基本公共卫生服务补助经费", "财政补助资金", "未填报"):
        assert said in page, said
    assert officer.post(SET, {"stream": "public_health", "amount": "4000000"}).status_code == 302
    sent = {"what": "release", "stream": "public_health", "quarter": "1", "target_count": "1000"}
    assert officer.post(SET, sent | {"served_count": "900", "score": "80"}).status_code == 302
    made = StreamRelease.objects.get()
    page = officer.get(PAGE).content.decode()
    for said in ("4,000,000.00", "900／1,000", "80.00", f"/ledger/entries/{made.entry_number}/"):
        assert said in page, said
    again = officer.post(SET, sent | {"served_count": "900", "score": "80"})
    assert again.status_code == 409


def test_a_wrong_stream_or_count_is_told(youxi: small.County) -> None:
    officer = youxi.client("insurance_officer")
    assert officer.post(SET, {"stream": "fund", "amount": "1"}).status_code == 422
    assert officer.post(SET, {"stream": "fiscal", "amount": "许多"}).status_code == 422
    officer.post(SET, {"stream": "fiscal", "amount": "100"})
    sent = {"what": "release", "stream": "fiscal", "quarter": "1"}
    sent |= {"target_count": "", "served_count": "1", "score": "90"}
    answer = officer.post(SET, sent)
    assert answer.status_code == 422
    assert "服务人数目标" in answer.content.decode()
    assert not StreamRelease.objects.exists()


def test_only_the_bureau_enters_money(youxi: small.County) -> None:
    strangers = (("group_director", GROUP), ("finance_officer", None), ("insurance_officer", small.OTHER_COUNTY))
    for role, where in strangers:
        assert youxi.client(role, where).post(SET, {"stream": "fiscal", "amount": "1"}).status_code == 403
    assert not PackageStream.objects.exists()
