"""分组页面: stays, one stay and why, the county, schemes, and trying a record."""

from sanyi.insurance.grouping.pages import county, schemes, stays, trial
from sanyi.insurance.grouping.pages.doors import routes

__all__ = ["county", "routes", "schemes", "stays", "trial"]
