"""政策文件代码: formats, kinds of what was read, states, and the refusals of reading and reviewing."""

from enum import StrEnum
from typing import Final

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind

READER_VERSION: Final = "2"
QUOTE_LENGTH_MAX: Final = 60
UNKNOWN_UNIT: Final = "[…]"
BY_HAND: Final = "task.by_hand"
"""补录: the rule of a task that a person entered and no grammar read."""


class FileFormat(StrEnum):
    """文件格式: that the reader opens."""

    TXT = "txt"
    DOCX = "docx"
    HTML = "html"
    PDF = "pdf"


class Level(StrEnum):
    """文件层级: of the issuer."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"

    @property
    def zh(self) -> str:
        """中文名."""
        return {"nation": "国家", "province": "省", "prefecture": "市（地）", "county": "县（市、区）"}[self.value]


class DocumentState(Labelled):
    """文件状态: in the library."""

    REVIEWING = "reviewing", "待审核", "Under review"
    CONFIRMED = "confirmed", "已确认", "Confirmed"


class Validity(Labelled):
    """文件效力: of a document, as a person recorded it; without a record it is not known."""

    IN_FORCE = "in_force", "现行有效", "In force"
    REPLACED = "replaced", "已被替代", "Replaced"
    EXPIRED = "expired", "已失效", "Expired"


class ItemKind(Labelled):
    """读取项种类."""

    TASK = "task", "任务", "Task"
    TARGET = "target", "目标", "Target"
    VALUE = "value", "参数", "Value"


class ItemState(Labelled):
    """读取项状态: nothing is in use before it is accepted or corrected by a person."""

    PROPOSED = "proposed", "待审核", "Proposed"
    ACCEPTED = "accepted", "已采用", "Accepted"
    CORRECTED = "corrected", "已更正", "Corrected"
    REJECTED = "rejected", "不采用", "Rejected"


FILE_EMPTY = RefusalKind(
    code="policy_document.file_empty",
    message_zh="文件“{name}”没有可读的文字。",
    remedy_zh="请换用带有文字的文件；扫描件请先做文字识别再上传。",
    message_en="The file “{name}” holds no text that can be read.",
    remedy_en="Send a file with text; put a scanned copy through text recognition first.",
)
FORMAT_UNKNOWN = RefusalKind(
    code="policy_document.format_unknown",
    message_zh="不能识别文件“{name}”的格式。",
    remedy_zh="请使用 txt、docx、html 或带文字层的 pdf。",
    message_en="The format of the file “{name}” is not known.",
    remedy_en="Use txt, docx, html, or pdf with a text layer.",
)
FORMAT_OLD_WORD = RefusalKind(
    code="policy_document.format_old_word",
    message_zh="“{name}”是旧版 Word 文件（doc），不能直接读取。",
    remedy_zh="请用 Word 或 WPS 另存为 docx 后再上传。",
    message_en="“{name}” is an old Word file (doc) and cannot be read.",
    remedy_en="Save it as docx in Word or WPS and send that.",
)
FILE_BROKEN = RefusalKind(
    code="policy_document.file_broken",
    message_zh="文件“{name}”已损坏，打不开：{problem}。",
    remedy_zh="请重新导出或重新下载后再上传。",
    message_en="The file “{name}” is broken and cannot be opened: {problem}.",
    remedy_en="Export or download it again, then send it.",
)
FILE_ENCRYPTED = RefusalKind(
    code="policy_document.file_encrypted",
    message_zh="文件“{name}”设有打开口令，不能读取。",
    remedy_zh="请去掉口令后再上传。",
    message_en="The file “{name}” needs a password to open and cannot be read.",
    remedy_en="Remove the password, then send it.",
)
FILE_TOO_LARGE = RefusalKind(
    code="policy_document.file_too_large",
    message_zh="文件“{name}”超过 {megabytes_max} MB。",
    remedy_zh="请只上传文件正文，或压缩图片后再上传。",
    message_en="The file “{name}” is larger than {megabytes_max} MB.",
    remedy_en="Send the document alone, or shrink its pictures.",
)
FILE_TOO_LARGE_UNPACKED = RefusalKind(
    code="policy_document.file_too_large_unpacked",
    message_zh="文件“{name}”解压后超过 {megabytes_max} MB，不像一份文件。",
    remedy_zh="请用 Word 重新另存后再上传，或改传 txt、pdf。",
    message_en="The file “{name}” unpacks to more than {megabytes_max} MB, which is no document.",
    remedy_en="Save it anew in Word, or send it as txt or pdf.",
)
FILE_MISSING = RefusalKind(
    code="policy_document.file_missing",
    message_zh="没有收到文件。",
    remedy_zh="请选择一个文件后再上传。",
    message_en="No file was received.",
    remedy_en="Choose a file, then send it.",
)
FILE_KNOWN = RefusalKind(
    code="policy_document.file_known",
    message_zh="文库中已有内容相同的文件：{title}。",
    remedy_zh="请直接打开该文件；如需按新规则重新读取，请在文件页点“重新读取”。",
    message_en="The library already holds a file with the same content: {title}.",
    remedy_en="Open that document; to read it again, use “Read again” on its page.",
)
ITEM_DECIDED = RefusalKind(
    code="policy_document.item_decided",
    message_zh="该项已由{who}审核为“{state}”。",
    remedy_zh="请刷新页面；如需更改，请先撤销原审核。",
    message_en="This item was already reviewed by {who}: {state}.",
    remedy_en="Refresh the page; to change it, undo the review first.",
)
ITEM_IN_USE = RefusalKind(
    code="policy_document.item_in_use",
    message_zh="该项已进入督办任务或政策参数，不能撤销审核。",
    remedy_zh="请在任务页撤销任务，或在参数页撤销参数。",
    message_en="This item already serves as a task or a policy value; its review cannot be undone.",
    remedy_en="Withdraw the task or the value first.",
)
LEAD_UNKNOWN = RefusalKind(
    code="policy_document.lead_unknown",
    message_zh="{clause}的牵头单位未读到或已被夹杂文字占去，不能直接采用。",
    remedy_zh="请用“更正”补上牵头单位，或选“不采用”。",
    message_en="The lead unit of {clause} is not known; the task cannot be accepted as it is.",
    remedy_en="Correct it by naming the lead unit, or reject it.",
)
CORRECTION_WRONG = RefusalKind(
    code="policy_document.correction_wrong",
    message_zh="更正内容有误：{problem}。",
    remedy_zh="请按提示改正后再保存。",
    message_en="The correction cannot be used: {problem}.",
    remedy_en="Mend it, then save again.",
)
NOT_REVIEWED = RefusalKind(
    code="policy_document.not_reviewed",
    message_zh="还没有采用任何任务，不能确认文件。",
    remedy_zh="请先逐项审核任务；确需一并采用时，请勾选后点“全部采用”。",
    message_en="No task has been accepted yet, so the document cannot be confirmed.",
    remedy_en="Review the tasks first, or accept all of them on request.",
)
VALUE_WITHOUT_JURISDICTION = RefusalKind(
    code="policy_document.value_without_jurisdiction",
    message_zh="参数“{name}”没有辖区代码或起始日期，不能进入政策参数。",
    remedy_zh="请用“更正”补上12位辖区代码和起始日期。",
    message_en="The value “{name}” has no jurisdiction code or no first day, so it cannot become policy.",
    remedy_en="Add both by correcting the item.",
)
VALUE_NOT_WHOLE = RefusalKind(
    code="policy_document.value_not_whole",
    message_zh="参数“{name}”的取值“{value}”不能换算成整数单位。",
    remedy_zh="请用“更正”改为明确的数值和单位。",
    message_en="The value “{value}” of “{name}” cannot be turned into whole units.",
    remedy_en="Correct it to a clear number and unit.",
)
VALUE_TAKEN = RefusalKind(
    code="policy_document.value_taken",
    message_zh="参数“{name}”在该辖区自{starts_on}起已有确认值。",
    remedy_zh="请先撤销原值，或更正起始日期。",
    message_en="The value “{name}” is already confirmed for this jurisdiction from {starts_on}.",
    remedy_en="Withdraw the earlier value first, or correct the first day.",
)
VALUES_CLASH = RefusalKind(
    code="policy_document.values_clash",
    message_zh="写入政策参数后不能通过检查：{problem}",
    remedy_zh="请更正该参数的日期、单位或名称；原有参数没有改变。",
    message_en="The policy values would not pass their check: {problem}",
    remedy_en="Correct the dates, unit or name; nothing was changed.",
)
REASON_MISSING = RefusalKind(
    code="policy_document.reason_missing",
    message_zh="适用决定必须写明理由。",
    remedy_zh="请写明为何采用该文件的规定，以及自何日起。",
    message_en="A decision on which document prevails needs a reason.",
    remedy_en="Say why, and from which day.",
)
CHOICE_UNKNOWN = RefusalKind(
    code="policy_document.choice_unknown",
    message_zh="所选规定不在该事项的对照之中。",
    remedy_zh="请刷新页面后重新选择。",
    message_en="The chosen wording is not among those compared.",
    remedy_en="Refresh the page and choose again.",
)
CLAUSE_UNKNOWN = RefusalKind(
    code="policy_document.clause_unknown",
    message_zh="文件中没有条款“{clause}”。",
    remedy_zh="请从条款列表中选择任务所在的条款。",
    message_en="The document has no clause “{clause}”.",
    remedy_en="Choose the clause of the task from the list.",
)
VALIDITY_WRONG = RefusalKind(
    code="policy_document.validity_wrong",
    message_zh="文件效力不能登记：{problem}。",
    remedy_zh="请写明日期和依据；被替代的文件须写明替代文件的文号。",
    message_en="The validity cannot be recorded: {problem}.",
    remedy_en="Give the date and the source; for a replaced document also the number of the one that replaces it.",
)
DOCUMENT_UNKNOWN = RefusalKind(
    code="policy_document.unknown",
    message_zh="文库中没有这份文件。",
    remedy_zh="请从政策文件列表进入。",
    message_en="The library holds no such document.",
    remedy_en="Enter through the list of documents.",
)
