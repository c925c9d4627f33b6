"""支付代码: methods, forms, classes of cases, flows of money and the states of a case."""

from sanyi.kernel.labels import Labelled


class Method(Labelled):
    """支付方式: by which one method a stay or a visit is paid."""

    DRG = "drg", "按病组（DRG）", "DRG"
    DIP = "dip", "按病种分值（DIP）", "DIP"
    SINGLE_DISEASE = "single_disease", "按病种", "Single disease"
    DAY_SURGERY = "day_surgery", "日间手术", "Day surgery"
    TCM_ADVANTAGE = "tcm_advantage", "中医优势病种", "TCM advantage disease"
    TCM_DAY = "tcm_day", "日间中医（按门诊待遇）", "TCM day treatment (outpatient rules)"
    PER_DIEM = "per_diem", "按床日", "Per diem"
    CAPITATION = "capitation", "门诊按人头", "Capitation"
    FEE_FOR_SERVICE = "fee_for_service", "按项目", "Fee for service"
    OTHER_POOL = "other_pool", "外地参保，由其统筹区支付", "Insured elsewhere, paid by their own pool"
    OUTSIDE = "outside", "县域外就医，按就医地结算", "Treated outside the county, as settled there"


DISEASE_METHODS = (Method.DRG, Method.DIP, Method.SINGLE_DISEASE, Method.DAY_SURGERY, Method.TCM_ADVANTAGE)
"""按 DRG 或按病种付费: what the share of disease payment counts (register I02-01)."""
CATALOGUE_METHODS = (Method.SINGLE_DISEASE, Method.DAY_SURGERY, Method.TCM_ADVANTAGE)


class DrgForm(Labelled):
    """病组付费形式."""

    RATE = "rate", "费率法", "Rate"
    POINT = "point", "点数法", "Points"


class FundForm(Labelled):
    """基金支付额的算法: how the fund's part follows from what a case is worth."""

    F1 = "F1", "净额标准（扣除自费、先行自付和起付线后按比例）", "Net standard times the policy ratio"
    F2 = "F2", "支付标准减个人和其他负担", "Standard less what patient and other payers bore"


class PoolBasis(Labelled):
    """点数资金池口径."""

    FUND = "fund", "统筹基金", "Fund"
    TOTAL_COST = "total_cost", "住院总费用（基金加个人负担）", "Total cost (fund and patients' part)"


class Outlier(Labelled):
    """费用倍率类别: of a case against its reference."""

    NONE = "none", "不分倍率", "Not classed"
    UNJUDGED = "unjudged", "没有参照均值，未判断", "No reference mean, not judged"
    LOW = "low", "低倍率", "Low outlier"
    NORMAL = "normal", "正常", "Normal"
    HIGH = "high", "高倍率", "High outlier"


class OutlierReference(Labelled):
    """倍率的参照."""

    STANDARD = "standard", "支付标准", "Payment standard"
    GROUP_MEAN = "group_mean", "病组例均费用", "Mean cost of the group"


class UnstableRule(Labelled):
    """不稳定病组的支付办法."""

    NORMAL = "normal", "与其他病组相同", "As other groups"
    ITEM = "item", "按项目", "By item"
    MEAN = "mean", "按病组例均费用", "Mean cost of the group"


class SpecialForm(Labelled):
    """特例单议病例的支付形式."""

    AMOUNT = "amount", "按核定金额，先从资金池列支", "The amount approved, taken from the pool first"
    POINTS = "points", "按核定金额折算点数", "Points for the amount approved"


class Status(Labelled):
    """支付状态."""

    PAID = "paid", "已计付", "Paid"
    NOT_PAYABLE = "not_payable", "暂不能计付", "Not payable yet"


class Flow(Labelled):
    """基金流向: from the holder of the package to where its insured are treated."""

    INSIDE = "inside", "医共体内", "Inside the consortium"
    IN_COUNTY_OUTSIDE = "in_county_outside", "县域内、医共体外", "In the county, outside the consortium"
    OUTSIDE_COUNTY = "outside_county", "县域外", "Outside the county"
    PHARMACY = "pharmacy", "药店与双通道", "Pharmacies"
    OTHER_POOL = "other_pool", "外地参保，不计入本县", "Insured elsewhere, not this county's"


class VisitKind(Labelled):
    """门诊结算类别: as the exchange contract of visits writes them."""

    GENERAL = "general", "普通门诊", "General"
    CHRONIC_SPECIAL = "chronic_special", "门诊慢特病", "Chronic and special diseases"
    DAY_TCM = "day_tcm", "日间中医", "TCM day treatment"
    PHARMACY = "pharmacy", "药店", "Pharmacy"
    DUAL_CHANNEL = "dual_channel", "双通道", "Dual channel"
    EMERGENCY = "emergency", "急诊", "Emergency"


PHARMACY_KINDS = (VisitKind.PHARMACY, VisitKind.DUAL_CHANNEL)
STAY_KIND = "stay"
"""住院: the kind of a row of spending that is not a visit."""
