"""Schemes taken out and sent back are the same program: every shipped one, and the template on the oracle's files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sanyi.exchange.intake.services import workbooks as files
from sanyi.insurance.grouping import SchemePackage, exported, group_frame, store_package
from sanyi.insurance.grouping.engine import compiled, exporting, library, package
from sanyi.insurance.grouping.engine.definition import Numbered, SchemeDefinition
from sanyi.insurance.scheme_change.rules import conditions
from tests.insurance.schemes import as_sheets, checked_sheets, content, judged, renamed

PECULIAR = ("suzhou_2023", "zhejiang_2022", "yunnan_2023")
IS_NIGHTLY = os.environ.get("SANYI_NIGHTLY") == "1"
TABLES = sorted(library.scheme_rows()) if IS_NIGHTLY else ["chs_drg_11"]
"""Sent back without the spreadsheet between: most of a workbook's time is reading and writing it."""
ORACLE = Path(__file__).parent / "grouping" / "oracle"
HEAD = {"code": "back_again", "starts_on": "2026-01-01", "document": "文件", "basis": "依据"}
NOTHING = np.array([], np.int32)


def same(one: compiled.CompiledScheme, other: compiled.CompiledScheme) -> bool:
    """Whether two compiled schemes are equal in every number and text that decides or names a group."""
    tables = all(np.array_equal(a, b) for a, b in zip(one.tables, other.tables, strict=True))
    targets = np.array_equal(one.dx_target, other.dx_target) and np.array_equal(one.px_target, other.px_target)
    parts = ("departments", "fields_read", "outcome_texts", "outcome_rule", "outcome_candidate")
    return tables and targets and all(getattr(one, part) == getattr(other, part) for part in parts)


def program(found: SchemePackage) -> compiled.CompiledScheme:
    return compiled.compile_definition(package.definition_of(found, library.load))


def offered(scheme: str) -> SchemePackage:
    """A shipped scheme under a code of its own, as its workbook offers it."""
    return renamed(exported(scheme), **HEAD)


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["chs_drg_11", *PECULIAR])
def test_a_shipped_scheme_taken_out_and_in_again_is_the_same_program(scheme: str) -> None:
    """Bytes of the package and back; the compiled arrays are equal, so no stay can be grouped otherwise."""
    taken = exported(scheme)
    again = package.package_of(taken.content())
    assert again == taken
    assert again.digest == taken.digest
    assert same(program(again), compiled.load(scheme))


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", TABLES)
def test_the_tables_of_a_shipped_scheme_lead_back_to_it(
    scheme: str, own_schemes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written as sheets and checked as an upload is; the template groups the oracle's files as the shipped one does."""
    sent = offered(scheme)
    found = checked_sheets(as_sheets(sent), shipped=[scheme])
    assert found.findings.error_count == 0
    assert found.package == replace(sent, lists=dict(sorted(sent.lists.items())))
    assert found.package is not None
    assert found.package.digest == sent.digest
    assert same(program(found.package), compiled.load(scheme))
    store_package(found.package)
    for name in (scheme, f"{scheme}_trans"):
        path = ORACLE / f"{name}.parquet"
        if path.exists():
            stays = pl.read_parquet(path)
            ask: dict[str, Any] = {"translate": name.endswith("_trans"), "with_trace": True}
            own, back = group_frame(stays, scheme, **ask), group_frame(stays, found.package.key, **ask)
            assert back.write_csv() == own.write_csv()
            assert back.select(stays.columns).equals(stays)


if IS_NIGHTLY:

    @pytest.mark.parametrize("scheme", sorted(library.scheme_rows()))
    def test_the_workbook_of_a_shipped_scheme_leads_back_to_it(scheme: str, tmp_path: Path) -> None:
        """Every one of the thirty through the spreadsheet itself."""
        sent = offered(scheme)
        path = tmp_path / "sent.xlsx"
        path.write_bytes(content(sent))
        found = checked_sheets(files.workbook_sheets(path, path.name, 600_000), shipped=[scheme])
        assert found.package is not None, found.findings.plain()
        assert found.package.digest == sent.digest


def without_codes(found: SchemeDefinition) -> SchemeDefinition:
    """The rules alone, their lists empty: what conditions and names are made of."""
    none = Numbered(NOTHING, NOTHING)
    lists = dict.fromkeys(found.lists, NOTHING)
    return replace(found, lists=lists, valid=NOTHING, mcc=none, cc=none, exclusion=none, trauma=none)


def test_every_shipped_condition_has_words_that_lead_back() -> None:
    """All thirty schemes: conditions, and names of lists without blanks."""
    seen = set()
    for scheme in library.scheme_rows():
        found = exporting.package_of_definition(without_codes(library.load(scheme)))
        seen |= {condition for _, _, condition in found.gates}
        seen |= {one.condition for one in found.rules} | {condition for _, _, condition in found.candidates}
        assert not any(set(name) & set(" \t|") for name in found.lists)
    assert len(seen) > 900
    assert [one for one in seen if conditions.read(conditions.written(one)) != one] == []


def test_a_peculiar_scheme_survives_the_spreadsheet() -> None:
    """Lists of one category alone, cut short: a byte-order mark, empty outputs, ambiguous rules."""
    found = exported("suzhou_2023")
    mdc = "MDCI"
    rules = tuple(one for one in found.rules if one.mdc == mdc)
    numbers = {one.seq for one in rules}
    candidates = tuple(one for one in found.candidates if one[0] in numbers)
    gates = tuple(gate for gate in found.gates if gate[0] == mdc)
    used = {name for c in [*(g[2] for g in gates), *(r.condition for r in rules)] for _, name in conditions.lists_of(c)}
    small = replace(
        found,
        gates=gates,
        rules=rules,
        candidates=candidates,
        lists={name: (found.lists[name][0], found.lists[name][1][:40]) for name in used},
        names={drg: found.names[drg] for _, drg, _ in candidates},
        mcc=found.mcc[:50] + tuple(one for one in found.mcc if one[0].startswith("\ufeff")),
        cc=found.cc[:50],
        exclusion=found.exclusion[:50],
        valid=found.valid[:500],
        trauma=found.trauma[:20],
    )
    head = HEAD | {"code": "small", "jurisdiction": "000000000000"}
    small = renamed(small, **head, failed_output=("", "", ""), translation_of="chs_drg_11")
    judged_small = judged(small)
    assert judged_small.package == replace(
        small,
        lists=dict(sorted(small.lists.items())),
        mcc=tuple(sorted(small.mcc)),
    )
    assert any(code.startswith("\ufeff") for code, _ in small.mcc)
    assert any(one.is_ambiguous for one in rules)
