"""政策文件代码: formats, kinds of what was read, states, and the refusals of reading and reviewing."""

from enum import StrEnum
from typing import Final

from sanyi.kernel.refusals import RefusalKind

READER_VERSION: Final = "1"
QUOTE_LENGTH_MAX: Final = 60
UNKNOWN_UNIT: Final = "[…]"


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
