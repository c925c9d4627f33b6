"""质控问题清单: the columns, filters and words of the list that the page, its export and the interface share."""

from collections.abc import Mapping
from urllib.parse import quote

from django.http import HttpRequest

from sanyi.insurance.coding_check.codes import KINDS
from sanyi.insurance.coding_check.codes.kind import SEVERITY_BADGE, Severity, place_text
from sanyi.insurance.coding_check.rules.checker import finding_of
from sanyi.insurance.coding_check.rules.code_book import name_of
from sanyi.insurance.coding_check.services.findings import current_findings, months_of_findings
from sanyi.registry.access.services import Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.organisations import services as organisations

NOWHERE: Scope = frozenset()


def severity_words(request: HttpRequest) -> Mapping[str, str]:
    """严重程度."""
    return {str(severity): severity.label(language()) for severity in Severity}


def kind_words(request: HttpRequest) -> Mapping[str, str]:
    """问题种类."""
    return {code: kind.label(language()) for code, kind in KINDS.items()}


def institution_words(request: HttpRequest) -> Mapping[str, str]:
    """医疗机构: those in the reader's scope that have findings."""
    rows = current_findings().select("institution_code").unique().collect()
    scope = getattr(request, "scope", NOWHERE)
    codes = sorted(code for code in rows["institution_code"] if code in scope)
    known = organisations.names(set(codes))
    return {code: known.get(code, code) for code in codes}


def month_words(request: HttpRequest) -> Mapping[str, str]:
    """出院月份: newest first."""
    return {month: month for month in months_of_findings(getattr(request, "scope", NOWHERE))}


def _link(row: Row) -> str:
    institution, settlement = quote(row["institution_code"], safe=""), quote(row["settlement_id"], safe="")
    return f"/grouping/stays/{institution}/{settlement}/"


def _enrich(rows: list[Row]) -> None:
    """Sentences in the reader's language, from kind and values."""
    spoken = language()
    for row in rows:
        finding = finding_of(row)
        row["place"] = place_text(finding.column, finding.position, spoken)
        row["code_name"] = name_of(finding.column, finding.code)
        row["message"], row["remedy"] = finding.message(spoken), finding.remedy(spoken)
        row["source"] = finding.source(spoken)


LISTING = Listing(
    name="coding_finding",
    zh="编码质控问题",
    en="Findings of the check of coding",
    key="finding_key",
    default_sort="-discharged_on",
    organisation="institution_code",
    person="person_id",
    search=("settlement_id", "medical_record_number", "code", "drg", "doctor_code"),
    extra=("field", "position", "values"),
    enrich=_enrich,
    columns=(
        ListColumn(
            "severity", "严重程度", "Severity", filter=Filter.CHOICE, choices=severity_words, badge=SEVERITY_BADGE
        ),
        ListColumn("kind", "问题", "Finding", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("settlement_id", "结算ID", "Settlement", kind=Kind.CODE, link=_link),
        ListColumn("medical_record_number", "病案号", "Medical record", kind=Kind.CODE, is_hidden=True),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("discharge_month", "出院月份", "Month", filter=Filter.CHOICE, choices=month_words, is_hidden=True),
        ListColumn("discharged_on", "出院日期", "Discharged", kind=Kind.DATE),
        ListColumn("department_code", "出院科别", "Department", kind=Kind.CODE, filter=Filter.EXACT),
        ListColumn("doctor_code", "主诊医师", "Doctor", kind=Kind.CODE, filter=Filter.EXACT),
        ListColumn("drg", "DRG", "DRG", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn("place", "位置", "Place", value=lambda row: row["place"], is_hidden=True),
        ListColumn("code", "编码", "Code", kind=Kind.CODE, filter=Filter.PREFIX),
        ListColumn("code_name", "编码名称", "Name of the code", value=lambda row: row["code_name"], is_hidden=True),
        ListColumn("message", "说明", "What was found", value=lambda row: row["message"]),
        ListColumn("remedy", "办理建议", "What to do", value=lambda row: row["remedy"], is_hidden=True),
        ListColumn("source", "依据", "Source", value=lambda row: row["source"], is_hidden=True),
        ListColumn("run_number", "质控作业", "Run", kind=Kind.INTEGER, filter=Filter.EXACT, is_hidden=True),
    ),
)
