"""权限路由表."""

from sanyi.registry.doors.services import Routes

routes = Routes("registry.access")
