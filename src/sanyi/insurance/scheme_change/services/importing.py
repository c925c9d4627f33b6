"""方案导入服务: a workbook comes in and is checked by a job; only a scheme without errors becomes a version.

Packages are written before the database says so: a package that nobody mentions is harmless, a version without its
package would not be. The same file and the same content twice are once; a job that is done again changes nothing.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from sanyi.exchange.intake.services import workbooks as files
from sanyi.insurance.grouping import SchemePackage, schemes, store_package
from sanyi.insurance.scheme_change.codes import NOT_A_WORKBOOK, VERSION_TAKEN
from sanyi.insurance.scheme_change.jobs.annotated import annotate
from sanyi.insurance.scheme_change.jobs.edition import edition
from sanyi.insurance.scheme_change.models import SchemeImport, SchemeVersion
from sanyi.insurance.scheme_change.rules.building import STEPS, checked
from sanyi.insurance.scheme_change.rules.draft import Findings
from sanyi.insurance.scheme_change.tables.forms import SCHEME
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

ASKER = "insurance.scheme_change"
CHECK = "scheme_change.check"
UNDER_WAY = ("queued", "running", "cancelling")
STEP_WORDS = {
    "draft": "正在核对工作表",
    "codes": "正在核对编码",
    "rules": "正在核对规则",
    "compile": "正在编译方案",
    "doubts": "正在查找可疑之处",
    "annotate": "正在写出标注工作簿",
}
_STEPS = (*STEPS, "annotate")
_OTHER_KINDS = ("exchange.intake.file_kind_wrong", "exchange.intake.file_disguised")


def bytes_max() -> int:
    """工作簿大小上限."""
    return _limit("workbook_bytes")


def receive(file: Any, file_name: str, *, by: access.Actor, organisation_code: str) -> SchemeImport:
    """接收方案工作簿: keeps the file and starts the job that checks it; ``run_number`` says which.

    A file that became a version is not checked again, one whose check is under way not twice; one that was refused is
    checked anew. Refuses an empty file and one that is too large.
    """
    stored = files.keep(file, bytes_max())
    facts = {
        "file_name": file_name[:200],
        "size_bytes": stored.size_bytes,
        "organisation_code": organisation_code,
        "uploaded_by_name": by.name[:80],
    }
    with transaction.atomic():
        row, _ = SchemeImport.objects.get_or_create(file_digest=stored.digest, defaults=facts)
        # Written first, so that of two at once the second waits here and then sees what the first has started.
        SchemeImport.objects.filter(pk=row.pk, version=None).update(size_bytes=stored.size_bytes)
        row.refresh_from_db()
        if row.version_id is not None or is_under_way(row):
            return row
        run = runs.start(CHECK, by=by, organisation_code=organisation_code, parameters={"number": row.pk})
        nothing: dict[str, Any] = {"findings": [], "error_count": 0, "warning_count": 0}
        SchemeImport.objects.filter(pk=row.pk).update(run_number=run.number, **facts, **nothing)
    row.refresh_from_db()
    return row


def is_under_way(row: SchemeImport) -> bool:
    """是否正在检查."""
    run = runs.get(row.run_number) if row.run_number is not None else None
    return run is not None and run.state in UNDER_WAY


def imports() -> Any:
    """方案导入: all, the newest first."""
    return SchemeImport.objects.select_related("version")


def scheme_import(pk: int) -> SchemeImport | None:
    """一次导入: None when there is none."""
    return SchemeImport.objects.select_related("version").filter(pk=pk).first()


def annotated_workbook(row: SchemeImport) -> Path | None:
    """标注工作簿: the sender's own, with what was found beside each row; None where there is none."""
    path = _annotated_path(row)
    return path if path.exists() and (row.error_count or row.warning_count) else None


def versions() -> Any:
    """方案版本: all, the newest first."""
    return SchemeVersion.objects.all()


def _annotated_path(row: SchemeImport) -> Path:
    return Path(settings.FILES_ROOT) / "schemes" / "annotated" / f"{row.file_digest}.xlsx"


def _limit(name: str) -> int:
    key = f"insurance.scheme_change.{name}"
    on = timezone.localdate()
    return int(policies.book().value(key, jurisdiction=policies.county(), on=on, asker=ASKER).value)


@runs.run_kind(
    CHECK,
    zh="检查方案工作簿",
    en="Check of a scheme workbook",
    result_url=lambda run: reverse("insurance.scheme_change.import", kwargs={"pk": run.parameters["number"]}),
    labels={
        "scheme": ("导入的方案", "Imported scheme"),
        "error_count": ("错误数", "Errors"),
        "warning_count": ("提示数", "Warnings"),
    },
)
def _work(progress: runs.Progress, number: int) -> dict[str, Any]:
    row = SchemeImport.objects.select_related("version").get(pk=number)
    progress.provenance(file_digest=row.file_digest, policy_digest=policies.book().digest)
    findings = Findings()
    sheets = _sheets(row, findings, progress)
    found = _checked(sheets, findings, progress) if sheets is not None else None
    if found is not None and _is_taken(found):
        _add_taken(found, findings)
    if sheets is not None:
        _annotate(row, sheets, findings, progress)
    progress.set(len(_STEPS), len(_STEPS), "已核对全部内容")
    progress.check_cancelled()  # from here on it is too late: what was found is written
    is_right = found is not None and not findings.error_count
    version = _version(found, findings, row.uploaded_by_name) if found is not None and is_right else None
    counts = {"error_count": findings.error_count, "warning_count": findings.warning_count}
    SchemeImport.objects.filter(pk=row.pk).update(findings=findings.plain(), version=version, **counts)
    _record(row, version, findings, progress)
    return counts | ({"scheme": version.key} if version is not None else {})


def _sheets(row: SchemeImport, findings: Findings, progress: runs.Progress) -> list[files.ReadSheet] | None:
    """The sheets of the file; None where it cannot be read, and then that is the finding."""
    progress.set(0, 0, "正在读取工作簿")
    path = files.path_of(row.file_digest)
    try:
        return files.workbook_sheets(path, row.file_name, _limit("workbook_rows"), progress.set)
    except RefusedError as error:
        for refusal in error.refusals:
            is_other = refusal.code in _OTHER_KINDS
            findings.take(NOT_A_WORKBOOK(found=refusal.values["found"]) if is_other else refusal)
        return None


def _checked(sheets: list[files.ReadSheet], findings: Findings, progress: runs.Progress) -> SchemePackage | None:
    return checked(
        sheets,
        edition=edition(),
        shipped=_shipped(),
        jurisdictions=policies.book().jurisdictions.codes(),
        findings=findings,
        report=partial(_step, progress),
    ).package


def _annotate(row: SchemeImport, sheets: list[files.ReadSheet], findings: Findings, progress: runs.Progress) -> None:
    _step(progress, "annotate")
    path = _annotated_path(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{progress.number}")
    annotate(fresh, sheets, findings)
    fresh.replace(path)


def _record(row: SchemeImport, version: SchemeVersion | None, findings: Findings, progress: runs.Progress) -> None:
    run = runs.get(progress.number)
    assert run is not None, "the job that is running"
    by = access.Actor(user_id=run.started_by_id, name=run.started_by_name)
    outcome = f"方案 {version.key}" if version is not None else f"有 {findings.error_count} 处错误，未导入"
    summary = f"检查方案工作簿：{outcome}"
    access.record_write(by, "scheme.import", "scheme_import", str(row.pk), row.organisation_code, summary)


def _step(progress: runs.Progress, name: str) -> None:
    progress.set(_STEPS.index(name), len(_STEPS), STEP_WORDS[name])
    progress.check_cancelled()


def _shipped() -> list[str]:
    imported = set(SchemeVersion.objects.values_list("key", flat=True))
    return [scheme for scheme in schemes()["scheme"] if scheme not in imported]


def _version(found: SchemePackage, findings: Findings, by_name: str) -> SchemeVersion | None:
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
                imported_by_name=by_name,
            )
    except IntegrityError:
        same = SchemeVersion.objects.filter(digest=found.digest).first()
        if same is None:  # taken by another content in this very moment
            _add_taken(found, findings)
        return same


def _is_taken(found: SchemePackage) -> bool:
    """Whether another content has the same code and version already."""
    same_name = SchemeVersion.objects.filter(code=found.head.code, version=found.head.version)
    return bool(same_name.exclude(digest=found.digest).exists())


def _add_taken(found: SchemePackage, findings: Findings) -> None:
    row = findings.head_rows.get("version")
    findings.add(VERSION_TAKEN, SCHEME, row, "value", scheme=found.head.code, version=found.head.version)
