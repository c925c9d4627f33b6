"""Policy: lookups against a slow oracle, inheritance, expected and set-aside values, history, timeline, digest."""

import pickle
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel.policy import NATION, Jurisdictions, PolicyBook, PolicyValue, Units
from sanyi.kernel.refusals import RefusedError

RUICHENG, YUNCHENG, SHANXI = "140830000000", "140800000000", "140000000000"
SCHEME = """
insurance.grouping.scheme:
  name: {zh: 分组方案, en: Grouping scheme}
  unit: scheme
  choices: [linfen_2022, chs_drg_11, shanxi_2026]
  checked_on: 2025-11-01
  note: 示例
  values:
    - {from: 2020-01-01, jurisdiction: "000000000000", value: chs_drg_11, basis: 国家方案}
    - {from: 2023-01-01, to: 2024-12-31, jurisdiction: "140830000000", value: linfen_2022, basis: 推断, assumed: true,
       document: "003", url: "https://www.gov.cn/", note: 最近的已公布方案, checked_on: 2025-11-01}
    - {from: 2025-01-01, to: 2025-06-30, jurisdiction: "140830000000", inherits: true, basis: 停用}
    - {from: 2025-07-01, jurisdiction: "140830000000", expected: true, basis: 县政府通告}
"""
DEDUCTIBLE = """
insurance.benefit.deductible_fen:
  name: {zh: 起付线, en: Deductible}
  unit: fen_per_stay
  values:
    - {from: 2024-01-01, jurisdiction: "140000000000", value: {tier_1: 20000, tier_2: [40000, 50000]}, basis: 省}
insurance.benefit.is_open:
  name: {zh: 是否开放, en: Open}
  unit: boolean
  values: [{from: 2024-01-01, jurisdiction: "000000000000", value: true, basis: 国}]
insurance.benefit.starts_on:
  name: {zh: 开始日, en: Start}
  unit: date
  values: [{from: 2024-01-01, jurisdiction: "000000000000", value: 2024-05-01, basis: 国}]
insurance.benefit.bands:
  name: {zh: 分段, en: Bands}
  unit: table
  values:
    - from: 2024-01-01
      jurisdiction: "000000000000"
      basis: 国
      value: [{from_fen: 0, name: 甲, is_last: false}, {from_fen: 100, name: 乙, is_last: true}]
"""
LOCAL = """
insurance.benefit.deductible_fen:
  values:
    - {from: 2025-01-01, jurisdiction: "140830000000", value: 30000, basis: 县}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def book(tmp_path: Path) -> PolicyBook:
    return PolicyBook.load(write(tmp_path, scheme=SCHEME, benefit=DEDUCTIBLE, local__ruicheng=LOCAL))


def scheme(book: PolicyBook, on: date, jurisdiction: str = RUICHENG) -> PolicyValue:
    return book.value("insurance.grouping.scheme", jurisdiction=jurisdiction, on=on, asker="grouping.scheme")


def test_the_date_of_the_event_chooses_the_value(book: PolicyBook) -> None:
    assert scheme(book, date(2022, 12, 31)).value == "chs_drg_11"
    assert scheme(book, date(2023, 1, 1)).value == "linfen_2022"
    assert scheme(book, date(2024, 12, 31)).value == "linfen_2022"
    assert scheme(book, datetime(2024, 12, 31, 23, 59)).value == "linfen_2022"


def test_a_value_carries_everything_known_about_it(book: PolicyBook) -> None:
    found = scheme(book, date(2024, 1, 1), jurisdiction="140830100201")
    assert found.is_assumed
    assert (found.basis, found.document, found.url) == ("推断", "003", "https://www.gov.cn/")
    assert (found.jurisdiction, found.unit) == (RUICHENG, "scheme")
    assert (found.starts_on, found.ends_on) == (date(2023, 1, 1), date(2024, 12, 31))
    assert (found.name_zh, found.name_en, found.note) == ("分组方案", "Grouping scheme", "最近的已公布方案")
    assert (Path(found.file).name, found.line, found.checked_on) == ("scheme.yaml", 10, date(2025, 11, 1))


def test_an_inheriting_period_follows_the_jurisdiction_above(book: PolicyBook) -> None:
    found = scheme(book, date(2025, 3, 1))
    assert (found.value, found.jurisdiction) == ("chs_drg_11", NATION)


def test_an_expected_value_is_refused_and_not_taken_from_above(book: PolicyBook) -> None:
    with pytest.raises(RefusedError) as refused:
        scheme(book, date(2025, 7, 1))
    (refusal,) = refused.value.refusals
    assert refusal.code == "policy.value_expected"
    assert "grouping.scheme" in refusal.message()
    assert "芮城县" in refusal.message()
    assert refusal.place.line == 13


def test_a_date_without_a_value_names_asker_date_and_file(book: PolicyBook) -> None:
    with pytest.raises(RefusedError) as refused:
        scheme(book, date(2019, 12, 31))
    (refusal,) = refused.value.refusals
    assert refusal.code == "policy.value_not_found"
    for words in ("规则“grouping.scheme”", "分组方案", "2019-12-31", "山西省运城市芮城县", "2020-01-01—"):
        assert words in refusal.message()
    assert "scheme.yaml" in refusal.remedy()
    assert "The rule grouping.scheme needs" in refusal.message("en")


def test_a_key_without_any_value_above_says_so(book: PolicyBook) -> None:
    with pytest.raises(RefusedError, match="没有任何值"):
        book.value("insurance.benefit.deductible_fen", jurisdiction="370682000000", on=date(2025, 1, 1))


def test_an_unknown_key_suggests_a_known_one(book: PolicyBook) -> None:
    with pytest.raises(RefusedError) as refused:
        book.value("insurance.grouping.schema", jurisdiction=RUICHENG, on=date(2024, 1, 1))
    assert refused.value.refusals[0].code == "policy.key_unknown"
    assert "insurance.grouping.scheme" in refused.value.refusals[0].message()
    with pytest.raises(RefusedError):
        book.history("x.y")
    with pytest.raises(RefusedError):
        book.timeline("x.y", jurisdiction=RUICHENG)


def test_a_local_file_overrides_named_keys_only(book: PolicyBook) -> None:
    key = "insurance.benefit.deductible_fen"
    ruicheng = book.value(key, jurisdiction=RUICHENG, on=date(2025, 1, 1))
    assert (ruicheng.value, Path(ruicheng.file).name) == (30000, "ruicheng.yaml")
    before = book.value(key, jurisdiction=RUICHENG, on=date(2024, 12, 31))
    assert (before.value, Path(before.file).name) == ({"tier_1": 20000, "tier_2": (40000, 50000)}, "benefit.yaml")
    assert ruicheng.unit == before.unit == "fen_per_stay"


def test_values_of_every_kind(book: PolicyBook) -> None:
    day = date(2025, 1, 1)
    assert book.value("insurance.benefit.is_open", jurisdiction=NATION, on=day).value is True
    assert book.value("insurance.benefit.starts_on", jurisdiction=NATION, on=day).value == date(2024, 5, 1)
    bands = book.value("insurance.benefit.bands", jurisdiction=NATION, on=day).value
    assert bands[1] == {"from_fen": 100, "name": "乙", "is_last": True}


def test_several_values_for_a_rule_come_together_or_are_refused_together(book: PolicyBook) -> None:
    keys = {"scheme": "insurance.grouping.scheme", "is_open": "insurance.benefit.is_open"}
    found = book.values(keys, jurisdiction=RUICHENG, on=date(2024, 1, 1), asker="a.b")
    assert {name: value.value for name, value in found.items()} == {"scheme": "linfen_2022", "is_open": True}
    with pytest.raises(RefusedError) as refused:
        book.values(keys, jurisdiction=RUICHENG, on=date(2019, 1, 1), asker="a.b")
    assert len(refused.value.refusals) == 2


def test_history_shows_own_entries_first_and_those_above(book: PolicyBook) -> None:
    own = book.history("insurance.grouping.scheme", RUICHENG)
    assert [(value.jurisdiction, value.value) for value in own] == [
        (RUICHENG, "linfen_2022"),
        (RUICHENG, None),
        (RUICHENG, None),
        (NATION, "chs_drg_11"),
    ]
    assert own[2].is_expected
    assert own[1].is_inherited
    everywhere = book.history("insurance.grouping.scheme")
    assert [value.jurisdiction for value in everywhere] == [NATION, RUICHENG, RUICHENG, RUICHENG]
    assert book.keys()[-1].key == "insurance.grouping.scheme"
    assert len(book.entries()) == 9


def test_an_entry_set_aside_is_kept_to_be_seen_and_never_found(tmp_path: Path) -> None:
    text = SCHEME.replace(
        "    - {from: 2020-01-01",
        '    - {from: 2020-01-01, jurisdiction: "000000000000", value: shanxi_2026, basis: 另一文件,'
        " set_aside: 以国家方案为准}\n    - {from: 2020-01-01, decision: 领导小组会议,",
    ).replace("decision: 领导小组会议,,", "decision: 领导小组会议,")
    book = PolicyBook.load(write(tmp_path, scheme=text))
    found = scheme(book, date(2021, 1, 1), NATION)
    assert (found.value, found.decision) == ("chs_drg_11", "领导小组会议")
    aside = [value for value in book.history("insurance.grouping.scheme", NATION) if value.set_aside]
    assert [value.value for value in aside] == ["shanxi_2026"]
    assert not aside[0].is_usable


def test_a_value_without_a_last_day_holds_until_the_next_begins(tmp_path: Path) -> None:
    text = LOCAL.replace("  values", "  name: {zh: 起付线, en: Deductible}\n  unit: fen\n  values")
    later = '    - {from: 2026-01-01, jurisdiction: "140830000000", value: 40000, basis: 县}\n'
    book = PolicyBook.load(write(tmp_path, a=text + later))
    spans = [(value.starts_on, value.ends_on) for value in book.entries()]
    assert spans == [(date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), None)]


def test_three_overlapping_entries_name_the_longest_and_no_false_gap(tmp_path: Path) -> None:
    text = """
a.b:
  name: {zh: 甲, en: a}
  unit: count
  values:
    - {from: 2020-01-01, to: 2030-12-31, jurisdiction: "000000000000", value: 1, basis: 甲}
    - {from: 2021-01-01, to: 2021-12-31, jurisdiction: "000000000000", value: 2, basis: 乙}
    - {from: 2025-01-01, jurisdiction: "000000000000", value: 3, basis: 丙}
"""
    with pytest.raises(RefusedError) as refused:
        PolicyBook.load(write(tmp_path, a=text))
    found = [(refusal.code, refusal.place.line, refusal.values["other_line"]) for refusal in refused.value.refusals]
    assert found == [("policy.overlap", 7, 6), ("policy.overlap", 8, 6)]


def test_the_digest_follows_content_and_not_place(tmp_path: Path) -> None:
    one = PolicyBook.load(write(tmp_path / "one", scheme=SCHEME, benefit=DEDUCTIBLE))
    other = PolicyBook.load(write(tmp_path / "two", all=DEDUCTIBLE + "# 注释\n" + SCHEME))
    changed = PolicyBook.load(write(tmp_path / "three", scheme=SCHEME.replace("推断", "推定"), benefit=DEDUCTIBLE))
    assert one.digest == other.digest
    assert len(one.digest) == 64
    assert changed.digest != one.digest


def test_files_named_twice_are_read_once(tmp_path: Path) -> None:
    folder = write(tmp_path, scheme=SCHEME)
    assert len(PolicyBook.load(folder, folder / "scheme.yaml").entries()) == 4


def test_policy_values_travel_between_processes(book: PolicyBook) -> None:
    found = book.value("insurance.benefit.deductible_fen", jurisdiction=SHANXI, on=date(2024, 1, 1))
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(pickle.loads(pickle.dumps(found)))


# lookups against a slow oracle

DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(40)]
CHAIN = (RUICHENG, YUNCHENG, SHANXI, NATION)
segments = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["value", "expected", "inherits"])), max_size=4)


@st.composite
def layers(draw: st.DrawFn) -> dict[str, list[tuple[date, date | None, str, int]]]:
    """For each jurisdiction of the chain: consecutive segments from some day on, the last one open or closed."""
    found = {}
    number = 0
    for code in CHAIN:
        day = draw(st.integers(0, 15))
        entries: list[tuple[date, date | None, str, int]] = []
        for length, kind in draw(segments):
            number += 1
            entries.append((DAYS[0] + timedelta(day), DAYS[0] + timedelta(day + length - 1), kind, number))
            day += length
        if entries and draw(st.booleans()):
            entries[-1] = (entries[-1][0], None, *entries[-1][2:])
        found[code] = entries
    return found


def as_yaml(found: dict[str, list[tuple[date, date | None, str, int]]]) -> str:
    lines = ["a.b:", "  name: {zh: 甲, en: a}", "  unit: count", "  values:"]
    for code, entries in found.items():
        for first, last, kind, number in entries:
            what = f"value: {number}" if kind == "value" else f"{kind}: true"
            to = f"to: {last}, " if last else ""
            lines.append(f'    - {{from: {first}, {to}jurisdiction: "{code}", {what}, basis: 甲{number}}}')
    return "\n".join(lines)


def oracle(found: dict[str, list[tuple[date, date | None, str, int]]], on: date) -> str:
    """Day by day, nearest jurisdiction first."""
    for code in CHAIN:
        for first, last, kind, number in found[code]:
            if first <= on <= (last or date.max) and kind != "inherits":
                return str(number) if kind == "value" else "expected"
    return "none"


def answer(book: PolicyBook, on: date) -> str:
    try:
        return str(book.value("a.b", jurisdiction=RUICHENG, on=on).value)
    except RefusedError as error:
        return {"policy.value_expected": "expected", "policy.value_not_found": "none"}[error.refusals[0].code]


@given(found=layers())
def test_lookups_agree_with_a_slow_oracle(tmp_path_factory: pytest.TempPathFactory, found) -> None:  # type: ignore[no-untyped-def]
    if not any(found.values()):
        found[NATION] = [(DAYS[0], None, "value", 99)]
    book = PolicyBook.load(write(tmp_path_factory.mktemp("policy"), a=as_yaml(found)))
    timeline = book.timeline("a.b", jurisdiction=RUICHENG)
    for on in DAYS:
        expected = oracle(found, on)
        assert answer(book, on) == expected, on
        covering = [value for value in timeline if value.covers(on)]
        shown = [("expected" if value.is_expected else str(value.value)) for value in covering]
        assert shown == ([] if expected == "none" else [expected]), on
    column = pl.DataFrame({"on": DAYS}).select(book.expr("a.b", jurisdiction=RUICHENG, on=pl.col("on"))).to_series()
    numbers = [oracle(found, on) for on in DAYS]
    assert column.to_list() == [int(number) if number.isdigit() else None for number in numbers]
    assert column.dtype == pl.Int64


def test_a_column_of_values_follows_each_row_s_own_date(book: PolicyBook) -> None:
    days = pl.DataFrame({"seen_on": [date(2022, 12, 31), date(2023, 1, 1), date(2025, 3, 1), date(2025, 7, 1), None]})
    scheme_expr = book.expr("insurance.grouping.scheme", jurisdiction=RUICHENG, on=pl.col("seen_on"))
    assert days.select(scheme_expr).to_series().to_list() == ["chs_drg_11", "linfen_2022", "chs_drg_11", None, None]
    with pytest.raises(TypeError, match="lists or mappings"):
        book.expr("insurance.benefit.bands", jurisdiction=NATION, on=pl.col("seen_on"))


def test_units_and_jurisdictions_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text("hair: {zh: 根, en: hairs, kind: integer}\n", encoding="utf-8")
    (tmp_path / "places.csv").write_text("code,name_zh,name_en\n990000000000,示范省,Model\n", encoding="utf-8")
    text = LOCAL.replace("  values", "  name: {zh: 头发, en: Hair}\n  unit: hair\n  values").replace("_fen", "")
    folder = write(tmp_path / "policy", a=text.replace(RUICHENG, "990000000000"))
    units, places = Units.load(tmp_path / "units.yaml"), Jurisdictions.load(tmp_path / "places.csv")
    book = PolicyBook.load(folder, units=units, jurisdictions=places)
    assert book.entries()[0].unit == "hair"
    with pytest.raises(RefusedError, match="不认识单位"):
        PolicyBook.load(folder, jurisdictions=places)
    with pytest.raises(RefusedError, match="没有代码为“990000000000”的辖区"):
        PolicyBook.load(folder, units=units)
