"""角色: read from ``policy/roles.yaml`` as dated policy, checked once, kept in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose, ScopeKind
from sanyi.registry.policies import services as policies


@dataclass(frozen=True, slots=True)
class Role:
    """角色: what its holder may do, for which purposes, and how far it reaches.

    ``own_permissions`` (``own`` in the file) are among ``permissions`` but reach the holder's own organisation alone.
    """

    code: str
    zh: str
    en: str
    scope: ScopeKind
    purposes: frozenset[Purpose]
    permissions: frozenset[Permission]
    own_permissions: frozenset[Permission] = frozenset()


def roles() -> Mapping[str, Role]:
    """全部角色: by code, in the order of the file. Refuses a file with unknown permissions, purposes or scopes."""
    return _checked(policies.county(), timezone.localdate())


def role(code: str) -> Role:
    """角色: by its code. Refuses an unknown one, naming those that exist."""
    found = roles().get(code)
    if found is None:
        raise RefusedError(codes.ROLE_UNKNOWN(role=code, known="、".join(roles())))
    return found


@lru_cache(maxsize=8)
def _checked(county_code: str, on: date) -> Mapping[str, Role]:
    """The roles of a county on a day; a county's own file may override the whole table."""
    found = policies.book().value("registry.access.roles", jurisdiction=county_code, on=on, asker="registry.access")
    return {code: _role(code, fields) for code, fields in found.value.items()}


def _role(code: str, fields: Mapping[str, Any]) -> Role:
    missing = {"zh", "en", "scope", "purposes", "permissions"} - fields.keys()
    if missing:
        raise RefusedError(codes.ROLE_FILE_WRONG(role=code, problem=f"缺少 {'、'.join(sorted(missing))}"))
    try:
        own = frozenset(Permission(permission) for permission in fields.get("own", ()))
        return Role(
            code=code,
            zh=fields["zh"],
            en=fields["en"],
            scope=ScopeKind(fields["scope"]),
            purposes=frozenset(Purpose(purpose) for purpose in fields["purposes"]),
            permissions=frozenset(Permission(permission) for permission in fields["permissions"]) | own,
            own_permissions=own,
        )
    except ValueError as error:
        raise RefusedError(codes.ROLE_FILE_WRONG(role=code, problem=str(error))) from error
