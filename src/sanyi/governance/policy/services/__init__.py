"""政策文件服务: what pages, interface and other topics may ask."""

from sanyi.governance.policy.services import comparing, confirming, graph, library, missed, reviewing, validity, values
from sanyi.governance.policy.services.library import get, receive
from sanyi.governance.policy.services.registration import register

__all__ = [
    "comparing",
    "confirming",
    "get",
    "graph",
    "library",
    "missed",
    "receive",
    "register",
    "reviewing",
    "validity",
    "values",
]
