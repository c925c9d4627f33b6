"""医保: area configuration."""

from django.apps import AppConfig


class InsuranceConfig(AppConfig):
    """医保."""

    name = "sanyi.insurance"
    label = "insurance"
    verbose_name = "医保"
    default_auto_field = "django.db.models.BigAutoField"
    topics = (
        "grouping",
        "coding_check",
        "relative_weights",
        "case_mix",
        "scheme_change",
        "dip",
        "payment",
        "package",
        "what_if",
    )

    def ready(self) -> None:
        """启动: the area hears of accepted batches; imported schemes lie with the site's other files."""
        from pathlib import Path

        from django.conf import settings

        from sanyi.insurance.grouping.engine.package import keep_in
        from sanyi.insurance.grouping.services import subscribe

        keep_in(lambda: Path(settings.FILES_ROOT) / "schemes")
        subscribe()
