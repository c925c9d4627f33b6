"""接入条件: limits and other policy values, as they are in force in this county on a day."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from typing import Any

from sanyi.exchange.intake import tables
from sanyi.exchange.intake.codes import CONTRACT_UNKNOWN
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies.services import book, county

KEY = "exchange.intake."
_LIMITS = {
    "file_bytes": "file_bytes",
    "unpacked_bytes": "unpacked_bytes",
    "unpacked_ratio": "unpacked_ratio",
    "rows": "rows",
    "columns": "columns",
    "cell_characters": "cell_characters",
    "message_bytes": "message_bytes",
}


def value(key: str, on: date) -> int:
    """参数值: a whole number of the policy book, in force on a day."""
    return int(book().value(key, jurisdiction=county(), on=on, asker="exchange.intake").value)


def limits(on: date) -> Limits:
    """文件限度."""
    return Limits(**{name: value(KEY + key, on) for name, key in _LIMITS.items()})


def contract(name: str) -> IntakeContract:
    """数据约定: by name; refuses an unknown one and names those that are known."""
    known = tables.registered()
    if name not in known:
        names = "、".join(f"{one.contract.zh}（{one.name}）" for one in known.values())
        raise RefusedError(CONTRACT_UNKNOWN(name=name, known=names))
    return known[name]


def provenance(found: IntakeContract) -> dict[str, Any]:
    """来源: what the answer of a check depends on besides the file."""
    return {
        "package_version": version("sanyi"),
        "contract_version": found.contract.version,
        "contract_digest": found.contract.digest,
        "policy_digest": book().digest,
    }
