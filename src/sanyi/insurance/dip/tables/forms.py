"""目录文件格式: sheets and columns of an imported catalogue, with the names under which they come."""

from __future__ import annotations

from dataclasses import dataclass

from sanyi.insurance.dip.codes import RowKind, StepKind, Treatment


@dataclass(frozen=True, slots=True)
class FormColumn:
    """文件列: technical name, Chinese name, and further names seen in catalogues."""

    name: str
    zh: str
    names: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """认得的列名: without blanks and units in brackets."""
        return frozenset((self.name, self.zh, *self.names))


TIERS = {"mean_tier_3": 3, "mean_tier_2": 2, "mean_tier_1": 1, "mean_tier_0": 0}

DISEASES = (
    FormColumn("row", "病种编码", ("目录编码", "病种代码", "DIP编码", "DIP病种编码", "DIP代码", "病种组编码")),
    FormColumn("kind", "病种类型", ("目录类型", "类型", "病种分类", "组别类型")),
    FormColumn("category", "主要诊断编码", ("主诊断编码", "主要诊断代码", "主诊断代码", "诊断编码", "诊断代码",
                                            "疾病编码", "疾病诊断编码", "主要诊断类目", "诊断亚目编码", "类目编码")),
    FormColumn("disease", "主要诊断名称", ("主诊断名称", "诊断名称", "疾病名称", "疾病诊断名称", "诊断亚目名称")),
    FormColumn("main_procedure", "主要手术操作编码", ("主要操作编码", "手术操作编码", "手术操作代码", "手术编码",
                                                      "主手术操作编码", "操作编码", "主要手术编码",
                                                      "主要手术操作代码", "主要手术及操作编码")),
    FormColumn("procedure", "主要手术操作名称", ("手术操作名称", "主要操作名称", "操作名称", "手术名称")),
    FormColumn("related", "相关手术操作编码", ("相关手术编码", "其他手术操作编码", "相关操作编码", "相关手术操作代码",
                                               "其他手术及操作编码")),
    FormColumn("related_name", "相关手术操作名称", ("相关手术名称", "其他手术操作名称")),
    FormColumn("name", "病种名称", ("DIP名称", "目录名称", "DIP病种名称", "病种组名称")),
    FormColumn("treatment", "治疗属性", ("治疗方式", "治疗类型", "治疗方法")),
    FormColumn("score", "病种分值", ("分值", "标准分值", "DIP分值", "病种标准分值", "基准分值", "病种基准分值")),
    FormColumn("weight", "RW", ("RW值", "权重", "病种权重")),
    FormColumn("is_basic", "基层病种", ("是否基层病种", "基层病种标识")),
    FormColumn("mean_tier_3", "三级上年均费", ("三级均费", "三级次均费用", "三级医院均费")),
    FormColumn("mean_tier_2", "二级上年均费", ("二级均费", "二级次均费用", "二级医院均费")),
    FormColumn("mean_tier_1", "一级上年均费", ("一级均费", "一级次均费用", "一级医院均费")),
    FormColumn("mean_tier_0", "未定级上年均费", ("未定级均费", "未定级次均费用")),
)  # fmt: skip
SEVERITIES = (
    FormColumn("code", "诊断编码", ("编码", "疾病编码", "并发症编码")),
    FormColumn("level", "严重程度", ("程度", "分型", "级别")),
)
RULES = (
    FormColumn("rule", "规则编号", ("编号", "规则号")),
    FormColumn("step", "步骤", ("规则类型", "分组步骤")),
    FormColumn("label", "规则名称", ("名称", "说明")),
    FormColumn("diagnoses", "主要诊断编码", ("诊断编码", "主诊断编码")),
    FormColumn("secondary", "其他诊断编码", ("次要诊断编码",)),
    FormColumn("procedures", "手术操作编码", ("操作编码", "手术编码")),
    FormColumn("age_from_years", "年龄起", ("年龄下限",)),
    FormColumn("age_below_years", "年龄小于", ("年龄上限",)),
    FormColumn("weight_below_grams", "出生体重小于", ("体重小于",)),
    FormColumn("target", "合并到", ("归入", "目标编码")),
)
SEVERITY_SHEET, RULE_SHEET = "严重程度", "规则"

KIND_WORDS = {
    "核心": RowKind.CORE, "核心病种": RowKind.CORE, "core": RowKind.CORE, "综合": RowKind.MIXED,
    "综合病种": RowKind.MIXED, "mixed": RowKind.MIXED, "先期分组": RowKind.PRE, "先期分组病种": RowKind.PRE,
    "pre": RowKind.PRE, "基层": RowKind.CORE, "基层病种": RowKind.CORE,
}  # fmt: skip
BASIC_WORDS = frozenset(("基层", "基层病种"))
TREATMENT_WORDS = {
    "保守治疗": Treatment.CONSERVATIVE, "保守": Treatment.CONSERVATIVE, "保守治疗组": Treatment.CONSERVATIVE,
    "诊断性操作": Treatment.DIAGNOSTIC, "诊断性操作组": Treatment.DIAGNOSTIC, "治疗性操作": Treatment.THERAPEUTIC,
    "治疗性操作组": Treatment.THERAPEUTIC, "介入治疗": Treatment.THERAPEUTIC, "手术": Treatment.SURGERY,
    "相关手术": Treatment.SURGERY, "手术组": Treatment.SURGERY, "相关手术组": Treatment.SURGERY,
    **{treatment.value: treatment for treatment in Treatment},
}  # fmt: skip
YES_WORDS, NO_WORDS = frozenset(("是", "1", "Y", "y", "√", "true")), frozenset(("", "否", "0", "N", "n", "false"))
LEVEL_WORDS = {"中度": "moderate", "中": "moderate", "moderate": "moderate", "重度": "severe", "重": "severe",
               "严重": "severe", "severe": "severe"}  # fmt: skip
STEP_WORDS = {step.zh: step for step in StepKind} | {step.value: step for step in StepKind}
NONE_WORDS = frozenset(("", "0", "-", "—", "/", "无", "保守治疗", "n(y)"))
"""空的写法: what catalogues write where there is no procedure."""
