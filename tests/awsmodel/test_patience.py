"""Waiting: at once, not too often, not past the deadline, and not after a cancel."""

from __future__ import annotations

import threading

import pytest

from awsmodel import patience
from awsmodel.patience import CancelledError, LateError, Patience


class Clock(threading.Event):
    """Time that passes only while somebody waits; `pauses` are the waits, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.pauses.append(timeout)
        self.now += timeout
        return self.is_set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def test_what_is_done_at_once_is_not_waited_for(clock: Clock) -> None:
    Patience.of(0, clock).until(lambda: True, what="it")
    assert clock.pauses == []


def test_the_pauses_grow_to_five_seconds(clock: Clock) -> None:
    Patience.of(600, clock).until(lambda: clock.now > 1300, what="it")
    assert clock.pauses[0] == 0.1
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[-1] == 5


def test_the_last_question_is_asked_at_the_deadline_and_not_after_it(clock: Clock) -> None:
    asked = []

    def never() -> bool:
        asked.append(clock.now)
        return False

    with pytest.raises(LateError, match="it did not happen in time; a longer customTimeouts"):
        Patience.of(7, clock).until(never, what="it")
    assert asked[-1] == pytest.approx(1007)


def test_what_happens_between_the_last_pause_and_the_deadline_counts(clock: Clock) -> None:
    Patience.of(7, clock).until(lambda: clock.now >= 1007, what="it")


def test_a_cancel_ends_the_wait_it_comes_in(clock: Clock) -> None:
    clock.set()
    with pytest.raises(CancelledError, match="cancelled while waiting for it"):
        Patience.of(600, clock).until(lambda: False, what="it")
    assert len(clock.pauses) == 1


def test_what_is_done_is_done_although_it_was_cancelled(clock: Clock) -> None:
    clock.set()
    Patience.of(600, clock).until(lambda: True, what="it")
