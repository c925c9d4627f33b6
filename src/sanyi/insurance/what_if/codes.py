"""支付模拟代码: kinds of scenarios, parts of an effect, and why something cannot be done."""

from typing import Any

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.access.codes import Purpose
from sanyi.registry.doors.codes import answers_with

PURPOSES = (Purpose.PAYMENT, Purpose.ADMINISTRATION, Purpose.SUPERVISION)


class ScenarioKind(Labelled):
    """方案种类: values changed against a base, or the same stays once by DRG and once by DIP."""

    CHANGES = "changes", "改动参数", "Changed values"
    DRG_DIP = "drg_dip", "DRG 与 DIP 对照", "DRG beside DIP"


class Part(Labelled):
    """影响的层面: what the effect is shown by."""

    INSTITUTION = "institution", "医疗机构", "Institutions"
    TIER = "tier", "医院等级", "Tiers"
    METHOD = "method", "支付方式", "Methods"
    GROUP = "group", "病组（病种）", "Groups"
    PACKAGE = "package", "总额打包", "Packages"


def _kind(name: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(f"what_if.{name}", zh, remedy_zh, en, remedy_en)


NAME_WRONG = _kind(
    "name_wrong",
    "方案名称应为 1 至 {limit} 个字。",
    "请写一个能认出这个方案的名称，例如“三级费率下调 2%”。",
    "A scenario has a name of 1 to {limit} characters.",
    "Give it a name by which it can be known.",
)
YEAR_WRONG = _kind(
    "year_wrong",
    "“{value}”不是可以模拟的年度。",
    "请填写有出院病例的年度，例如 2025。",
    "“{value}” is no year to compute.",
    "Give a year with discharged stays, such as 2025.",
)
BASE_UNKNOWN = _kind(
    "base_unknown",
    "没有编号为“{number}”的已测算年度清算。",
    "请从列表中选择作为基准的清算，或选择“现行参数”。",
    "There is no computed settlement of a year with the number “{number}”.",
    "Choose the settlement to compare with from the list, or the values in force.",
)
NOT_CHANGEABLE = _kind(
    "not_changeable",
    "“{key}”不是可以在模拟中改动的参数。",
    "请从参数列表中选择。",
    "“{key}” is not a value that a scenario can change.",
    "Choose one from the list of values.",
)
NOT_IN_BASE = _kind(
    "not_in_base",
    "基准中没有“{name}”的值，无从改动。",
    "请先在政策文件中补充该参数，或改动其他参数。",
    "The base has no value of “{name}”, so it cannot be changed.",
    "Supply the value in a policy file first, or change another.",
)
PATH_UNKNOWN = _kind(
    "path_unknown",
    "“{name}”中没有“{path}”这一项。",
    "请刷新页面，从现有的项中选择；要增删整行，请改整个表。",
    "“{name}” has no part “{path}”.",
    "Reload and choose a part that is there; to add or remove rows change the whole table.",
)
NOT_A_NUMBER = _kind(
    "not_a_number",
    "“{name}”应填写数字（{unit}，最多 {decimals} 位小数），填的是“{value}”。",
    "请改成数字，例如 {example}。",
    "“{name}” is a number ({unit}, at most {decimals} decimals), not “{value}”.",
    "Write a number, for example {example}.",
)
OUT_OF_BOUNDS = _kind(
    "out_of_bounds",
    "“{name}”填的是 {value}，应在 {minimum} 至 {maximum} 之间（{unit}）。",
    "请核对数值和单位。",
    "“{name}” is {value}; it should be from {minimum} to {maximum} ({unit}).",
    "Check the value and its unit.",
)
NOT_A_CHOICE = _kind(
    "not_a_choice",
    "“{name}”填的是“{value}”，可选：{choices}。",
    "请从可选项中选择。",
    "“{name}” is “{value}”; it can be: {choices}.",
    "Choose one of them.",
)
WRONG_KIND = _kind(
    "wrong_kind",
    "“{name}”应为{expected}，填的是“{value}”。",
    "请对照现值的写法改正。",
    "“{name}” should be {expected_en}, not “{value}”.",
    "Write it as the present value is written.",
)
SAME_VALUE = _kind(
    "same_value",
    "“{name}”填的值与基准相同。",
    "请填写不同的值；不改这一项就不用提交。",
    "“{name}” is the same as in the base.",
    "Give another value, or leave it alone.",
)
DATE_WRONG = _kind(
    "date_wrong",
    "改动的起始日“{value}”不在 {year} 年内。",
    "请填写该年度内的日期；全年适用的不填。",
    "The change starts on “{value}”, which is not in {year}.",
    "Give a day of the year, or none when it holds all year.",
)
CHANGES_TOO_MANY = _kind(
    "changes_too_many",
    "一个方案最多改动 {limit} 处。",
    "请改整个表，或另建一个方案。",
    "A scenario changes at most {limit} values.",
    "Change the whole table instead, or make another scenario.",
)
NO_CHANGES = _kind(
    "no_changes",
    "这个方案还没有改动任何参数。",
    "请先改动至少一处，再测算。",
    "This scenario does not change anything yet.",
    "Change at least one value, then compute.",
)
CHANGED_MEANWHILE = _kind(
    "changed_meanwhile",
    "这个方案刚被 {name} 改过。",
    "请刷新页面，核对后再提交。",
    "{name} has just changed this scenario.",
    "Reload, look at it, then submit again.",
)
NO_FACTS = _kind(
    "no_facts",
    "{year} 年没有可以测算的住院病例。",
    "请先上传并分组该年度的结算清单。",
    "There are no stays of {year} to compute.",
    "Upload and group the settlement lists of that year first.",
)
NOT_COMPUTED = _kind(
    "not_computed",
    "方案“{name}”还没有测算结果。",
    "请先测算，完成后再比较、导出或提出调整。",
    "The scenario “{name}” has not been computed.",
    "Compute it first; then compare, export or propose.",
)
SAME_SCENARIO = _kind(
    "same_scenario",
    "左右两边是同一个方案。",
    "请选择两个不同的方案。",
    "Both sides are the same scenario.",
    "Choose two different ones.",
)
YEARS_DIFFER = _kind(
    "years_differ",
    "两个方案的年度不同（{left} 与 {right}），不能比较。",
    "请选择同一年度的方案。",
    "The scenarios are of different years ({left} and {right}).",
    "Choose two of the same year.",
)
DIP_MISSING = _kind(
    "dip_missing",
    "{year} 年没有可用的病种分值目录，不能按 DIP 测算。",
    "请先建立或导入该年度适用的病种分值目录。",
    "There is no DIP catalogue for {year}, so nothing can be computed by DIP.",
    "Build or import the catalogue of that year first.",
)
PROPOSAL_DATE_WRONG = _kind(
    "proposal_date_wrong",
    "“{value}”不能作为调整的执行日期。",
    "请填写今天之后的日期，例如 {example}。",
    "“{value}” cannot be the day from which the change holds.",
    "Give a day after today, such as {example}.",
)
BASIS_MISSING = _kind(
    "basis_missing",
    "没有写明调整的文件和条款。",
    "请写明文件名称和条款；没有文件依据的参数不能进入政策文件。",
    "The document and the clause of the change are missing.",
    "Name both; a value without a basis cannot enter a policy file.",
)
POLICY_REFUSED = _kind(
    "policy_refused",
    "按 {starts_on} 生成的政策文件没有通过检查：{what}",
    "请改执行日期，或先整理现有政策文件的起止日期。",
    "The policy file from {starts_on} did not pass the check: {what}",
    "Choose another day, or mend the dates of the present files first.",
)
WEIGHT_LINE_WRONG = _kind(
    "weight_line_wrong",
    "第 {number} 行“{line}”不是“病组 权重”。",
    "每行写一个病组编码和一个权重，例如 FV25 0.4512，最多六位小数。",
    "Line {number}, “{line}”, is not a group and a weight.",
    "Write a group and its weight in each line, such as FV25 0.4512, with at most six decimals.",
)
GROUP_UNKNOWN = _kind(
    "group_unknown",
    "第 {number} 行的病组 {group} 在该年度的病例中没有公布的权重。",
    "请核对病组编码；没有病例的病组不影响测算。",
    "Line {number}: no stay of the year has a published weight in group {group}.",
    "Check the code; a group without stays changes nothing.",
)
answers_with(409, CHANGED_MEANWHILE)

Plain = dict[str, Any] | list[Any] | str | int | bool | None
