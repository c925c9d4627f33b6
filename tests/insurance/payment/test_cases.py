"""Payment: the cases a clerk could write, at below and above every edge, with what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sanyi.insurance import payment as topic
from sanyi.insurance.payment.jobs.settling import settle_stays
from sanyi.kernel.refusals import RefusedError
from tests.insurance.payment import years

FOLDER = Path(topic.__file__).parent / "cases"
FILES = ("drg_rate", "points", "other_methods")
CASES = [one for name in FILES for one in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    rules = years.rules(**case["rules"])
    given = years.stays(*case["stays"]).lazy(), years.institutions(*case.get("institutions", ()))
    if "refused" in case:
        with pytest.raises(RefusedError) as refused:
            settle_stays(*given, rules)
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
        return
    cases, pools = settle_stays(*given, rules)
    found = {row["settlement_id"]: row for row in cases.to_dicts()}
    assert len(found) == len(case["expect"])
    for number, expected in enumerate(case["expect"], start=1):
        row = found[expected.get("settlement_id", f"S{number}")]
        assert {name: row[name] for name in expected} == expected
    if "pools" in case:
        rows = [{name: row[name] for name in given} for given, row in zip(case["pools"], pools.to_dicts(), strict=True)]
        assert rows == case["pools"]


def test_every_file_of_cases_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} >= set(FILES)
    assert len({case["name"] for case in CASES}) == len(CASES) > 50
