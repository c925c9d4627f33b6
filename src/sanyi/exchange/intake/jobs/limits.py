"""限度: what a file may have at most (the values are policy), and giving back the memory it took."""

from __future__ import annotations

import ctypes
import gc
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """文件限度: sizes in bytes, counts, and how many times its size an archive may unpack to."""

    file_bytes: int
    unpacked_bytes: int
    unpacked_ratio: int
    rows: int
    columns: int
    cell_characters: int
    message_bytes: int


def size_text(count_bytes: int) -> str:
    """大小: in the largest unit that keeps it above one, ``1.5 GB``."""
    size, unit = float(count_bytes), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1024:  # noqa: PLR2004 - bytes of a kilobyte
            break
        size, unit = size / 1024, larger
    return f"{size:.0f} {unit}" if size >= 100 or unit == "B" else f"{size:.1f} {unit}"  # noqa: PLR2004 - two digits


def give_back() -> None:
    """归还内存: what a large file has used goes back to the system before the next step of the same process."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # another C library: it keeps its own ways
        return
