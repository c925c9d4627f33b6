"""DIP 拒绝种类: why something cannot be done."""

from sanyi.kernel.refusals import RefusalKind

MEAN_NOT_POSITIVE = RefusalKind(
    code="dip.mean_not_positive",
    message_zh="病种上年均费为 {mean} 分，不能据此计算费用偏差。",
    remedy_zh="请核对目录中的均费；未知的留空，不填零。",
    message_en="Last year's mean of the disease is {mean} fen; no deviation can be computed from it.",
    remedy_en="Correct the mean in the catalogue; leave it empty where it is unknown.",
)
POOL_WITHOUT_SCORES = RefusalKind(
    code="dip.pool_without_scores",
    message_zh="没有分值，不能计算分值单价。",
    remedy_zh="请确认期间内有按分值付费的病例，且病种目录已启用。",
    message_en="There are no scores, so there is no point value.",
    remedy_en="Check that stays of the period are paid by score and that a catalogue holds.",
)
SHARE_NOT_POSITIVE = RefusalKind(
    code="dip.share_not_positive",
    message_zh="基金支付占比为 {share}（万分之一），应当大于零。",
    remedy_zh="请在政策参数中填写住院费用的基金支付占比。",
    message_en="The fund's share of cost is {share} basis points; it has to be above zero.",
    remedy_en="Set the fund's share of inpatient cost among the policy values.",
)
