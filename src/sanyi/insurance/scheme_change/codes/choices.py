"""方案调整取值: purposes, where weights come from, and what becomes of a group."""

from sanyi.kernel.labels import Labelled
from sanyi.registry.access.codes import Purpose

READ_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)
WORK_PURPOSES = (Purpose.PAYMENT,)


class Basis(Labelled):
    """权重来源: of both schemes alike."""

    PUBLISHED = "published", "公布或工作簿中的权重", "Published weights, or those of the workbook"
    OWN = "own", "按本次病例测算", "Computed from the stays compared"


class Change(Labelled):
    """同质性变化: what happens to the spread of costs inside a group."""

    LOST = "lost", "由稳定变为不稳定", "No longer stable"
    WIDER = "wider", "变异系数增大", "Coefficient of variation grows"
    SAME = "same", "不变", "As before"
    NARROWER = "narrower", "变异系数减小", "Coefficient of variation falls"
    GAINED = "gained", "由不稳定变为稳定", "Becomes stable"
    NEW = "new", "新方案才有", "In the new scheme alone"
    GONE = "gone", "旧方案才有", "In the old scheme alone"
    UNKNOWN = "unknown", "无从比较", "Cannot be compared"
