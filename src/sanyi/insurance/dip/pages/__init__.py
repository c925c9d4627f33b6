"""DIP 页面: catalogues and their rows, building, import, trial of one stay."""

from sanyi.insurance.dip.pages import catalogues, importing, trial
from sanyi.insurance.dip.pages.doors import routes

__all__ = ["catalogues", "importing", "routes", "trial"]
