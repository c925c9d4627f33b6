"""The command from the outside: sentences for mistakes; a build that is killed, goes on, and is used again."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanyi.demo import home, sign_ins
from sanyi.demo.command import application

COMMAND = [sys.executable, "-m", "sanyi.web.command_line", "demo", "--no-serve", "--residents", "150"]
READ = """
import json, sanyi.web.commands as commands
commands.start_django()
from sanyi.demo import fund_year, outpatient, sources
from sanyi.demo.sign_ins import actor
from sanyi.exchange.claim_lines import services as lines
from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.lake.services import lake
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.governance.indicators.models import CollectedValue, IndicatorAlert, IndicatorPeriod, IndicatorValue
from sanyi.governance.tasks.models import Task
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.insurance.package.models import Advance, MonthAccount, PackageYear
from sanyi.insurance.payment.models import Settlement
from sanyi.registry.cases import services as cases
from sanyi.registry.people.models import Person
from sanyi.registry.runs.models import Run
from django.conf import settings
LEAD = "H14083090012"
insurance = actor("insurance")
tried = [
    intake.receive(path.read_bytes(), SETTLEMENT_LIST.name, LEAD, by=insurance, file_name=path.name)
    for path in sorted((settings.SANYI_HOME / "samples").glob("*.xlsx"), key=lambda path: "改正" in path.name)
]
lists, stays = (lake().scan(one.name).collect() for one in (SETTLEMENT_LIST, GROUPED_STAY))
outside = lake().scan(OUTSIDE_STAY.name).collect()
FACTS = ("signed_person", "outpatient_visit", "claim_line")
def counted():
    return {name: lake().scan(name).collect().height for name in FACTS}
once, sender = counted(), outpatient.Sender(sources.county("ruicheng", 150, 20250101))
for number, chunk in enumerate(sender.county.chunks(), start=1):
    visits = sender.visits(chunk)
    sender.send_agreements(chunk, number)
    sender.send_visits(chunk, visits, number, lambda done, total: None)
    sender.send_lines(chunk, visits, number, lambda done, total: None)
visited, signed = (lake().scan(name).collect() for name in ("outpatient_visit", "signed_person"))
def funded():
    return {
        "steps": sorted(PackageYear.objects.values_list("step", flat=True)),
        "advances": sorted(Advance.objects.values_list("case__state", flat=True)),
        "settled": sorted([month, state] for month, state in Settlement.objects.values_list("month", "state")),
        "accounts": sorted(MonthAccount.objects.values_list("month", flat=True)),
    }
fund = funded()
fund_year.leave(sender.county, lambda done, total: None)
batches = list(Batch.objects.select_related("case"))
print(json.dumps({
    "county": settings.SANYI_COUNTY,
    "people": Person.objects.count(),
    "settlements": lists.height,
    "distinct": lists.select("institution_code", "settlement_id").n_unique(),
    "linked": lists["person_id"].drop_nulls().len(),
    "grouped": stays.select("institution_code", "settlement_id").n_unique(),
    "written": sum(batch.written_count for batch in batches if batch.contract == SETTLEMENT_LIST.name),
    "outside": outside.height,
    "outside_distinct": outside.select("institution_code", "settlement_id").n_unique(),
    "fund": fund,
    "fund_again": funded(),
    "facts": once,
    "facts_again": counted(),
    "visits_distinct": visited.select("institution_code", "settlement_id").n_unique(),
    "visits_linked": visited["person_id"].drop_nulls().len(),
    "signed_linked": signed["person_id"].drop_nulls().len(),
    "months": sorted({(day.month, number < 0) for day, number in visited.select("visited_on", "_batch_number").rows()}),
    "unbalanced": lines.differences().collect().height,
    "values": IndicatorValue.objects.filter(is_current=True, period="2025", value_e6__isnull=False).count(),
    "twice": IndicatorValue.objects.filter(is_current=False).count(),
    "collected": sorted(CollectedValue.objects.values_list("case__state", flat=True)),
    "closed": list(IndicatorPeriod.objects.values_list("period", "is_closed")),
    "alerts": list(IndicatorAlert.objects.values_list("was", "now", "case__state")),
    "linked_task": list(Task.objects.exclude(indicator_code="").values_list("light", flat=True)),
    "states": sorted({str(batch.state) for batch in batches}),
    "runs": sorted(set(Run.objects.values_list("state", flat=True))),
    "tried": [(batch.row_count, batch.refused_count) for batch in tried],
    "todo": {name: len(cases.todo(actor(name))) for name in ("insurance", "audit", "health")},
}))
"""


def environment(folder: Path) -> dict[str, str]:
    """The tests' environment with a home of its own and no settings of the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SANYI_", "DJANGO_"))}
    return {**kept, "SANYI_HOME": str(folder), "PYTHONIOENCODING": "utf-8"}


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run([*COMMAND, *more], env=environment(folder), capture_output=True, text=True, timeout=400)


def stages(folder: Path) -> list[str]:
    """The stages that are done."""
    return json.loads((folder / home.MARK).read_text())["stages"] if (folder / home.MARK).exists() else []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small county whose build was killed while it sent its files, and then finished."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    compiled = Path(os.environ["SANYI_HOME"]) / "cache" / "grouping"
    if compiled.is_dir():  # compiling all schemes anew is tested elsewhere
        (folder / "cache").mkdir(parents=True)
        (folder / "cache" / "grouping").symlink_to(compiled.resolve())
    said = folder.parent / "said.txt"
    with said.open("w") as output:
        first = subprocess.Popen(
            COMMAND, env=environment(folder), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    deadline = time.monotonic() + 240
    while "registered" not in stages(folder) and time.monotonic() < deadline and first.poll() is None:
        time.sleep(0.1)
    time.sleep(2.0)
    assert first.poll() is None, said.read_text()
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert stages(folder) == ["registered"]
    second = run(folder)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "从中断处继续" in second.stdout
    return folder


@pytest.fixture(scope="module")
def facts(built: Path) -> dict[str, object]:
    """What is in the database and the lake."""
    done = subprocess.run([sys.executable, "-c", READ], env=environment(built), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.sweep
def test_a_killed_build_loses_nothing_and_doubles_nothing(facts: dict[str, object]) -> None:
    assert facts["people"] in (150, 151)  # with the double record that waits for a decision
    assert facts["settlements"] == facts["distinct"] == facts["written"] > 10
    assert facts["runs"] == ["done"]
    assert facts["county"] == "140830000000"


@pytest.mark.sweep
def test_everything_accepted_is_grouped_and_linked_to_people(facts: dict[str, object]) -> None:
    assert facts["grouped"] == facts["settlements"]
    assert facts["linked"] == facts["settlements"]


@pytest.mark.sweep
def test_visits_lines_and_agreements_are_there_once_linked_and_balanced(facts: dict[str, object]) -> None:
    once = facts["facts"]
    assert isinstance(once, dict) and facts["facts_again"] == once and min(once.values()) > 50
    assert facts["visits_distinct"] == facts["visits_linked"] == once["outpatient_visit"]
    assert facts["signed_linked"] == once["signed_person"]
    assert facts["months"] == [[month, month < 12] for month in range(1, 13)]
    assert facts["unbalanced"] == 0


@pytest.mark.sweep
def test_the_fund_year_is_under_way_and_going_on_adds_nothing(facts: dict[str, object]) -> None:
    fund = facts["fund"]
    assert isinstance(fund, dict) and facts["fund_again"] == fund
    assert fund["steps"] == ["", "agreed"] and fund["advances"] == ["paid"] * 6 + ["requested"]
    assert fund["settled"] == [[1, "closed"], [2, "closed"], [3, "closed"], [4, "computed"], [12, "computed"]]
    assert fund["accounts"] == [1, 2, 3]


def test_indicators_are_computed_collected_closed_and_told(facts: dict[str, object]) -> None:
    assert facts["outside"] == facts["outside_distinct"] != 0
    assert int(str(facts["values"])) > 40 and facts["twice"] == 0
    assert facts["collected"] == ["approved", "approved", "approved", "draft", "returned", "submitted"]
    assert facts["closed"] == [["2025-01", True]]
    assert ["met", "not_met", "raised"] in facts["alerts"]  # type: ignore[operator]
    assert len(facts["linked_task"]) == 1  # type: ignore[arg-type]


@pytest.mark.sweep
def test_to_do_lists_are_not_empty(facts: dict[str, object]) -> None:
    todo = facts["todo"]
    assert isinstance(todo, dict)
    assert todo["audit"] >= 1 and todo["health"] >= 1
    assert "accepted" in facts["states"]  # type: ignore[operator]


@pytest.mark.sweep
def test_a_second_start_uses_what_is_there(built: Path) -> None:
    before = (built / "sanyi.sqlite3").stat().st_size
    began = time.monotonic()
    again = run(built)
    assert again.returncode == 0 and "直接使用" in again.stdout, again.stdout + again.stderr
    assert time.monotonic() - began < 60
    assert (built / "sanyi.sqlite3").stat().st_size == before
    kept = sign_ins.from_text((built / home.SIGN_INS).read_text(encoding="utf-8"))
    assert all(one.password in again.stdout for one in kept)


@pytest.mark.sweep
def test_sign_ins_are_kept_for_the_owner(built: Path) -> None:
    path = built / home.SIGN_INS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = sign_ins.from_text(path.read_text(encoding="utf-8"))
    assert {one.username for one in kept} == {post.username for post in sign_ins.POSTS}
    assert len({one.password for one in kept}) == len(kept)


@pytest.mark.sweep
def test_the_sample_has_mistakes_and_its_twin_has_none(built: Path, facts: dict[str, object]) -> None:
    names = sorted(path.name for path in (built / home.SAMPLES).iterdir())
    assert len(names) == 2 and any("含错误" in name for name in names) and any("已改正" in name for name in names)
    (rows, refused), (same_rows, none) = facts["tried"]  # type: ignore[misc]
    assert rows == same_rows and refused > 0 and none == 0


def invoked(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str) -> str:
    """What the command says before it starts anything; it must refuse."""
    monkeypatch.setenv("SANYI_HOME", str(folder))
    answer = CliRunner().invoke(application, [*options, "--no-serve"])
    assert answer.exit_code == 1, answer.output
    return answer.output.replace("\n", "")


@pytest.mark.sweep
@pytest.mark.parametrize("options", [("--residents", "200"), ("--seed", "7"), ("--county", "youxi")])
def test_another_county_in_the_same_folder_is_refused(
    built: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, str]
) -> None:
    assert "--fresh" in invoked(monkeypatch, built, *options)
    assert stages(built)[-1] == "finished"


def test_a_foreign_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    assert "不是空的" in invoked(monkeypatch, tmp_path)
    assert (tmp_path / "thesis.docx").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--county", "atlantis"], "ruicheng、laiyang、zhangping、youxi"),
        (["--residents", "5"], "应在100到"),
        (["--residents", "99999999999"], "应在100到"),
    ],
)
def test_mistaken_options_get_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str
) -> None:
    assert words in invoked(monkeypatch, tmp_path / "home", *options)


def test_passwords_are_long_and_never_the_same() -> None:
    made = {sign_ins.password() for _ in range(500)}
    assert len(made) == 500 and all(len(one) >= 12 for one in made)
