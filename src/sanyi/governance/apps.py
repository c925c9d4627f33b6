"""治理: area configuration."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """治理."""

    name = "sanyi.governance"
    label = "governance"
    verbose_name = "治理"
    default_auto_field = "django.db.models.BigAutoField"
    topics = ("policy", "tasks", "indicators")

    def ready(self) -> None:
        """启动: the library of documents tells the board of supervision what stands above and beside a task."""
        from sanyi.governance.policy.services import register

        register()
