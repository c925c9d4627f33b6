"""The home folder: nothing that is not a demonstration is ever touched; broken builds start anew."""

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from sanyi.demo import home
from sanyi.kernel.refusals import RefusedError


def state(stages: list[str] | None = None, **changed: object) -> home.State:
    """A state of Ruicheng."""
    return home.State(**{"county": "ruicheng", "residents": 300, "seed": 1, "stages": stages or [], **changed})


def prepared(folder: Path, wanted: home.State, *, is_fresh: bool = False) -> tuple[home.State, bool]:
    """Prepare as the command does."""
    return home.prepare(folder, wanted, is_fresh=is_fresh, lasting="registered")


def test_an_empty_folder_is_marked(tmp_path: Path) -> None:
    assert prepared(tmp_path, state()) == (state(), False)
    assert home.read(tmp_path) == state()


def test_a_folder_with_other_things_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    for is_fresh in (False, True):
        with pytest.raises(RefusedError, match="不是空的"):
            prepared(tmp_path, state(), is_fresh=is_fresh)
    assert (tmp_path / "thesis.docx").read_text() == "x" and not (tmp_path / home.MARK).exists()


def test_compiled_schemes_are_no_sign_of_life_and_are_kept(tmp_path: Path) -> None:
    """Somebody grouped a file with this home before: the demonstration can still be built in it."""
    (tmp_path / "cache" / "grouping").mkdir(parents=True)
    (tmp_path / "cache" / "grouping" / "scheme.npz").write_text("x")
    assert prepared(tmp_path, state()) == (state(), False)
    assert (tmp_path / "cache" / "grouping" / "scheme.npz").exists()


def test_a_build_broken_before_registration_starts_anew(tmp_path: Path) -> None:
    prepared(tmp_path, state())
    (tmp_path / "lake").mkdir()
    (tmp_path / "sanyi.sqlite3").write_text("half")
    assert prepared(tmp_path, state()) == (state(), True)
    assert {path.name for path in tmp_path.iterdir()} == {home.MARK}


def test_a_build_broken_later_goes_on(tmp_path: Path) -> None:
    prepared(tmp_path, state())
    home.write(tmp_path, state(["registered"]))
    (tmp_path / "sanyi.sqlite3").write_text("whole")
    assert prepared(tmp_path, state()) == (state(["registered"]), False)
    assert (tmp_path / "sanyi.sqlite3").exists()


@pytest.mark.parametrize("change", [{"county": "youxi"}, {"residents": 301}, {"seed": 2}])
def test_another_county_is_refused_unless_fresh(tmp_path: Path, change: dict[str, object]) -> None:
    home.write(tmp_path, state(["registered"]))
    with pytest.raises(RefusedError, match="--fresh"):
        prepared(tmp_path, state(**change))
    assert home.read(tmp_path) == state(["registered"])
    assert prepared(tmp_path, state(**change), is_fresh=True) == (state(**change), False)


def test_fresh_empties_a_finished_demonstration(tmp_path: Path) -> None:
    home.write(tmp_path, state(["registered", "finished"]))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").write_text("a")
    assert prepared(tmp_path, state(), is_fresh=True)[0].stages == []
    assert not (tmp_path / "files").exists()


def _hold(folder: str, ready: object, done: object) -> None:
    with home.held(Path(folder)):
        ready.set()
        done.wait(10)


def test_one_process_holds_a_folder_and_death_lets_go(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path), ready, done))
    other.start()
    assert ready.wait(20)
    with pytest.raises(RefusedError, match="另一个演示进程"), home.held(tmp_path):
        pass
    other.kill()
    other.join()
    with home.held(tmp_path):
        pass


def test_sign_ins_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / home.SIGN_INS
    home.write_privately(path, "甲\t乙")
    home.write_privately(path, "丙\t丁")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.read_text(encoding="utf-8") == "丙\t丁"


def test_the_mark_is_readable_json(tmp_path: Path) -> None:
    home.write(tmp_path, state(["registered"]))
    assert json.loads((tmp_path / home.MARK).read_text())["stages"] == ["registered"]
