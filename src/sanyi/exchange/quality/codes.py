"""数据质量代码: the four dimensions, and what cannot be scored."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind


class Dimension(Labelled):
    """质量维度."""

    COMPLETENESS = "completeness", "完整性", "Completeness"
    VALIDITY = "validity", "有效性", "Validity"
    CONSISTENCY = "consistency", "一致性", "Consistency"
    TIMELINESS = "timeliness", "及时性", "Timeliness"


WEIGHTS_DO_NOT_ADD_UP = RefusalKind(
    code="exchange.quality.weights_do_not_add_up",
    message_zh="数据质量四项权重之和为{total}，应为10000。",
    remedy_zh="请更正政策参数 exchange.quality.weights。",
    message_en="The four weights of data quality add up to {total}, not to 10000.",
    remedy_en="Correct the policy value exchange.quality.weights.",
)
NOTHING_TO_SCORE = RefusalKind(
    code="exchange.quality.nothing_to_score",
    message_zh="{month}没有上报数据，不能评分。",
    remedy_zh="请先上报该月数据。",
    message_en="Nothing was sent for {month}; it cannot be scored.",
    remedy_en="Send the month's facts first.",
)
