"""建立演示县: stage after stage, each with a progress bar; what is done is remembered in the home folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from sanyi.demo import (
    documents,
    facts,
    fund_year,
    home,
    measuring,
    outpatient,
    registering,
    registering_staff,
    samples,
    sign_ins,
    sources,
    staff,
    supervision,
    tasks,
)
from sanyi.demo.county import County
from sanyi.demo.outside_stays import OutsideStays
from sanyi.demo.settlement_lists import SettlementLists, as_sent

REGISTERED, SENT, VISITED, GROUPED = "registered", "sent", "visited", "grouped"
PAID, FINISHED = "paid", "finished"
Report = Callable[[int, int], None]


@dataclass(slots=True)
class Builder:
    """建造者: one build into one home folder; Django is set up already."""

    folder: Path
    state: home.State
    console: Console
    seconds: dict[str, float] = field(default_factory=dict)
    _county: County | None = None
    _lists: pl.DataFrame | None = None
    _outside: pl.DataFrame | None = None

    def build(self) -> None:
        """建立: every stage that is not done yet."""
        with self._bars() as bars:
            for name, work in (
                (REGISTERED, self._register),
                (SENT, self._send),
                (VISITED, self._visit),
                (GROUPED, self._group),
                (PAID, self._pay),
                (FINISHED, self._finish),
            ):
                if name not in self.state.stages:
                    work(bars)
                    self.state.stages.append(name)
                    home.write(self.folder, self.state)

    def _register(self, bars: Progress) -> None:
        """Database, engine, places, organisations, staff, residents and users."""
        from django.core.management import call_command

        with self._stage(bars, "建立数据库"):
            call_command("migrate", verbosity=0, interactive=False)
            registering.require_empty_database()
        county = self._prepared(bars)
        with self._stage(bars, "登记区划") as report:
            registering.register_places(county, report)
        with self._stage(bars, "登记机构和医疗集团") as report:
            registering.register_organisations(county, report)
        people = staff.build(county.profile, county.institutions, county.departments, county.draws)
        with self._stage(bars, "登记卫生人员") as report:
            report(0, people.frame.height)
            registering_staff.register_staff(county, people)
        lists, outside = SettlementLists(county, people), OutsideStays(county)
        resident_id, parts, away = "", [], []
        with self._stage(bars, "生成并登记居民") as report:
            report(0, self.state.residents)
            done = 0
            for chunk in county.chunks():
                load = registering.register_residents(county, chunk)
                resident_id = resident_id or registering.known_patient(load, chunk)
                parts.append(lists.of(chunk.residents, chunk.stays))
                away.append(outside.of(chunk.residents, chunk.stays))
                done += chunk.residents.height
                report(done, self.state.residents)
        self._lists, self._outside = pl.concat(parts), pl.concat(away)
        with self._stage(bars, "建立各角色用户"):
            made = sign_ins.create(county, resident_id)
            home.write_privately(self.folder / home.SIGN_INS, sign_ins.as_text(made))

    def _send(self, bars: Progress) -> None:
        """The year's files through intake, month by month."""
        county, lists = self._prepared(bars), self._all_lists(bars)
        sent = as_sent(lists, county.profile, county.draws)
        with self._stage(bars, "接入结算清单（12 个月）") as report:
            facts.send_year(county, lists, sent, report)
        assert self._outside is not None, "drawn with the lists"
        with self._stage(bars, "接入异地住院结算") as report:
            facts.send_outside(county, self._outside, report)

    def _visit(self, bars: Progress) -> None:
        """Agreements, visits and claim lines, drawn again piece by piece, since they are many."""
        county = self._prepared(bars)
        sender = outpatient.Sender(county)
        for number, chunk in enumerate(county.chunks(), start=1):
            with self._stage(bars, "接入签约居民"):
                sender.send_agreements(chunk, number)
            with self._stage(bars, "接入门诊结算（12 个月）") as report:
                visits = sender.visits(chunk)
                sender.send_visits(chunk, visits, number, report)
            with self._stage(bars, "接入费用明细（12 个月）") as report:
                sender.send_lines(chunk, visits, number, report)

    def _group(self, bars: Progress) -> None:
        with self._stage(bars, "病例分组") as report:
            facts.group_accepted(report)

    def _pay(self, bars: Progress) -> None:
        """The fund year so far: budget, agreement, advances, months, a special case."""
        county = self._prepared(bars)
        with self._stage(bars, "留下基金年度（预算、预拨、预结算）") as report:
            fund_year.leave(county, report)

    def _finish(self, bars: Progress) -> None:
        """What makes the to-do lists real, and a file to try."""
        county, lists = self._prepared(bars), self._all_lists(bars)
        with self._stage(bars, "留下待办事项"):
            tasks.leave(county)
        with self._stage(bars, "计算指标") as report:
            measuring.compute(report)
        with self._stage(bars, "留下督办任务、季度问题和政策文件"):
            supervision.leave()
            documents.leave()
        with self._stage(bars, "留下指标填报和预警"):
            measuring.leave(county)
        with self._stage(bars, "写出练习用上报文件"):
            samples.write(self.folder / home.SAMPLES, county, lists)

    def _prepared(self, bars: Progress) -> County:
        """The county's tables, made once; compiling the grouper's kernel is part of it."""
        if self._county is None:
            with self._stage(bars, "准备分组器和病例册"):
                self._county = sources.county(self.state.county, self.state.residents, self.state.seed)
        return self._county

    def _all_lists(self, bars: Progress) -> pl.DataFrame:
        """The settlement lists of the whole year; drawn again when an interrupted build goes on."""
        if self._lists is None:
            county = self._prepared(bars)
            people = staff.build(county.profile, county.institutions, county.departments, county.draws)
            lists, outside = SettlementLists(county, people), OutsideStays(county)
            with self._stage(bars, "重新生成结算清单"):
                parts = [(lists.of(one.residents, one.stays), outside.of(one.residents, one.stays))
                         for one in county.chunks()]  # fmt: skip
            self._lists = pl.concat([own for own, _ in parts])
            self._outside = pl.concat([away for _, away in parts])
        return self._lists

    def _bars(self) -> Progress:
        return Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )

    @contextmanager
    def _stage(self, bars: Progress, words: str) -> Iterator[Report]:
        """One bar; ``report(done, total)`` moves it. Without reports it runs as a spinner until the end."""
        task = bars.add_task(words, total=None)
        started = monotonic()

        def report(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield report
        total: Any = bars.tasks[task].total or 1
        bars.update(task, completed=total, total=total)
        self.seconds[words] = self.seconds.get(words, 0.0) + monotonic() - started
