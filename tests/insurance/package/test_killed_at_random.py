"""断电测试: a process that advances and clears a year is killed (SIGKILL) again and again; all is posted once.

In a file of its own: what is committed here must not meet a county that another file holds in one long transaction.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sanyi.insurance.package.models import Advance, Clearing
from tests.insurance.package import package_process
from tests.insurance.package.checking import check_books
from tests.insurance.package.fund_year import Books, agreed, balances, spent
from tests.registry import county as small
from tests.starting import Starter

KILLS_AT_MOST = 40
TOTAL = 33_800_000_000


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_points_everything_is_posted_once_or_not_at_all(tmp_path: Path, monkeypatch: Any) -> None:
    county = small.build()
    agreed(county)
    county.actor("insurance_officer")
    chance = random.Random(20250601)
    killed_at: list[str] = []
    database = {name: str(connection.settings_dict[name]) for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    with closing(Starter("tests.insurance.package.package_process", tmp_path, json.dumps(database))) as processes:
        for _ in range(KILLS_AT_MOST):
            killed_at.append(run_and_kill(processes, chance.randint(2, 4), chance.uniform(0, 0.08)))
            check_books()
            if killed_at[-1] == "over":
                break
    assert any(where.startswith(("request", "advance")) for where in killed_at), killed_at
    assert any(where in ("open", "compute", "clear", "pay") for where in killed_at), killed_at
    rows = spent(TOTAL, 900_000_000)
    books = Books(monkeypatch)
    books.give(rows)
    books.give(rows, month=1)
    package_process.carry_on(county)
    check_books()
    assert [row.month for row in Advance.objects.filter(state="paid").order_by("month")] == list(
        range(1, package_process.MONTHS + 1)
    )
    assert Clearing.objects.get().step == "paid"
    found = balances()
    assert found == {
        "1001": 900_000_000, "2202": -900_000_000, "3001": -35_004_025_000, "4101": -266_475_000, "5101": TOTAL,
        "5102": 1_470_500_000,
    }  # fmt: skip


def run_and_kill(processes: Starter, line_count: int, after_seconds: float) -> str:
    """Starts a process and kills it so long after it has said so many lines; returns its last line."""
    process = processes.start()
    while process.poll() is None and len(process.lines()) < line_count:
        time.sleep(0.002)
    assert process.lines(), "it died before it was ready"
    time.sleep(after_seconds)
    process.kill()
    process.wait()
    return process.lines()[-1]
