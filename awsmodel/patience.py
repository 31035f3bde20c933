"""Waiting for AWS, which has no event for most of what one waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from awsmodel.errors import ModelError


class LateError(ModelError):
    """What was waited for did not happen before the deadline."""


class CancelledError(ModelError):
    """The wait was cancelled."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait: a deadline on the monotonic clock, in seconds, and a way to stop earlier."""

    deadline: float
    cancelled: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, seconds: float, cancelled: threading.Event | None = None) -> Patience:
        return cls(deadline=time.monotonic() + seconds, cancelled=cancelled or threading.Event())

    def until(self, done: Callable[[], bool], *, what: str) -> None:
        """Asks at once, then from 0.1 to 5 seconds apart, and a last time at the deadline.

        Raises LateError after the deadline, and CancelledError as soon as the wait is cancelled.
        """
        pause_seconds = 0.1
        while not done():
            left_seconds = self.deadline - time.monotonic()
            if left_seconds <= 0:
                raise LateError(f"{what} did not happen in time; a longer customTimeouts waits longer")
            if self.cancelled.wait(min(pause_seconds, left_seconds)):
                raise CancelledError(f"cancelled while waiting for {what}")
            pause_seconds = min(pause_seconds * 1.6, 5)
