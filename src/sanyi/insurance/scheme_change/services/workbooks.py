"""方案工作簿的提供: any known scheme as a workbook; written once and kept, because its content never changes."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sanyi.insurance.grouping import SchemePackage, exported, schemes
from sanyi.insurance.grouping import package as package_by_key
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.scheme_change.jobs.edition import edition
from sanyi.insurance.scheme_change.jobs.workbook import workbook

NEW_CODE = "_new"


def is_known(scheme: str) -> bool:
    """是否有此方案: shipped or imported."""
    return scheme in set(schemes()["scheme"])


def scheme_workbook(scheme: str) -> Path:
    """方案工作簿: the file. A shipped scheme gets a code of its own, so that it can be changed and sent."""
    offered = _offered(scheme)
    folder = Path(settings.FILES_ROOT) / "schemes" / "workbooks"
    path = folder / f"{offered.key}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        fresh.write_bytes(workbook(offered, edition()))
        fresh.replace(path)
    return path


def _offered(scheme: str) -> SchemePackage:
    found = exported(scheme)
    if package_by_key(scheme) is not None:
        return found
    next_year = date(timezone.localdate().year + 1, 1, 1)
    weights = dict(grouping.published_weights(scheme, timezone.localdate()).drop_nulls().iter_rows())
    given = {drg for _, drg, _ in found.candidates} | {rule.fallback for rule in found.rules}
    head = replace(
        found.head,
        code=f"{found.head.code[: 20 - len(NEW_CODE)]}{NEW_CODE}",
        starts_on=str(next_year),
        document=f"{found.head.name_zh}分组方案",
        basis="请填写文号或条款",
    )
    own = {drg: weight for drg, weight in sorted(weights.items()) if drg in given and weight > 0}
    return replace(found, head=head, weights_e6=own)
