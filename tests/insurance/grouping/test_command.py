"""`sanyi group` from the command line: answers, sentences, exit codes; never a traceback."""

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from sanyi.web.command_line import application

ORACLE = Path(__file__).parent / "oracle"


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, ["group", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_it_groups_the_oracle_file(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    code, said, _ = run(str(ORACLE / "yantai_2023.parquet"), "--scheme", "yantai_2023", "--out", str(out))
    assert code == 0
    assert "已分组 2000 例" in said
    assert pl.read_parquet(out).equals(pl.read_parquet(ORACLE / "yantai_2023.parquet"))


def test_it_translates_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    code, _, _ = run(str(ORACLE / "chs_drg_11_trans.parquet"), "--translate", "--out", str(out))
    assert code == 0
    assert pl.read_parquet(out).equals(pl.read_parquet(ORACLE / "chs_drg_11_trans.parquet"))


def test_it_writes_traces_and_repairs_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    source = str(ORACLE / "chs_drg_10.parquet")
    code, _, _ = run(
        source, "--scheme", "chs_drg_10", "--mode", "clean", "--trace", "--only-results", "--out", str(out)
    )
    assert code == 0
    found = pl.read_csv(out, infer_schema_length=None)
    assert found.columns[:6] == ["case_id", "status", "mdc", "adrg", "drg", "repairs"]
    assert "trace_mcc" in found.columns
    assert "lost_lists" in found["repairs"].to_list()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["missing.parquet", "--out", "out.parquet"], "找不到文件“missing.parquet”"),
        (["{oracle}", "--scheme", "烟台", "--out", "out.parquet"], "没有名为“烟台”的分组方案"),
        (["{oracle}", "--mode", "fast", "--out", "out.parquet"], "没有名为“fast”的分组模式"),
        (["{oracle}", "--engine", "hadoop", "--out", "out.parquet"], "没有名为“hadoop”的运行方式"),
        (["{oracle}"], "没有指定结果文件"),
        (["{oracle}", "--engine", "spark", "--out", "out.csv"], "输入和输出都应为 Parquet"),
    ],
)
def test_a_mistake_gives_a_sentence_and_code_2(words: list[str], sentence: str) -> None:
    oracle = str(ORACLE / "chs_drg_11.parquet")
    code, _, said = run(*(oracle if word == "{oracle}" else word for word in words))
    assert code == 2
    assert sentence in said
    assert "Traceback" not in said


def test_help_is_in_chinese() -> None:
    code, said, _ = run("--help")
    assert code == 0
    assert "分组方案" in said
