"""总额打包接口: budget of a year, a holder's year with advances, months and clearing, and every act of it."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema

from sanyi.insurance.package import services
from sanyi.insurance.package.codes import Base
from sanyi.insurance.package.models import Clearing, FundBudget, PackageYear
from sanyi.insurance.package.pages.acting import case_of, lead_owner
from sanyi.insurance.package.pages.holder import found
from sanyi.insurance.package.pages.table import READ_PURPOSES
from sanyi.insurance.package.pages.years import YEARS, holder_owner, year_rows
from sanyi.insurance.package.services.budgets import BudgetInput, HolderInput, ProviderInput
from sanyi.kernel.money import FEN_MAX
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("insurance.package.api")
HOLDER = "/package/years/{int:year}/holders/{holder}"
Fen = Annotated[int, Field(ge=-FEN_MAX, le=FEN_MAX)]
Count = Annotated[int, Field(ge=-1, le=10**9)]
_OWN: dict[str, Any] = {"subject": Subject.ORGANISATION, "organisation_of": holder_owner}
_LEAD: dict[str, Any] = {"subject": Subject.ORGANISATION, "organisation_of": lead_owner}


class HolderBody(Schema):
    """医共体的参保情况: one count for all months, or twelve."""

    code: str = Field(..., max_length=12)
    insured_by_month: list[Count] = Field(..., min_length=1, max_length=12)
    risk_index_e6: Count = 1_000_000


class ProviderBody(Schema):
    """机构近三年支出: earliest first."""

    code: str = Field(..., max_length=12)
    spends_fen: list[Fen] = Field(..., min_length=3, max_length=3)
    has_own: bool = False


class BudgetBody(Schema):
    """预算编制: what is not known is null, never zero."""

    insured_count: Count | None = None
    holders: list[HolderBody] = Field(default_factory=list, max_length=200)
    history_fen: list[Fen | None] = Field(default=[None, None, None], min_length=3, max_length=3)
    base: Base | None = None
    financing_fen: Count | None = None
    employee_pool_fen: Fen = 0
    adjustment_fen: Fen = 0
    growth_bp: Annotated[int, Field(ge=-10_000, le=100_000)] | None = None
    providers: list[ProviderBody] = Field(default_factory=list, max_length=2000)


class StepBody(Schema):
    """办理: one step of a case of the package; ``revision`` is the one last read."""

    transition: str = Field(..., max_length=64)
    revision: int
    reason: str = Field("", max_length=400)
    amount_fen: Fen | None = None
    insured_by_month: list[Count] | None = Field(None, min_length=12, max_length=12)
    score_e4: Count | None = None
    score_basis: str = Field("", max_length=400)


class TextBody(Schema):
    """说明."""

    text: str = Field("", max_length=400)


class MonthBody(Schema):
    """月份: 1 to 12."""

    month: Count


class DisputeBody(Schema):
    """异议: without a month about the clearing."""

    text: str = Field(..., max_length=400)
    month: Count | None = None
    claim_fen: Fen | None = None


class FindingBody(Schema):
    """内部监督问题."""

    member_code: str = Field(..., max_length=12)
    month: Count
    amount_fen: Fen
    text: str = Field(..., max_length=400)


class StreamBody(Schema):
    """四打包资金: what a stream brings in the year."""

    amount_fen: Fen


class ReleaseBody(Schema):
    """四打包拨付: people to be served and served, score of health results."""

    quarter: Count
    target_count: Count
    served_count: Count
    score_e4: Count


@routes.api(
    "GET", "/package/years", name="years", permission=Permission.PACKAGE_READ, purpose=READ_PURPOSES,
    zh="总额打包", en="Packages of the fund",
)  # fmt: skip
def years(request: GuardedRequest) -> dict[str, Any]:
    """总额打包: the same filters, order and pages as the list on the site."""
    return YEARS.from_frame(year_rows(request)).answer(request)


@routes.api(
    "GET", "/package/years/{int:year}/budget", name="budget", permission=Permission.PACKAGE_MANAGE,
    purpose=READ_PURPOSES, zh="查询基金预算", en="Read the budget",
)  # fmt: skip
def budget(request: GuardedRequest, year: int) -> dict[str, Any]:
    """查询基金预算: both base numbers, the principles, indicators, parts of the holders."""
    return _budget(services.budgets.require_budget(year))


@routes.api(
    "POST", "/package/years/{int:year}/budget", name="budget_set", permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK, zh="编制基金预算", en="Set the budget",
)  # fmt: skip
def budget_set(request: GuardedRequest, year: int, body: BudgetBody) -> dict[str, Any]:
    """编制基金预算: until somebody has applied."""
    asked = body.dict(exclude={"holders", "providers", "history_fen"})
    given = BudgetInput(
        **asked,
        history_fen=tuple(body.history_fen),
        holders=tuple(HolderInput(one.code, tuple(one.insured_by_month), one.risk_index_e6) for one in body.holders),
        providers=tuple(ProviderInput(one.code, tuple(one.spends_fen), one.has_own) for one in body.providers),
    )
    return _budget(services.budgets.set_budget(year, given, by=request.actor))


@routes.api(
    "GET", "/package/years/{int:year}/history", name="history", permission=Permission.PACKAGE_MANAGE,
    purpose=READ_PURPOSES, zh="近三年基金支出", en="Spending of three years",
)  # fmt: skip
def history(request: GuardedRequest, year: int) -> dict[str, Any]:
    """近三年基金支出: of the county and of each institution, from closed settlements; null where a year has none."""
    known = services.history.known(year)
    return {"years": list(known.years), "county_fen": list(known.county_fen), "providers_fen": known.providers_fen}


@routes.api(
    "GET", HOLDER, name="holder", permission=Permission.PACKAGE_READ, purpose=READ_PURPOSES, **_OWN,
    zh="查询打包年度", en="Read a holder's year",
)  # fmt: skip
def holder_year(request: GuardedRequest, year: int, holder: str) -> dict[str, Any]:
    """查询打包年度: budget, plan, advances, closed months, clearings, forecast, cases with their revisions."""
    return _holder(found(year, holder))


@routes.api(
    "POST", HOLDER + "/apply", name="apply", permission=Permission.PACKAGE_APPLY, purpose=AT_WORK, **_LEAD,
    zh="申请打包", en="Apply for the package",
)  # fmt: skip
def apply(request: GuardedRequest, year: int, holder: str, body: TextBody) -> dict[str, Any]:
    """申请打包: by the lead hospital for all members."""
    case = services.years.apply(found(year, holder), by=request.actor, text=body.text)
    return {"case": case.number, "state": case.state, "revision": case.revision}


@routes.api(
    "POST", HOLDER + "/cases/{number}", name="act", permission=Permission.CASE_ACT, purpose=AT_WORK, **_OWN,
    zh="办理打包事项", en="Act on a package",
)  # fmt: skip
def act(request: GuardedRequest, year: int, holder: str, number: str, body: StepBody) -> dict[str, Any]:
    """办理打包事项: any step that needs no file."""
    data = body.dict(exclude={"transition", "revision", "reason"}, exclude_none=True, exclude_defaults=True)
    case = cases.act(
        case_of(found(year, holder), number), body.transition, request.actor, body.reason,
        revision=body.revision, data=data,
    )  # fmt: skip
    return {"case": case.number, "state": case.state, "revision": case.revision}


@routes.api(
    "POST", HOLDER + "/sign", name="sign", permission=Permission.CASE_ACT, purpose=AT_WORK, **_OWN,
    zh="签订打包协议", en="Sign the agreement",
)  # fmt: skip
def sign(request: GuardedRequest, year: int, holder: str, number: str, revision: int) -> dict[str, Any]:
    """签订打包协议: a form with the signed agreement and the members' mandates in the field ``evidence``."""
    files = request.FILES.getlist("evidence")
    held = case_of(found(year, holder), number)
    case = cases.act(held, "sign", request.actor, evidence=files, revision=revision)
    return {"case": case.number, "state": case.state, "revision": case.revision}


@routes.api(
    "POST", HOLDER + "/advances", name="advance", permission=Permission.PACKAGE_MANAGE, purpose=AT_WORK, **_OWN,
    zh="办理月度预拨", en="Order an advance",
)  # fmt: skip
def advance(request: GuardedRequest, year: int, holder: str, body: MonthBody) -> dict[str, Any]:
    """办理月度预拨: another person pays it (step ``pay`` of its case)."""
    row = services.advances.request(found(year, holder), body.month, by=request.actor)
    return {"case": row.case.number, "month": row.month, "due_fen": row.due_fen, "deducted_fen": row.deducted_fen}


@routes.api(
    "GET", HOLDER + "/months/{int:month}", name="month", permission=Permission.PACKAGE_READ, purpose=READ_PURPOSES,
    **_OWN, zh="月度预结算", en="Account of a month",
)  # fmt: skip
def month_account(request: GuardedRequest, year: int, holder: str, month: int) -> dict[str, Any]:
    """月度预结算: every revision that was closed; while none is, what closing would freeze."""
    row = found(year, holder)
    kept = [
        {"revision": one.revision, "state": one.state, "settlement_number": one.settlement_number,
         "inputs_digest": one.inputs_digest, "figures": one.figures, "reason": one.reason}
        for one in services.months.accounts_of(row) if one.month == month
    ]  # fmt: skip
    return {"month": month, "revisions": kept, "preview": None if kept else services.months.preview(row, month)}


@routes.api(
    "POST", HOLDER + "/months/{int:month}/close", name="month_close", permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK, **_OWN, zh="锁定月度核算", en="Close a month",
)  # fmt: skip
def month_close(request: GuardedRequest, year: int, holder: str, month: int) -> dict[str, Any]:
    """锁定月度核算."""
    row = services.months.close_month(found(year, holder), month, by=request.actor)
    return {"month": row.month, "revision": row.revision, "inputs_digest": row.inputs_digest, "figures": row.figures}


@routes.api(
    "POST", HOLDER + "/months/{int:month}/reopen", name="month_reopen", permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK, **_OWN, zh="重开月度核算", en="Reopen a month",
)  # fmt: skip
def month_reopen(request: GuardedRequest, year: int, holder: str, month: int, body: TextBody) -> dict[str, Any]:
    """重开月度核算: the text is the reason."""
    row = services.months.reopen_month(found(year, holder), month, reason=body.text, by=request.actor)
    return {"month": row.month, "revision": row.revision, "state": row.state}


@routes.api(
    "POST", HOLDER + "/clearing", name="clearing_open", permission=Permission.PACKAGE_MANAGE, purpose=AT_WORK, **_OWN,
    zh="开始清算", en="Open the clearing",
)  # fmt: skip
def clearing_open(request: GuardedRequest, year: int, holder: str) -> dict[str, Any]:
    """开始清算: its steps are those of its case."""
    return _clearing(services.clearings.open_clearing(found(year, holder), by=request.actor))


@routes.api(
    "GET", HOLDER + "/clearing", name="clearing", permission=Permission.PACKAGE_READ, purpose=READ_PURPOSES, **_OWN,
    zh="查询年终清算", en="Read the clearing",
)  # fmt: skip
def clearing(request: GuardedRequest, year: int, holder: str) -> dict[str, Any]:
    """查询年终清算: every revision with its result and digests, and whether its inputs give the same bytes again."""
    rows = services.clearings.clearings(found(year, holder))
    return {"revisions": [_clearing(one) for one in rows]}


@routes.api(
    "POST", HOLDER + "/disputes", name="dispute", permission=Permission.PACKAGE_APPLY, purpose=AT_WORK, **_LEAD,
    zh="提出异议", en="Raise a dispute",
)  # fmt: skip
def dispute(request: GuardedRequest, year: int, holder: str, body: DisputeBody) -> dict[str, Any]:
    """提出异议: about a closed month or the clearing."""
    row = services.disputes.raise_dispute(found(year, holder), **body.dict(), by=request.actor)
    return {"case": row.case.number, "revision_disputed": row.revision}


@routes.api(
    "POST", HOLDER + "/findings", name="finding", permission=Permission.PACKAGE_APPLY, purpose=AT_WORK, **_LEAD,
    zh="登记监督发现", en="Record a finding",
)  # fmt: skip
def finding(request: GuardedRequest, year: int, holder: str, body: FindingBody) -> dict[str, Any]:
    """登记监督发现: about a member, who corrects it."""
    row = services.disputes.raise_finding(found(year, holder), **body.dict(), by=request.actor)
    return {"case": row.case.number}


@routes.api(
    "POST", HOLDER + "/streams/{stream}", name="stream", permission=Permission.PACKAGE_MANAGE, purpose=AT_WORK, **_OWN,
    zh="填报四打包资金", en="Enter a stream",
)  # fmt: skip
def stream_set(request: GuardedRequest, year: int, holder: str, stream: str, body: StreamBody) -> dict[str, Any]:
    """填报四打包资金."""
    row = services.streams.set_stream(found(year, holder), stream, body.amount_fen, by=request.actor)
    return {"stream": row.stream, "amount_fen": row.amount_fen, "revision": row.revision}


@routes.api(
    "POST", HOLDER + "/streams/{stream}/releases", name="release", permission=Permission.PACKAGE_APPROVE,
    purpose=AT_WORK, **_OWN, zh="拨付四打包资金", en="Release a stream",
)  # fmt: skip
def release(request: GuardedRequest, year: int, holder: str, stream: str, body: ReleaseBody) -> dict[str, Any]:
    """拨付四打包资金: once a quarter, for people served and health results."""
    asked = body.dict()
    row = services.streams.release(found(year, holder), stream, asked.pop("quarter"), **asked, by=request.actor)
    return {"quarter": row.quarter, "due_fen": row.due_fen, "amount_fen": row.amount_fen, "entry": row.entry_number}


def _budget(row: FundBudget) -> dict[str, Any]:
    names = ("year", "base", "income_fen", "income_budget_fen", "history_budget_fen", "budget_fen", "figures",
             "rules_digest", "is_assumed", "set_by_name")  # fmt: skip
    parts = row.holders.order_by("holder_code")
    holders = [{"code": one.holder_code, "kind": one.holder_kind, "budget_fen": one.budget_fen} for one in parts]
    return {name: getattr(row, name) for name in names} | {"holders": holders}


def _holder(row: PackageYear) -> dict[str, Any]:
    names = ("year", "holder_code", "holder_kind", "lead_code", "insured_by_month", "risk_index_e6", "budget_fen",
             "adjustment_fen", "adjusted_fen", "deposit_fen", "step", "agreed_on")  # fmt: skip
    plan, forecast = services.years.plan(row), services.months.forecast_of(row)
    seen = ("month", "state", "due_fen", "deducted_fen", "paid_fen", "entry_number")
    closed = ("month", "revision", "charged_fen", "direct_fen", "settlement_number")
    current = services.clearings.current(row)
    return {name: getattr(row, name) for name in names} | {
        "case": _case(row.case),
        "plan": {"due_fen": list(plan.due_fen), "deposit_fen": plan.deposit_fen},
        "advances": [
            {name: getattr(one, name) for name in seen} | {"case": _case(one.case)}
            for one in services.advances.advances(row)
        ],
        "months": [{name: getattr(one, name) for name in closed} for one in services.months.closed_months(row)],
        "clearing": _clearing(current) if current else None,
        "forecast": {
            "method": forecast.method, "month_count": forecast.month_count, "year_fen": forecast.year_fen,
            "balance_fen": forecast.balance_fen, "excess_bp": forecast.excess_bp, "level": forecast.level.value,
        },
        "streams": [
            {"stream": one.stream.value, "amount_fen": one.amount_fen, "released_fen": one.released_fen}
            for one in services.streams.four(row)
        ],
    }  # fmt: skip


def _case(case: cases.Case | None) -> dict[str, Any] | None:
    if case is None:
        return None
    return {"number": case.number, "state": case.state, "revision": case.revision, "deadline_at": case.deadline_at}


def _clearing(row: Clearing) -> dict[str, Any]:
    names = ("revision", "step", "is_current", "settlement_number", "score_e4", "score_basis", "inputs_digest",
             "result_digest", "due_fen", "reason")  # fmt: skip
    found_one = {name: getattr(row, name) for name in names} | {"case": _case(row.case)}
    return found_one | {
        "result": services.clearings.result_of(row) or None,
        "is_replayed": services.clearings.replay(row) if row.result else None,
    }
