"""出错页面: what a reader sees when a page cannot be shown; always a sentence and a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _answer(request: HttpRequest, status: int, icon: str, heading: str, text: str) -> HttpResponse:
    context = {"status": status, "icon": icon, "heading": heading, "text": text}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself could not be read."""
    return _answer(
        request, 400, "file-alert", _("请求无法识别"), _("提交的内容不完整或格式不对。请返回上一页，刷新后重新提交。")
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not for this."""
    return _answer(
        request, 403, "lock", _("无权查看"), _("您的角色不能打开这个页面。如工作需要，请向本单位的系统管理员申请授权。")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page or record."""
    return _answer(
        request,
        404,
        "map-question",
        _("没有找到"),
        _("没有这个页面，或该记录不存在。请核对网址，或从左侧导航重新进入。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of the program; apologised for, never explained away. Needs neither database nor session."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long or came from elsewhere."""
    return _answer(
        request,
        403,
        "shield-x",
        _("页面已失效"),
        _(
            "这个页面打开的时间过长，或浏览器没有保留登录信息，因此没有提交，数据没有改变。请返回上一页，刷新后重新提交。"
        ),
    )
