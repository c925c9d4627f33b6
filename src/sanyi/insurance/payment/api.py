"""支付接口: the same results in the same scope: settlements, stays, statements, groups, special cases."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from sanyi.insurance.payment import services
from sanyi.insurance.payment.models import Settlement, SpecialCase
from sanyi.insurance.payment.pages import cases as case_pages
from sanyi.insurance.payment.pages import specials as special_pages
from sanyi.insurance.payment.pages.doors import READ, WORK, chosen, stays_scope
from sanyi.insurance.payment.pages.groups import GROUPS, group_rows, point_rows
from sanyi.insurance.payment.pages.settlements import SETTLEMENTS, settlement_owner
from sanyi.insurance.payment.pages.statements import STATEMENTS, statement_rows
from sanyi.insurance.payment.pages.statements import owner as statement_owner
from sanyi.insurance.payment.services import statements
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.doors.services import note_persons

routes = Routes("insurance.payment.api")


class ComputeBody(Schema):
    """测算请求."""

    period: str = Field(..., max_length=7, description="年份或年月，如 2025、2025-03")


class ActBody(Schema):
    """结账或重开: ``revision`` is the case's, as the answer of the settlement gives it."""

    act: str = Field(..., pattern="close|reopen")
    revision: int
    reason: str = Field("", max_length=400)


class DecideBody(Schema):
    """单议办理: the amount in yuan for the two reviews."""

    act: str = Field(..., pattern="review|approve|reject|withdraw")
    revision: int
    reason: str = Field("", max_length=2000)
    amount: str = Field("", max_length=20)


@routes.api(
    "GET",
    "/payment/settlements",
    name="settlements",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="支付结算",
    en="Settlements",
)
def settlements(request: GuardedRequest) -> dict[str, Any]:
    """支付结算: the same filters, order and pages as the list on the site."""
    return SETTLEMENTS.from_query(Settlement.objects.all()).answer(request)


@routes.api(
    "POST",
    "/payment/settlements",
    name="compute",
    permission=Permission.PAYMENT_RUN,
    purpose=WORK,
    zh="发起支付测算",
    en="Compute a settlement",
)
def compute(request: GuardedRequest, body: ComputeBody) -> dict[str, Any]:
    """发起支付测算: a job; ask ``/runs/{number}`` until it is done."""
    year, month = services.period_of(body.period)
    return {"run_number": services.start(year, month, by=request.actor)}


@routes.api(
    "GET",
    "/payment/settlements/{number}",
    name="settlement",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.CASE,
    organisation_of=settlement_owner,
    zh="支付结算详情",
    en="A settlement",
)
def settlement(request: GuardedRequest, number: str) -> dict[str, Any]:
    """支付结算详情: state, figures, frozen inputs, digests, what stands against closing."""
    return _answer(_settlement(number))


@routes.api(
    "POST",
    "/payment/settlements/{number}/act",
    name="act",
    permission=Permission.PAYMENT_CLOSE,
    purpose=WORK,
    subject=Subject.CASE,
    organisation_of=settlement_owner,
    zh="结账或重开",
    en="Close or reopen",
)
def act(request: GuardedRequest, number: str, body: ActBody) -> dict[str, Any]:
    """结账或重开: closing answers with the closed settlement, reopening with the next revision."""
    how: dict[str, Any] = {"by": request.actor, "reason": body.reason, "revision": body.revision}
    found = _settlement(number)
    return _answer(services.reopen(found, **how) if body.act == "reopen" else services.close(found, **how))


@routes.api(
    "POST",
    "/payment/settlements/{number}/replay",
    name="replay",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.CASE,
    organisation_of=settlement_owner,
    zh="复算",
    en="Compute again",
)
def replay(request: GuardedRequest, number: str) -> dict[str, Any]:
    """复算: whether the frozen inputs give the same bytes, table by table."""
    found = services.replay(_settlement(number), by=request.actor)
    digests = [{"table": name, "then": then, "now": now} for name, (then, now) in found.digests.items()]
    return {"period": found.period, "is_same": found.is_same, "digests": digests}


@routes.api(
    "GET",
    "/payment/cases",
    name="cases",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="病例支付",
    en="Payment of stays",
)
def cases(request: GuardedRequest) -> dict[str, Any]:
    """病例支付: of ``?period=``; the same filters, order, pages and scope as the list on the site."""
    found = chosen(request)
    listed = case_pages.CASES.from_frame(case_pages.case_rows(request)).answer(request)
    return {"period": found.period if found else None, "settlement": found.number if found else None, **listed}


@routes.api(
    "GET",
    "/payment/cases/{institution_code}/{settlement_id}",
    name="case",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.STAY,
    organisation_of=case_pages.owner,
    person_of=case_pages.person,
    zh="病例支付说明",
    en="Why a stay is paid so",
)
def case(request: GuardedRequest, institution_code: str, settlement_id: str) -> dict[str, Any]:
    """病例支付说明: its row and every step with clause, value, dates, inputs and document."""
    case_pages.refuse_unless_stays(request, institution_code)
    found = services.found_case(institution_code, settlement_id)
    assert found is not None, "the guard has found it"
    note_persons(request, ())
    row, of = found
    shown = {name: row[name] for name in case_pages.PAID_COLUMNS}
    return {"settlement": of.number, "case": shown, "steps": services.steps_of(row, of, language())}


@routes.api(
    "GET",
    "/payment/statements",
    name="statements",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="结算单",
    en="Statements",
)
def statement_list(request: GuardedRequest) -> dict[str, Any]:
    """结算单: months and years of every institution in the reader's scope."""
    return STATEMENTS.from_frame(statement_rows()).answer(request)


@routes.api(
    "GET",
    "/payment/statements/{institution_code}/{period}",
    name="statement",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.ORGANISATION,
    organisation_of=statement_owner,
    zh="机构结算单",
    en="Statement of an institution",
)
def statement(request: GuardedRequest, institution_code: str, period: str) -> dict[str, Any]:
    """机构结算单: sums alone; the stays are asked for with ``/payment/cases``."""
    found = statements.statement(institution_code, period)
    assert found is not None, "the guard has found it"
    names = ("institution_code", "institution_name", "period", "through", "methods", "months", "totals", "year",
             "reasons", "assumed")  # fmt: skip
    about = {"settlement": found.settlement.number, "is_closed": found.is_closed}
    return about | {name: getattr(found, name) for name in names}


@routes.api(
    "GET",
    "/payment/groups",
    name="groups",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="病组盈亏",
    en="Profit and loss of groups",
)
def groups(request: GuardedRequest) -> dict[str, Any]:
    """病组盈亏: the same filters, order, pages and scope as the list on the site."""
    return GROUPS.from_frame(group_rows(request)).answer(request)


@routes.api(
    "GET",
    "/payment/points",
    name="points",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="点值走势",
    en="Point values",
)
def points(request: GuardedRequest, year: int) -> dict[str, Any]:
    """点值: of every pool and settlement of a year."""
    hidden = ("state", "points_shown", "value_shown")
    return {"items": [{name: row[name] for name in row if name not in hidden} for row in point_rows(year)]}


@routes.api(
    "GET",
    "/payment/special",
    name="specials",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="特例单议",
    en="Special cases",
)
def special_list(request: GuardedRequest) -> dict[str, Any]:
    """特例单议: of the institutions whose stays the reader may see."""
    scope, query = stays_scope(request), SpecialCase.objects.all()
    if not isinstance(scope, AllOrganisations):
        query = query.filter(institution_code__in=scope)
    return special_pages.SPECIALS.from_query(query).answer(request)


@routes.api(
    "POST",
    "/payment/special/{number}/act",
    name="decide",
    permission=Permission.CASE_ACT,
    purpose=WORK,
    subject=Subject.ORGANISATION,
    organisation_of=special_pages.special_owner,
    zh="办理特例单议",
    en="Decide a special case",
)
def decide(request: GuardedRequest, number: str, body: DecideBody) -> dict[str, Any]:
    """办理特例单议: who may is decided by the workflow."""
    found = SpecialCase.objects.select_related("case").get(case__number=number)
    how: dict[str, Any] = {"reason": body.reason, "amount": body.amount, "revision": body.revision}
    moved = services.decide(found, body.act, by=request.actor, **how)
    return {"number": number, "state": moved.case.state, "approved_fen": moved.approved_fen}


def _settlement(number: str) -> Settlement:
    found = services.get(number)
    assert found is not None, "the guard has found it"
    return found


def _answer(found: Settlement) -> dict[str, Any]:
    fresh = _settlement(found.number)
    is_computed = fresh.state == "computed"
    obstacles = [one for error in services.obstacles(fresh) for one in error.refusals] if is_computed else []
    return {
        "number": fresh.number,
        "period": fresh.period,
        "revision_of_period": fresh.revision,
        "revision": fresh.case.revision,
        "state": fresh.state,
        "run_number": fresh.run_number,
        "summary": fresh.summary,
        "rules_digest": fresh.rules_id,
        "result_digest": fresh.result_digest,
        "result_digests": fresh.result_digests,
        "tables": fresh.inputs.get("tables", {}),
        "obstacles": [one.as_dict(language()) for one in obstacles],
        "differences": services.differences(fresh).to_dicts() if fresh.result_digest else [],
    }
