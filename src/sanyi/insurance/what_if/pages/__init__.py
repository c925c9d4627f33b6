"""支付模拟页面: scenarios, their values, what they come to, two side by side, DRG beside DIP, the proposal."""

from sanyi.insurance.what_if.pages import comparing, drg_dip, editing, effects, index, proposing
from sanyi.insurance.what_if.pages.doors import routes

__all__ = ["comparing", "drg_dip", "editing", "effects", "index", "proposing", "routes"]
