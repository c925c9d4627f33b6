"""内存: the allocators give back what a finished step has freed, so that large files do not add up in a process."""

import ctypes
import os

_ARENA_MAX = -8  # M_ARENA_MAX of glibc


def spare() -> None:
    """节省内存: for this process and those it starts; call it before the table engine is loaded.

    The table engine's own allocator reads its settings when it is loaded; the C library's is told directly.
    """
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0,narenas:2")
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    try:
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
    except (AttributeError, OSError, TypeError):  # another C library: it keeps its own ways
        return
