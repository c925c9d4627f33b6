"""登记: area configuration."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """登记."""

    name = "sanyi.registry"
    label = "registry"
    verbose_name = "登记"
    default_auto_field = "django.db.models.BigAutoField"
    topics = (
        "access",
        "doors",
        "runs",
        "cases",
        "ledger",
        "places",
        "organisations",
        "people",
        "staff",
        "emergency_access",
    )

    def ready(self) -> None:
        """启动: declares the workflows, runs and chores of the area."""
        from sanyi.registry.access.services import registration
        from sanyi.registry.emergency_access import services as emergency_access

        registration.register()
        emergency_access.register()
