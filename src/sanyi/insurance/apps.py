"""医保: area configuration."""

from django.apps import AppConfig


class InsuranceConfig(AppConfig):
    """医保."""

    name = "sanyi.insurance"
    label = "insurance"
    verbose_name = "医保"
    default_auto_field = "django.db.models.BigAutoField"
    topics = ("grouping", "coding_check", "relative_weights", "case_mix")

    def ready(self) -> None:
        """启动: the area hears of accepted batches."""
        from sanyi.insurance.grouping.services import subscribe

        subscribe()
