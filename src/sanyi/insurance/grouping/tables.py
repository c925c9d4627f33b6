"""分组表约定: what the grouper reads, one row per grouped settlement, and the performance worked out from such rows."""

from __future__ import annotations

from sanyi.insurance.grouping.codes import Mode, Status
from sanyi.kernel.tables import Column, ColumnType, TableContract

TEXT, CODE, CODES = ColumnType.TEXT, ColumnType.CODE, ColumnType.CODES
INTEGER, FEN = ColumnType.INTEGER, ColumnType.FEN
DATE, BOOLEAN = ColumnType.DATE, ColumnType.BOOLEAN
INT32_MAX = 2**31 - 1


TEXT_MAX, AGE_MAX_YEARS, STAY_MAX_DAYS, ICU_MAX_HOURS, WEIGHT_MAX_GRAMS = 100_000, 200, 36_500, 1_000_000, 20_000

STAY_TO_GROUP = TableContract(
    name="stay_to_group",
    zh="待分组病例",
    en="Stays to group",
    version="1",
    columns=(
        Column("case_id", "病例号", "Case", TEXT, max_length=64,
               help_zh="原样写回；只写结果时只保留这一列。", help_en="Written back; all that is kept with results."),
        Column("sex", "性别", "Sex", INTEGER, choices={1: "男", 2: "女"}, standard_code="gend",
               help_zh="1、2、男、女均可；其他值信息校验不通过。",
               help_en="1, 2, 男 or 女; any other value fails the record check."),
        Column("age", "年龄", "Age", INTEGER, unit="岁", minimum=0, maximum=AGE_MAX_YEARS, standard_code="age",
               help_zh="周岁；不满一周岁填0。", help_en="Completed years; 0 under one year."),
        Column("age_days", "天龄", "Age in days", INTEGER, unit="天", minimum=0, maximum=366, standard_code="nwb_age",
               required_when="age in 0", help_zh="不满一周岁时必填。", help_en="Required under one year."),
        Column("weight", "新生儿体重", "Newborn weight", INTEGER, unit="克", minimum=0, maximum=WEIGHT_MAX_GRAMS,
               help_zh="出生28天以内必填。",
               help_en="Required in the first 28 days."),
        Column("dx", "诊断编码", "Diagnosis codes", CODES, max_length=TEXT_MAX,
               help_zh="医保版编码，主要诊断在前，以“|”或“,”分隔，也可以是列表；不去空格，区分大小写。",
               help_en="Insurance edition, main first, separated by | or a comma, or a list; compared exactly."),
        Column("px", "手术操作编码", "Procedure codes", CODES, max_length=TEXT_MAX,
               help_zh="同上；没有的留空。", help_en="The same; empty when there was none."),
        Column("los", "住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=STAY_MAX_DAYS,
               help_zh="方案不用的可以没有此列。",
               help_en="The column may be missing where the scheme does not read it."),
        Column("leaving", "离院方式", "Discharge way", CODE, max_length=8),
        Column("dept", "科室", "Department", CODE, max_length=32),
        Column("icu_hours", "重症监护小时", "Hours of intensive care", INTEGER, unit="小时", minimum=0,
               maximum=ICU_MAX_HOURS),
    ),
    natural_key=(),
    description_zh="分组器读取的列，文件和数据表相同。分组器不拒绝任何一行：约定以外的值按未知处理，每个病例都有状态。",
    description_en="What the grouper reads, in files and in tables. No row is refused: whatever is outside the "
    "contract counts as unknown, and every stay gets a status.",
)  # fmt: skip


def _stay_columns() -> tuple[Column, ...]:
    """What is copied from the settlement list, so that lists and figures need no join."""
    return (
        Column("settlement_id", "结算ID", "Settlement", CODE, is_required=True, max_length=64, standard_code="setl_id"),
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64,
               standard_code="fixmedins_code"),
        Column("person_id", "居民编号", "Resident", CODE, max_length=64, is_personal=True),
        Column("discharged_on", "出院日期", "Discharged on", DATE, is_required=True, standard_code="dscg_time"),
        Column("sex", "性别", "Sex", INTEGER, standard_code="gend"),
        Column("age_years", "年龄", "Age", INTEGER, unit="岁", minimum=0, maximum=200),
        Column("insurance_type_code", "险种", "Insurance type", CODE, max_length=16),
        Column("department_code", "出院科别", "Discharge department", CODE, max_length=32),
        Column("doctor_code", "主诊医师代码", "Attending doctor", CODE, max_length=64, standard_code="chfpdr_code"),
        Column("main_diagnosis_code", "主要诊断", "Main diagnosis", CODE, max_length=64),
        Column("main_procedure_code", "主要手术操作", "Main procedure", CODE, max_length=64),
        Column("length_of_stay_days", "住院天数", "Length of stay", INTEGER, unit="天", minimum=0, maximum=36_500),
        Column("total_fen", "医疗费用总额", "Total charge", FEN, unit="分", minimum=0),
        Column("fund_payment_fen", "基金支付总额", "Fund payment", FEN, unit="分"),
    )  # fmt: skip


def _result_columns() -> tuple[Column, ...]:
    """What grouping adds: scheme, status, group, weight, and where the facts came from."""
    statuses: dict[str | int, str] = {status.value: status.value for status in Status}
    return (
        Column("scheme", "分组方案", "Grouping scheme", CODE, is_required=True, max_length=40),
        Column("is_scheme_assumed", "方案为假定", "Scheme is assumed", BOOLEAN, is_required=True),
        Column("mode", "分组模式", "Mode", CODE, is_required=True, choices={mode.value: mode.value for mode in Mode}),
        Column("status", "分组状态", "Status", CODE, is_required=True, choices=statuses),
        Column("mdc", "主要诊断大类", "MDC", CODE, is_required=True, max_length=16),
        Column("adrg", "核心疾病诊断相关组", "ADRG", CODE, is_required=True, max_length=16),
        Column("drg", "病种组", "DRG", CODE, is_required=True, max_length=16),
        Column("weight_e6", "权重", "Weight", INTEGER, unit="百万分之一", minimum=0, maximum=10**12,
               help_zh="该组公布的权重；没有公布的为空，不等于零。",
               help_en="The published weight; empty when none is published."),
        Column("source_batch_number", "来源批次", "Batch", INTEGER, is_required=True, minimum=0),
        Column("source_version", "来源表版本", "Version of the settlement lists", INTEGER, is_required=True, minimum=0),
        Column("run_number", "分组作业", "Run", INTEGER, is_required=True, minimum=0),
    )  # fmt: skip


def _trace_columns() -> tuple[Column, ...]:
    """Why the stay has its group, as the engine writes it; see ``engine/trace.py``."""
    names = (
        ("trace_rule", "轨迹：规则号", "Trace: rule"),
        ("trace_candidate", "轨迹：细分候选号", "Trace: candidate"),
        ("trace_mcc", "轨迹：计入的严重并发症", "Trace: MCC counted"),
        ("trace_mcc_excluded", "轨迹：排除的严重并发症", "Trace: MCC excluded"),
        ("trace_cc", "轨迹：计入的并发症", "Trace: CC counted"),
        ("trace_cc_excluded", "轨迹：排除的并发症", "Trace: CC excluded"),
        ("trace_procedure", "轨迹：单独重试的手术", "Trace: procedure tried alone"),
        ("trace_repairs", "轨迹：起作用的修复", "Trace: repairs"),
    )
    return tuple(Column(name, zh, en, INTEGER, minimum=0, maximum=2**63 - 1) for name, zh, en in names)


TRACE_COLUMNS = tuple(column.name for column in _trace_columns())

GROUPED_STAY = TableContract(
    name="grouped_stay",
    zh="分组病例",
    en="Grouped stays",
    version="1",
    columns=(*_stay_columns(), *_result_columns(), *_trace_columns()),
    natural_key=("institution_code", "settlement_id"),
    organisation_column="institution_code",
    event_date_column="discharged_on",
    description_zh="一次结算一行。重新分组追加新行，同一机构同一结算ID以作业号最大的一行为准。",
    description_en="One row per settlement. Grouping again appends; the row of the greatest run counts.",
)

PERFORMANCE = TableContract(
    name="grouping_performance",
    zh="分组绩效",
    en="Grouping performance",
    version="1",
    columns=(
        Column("institution_code", "医疗机构代码", "Institution", CODE, is_required=True, max_length=64),
        Column("stay_count", "病例数", "Stays", INTEGER, unit="例", is_required=True, minimum=0, maximum=INT32_MAX),
        Column("grouped_count", "入组病例数", "Grouped stays", INTEGER, unit="例", is_required=True, minimum=0),
        Column("drg_count", "DRG 组数", "Groups", INTEGER, unit="组", is_required=True, minimum=0),
        Column(
            "weighted_count", "有权重病例数", "Stays with a weight", INTEGER, unit="例", is_required=True, minimum=0
        ),
        Column("weight_sum_e6", "总权重", "Total weight", INTEGER, unit="百万分之一", is_required=True, minimum=0),
        Column("cmi_e6", "病例组合指数", "CMI", INTEGER, unit="百万分之一", minimum=0),
        Column("time_index_e6", "时间消耗指数", "Time index", INTEGER, unit="百万分之一", minimum=0),
        Column("cost_index_e6", "费用消耗指数", "Cost index", INTEGER, unit="百万分之一", minimum=0),
        Column("length_of_stay_sum_days", "总住院天数", "Bed days", INTEGER, unit="天", is_required=True, minimum=0),
        Column("total_fen", "医疗总费用", "Total charge", FEN, unit="分", is_required=True, minimum=0),
        Column("fund_payment_fen", "基金支付", "Fund payment", FEN, unit="分", is_required=True),
    ),
    natural_key=("institution_code",),
    organisation_column="institution_code",
)
