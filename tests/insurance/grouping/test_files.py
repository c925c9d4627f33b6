"""Files in, files out: every form of file gives the same answers, and a bad one a sentence."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sanyi.insurance.grouping.engine import batch
from sanyi.insurance.grouping.files import group_file, reading
from sanyi.insurance.grouping.grouper import grouping
from sanyi.kernel.refusals import RefusedError

ORACLE = Path(__file__).parent / "oracle" / "yantai_2023.parquet"
EXPECTED = pl.read_parquet(ORACLE)
ANSWER = ["status", "mdc", "adrg", "drg"]
CHOSEN = grouping("yantai_2023")


def answers(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        found = pl.read_parquet(path)
    elif path.suffix == ".csv":
        found = pl.read_csv(path, infer_schema=False).with_columns(pl.col(ANSWER).fill_null(""))
    else:
        head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        wanted = [head.index(name) for name in ("case_id", *ANSWER)]
        found = pl.DataFrame(
            [[row[place] for place in wanted] for row in rows], schema=["case_id", *ANSWER], orient="row"
        )
    return found.with_columns(pl.col("case_id").cast(pl.Int32)).select("case_id", *ANSWER)


def written(folder: Path, name: str) -> Path:
    """The stays without their answers, as a file of the kind that the name tells."""
    path = folder / name
    frame = EXPECTED.drop(ANSWER)
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as workbook:
            frame.write_excel(workbook, autofilter=False)
    else:
        frame.write_parquet(path, row_group_size=300)
    return path


@pytest.mark.parametrize("source", ["stays.parquet", "stays.csv", "stays.xlsx"])
@pytest.mark.parametrize("target", ["out.parquet", "out.csv", "out.xlsx"])
def test_every_kind_of_file_gives_the_same_answers(tmp_path: Path, source: str, target: str) -> None:
    summary = group_file(written(tmp_path, source), tmp_path / target, CHOSEN)
    assert answers(tmp_path / target).equals(EXPECTED.select("case_id", *ANSWER))
    assert summary.stay_count == 2000
    assert summary.status_counts["歧义病案"] == 264


def test_a_parquet_file_keeps_every_column_and_type(tmp_path: Path) -> None:
    source = tmp_path / "stays.parquet"
    EXPECTED.with_columns(ward=pl.lit("五病区"), seen=pl.lit(None, pl.Datetime("us"))).write_parquet(source)
    group_file(source, tmp_path / "out.parquet", CHOSEN)
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.equals(pl.read_parquet(source))
    assert found.schema == pl.read_parquet(source).schema


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.parquet", "two.parquet"):
        group_file(ORACLE, tmp_path / name, CHOSEN)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_pieces_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH_ROWS", 77)
    group_file(ORACLE, tmp_path / "out.parquet", CHOSEN)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(EXPECTED)
    assert pq.ParquetFile(tmp_path / "out.parquet").num_row_groups == 26


def test_only_the_results(tmp_path: Path) -> None:
    group_file(ORACLE, tmp_path / "out.parquet", CHOSEN, only_results=True)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(EXPECTED.select("case_id", *ANSWER))


def test_traces_and_repairs_are_columns(tmp_path: Path) -> None:
    chosen = grouping("yantai_2023", "clean", with_trace=True)
    group_file(ORACLE, tmp_path / "out.parquet", chosen)
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.columns[-10:] == [*ANSWER[3:], "repairs", *chosen.result_schema().names[5:]]
    assert found["trace_rule"].max() > 0


def test_a_file_may_be_grouped_onto_itself(tmp_path: Path) -> None:
    path = tmp_path / "stays.parquet"
    EXPECTED.drop(ANSWER).write_parquet(path)
    group_file(path, path, CHOSEN)
    assert pl.read_parquet(path).equals(EXPECTED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_texts_in_every_usual_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    frame = (
        EXPECTED.head(50)
        .drop(ANSWER)
        .with_columns(pl.col("sex").cast(pl.String).replace({"1": "男", "2": "女"}), remark=pl.lit("转院，随访"))
    )
    text = frame.write_csv(separator=separator)
    (tmp_path / "stays.csv").write_bytes(text.encode(encoding))
    group_file(tmp_path / "stays.csv", tmp_path / "out.csv", CHOSEN)
    assert answers(tmp_path / "out.csv").equals(EXPECTED.head(50).select("case_id", *ANSWER))
    assert "转院，随访" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_chinese_headers_are_understood_and_kept(tmp_path: Path) -> None:
    chinese = [
        "病例号",
        "性别",
        "年龄",
        "天龄",
        "新生儿体重",
        "科室",
        "住院天数",
        "离院方式",
        "诊断编码",
        "手术操作编码",
    ]
    english = ["case_id", "sex", "age", "age_days", "weight", "dept", "los", "leaving", "dx", "px"]
    names = dict(zip(english, chinese, strict=True))
    EXPECTED.drop(ANSWER).rename(names).write_csv(tmp_path / "stays.csv")
    group_file(tmp_path / "stays.csv", tmp_path / "out.parquet", CHOSEN)
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.columns == [*names.values(), *ANSWER]
    assert found.select(ANSWER).equals(EXPECTED.select(ANSWER))


def test_text_files_keep_codes_as_they_are_written(tmp_path: Path) -> None:
    rows = 'case_id,sex,age,age_days,weight,dept,dx,px\n007,1,50,,,0302,"G40.900,E11.900",\n010,2,x,,,0302,,\n'
    (tmp_path / "stays.csv").write_text(rows)
    group_file(tmp_path / "stays.csv", tmp_path / "out.parquet", CHOSEN)
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found["case_id"].to_list() == ["007", "010"]
    assert found["dept"].to_list() == ["0302", "0302"]
    assert found["age"].to_list() == ["50", "x"]
    assert found["sex"].to_list() == [1, 2]
    assert found["status"].to_list() == ["分组成功", "信息校验不通过"]


@pytest.mark.parametrize("target", ["out.csv", "out.xlsx"])
def test_lists_and_the_like_are_written_as_text(tmp_path: Path, target: str) -> None:
    frame = EXPECTED.head(3).with_columns(
        wards=pl.lit(["五", "六"]),
        scan=pl.lit(b"\xff\x01"),
        bed=pl.struct(pl.lit(3).alias("floor"), pl.lit(None, pl.String).alias("window")),
        remark=pl.lit("长" * 40_000),
    )
    frame.write_parquet(tmp_path / "stays.parquet")
    group_file(tmp_path / "stays.parquet", tmp_path / target, CHOSEN)
    assert answers(tmp_path / target).equals(EXPECTED.head(3).select("case_id", *ANSWER))
    if target.endswith("csv"):
        assert '"五|六","ff01","floor=3|window="' in (tmp_path / target).read_text(encoding="utf-8")
    else:
        _, row, *_ = CalamineWorkbook.from_path(str(tmp_path / target)).get_sheet_by_index(0).to_python()
        assert row[-4:] == ["五|六", "ff01", "floor=3|window=", "长" * 32_767]


def test_texts_that_are_none_give_a_sentence(tmp_path: Path) -> None:
    texts = pa.array([b"\xff\xfe"]).view(pa.string())
    stays = EXPECTED.head(1).drop(ANSWER).to_arrow()
    pq.write_table(stays.append_column("remark", texts), tmp_path / "stays.parquet")
    with pytest.raises(RefusedError, match="不是可以读取的 Parquet 文件"):
        group_file(tmp_path / "stays.parquet", tmp_path / "out.parquet", CHOSEN)


def test_a_file_without_stays(tmp_path: Path) -> None:
    for name in ("stays.parquet", "stays.csv"):
        frame = EXPECTED.drop(ANSWER).head(0)
        frame.write_parquet(tmp_path / name) if name.endswith("parquet") else frame.write_csv(tmp_path / name)
        group_file(tmp_path / name, tmp_path / "out.parquet", CHOSEN)
        found = pl.read_parquet(tmp_path / "out.parquet")
        assert found.height == 0
        assert found.columns == EXPECTED.columns


def bomb() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1_000_000)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("stays.parquet", b"not a parquet file at all", "不是可以读取的 Parquet 文件"),
        ("stays.parquet", b"", "文件是空的"),
        ("stays.csv", b"", "文件是空的"),
        ("stays.csv", b"\x00\x01\x02PNG\r\n\x00", "不是可以读取的 CSV 文件"),
        ("stays.csv", b"sex,age,dx\n1,2,A\n", "缺少“age_days”列"),
        ("stays.csv", b"sex,age,age_days,weight,dx,px\n1,2,A,B,C,D,E,F,G\n", "第 2 行的列数与表头的 6 列不一致"),
        ("stays.csv", b"sex,sex,age_days,weight,dx,px\n1,2,,,A,\n", "重复或空白的列名：sex"),
        ("stays.csv", b"\xff\xff\xff\xff\xff", "不是可以读取的 CSV 文件"),
        ("stays.xlsx", b"PK\x03\x04 not a workbook", "不是可以读取的 Excel 文件"),
        ("stays.xlsx", bomb(), "不是可以读取的 Excel 文件"),
        ("stays.doc", b"1", "无法从文件名“stays.doc”判断文件类型"),
    ],
)  # fmt: skip
def test_a_bad_file_gives_a_sentence_and_no_output(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RefusedError, match=sentence):
        group_file(tmp_path / name, tmp_path / "out.parquet", CHOSEN)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_truncated_parquet_file_gives_a_sentence(tmp_path: Path) -> None:
    whole = ORACLE.read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 4 : len(whole) // 2] = bytes(len(whole) // 2 - len(whole) // 4)
    for name, content in (("short.parquet", whole[:-200]), ("damaged.parquet", bytes(damaged))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(RefusedError, match="不是可以读取的 Parquet 文件"):
            group_file(tmp_path / name, tmp_path / "out.parquet", CHOSEN)
        assert not (tmp_path / "out.parquet").exists()


def test_merged_or_shifted_headers_give_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "stays.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range("A1:F1", "2025年1月结算清单")
        sheet.write_row(1, 0, ["sex", "age", "age_days", "weight", "dx", "px"])
    with pytest.raises(RefusedError, match="重复或空白的列名|缺少“sex”列"):
        group_file(path, tmp_path / "out.parquet", CHOSEN)


def test_formulas_are_read_as_the_values_they_show(tmp_path: Path) -> None:
    path = tmp_path / "stays.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["sex", "age", "age_days", "weight", "dx", "px"])
        sheet.write_row(1, 0, [1, 50, None, None, "G40.900", ""])
        sheet.write_formula(1, 1, "=25*2", None, 50)
    group_file(path, tmp_path / "out.csv", CHOSEN)
    assert pl.read_csv(tmp_path / "out.csv")["drg"].to_list() == ["BV15"]


def test_a_target_that_cannot_be_written_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="无法写入"):
        group_file(ORACLE, tmp_path / "nowhere" / "out.parquet", CHOSEN)
    with pytest.raises(RefusedError, match="无法从文件名"):
        group_file(ORACLE, tmp_path / "out.docx", CHOSEN)
    with pytest.raises(RefusedError, match="找不到文件"):
        group_file(tmp_path / "missing.parquet", tmp_path / "out.parquet", CHOSEN)


def test_a_sheet_with_too_many_rows_gives_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanyi.insurance.grouping.files import writing

    monkeypatch.setattr(writing, "SHEET_ROWS_MAX", 1999)
    with pytest.raises(RefusedError, match="超过 Excel 工作表的 1999 行"):
        group_file(ORACLE, tmp_path / "out.xlsx", CHOSEN)
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_the_program_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: batch.Grouping, piece: pa.RecordBatch) -> pa.RecordBatch:
        raise ZeroDivisionError

    monkeypatch.setattr(batch.Grouping, "results", broken)
    with pytest.raises(ZeroDivisionError):
        group_file(ORACLE, tmp_path / "out.parquet", CHOSEN)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_reported(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    source = written(tmp_path, "stays.parquet")
    group_file(source, tmp_path / "out.parquet", CHOSEN, report=lambda done, total: told.append((done, total)))
    assert told[-1] == (2000, 2000)
    assert [done for done, _ in told] == [300, 600, 900, 1200, 1500, 1800, 2000]
