"""出错页面: every failure has a sentence in the reader's language and a way on."""

import pytest
from django.test import Client, RequestFactory

from sanyi.web import error_pages

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_answered_in_chinese(client: Client) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_a_fault_is_apologised_for_without_a_stack_trace() -> None:
    answer = error_pages.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()


@pytest.mark.parametrize(("view", "status"), [(error_pages.bad_request, 400), (error_pages.permission_denied, 403)])
def test_other_errors_have_their_page(rf: RequestFactory, view: object, status: int) -> None:
    request = rf.get("/")
    answer = view(request)  # type: ignore[operator]
    assert answer.status_code == status
    assert "返回首页" in answer.content.decode()
