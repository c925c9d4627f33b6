"""Compiled schemes: kept on disk, rebuilt when the file is damaged, refused when a scheme asks for the impossible."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.grouping.engine import compiled, compiler, kernel, layout, library, native
from sanyi.insurance.grouping.engine.code_dictionary import CodeDictionary, dictionary
from sanyi.insurance.grouping.engine.definition import Atom, Numbered


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SANYI_HOME", str(tmp_path))
    compiled.load.cache_clear()
    return tmp_path / "cache" / "grouping"


def same(one: compiled.CompiledScheme, other: compiled.CompiledScheme) -> bool:
    parts = zip(one.tables, other.tables, strict=True)
    return all(np.array_equal(left, right) for left, right in parts) and one.outcome_texts == other.outcome_texts


def test_a_scheme_is_kept_and_read_again(folder: Path) -> None:
    fresh = compiled.load("linfen_2022")
    assert [path.suffix for path in folder.iterdir()] == [".npz"]
    compiled.load.cache_clear()
    stored = compiled.load("linfen_2022")
    assert stored is not fresh
    assert same(stored, fresh)
    assert stored.fields_read == fresh.fields_read
    assert stored.outcome_rule == fresh.outcome_rule


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a file", b"x" * 5000])
def test_a_damaged_file_is_built_anew(folder: Path, damage: bytes) -> None:
    fresh = compiled.load("linfen_2022")
    next(folder.iterdir()).write_bytes(damage)
    compiled.load.cache_clear()
    assert same(compiled.load("linfen_2022"), fresh)


def test_a_folder_that_cannot_be_written_is_no_fault(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    assert compiled.load("linfen_2022").code == "linfen_2022"


def test_without_a_home_the_user_s_cache_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANYI_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled.cache_folder() == tmp_path / "sanyi" / "grouping"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert compiled.cache_folder() == Path.home() / ".cache" / "sanyi" / "grouping"


@pytest.mark.parametrize(
    "atom",
    [
        Atom("dx_main", "like", 1),
        Atom("px_any", "like", 1),
        Atom("age", "~", value="3"),
        Atom("age", "<"),
        Atom("leaving", "in", value="2|x"),
        Atom("leaving", "in", value="99"),
        Atom("ward", "==", value="3"),
    ],
)
def test_a_test_that_nobody_knows_is_refused(atom: Atom) -> None:
    definition = library.load("fuzhou_2022")
    broken = replace(definition, gates=(replace(definition.gates[0], condition=((atom,),)), *definition.gates[1:]))
    with pytest.raises(compiler.UncompilableError):
        compiled.compile_definition(broken)


def test_too_many_lists_at_any_position_are_refused() -> None:
    definition = library.load("fuzhou_2022")
    atoms = tuple(Atom("px_any", "in", number) for number in list(definition.lists)[:70])
    broken = replace(definition, gates=(replace(definition.gates[0], condition=(atoms,)), *definition.gates[1:]))
    with pytest.raises(compiler.UncompilableError, match="62"):
        compiled.compile_definition(broken)


def test_an_exclusion_table_out_of_range_is_refused() -> None:
    definition = library.load("fuzhou_2022")
    ids = definition.mcc.ids
    for number in (0, -1, 2**15):
        broken = replace(definition, mcc=Numbered(ids, np.full(len(ids), number, dtype=np.int32)))
        with pytest.raises(compiler.UncompilableError, match="exclusion"):
            compiled.compile_definition(broken)


@pytest.mark.parametrize("position", range(layout.WORD_BITS))
def test_every_bit_of_a_word_is_found(position: int) -> None:
    program = compiled.load("fuzhou_2022").plain_tables.program
    assert program[(((1 << position) * layout.BIT_HASH) >> 58) & 63] == position


@pytest.mark.parametrize(("word", "count"), [(0, 0), (1, 1), (0b1011, 3), ((1 << 62) - 1, 62)])
def test_bits_are_counted(word: int, count: int) -> None:
    assert kernel.bit_count(word) == count


def test_compiled_code_is_only_used_when_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_rows_so_far", {})
    assert native.module("nothing", 100) is None
    monkeypatch.setenv("SANYI_NO_NUMBA", "1")
    assert native.module("kernel", 10**9) is None
    monkeypatch.setenv("SANYI_NO_NUMBA", "0")
    assert native.module("kernel", 10**9) is not None


def test_codes_of_any_length_are_found() -> None:
    codes = ["A", "A" * 8, "A" * 9, "A" * 16, "A" * 17, "A" * 23, "霍乱"]
    small = CodeDictionary(codes)
    assert [small.number(code) for code in codes] == list(range(1, 8))
    assert small.split_one(b"A,AA|" + b"A" * 23 + b"," + b"A" * 24, 1) == [1, 0, 6, 0]
    native.load("code_splitter")
    texts = ["|".join(codes), "A,AA", "A" * 24, "", None, "|", "\0A"]
    ids, ends = small.split(pa.array(texts, pa.string()), 1)
    expected = [small.split_one(None if text is None else text.encode(), 1) for text in texts]
    assert [ids[start:stop].tolist() for start, stop in zip(ends, ends[1:], strict=False)] == expected


CODE_TEXTS = (
    st.none() | st.text(alphabet="AK0.1x|,霍\0", max_size=60) | st.sampled_from(["A00.000", "K22.301|,A00.000"])
)


@given(st.lists(CODE_TEXTS, min_size=1, max_size=30), st.integers(0, 3), st.booleans(), st.sampled_from([0, 1]))
def test_compiled_and_plain_splitting_give_the_same(
    texts: list[str | None], start: int, is_large: bool, empty_count: int
) -> None:
    native.load("code_splitter")
    known = dictionary("dx")
    column = pa.array(texts, pa.large_string() if is_large else pa.string()).slice(start)
    ids, ends = known.split(column, empty_count)
    plain_ids, plain_ends = known._split_plainly(column, empty_count)
    assert ids.tolist() == plain_ids.tolist()
    assert ends.tolist() == plain_ends.tolist()


def test_bytes_under_a_missing_text_are_not_read() -> None:
    native.load("code_splitter")
    _, offsets, data = pa.array(["A00.000", "A00.001|A00.009", "A00.100"], pa.string()).buffers()
    column = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\x05"), offsets, data])
    assert column.to_pylist() == ["A00.000", None, "A00.100"]
    ids, ends = dictionary("dx").split(column, 1)
    assert ids.tolist() == [dictionary("dx").number("A00.000"), dictionary("dx").number("A00.100")]
    assert ends.tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("kind", ["dx", "px"])
def test_every_shipped_code_is_found_by_compiled_code(kind: str) -> None:
    native.load("code_splitter")
    known = dictionary(kind)
    ids, _ = known.split(pa.array(known.codes, pa.string()), 1)
    assert ids.tolist() == list(range(1, len(known) + 1))
    ids, _ = known.split(pa.array([f"{code}x" for code in known.codes], pa.string()), 1)
    assert ids.tolist() == [known.number(f"{code}x") for code in known.codes]
