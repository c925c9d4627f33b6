"""Scores of data quality: the clerk's cases, a slow judge, and the page."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import sanyi.exchange.quality
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.quality import services
from sanyi.exchange.quality.codes import Dimension
from sanyi.exchange.quality.rules import MonthFigures, score_bp, shares_bp
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases.models import Case
from tests.registry import county as small
from tests.registry.county import HOSPITAL, TOWNSHIP, County

CASES = yaml.safe_load((Path(sanyi.exchange.quality.__path__[0]) / "cases" / "scores.yaml").read_text(encoding="utf-8"))
WEIGHTS = {"completeness": 3000, "validity": 3000, "consistency": 2500, "timeliness": 1500}


@pytest.fixture
def county(db: Any) -> County:
    return small.build()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_cases_of_the_clerk(case: dict[str, Any]) -> None:
    figures = MonthFigures("2025-03", **case["given"])
    if "refused" in case:
        with pytest.raises(RefusedError) as caught:
            shares_bp(figures)
        assert caught.value.refusals[0].code == case["refused"]
        return
    shares = shares_bp(figures)
    assert {one.value: share for one, share in shares.items()} | {"score": score_bp(shares, WEIGHTS)} == case["expect"]


@st.composite
def figures(draw: st.DrawFn) -> MonthFigures:
    rows = draw(st.integers(1, 10**6))
    cells = rows * draw(st.integers(0, 60))
    bad = st.integers(0, rows)
    return MonthFigures("2025-03", rows, cells, draw(st.integers(0, cells)), draw(bad), draw(bad), draw(bad))


def half_up(value: Fraction) -> int:
    return int((value * 2 + 1) // 2)


@given(figures())
def test_a_slow_judge_agrees(found: MonthFigures) -> None:
    rows = found.row_count
    expected = [
        Fraction(found.filled_count, found.cell_count) if found.cell_count else Fraction(1),
        *(1 - Fraction(bad, rows) for bad in (found.invalid_count, found.inconsistent_count, found.late_count)),
    ]
    shares = shares_bp(found)
    assert [shares[one] for one in Dimension] == [half_up(share * 10_000) for share in expected]
    total = sum(shares[one] * WEIGHTS[one.value] for one in Dimension)
    assert score_bp(shares, WEIGHTS) == half_up(Fraction(total, 10_000))
    assert min(shares.values()) <= score_bp(shares, WEIGHTS) <= max(shares.values())


@pytest.mark.parametrize("weights", [WEIGHTS | {"validity": 3001}, {"completeness": 10_000}, WEIGHTS | {"luck": 0}])
def test_weights_that_do_not_add_up_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(RefusedError, match="四项权重"):
        score_bp(dict.fromkeys(Dimension, 10_000), weights)


def month(name: str, rows: int, **more: int) -> dict[str, Any]:
    zero = dict.fromkeys(services.FIGURES, 0)
    return {**zero, "month": name, "row_count": rows, "cell_count": rows, "filled_count": rows, **more}


def batch(number: int, organisation_code: str, state: str, months: list[dict[str, Any]]) -> Batch:
    now = timezone.now()
    case = Case.objects.create(
        number=f"PC-{number}",
        chart="exchange.intake.batch",
        state=state,
        organisation_code=organisation_code,
        title="结算清单",
        opened_at=now,
        state_entered_at=now,
    )
    return Batch.objects.create(
        case=case,
        contract="settlement_list",
        contract_version="1",
        organisation_code=organisation_code,
        file_name="清单.xlsx",
        size_bytes=1,
        file_digest=f"{number:064d}",
        received_at=now,
        received_by_name="测试",
        report={"months": months},
    )


def test_batches_of_a_month_are_added_and_those_sent_back_do_not_count(county: County) -> None:
    batch(1, HOSPITAL, "accepted", [month("2025-03", 60, invalid_count=6), month("2025-04", 10)])
    batch(2, HOSPITAL, "checked", [month("2025-03", 40)])
    batch(3, HOSPITAL, "rejected", [month("2025-03", 1000, invalid_count=1000)])
    batch(4, HOSPITAL, "superseded", [month("2025-05", 5)])
    rows = services.scores({HOSPITAL})
    assert [(row["month"], row["row_count"], row["batch_count"]) for row in rows] == [
        ("2025-04", 10, 1),
        ("2025-03", 100, 2),
    ]
    assert (rows[1]["validity_bp"], rows[1]["score_bp"]) == (9400, 9820)


def test_a_hospital_sees_its_own_months_and_the_bureau_sees_all(county: County) -> None:
    batch(1, HOSPITAL, "accepted", [month("2025-03", 60)])
    batch(2, TOWNSHIP, "accepted", [month("2025-02", 7)])
    office = county.client("hospital_insurance_office").get("/intake/quality/").content.decode()
    assert "2025-03" in office
    assert "2025-02" not in office
    bureau = county.client("insurance_officer").get("/intake/quality/").content.decode()
    assert "2025-02" in bureau
    assert "权重为假定" in bureau


def test_a_senders_page_leads_to_its_batches_and_not_to_another_senders(county: County) -> None:
    one = batch(1, HOSPITAL, "accepted", [month("2025-03", 60)])
    office = county.client("hospital_insurance_office")
    assert f"/intake/{one.number}/" in office.get(f"/intake/quality/{HOSPITAL}/").content.decode()
    assert office.get(f"/intake/quality/{TOWNSHIP}/").status_code in {403, 404}


def test_without_any_batch_the_page_says_so_and_scores_nothing(county: County) -> None:
    answer = county.client("insurance_officer").get("/intake/quality/")
    assert answer.status_code == 200
    assert "得分怎么算" not in answer.content.decode()
