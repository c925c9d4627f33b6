"""演示基金年度: the package's budget, agreement and advances, pre-settled and closed months, one special case: what an
insurance bureau would have done so far, through the services that everybody uses.

The leading group goes all the way to advances; the county's other groups have their part of the budget and have not
applied yet. A later step that somebody has to take stays open: an advance to be paid, a computed month to be closed, a
special case to be reviewed. Doing it again adds nothing: an interrupted build goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from django.core.files.base import ContentFile
from django.utils import timezone

from sanyi.demo import disease_catalogue, sign_ins
from sanyi.demo.county import County
from sanyi.insurance.package import services as package
from sanyi.insurance.package.codes import YearStep
from sanyi.insurance.package.codes.unification import UnificationStep
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.services.budgets import BudgetInput, HolderInput
from sanyi.insurance.payment import services as payment
from sanyi.insurance.payment.models import SpecialCase
from sanyi.insurance.payment.workflow import CLOSED, COMPUTED
from sanyi.kernel.money import format_yuan
from sanyi.registry.cases import services as cases
from sanyi.registry.people.models import Person
from sanyi.registry.runs import services as runs

Report = Callable[[int, int], None]
ADVANCED, CLOSED_MONTHS = 6, 3
"""预拨月数与结账月数: advances paid, and months closed, by the time somebody looks at the demonstration."""
_BEGUN = 3  # unifications under way where a county does not ask for all
_PAPER = "演示文件：不涉及任何真实单位和个人。\n"


def leave(county: County, report: Report) -> None:
    """留下基金年度: budget, agreement, advances, months, special case, in this order."""
    year, steps = county.profile.last_day.year, ADVANCED + CLOSED_MONTHS + 4
    disease_catalogue.leave(county)
    if package.budgets.budget(year) is None:
        package.budgets.set_budget(year, budget_of(county), by=sign_ins.actor("insurance"))
    report(1, steps)
    held = _agreed(year)
    report(2, steps)
    if held is not None:
        _advance(held, lambda done: report(2 + done, steps))
    for month in range(1, CLOSED_MONTHS + 2):
        _settle(year, month, is_closed=month <= CLOSED_MONTHS)
        if held is not None and month <= CLOSED_MONTHS:
            _account(held, month)
        report(2 + ADVANCED + month, steps)
    last = county.profile.last_day.month
    if _settle(year, last, is_closed=False):
        _apply_for_special_case(year)
    report(steps, steps)


def budget_of(county: County) -> BudgetInput:
    """预算输入: the insured of each group by the township's hospital, and what three years before would have cost."""
    year, frame = county.profile.last_day.year, county.institutions.frame
    group_of = dict(frame.select("code", "group_code").iter_rows())
    groups = sorted(package.holders.consortia(date(year, 1, 1)))
    counts = dict.fromkeys(groups, 0)
    managed = Person.objects.filter(died_on__isnull=True).values_list("managing_organisation_id", flat=True)
    for organisation in managed.iterator():
        group = group_of.get(organisation)
        counts[group if group in counts else groups[0]] += 1
    insured = sum(counts.values())
    spent = county.profile.figure("fund_spent_before")
    return BudgetInput(
        insured_count=insured,
        holders=tuple(HolderInput(code, (max(count, 1),)) for code, count in counts.items()),
        history_fen=tuple(insured * each for each in spent),
    )


def _agreed(year: int) -> PackageYear | None:
    """The agreement of the group whose director signs in here; None while a county's gate keeps it from applying."""
    director = sign_ins.actor("group")
    row = package.years.require(year, director.organisation_code)
    if row.case is None:
        _unify(row.holder_code, date(year, 1, 1))
        if not package.unification.gate(row.holder_code, timezone.localdate()).is_open:
            return None
        package.years.apply(row, by=director, text="演示：由牵头医院代表全部成员单位申请")
        row = package.years.require(year, row.holder_code)
    step_of = {
        YearStep.APPLIED: ("endorse", "health"),
        YearStep.ENDORSED: ("review", "insurance"),
        YearStep.REVIEWED: ("file", "finance"),
        YearStep.FILED: ("sign", "group"),
    }
    while YearStep(row.step) in step_of:
        step, who = step_of[YearStep(row.step)]
        assert row.case is not None, "a step belongs to a case"
        paper = [ContentFile(_PAPER.encode(), "服务协议（演示）.txt")] if step == "sign" else []
        cases.act(row.case, step, sign_ins.actor(who), "同意（演示）", evidence=paper)
        row = package.years.require(year, row.holder_code)
    return row if row.agreed_on is not None else None


def _unify(group: str, reached_on: date) -> None:
    """Six unifications: all verified where the county asks for them; elsewhere one, one to be verified, one begun."""
    director, health = sign_ins.actor("group"), sign_ins.actor("health")
    is_asked = not package.unification.gate(group, timezone.localdate()).is_open
    dimensions = package.unification.dimensions()
    for place, dimension in enumerate(dimensions if is_asked else dimensions[:_BEGUN]):
        is_filed, is_verified = is_asked or place < _BEGUN - 1, is_asked or place == 0
        found = package.unification.current(group).filter(dimension=dimension.code).first()
        found = found or package.unification.begin(group, dimension.code, by=director)
        case = cases.get(found.number)
        assert case is not None, "a state belongs to a case"
        if is_filed and case.state == UnificationStep.IN_PROGRESS:
            paper, when = ContentFile(_PAPER.encode(), "统一管理证据（演示）.txt"), {"reached_on": str(reached_on)}
            case = cases.act(case, "file", director, evidence=[paper], data=when)
        if is_verified and case.state == UnificationStep.REACHED:
            cases.act(case, "verify", health)


def _advance(row: PackageYear, report: Callable[[int], None]) -> None:
    """Months paid one after the other, and the next one requested: somebody has to pay it."""
    officer, finance = sign_ins.actor("insurance"), sign_ins.actor("finance")
    for month in range(1, ADVANCED + 2):
        found = [one for one in package.advances.advances(row) if one.month == month and one.case.state != "cancelled"]
        one = found[0] if found else package.advances.request(row, month, by=officer)
        if month <= ADVANCED:
            if one.case.state == "requested":
                package.advances.pay(one, by=finance)
            report(month)


def _settle(year: int, month: int, *, is_closed: bool) -> bool:
    """Compute a month, and close it by a second officer where nothing stands against it; whether it is computed."""
    held = payment.in_force(year, month)
    if held is None or held.state not in (COMPUTED, CLOSED):
        if held is not None and payment.running(held) is not None:
            return False  # a build that was killed had left it there; the worker of the site takes it up again
        runs.carry_out(payment.start(year, month, by=sign_ins.actor("insurance")))
        held = payment.in_force(year, month)
    if held is not None and is_closed and held.state == COMPUTED and not payment.obstacles(held):
        payment.close(held, by=sign_ins.actor("review"), reason="演示：月度核对无误")
    return held is not None and held.state in (COMPUTED, CLOSED)


def _account(row: PackageYear, month: int) -> None:
    """The package's account of a month whose settlement is closed."""
    settled = payment.in_force(row.year, month)
    is_done = any(one.month == month for one in package.months.closed_months(row))
    if settled is not None and settled.state == CLOSED and not is_done:
        package.months.close_month(row, month, by=sign_ins.actor("insurance"))


def _apply_for_special_case(year: int) -> None:
    """The county hospital's insurance office files the stay that lost it most, as long as time limit and cap allow."""
    office, held = sign_ins.actor("office"), payment.newest(year)
    if held is None or SpecialCase.objects.filter(discharged_on__year=year).exists():
        return
    found = _dearest(payment.table(held, payment.RESULTS[0]), year, office.organisation_code)
    if found is None:
        return
    settlement_id, total_fen = found
    payment.apply(
        office.organisation_code,
        settlement_id,
        amount=format_yuan(total_fen),
        ground="重症抢救，合并症多，费用远高于同病组（演示）",
        evidence=[ContentFile(_PAPER.encode(), "病情说明（演示）.txt")],
        by=office,
    )


def _dearest(paid: pl.DataFrame, year: int, institution: str) -> tuple[str, int] | None:
    """Settlement and total of the stay with the greatest loss among those that may still be filed; None without one."""
    rooms = {method: payment.room(method, year) for method in payment.capped_methods()}
    is_open = pl.col("method").is_in([method for method, room in rooms.items() if room and room.left_count > 0])
    own = paid.filter((pl.col("institution_code") == institution) & is_open & pl.col("price_fen").is_not_null())
    for row in own.sort(pl.col("total_fen") - pl.col("price_fen"), descending=True).iter_rows(named=True):
        if payment.filing_until(row["discharged_on"]) >= timezone.localdate():
            return row["settlement_id"], row["total_fen"]
    return None
