"""网址: the routes of every topic, collected from the areas' configurations."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
