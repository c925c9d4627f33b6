"""支付模拟服务: scenarios and their changes, the calculation, comparison of two, and the proposal as a policy file."""

from sanyi.insurance.what_if.services.catalogue import (
    Changeable,
    Leaf,
    label_of,
    leaves_of,
    path_of,
    path_text,
)
from sanyi.insurance.what_if.services.proposing import policy_file
from sanyi.insurance.what_if.services.running import COMPUTE, frames, start
from sanyi.insurance.what_if.services.scenarios import (
    change_leaves,
    change_whole,
    changeable,
    changes_of,
    copy,
    create,
    delete,
    drop_change,
    get,
    is_outdated,
    owner_of,
    parameter,
    required_result,
    result_of,
)
from sanyi.insurance.what_if.services.weighing import WEIGHTS, change_weights, pay_by_dip, published

__all__ = [
    "COMPUTE",
    "WEIGHTS",
    "Changeable",
    "Leaf",
    "change_leaves",
    "change_weights",
    "change_whole",
    "changeable",
    "changes_of",
    "copy",
    "create",
    "delete",
    "drop_change",
    "frames",
    "get",
    "is_outdated",
    "label_of",
    "leaves_of",
    "owner_of",
    "parameter",
    "path_of",
    "pay_by_dip",
    "published",
    "path_text",
    "policy_file",
    "required_result",
    "result_of",
    "start",
]
