"""指标代码: where a value comes from, directions, periods, judgements, reasons why nothing can be computed."""

from typing import Final

from sanyi.kernel.labels import Labelled
from sanyi.registry.access.codes import Purpose

READ_PURPOSES: Final = (Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.PAYMENT, Purpose.AUDIT)
E6: Final = 1_000_000
LEVEL_NODE: Final = "level-"
"""机构级别节点的前缀: ``level-2`` stands for all institutions of level two, as a set to compare with."""


class Origin(Labelled):
    """数据来源: how a value comes about."""

    COMPUTED = "computed", "由数据计算", "Computed from records"
    COLLECTED = "collected", "采集填报", "Collected"
    NOT_COMPUTABLE = "not_computable", "暂不可计算", "Not computable yet"


class Direction(Labelled):
    """指标方向: stored with the definition, never inferred from a baseline and a target."""

    UP = "up", "越高越好", "Higher is better"
    DOWN = "down", "越低越好", "Lower is better"
    RANGE = "range", "适度区间", "Within a range"
    NONE = "none", "不判断好坏", "Neither"


class Window(Labelled):
    """统计周期."""

    MONTH = "month", "月", "Month"
    QUARTER = "quarter", "季度", "Quarter"
    YEAR = "year", "年", "Year"


class InstitutionSet(Labelled):
    """机构范围: which institutions a definition counts."""

    ALL = "all", "全部医疗机构", "All institutions"
    HOSPITALS = "hospitals", "医院", "Hospitals"
    PRIMARY = "primary", "基层医疗卫生机构", "Primary institutions"
    PUBLIC = "public", "公立医疗机构", "Public institutions"
    PUBLIC_HOSPITALS = "public_hospitals", "公立医院", "Public hospitals"


class MissingRule(Labelled):
    """缺失处理: what happens to rows that lack what is needed."""

    EXCLUDE = "exclude", "缺失的不计入", "Left out"
    REFUSE = "refuse", "有缺失即不予计算", "Nothing is computed"


class NodeKind(Labelled):
    """节点种类: what a value is of."""

    INSTITUTION = "institution", "医疗机构", "Institution"
    GROUP = "group", "医疗集团", "Medical group"
    COUNTY = "county", "全县", "County"
    LEVEL = "level", "机构级别", "Tier"
    OUTSIDE = "outside", "外部参照", "Outside reference"


class ValueStatus(Labelled):
    """计算状态."""

    COMPUTED = "computed", "已计算", "Computed"
    NOT_COMPUTABLE = "not_computable", "不可计算", "Not computable"


class Reason(Labelled):
    """不可计算的原因: one of these stands behind every value that is not there."""

    NO_ROWS = "no_rows", "本期没有病例", "There are no records in the period"
    NO_DENOMINATOR = "no_denominator", "分母为零", "The denominator is zero"
    TOO_MUCH_MISSING = "too_much_missing", "缺失超过规定的比例", "More is missing than the definition allows"
    SOMETHING_MISSING = "something_missing", "有记录缺少所需内容", "Records lack what is needed"
    NO_OUTSIDE_STAYS = "no_outside_stays", "缺异地结算数据", "Settlements outside the county are missing"
    NO_STAFF = "no_staff", "缺人员登记数据", "The staff registry has no data"
    NO_RESIDENTS = "no_residents", "缺人口数", "No count of residents"
    NO_OPERATION_LEVELS = "no_operation_levels", "缺手术级别目录", "The county's list of operation levels is missing"
    NO_PREVIOUS = "no_previous", "缺上年同期数据", "Nothing to compare with a year before"
    NO_LOW_RISK = "no_low_risk", "没有低风险组", "There are no low-risk groups"
    NO_SERVICE_DATA = "no_service_data", "缺所需业务数据", "The records it needs are not taken in"
    NOT_DEFINED = "not_defined", "指标没有公布定义", "No definition has been published"
    NOT_COLLECTED = "not_collected", "本期尚未填报", "Not collected for this period"


class Comparator(Labelled):
    """目标比较方式."""

    AT_LEAST = "ge", "不低于", "At least"
    AT_MOST = "le", "不高于", "At most"
    MORE = "gt", "高于", "More than"
    LESS = "lt", "低于", "Less than"
    EQUAL = "eq", "等于", "Equal to"
    ABOUT = "about", "左右", "About"
    RANGE = "range", "区间", "Within"


class Relative(Labelled):
    """相对目标: what a bound is counted from."""

    BASELINE_POINTS = "baseline_points", "较基期", "Points above the baseline"
    OUTSIDE_AVERAGE = "outside_average", "外部平均水平", "An average from outside"
    PREVIOUS_YEAR_POINTS = "previous_year_points", "较上年同期", "Points above the year before"


class Every(Labelled):
    """逐期考核: a target that is asked for again every year or week."""

    YEAR = "year", "每年", "Every year"
    WEEK = "week", "每周", "Every week"


class Nature(Labelled):
    """目标性质."""

    BINDING = "约束性", "约束性", "Binding"
    EXPECTED = "预期性", "预期性", "Expected"
    ENCOURAGED = "倡导性", "倡导性", "Encouraged"


class Judgement(Labelled):
    """目标判断."""

    MET = "met", "达标", "Met"
    NOT_MET = "not_met", "未达标", "Not met"
    NOT_JUDGEABLE = "not_judgeable", "不能判断", "Cannot be judged"


class Unjudged(Labelled):
    """不能判断的原因."""

    NO_VALUE = "no_value", "没有指标值", "There is no value"
    NO_BASELINE = "no_baseline", "没有基期值", "There is no baseline"
    NO_REFERENCE = "no_reference", "没有采集到外部平均水平", "The outside average has not been collected"
    NO_PREVIOUS = "no_previous", "没有上年同期值", "There is no value of the year before"


class TargetPlace(Labelled):
    """目标所属地方: whose documents set targets, from the province down to the counties."""

    FUJIAN = "fujian", "福建省", "Fujian"
    SANMING = "sanming", "三明市", "Sanming"
    ZHANGPING = "zhangping", "漳平市", "Zhangping"
    LAIYANG = "laiyang", "莱阳市", "Laiyang"
    RUICHENG = "ruicheng", "芮城县", "Ruicheng"


class CollectedState(Labelled):
    """填报状态."""

    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "已提交", "Submitted"
    APPROVED = "approved", "已审定", "Approved"
    RETURNED = "returned", "已退回", "Returned"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class PeriodState(Labelled):
    """期间状态: a closed period accepts nothing until it is unlocked with a reason."""

    OPEN = "open", "开放", "Open"
    CLOSED = "closed", "已结账", "Closed"
