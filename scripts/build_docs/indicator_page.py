"""The page of all indicators, their versions, targets and reported values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

import sanyi
from sanyi.governance.indicators.rules.computing import RULES
from sanyi.governance.indicators.rules.definitions import Definition, Version, read_definitions
from sanyi.governance.indicators.rules.history import read_history
from sanyi.governance.indicators.rules.reading import Citation
from sanyi.governance.indicators.rules.targets import Target, read_targets

DATA = Path(sanyi.__path__[0]) / "governance" / "indicators" / "data"
PLACES = {"ruicheng": "芮城", "laiyang": "莱阳", "zhangping": "漳平", "sanming": "三明", "fujian": "福建"}


def indicator_page(written: str) -> str:
    """指标说明: definitions by domain, similar words side by side, targets by place, reported values."""
    catalogue = read_definitions((DATA / "definitions").glob("*.yaml"), RULES)
    targets = read_targets((DATA / "targets").glob("*.yaml"), catalogue.definitions)
    lines = ["# 指标定义与目标 Indicators and targets", "", written, ""]
    lines += [f"{len(catalogue.definitions)} indicators, {len(targets)} targets. Unknown is never zero.", ""]
    domains: dict[str, list[Definition]] = defaultdict(list)
    for one in catalogue.definitions.values():
        domains[f"{one.domain.zh} {one.domain.en}"].append(one)
    for domain, definitions in sorted(domains.items()):
        lines += _definitions(domain, definitions)
    lines += _families(catalogue.definitions.values())
    for place, zh in PLACES.items():
        lines += _targets(zh, [one for one in targets if one.place == place])
    return "\n".join([*lines, *_reported(catalogue.definitions), ""])


def _definitions(domain: str, definitions: list[Definition]) -> list[str]:
    head = "| Code | 名称 | English | Version | From | To | Origin | 分子 | 分母 | Unit | Direction | 采集单位 | 依据 |"
    lines = [f"## {domain}", "", head, "|" + "---|" * 13]
    for one in definitions:
        lines += [_version(one, version) for version in one.versions]
    return [*lines, ""]


def _version(one: Definition, version: Version) -> str:
    origin = f"{version.origin} `{version.rule}`" if version.rule else str(version.origin)
    cells = (
        f"`{one.code}`", one.name.zh, one.name.en, version.version, str(version.starts_on), str(version.ends_on or ""),
        origin, version.numerator.zh, version.denominator.zh, version.unit, str(version.direction),
        version.collector.zh, _cited(version.citation),
    )  # fmt: skip
    return _row(cells)


def _families(definitions: Iterable[Definition]) -> list[str]:
    """Similar words with different denominators."""
    found: dict[str, list[Definition]] = defaultdict(list)
    for one in definitions:
        if one.family:
            found[one.family].append(one)
    lines = ["## 名称相近而口径不同 Similar words side by side", "", "| Family | 指标 | Code |", "|---|---|---|"]
    for name, members in sorted(found.items()):
        lines += [_row((name, one.name.zh, f"`{one.code}`")) for one in members if len(members) > 1]
    return [*lines, ""]


def _targets(zh: str, targets: list[Target]) -> list[str]:
    head = "| Key | Indicator | 目标（照录） | Unit printed | Unit used | Due | Nature | 依据 |"
    lines = [f"## 目标：{zh}", "", head, "|" + "---|" * 8]
    for one in targets:
        due = str(one.due_on or "") + (f" ({one.every})" if one.every else "")
        cells = (f"`{one.key}`", f"`{one.code}`", one.printed, one.printed_unit, one.used_unit, due)
        lines.append(_row((*cells, str(one.nature or ""), _cited(one.citation))))
    return [*lines, ""]


def _reported(codes: Collection[str]) -> list[str]:
    lines = [
        "## 文件所载历史值 Values reported by the documents",
        "",
        "| Indicator | Part | Year | Printed | Unit | 依据 |",
    ]
    lines.append("|---|---|---|---|---|---|")
    for one in read_history((DATA / "history").glob("*.yaml"), codes):
        year = f"{one.since_year}→{one.year}" if one.is_change else str(one.year)
        lines.append(_row((f"`{one.code}`", one.part, year, one.printed, one.unit, _cited(one.citation))))
    return lines


def _cited(citation: Citation) -> str:
    """Document and clause; what the document does not say is marked."""
    place = f"{citation.document} {citation.clause}".strip()
    assumed = f"假定：{citation.basis}" if citation.is_assumed else ""
    return "；".join(part for part in (place, assumed) if part)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(" ".join(text.replace("|", "\\|").split()) for text in cells) + " |"
