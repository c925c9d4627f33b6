"""数据交换: area configuration."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """数据交换."""

    name = "sanyi.exchange"
    label = "exchange"
    verbose_name = "数据交换"
    default_auto_field = "django.db.models.BigAutoField"
    topics = (
        *("lake", "settlement_list", "outside_stays", "outpatient_visits", "claim_lines", "signed_persons"),
        *("intake", "quality", "mapping"),
    )

    def ready(self) -> None:
        """启动: declares the contracts of the area."""
        from sanyi.exchange.claim_lines.services import register as register_claim_lines
        from sanyi.exchange.outpatient_visits.services import register as register_outpatient_visits
        from sanyi.exchange.outside_stays.services import register as register_outside_stays
        from sanyi.exchange.settlement_list.services import register
        from sanyi.exchange.signed_persons.services import register as register_signed_persons

        register()
        register_outside_stays()
        register_outpatient_visits()
        register_claim_lines()
        register_signed_persons()
