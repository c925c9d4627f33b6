"""历史值: values that a document itself reports for earlier years, read from files; never mixed with computed ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sanyi.governance.indicators.codes import refusals
from sanyi.governance.indicators.rules.reading import Citation, Fields, Mistakes
from sanyi.kernel.refusals import refuse_if_any
from sanyi.kernel.yaml_lines import Located, read_yaml


@dataclass(frozen=True, slots=True)
class Reported:
    """文件所载历史值: of one part in one year, or with ``since_year`` how far it had risen since that year."""

    code: str
    jurisdiction: str
    place: str
    year: int
    since_year: int | None
    part: str
    value_e6: int
    unit: str
    printed: str
    citation: Citation

    @property
    def is_change(self) -> bool:
        """是否为变化量: not a value of the year, so no point of a trend."""
        return self.since_year is not None


def read_history(paths: Iterable[Path], codes: Collection[str] = ()) -> tuple[Reported, ...]:
    """读取历史值: all files together, by indicator and year; refuses with every mistake."""
    mistakes: list[Mistakes] = []
    found: list[Reported] = []
    for path in sorted(paths):
        here = Mistakes(str(path))
        mistakes.append(here)
        root = read_yaml(path)
        for node in root.value if isinstance(root.value, list) else [root]:
            one = _reported(Fields(node, path.stem, here))
            found.append(one)
            if codes and one.code not in codes:
                here.add(refusals.INDICATOR_UNKNOWN, node.line, one.code, code=one.code)
    refuse_if_any(refusal for here in mistakes for refusal in here.refusals)
    return tuple(sorted(found, key=lambda one: (one.place, one.code, one.part, one.year)))


def _reported(fields: Fields) -> Reported:
    year = fields.integer("year", 0)
    if not year:
        fields.wrong("year", Located(year, fields.node.line), "年份，例如 2020")
    made = Reported(
        code=fields.text("code", is_required=True),
        jurisdiction=fields.text("jurisdiction", is_required=True),
        place=fields.text("place", is_required=True),
        year=year,
        since_year=fields.integer("since_year", 0) or None,
        part=fields.text("part"),
        value_e6=fields.e6("value", is_required=True) or 0,
        unit=fields.text("unit"),
        printed=fields.text("printed", is_required=True),
        citation=fields.citation(),
    )
    fields.done()
    return made
