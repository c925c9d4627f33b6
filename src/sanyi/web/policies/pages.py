"""政策参数页面: the list of all values, and one key with its history down the chain of jurisdictions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.money import format_yuan
from sanyi.kernel.policy import PolicyKey, PolicyValue
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.codes import NOT_FOUND
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.registry.policies import services as policies
from sanyi.web.templatetags.sanyi import is_english

routes = Routes("web.policies")
SHOWN_LENGTH = 60
STATES = {"current": "bg-green-lt", "ended": "bg-secondary-lt", "future": "bg-blue-lt", "set_aside": "bg-orange-lt"}


def state_words(request: HttpRequest) -> Mapping[str, str]:
    """效力状态: words of the reader's language."""
    return {"current": _("现行"), "ended": _("已失效"), "future": _("未生效"), "set_aside": _("未采用")}


def jurisdiction_words(request: HttpRequest) -> Mapping[str, str]:
    """辖区: names of those that have values of their own."""
    book = policies.book()
    codes = sorted({value.jurisdiction for value in book.entries()})
    return {code: jurisdiction_name(code) for code in codes}


LISTING = Listing(
    name="policy",
    zh="政策参数",
    en="Policy values",
    key="row",
    default_sort="name",
    organisation=None,
    search=("key", "name", "shown", "basis", "document"),
    columns=(
        ListColumn("name", "参数", "Parameter", link=lambda row: f"/policy/{row['key']}/"),
        ListColumn("shown", "取值", "Value", is_sortable=False),
        ListColumn("unit", "单位", "Unit", is_sortable=False),
        ListColumn("jurisdiction", "辖区", "Jurisdiction", filter=Filter.CHOICE, choices=jurisdiction_words),
        ListColumn("starts_on", "起始日期", "From", kind=Kind.DATE),
        ListColumn("ends_on", "截止日期", "To", kind=Kind.DATE),
        ListColumn("state", "效力", "State", filter=Filter.CHOICE, choices=state_words, badge=STATES),
        ListColumn("is_assumed", "假定", "Assumed", kind=Kind.BOOLEAN, filter=Filter.CHOICE),
        ListColumn("document", "文件", "Document"),
        ListColumn("basis", "依据", "Basis", is_sortable=False),
        ListColumn("key", "代码", "Key", is_hidden=True),
    ),
)


@routes.page(
    "policy/",
    name="list",
    permission=Permission.POLICY_READ,
    purpose=tuple(Purpose),
    zh="政策参数",
    en="Policy values",
    has_export=True,
)
def policy_list(request: GuardedRequest) -> HttpResponseBase:
    """政策参数: every value of every topic, with its dates and basis."""
    today = timezone.localdate()
    schema = {"row": pl.String, "starts_on": pl.Date, "ends_on": pl.Date, "is_assumed": pl.Boolean}
    rows = [_row(value, today) for value in policies.book().entries()]
    frame = pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)
    context = {"digest": policies.book().digest, "key_count": len(policies.book().keys())}
    return LISTING.from_frame(frame).respond(
        request, title=_("政策参数"), template="policies/list.html", context=context
    )


@routes.page(
    "policy/<str:key>/",
    name="detail",
    permission=Permission.POLICY_READ,
    purpose=tuple(Purpose),
    zh="政策参数沿革",
    en="History of a policy value",
)
def policy_detail(request: GuardedRequest, key: str) -> HttpResponseBase:
    """政策参数沿革: what is in force in this county today, and every entry of the key."""
    book, today = policies.book(), timezone.localdate()
    declared = policies.declarations().get(key)
    if declared is None:
        raise RefusedError(NOT_FOUND())
    try:
        current: PolicyValue | None = book.value(key, jurisdiction=policies.county(), on=today)
    except RefusedError:
        current = None
    context = {
        "declared": declared,
        "name": name_of(declared),
        "unit": declared.unit.en if is_english() else declared.unit.zh,
        "current": _entry(current, today) if current else None,
        "county": book.jurisdictions.full_name(policies.county(), "en" if is_english() else "zh"),
        "entries": [_entry(value, today) for value in book.history(key)],
        "chain": {code: jurisdiction_name(code) for code in book.jurisdictions.chain(policies.county())},
    }
    return render(request, "policies/detail.html", context)


def name_of(thing: PolicyKey | PolicyValue) -> str:
    """参数名称: in the reader's language."""
    return thing.name_en if is_english() else thing.name_zh


def jurisdiction_name(code: str) -> str:
    """辖区名称: in the reader's language."""
    return policies.book().jurisdictions.name(code, "en" if is_english() else "zh")


def shown_value(value: PolicyValue) -> str:
    """取值文字: amounts in yuan beside fen, tables cut short."""
    plain = value.value
    if plain is None:
        return _("待公布") if value.is_expected else _("沿用上级")
    if value.unit.startswith("fen") and isinstance(plain, int):
        return f"{format_yuan(plain)} {_('元')}"
    if value.unit == "basis_points" and isinstance(plain, int):
        return f"{plain / 100:.2f}%"
    if isinstance(plain, Mapping) or (isinstance(plain, tuple) and any(isinstance(one, Mapping) for one in plain)):
        return _("表，共 %(number)s 项") % {"number": len(plain)}
    text = "、".join(map(str, plain)) if isinstance(plain, tuple) else str(plain)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def lines_of(plain: Any) -> list[tuple[str, str]]:
    """表格取值: the lines of a mapping or list, for the page of one key."""
    if isinstance(plain, Mapping):
        return [(str(name), _flat(value)) for name, value in plain.items()]
    if isinstance(plain, tuple):
        return [(str(place), _flat(value)) for place, value in enumerate(plain, start=1)]
    return []


def state_of(value: PolicyValue, today: date) -> str:
    """效力状态: of an entry on a day."""
    if value.set_aside:
        return "set_aside"
    if value.starts_on > today:
        return "future"
    return "current" if value.covers(today) else "ended"


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{name} {_flat(item)}" for name, item in value.items())
    if isinstance(value, tuple):
        return "、".join(_flat(item) for item in value)
    return str(value)


def _row(value: PolicyValue, today: date) -> dict[str, Any]:
    unit = policies.declarations()[value.key].unit
    return {
        "row": f"{value.key}|{value.jurisdiction}|{value.starts_on}|{value.line}",
        "key": value.key,
        "name": name_of(value),
        "shown": shown_value(value),
        "unit": unit.en if is_english() else unit.zh,
        "jurisdiction": value.jurisdiction,
        "starts_on": value.starts_on,
        "ends_on": value.ends_on,
        "state": state_of(value, today),
        "is_assumed": value.is_assumed,
        "document": value.document,
        "basis": value.basis,
    }


def _entry(value: PolicyValue, today: date) -> dict[str, Any]:
    state = state_of(value, today)
    return {
        "value": value,
        "shown": shown_value(value),
        "lines": lines_of(value.value),
        "jurisdiction": jurisdiction_name(value.jurisdiction),
        "state": state,
        "state_label": state_words(HttpRequest())[state],
        "badge": STATES[state],
    }
