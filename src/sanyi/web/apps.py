"""网站: area configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """网站."""

    name = "sanyi.web"
    label = "web"
    verbose_name = "网站"
    topics = ("home", "policies")
