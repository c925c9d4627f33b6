"""A process that pays some advances of a year and clears it, for the test that kills it; started by ``tests.starting``.

It is prepared with the database as JSON and started without arguments: it does whatever is still to be done, in order,
and writes a line to stdout before each act.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from django.conf import settings

MONTHS = 4


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prepare(arguments: Sequence[str]) -> None:
    """Everything that the acts load."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    settings.DATABASES = {"default": {**settings.DATABASES["default"], **json.loads(arguments[0])}}
    import django

    django.setup()
    import tests.insurance.package.fund_year  # noqa: F401
    from sanyi.registry.policies import services as policies

    policies.book()


def main(arguments: Sequence[str]) -> None:
    from sanyi.insurance.package.services import spending
    from tests.insurance.package.fund_year import YEAR, frame, spent
    from tests.registry.county import County

    rows = frame(spent(33_800_000_000, 900_000_000))
    spending._of = lambda year, month: spending.Spend("JS-1", f"{YEAR}", rows)
    say("ready")
    carry_on(County())
    say("over")


def carry_on(county: object) -> None:
    """Whatever is still to be done of the year, by the people who may."""
    from django.contrib.auth.models import User

    from sanyi.insurance.package.services import advances, clearings, months, years
    from sanyi.registry.access.services import actor_of_user
    from tests.insurance.package.fund_year import GROUP, YEAR
    from tests.registry.county import BUREAU, COUNTY

    officer = actor_of_user(User.objects.get(username=f"insurance_officer-{BUREAU}"))
    approver = actor_of_user(User.objects.get(username=f"finance_officer-{COUNTY}"))
    year = years.require(YEAR, GROUP)
    if not months.closed_months(year):
        say("close")
        months.close_month(year, 1, by=officer)
    held = {row.month: row for row in advances.advances(year)}
    for month in range(1, MONTHS + 1):
        if month not in held:
            say(f"request {month}")
            held[month] = advances.request(year, month, by=officer)
        if held[month].state == "requested":
            say(f"advance {month}")
            advances.pay(held[month], by=approver)
    row = clearings.current(year)
    if row is None:
        say("open")
        row = clearings.open_clearing(year, by=officer)
    if row.step == "due":
        say("compute")
        row = clearings.compute(row, 850_000, by=officer)
    if row.step == "computed":
        say("clear")
        row = clearings.approve(row, by=approver)
    if row.step == "cleared":
        say("pay")
        clearings.settle(row, by=approver)
