"""比较结果表: what one comparison of two schemes leaves in the lake, each under the number of its run."""

from __future__ import annotations

from sanyi.insurance.scheme_change.codes import Change
from sanyi.kernel.tables import Column, ColumnType, TableContract

CODE, INTEGER, FEN = ColumnType.CODE, ColumnType.INTEGER, ColumnType.FEN
E6_MAX = 10**15
_RUN = (
    Column("run_number", "比较作业", "Run", INTEGER, is_required=True, minimum=0),
    Column("organisation_code", "发起机构", "Started by organisation", CODE, is_required=True, max_length=64),
)


def _count(name: str, zh: str, en: str, *, is_required: bool = True) -> Column:
    return Column(name, zh, en, INTEGER, unit="例", is_required=is_required, minimum=0)


def _e6(name: str, zh: str, en: str, minimum: int | None = 0) -> Column:
    return Column(name, zh, en, INTEGER, unit="百万分之一", minimum=minimum, maximum=E6_MAX)


def _group(name: str, zh: str, en: str) -> Column:
    return Column(name, zh, en, ColumnType.TEXT, is_required=True, max_length=40)


def _fen(name: str, zh: str, en: str, *, is_required: bool = True) -> Column:
    return Column(name, zh, en, FEN, unit="分", is_required=is_required, minimum=0)


COMPARED_STAY = TableContract(
    name="scheme_compared_stay",
    zh="新旧方案比较病例",
    en="Stays under two schemes",
    version="1",
    columns=(
        *_RUN,
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64),
        _group("old_group", "旧方案组", "Old group"),
        _group("new_group", "新方案组", "New group"),
    ),
    natural_key=("run_number", "institution_code", "settlement_id"),
    organisation_column="institution_code",
)
MIGRATION = TableContract(
    name="scheme_migration",
    zh="病例迁移",
    en="Migration between groups",
    version="1",
    columns=(
        *_RUN,
        _group("old_group", "旧方案组", "Old group"),
        _group("new_group", "新方案组", "New group"),
        _count("stay_count", "病例数", "Stays"),
        _fen("total_fen", "医疗费用", "Cost"),
        _count("cost_unknown_count", "费用未知病例", "Cost unknown"),
        _e6("old_weight_e6", "旧权重", "Old weight"),
        _e6("new_weight_e6", "新权重", "New weight"),
        _e6("old_weight_sum_e6", "旧总权重", "Old total weight"),
        _e6("new_weight_sum_e6", "新总权重", "New total weight"),
        _e6("weight_change_e6", "总权重变化", "Change of total weight", minimum=-E6_MAX),
        Column("is_changed", "是否换组", "Changes group", ColumnType.BOOLEAN, is_required=True),
    ),
    natural_key=("run_number", "old_group", "new_group"),
    organisation_column="organisation_code",
    description_zh="一次比较中一对新旧组一行；不能入组的以状态代替组。病例数合计等于比较的病例数。",
    description_en="One row per pair of groups; the status stands for a group where there is none.",
)


def _side(side: str, zh: str, en: str) -> tuple[Column, ...]:
    return (
        _count(f"{side}_grouped_count", f"{zh}入组病例", f"{en}: grouped"),
        _count(f"{side}_ambiguous_count", f"{zh}歧义病例", f"{en}: ambiguous"),
        _count(f"{side}_ungrouped_count", f"{zh}未入组病例", f"{en}: not grouped"),
        _count(f"{side}_weighted_count", f"{zh}有权重病例", f"{en}: with a weight"),
        _e6(f"{side}_weight_sum_e6", f"{zh}总权重", f"{en}: total weight"),
        _e6(f"{side}_cmi_e6", f"{zh} CMI", f"{en}: CMI"),
    )


INSTITUTION = TableContract(
    name="scheme_change_institution",
    zh="新旧方案机构影响",
    en="Effect of a scheme on institutions",
    version="1",
    columns=(
        *_RUN,
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        _count("stay_count", "病例数", "Stays"),
        _fen("total_fen", "医疗费用", "Cost"),
        *_side("old", "旧方案", "Old"),
        *_side("new", "新方案", "New"),
        _e6("cmi_change_e6", "CMI 变化", "Change of CMI", minimum=-E6_MAX),
    ),
    natural_key=("run_number", "institution_code"),
    organisation_column="organisation_code",
)


def _spread(side: str, zh: str, en: str) -> tuple[Column, ...]:
    return (
        _count(f"{side}_kept_count", f"{zh}病例数", f"{en}: stays", is_required=False),
        _fen(f"{side}_mean_fen", f"{zh}次均费用", f"{en}: mean cost", is_required=False),
        _e6(f"{side}_cv_e6", f"{zh}变异系数", f"{en}: CV"),
        Column(f"{side}_state", f"{zh}稳定性", f"{en}: stability", CODE, max_length=20),
    )


HOMOGENEITY = TableContract(
    name="scheme_homogeneity",
    zh="新旧方案组内同质性",
    en="Homogeneity of groups under two schemes",
    version="1",
    columns=(
        *_RUN,
        Column("drg", "病种组", "DRG", CODE, is_required=True, max_length=16),
        Column("change", "同质性变化", "Change", CODE, is_required=True, choices=Change.mapping()),
        *_spread("old", "旧方案", "Old"),
        *_spread("new", "新方案", "New"),
        _e6("cv_change_e6", "变异系数变化", "Change of CV", minimum=-E6_MAX),
    ),
    natural_key=("run_number", "drg"),
    organisation_column="organisation_code",
)
