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
        """启动: the library of documents tells the board of supervision what stands above and beside a task, and the
        indicators tell it which target is met.
        """
        from sanyi.governance.indicators.services.task_lights import register as register_lights
        from sanyi.governance.policy.services import register

        register()
        register_lights()
