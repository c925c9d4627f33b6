"""目标对照服务: every target of the five places by indicator, what contradicts, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanyi.governance.indicators.codes import TargetPlace
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.targets import Target
from sanyi.governance.indicators.services import catalogue, reading
from sanyi.governance.indicators.services.reading import Standing
from sanyi.registry.policies import services as policies


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """对照的一行: one indicator with its targets by place."""

    definition: Definition
    targets: Mapping[TargetPlace, tuple[Target, ...]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """目标对照: rows in the order of domains; standings by key of the targets that hold for this county."""

    rows: tuple[MatrixRow, ...]
    standings: Mapping[str, Standing]
    conflicts: Mapping[str, tuple[str, ...]]


def matrix(county_code: str) -> Matrix:
    """目标对照: of all places; judged only where this installation has values of its own."""
    targets = catalogue.targets()
    known = catalogue.catalogue().definitions
    wanted = {one.code for one in targets}
    rows = [
        MatrixRow(definition, {place: _of(targets, code, place) for place in TargetPlace})
        for code, definition in known.items()
        if code in wanted
    ]
    order = {name: place for place, name in enumerate(dict.fromkeys(one.domain.zh for one in known.values()))}
    rows.sort(key=lambda row: order[row.definition.domain.zh])
    standings = {one.target.key: one for one in reading.standings(policies.county(), node_code=county_code)}
    return Matrix(tuple(rows), standings, conflicts(targets))


def conflicts(targets: tuple[Target, ...]) -> Mapping[str, tuple[str, ...]]:
    """相互矛盾的目标: keys by key, both ways, whichever of the two says so."""
    found: dict[str, dict[str, None]] = {}
    for one in targets:
        for other in one.conflicts_with:
            found.setdefault(one.key, {})[other] = None
            found.setdefault(other, {})[one.key] = None
    return {key: tuple(others) for key, others in found.items()}


def _of(targets: tuple[Target, ...], code: str, place: TargetPlace) -> tuple[Target, ...]:
    return tuple(one for one in targets if one.code == code and one.place == place.value)
