"""Two who decide at the same moment: one wins and one is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanyi.insurance.grouping.models import SchemeSwitch
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from tests.insurance.conftest import taken_in
from tests.insurance.scheme_county import proposed
from tests.registry import county as small
from tests.registry.threads import together


def test_of_two_approvers_one_wins_and_one_is_told(transactional_db: Any, own_lake: Path, own_schemes: Path) -> None:
    grouped = taken_in(small.build())
    case = proposed(grouped)
    actors = [grouped.actor("reform_office"), grouped.actor("county_leader")]
    results = together(*(lambda who=who: cases.act(case, "approve", who) for who in actors))
    refused = [one for one in results if isinstance(one, RefusedError)]
    assert len(refused) == 1
    assert [one.code for one in refused[0].refusals] == ["cases.changed_meanwhile"]
    assert SchemeSwitch.objects.count() == 1
