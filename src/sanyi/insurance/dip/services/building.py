"""目录测算服务: start a building run, carry it out, read what it made.

The run notes the version of the settlement lists, so that started again after a crash it builds the same catalogue.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

from django.urls import reverse

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.dip import jobs
from sanyi.insurance.dip.codes import HEAD_WRONG, NOTHING_TO_BUILD, VERSION_TAKEN, YEAR_WRONG, Trimming
from sanyi.insurance.dip.models import DipCatalogue
from sanyi.insurance.dip.rules.catalogue import Head
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.services import facts
from sanyi.insurance.dip.services.storing import content_of, is_taken, store
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

BUILD = "dip.build"
YEARS = (2000, 2100)
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_VERSION = re.compile(r"[A-Za-z0-9._-]{1,20}")


def start(
    *,
    by: access.Actor,
    scope: access.Scope,
    organisation_code: str,
    year: int,
    code: str,
    version: str,
    name: str,
    method: str = Trimming.PERCENTILE.value,
    based_on: int | None = None,
) -> int:
    """发起测算: a catalogue for a year, of the stays of the years before it within the scope. Returns the run's number.

    ``based_on`` scores the diseases of a known catalogue instead of finding them. Refuses a wrong head, a taken version
    and years without stays.
    """
    if not YEARS[0] <= year <= YEARS[1]:
        raise RefusedError(YEAR_WRONG(value=str(year)))
    head = checked_head(code, version, name, f"{year}-01-01", f"{year}-12-31")
    options = options_on(date(year, 1, 1), method)
    first, last = _span(year, options)
    codes = facts.institutions(scope, first, last)
    if not codes:
        raise RefusedError(NOTHING_TO_BUILD(first=first.year, last=last.year))
    asked = {"year": year, "code": head.code, "version": head.version, "name": head.name, "method": method}
    parameters = asked | {"institution_codes": codes, "based_on": based_on}
    return int(runs.start(BUILD, by=by, organisation_code=organisation_code, parameters=parameters).number)


def checked_head(code: str, version: str, name: str, starts_on: str, ends_on: str = "", document: str = "") -> Head:
    """目录首部: of this county. Refuses impossible codes and versions, days that are none, a version that is taken."""
    wrong = []
    if not _CODE.fullmatch(code):
        wrong.append(
            _head_wrong("目录代码", "Code", code, "请用字母、数字、“_”或“-”，不超过40位。", "Letters, digits, _ and -.")
        )
    if not _VERSION.fullmatch(version):
        wrong.append(
            _head_wrong(
                "版本号", "Version", version, "请用字母、数字、“.”、“_”或“-”，不超过20位。", "Letters, digits, . _ -."
            )
        )
    if not name.strip():
        wrong.append(_head_wrong("目录名称", "Name", name, "请填写名称。", "Give it a name."))
    for zh, en, text in (("执行日期", "Starts on", starts_on), ("停止日期", "Ends on", ends_on)):
        if (text or zh == "执行日期") and not _is_day(text):
            wrong.append(_head_wrong(zh, en, text, "请按“2026-01-01”的形式填写。", "Write 2026-01-01."))
    if not wrong and ends_on and ends_on < starts_on:
        wrong.append(_head_wrong("停止日期", "Ends on", ends_on, "停止日期不得早于执行日期。", "Not before it starts."))
    if wrong:
        raise RefusedError(*wrong)
    if is_taken(code, version):
        raise RefusedError(VERSION_TAKEN(code=code, version=version))
    return Head(code, version, name.strip()[:80], policies.county(), starts_on, ends_on, document=document[:200])


def options_on(on: date, method: str) -> Options:
    """某日的测算口径: of this county."""
    return Options.of(policies.book(), jurisdiction=policies.county(), on=on, method=method)


def rules_digest() -> str:
    """规则摘要: sha256 over the rules and jobs of this topic."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for path in sorted([*(here / "rules").glob("*.py"), *(here / "jobs").glob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def catalogue_of_run(number: int) -> DipCatalogue | None:
    """一次测算的目录: None before it is done."""
    return DipCatalogue.objects.filter(run_number=number).first()


def _head_wrong(zh: str, en: str, value: str, help_zh: str, help_en: str) -> Any:
    return HEAD_WRONG(label=zh, label_en=en, value=value, help=help_zh, help_en=help_en)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _span(year: int, options: Options) -> tuple[date, date]:
    backs = [back for back, _ in options.year_weights]
    return date(year - max(backs), 1, 1), date(year - min(backs), 12, 31)


def _result_url(run: Any) -> str | None:
    found = catalogue_of_run(run.number)
    return reverse("insurance.dip.catalogue", kwargs={"pk": found.pk}) if found is not None else None


@runs.run_kind(
    BUILD,
    zh="测算 DIP 病种目录",
    en="Building a DIP catalogue",
    result_url=_result_url,
    labels={"catalogue": ("病种目录", "Catalogue"), "row_count": ("病种数", "Rows"), "stay_count": ("病例数", "Stays")},
)
def _work(progress: runs.Progress, **asked: Any) -> dict[str, Any]:
    lake, year = lakes.lake(), asked["year"]
    # Started again after a crash, the job reads the same version, so that it builds the same catalogue.
    version = progress.checkpoint.get("version", lake.version(SETTLEMENT_LIST.name))
    progress.save_checkpoint(version=version)
    options = options_on(date(year, 1, 1), asked["method"])
    head = Head(asked["code"], asked["version"], asked["name"], policies.county(), f"{year}-01-01", f"{year}-12-31")
    stays = facts.stays(asked["institution_codes"], *_span(year, options), version)
    progress.provenance(
        rulebook="insurance.dip",
        rulebook_version=rules_digest(),
        policy_digest=policies.book().digest,
        input_versions={SETTLEMENT_LIST.name: version},
        input_digests={SETTLEMENT_LIST.name: lake.digest(SETTLEMENT_LIST.name, version)},
    )
    base = DipCatalogue.objects.get(pk=asked["based_on"]) if asked.get("based_on") else None
    report = _reporting(progress)
    given = content_of(base.digest) if base is not None else None
    built = jobs.build(stays, year, options, head, given=given, report=report)
    progress.check_cancelled()  # from here on it is too late: the catalogue is written
    run = runs.get(progress.number)
    assert run is not None, "the job that is running"
    row = store(
        built.catalogue,
        by_name=run.started_by_name,
        organisation_code=progress.organisation_code,
        run_number=progress.number,
        summary=built.summary,
    )
    return {"catalogue": row.key, "row_count": row.row_count, "stay_count": built.summary["stay_count"]}


def _reporting(progress: runs.Progress) -> jobs.Report:
    def report(done: int, total: int, words: str) -> None:
        progress.set(done, total, words)
        progress.check_cancelled()

    return report
