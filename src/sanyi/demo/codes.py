"""演示县的代码与拒绝: what the generator and its command may answer with."""

from __future__ import annotations

from enum import StrEnum

from sanyi.kernel.refusals import RefusalKind


class Tier(StrEnum):
    """层级: where a stay takes place."""

    COUNTY = "county"
    TCM = "tcm"
    TOWNSHIP = "township"


TIERS = (Tier.COUNTY, Tier.TCM, Tier.TOWNSHIP)
CHRONIC_DISEASES = ("hypertension", "diabetes", "copd", "stroke")

COUNTY_UNKNOWN = RefusalKind(
    code="demo.county_unknown",
    message_zh="没有名为“{county}”的演示县。",
    remedy_zh="请从这些名称中选择：{available}。",
    message_en="There is no demonstration county called “{county}”.",
    remedy_en="Choose one of: {available}.",
)
FIGURE_MISSING = RefusalKind(
    code="demo.figure_missing",
    message_zh="演示县{county}的档案缺少“{key}”，或者它没有写明 value 与 unit。",
    remedy_zh="请在 profiles/common.yaml 或该县的文件中补上这一项。",
    message_en="The profile of {county} lacks “{key}”, or the figure has no value and unit.",
    remedy_en="Add it to profiles/common.yaml or to the county's own file.",
)
FIGURE_WITHOUT_SOURCE = RefusalKind(
    code="demo.figure_without_source",
    message_zh="档案中的“{key}”既没有来源也没有标明假设。",
    remedy_zh="请写 source: 文件名称，或写 assumed: true。",
    message_en="Figure “{key}” has neither a source nor the mark that it is assumed.",
    remedy_en="Write `source: …` or `assumed: true`.",
)
CONDITION_WITHOUT_CODES = RefusalKind(
    code="demo.condition_without_codes",
    message_zh="病种“{condition}”的编码在{county}的分组方案中都不能入组。",
    remedy_zh="请检查 profiles/conditions.yaml 中该病种的诊断与手术编码。",
    message_en="No code of condition “{condition}” groups under the scheme of {county}.",
    remedy_en="Check its diagnoses and procedures in profiles/conditions.yaml.",
)
CODE_UNKNOWN = RefusalKind(
    code="demo.code_unknown",
    message_zh="档案中的诊断“{prefix}”在医保版2.0中没有可用于结算的编码。",
    remedy_zh="请在 profiles/common.yaml 中改用不是灰码的编码或编码开头。",
    message_en="No code of insurance edition 2.0 that may be settled begins with “{prefix}”.",
    remedy_en="Name another code, or the beginning of one, in profiles/common.yaml.",
)
RESIDENTS_OUT_OF_RANGE = RefusalKind(
    code="demo.residents_out_of_range",
    message_zh="居民数应在{minimum}到{maximum}之间，收到{given}。",
    remedy_zh="请用 --residents 给出范围内的整数。",
    message_en="The number of residents must be between {minimum} and {maximum}; got {given}.",
    remedy_en="Give a whole number in that range with --residents.",
)
HOME_HOLDS_ANOTHER_COUNTY = RefusalKind(
    code="demo.home_holds_another_county",
    message_zh="文件夹{home}里已有另一个演示县：{found}；现在要建的是：{wanted}。",
    remedy_zh="请换一个 SANYI_HOME，或加上 --fresh 重新建立（原有内容将被删除）。",
    message_en="{home} already holds another demonstration county: {found}; asked for: {wanted}.",
    remedy_en="Use another SANYI_HOME, or add --fresh to build anew (what is there will be deleted).",
)
HOME_IS_NOT_A_DEMONSTRATION = RefusalKind(
    code="demo.home_is_not_a_demonstration",
    message_zh="文件夹{home}不是空的，也不是演示县。",
    remedy_zh="演示县只建在空文件夹里，请换一个 SANYI_HOME。",
    message_en="{home} is not empty and not a demonstration county.",
    remedy_en="A demonstration is only built in an empty folder; choose another SANYI_HOME.",
)
DATABASE_IS_NOT_EMPTY = RefusalKind(
    code="demo.database_is_not_empty",
    message_zh="数据库中已有用户、机构或居民，演示县只建在空数据库里。",
    remedy_zh="请检查 SANYI_DATABASE_URL：换一个空数据库，或去掉该变量改用文件夹内的 SQLite。",
    message_en="The database holds users, organisations or residents; a demonstration is only built in an empty one.",
    remedy_en="Check SANYI_DATABASE_URL: name an empty database, or drop it to use SQLite in the home folder.",
)
HOME_IS_IN_USE = RefusalKind(
    code="demo.home_is_in_use",
    message_zh="文件夹{home}正被另一个演示进程使用。",
    remedy_zh="请先结束那个进程（在其窗口按 Ctrl-C），或换一个 SANYI_HOME。",
    message_en="{home} is in use by another demonstration.",
    remedy_en="End that process first (Ctrl-C in its window), or use another SANYI_HOME.",
)
