"""轮流应答: one request of a process at a time, in the order of arrival, and nobody waits for a slow one for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from sanyi.web.turns import CROWD_COUNT, Turns, in_turn

LONG = 30.0


def started(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to this"
        time.sleep(0.001)


def test_turns_go_to_whoever_has_waited_longest() -> None:
    turns, order = Turns(), []
    assert turns.take(LONG)

    def wait(name: int) -> None:
        assert turns.take(LONG)
        order.append(name)
        turns.hand_on()

    threads = []
    for name in range(5):
        threads.append(started(lambda name=name: wait(name)))
        until(lambda name=name: len(turns._waiting) == name + 1)
    turns.hand_on()
    for thread in threads:
        thread.join(LONG)
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0), "whoever comes when all have gone has the turn at once"


def test_only_one_is_worked_on_at_a_time() -> None:
    inside, most, answers = [], [], []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        inside.pop()
        return [b"done"]

    answer = in_turn(application, LONG)
    threads = [started(lambda: answers.append(answer({}, print))) for _ in range(8)]
    for thread in threads:
        thread.join(LONG)
    assert answers == [[b"done"]] * 8
    assert max(most) == 1


def test_a_slow_request_keeps_nobody_waiting_for_long() -> None:
    may_end, is_inside = threading.Event(), threading.Event()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["slow"]:
            is_inside.set()
            assert may_end.wait(LONG)
        return [b"done"]

    answer = in_turn(application, 0.01)
    slow = started(lambda: answer({"slow": True}, print))
    assert is_inside.wait(LONG)
    assert [answer({"slow": False}, print) for _ in range(3)] == [[b"done"]] * 3
    may_end.set()
    slow.join(LONG)
    assert answer({"slow": False}, print) == [b"done"]


def test_patience_that_ends_leaves_no_place_in_the_row() -> None:
    turns = Turns()
    assert turns.take(LONG)
    assert not turns.take(0.001)
    assert not turns._waiting
    turns.hand_on()
    assert turns.take(0)


def test_whoever_finds_a_crowd_is_asked_to_connect_again() -> None:
    may_go_on, parted = threading.Event(), {}

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        assert may_go_on.wait(LONG)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]

    def ask(place: int) -> None:
        def start_response(_status: str, headers: list[tuple[str, str]]) -> None:
            parted[place] = ("Connection", "close") in headers

        answer({"place": place}, start_response)

    answer, threads = in_turn(application, LONG), []
    for place in range(CROWD_COUNT + 2):
        threads.append(started(lambda place=place: ask(place)))
        until(lambda count=place + 1: before_count(answer) == count)
    may_go_on.set()
    for thread in threads:
        thread.join(LONG)
    assert parted == {place: place >= CROWD_COUNT for place in range(CROWD_COUNT + 2)}


def before_count(answer: Callable[..., Any]) -> int:
    """How many are inside an application that answers in turn."""
    names = answer.__code__.co_freevars
    turns: Turns = (answer.__closure__ or ())[names.index("turns")].cell_contents
    return turns.before_count


def test_a_fault_hands_the_turn_on() -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["fails"]:
            raise LookupError("broken")
        return [b"done"]

    answer = in_turn(application, LONG)
    with pytest.raises(LookupError, match="broken"):
        answer({"fails": True}, print)
    assert answer({"fails": False}, print) == [b"done"]


def test_the_server_answers_in_turn() -> None:
    from sanyi.web import wsgi

    assert wsgi.application.__qualname__.startswith("in_turn.")
