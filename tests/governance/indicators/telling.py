"""A county whose indicators have targets of its own, and values told one after the other, without stays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sanyi.governance.indicators.codes import NodeKind, Origin, ValueStatus
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.rules.targets import read_targets
from sanyi.governance.indicators.services import catalogue, hooks
from tests.registry.county import COUNTY

CODE, OTHER = "inpatient.drug_share", "inpatient.length_of_stay"


def use_targets(monkeypatch: pytest.MonkeyPatch, folder: Path, *targets: str) -> None:
    """Only these targets hold; each is YAML without its place."""
    path = folder / "targets.yaml"
    rest = "place: ruicheng, jurisdiction: '140830000000', direction: down, assumed: true, basis: 测试"
    path.write_text("\n".join(f"- {{{one}, {rest}}}" for one in targets), encoding="utf-8")
    found = read_targets([path], catalogue.catalogue().definitions.keys())
    monkeypatch.setattr(catalogue, "targets", lambda: found)


def at_most(value: str, *, code: str = CODE, nature: str = "约束性", unit: str = "%") -> str:
    """A target that the health bureau answers for."""
    bound = f"{{any_of: [{{all_of: [{{comparator: le, value: {value}, unit: '{unit}'}}]}}]}}"
    known = f"printed: '≤{value}{unit}', printed_unit: '{unit}', used_unit: '{unit}', collector: 县卫健局"
    return f"code: {code}, nature: '{nature}', due_on: 2026-12-31, expression: {bound}, {known}"


def say(period: str, percent: float | None, *, code: str = CODE, node: str = COUNTY) -> IndicatorValue:
    """A value of a period is stored: the one before it is kept as history, everybody who listens is told."""
    asked = period_of(period)
    same = {"organisation_code": COUNTY, "code": code, "node_code": node, "period": period}
    IndicatorValue.objects.filter(**same).update(is_current=False)
    version = catalogue.definition(code).of(asked)
    assert version is not None
    made = IndicatorValue.objects.create(
        **same,
        version=version.version,
        node_kind=(NodeKind.COUNTY if node == COUNTY else NodeKind.INSTITUTION).value,
        window=asked.window.value,
        last_on=asked.last_on,
        value_e6=None if percent is None else round(percent * 1_000_000),
        status=(ValueStatus.NOT_COMPUTABLE if percent is None else ValueStatus.COMPUTED).value,
        reason="no_rows" if percent is None else "",
        origin=Origin.COMPUTED.value,
        definition_digest=version.digest,
    )
    hooks.announce(COUNTY, [made])
    return made


def say_all(values: Iterable[tuple[str, float]]) -> None:
    """One period after the other."""
    for period, percent in values:
        say(period, percent)
