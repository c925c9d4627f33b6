"""数据湖表结构: the technical columns that every stored fact carries beside the columns of its contract."""

import polars as pl

BATCH_NUMBER = "_batch_number"
"""批次号: which batch wrote the row; the greater number supersedes the smaller by natural key."""

ROW_NUMBER = "_row_number"
"""行号: the row of the sender's file, counted as the sender sees it (the first row of a sheet is 1)."""

ROW_DIGEST = "_row_digest"
"""行摘要: digest of the canonical values; equal digests mean that nothing changed."""

WARNINGS = "_warnings"
"""存疑标记: codes of the warnings that the row entered with, joined by ``|``; null when there are none."""

PERSON_KEY = "person_key"
"""证件查询键: HMAC-SM3 of the certificate; the number itself never enters the lake."""

PERSON_ID = "person_id"
"""居民标识: the resident index's own identifier where the certificate resolves, otherwise null."""

TECHNICAL_SCHEMA: dict[str, pl.DataType] = {
    BATCH_NUMBER: pl.Int64(),
    ROW_NUMBER: pl.Int64(),
    ROW_DIGEST: pl.String(),
    WARNINGS: pl.String(),
}
