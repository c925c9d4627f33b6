"""权限页面: the audit trail, grants, machine keys, emergency access."""

from sanyi.registry.access.pages import audit, glass, grants, keys
from sanyi.registry.access.pages.table import routes

__all__ = ["audit", "glass", "grants", "keys", "routes"]
