"""流程检查: what is wrong with a state chart, in sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sanyi.kernel import codes
from sanyi.kernel.refusals import Refusal

if TYPE_CHECKING:
    from sanyi.kernel.workflow import StateChart


def check_chart(chart: StateChart) -> list[Refusal]:
    """流程检查: every mistake, first the names, then who may act, then the shape."""
    mistakes = _Mistakes(chart)
    mistakes.names()
    mistakes.actors()
    mistakes.deadlines()
    mistakes.shape()
    return mistakes.found


class _Mistakes:
    def __init__(self, chart: StateChart) -> None:
        self.chart = chart
        self.codes = {state.code for state in chart.states}
        self.found: list[Refusal] = []

    def add(self, key: str, mistake: str, advice: str, mistake_en: str, advice_en: str) -> None:
        refusal = codes.CHART_WRONG(
            chart=self.chart.name, mistake=mistake, advice=advice, mistake_en=mistake_en, advice_en=advice_en
        )
        self.found.append(refusal.at(key=key))

    def names(self) -> None:
        chart = self.chart
        for code, count in Counter(state.code for state in chart.states).items():
            if count > 1:
                self.add(code, f"状态“{code}”声明了{count}次", "请只保留一个", f"state {code} twice", "Keep one")
        for (source, name), count in Counter((t.source, t.name) for t in chart.transitions).items():
            if count > 1:
                self.add(
                    name,
                    f"从“{source}”出发的步骤“{name}”重复",
                    "同一状态下步骤名不能重复，请改名或删除",
                    f"transition {name} from {source} is declared twice",
                    "Rename or remove one",
                )
        used = [("初始状态", "initial", chart.initial)]
        used += [("终结状态", "final", code) for code in sorted(chart.final)]
        for t in chart.transitions:
            used += [(f"步骤“{t.name}”的起点", f"source of {t.name}", t.source)]
            used += [(f"步骤“{t.name}”的终点", f"target of {t.name}", t.target)]
        for zh, en, code in used:
            if code not in self.codes:
                self.add(code, f"{zh}“{code}”未声明", "请声明该状态或改正名称", f"{en} {code} is unknown", "Declare it")
        named = [(state.code, state.zh, state.en) for state in chart.states]
        named += [(t.name, t.zh, t.en) for t in chart.transitions]
        for key, name_zh, name_en in named:
            if not name_zh.strip() or not name_en.strip():
                self.add(key, f"“{key}”缺少中文或英文名称", "请补全名称", f"{key} lacks a name", "Name it twice")

    def actors(self) -> None:
        for t in self.chart.transitions:
            if not t.actors:
                self.add(
                    t.name,
                    f"步骤“{t.name}”（{t.source}→{t.target}）没有写明由谁办理",
                    "请在 actors 中写出角色或权限",
                    f"transition {t.name} ({t.source} to {t.target}) has no actor",
                    "Write roles or permissions into actors",
                )

    def deadlines(self) -> None:
        exits = {(t.source, t.name): t for t in self.chart.transitions}
        for state in self.chart.states:
            name = state.deadline.overdue_transition if state.deadline else ""
            if name and "system" not in getattr(exits.get((state.code, name)), "actors", ()):
                self.add(
                    state.code,
                    f"状态“{state.code}”超时后的步骤“{name}”不存在，或不由系统办理",
                    "请声明该步骤，并在 actors 中写入 system",
                    f"the overdue transition {name} of {state.code} is missing or not the system's",
                    "Declare it with the actor system",
                )

    def shape(self) -> None:
        chart = self.chart
        if not chart.final:
            self.add(chart.name, "没有终结状态", "请至少写一个", "there is no final state", "Declare at least one")
        forward: dict[str, set[str]] = {code: set() for code in self.codes}
        backward: dict[str, set[str]] = {code: set() for code in self.codes}
        for t in chart.transitions:
            forward.setdefault(t.source, set()).add(t.target)
            backward.setdefault(t.target, set()).add(t.source)
        reached = _closure({chart.initial}, forward)
        ends = _closure(set(chart.final), backward)
        for code in (state.code for state in chart.states):
            if code not in reached:
                self.add(
                    code,
                    f"状态“{code}”从初始状态走不到",
                    "请补上通往它的步骤，或删除该状态",
                    f"state {code} cannot be reached from the initial state",
                    "Add a transition to it, or remove it",
                )
            if not forward[code] - {code} and code not in chart.final:
                self.add(
                    code,
                    f"状态“{code}”没有出路，又不是终结状态",
                    "请补上离开它的步骤，或列入 final",
                    f"state {code} has no way out and is not final",
                    "Add a transition out of it, or list it in final",
                )
            elif code not in ends and chart.final:
                self.add(
                    code,
                    f"从状态“{code}”走不到任何终结状态",
                    "请补上通往办结的步骤",
                    f"no final state can be reached from {code}",
                    "Add a transition that leads to an end",
                )


def _closure(start: set[str], edges: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for code in edges.get(waiting.pop(), set()) - reached:
            reached.add(code)
            waiting.append(code)
    return reached
