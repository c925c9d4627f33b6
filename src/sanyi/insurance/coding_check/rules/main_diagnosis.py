"""主要诊断检查: may the code be a main diagnosis, is it in an MDC, does the stay meet what the MDC asks besides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from sanyi.insurance.coding_check.codes import diagnosis
from sanyi.insurance.coding_check.codes.kind import DIAGNOSES, Finding, Severity
from sanyi.insurance.coding_check.rules.scheme_facts import number_of
from sanyi.insurance.coding_check.rules.stay import Stay, join_zh
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.tables import SEX_EN, SEX_ZH, limits
from sanyi.insurance.grouping import Atom, Gate
from sanyi.insurance.grouping.codes import Status

_ASTERISK = re.compile(r"[A-Z][0-9]{2}(\.[0-9x]+)?\*")
_MORPHOLOGY = re.compile(r"(M[0-9]{3})[0-9]{1,2}/[0-9]")
_MANIFESTATION = (
    "疾病的临床表现（星号编码）",
    "Manifestations (asterisk codes)",
    "ICD-10 剑号与星号双重编码：星号编码不单独用作主要编码",
)
_MORPHOLOGY_BASIS = "ICD-10 肿瘤形态学编码（M800-M998）：只说明组织学类型"
_NONE_ZH, _NONE_EN = "（无）", "(none)"


def main_diagnosis_findings(stay: Stay, thresholds: Thresholds) -> Iterator[Finding]:
    """主要诊断问题: what the code is first, then where it belongs."""
    if not stay.main.strip():
        return
    yield from _not_main(stay, thresholds)
    gates = stay.scheme.main_gates.get(stay.dx[0], ())
    if not gates:
        yield _in_no_mdc(stay, thresholds)
    elif not stay.has_open_gate:
        yield _mdc_unmet(stay, gates)


def may_be_main(code: str, thresholds: Thresholds) -> bool:
    """能否作主要诊断: by its form and range alone."""
    return _class_of(code, thresholds) is None


def _not_main(stay: Stay, thresholds: Thresholds) -> Iterator[Finding]:
    found = _class_of(stay.main, thresholds)
    if found is not None:
        zh, en, basis = found
        others = _candidates(stay, lambda code: may_be_main(code, thresholds))
        words = {"others": others[0], "others_en": others[1]}
        yield diagnosis.NOT_MAIN(DIAGNOSES, 1, stay.main, class_zh=zh, class_en=en, basis=basis, **words)


def _class_of(code: str, thresholds: Thresholds) -> tuple[str, str, str] | None:
    """Class in Chinese, in English, and the basis, of a code that may not be a main diagnosis."""
    if _ASTERISK.fullmatch(code):
        return _MANIFESTATION
    shape = _MORPHOLOGY.fullmatch(code)
    if shape:
        name = _morphology().get(shape[1], "肿瘤形态学编码")
        return f"肿瘤形态学编码（{name}）", "Morphology of neoplasms", _MORPHOLOGY_BASIS
    for part in thresholds.not_main_ranges:
        if part.holds(code):
            return part.zh, part.en, part.basis
    return None


@cache
def _morphology() -> dict[str, str]:
    return dict(limits("morphology").iter_rows())


def _candidates(stay: Stay, is_allowed: Callable[[str], bool]) -> tuple[str, str]:
    """Other diagnoses of the record that are in a main list of some MDC, in Chinese and English words."""
    codes = stay.record.diagnosis_codes
    found = [
        (position, code)
        for position, code in enumerate(codes[1:], start=2)
        if code != stay.main and is_allowed(code) and number_of(code, "dx") in stay.scheme.main_gates
    ]
    zh = join_zh(f"第{position}诊断{code}" for position, code in found)
    en = ", ".join(f"diagnosis {position} {code}" for position, code in found)
    return zh or _NONE_ZH, en or _NONE_EN


def _in_no_mdc(stay: Stay, thresholds: Thresholds) -> Finding:
    is_grouped = stay.outcome.status == Status.GROUPED
    others = _candidates(stay, lambda code: may_be_main(code, thresholds))
    return diagnosis.MAIN_IN_NO_MDC(
        DIAGNOSES,
        1,
        stay.main,
        Severity.WARN if is_grouped else None,
        scheme=stay.scheme.name_zh,
        scheme_en=stay.scheme.name_en,
        others=others[0],
        others_en=others[1],
    )


def _mdc_unmet(stay: Stay, gates: tuple[Gate, ...]) -> Finding:
    zh, en = [], []
    for gate in gates:
        unmet = stay.unmet(gate)
        zh.append(f"{stay.scheme.mdc_text(gate.mdc)}，须{'且'.join(_words(atom)[0] for atom in unmet)}")
        en.append(f"{gate.mdc} ({' and '.join(_words(atom)[1] for atom in unmet)})")
    return diagnosis.MAIN_MDC_UNMET(
        DIAGNOSES,
        1,
        stay.main,
        Severity.WARN if stay.outcome.status == Status.GROUPED else None,
        scheme=stay.scheme.name_zh,
        scheme_en=stay.scheme.name_en,
        unmet="；".join(zh),
        unmet_en="; ".join(en),
    )


def _words(atom: Atom) -> tuple[str, str]:
    """A condition of a gate in words."""
    if atom.field == "sex":
        sex = int(atom.value or 0)
        return f"性别为{SEX_ZH[sex]}", f"sex {SEX_EN[sex]}"
    if atom.field == "age":
        return "不足1周岁", "under one year"
    if atom.field == "trauma_sites":
        return f"诊断涉及至少{atom.value}个不同创伤部位", f"injuries of at least {atom.value} body sites"
    return f"{atom.field}{atom.op}{atom.value or ''}", f"{atom.field} {atom.op} {atom.value or ''}"
