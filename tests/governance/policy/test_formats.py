"""One document in four formats gives one result; what cannot be read is said with its place."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from sanyi.governance.policy.jobs import read_document, word
from sanyi.governance.policy.tables import Document
from sanyi.kernel.refusals import RefusedError
from tests.conftest import SHARED
from tests.governance.policy.copies import as_docx, as_html, as_pdf
from tests.governance.policy.test_documents import FOLDER, SAMPLE

SEEDS = sorted((SHARED / "seeds").glob("0*.txt")) if (SHARED / "seeds").is_dir() else []
OWN = [SAMPLE, FOLDER / "table_of_a_prefecture.txt", FOLDER / "plan_of_a_county.txt"]


def result(document: Document) -> dict[str, Any]:
    """Everything but pages and lines, which a format has its own of."""

    def bare(rows: Any) -> list[Any]:
        return [replace(row, page=0, line=0) for row in rows]

    head = replace(document.head, cited=tuple(replace(cited, line=0) for cited in document.head.cited))
    return {
        "head": head,
        "clauses": bare(document.clauses),
        "tasks": bare(document.tasks),
        "targets": bare(document.targets),
        "values": document.value_candidates,
        "noise": [(noise.digest, noise.count, noise.in_unit_lists) for noise in document.noise],
    }


def check(path: Path, copy: bytes, name: str) -> None:
    wanted, found = result(read_document(path)), result(read_document(copy, name))
    for part, value in wanted.items():
        assert found[part] == value, f"{name}: {part} differs"


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_documents_in_every_format(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check(path, as_html(text).encode(), "a.html")
    check(path, as_docx(text), "a.docx")
    check(path, text.encode("gb18030"), "a.txt")
    check(path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "a.txt")


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_documents_as_pdf(path: Path) -> None:
    check(path, as_pdf(path.read_text(encoding="utf-8")), "a.pdf")


def test_the_originals_are_there() -> None:
    if not SEEDS:
        pytest.skip(f"the five documents are not in {SHARED / 'seeds'}: their formats are not compared")
    assert len(SEEDS) == 5


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_originals_in_every_format(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check(path, as_html(text).encode(), "a.html")
    check(path, as_docx(text), "a.docx")
    check(path, text.encode("gb18030"), "a.txt")


@pytest.mark.parametrize("path", SEEDS[:1] + SEEDS[-1:], ids=lambda path: path.name[:3])
def test_the_originals_as_pdf(path: Path) -> None:
    check(path, as_pdf(path.read_text(encoding="utf-8")), "a.pdf")


def blank_pdf(*, pages: int = 1) -> bytes:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"   ", "a.txt", "policy_document.file_empty"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "policy_document.format_old_word"),
        (b"%PDF-1.7 broken", "a.pdf", "policy_document.file_broken"),
        (b"no pdf at all", "a.pdf", "policy_document.file_broken"),
        (b"PK\x03\x04 broken", "a.docx", "policy_document.file_broken"),
        (b"\x00\x01\x02\x03", "a.bin", "policy_document.format_unknown"),
        (b"<html><script>x</script></html>", "a.html", "policy_document.file_empty"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, name: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_document(content, name)
    assert caught.value.refusals[0].code == code


def test_a_scan_says_so() -> None:
    with pytest.raises(RefusedError) as caught:
        read_document(blank_pdf(pages=2), "扫描.pdf")
    assert caught.value.refusals[0].code == "policy_document.file_empty"


def test_a_zip_that_is_no_word_file_is_broken() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(RefusedError) as caught:
        read_document(stream.getvalue(), "a.docx")
    assert caught.value.refusals[0].code == "policy_document.file_broken"


def test_a_small_word_file_that_unpacks_to_far_too_much_is_refused_before_it_is_read() -> None:
    stream = io.BytesIO()
    archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("word/document.xml", "w", force_zip64=True) as part:
        for _ in range(word.UNPACKED_MEGABYTES_MAX + 1):
            part.write(bytes(1 << 20))
    with pytest.raises(RefusedError) as refused:
        read_document(stream.getvalue(), "方案.docx")
    assert refused.value.refusals[0].code == "policy_document.file_too_large_unpacked"


def test_damaged_characters_are_said_with_their_line_and_the_rest_is_read() -> None:
    content = (
        "方案\n一、任务\n（一）甲。（责任单位：县卫健局）\n".encode()
        + b"\xff\xfe\xff "
        + "乙的工作\n（二）丙。（责任单位：县医保局）".encode()
    )
    document = read_document(content, "a.txt")
    assert [task.lead_unit for task in document.tasks] == ["县卫健局", "县医保局"]
    said = [problem for problem in document.problems if problem.code == "characters_lost"]
    assert said[0].line == 4


def test_numbers_that_word_only_counts_are_read() -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'))  # fmt: skip
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for depth, text in (
        (0, "重点任务"),
        (1, "甲的工作。（责任单位：县卫健局）"),
        (1, "乙的工作。（责任单位：县医保局）"),
        (0, "保障"),
        (1, "丙。"),
    ):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'))  # fmt: skip
    stream = io.BytesIO()
    document.save(stream)
    read = read_document(stream.getvalue(), "a.docx")
    assert [clause.address for clause in read.clauses] == ["一", "一（一）", "一（二）", "二", "二（一）"]
    assert [task.lead_unit for task in read.tasks] == ["县卫健局", "县医保局"]
