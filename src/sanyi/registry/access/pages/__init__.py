"""权限页面: the audit trail, grants, machine keys."""

from sanyi.registry.access.pages import audit, grants, keys
from sanyi.registry.access.pages.table import routes

__all__ = ["audit", "grants", "keys", "routes"]
