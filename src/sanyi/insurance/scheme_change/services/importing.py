"""方案导入: keep the file, check it, store the scheme; the same file and the same content twice are once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.exchange.intake.services import workbooks as files
from sanyi.insurance.grouping import SchemePackage, schemes, store_package
from sanyi.insurance.scheme_change.codes import VERSION_TAKEN
from sanyi.insurance.scheme_change.jobs.edition import edition
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion
from sanyi.insurance.scheme_change.rules.building import checked
from sanyi.insurance.scheme_change.rules.draft import Findings
from sanyi.insurance.scheme_change.tables.forms import SCHEME
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies

ASKER = "insurance.scheme_change"


def bytes_max() -> int:
    """工作簿大小上限."""
    return _limit("workbook_bytes")


def receive(file: Any, file_name: str, *, by: access.Actor, organisation_code: str) -> SchemeImport:
    """接收方案工作簿: always gives an import with its findings; ``version`` is there where nothing is wrong.

    A file that was taken before is not taken again; one that was refused is checked anew. Refuses an empty file and
    one that is too large.
    """
    stored = files.keep(file, bytes_max())
    known = SchemeImport.objects.filter(file_digest=stored.digest).select_related("version").first()
    if known is not None and known.version is not None:
        return known
    found, findings = _checked(stored, file_name)
    version = _version(found, findings, by) if found is not None else None
    facts = {
        "file_name": file_name[:200],
        "size_bytes": stored.size_bytes,
        "organisation_code": organisation_code,
        "uploaded_by_name": by.name[:80],
        "findings": findings.plain(),
        "error_count": findings.error_count,
        "warning_count": findings.warning_count,
        "version": version,
    }
    row, _ = SchemeImport.objects.update_or_create(file_digest=stored.digest, defaults=facts)
    outcome = f"方案 {version.key}" if version is not None else f"有 {findings.error_count} 处错误，未导入"
    access.record_write(
        by, "scheme.import", "scheme_import", str(row.pk), organisation_code, f"上传方案工作簿：{outcome}"
    )
    return row


def imports() -> Any:
    """方案导入: all, the newest first."""
    return SchemeImport.objects.select_related("version")


def scheme_import(pk: int) -> SchemeImport | None:
    """一次导入: None when there is none."""
    return SchemeImport.objects.select_related("version").filter(pk=pk).first()


def versions() -> Any:
    """方案版本: all, the newest first."""
    return SchemeVersion.objects.all()


def _limit(name: str) -> int:
    key = f"insurance.scheme_change.{name}"
    on = timezone.localdate()
    return int(policies.book().value(key, jurisdiction=policies.county(), on=on, asker=ASKER).value)


def _checked(stored: files.Stored, file_name: str) -> tuple[SchemePackage | None, Findings]:
    findings = Findings()
    try:
        sheets = files.workbook_sheets(stored.path, file_name, _limit("workbook_rows"))
    except RefusedError as error:
        for refusal in error.refusals:
            _note(findings, refusal)
        return None, findings
    found = checked(
        sheets,
        edition=edition(),
        shipped=_shipped(),
        jurisdictions=policies.book().jurisdictions.codes(),
    )
    return found.package, found.findings


def _shipped() -> list[str]:
    imported = set(SchemeVersion.objects.values_list("key", flat=True))
    return [scheme for scheme in schemes()["scheme"] if scheme not in imported]


def _version(found: SchemePackage, findings: Findings, by: access.Actor) -> SchemeVersion | None:
    """The version of a content: the known one, a new one, or a finding where its number is taken."""
    known = SchemeVersion.objects.filter(digest=found.digest).first()
    if known is not None:
        return known
    head = found.head
    store_package(found)
    try:
        with transaction.atomic():
            return SchemeVersion.objects.create(
                key=found.key,
                code=head.code,
                version=head.version,
                name_zh=head.name_zh,
                name_en=head.name_en,
                jurisdiction=head.jurisdiction,
                starts_on=date.fromisoformat(head.starts_on),
                ends_on=date.fromisoformat(head.ends_on) if head.ends_on else None,
                document=head.document,
                digest=found.digest,
                mdc_count=len(found.gates),
                rule_count=len(found.rules),
                drg_count=len({drg for _, drg, _ in found.candidates}),
                weight_count=len(found.weights_e6),
                warning_count=findings.warning_count,
                imported_by_name=by.name[:80],
            )
    except IntegrityError:
        same = SchemeVersion.objects.filter(digest=found.digest).first()
        if same is None:
            findings.add(VERSION_TAKEN, SCHEME, None, "value", scheme=head.code, version=head.version)
        return same


def _note(findings: Findings, refusal: Refusal) -> None:
    findings.counts[refusal.code] += 1
    findings.items.append(refusal)
