"""接入页面: the list with its upload form, one batch, contracts with their help."""

from sanyi.exchange.intake.pages.batch import batch_page
from sanyi.exchange.intake.pages.doors import routes
from sanyi.exchange.intake.pages.listing import batch_list

__all__ = ["batch_list", "batch_page", "routes"]
