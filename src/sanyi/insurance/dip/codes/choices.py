"""DIP 取值: kinds of rows, treatment, dimensions, steps of grouping, bands; purposes."""

from sanyi.kernel.labels import Labelled
from sanyi.registry.access.codes import Purpose

READ_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)
WORK_PURPOSES = (Purpose.PAYMENT,)


class RowKind(Labelled):
    """病种类型: how a row of the catalogue came about."""

    PRE = "pre", "先期分组病种", "Pre-grouped disease"
    CORE = "core", "核心病种", "Core disease"
    MIXED = "mixed", "综合病种", "Mixed group"


class Treatment(Labelled):
    """治疗属性: the strongest treatment of a stay, from weak to strong."""

    CONSERVATIVE = "conservative", "保守治疗", "Conservative"
    DIAGNOSTIC = "diagnostic", "诊断性操作", "Diagnostic procedure"
    THERAPEUTIC = "therapeutic", "治疗性操作", "Therapeutic procedure"
    SURGERY = "surgery", "手术", "Surgery"


class Dimension(Labelled):
    """辅助目录: what tells stays of one disease apart; the earlier one wins a tie."""

    CCI = "cci", "CCI 指数", "Charlson index"
    SEVERITY = "severity", "疾病严重程度", "Severity"
    TUMOUR = "tumour", "肿瘤严重程度", "Tumour severity"
    AGE = "age", "年龄特征", "Age"


class StepKind(Labelled):
    """分组步骤: in the order of DIP 3.0; a rule of the catalogue belongs to one of the first six."""

    EXCLUDED_DIAGNOSIS = "excluded_diagnosis", "排除主要诊断", "Excluded main diagnosis"
    EXCLUDED_PROCEDURE = "excluded_procedure", "排除主要手术操作", "Excluded main procedure"
    PRE_GROUP = "pre_group", "先期分组", "Pre-grouping"
    MERGE_DIAGNOSIS = "merge_diagnosis", "诊断合并", "Merged diagnoses"
    MERGE_PROCEDURE = "merge_procedure", "手术操作合并", "Merged procedures"
    SUBDIVISION = "subdivision", "诊断细分", "Subdivided diagnosis"
    CORE = "core", "核心病种", "Core disease"
    MIXED = "mixed", "综合病种", "Mixed group"


class Reason(Labelled):
    """不入组原因: why a stay has no row; it is listed with this sentence and is never a score of zero."""

    NO_CATALOGUE = "no_catalogue", "出院日没有执行中的病种目录", "No catalogue holds on the day of discharge"
    DIAGNOSIS_MISSING = "diagnosis_missing", "没有主要诊断", "No main diagnosis"
    DIAGNOSIS_EXCLUDED = "diagnosis_excluded", "主要诊断在排除清单内", "The main diagnosis is excluded"
    NO_ROW = "no_row", "目录中没有对应的病种", "The catalogue has no row for it"
    NO_SCORE = "no_score", "目录中该病种没有分值", "The row has no score"


class Band(Labelled):
    """费用偏差档: where the cost of a stay lies against last year's mean."""

    LOW = "low", "低于下限", "Below the band"
    NORMAL = "normal", "正常", "Inside the band"
    HIGH = "high", "高于上限", "Above the band"
    UNKNOWN = "unknown", "上年均费未知，按正常支付", "Last year's mean is unknown; paid as normal"


class CorridorPay(Labelled):
    """结算区间支付方式."""

    ACTUAL = "actual", "按实际费用支付", "Actual cost"
    AMOUNT = "amount", "按分值金额支付", "Amount by score"
    SHARE = "share", "超支按比例分担", "Overspend shared"
    NONE = "none", "超出部分不支付", "The part above is not paid"


class ScoreForm(Labelled):
    """分值形式."""

    MEAN = "mean", "以全部病例均费为基准", "Mean of all stays"
    BENCHMARK = "benchmark", "以基准病种均费为基准", "A benchmark disease"


class Trimming(Labelled):
    """费用裁剪."""

    NONE = "none", "不裁剪", "No trimming"
    PERCENTILE = "percentile", "组内百分位", "Percentiles inside the group"


class Origin(Labelled):
    """目录来源."""

    BUILT = "built", "自行测算", "Built from own stays"
    IMPORTED = "imported", "导入", "Imported"
