"""编码表问题: the same six kinds for diagnoses and for procedures; a code is missing from the list, old, or grey."""

from typing import NamedTuple

from sanyi.insurance.coding_check.codes.kind import FindingKind, Severity

LISTS_ZH = {"diagnosis": "医保疾病诊断分类与代码（医保版2.0）", "procedure": "医保手术操作分类与代码（医保版2.0）"}
LISTS_EN = {
    "diagnosis": "Insurance list of diagnoses (edition 2.0)",
    "procedure": "Insurance list of procedures (edition 2.0)",
}
_ASK_ZH = "请由编码员对照病案重新核定编码。"
_ASK_EN = "Have the coder decide the code anew from the record."


class ListedKinds(NamedTuple):
    """编码表问题种类: of one kind of code."""

    unknown: FindingKind
    miswritten: FindingKind
    retired: FindingKind
    clinical: FindingKind
    local: FindingKind
    grey: FindingKind
    empty: FindingKind


def listed_kinds(noun: str, zh: str, en: str) -> ListedKinds:
    """一类编码的问题种类: ``noun`` is ``diagnosis`` or ``procedure``."""
    maker = _Maker(noun, zh, en)
    return ListedKinds(**_form_kinds(maker), **_edition_kinds(maker))


class _Maker:
    """Makes the kinds of one noun; what a kind does not say is the list of edition 2.0 and the coder's work."""

    def __init__(self, noun: str, zh: str, en: str) -> None:
        self.noun, self.zh, self.en = noun, zh, en
        self.list_zh, self.list_en = LISTS_ZH[noun], LISTS_EN[noun]

    def __call__(
        self, name: str, title_zh: str, title_en: str, message_zh: str, message_en: str, **more: str
    ) -> FindingKind:
        return FindingKind(
            code=f"{self.noun}_{name}",
            zh=title_zh,
            en=title_en,
            severity=Severity(more.get("severity", "refuse")),
            message_zh=message_zh,
            remedy_zh=more.get("remedy_zh", _ASK_ZH),
            source_zh=more.get("source_zh", self.list_zh),
            message_en=message_en,
            remedy_en=more.get("remedy_en", _ASK_EN),
            source_en=more.get("source_en", self.list_en),
        )


def _form_kinds(maker: _Maker) -> dict[str, FindingKind]:
    """Codes that cannot be read as a code of the list."""
    return {
        "unknown": maker(
            "unknown", f"{maker.zh}编码不在编码表", f"{maker.en} code in no list",
            f"{{place}}“{{code}}”不在医保版、国家临床版的{maker.zh}编码表中。",
            f"“{{code}}” ({{place}}) is in no edition of the {maker.noun} list.",
            remedy_zh="请核对编码的字母、小数点和扩展码，并对照病案改正。",
            remedy_en="Check letters, point and extension, and correct the code from the record.",
        ),
        "miswritten": maker(
            "miswritten", f"{maker.zh}编码书写不规范", f"{maker.en} code miswritten",
            "{place}“{code}”书写不规范（空格、大小写或全角字符），分组器不能识别。",
            "“{code}” ({place}) is miswritten (blanks, letter case or full width); the grouper does not know it so.",
            remedy_zh="请删除空格，字母用半角大写，扩展码用小写x。",
            remedy_en="Remove blanks; write letters as half-width capitals and the extension mark as a small x.",
        ),
        "empty": maker(
            "empty", f"{maker.zh}编码为空", f"Empty {maker.noun} code",
            "{place}为空。",
            "No code at {place}.",
            remedy_zh="请删除多余的分隔符，或补填编码；首位为空时，其后各项不会被当作主要项。",
            remedy_en="Remove the extra separator or fill in the code; nothing takes the place of an empty first one.",
            source_zh="CHS-DRG 分组方案：编码按位置读取", source_en="CHS-DRG schemes read codes by position",
        ),
    }  # fmt: skip


def _edition_kinds(maker: _Maker) -> dict[str, FindingKind]:
    """Codes of another edition, and codes that the edition in force does not accept."""
    return {
        "retired": maker(
            "retired", f"{maker.zh}编码已停用", f"{maker.en} code retired",
            "{place}{code}是医保版1.0编码，现行医保版2.0已不收录。",
            "{code} ({place}) belongs to insurance edition 1.0 and is not in edition 2.0, now in force.",
            source_zh=f"{maker.list_zh}；医保版1.0编码表", source_en=f"{maker.list_en}; list of edition 1.0",
        ),
        "clinical": maker(
            "clinical", f"{maker.zh}为临床版编码", f"{maker.en} code of the clinical edition",
            "{place}{code}是国家临床版编码，医保版2.0没有收录，不能直接用于结算。",
            "{code} ({place}) belongs to the national clinical edition and is not in insurance edition 2.0.",
            remedy_zh="请按本机构已选定的编码映射转换后再填报。",
            remedy_en="Convert it by the mapping chosen for this institution before settlement.",
            source_zh=f"{maker.list_zh}；国家临床版编码表", source_en=f"{maker.list_en}; list of the clinical edition",
        ),
        "local": maker(
            "local", f"{maker.zh}为地方扩展编码", f"Local {maker.noun} code",
            "{place}{code}不在医保版2.0编码表中，仅{scheme}收录。",
            "{code} ({place}) is not in insurance edition 2.0; only {scheme_en} knows it.",
            severity="warn",
            remedy_zh="请核对该编码在本统筹区是否可用于结算。",
            remedy_en="Check whether this code may be used for settlement here.",
            source_zh=f"{maker.list_zh}；{{scheme}}", source_en=f"{maker.list_en}; {{scheme_en}}",
        ),
        "grey": maker(
            "grey", f"{maker.zh}为灰码", f"Grey {maker.noun} code",
            "{place}{code}是灰码，编码表保留但医保结算不接收。",
            "{code} ({place}) is a grey code: kept in the list, not accepted for settlement.",
            remedy_zh="请由编码员对照病案细化编码。",
            remedy_en="Have the coder code it in more detail from the record.",
            source_zh=f"{maker.list_zh}：灰码标识", source_en=f"{maker.list_en}: grey mark",
        ),
    }  # fmt: skip
