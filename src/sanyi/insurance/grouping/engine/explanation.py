"""分组说明: the way from a record to its group in sentences, Chinese and English, each with its place in the tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.grouping.codes import STATUS_EN, Status
from sanyi.insurance.grouping.engine import columns, compiled, layout
from sanyi.insurance.grouping.engine.batch import Grouping
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import (
    Atom,
    Clause,
    Refinement,
    Rule,
    SchemeDefinition,
)
from sanyi.insurance.grouping.engine.names import Weight, weight
from sanyi.insurance.grouping.engine.reasons import Reader, join, number_of
from sanyi.insurance.grouping.engine.record import GroupedRecord, group_one, stay_of
from sanyi.insurance.grouping.engine.repairs import all_repairs
from sanyi.insurance.grouping.engine.trace import positions
from sanyi.kernel.policy import PolicyValue

NEAR_MISSES_SHOWN = 3


@dataclass(frozen=True)
class Line:
    """说明的一行.

    ``kind``: code, translation, check, gate, near, rule, severity, candidate, repair, result or weight.
    """

    kind: str
    zh: str
    en: str
    basis: str = ""

    def text(self, language: str = "zh") -> str:
        """The sentence in a language."""
        return self.en if language.startswith("en") else self.zh


def explain_record(
    record: Mapping[str, Any],
    chosen: Grouping,
    weight_table: PolicyValue | None = None,
    grouped: GroupedRecord | None = None,
) -> tuple[Line, ...]:
    """分组说明 of one record; ``weight_table`` is the policy value that names the weights, else the scheme's own.

    ``grouped`` is the record's result where the caller has it already.
    """
    grouped = grouped or group_one(record, chosen)
    definition = compiled.definition(chosen.scheme, chosen.mode)
    reader = read(record, chosen, grouped)
    lines = [*_codes(record, reader, chosen), *_check(grouped, reader)]
    if grouped.status not in {Status.CHECK_FAILED, Status.DIAGNOSIS_NOT_TRANSLATED, Status.PROCEDURE_NOT_TRANSLATED}:
        lines += _way(definition, reader, grouped)
    for repair in all_repairs():
        if repair.code in grouped.repairs:
            lines.append(
                Line("repair", f"已修复：{repair.zh}。", f"Repaired: {repair.en}.", f"data/repairs.yaml {repair.code}")
            )
    return (*lines, *_result(definition, grouped, weight_table))


def read(record: Mapping[str, Any], chosen: Grouping, grouped: GroupedRecord) -> Reader:
    """The record as the scheme's tests see it: translated, and with the one procedure that was tried again."""
    scheme = chosen.compiled
    stay = stay_of(record, scheme, chosen.is_translated)
    px_ids = tuple(stay.px)
    dx, px = _texts(record.get("dx"), "dx", stay.dx), _texts(record.get("px"), "px", stay.px)
    if grouped.trace.procedure:
        px_ids = px_ids[grouped.trace.procedure : grouped.trace.procedure + 1]
        px = px[grouped.trace.procedure : grouped.trace.procedure + 1]
    numbers = {
        name: columns.whole_number(record.get(name)) for name in ("age", "age_days", "weight", "los", "icu_hours")
    }
    return Reader(
        definition=compiled.definition(chosen.scheme, chosen.mode),
        dx=dx,
        dx_ids=tuple(stay.dx),
        px=px,
        px_ids=px_ids,
        numbers={**numbers, "sex": columns.sex_number(record.get("sex"))},
        leaving=columns.plain_text(record.get("leaving")),
        department=columns.plain_text(record.get("dept")),
        mcc=grouped.trace.mcc,
        cc=grouped.trace.cc,
    )


def _texts(value: object, kind: str, ids: list[int]) -> tuple[str, ...]:
    """Texts of the codes as they were tested: the dictionary's where the code is known, else as written."""
    written = _split(value)
    return tuple(
        dictionary(kind).code(number) or (written[place] if place < len(written) else "")
        for place, number in enumerate(ids)
    )


def _split(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [str(code) for code in value]
    return str(value).replace("|", ",").split(",") if value != "" else []


def _codes(record: Mapping[str, Any], reader: Reader, chosen: Grouping) -> Iterator[Line]:
    stay = stay_of(record, chosen.compiled, is_translated=True) if chosen.is_translated else None
    for kind, zh, en in (("dx", "诊断", "diagnosis"), ("px", "手术操作", "procedure")):
        read_as = _texts(record.get(kind), kind, getattr(stay, kind)) if stay else ()
        for place, code in enumerate(_split(record.get(kind))):
            name = ("主要" if place == 0 else "其他") + zh + ("" if place == 0 else f" {place}")
            name_en = f"Main {en}" if place == 0 else f"Secondary {en} {place}"
            is_known, named = dictionary(kind).number(code), reader.named(kind, code)
            known = "" if is_known else "（本方案各表均无此编码）"
            known_en = "" if is_known else " (in no table of any scheme)"
            yield Line("code", f"{name}：{named}{known}", f"{name_en}: {named}{known_en}")
            if place < len(read_as) and read_as[place] != code:
                yield Line(
                    "translation",
                    f"编码转换：{code} → {reader.named(kind, read_as[place])}",
                    f"Translated: {code} → {read_as[place]}",
                )


def _check(grouped: GroupedRecord, reader: Reader) -> Iterator[Line]:
    if grouped.status == Status.CHECK_FAILED:
        for zh, en in _faults(reader):
            yield Line("check", f"信息校验不通过：{zh}。", f"The record check fails: {en}.", "信息校验规则")
    elif grouped.status in {Status.DIAGNOSIS_NOT_TRANSLATED, Status.PROCEDURE_NOT_TRANSLATED}:
        yield Line(
            "check",
            f"{grouped.status}：转换表中没有其中某个编码。",
            "The translation table lacks one of the codes.",
            "编码转换表",
        )
    else:
        yield Line("check", "信息校验通过。", "The record check passes.", "信息校验规则")


def _faults(reader: Reader) -> Iterator[tuple[str, str]]:
    numbers = reader.numbers
    if not reader.dx:
        yield "没有诊断", "there is no diagnosis"
    if numbers["sex"] not in {1, 2}:
        yield "性别不是男或女", "sex is neither male nor female"
    if numbers["age"] == layout.NULL:
        yield "年龄未知或不是整数", "age is unknown or no whole number"
    elif numbers["age"] == 0:
        if numbers["age_days"] == layout.NULL:
            yield "不满一周岁而没有天龄", "an infant without its age in days"
        elif numbers["age_days"] <= 28 and numbers["weight"] == layout.NULL:
            yield "28 天以内的新生儿没有体重", "a newborn of 28 days or less without its weight"


def _way(definition: SchemeDefinition, reader: Reader, grouped: GroupedRecord) -> Iterator[Line]:
    """Gates that opened, rules that nearly fired, and the rule that gave the result."""
    if grouped.trace.procedure:
        number, code = grouped.trace.procedure + 1, reader.named("px", reader.px[0])
        yield Line(
            "rule",
            f"按主要手术操作不能入组，改以第 {number} 个手术操作 {code} 单独再试。",
            f"Not grouped by the main procedure; tried again with procedure {number}, {code}, alone.",
            "方案的重试规定",
        )
    is_entered = False
    for gate in definition.gates:
        clause = reader.true_clause(gate.condition)
        if clause is None:
            near = reader.near_clause(gate.condition) if grouped.trace.rule == 0 else None
            if near is not None:
                yield _near_line(f"{gate.mdc} {gate.name}", gate.mdc, reader, *near)
            continue
        is_entered = True
        zh, en = join(reader.findings(clause)) if clause else ("无条件进入", "open to every stay")
        yield Line(
            "gate", f"进入 {gate.mdc} {gate.name}：{zh}。", f"Enters {gate.mdc}: {en}.", f"{definition.code} {gate.mdc}"
        )
        passed: list[Rule] = []
        for rule in definition.rules_of(gate.mdc):
            if rule.seq == grouped.trace.rule:
                yield from _nearest(passed, reader)
                yield from _fired(definition, rule, reader, grouped)
                return
            passed.append(rule)
        yield from _nearest(passed, reader)
        yield Line(
            "gate",
            f"{gate.mdc} 的规则均不符合，继续后面的大类。",
            f"No rule of {gate.mdc} gives a group; the search goes on.",
        )
    if not is_entered:
        yield Line(
            "gate", "主要诊断和手术操作不能进入任何主要诊断大类。", "Neither diagnosis nor procedure opens any MDC."
        )


def _nearest(passed: list[Rule], reader: Reader) -> list[Line]:
    """The last few of the rules passed over that nearly fired, in their order."""
    found: list[Line] = []
    for rule in reversed(passed):
        if len(found) == NEAR_MISSES_SHOWN:
            break
        line = _passed_over(rule, reader)
        if line is not None:
            found.append(line)
    return found[::-1]


def _passed_over(rule: Rule, reader: Reader) -> Line | None:
    """A rule before the one that fired: true without a result, or short of exactly one test."""
    name = rule.adrg if rule.adrg == rule.name else f"{rule.adrg}（规则 {rule.name}）"
    name = f"歧义组 {rule.name}" if rule.is_ambiguous else name
    if reader.true_clause(rule.condition) is not None:
        return Line(
            "near",
            f"{name} 条件符合但没有可入的细分组，继续。",
            f"{rule.name} holds but has no group for it; the search goes on.",
        )
    near = reader.near_clause(rule.condition)
    return None if near is None else _near_line(name, rule.name, reader, *near)


def _near_line(name: str, name_en: str, reader: Reader, clause: Clause, atom: Atom) -> Line:
    """What holds of a clause, and the one test of it that does not."""
    zh, en = join([reader.find(one) for one in clause if one is not atom])
    failed = reader.find(atom)
    return Line("near", f"未入 {name}：{zh}，但{failed.zh}。", f"Not {name_en}: {en}; but {failed.en}.")


def _fired(definition: SchemeDefinition, rule: Rule, reader: Reader, grouped: GroupedRecord) -> Iterator[Line]:
    clause = reader.true_clause(rule.condition)
    assert clause is not None, f"{definition.code} {rule.name} gave a result that its condition does not"
    zh, en = join(reader.findings(clause)) if clause else ("该大类其余病例", "all other stays of the MDC")
    basis = f"{definition.code} 规则 {rule.seq} {rule.name}"
    if rule.is_ambiguous:
        yield Line(
            "rule",
            f"歧义组 {grouped.drg}：做了手术但不属于该大类的任何手术组（{zh}）。",
            f"Ambiguous group {grouped.drg}: an operation that no surgical group of the MDC takes ({en}).",
            basis,
        )
        return
    part, part_en = ("外科/操作", "surgical") if rule.is_surgical else ("内科", "medical")
    yield Line(
        "rule", f"进入 ADRG {rule.adrg}（{part}部分）：{zh}。", f"Enters ADRG {rule.adrg} ({part_en}): {en}.", basis
    )
    yield from _severity(rule, reader, grouped)
    yield from _candidates(rule, reader, grouped)


def _severity(rule: Rule, reader: Reader, grouped: GroupedRecord) -> Iterator[Line]:
    fields = {atom.field for one in rule.refinements for clause in one.condition for atom in clause}
    if not fields & {"mcc", "cc"}:
        yield Line("severity", "该 ADRG 不按合并症或并发症细分。", "This ADRG is not split by complications.")
        return
    definition, trace = reader.definition, grouped.trace
    own = number_of(definition.exclusion, reader.dx_ids[0])
    main = f"主要诊断属排除表 {own}" if own else "主要诊断不属任何排除表"
    main_en = f"the main diagnosis belongs to table {own}" if own else "the main diagnosis belongs to no table"
    for kind, counted, excluded, table in (
        ("MCC", trace.mcc, trace.mcc_excluded, definition.mcc),
        ("CC", trace.cc, trace.cc_excluded, definition.cc),
    ):
        for place in positions(counted | excluded):
            code, number = reader.dx[place], number_of(table, reader.dx_ids[place])
            is_counted = bool(counted >> (place - 1) & 1)
            verdict, verdict_en = ("计入", "counts") if is_counted else ("被排除，不计", "is excluded")
            shown = reader.named("dx", code)
            yield Line(
                "severity",
                f"其他诊断 {place} {shown} 是 {kind}（排除表 {number}），{main}，{verdict}。",
                f"Secondary diagnosis {place} {code} is a {kind} of table {number}; {main_en}: it {verdict_en}.",
                f"{kind} 表、排除表 {number}",
            )
    if not trace.mcc | trace.mcc_excluded | trace.cc | trace.cc_excluded:
        yield Line("severity", "其他诊断中没有 MCC 或 CC。", "No secondary diagnosis is an MCC or CC.", "MCC 表、CC 表")


def _candidates(rule: Rule, reader: Reader, grouped: GroupedRecord) -> Iterator[Line]:
    for number, one in enumerate(rule.refinements, start=1):
        name = reader.definition.drg_names.get(one.drg, "")
        is_chosen = number == grouped.trace.candidate
        zh, en = condition_text(one, reader.definition)
        verdict, verdict_en = ("符合", "holds") if is_chosen else ("不符合", "does not hold")
        yield Line("candidate", f"细分组 {one.drg} {name}：{zh}，{verdict}。", f"Group {one.drg}: {en}, {verdict_en}.")
        if is_chosen:
            return
    if rule.fallback:
        yield Line(
            "candidate",
            f"没有细分组，以 ADRG 编码 {rule.fallback} 作为组。",
            f"No candidate: the ADRG code {rule.fallback} is the group.",
        )


def condition_text(one: Refinement, definition: SchemeDefinition) -> tuple[str, str]:
    """What a candidate asks for, in words."""
    if not one.condition:
        return "条件为空，永不符合", "an empty condition, never true"
    if one.condition == ((),):
        return "无附加条件", "no further condition"
    parts = [[_atom_text(atom, definition) for atom in clause] for clause in one.condition]
    zh = " 或 ".join("且".join(zh for zh, _ in clause) for clause in parts)
    return f"要求 {zh}", "requires " + " or ".join(" and ".join(en for _, en in clause) for clause in parts)


def _atom_text(atom: Atom, definition: SchemeDefinition) -> tuple[str, str]:
    names = {"age": "年龄", "age_days": "天龄", "weight": "体重", "los": "住院天数", "icu_hours": "重症监护小时",
             "dx_main": "主要诊断", "dx_secondary": "其他诊断", "dx_any": "诊断", "px_main": "主要手术操作",
             "px_secondary": "其他手术操作", "px_any": "手术操作", "leaving": "离院方式", "dept": "出院科别",
             "sex": "性别"}  # fmt: skip
    if atom.field in {"mcc", "cc"}:
        return atom.field.upper(), atom.field.upper()
    if atom.list_id is not None:
        label = definition.list_label(atom.list_id)
        return f"{names[atom.field]}在列表{label}中", f"{atom.field} in list {label.strip()}"
    return f"{names.get(atom.field, atom.field)} {atom.op} {atom.value}", f"{atom.field} {atom.op} {atom.value}"


def _result(definition: SchemeDefinition, grouped: GroupedRecord, weight_table: PolicyValue | None) -> Iterator[Line]:
    name = definition.drg_names.get(grouped.drg, "")
    basis = f"{definition.name_zh}（{definition.code}）"
    if grouped.status not in {Status.GROUPED, Status.AMBIGUOUS}:
        yield Line("result", f"结果：{grouped.status}。", f"Result: {STATUS_EN[Status(grouped.status)]}.", basis)
        return
    yield Line(
        "result",
        f"结果：{grouped.status}，{grouped.drg} {name}".rstrip() + "。",
        f"Result: {grouped.drg} {name}".rstrip() + ".",
        basis,
    )
    yield _weight_line(weight(definition.code, grouped.drg, weight_table))


def _weight_line(found: Weight) -> Line:
    if found.is_own and found.weight_e6 is not None:
        return Line("weight", f"权重 {found.text}（方案自带）。", f"Weight {found.text} (of the scheme itself).")
    if found.table is None:
        return Line(
            "weight", "权重未知：没有该方案的已公布权重表。", "Weight unknown: no table is published for this scheme."
        )
    place = str(found.table.value).replace("/", " ")
    basis = f"{found.table.document}：{found.table.basis}"
    assumed, assumed_en = ("（假定适用）", " (assumed)") if found.table.is_assumed else ("", "")
    if found.weight_e6 is None:
        return Line(
            "weight",
            f"权重未知：{place} 的权重表没有该组{assumed}。",
            f"Weight unknown: not in the table of {place}{assumed_en}.",
            basis,
        )
    return Line(
        "weight",
        f"权重 {found.text}（{place} 权重表{assumed}）。",
        f"Weight {found.text} (table of {place}{assumed_en}).",
        basis,
    )
