"""政策文件页面: the library, one document beside what was read, the comparison of figures."""

from sanyi.governance.policy.pages import comparing, library, review
from sanyi.governance.policy.pages.table import routes

__all__ = ["comparing", "library", "review", "routes"]
