"""Compiling happens once, at install; without Numba the same code gives the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from sanyi.insurance.grouping import group_frame, number_codes, warm_up_kernel
from sanyi.insurance.grouping.engine import native
from sanyi.web.command_line import application
from tests.insurance.grouping.random_stays import RandomStays

KERNELS = {"kernel": ("group", "translate"), "code_splitter": ("count_separators", "find_ends", "number_codes")}
SECOND_PROCESS = """
import json, sys
from sanyi.insurance.grouping import warm_up_kernel
from sanyi.insurance.grouping.engine import native
warm_up_kernel()
found = {}
for module, names in json.loads(sys.argv[1]).items():
    for name in names:
        stats = getattr(native.load(module), name).stats
        found[name] = [sum(stats.cache_hits.values()), sum(stats.cache_misses.values())]
print(json.dumps(found))
"""
WITHOUT_NUMBA = """
import sys
from importlib.machinery import PathFinder
found = PathFinder.find_spec
PathFinder.find_spec = staticmethod(
    lambda name, *rest: None if name.split(".")[0] in ("numba", "llvmlite") else found(name, *rest)
)
from pathlib import Path
from sanyi.insurance.grouping.files import group_file
from sanyi.insurance.grouping.grouper import grouping
group_file(Path(sys.argv[1]), Path(sys.argv[2]), grouping("yantai_2023", "clean", with_trace=True))
assert not any(name.startswith("numba") for name in sys.modules)
"""


def python(code: str, *words: str) -> str:
    return subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True, text=True).stdout


@pytest.mark.sweep
def test_a_second_process_compiles_nothing() -> None:
    warm_up_kernel()
    second = json.loads(python(SECOND_PROCESS, json.dumps(KERNELS)))
    assert second == {name: [1, 0] for names in KERNELS.values() for name in names}


def test_what_was_warmed_up_serves_every_kind_of_table() -> None:
    warm_up_kernel()
    frame = RandomStays("chs_drg_11", 8).frame(30)
    without_procedures = frame.with_columns(px=pl.lit(None, pl.String))
    lists = frame.with_columns(pl.col("dx", "px").str.split("|"))
    texts = frame.cast(pl.String)
    for table in (frame, without_procedures, lists, number_codes(frame), texts, frame.head(0), frame[5:9]):
        group_frame(table, "foshan_2022", "clean", translate=True, with_trace=True)
        group_frame(table, "zhejiang_2022")
    for module, names in KERNELS.items():
        for name in names:
            assert len(getattr(native.load(module), name).overloads) == 1, name


@pytest.mark.sweep
def test_numba_hidden_from_python_changes_no_byte(tmp_path: Path) -> None:
    source = tmp_path / "stays.parquet"
    RandomStays("yantai_2023", 12).frame(300).write_parquet(source)
    python(WITHOUT_NUMBA, str(source), str(tmp_path / "plain.parquet"))
    warm_up_kernel()
    from sanyi.insurance.grouping.files import group_file
    from sanyi.insurance.grouping.grouper import grouping

    group_file(source, tmp_path / "compiled.parquet", grouping("yantai_2023", "clean", with_trace=True))
    assert (tmp_path / "plain.parquet").read_bytes() == (tmp_path / "compiled.parquet").read_bytes()


def test_the_command_warms_up_and_refuses_an_unknown_scheme() -> None:
    done = CliRunner().invoke(application, ["warm", "chs_drg_11"])
    assert done.exit_code == 0
    assert "分组器已就绪" in done.output
    assert CliRunner().invoke(application, ["warm", "nowhere_2020"]).exit_code == 2


def test_nothing_is_compiled_where_numba_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANYI_NO_NUMBA", "1")
    monkeypatch.setattr(native, "load", lambda name: pytest.fail(name))
    warm_up_kernel()
