"""定义版本: everything a version says in words, two of them side by side with the differences marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.rules.computing import RULES
from sanyi.governance.indicators.rules.computing.declaration import Need
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True, slots=True)
class Fact:
    """一项: what two versions say of it."""

    label: str
    left: str
    right: str

    @property
    def is_different(self) -> bool:
        """是否不同."""
        return self.left != self.right


def facts(version: Version) -> list[tuple[str, str]]:
    """版本内容: labels and words, in the order of reading."""
    spoken = language()
    needs = table.listed(Need(one).label(spoken) if one in set(Need) else one for one in version.needs)
    scope = version.scope.label(spoken) or version.institutions.label(spoken)
    multiplier = f" × {version.multiplier:,}" if version.multiplier != 1 else ""
    known = [
        (_("分子"), version.numerator.label(spoken) + (multiplier if version.numerator.zh else "")),
        (_("分母"), version.denominator.label(spoken)),
        (_("单位"), version.unit),
        (_("方向"), version.direction.label(spoken)),
        (_("范围"), scope),
        (_("不计入"), version.exclusions.label(spoken)),
        (_("缺失"), version.missing.label(spoken)),
        (_("周期"), table.listed(one.label(spoken) for one in version.windows)),
        (_("数据来源"), " · ".join(filter(None, (version.origin.label(spoken), version.source.label(spoken))))),
        (_("所需数据"), needs),
        (_("采集单位"), version.collector.label(spoken)),
        (_("各部分"), table.listed(words.label(spoken) for _name, words in version.parts)),
        (_("说明"), version.note.label(spoken)),
    ]
    return [(label, words) for label, words in known]


def version_words(version: Version) -> dict[str, Any]:
    """版本: for the page, with its citation."""
    cited = version.citation
    return {
        "version": version.version,
        "starts_on": version.starts_on,
        "ends_on": version.ends_on,
        "change": version.change.label(language()),
        "facts": [(label, words) for label, words in facts(version) if words],
        "citation": " ".join(filter(None, (cited.document, cited.clause))),
        "quote": cited.quote,
        "is_assumed": cited.is_assumed,
        "basis": cited.basis,
        "digest": version.digest[:12],
        "rule": version.rule,
        "has_rule": version.rule in RULES,
    }


def compared(request: GuardedRequest, definition: Definition) -> dict[str, Any] | None:
    """版本比较: of the two asked for, otherwise of the two latest; None where there is one alone."""
    if len(definition.versions) < 2:
        return None
    names = [one.version for one in definition.versions]
    left, right = _asked(request, LEFT, names, names[-2]), _asked(request, RIGHT, names, names[-1])
    one, other = definition.version(left), definition.version(right)
    pairs = zip(facts(one), facts(other), strict=True)
    rows = [Fact(label, words, others) for (label, words), (_label, others) in pairs if words or others]
    rows.append(Fact(_("有效期"), _dates(one), _dates(other)))
    rows.append(Fact(_("依据"), _basis(one), _basis(other)))
    return {
        "names": names,
        "left": left,
        "right": right,
        "rows": rows,
        "difference_count": sum(row.is_different for row in rows),
    }


def computed_under(
    definition: Definition, names: tuple[str, str], node: str, period: str, county: str
) -> list[tuple[str, str]]:
    """按两个版本计算: the value of one node and period under each; only when somebody asks for it."""
    found = services.reading.compare_versions(definition.code, period, node_code=node, county_code=county)
    values = {row["version"]: row for row in found.iter_rows(named=True)} if "version" in found.columns else {}
    words = []
    for name in names:
        row, version = values.get(name), definition.version(name)
        value = table.with_unit(row["value_e6"], version) if row else table.NOTHING
        words.append((name, table.reason_words(row["reason"]) if row and row["value_e6"] is None else value))
    return words


def _asked(request: GuardedRequest, name: str, known: list[str], otherwise: str) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else otherwise


def _dates(version: Version) -> str:
    return f"{version.starts_on:%Y-%m-%d} — {f'{version.ends_on:%Y-%m-%d}' if version.ends_on else ''}".strip()


def _basis(version: Version) -> str:
    cited = version.citation
    text = " ".join(filter(None, (cited.document, cited.clause, f"“{cited.quote}”" if cited.quote else "")))
    assumed = " ".join(filter(None, (_("假定"), cited.basis))) if cited.is_assumed else ""
    return " ".join(filter(None, (text, assumed)))
