"""角色: read from ``policy/roles.yaml``, checked once, kept in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose, ScopeKind

FILE = Path(__file__).resolve().parents[1] / "policy" / "roles.yaml"


@dataclass(frozen=True, slots=True)
class Role:
    """角色: what its holder may do, for which purposes, and how far it reaches."""

    code: str
    zh: str
    en: str
    scope: ScopeKind
    purposes: frozenset[Purpose]
    permissions: frozenset[Permission]


@cache
def roles() -> Mapping[str, Role]:
    """全部角色: by code, in the order of the file. Refuses a file with unknown permissions, purposes or scopes."""
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    declared = document["registry.access.roles"]["values"][-1]["value"]
    return {code: _role(code, fields) for code, fields in declared.items()}


def role(code: str) -> Role:
    """角色: by its code. Refuses an unknown one, naming those that exist."""
    found = roles().get(code)
    if found is None:
        raise RefusedError(codes.ROLE_UNKNOWN(role=code, known="、".join(roles())))
    return found


def _role(code: str, fields: Mapping[str, Any]) -> Role:
    missing = {"zh", "en", "scope", "purposes", "permissions"} - fields.keys()
    if missing:
        raise RefusedError(codes.ROLE_FILE_WRONG(role=code, problem=f"缺少 {'、'.join(sorted(missing))}"))
    try:
        return Role(
            code=code,
            zh=fields["zh"],
            en=fields["en"],
            scope=ScopeKind(fields["scope"]),
            purposes=frozenset(Purpose(purpose) for purpose in fields["purposes"]),
            permissions=frozenset(Permission(permission) for permission in fields["permissions"]),
        )
    except ValueError as error:
        raise RefusedError(codes.ROLE_FILE_WRONG(role=code, problem=str(error))) from error
