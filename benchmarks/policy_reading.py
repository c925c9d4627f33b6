"""Reading of policy documents: what is found and what is right, against a reference made by reading the documents.

    .venv/bin/python benchmarks/policy_reading.py [--misses] [--folder ../shared/seeds]

The reference (benchmarks/policy_reading/*.csv) holds addresses of clauses, lead units, numbers, units and years of the
five documents, no sentences. A task is found when its clause is; a lead is right when the name is. A target is found
when clause and value are (every target counts once); it is right when comparator, unit, deadline and alternative are,
too. Rules and conditions count as targets here. The documents are not part of this repository; without their folder
nothing is measured. Speed is measured on a document of a hundred dense pages made from the same folder's longest
one, as txt, html, docx and pdf.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REFERENCE = HERE / "policy_reading"
LIMITS = {"task_recall": 0.95, "task_precision": 0.95, "target_recall": 0.95, "target_right": 0.95}
CHARACTERS_PER_PAGE, PAGES, SECONDS_MAX = 1_060, 100, 5.0


@dataclass
class Score:
    """Counts of one document or of all, and what was missed."""

    tasks_wanted: int = 0
    tasks_read: int = 0
    tasks_right: int = 0
    targets_wanted: int = 0
    targets_found: int = 0
    targets_right: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("tasks_wanted", "tasks_read", "tasks_right", "targets_wanted", "targets_found", "targets_right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def ratios(self) -> dict[str, float]:
        """Recall and precision of tasks with their lead, recall of targets and the share of them that is right."""
        return {
            "task_recall": self.tasks_right / max(self.tasks_wanted, 1),
            "task_precision": self.tasks_right / max(self.tasks_read, 1),
            "target_recall": self.targets_found / max(self.targets_wanted, 1),
            "target_right": self.targets_right / max(self.targets_found, 1),
        }


def rows(name: str) -> dict[str, list[dict[str, str]]]:
    """Reference rows by document."""
    result: dict[str, list[dict[str, str]]] = {}
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            result.setdefault(row["document"], []).append(row)
    return result


def measure(document: Any, tasks: list[dict[str, str]], targets: list[dict[str, str]]) -> Score:
    """One document against its reference."""
    score = Score()
    wanted = Counter((row["clause"], row["lead_unit"]) for row in tasks)
    read = Counter((task.clause, task.lead_unit) for task in document.tasks)
    score.tasks_wanted, score.tasks_read = wanted.total(), read.total()
    score.tasks_right = (wanted & read).total()
    score.misses += [f"task missed: {pair}" for pair in wanted - read] + [
        f"task too many: {pair}" for pair in read - wanted
    ]
    score.targets_wanted = len(targets)
    rest = list(document.targets)
    for row in targets:
        found = [
            target
            for target in rest
            if target.clause == row["clause"] and value_of(target) == (row["value"], row["upper_value"])
        ]
        if not found:
            score.misses.append(f"target missed: {row['clause']} {row['comparator']}{row['value']}{row['unit']}")
            continue
        best = max(found, key=lambda target: sum(facts_of(target)[name] == row[name] for name in facts_of(target)))
        rest.remove(best)
        score.targets_found += 1
        wrong = {name: (row[name], value) for name, value in facts_of(best).items() if value != row[name]}
        score.targets_right += not wrong
        if wrong:
            score.misses.append(f"target wrong: {row['clause']} {row['value']} {wrong}")
    return score


def value_of(target: Any) -> tuple[str, str]:
    return target.value or target.alternatives[0].reference, target.upper_value


def facts_of(target: Any) -> dict[str, str]:
    others = target.alternatives[1:]
    return {
        "comparator": target.comparator,
        "unit": target.unit,
        "due_year": str(target.due_on.year) if target.due_on else "",
        "alternative": "".join(f"{other.comparator}{other.value}{other.unit}" for other in others),
    }


def speed(text: str) -> float:
    """Processor seconds for a document of a hundred pages, of the slowest format; copies are made before the clock."""
    sys.path.insert(0, str(HERE.parent))
    from sanyi.governance.policy.jobs import read_document
    from tests.governance.policy.copies import as_docx, as_html, as_pdf

    body = text[text.index("\n一、") :]
    chapters = [body.replace("\n一、", f"\n附件{number}\n一、", 1) for number in range(1, 99)]
    whole = text[: text.index("\n一、")]
    while len(whole) < CHARACTERS_PER_PAGE * PAGES:
        whole += chapters.pop(0)
    print(f"a hundred pages: {len(whole)} characters; limit {SECONDS_MAX:.0f} s")
    slowest = 0.0
    copies = {"txt": whole.encode(), "html": as_html(whole).encode(), "docx": as_docx(whole), "pdf": as_pdf(whole)}
    for ending, content in copies.items():
        wall, processor = time.perf_counter(), time.process_time()
        document = read_document(content, f"hundred.{ending}")
        spent = time.process_time() - processor
        pages = f"{document.page_count} pages, " if document.page_count else ""
        print(f"  {ending}: {pages}{len(document.tasks)} tasks, {spent:.2f} s of processor time, "
              f"{time.perf_counter() - wall:.2f} s on the clock")  # fmt: skip
        slowest = max(slowest, spent)
    return slowest


def main() -> int:
    """Print the figures of each document and of all; 1 when a limit is not kept."""
    from sanyi.governance.policy.jobs import read_document

    parser = argparse.ArgumentParser()
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    parser.add_argument("--folder", type=Path, default=HERE.parents[1] / "shared" / "seeds")
    options = parser.parse_args()
    files = sorted(options.folder.glob("0*.txt"))
    if not files:
        print(f"no documents in {options.folder}: nothing measured")
        return 2
    print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
    tasks, targets, overall = rows("tasks.csv"), rows("targets.csv"), Score()
    for file in files:
        key = file.name[:3]
        score = measure(read_document(file), tasks.get(key, []), targets.get(key, []))
        overall.add(score)
        print(key, shown(score))
        if options.misses:
            print("\n".join(f"    {miss}" for miss in score.misses))
    print("all", shown(overall))
    spent = speed(max(files, key=lambda file: file.stat().st_size).read_text(encoding="utf-8"))
    low = [name for name, limit in LIMITS.items() if overall.ratios()[name] < limit]
    print("limits kept" if not low and spent < SECONDS_MAX else f"below the limit: {low or 'speed'}")
    return int(bool(low) or spent >= SECONDS_MAX)


def shown(score: Score) -> str:
    counts = (f"tasks {score.tasks_right}/{score.tasks_wanted} (read {score.tasks_read}), "
              f"targets {score.targets_found}/{score.targets_wanted}, right {score.targets_right}")  # fmt: skip
    return counts + "  " + "  ".join(f"{name} {value:.3f}" for name, value in score.ratios().items())


if __name__ == "__main__":
    sys.exit(main())
