"""不能计付的原因: why a case has no amount yet. It is listed with its sentence and blocks closing; it is never zero."""

from sanyi.kernel.labels import Labelled


class Unpayable(Labelled):
    """暂不能计付的原因: what is missing, and what to do about it."""

    NO_METHOD = (
        "no_method",
        "没有一行支付方式规则适用于本病例；请在支付方式次序中补一行兜底规则",
        "No row of the order of methods fits this case; add a last row that takes all",
    )
    NO_TIER = (
        "no_tier",
        "就诊机构出院当日没有登记医院等级；请在机构登记中补填",
        "The institution has no tier on the day of discharge; enter it in the register",
    )
    NO_WEIGHT = (
        "no_weight",
        "病组没有公布权重，权重未知不等于零；请导入权重或改由其他方式支付",
        "The group has no published weight; import it, or pay the case otherwise",
    )
    NO_RATE = (
        "no_rate",
        "该险种和医院等级没有费率；请在政策参数中补填",
        "There is no rate for this insurance type and tier; add it to the policy",
    )
    NO_COEFFICIENT = (
        "no_coefficient",
        "该医院等级没有等级系数；请在政策参数中补填",
        "The tier has no coefficient; add it to the policy",
    )
    NO_POOL = (
        "no_pool",
        "本年度没有可分配的资金池（预算为零或未设），点值无法计算；请先核定预算",
        "There is no pool to share this year (a budget of zero or none); set the budget first",
    )
    NO_REFERENCE = (
        "no_reference",
        "没有判断费用倍率所需的例均费用；请补充参照均值",
        "The mean cost that outliers are judged by is unknown; supply it",
    )
    NO_PRICE = (
        "no_price",
        "病种目录中该医院等级没有支付标准；请在目录中补填",
        "The catalogue has no price for this tier; add it",
    )
    NO_SCHEDULE = (
        "no_schedule",
        "没有适用的床日标准；请在政策参数中补填",
        "No per-diem schedule applies; add it to the policy",
    )
    NO_SCORE = (
        "no_score",
        "病例没有 DIP 病种分值；请先完成 DIP 入组",
        "The case has no DIP score; group it first",
    )
    DAYS_UNKNOWN = (
        "days_unknown",
        "入出院日期、请假天数不足以确定床日数；请补正结算清单",
        "The bed-days cannot be told from dates and leave; correct the settlement list",
    )
    COST_UNKNOWN = (
        "cost_unknown",
        "医疗费总额未知；请补正结算清单",
        "The total charge is unknown; correct the settlement list",
    )
    PATIENT_PART_UNKNOWN = (
        "patient_part_unknown",
        "个人和其他负担金额未知，不能从支付标准中扣除；请补正结算清单",
        "What the patient and others bore is unknown; correct the settlement list",
    )
    FUND_PART_UNKNOWN = (
        "fund_part_unknown",
        "按项目结算的基金支付额未知；请补正结算清单",
        "What the fund booked by item is unknown; correct the settlement list",
    )
    NO_TERMS = (
        "no_terms",
        "净额标准需要的起付线、支付比例或先行自付金额未知；请补填",
        "Deductible, ratio or prior self-pay for the net standard is unknown; supply it",
    )
    INSURED_UNKNOWN = (
        "insured_unknown",
        "不能确定是否本县参保；请补正参保地",
        "It is unknown whether the patient is insured here; correct the place of insurance",
    )
    SAME_STAY_TWICE = (
        "same_stay_twice",
        "同一患者在同一机构同日入出院、同一费用的另一张清单已经计付；请撤销其中一张",
        "Another list of the same stay is already paid; withdraw one of the two",
    )
