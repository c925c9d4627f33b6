"""接入代码: states of a batch, kinds of file, and every refusal of intake.

Order of answers (the same wrong input always gets the same first answer): size, emptiness, kind of file, password,
archive, encoding, sheet, header, repeated and missing columns, merged cells, rows; then cell by cell from left to
right, codes, cross-field checks, repeated keys.
"""

from sanyi.exchange.intake.codes.batches import (
    BATCH_DIGEST_TAKEN,
    BATCH_UNKNOWN,
    CONTRACT_UNKNOWN,
    NOTHING_TO_ACCEPT,
    ORIGINAL_GONE,
    STAGED_GONE,
    BatchState,
    FileKind,
    Notice,
)
from sanyi.exchange.intake.codes.cells import (
    AMOUNT_TOO_FINE,
    AMOUNT_UNREADABLE,
    CELL_IS_ERROR,
    CODE_MAPPED,
    CODE_NOT_LISTED,
    CODE_UNKNOWN,
    CODE_WAITS,
    DATE_UNREADABLE,
    DECIMAL_UNREADABLE,
    DURATION_UNREADABLE,
    FORMULA_WITHOUT_VALUE,
    INTEGER_UNREADABLE,
    KEY_ROWS_DIFFER,
    KEY_TWICE,
    NUMBER_LOST_DIGITS,
    ROW_TOO_LONG,
    SHARE_UNREADABLE,
    TEXT_UNDECODABLE,
    TRUTH_UNREADABLE,
)
from sanyi.exchange.intake.codes.files import (
    ARCHIVE_BROKEN,
    ARCHIVE_TOO_LARGE,
    CELLS_MERGED,
    COLUMN_TWICE,
    ENCODING_UNKNOWN,
    FIELD_TOO_LONG,
    FILE_BROKEN,
    FILE_DISGUISED,
    FILE_EMPTY,
    FILE_KIND_WRONG,
    FILE_MISSING,
    FILE_TOO_LARGE,
    HEADER_MERGED,
    HEADER_NOT_FOUND,
    MESSAGE_WRONG,
    NO_ROWS,
    PASSWORD_PROTECTED,
    SHEET_HIDDEN,
    SHEETS_SEVERAL,
    TEXTS_TOO_LARGE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
)

__all__ = [
    "AMOUNT_TOO_FINE", "AMOUNT_UNREADABLE", "ARCHIVE_BROKEN", "ARCHIVE_TOO_LARGE", "BATCH_DIGEST_TAKEN",
    "BATCH_UNKNOWN", "BatchState", "CELLS_MERGED", "CELL_IS_ERROR", "CODE_MAPPED", "CODE_NOT_LISTED", "CODE_UNKNOWN",
    "CODE_WAITS", "COLUMN_TWICE", "CONTRACT_UNKNOWN", "DATE_UNREADABLE", "DECIMAL_UNREADABLE", "DURATION_UNREADABLE",
    "ENCODING_UNKNOWN", "FIELD_TOO_LONG", "FILE_BROKEN", "FILE_DISGUISED", "FILE_EMPTY", "FILE_KIND_WRONG",
    "FILE_MISSING", "FILE_TOO_LARGE", "FORMULA_WITHOUT_VALUE", "FileKind", "HEADER_MERGED", "HEADER_NOT_FOUND",
    "INTEGER_UNREADABLE", "KEY_ROWS_DIFFER", "KEY_TWICE", "MESSAGE_WRONG", "NOTHING_TO_ACCEPT", "NO_ROWS",
    "NUMBER_LOST_DIGITS", "Notice", "ORIGINAL_GONE", "PASSWORD_PROTECTED", "ROW_TOO_LONG",
    "SHARE_UNREADABLE", "SHEETS_SEVERAL", "SHEET_HIDDEN", "STAGED_GONE", "TEXTS_TOO_LARGE", "TEXT_UNDECODABLE",
    "TOO_MANY_COLUMNS",    "TOO_MANY_ROWS", "TRUTH_UNREADABLE",
]  # fmt: skip
