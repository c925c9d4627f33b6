"""Package in Spark: many holders' years cleared in one job have the bytes of each alone."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.insurance.package import jobs
from tests.insurance.package.test_charging import inputs


@pytest.mark.spark
def test_cleared_years_have_the_bytes_of_each_alone(spark: Any) -> None:
    given = [jobs.canonical(inputs(holder_code=f"G{number}", budget_fen=600 + 100 * number)) for number in range(5)]
    found = jobs.clear_years([one.decode() for one in given])
    assert [one.encode() for one in found] == [jobs.clear_year(one) for one in given]
    assert len(set(found)) == len(found)
