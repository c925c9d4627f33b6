"""共享文本: the texts of a workbook, read in blocks and by the parser, are the same."""

from __future__ import annotations

import io
import zipfile

import pytest

from sanyi.exchange.intake.jobs import workbook


@pytest.mark.parametrize(
    ("body", "is_plain"),
    [
        ("", True),
        ("<si><t></t></si>", True),
        ('<si><t>a&amp;b</t></si>\n<si><t xml:space="preserve"> x </t><phoneticPr fontId="1"/></si>', True),
        ("<si><t>_x0041_&lt;</t></si>", True),
        ("<si><t>" + "字" * 300_000 + "</t></si><si><t>末</t></si>", False),
        ("<si><t/></si>", False),
        ("<si><r><t>粗</t></r><r><t>体</t></r></si>", False),
        ("<si><t>a&#65;</t></si>", False),
        ("<si><t>a\rb</t></si>", False),
    ],
)
def test_shared_texts_in_blocks_are_those_of_the_parser(body: str, is_plain: bool) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("s", f'<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="x" count="1">{body}</sst>')
    with zipfile.ZipFile(stream) as archive:
        quick, parsed = workbook._plain_texts(archive, "s"), workbook._parsed_texts(archive, "s")
    assert (quick is not None) is is_plain
    if quick is not None:
        assert [quick[place] for place in range(len(quick))] == [parsed[place] for place in range(len(parsed))]


@pytest.mark.parametrize("body", ["<si><t>\x00F</t></si>", "<si><t>a</si>", "<si><t>a</t></si>x"])
def test_shared_texts_that_are_no_right_document_are_left_to_the_parser(body: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("s", f'<sst xmlns="x">{body}</sst>')
    with zipfile.ZipFile(stream) as archive:
        assert workbook._plain_texts(archive, "s") is None
