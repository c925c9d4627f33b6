"""轮流应答: in one process one request is worked on at a time, in the order of arrival.

Threads of one interpreter share one processor. Side by side, each call of the database hands the processor over and
gets it back milliseconds later, and the write lock of the audit trail is held all that while. One after another, an
answer takes what it takes. Nobody waits long for a slow request: after a moment the next one goes on beside it.

The system hands connections to processes by chance, and they stay: of ten readers all ten may have come to the same
one. Whoever finds a crowd waiting is answered and asked to connect again, until the processes share the readers.
"""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PATIENCE_SECONDS = 0.15
CROWD_COUNT = 5  # so many before oneself: more than one's share of ten readers in two processes


class Turns:
    """轮次: handed on from one to the next, first come first served."""

    def __init__(self) -> None:
        self._guard, self._waiting, self._is_taken = Lock(), deque[Lock](), False

    @property
    def before_count(self) -> int:
        """前面的人数: who is being answered and who waits."""
        return len(self._waiting) + self._is_taken

    def take(self, patience_seconds: float) -> bool:
        """取得轮次: True when it is one's own, False when it did not come in time."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            ticket = Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        if ticket.acquire(timeout=patience_seconds):
            return True
        with self._guard:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return False
        return True  # it was handed over in the very moment that patience ended

    def hand_on(self) -> None:
        """交出轮次: to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


def in_turn(application: Application, patience_seconds: float = PATIENCE_SECONDS) -> Application:
    """轮流: the application, one request at a time; what is sent piece by piece afterwards is outside the turn."""
    turns = Turns()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_crowded = turns.before_count >= CROWD_COUNT
        has_turn = turns.take(patience_seconds)
        try:
            return application(environ, _parting(start_response) if is_crowded else start_response)
        finally:
            if has_turn:
                turns.hand_on()

    return answer


def _parting(start_response: Callable[..., Any]) -> Callable[..., Any]:
    """The answer, after which the connection ends."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("Connection", "close")], *rest)

    return start
