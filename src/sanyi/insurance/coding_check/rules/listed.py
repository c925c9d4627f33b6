"""编码表检查: each code is in the list in force, in its right spelling, and not grey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sanyi.exchange.mapping.codes import Kind
from sanyi.insurance.coding_check.codes import diagnosis, procedure
from sanyi.insurance.coding_check.codes.kind import DIAGNOSES, PROCEDURES, Finding
from sanyi.insurance.coding_check.codes.listed import ListedKinds
from sanyi.insurance.coding_check.rules.code_book import CodeBook, code_book
from sanyi.insurance.coding_check.rules.scheme_facts import SchemeFacts
from sanyi.insurance.coding_check.rules.stay import Stay


def diagnosis_list_findings(stay: Stay) -> Iterator[Finding]:
    """诊断编码表问题: by position."""
    if not stay.main.strip() and len(stay.record.diagnosis_codes) < 2:
        yield diagnosis.DIAGNOSIS_MISSING(DIAGNOSES, 1)
        return
    codes, named = stay.record.diagnosis_codes, stay.scheme.named_diagnoses
    yield from _findings(codes, stay.dx, named, DIAGNOSES, diagnosis.LISTED, code_book(Kind.DIAGNOSIS), stay.scheme)


def procedure_list_findings(stay: Stay) -> Iterator[Finding]:
    """手术操作编码表问题: by position."""
    codes, named = stay.record.procedure_codes, stay.scheme.named_procedures
    yield from _findings(codes, stay.px, named, PROCEDURES, procedure.LISTED, code_book(Kind.PROCEDURE), stay.scheme)


def _findings(
    codes: Sequence[str],
    numbers: Sequence[int],
    named: frozenset[int],
    column: str,
    kinds: ListedKinds,
    book: CodeBook,
    scheme: SchemeFacts,
) -> Iterator[Finding]:
    for position, (code, number) in enumerate(zip(codes, numbers, strict=True), start=1):
        is_grey = book.national.get(code)
        if is_grey is False:
            continue
        if is_grey:
            yield kinds.grey(column, position, code)
        elif not code.strip():
            yield kinds.empty(column, position, code)
        elif number in named:
            yield kinds.local(column, position, code, scheme=scheme.name_zh, scheme_en=scheme.name_en)
        elif code in book.retired:
            yield kinds.retired(column, position, code)
        elif code in book.clinical:
            yield kinds.clinical(column, position, code)
        elif book.is_known(book.canonical(code)):
            yield kinds.miswritten(column, position, code)
        else:
            yield kinds.unknown(column, position, code)
