"""DIP 说明: why a stay has its row and its score, step by step, each with the rule or row behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sanyi.insurance.dip.codes import Dimension, Reason, RowKind, StepKind, Treatment
from sanyi.insurance.dip.rules.catalogue import Catalogue
from sanyi.insurance.dip.rules.deviation import factored_e4
from sanyi.insurance.dip.rules.keys import UNKNOWN_PROCEDURE
from sanyi.insurance.dip.rules.reference import category_names, procedure_names

ARROW = " > "
_CLASS_WORDS = {
    "none": ("无", "none"), "moderate": ("中度", "moderate"), "severe": ("重度", "severe"),
    "death": ("早期死亡", "early death"), "metastasis": ("转移", "metastasis"),
    "radiotherapy": ("放射治疗", "radiotherapy"), "chemotherapy": ("化学治疗", "chemotherapy"),
    "targeted": ("靶向或免疫治疗", "targeted therapy"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """说明行: what happened, in both languages, and what it rests on; ``value`` is the figure it gives, as text."""

    kind: str
    zh: str
    en: str
    value: str = ""
    basis: str = ""
    is_assumed: bool = False

    def text(self, language: str) -> str:
        """说明: in a language."""
        return self.en if language.startswith("en") else self.zh


def explained(stay: Mapping[str, Any], catalogue: Catalogue | None) -> list[Line]:
    """说明: of one stay with the columns of ASSIGNED, by the catalogue that it was grouped by."""
    if catalogue is None or stay["dip_catalogue"] is None:
        reason = Reason.NO_CATALOGUE
        return [Line("result", reason.zh, reason.en)]
    lines = [_head(catalogue)]
    rules = {rule.rule: rule for rule in catalogue.options.step_rules}
    *fired, last = (stay["dip_trace"] or "").split(ARROW)
    for name in fired if stay["dip_row"] else [*fired, last]:
        if name in rules:
            lines.append(_rule(rules[name], catalogue))
        elif name == UNKNOWN_PROCEDURE:
            lines.append(
                Line("code", "有手术操作编码既不在医保版编码表也不在目录中，不参与分组。",
                     "A procedure code that neither the insurance list nor the catalogue knows takes no part.")
            )  # fmt: skip
    if stay["dip_reason"] and stay["dip_row"] is None:
        reason = Reason(stay["dip_reason"])
        return [*lines, Line("result", f"不入组：{reason.zh}。", f"No row: {reason.en}.")]
    row = catalogue.rows.row(by_predicate=_is_row(stay["dip_row"]), named=True)
    return [*lines, *_row(row, catalogue), *_factor(stay, catalogue), *_mean(stay), *_result(stay)]


def _is_row(code: str) -> Any:
    import polars as pl

    return pl.col("row") == code


def _head(catalogue: Catalogue) -> Line:
    head = catalogue.head
    until = head.ends_on or "至今"
    zh = f"出院日适用目录 {head.name}（{catalogue.key}），执行期间 {head.starts_on} 至 {until}。"
    en = f"Catalogue {catalogue.key} holds on the day of discharge ({head.starts_on} to {head.ends_on or 'now'})."
    return Line("catalogue", zh, en, catalogue.key, head.document)


def _rule(rule: Any, catalogue: Catalogue) -> Line:
    step = StepKind(rule.step)
    label = f"“{rule.label}”" if rule.label else ""
    target = f"，按 {rule.target} 处理" if rule.target else ""
    zh = f"{step.zh}：符合规则 {rule.rule}{label}{target}。"
    en = f"{step.en}: rule {rule.rule} holds."
    is_assumed = "step_rules" in catalogue.options.assumed
    return Line("rule", zh, en, rule.rule, catalogue.options.sources.get("step_rules", ""), is_assumed)


def _row(row: Mapping[str, Any], catalogue: Catalogue) -> list[Line]:
    kind = RowKind(row["kind"])
    parts = [code for code in (row["main_procedure"], *(row["related"] or "").split("+")) if code]
    procedures = "＋".join(f"{code} {procedure_names().get(code, '')}".strip() for code in parts)
    if kind is RowKind.CORE:
        plain = row["category"].partition("#")[0]
        disease = f"{row['category']} {category_names().get(plain, '')}".strip()
        key_zh = f"主要诊断类目 {disease}，{procedures or Treatment.CONSERVATIVE.zh}"
    elif kind is RowKind.MIXED:
        key_zh = f"没有对应的核心病种，按 {row['category']} 与治疗属性“{Treatment(row['treatment']).zh}”归入"
    else:
        key_zh = f"先期分组规则 {row['category']}"
    zh = f"{kind.zh}：{key_zh}，目录行 {row['row']}“{row['name']}”。"
    en = f"{kind.en}: row {row['row']}."
    lines = [Line(kind.value, zh, en, row["row"])]
    if row["score_e4"] is not None:
        lines.append(_score(row, catalogue))
    if row["is_basic"]:
        zh = "基层病种：各级医疗机构同一分值，不乘机构系数。"
        lines.append(Line("basic", zh, "A primary-care disease: one score for all tiers, no coefficient."))
    return lines


def _score(row: Mapping[str, Any], catalogue: Catalogue) -> Line:
    score = scaled(row["score_e4"], 4)
    options = catalogue.options
    if row["mean_fen"] is None or row["weight_e6"] is None:
        return Line("score", f"目录分值 {score}。", f"Score of the catalogue: {score}.", score)
    zh = (
        f"分值 {score}：{row['years'] or '—'} 年前共 {row['stay_count']} 例（计入 {row['kept_count']} 例），"
        f"加权均费 {scaled(row['mean_fen'], 2)} 元，RW {scaled(row['weight_e6'], 6)} × {options.score_scale}。"
    )
    en = f"Score {score}: RW {scaled(row['weight_e6'], 6)} × {options.score_scale}, {row['kept_count']} stays counted."
    is_assumed = "year_weights" in options.assumed
    return Line("score", zh, en, score, options.sources.get("year_weights", ""), is_assumed)


def _factor(stay: Mapping[str, Any], catalogue: Catalogue) -> list[Line]:
    if stay["dip_factor_e6"] is None:
        zh = "该病种没有达到竞争规则的辅助目录，或本例不在其分类内，不作调整。"
        return [Line("dimension", zh, "No auxiliary catalogue holds for this disease and stay.")]
    dimension = Dimension(stay["dip_dimension"])
    words = _CLASS_WORDS.get(stay["dip_class"], (f"{stay['dip_class']} 及以上档", f"from {stay['dip_class']} on"))
    factor, score = scaled(stay["dip_factor_e6"], 6), factored_e4(stay["dip_score_e4"] or 0, stay["dip_factor_e6"])
    zh = f"辅助目录：{dimension.zh}“{words[0]}”的触发系数最高，系数 {factor}，标准分值 {scaled(score, 4)}。"
    en = f"Auxiliary catalogue: {dimension.en}, {words[1]}, factor {factor}, standard score {scaled(score, 4)}."
    source = catalogue.options.sources.get("dimension_cv_e6", "")
    return [Line("dimension", zh, en, factor, source, "dimension_cv_e6" in catalogue.options.assumed)]


def _mean(stay: Mapping[str, Any]) -> list[Line]:
    if stay["dip_mean_fen"] is None:
        zh = "同级医疗机构上年均费未知，费用偏差按正常处理。"
        return [Line("mean", zh, "Last year's mean at the tier is unknown; deviation counts as normal.")]
    mean = scaled(stay["dip_mean_fen"], 2)
    return [Line("mean", f"同级医疗机构上年均费 {mean} 元。", f"Last year's mean at the tier: {mean} yuan.", mean)]


def _result(stay: Mapping[str, Any]) -> list[Line]:
    if stay["dip_score_e4"] is None:
        reason = Reason.NO_SCORE
        return [Line("result", f"{reason.zh}，不能按分值结算。", f"{reason.en}; it cannot be paid by score.")]
    score = scaled(factored_e4(stay["dip_score_e4"], stay["dip_factor_e6"]), 4)
    return [Line("result", f"标准分值 {score}。", f"Standard score: {score}.", score)]


def scaled(value: int, decimals: int) -> str:
    """定点数的写法: with thousands separators and all decimals."""
    return f"{Decimal(value).scaleb(-decimals):,f}"
