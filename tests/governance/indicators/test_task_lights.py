"""From a task to its light: green when the indicator meets the target, with value, day and rows; otherwise why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from sanyi.governance.indicators.services import catalogue, task_lights
from sanyi.governance.tasks import services as tasks
from sanyi.governance.tasks.codes import Light
from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.services import acting, lights
from sanyi.registry.organisations.models import Organisation
from sanyi.registry.places.models import Place
from tests.governance.indicators.telling import CODE, at_most, say, use_targets
from tests.governance.tasks import office as bureaus
from tests.governance.tasks.office import assigned, item, register
from tests.registry import county as small
from tests.registry.county import COUNTY

ON = date(2026, 3, 1)
NAME = catalogue.definition(CODE).name.zh


@pytest.fixture
def county(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> small.County:
    use_targets(monkeypatch, tmp_path, at_most("30"))
    found = bureaus.build()
    nation, _ = Place.objects.get_or_create(code="000000000000", defaults={"name": "全国", "level": "nation"})
    own = {"name": "示范县", "level": "county", "parent": nation}
    place, _ = Place.objects.get_or_create(code=settings.SANYI_COUNTY, defaults=own)
    Organisation.objects.filter(code=COUNTY).update(place=place)
    return found


def printed(text: str = "≤", value: str = "28", unit: str = "%", name: str = NAME) -> dict[str, Any]:
    """A target as the reader of documents hands it over."""
    return {"subject": name, "comparator": text, "value": value, "unit": unit, "text": f"{name} {text}{value}{unit}"}


def light(task: Task, on: date = ON) -> lights.Lighted:
    return lights.lighted(acting.get(task.number), on)


def test_a_task_turns_green_when_its_indicator_meets_the_target(county: small.County) -> None:
    task, year = assigned(county, item(indicator_code=CODE, due_on=date(2099, 6, 30))), timezone.localdate().year - 1
    say(f"{year}", 31.5)
    assert Task.objects.get(pk=task.pk).light == "yellow", "storing a value looks at the lights of linked tasks"
    say(f"{year}", 29.5)
    assert Task.objects.get(pk=task.pk).light == "green"
    found = light(task, timezone.localdate())
    assert found.light is Light.GREEN and found.data is not None
    assert (found.data.value_text, found.data.target_text, found.data.as_of) == ("29.50%", "≤30%", date(year, 12, 31))
    assert found.data.url == f"/indicators/{CODE}/rows/?node={COUNTY}&period={year}"
    assert found.data.progress_bp == 10_000
    page = county.client("county_leader").get(f"/tasks/{task.number}/").content.decode()
    for words in ("29.50%", f"/indicators/{CODE}/rows/", f"指标：{NAME}", "达标"):
        assert words in page, words


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(2026, 5, 30), Light.RED),
        (date(2026, 5, 31), Light.YELLOW),
        (date(2026, 3, 1), Light.RED),
        (date(2026, 2, 28), Light.RED),
    ],
    ids=["90 days before", "91 days before", "on the day", "after it"],
)
def test_a_missed_target_is_yellow_and_red_when_it_is_due(county: small.County, due_on: date, expected: Light) -> None:
    task = register(county, item(indicator_code=CODE, due_on=due_on))[0]
    say("2025", 31.0)
    found = task_lights.light_of(tasks_facts(task), ON)
    assert found is not None and found.light is expected
    assert found.details["gap_e6"] == 1_000_000


def tasks_facts(task: Task) -> tasks.TaskFacts:
    from sanyi.governance.tasks.services import hooks

    return hooks.facts_of(task)


def test_what_the_documents_say_of_the_light_wins_over_other_targets(county: small.County) -> None:
    # The county's own target (30 %) holds for its own document; another issuer's task says 28 % itself.
    own = register(county, item(targets=[printed()]))[0]
    said = task_lights.light_of(tasks_facts(own), ON)
    assert said is not None and said.light is Light.GREY
    say("2025", 29.0)
    said = task_lights.light_of(tasks_facts(own), ON)
    assert said is not None and (said.light, said.target_text) == (Light.GREEN, "≤30%")
    source = tasks.TaskSource("外〔2026〕1号", "外", "doc-2", "350000000000", None)
    other = register(county, item(targets=[printed()], clause="五"), source=source)[0]
    said = task_lights.light_of(tasks_facts(other), ON)
    assert said is not None and said.light is not Light.GREEN and said.target_text.endswith("≤28%")


@pytest.mark.parametrize(
    "target",
    [printed(name=f"{NAME}等"), printed(name="不是指标"), {"comparator": "≤", "value": "28"}],
    ids=["a longer name", "another name", "no name"],
)
def test_only_an_exact_name_links(county: small.County, target: dict[str, Any]) -> None:
    task = register(county, item(targets=[target]))[0]
    say("2025", 29.0)
    assert task_lights.light_of(tasks_facts(task), ON) is None
    assert task_lights.pages_of(tasks_facts(task)) == []


def test_what_is_not_computable_gives_no_light_but_says_why(county: small.County) -> None:
    task = assigned(county, item(indicator_code=CODE))
    say("2025", None)
    found = light(task)
    assert found.data is not None and found.data.light is Light.GREY
    assert found.light is Light.GREEN, "the evidence alone decides"
    assert "不可计算：本期没有病例" in found.data.words_zh and "not computable" in found.data.words_en


def test_a_value_of_long_ago_says_nothing(county: small.County) -> None:
    task = register(county, item(indicator_code=CODE))[0]
    say("2023", 20.0)
    found = task_lights.light_of(tasks_facts(task), ON)
    assert found is not None and (found.light, found.words_zh) == (Light.GREY, f"{NAME}：最近的指标值已过期")
    assert task_lights.light_of(tasks_facts(task), date(2025, 7, 3)).light is Light.GREEN  # type: ignore[union-attr]


def test_a_change_or_another_unit_is_no_bound(county: small.County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "targets", tuple)
    say("2025", 29.0)
    for number, target in enumerate((printed(unit="元"), printed(value="五"), {**printed(), "base_value": "33"})):
        task = register(county, item(targets=[target], clause=f"六（{number}）"))[0]
        assert task_lights.light_of(tasks_facts(task), ON) is None
