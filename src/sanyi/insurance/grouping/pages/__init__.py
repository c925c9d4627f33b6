"""分组页面: stays, one stay and why, the county, schemes, and trying a record."""

from sanyi.insurance.grouping.pages.county import county
from sanyi.insurance.grouping.pages.doors import routes
from sanyi.insurance.grouping.pages.schemes import scheme_list
from sanyi.insurance.grouping.pages.stays import stay_list
from sanyi.insurance.grouping.pages.trial import trial

__all__ = ["county", "routes", "scheme_list", "stay_list", "trial"]
