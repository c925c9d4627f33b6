"""Every scheme agrees with the slow interpreter on random stays: 500 always, 20,000 in the nightly run."""

import os

import polars as pl
import pytest

from sanyi.insurance.grouping import group_frame, schemes
from tests.insurance.grouping.random_stays import RandomStays
from tests.oracles.grouping import scheme_named

COUNT = 20_000 if os.environ.get("SANYI_NIGHTLY") == "1" else 500
ANSWER = ["status", "mdc", "adrg", "drg"]
SCHEMES = schemes()["scheme"].to_list()


def disagreements(scheme: str, frame: pl.DataFrame, is_translated: bool) -> list[dict[str, object]]:
    judge = scheme_named(scheme)
    expected = [judge.judge(stay, is_translated) for stay in frame.to_dicts()]
    found = group_frame(frame, scheme, translate=is_translated).select(ANSWER).rows()
    stays = frame.to_dicts()
    return [
        {**stay, "expected": want, "found": got}
        for stay, want, got in zip(stays, expected, found, strict=True)
        if want != got
    ]


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", SCHEMES)
def test_engine_agrees_on_random_stays(scheme: str) -> None:
    frame = RandomStays(scheme, 1).frame(COUNT)
    assert disagreements(scheme, frame, is_translated=False) == []


@pytest.mark.parametrize("scheme", ["chs_drg_11", "suzhou_2023", "wuxi_2022", "zhejiang_2022", "yunnan_2023"])
def test_engine_agrees_on_random_stays_with_translation(scheme: str) -> None:
    frame = RandomStays(scheme, 2).frame(COUNT, is_translated=True)
    assert disagreements(scheme, frame, is_translated=True) == []


def test_thirty_schemes_are_judged() -> None:
    assert len(SCHEMES) == 30


@pytest.mark.parametrize("scheme", ["chs_drg_11", "zhejiang_2022", "foshan_2022"])
def test_random_stays_reach_most_of_a_scheme(scheme: str) -> None:
    found = group_frame(RandomStays(scheme, 3).frame(4000), scheme)
    known = {rule["adrg"] for rules in scheme_named(scheme).rules.values() for rule in rules}
    assert len(set(found["adrg"]) & known) > 0.8 * len(known)
    assert set(found["status"]) >= {"分组成功", "无法入组", "信息校验不通过"}
