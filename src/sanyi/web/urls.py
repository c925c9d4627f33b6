"""网址: the routes of every topic, collected from the areas' configurations, and the pages around them."""

from django.urls import URLPattern, URLResolver, include, path

from sanyi.registry.doors.services import collect

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sanyi.web.sessions.pages")),
    *collect(),
]

handler400 = "sanyi.web.error_pages.bad_request"
handler403 = "sanyi.web.error_pages.permission_denied"
handler404 = "sanyi.web.error_pages.not_found"
handler500 = "sanyi.web.error_pages.server_error"
