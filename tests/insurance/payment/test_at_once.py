"""Two who act at the same moment: one closes and one is told; two who start a period get one settlement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanyi.insurance.payment import services
from sanyi.insurance.payment.models import Settlement
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.runs import services as runs
from tests.insurance.payment import settled
from tests.registry.threads import together


def test_of_two_who_close_one_does_and_one_is_told(transactional_db: Any, own_lake: Path) -> None:
    county = settled.build()
    officer, closer = county.actor("insurance_officer"), settled.closer(county)
    numbers = together(*[lambda: services.start(2025, 3, by=officer)] * 2)
    assert Settlement.objects.count() == 1
    started = [one for one in numbers if isinstance(one, int)]
    told = [one.refusals[0].code for one in numbers if isinstance(one, RefusedError)]
    assert (len(started), told) == (1, ["payment.computing"])
    assert runs.carry_out(started[0]) == "done"
    found = services.latest(2025, 3)
    assert found is not None
    results = together(*[lambda: services.close(found, by=closer)] * 2)
    refused = [one for one in results if isinstance(one, RefusedError)]
    assert [[one.code for one in error.refusals] for error in refused] == [["cases.changed_meanwhile"]]
    assert Settlement.objects.filter(state="closed").count() == 1
