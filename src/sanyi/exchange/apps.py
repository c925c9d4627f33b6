"""数据交换: area configuration."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """数据交换."""

    name = "sanyi.exchange"
    label = "exchange"
    verbose_name = "数据交换"
    default_auto_field = "django.db.models.BigAutoField"
    topics = ("lake", "settlement_list", "intake", "quality", "mapping")

    def ready(self) -> None:
        """启动: declares the contracts of the area."""
        from sanyi.exchange.settlement_list.services import register

        register()
