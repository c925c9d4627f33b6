"""数据湖服务: append facts atomically, read any version, see what is current.

One folder (or S3-like address) holds one Delta table per contract. A batch is one commit; the commit names the batch,
so that writing it again finds it there and changes nothing. Old versions stay readable for ever: nothing is vacuumed.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from arro3.core import DataType, RecordBatch, RecordBatchReader, Table
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from sanyi.exchange.lake import codes, files, tables
from sanyi.kernel.refusals import RefusedError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PROPERTIES = {
    # Opening a table replays its log since the last checkpoint; measured with 70 commits: 62 ms without, 8 ms with one.
    "delta.checkpointInterval": "10",
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.appendOnly": "true",
}
# A wide table has a hundred columns, and the writer holds a dictionary and a page of each: small ones keep it small.
_WRITING = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    max_row_group_size=16_384,
    dictionary_page_size_limit=65_536,
    data_page_size_limit=131_072,
    write_batch_size=1024,
)
_ATTEMPTS = 12
_NEWEST: dict[str, int] = {}
"""表的地址到所知最新版本: a guess that is looked up before it is believed, since others write, too."""
_BATCH, _DIGEST, _ROWS, _PREFIX = "sanyi.batch_number", "sanyi.digest", "sanyi.written_rows", "sanyi."


class Contract(Protocol):
    """约定: what the lake needs to know of a table contract."""

    @property
    def name(self) -> str: ...
    @property
    def natural_key(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Commit:
    """提交: one version of a table, with the batch that made it."""

    version: int
    at: datetime
    operation: str
    batch_number: int | None
    digest: str
    metadata: Mapping[str, str]
    row_count: int


class Lake:
    """数据湖: the tables under one root, a folder or an address such as ``s3://bucket/lake``.

    ``storage_options`` are those of the object store (key, endpoint ...); they default to the environment.
    """

    def __init__(self, root: str | Path, storage_options: Mapping[str, str] | None = None) -> None:
        self.root = str(root).rstrip("/")
        self.storage_options = dict(storage_options) if storage_options else None
        self._histories: dict[tuple[str, int], tuple[Commit, ...]] = {}

    # writing

    def append(
        self,
        table: str,
        data: pl.DataFrame | Iterable[pl.DataFrame],
        *,
        batch_number: int,
        digest: str,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """追加: write a batch in one commit and return the version; a batch that is there already is not written again.

        ``data`` is a frame, or an iterable of frames of one schema that is consumed once and never held whole; pass a
        frame or a re-iterable (a list, an object with ``__iter__``) so that a lost race can be retried. Rows get
        ``_batch_number``. Refuses a changed digest, a changed column type and a bad table name.
        """
        for attempt in range(_ATTEMPTS):
            delta = self._open(table)
            found = self._written_version(table, delta, batch_number, digest)
            if found is not None:
                return found
            try:
                self._write(table, delta, data, batch_number, digest, metadata or {})
            except (CommitFailedError, DeltaError, FileExistsError) as error:
                if attempt + 1 == _ATTEMPTS or not _is_conflict(error):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2 ** min(attempt, 6)))  # noqa: S311 - waiting, not secrecy
        delta = self._open(table)
        found = self._written_version(table, delta, batch_number, digest)
        if found is None:
            raise RuntimeError(f"batch {batch_number} was committed to {table} but is not in its history")
        return found

    def compact(self, table: str) -> int:
        """合并小文件: rewrite many small files as few large ones; old versions stay readable. Returns the version."""
        delta = self._require(table)
        delta.optimize.compact()
        return delta.version()

    # reading

    def exists(self, table: str) -> bool:
        """是否存在: whether anything was ever written to the table."""
        return self.version(table) is not None

    def version(self, table: str) -> int | None:
        """当前版本: the newest version, None for a table that does not exist."""
        uri = self._uri(table)
        known = _NEWEST.get(uri)
        if known is not None and _is_newest(uri, known):
            return known
        delta = self._open(table)
        if delta is None:
            return None
        _NEWEST[uri] = delta.version()
        return delta.version()

    def scan(self, table: str, version: int | None = None, as_of: datetime | None = None) -> pl.LazyFrame:
        """读取: all rows ever written up to a version, or up to an instant; refuses what does not exist."""
        delta = self._require(table)
        wanted = self.version_as_of(table, as_of) if as_of is not None else version
        if wanted is not None and wanted != delta.version():
            if not 0 <= wanted <= delta.version():
                raise RefusedError(codes.VERSION_ABSENT(table=table, version=wanted, newest=delta.version()))
            delta = DeltaTable(self._uri(table), version=wanted, storage_options=self.storage_options)
        return pl.scan_delta(delta)

    def current(self, contract: Contract, version: int | None = None, as_of: datetime | None = None) -> pl.LazyFrame:
        """现行数据: of the rows that share a natural key only the one of the greatest batch number."""
        rows = self.scan(contract.name, version, as_of)
        key = list(contract.natural_key)
        newest = rows.group_by(key).agg(pl.col(tables.BATCH_NUMBER).max())
        return rows.join(newest, on=[*key, tables.BATCH_NUMBER], how="semi")

    def version_as_of(self, table: str, as_of: datetime) -> int:
        """某时版本: the last version committed at or before an aware instant; refuses one before the first."""
        if as_of.tzinfo is None:
            raise ValueError("as_of must carry its time zone")
        commits = self.history(table)
        known = [commit.version for commit in commits if commit.at <= as_of]
        if not known:
            raise RefusedError(
                codes.BEFORE_FIRST_VERSION(table=table, as_of=f"{as_of:%F %T}", first=f"{commits[0].at:%F %T}")
            )
        return max(known)

    def history(self, table: str) -> tuple[Commit, ...]:
        """历史: every commit in order of version; reads the log once per version (cost grows with the commits)."""
        delta = self._require(table)
        key = (table, delta.version())
        if key not in self._histories:
            commits = tuple(commit for commit in _commits(delta) if commit.version <= delta.version())
            self._histories = {kept: value for kept, value in self._histories.items() if kept[0] != table}
            self._histories[key] = commits
        return self._histories[key]

    def digest(self, table: str, version: int | None = None) -> str:
        """版本摘要: SHA-256 over the batches of a version; same batches, same digest, whatever files or order."""
        wanted = self._require(table).version() if version is None else version
        batches = sorted(
            (commit.batch_number, commit.digest)
            for commit in self.history(table)
            if commit.version <= wanted and commit.batch_number is not None
        )
        return hashlib.sha256("\n".join(f"{number}:{digest}" for number, digest in batches).encode()).hexdigest()

    def written(self, table: str, batch_number: int) -> Commit | None:
        """批次提交: the commit that wrote a batch, None when no commit did."""
        delta = self._open(table)
        if delta is None or delta.transaction_version(_application(batch_number)) is None:
            return None
        return next((commit for commit in _commits(delta) if commit.batch_number == batch_number), None)

    # inside

    def _uri(self, table: str) -> str:
        if not _NAME.fullmatch(table):
            raise RefusedError(codes.TABLE_NAME_WRONG(table=table))
        return f"{self.root}/{table}"

    def _open(self, table: str) -> DeltaTable | None:
        """The newest snapshot of a table, None when it does not exist; never shared between threads."""
        uri = self._uri(table)
        try:
            return DeltaTable(uri, storage_options=self.storage_options)
        except TableNotFoundError:
            return None

    def _require(self, table: str) -> DeltaTable:
        delta = self._open(table)
        if delta is None:
            raise RefusedError(codes.TABLE_ABSENT(table=table))
        return delta

    def _written_version(self, table: str, delta: DeltaTable | None, batch_number: int, digest: str) -> int | None:
        """The version that holds a batch, looked up in the very snapshot that a write would build on."""
        if delta is None or delta.transaction_version(_application(batch_number)) is None:
            return None
        newest = _commit(delta.version(), delta.history(1)[0])
        for commit in (newest,) if newest.batch_number == batch_number else _commits(delta):
            if commit.batch_number == batch_number:
                if commit.digest != digest:
                    raise RefusedError(codes.BATCH_DIGEST_CHANGED(table=table, batch_number=batch_number))
                return commit.version
        raise RuntimeError(f"batch {batch_number} of {table} is marked as written but has no commit")

    def _write(
        self,
        table: str,
        delta: DeltaTable | None,
        data: pl.DataFrame | Iterable[pl.DataFrame],
        batch_number: int,
        digest: str,
        metadata: Mapping[str, str],
    ) -> None:
        frames, schema = _frames(data, batch_number)
        own = {f"{_PREFIX}{name}": str(value) for name, value in metadata.items()}
        own |= {_BATCH: str(batch_number), _DIGEST: digest}
        widens = self._check_schema(table, delta, schema)
        if delta is None:
            self._make_folder(table)
        uri = self._uri(table)
        if not (isinstance(data, pl.DataFrame) or widens) and files.suits(uri, schema):
            columns = Schema.from_arrow(_compact(pl.DataFrame(schema=schema)).schema)
            file, rows = files.write(uri, frames, schema)
            properties = _properties(delta, batch_number, own | {_ROWS: str(rows)})
            files.commit(uri, delta, file, properties, _PROPERTIES, columns)
            return
        write_deltalake(
            delta if delta is not None else uri,
            next(frames) if isinstance(data, pl.DataFrame) else _reader(frames, schema),
            mode="append" if delta is not None else "error",
            schema_mode="merge" if widens else None,
            configuration=None if delta is not None else _PROPERTIES,
            storage_options=None if delta is not None else self.storage_options,
            writer_properties=_WRITING,
            commit_properties=_properties(delta, batch_number, own),
        )

    def _check_schema(self, table: str, delta: DeltaTable | None, schema: pl.Schema) -> bool:
        """Whether the batch brings new columns or leaves some out; refuses a column whose type changed."""
        if delta is None:
            return False
        kept = pl.scan_delta(delta).collect_schema()
        for column in schema.names():
            if column in kept and kept[column] != schema[column]:
                given = str(schema[column])
                raise RefusedError(
                    codes.COLUMN_TYPE_CHANGED(table=table, column=column, kept=str(kept[column]), given=given)
                )
        return set(schema.names()) != set(kept.names())

    def _make_folder(self, table: str) -> None:
        if "://" not in self.root:
            Path(self._uri(table)).mkdir(parents=True, exist_ok=True)


class _Chunks:
    """Frames as Arrow batches, made only while they are written."""

    def __init__(self, frames: Iterator[pl.DataFrame]) -> None:
        self._frames = frames

    def __iter__(self) -> Iterator[RecordBatch]:
        for frame in self._frames:
            yield from _compact(frame).to_batches()


def _frames(data: pl.DataFrame | Iterable[pl.DataFrame], batch_number: int) -> tuple[Iterator[pl.DataFrame], pl.Schema]:
    """The frames of a batch, each with its number, and their schema."""
    rest = iter([data] if isinstance(data, pl.DataFrame) else data)
    first = _numbered(next(rest), batch_number)
    return chain([first], (_numbered(frame, batch_number) for frame in rest)), first.schema


def _reader(frames: Iterator[pl.DataFrame], schema: pl.Schema) -> RecordBatchReader:
    return RecordBatchReader.from_batches(_compact(pl.DataFrame(schema=schema)).schema, _Chunks(frames))


def _properties(delta: DeltaTable | None, batch_number: int, own: dict[str, str]) -> CommitProperties:
    """What a commit says of itself, and how often it is tried again on top of others."""
    return CommitProperties(
        custom_metadata=own,
        app_transactions=[Transaction(_application(batch_number), 1)],
        # A first commit must not be rebased onto another first commit: that could write one batch twice.
        max_commit_retries=0 if delta is None else 50,
    )


def _compact(frame: pl.DataFrame) -> Table:
    """Texts in one piece each: as views they would hold on to all that was read with them while the batch lasts."""
    table = Table.from_arrow(frame)
    view, text = DataType.string_view(), DataType.utf8()
    columns = [column.cast(text) if column.type == view else column for column in table.columns]
    return Table.from_arrays(columns, names=table.column_names)


def _numbered(frame: pl.DataFrame, batch_number: int) -> pl.DataFrame:
    return frame.with_columns(pl.lit(batch_number, dtype=pl.Int64).alias(tables.BATCH_NUMBER))


def _application(batch_number: int) -> str:
    return f"sanyi.batch.{batch_number}"


def _is_conflict(error: Exception) -> bool:
    """Whether somebody else was quicker: then reading again and trying again helps."""
    text = str(error).lower()
    return isinstance(error, (CommitFailedError, FileExistsError)) or any(
        word in text for word in ("already exists", "conflict", "concurrent", "version 0")
    )


def _commits(delta: DeltaTable) -> list[Commit]:
    """All commits, oldest first.

    The log is never cleaned, so the oldest is version 0. (The library numbers them backwards from its snapshot, which
    is wrong as soon as somebody else has committed since.)
    """
    return [_commit(version, entry) for version, entry in enumerate(reversed(delta.history()))]


def _commit(version: int, entry: Mapping[str, Any]) -> Commit:
    number = entry.get(_BATCH)
    own = {name[len(_PREFIX) :]: str(value) for name, value in entry.items() if name.startswith(_PREFIX)}
    metrics = entry.get("operationMetrics") or {}
    return Commit(
        version=version,
        at=datetime.fromtimestamp(entry["timestamp"] / 1000, tz=UTC),
        operation=str(entry.get("operation", "")),
        batch_number=None if number is None else int(number),
        digest=str(entry.get(_DIGEST, "")),
        metadata=own,
        row_count=int(entry.get(_ROWS) or metrics.get("num_added_rows", 0)),
    )


def _is_newest(uri: str, version: int) -> bool:
    """Whether a version is there and the next one is not: two looks at a local folder instead of reading its log."""
    if "://" in uri:
        return False
    log = Path(uri, "_delta_log")
    return (log / f"{version:020}.json").exists() and not (log / f"{version + 1:020}.json").exists()


def lake() -> Lake:
    """本县数据湖: the lake of this installation (``LAKE_ROOT``); object stores take their keys from the environment."""
    from django.conf import settings

    return Lake(settings.LAKE_ROOT)
