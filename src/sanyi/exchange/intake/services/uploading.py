"""上传限度: a file that is announced as too large is not written to the disk at all."""

from __future__ import annotations

from typing import IO, Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils import timezone

from sanyi.exchange.intake.services import terms

_FORM_BYTES = 1 << 20
"""What the other fields of a form may add to the announced length."""


class LimitedUpload(FileUploadHandler):
    """限制上传: stands before Django's own handlers; the view then finds no file and says why."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """看长度: the length of the whole form, as announced."""
        self.is_too_large = content_length > terms.limits(timezone.localdate()).file_bytes + _FORM_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """新文件: skipped where the form is too large."""
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """一段内容: handed on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """文件结束: the next handler makes the file."""
