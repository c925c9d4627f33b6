"""Generated pages are in step with the declarations they come from."""

from pathlib import Path

import pytest

from scripts.build_docs.pages import cell, pages

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return pages()


def test_every_generated_page_is_in_step(generated: dict[str, str]) -> None:
    """Run `python -m scripts.build_docs` after changing a declaration."""
    stale = [
        name
        for name, text in generated.items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    assert stale == []


def test_the_pages_hold_what_was_declared(generated: dict[str, str]) -> None:
    assert "settlement_id" in generated["glossary.csv"]
    assert "setl_id" in generated["reference/tables/settlement_list.md"]
    assert len(generated["reference/refusals.md"].split("\n## ")) > 100


def test_a_cell_keeps_a_table_whole() -> None:
    assert cell("甲|乙\n丙") == "甲\\|乙 丙"
