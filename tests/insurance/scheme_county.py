"""What the tests of changing schemes do in a county: import, compare, propose, close a month."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.models import ClosedMonth
from sanyi.insurance.scheme_change import services
from sanyi.insurance.scheme_change.models import SchemeImport
from sanyi.insurance.scheme_change.rules.draft import Findings
from sanyi.insurance.scheme_change.services import importing
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.cases import services as cases
from sanyi.registry.runs import services as runs
from tests.insurance.schemes import content, tiny
from tests.registry.county import COUNTY, County

PERIOD = {"first_month": "2025-03", "last_month": "2025-04"}


def sent(county: County, data: bytes | None = None, name: str = "方案.xlsx") -> SchemeImport:
    """A workbook that waits for its check."""
    given = content(tiny()) if data is None else data
    return services.receive(io.BytesIO(given), name, by=county.actor("insurance_officer"), organisation_code=COUNTY)


def received(county: County, data: bytes | None = None, name: str = "方案.xlsx") -> SchemeImport:
    """A workbook after its check."""
    row = sent(county, data, name)
    if not row.is_checked:
        assert row.run_number is not None
        assert runs.carry_out(row.run_number) == "done"
        row = SchemeImport.objects.get(pk=row.pk)
    return row


def imported(county: County) -> str:
    """A version that is there; the way through its workbook is for the tests of importing."""
    version = importing._version(tiny(), Findings(), county.actor("insurance_officer").name)
    assert version is not None
    return version.key


def started(county: County, new: str, old: str = "linfen_2022", **given: Any) -> int:
    """A comparison that waits for its worker."""
    actor = county.actor("insurance_officer")
    scope = access.visible_organisations(actor, Permission.STAY_READ, (Purpose.PAYMENT,))
    asked = {"by": actor, "scope": scope, "organisation_code": COUNTY, "old": old, "new": new} | PERIOD | given
    return services.start(**asked)


def compared(county: County, new: str, old: str = "linfen_2022", **given: Any) -> Any:
    number = started(county, new, old, **given)
    assert runs.carry_out(number) == "done"
    return runs.get(number)


def proposed(county: County, starts_on: str = "2025-04-01") -> cases.Case:
    run = compared(county, imported(county))
    return services.propose(run, starts_on, by=county.actor("insurance_officer"), organisation_code=COUNTY)


def closed(county: County, month: str) -> ClosedMonth:
    return grouping.close_month(month, by=county.actor("insurance_officer"), periods=grouping.periods())


def codes_of(error: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [one.code for one in error.value.refusals]


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def day(text: str) -> date:
    return date.fromisoformat(text)
