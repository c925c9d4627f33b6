"""督查督办代码: lights and their reasons, cycles, states, ways of drawing, and the refusals of the topic."""

from typing import Final

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with

LEAD_OPEN: Final = "牵头单位待定"
"""牵头待定: stands for the lead unit of a task that nobody leads yet; such a task cannot be assigned."""


class Light(Labelled):
    """亮灯: worst last but grey, which says that nothing can be said yet."""

    GREY = "grey", "未亮灯", "No light yet"
    GREEN = "green", "绿灯", "Green"
    YELLOW = "yellow", "黄灯", "Yellow"
    RED = "red", "红灯", "Red"


class Why(Labelled):
    """亮灯理由: one of these stands behind every light."""

    NOT_ASSIGNED = "not_assigned", "尚未交办", "Not assigned yet"
    NO_DEADLINE = "no_deadline", "未定办理期限", "No deadline"
    ON_TRACK = "on_track", "在期限内办理", "Within the deadline"
    DUE_SOON = "due_soon", "临近期限，尚未报送证据", "The deadline is near and no evidence is filed"
    OVERDUE = "overdue", "已过期限，未报送证据", "The deadline has passed without evidence"
    UNSIGNED = "unsigned", "超过签收时限，尚未签收", "Not signed for in time"
    FILED_ON_TIME = "filed_on_time", "证据已按期报送，待核验", "Evidence filed on time, to be verified"
    FILED_LATE = "filed_late", "证据逾期报送，待核验", "Evidence filed late, to be verified"
    RETURNED = "returned", "证据被退回，须重新报送", "Evidence was returned"
    DONE_ON_TIME = "done_on_time", "按期完成并经核验", "Done on time and verified"
    DONE_LATE = "done_late", "逾期完成，已核验", "Done late, verified"
    WITHDRAWN = "withdrawn", "已撤销", "Withdrawn"
    RECTIFYING = "rectifying", "督查发现的问题正在整改", "A finding is being rectified"
    RECTIFICATION_OVERDUE = "rectification_overdue", "督查发现的问题逾期未整改", "A finding is overdue"
    DATA = "data", "按指标数据判定", "By the data of the indicator"


class Cycle(Labelled):
    """周期: how often a task comes back."""

    ONCE = "once", "一次性", "Once"
    MONTHLY = "monthly", "每月", "Every month"
    QUARTERLY = "quarterly", "每季度", "Every quarter"
    HALF_YEARLY = "half_yearly", "每半年", "Every half year"
    YEARLY = "yearly", "每年", "Every year"


class TaskState(Labelled):
    """任务状态: of the whole task; those between assigned and verified follow from its units' shares."""

    REGISTERED = "registered", "已登记", "Registered"
    ASSIGNED = "assigned", "已交办", "Assigned"
    SIGNED = "signed", "已签收", "Signed for"
    IN_PROGRESS = "in_progress", "办理中", "In progress"
    EXTENDED = "extended", "已延期", "Extended"
    OVERDUE = "overdue", "已逾期", "Overdue"
    ESCALATED = "escalated", "已升级", "Escalated"
    RETURNED = "returned", "已退回", "Returned"
    FILED = "filed", "证据已报送", "Evidence filed"
    VERIFIED = "verified", "已核验", "Verified"
    CLOSED = "closed", "已办结", "Closed"
    CANCELLED = "cancelled", "已撤销", "Cancelled"


class DutyState(Labelled):
    """单位办理状态: of one unit's share in a task."""

    ASSIGNED = "assigned", "待签收", "To be signed for"
    SIGNED = "signed", "已签收", "Signed for"
    IN_PROGRESS = "in_progress", "办理中", "In progress"
    EXTENSION_ASKED = "extension_asked", "申请延期", "Extension asked for"
    EXTENDED = "extended", "已延期", "Extended"
    OVERDUE = "overdue", "已逾期", "Overdue"
    ESCALATED = "escalated", "已升级", "Escalated"
    INSTRUCTED = "instructed", "已批示", "Instructed"
    RETURNED = "returned", "已退回", "Returned"
    FILED = "filed", "证据已报送", "Evidence filed"
    VERIFIED = "verified", "已核验", "Verified"
    WITHDRAWN = "withdrawn", "已撤销", "Withdrawn"


class Origin(Labelled):
    """任务来源."""

    DOCUMENT = "document", "政策文件", "Policy document"
    LEDGER = "ledger", "导入台账", "Imported ledger"
    MANUAL = "manual", "手工登记", "Entered by hand"


class Draw(Labelled):
    """抽取方式: how a round draws its tasks."""

    RED = "red", "全部红灯任务", "All red tasks"
    SAMPLE = "sample", "随机抽取", "A random sample"
    UNIT = "unit", "指定单位的全部任务", "All tasks of a unit"


class PackKind(Labelled):
    """评估包种类."""

    MIDTERM = "midterm", "中期评估", "Mid-term evaluation"
    FINAL = "final", "末期评估", "Final evaluation"


class Receiver(Labelled):
    """受理部门: the two departments that institutions report their problems to (闽医改组〔2024〕1号 第十四条)."""

    HEALTH = "health", "卫生健康部门", "Health department"
    INSURANCE = "insurance", "医疗保障部门", "Insurance department"


class Reported(Labelled):
    """季度报告情况: what an institution has reported for a quarter."""

    LATE = "late", "逾期未报", "Late"
    MISSING = "missing", "未报告", "Not reported"
    NONE = "none", "无问题", "No problems"
    PROBLEMS = "problems", "有问题", "Problems"


def _kind(code: str, zh: str, remedy_zh: str, en: str, remedy_en: str) -> RefusalKind:
    return RefusalKind(
        code=f"governance.tasks.{code}", message_zh=zh, remedy_zh=remedy_zh, message_en=en, remedy_en=remedy_en
    )


NOT_ASSIGNED = _kind(
    "not_assigned",
    "任务 {number} 还没有交办。",
    "请由医改办先交办。",
    "The task {number} is not assigned yet.",
    "Let the reform office assign it first.",
)
TITLE_MISSING = _kind(
    "title_missing", "任务没有写明内容。", "请填写任务内容。", "The task has no content.", "Say what is to be done."
)
LEAD_MISSING = _kind(
    "lead_missing",
    "任务“{title}”没有牵头单位。",
    "请填写责任单位，列在首位的为牵头单位。",
    "The task “{title}” has no lead unit.",
    "Name the units; the first one leads.",
)
LEAD_STILL_OPEN = _kind(
    "lead_still_open",
    "任务 {number} 牵头单位待定，不能交办。",
    "请先在任务页确定牵头单位。",
    "The task {number} has no lead unit yet and cannot be assigned.",
    "Choose the lead unit on the page of the task first.",
)
LEAD_SETTLED = _kind(
    "lead_settled",
    "任务 {number} 的牵头单位已是{unit}。",
    "已登记的牵头单位随文件更正；已交办的任务请撤销后重新登记。",
    "The lead unit of {number} is {unit} already.",
    "Correct it with its document; an assigned task is cancelled and entered anew.",
)
CYCLE_UNKNOWN = _kind(
    "cycle_unknown",
    "看不懂周期“{text}”。",
    "可写：一次性、每月、每季度、每半年、每年、每年6月底。",
    "The cycle “{text}” cannot be read.",
    "Write 一次性, 每月, 每季度, 每半年, 每年 or 每年6月底.",
)
CYCLE_NEEDS_DATE = _kind(
    "cycle_needs_date",
    "周期任务“{title}”没有开始日期，无法推算期次。",
    "请填写首期的办理期限或文件的印发日期。",
    "The recurring task “{title}” has no date to count from.",
    "Give the first deadline, or the date of the document.",
)
UNITS_UNMATCHED = _kind(
    "units_unmatched",
    "责任单位还没有对应到机构：{names}。",
    "请在“单位对应”中选定机构后再交办；选定后同名单位自动对应。",
    "These units are not matched to an organisation yet: {names}.",
    "Choose their organisations under “Units” and assign again; the choice is remembered.",
)
UNIT_NOT_HERE = _kind(
    "unit_not_here",
    "不能把“{name}”对应到“{code}”：本县没有这个机构。",
    "请从列表中选择本县登记的机构。",
    "“{name}” cannot mean “{code}”: the county has no such organisation.",
    "Choose an organisation of the county from the list.",
)
UNIT_ALREADY_CHOSEN = _kind(
    "unit_already_chosen",
    "“{name}”已对应到{organisation}。",
    "如需改选，请填写理由后改选。",
    "“{name}” is matched to {organisation} already.",
    "To change it, give a reason.",
)
OWN_EVIDENCE = _kind(
    "own_evidence",
    "证据由您本人报送，不能由您本人核验或退回。",
    "请由医改办的另一位经办人核验。",
    "You filed this evidence yourself; somebody else has to verify or return it.",
    "Let a colleague of the reform office verify it.",
)
EXTENSION_LATE = _kind(
    "extension_late",
    "延期须在期限届满至少 {days} 天前申请；本任务的期限是 {due_on}。",
    "请按期办理，或逾期后报告原因。",
    "An extension is asked for at least {days} days before the deadline, which is {due_on}.",
    "Finish in time, or explain after the deadline.",
)
EXTENSION_TWICE = _kind(
    "extension_twice",
    "本单位对该任务已延期 {count} 次，不能再次延期。",
    "请按期办理。",
    "The unit has extended this task {count} times already.",
    "Finish in time.",
)
EXTENSION_DATE_WRONG = _kind(
    "extension_date_wrong",
    "延期后的日期须晚于现在的期限 {due_on}。",
    "请填写延期后的日期，例如 2026-12-31。",
    "The new date has to be later than the deadline {due_on}.",
    "Give the new date, for example 2026-12-31.",
)
NO_DEADLINE = _kind(
    "no_deadline",
    "该任务未定办理期限，无需延期。",
    "请直接办理。",
    "The task has no deadline, so it needs no extension.",
    "Carry on.",
)
PERCENT_COMPUTED = _kind(
    "percent_computed",
    "该任务的进度由指标“{indicator}”的数据计算，不能填报。",
    "请核对指标数据。",
    "The progress of this task is computed from the indicator “{indicator}” and cannot be typed.",
    "Check the data of the indicator.",
)
PERCENT_WRONG = _kind(
    "percent_wrong",
    "进度须为 0 至 100 的整数。",
    "请改正填报的进度。",
    "Progress is a whole number from 0 to 100.",
    "Mend the number.",
)
LINK_WRONG = _kind(
    "link_wrong",
    "不能把“{child}”挂在“{parent}”之下：{problem}。",
    "请选择上级文件中的任务。",
    "“{child}” cannot hang below “{parent}”: {problem}.",
    "Choose a task of a document above.",
)
TASK_UNKNOWN = _kind(
    "task_unknown", "没有编号为 {number} 的任务。", "请核对编号。", "There is no task {number}.", "Check the number."
)
LEDGER_EMPTY = _kind(
    "ledger_empty",
    "台账中没有任务。",
    "请从“下载模板”取得表样，每行填写一项任务。",
    "The ledger holds no task.",
    "Take the template and write one task a row.",
)
LEDGER_COLUMNS = _kind(
    "ledger_columns",
    "台账缺少这些列：{columns}。",
    "请从“下载模板”取得表样，不要改动列名。",
    "The ledger lacks these columns: {columns}.",
    "Take the template and keep its headings.",
)
DATE_UNREADABLE = _kind(
    "date_unreadable",
    "“{text}”不是日期。",
    "请按 2026-06-30 的格式填写。",
    "“{text}” is no date.",
    "Write it as 2026-06-30.",
)
DATES_TURNED = _kind(
    "dates_turned", "结束日期早于开始日期。", "请改正日期。", "It ends before it begins.", "Mend the dates."
)
ROUND_NOT_UNDER_WAY = _kind(
    "round_not_under_way",
    "督查 {number} 不在现场督查期间，不能记录问题。",
    "请先办理“开始督查”。",
    "The round {number} is not under way.",
    "Begin it first.",
)
FINDING_EMPTY = _kind(
    "finding_empty", "没有写明发现的问题。", "请写明问题。", "The finding says nothing.", "Describe it."
)
RECTIFY_BY_WRONG = _kind(
    "rectify_by_wrong",
    "整改期限没有填写，或早于督查开始的 {starts_on}。",
    "请填写整改期限，例如 2026-12-31。",
    "The day to rectify by is missing, or before the round began on {starts_on}.",
    "Give a day, for example 2026-12-31.",
)
HANDLER_WRONG = _kind(
    "handler_wrong",
    "不能分办到“{code}”。",
    "请选择卫健、医保或财政部门。",
    "It cannot be assigned to “{code}”.",
    "Choose the health, insurance or finance department.",
)
DRAW_EMPTY = _kind(
    "draw_empty",
    "按此方式没有抽到任务。",
    "请改变抽取方式或范围。",
    "Nothing was drawn this way.",
    "Draw in another way.",
)
SAMPLE_COUNT_MISSING = _kind(
    "sample_count_missing",
    "随机抽取须写明抽取数量。",
    "请填写 1 以上的数量。",
    "A sample needs its size.",
    "Give a number from 1 on.",
)
ROUND_TASK_FOREIGN = _kind(
    "round_task_foreign",
    "任务 {number} 不在本轮督查之内。",
    "请选择本轮抽取的任务。",
    "The task {number} was not drawn in this round.",
    "Choose one that was.",
)
FINDINGS_OPEN = _kind(
    "findings_open",
    "还有 {count} 个问题没有整改到位，不能办结本轮督查。",
    "请在全部问题核验整改后办结。",
    "{count} findings are not rectified yet; the round cannot be closed.",
    "Close it when every finding is verified.",
)
PACK_CHANGED = _kind(
    "pack_changed",
    "评估包 {number} 的内容与冻结时的摘要不符，不能使用。",
    "请联系系统管理员核查，并重新生成评估包。",
    "The content of pack {number} is not what was frozen.",
    "Tell the system administrator and make the pack anew.",
)
QUARTER_WRONG = _kind(
    "quarter_wrong",
    "“{text}”不是可以报告的季度。",
    "季度写作 2026Q3，且不晚于本季度。",
    "“{text}” is not a quarter that can be reported.",
    "Write 2026Q3; not a quarter to come.",
)
QUARTER_REPORTED = _kind(
    "quarter_reported",
    "{organisation}{quarter}已报告“无问题”。",
    "如需补报问题，请先撤回“无问题”的报告。",
    "{organisation} has reported “no problems” for {quarter}.",
    "Take that report back first.",
)
QUARTER_HAS_PROBLEMS = _kind(
    "quarter_has_problems",
    "{organisation}{quarter}已报告问题，不能再报“无问题”。",
    "请继续跟踪已报告的问题。",
    "{organisation} has reported problems for {quarter} already.",
    "Follow those instead.",
)
NOT_REPORTING = _kind(
    "not_reporting",
    "{organisation}不在须按季度报告的机构之内。",
    "请核对机构；村卫生室的问题由所属乡镇卫生院报告。",
    "{organisation} is not among the institutions that report every quarter.",
    "Check the institution; village clinics report through their township hospital.",
)
TOPIC_UNKNOWN = _kind(
    "topic_unknown",
    "没有“{topic}”这个问题类别。",
    "可选：{known}。",
    "There is no topic “{topic}”.",
    "Choose one of {known}.",
)
PROBLEM_EMPTY = _kind(
    "problem_empty", "没有写明问题。", "请写明困难、问题或建议。", "The problem is not described.", "Describe it."
)
RECEIVER_MISSING = _kind(
    "receiver_missing",
    "机构登记中没有{receiver}，问题无法受理。",
    "请先在机构登记中建立该部门。",
    "No {receiver_en} is registered, so nobody can take the problem.",
    "Register the department first.",
)
answers_with(409, UNIT_ALREADY_CHOSEN, LEAD_SETTLED, QUARTER_REPORTED, QUARTER_HAS_PROBLEMS, PACK_CHANGED)
answers_with(403, OWN_EVIDENCE)
answers_with(404, TASK_UNKNOWN)
