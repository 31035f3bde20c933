"""EventBridge Scheduler: expressions and time zones that exist, groups that do, and updates of the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.scheduler.exceptions import ScheduleGroupNotFound
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, ScheduleGroup
from moto.scheduler.responses import EventBridgeSchedulerResponse

from sandbox.extensions.records import ApiError
from sandbox.extensions.registry import replaces
from sandbox.extensions.schedule_expressions import is_time_zone, problem_with

# EventBridge Scheduler API reference, RetryPolicy.
_RETRIES = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


@replaces(EventBridgeSchedulerBackend, "create_schedule")
def _create_schedule(
    original: Callable[..., Schedule], self: EventBridgeSchedulerBackend, **wish: Any
) -> Schedule:
    """A schedule names an expression, a time zone and a group that exist. moto takes any, or crashes."""
    _check(wish)
    if (wish["group_name"] or "default") not in self.schedule_groups:
        raise ScheduleGroupNotFound(wish["group_name"])
    return original(self, **wish)


@replaces(EventBridgeSchedulerResponse, "update_schedule")
def _update_schedule(original: Callable[[Any], str], self: EventBridgeSchedulerResponse) -> str:
    """UpdateSchedule says all that the schedule is to be; what it leaves out gets its default."""
    answer = original(self)
    schedule: Any = self.scheduler_backend.get_schedule(
        self._get_param("GroupName"), self.uri.partition("?")[0].rpartition("/")[2]
    )
    schedule.state = schedule.state or "ENABLED"
    schedule.action_after_completion = self._get_param("ActionAfterCompletion")
    return answer


@replaces(EventBridgeSchedulerBackend, "update_schedule")
def _check_update(
    original: Callable[..., Schedule], self: EventBridgeSchedulerBackend, **wish: Any
) -> Schedule:
    """An update is held to the same rules."""
    _check(wish)
    return original(self, **wish)


@replaces(Schedule, "to_dict")
def _show_defaults(
    original: Callable[..., dict[str, Any]], self: Schedule, short: bool = False
) -> dict[str, Any]:
    """A retry policy that says one of its two numbers has the default for the other."""
    shown = original(self, short)
    shown["ActionAfterCompletion"] = shown["ActionAfterCompletion"] or "NONE"
    if not short:
        shown["Target"] = {**shown["Target"], "RetryPolicy": _RETRIES | shown["Target"]["RetryPolicy"]}
    return shown


@replaces(EventBridgeSchedulerBackend, "create_schedule_group")
def _create_group_once(
    original: Callable[..., ScheduleGroup], self: EventBridgeSchedulerBackend, name: str, tags: Any
) -> ScheduleGroup:
    """A name that is taken is a conflict; moto empties the group that has it."""
    if name in self.schedule_groups:
        raise ApiError("ConflictException", f"Schedule group {name} already exists.")
    return original(self, name, tags)


@replaces(EventBridgeSchedulerBackend, "delete_schedule_group")
def _delete_known_group(
    original: Callable[..., None], self: EventBridgeSchedulerBackend, name: str | None
) -> None:
    """A group that is not there is said to be missing; moto crashes."""
    self.get_schedule_group(name)
    original(self, name)


def _check(wish: dict[str, Any]) -> None:
    expression, zone = wish["schedule_expression"], wish["schedule_expression_timezone"] or "UTC"
    if problem := problem_with(expression):
        raise ApiError("ValidationException", f"Invalid Schedule Expression {expression}: {problem}.")
    if not is_time_zone(zone):
        raise ApiError("ValidationException", f"Invalid Schedule Expression Timezone {zone}.")
    window = wish["flexible_time_window"] or {}
    if (window.get("Mode") == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise ApiError(
            "ValidationException",
            "MaximumWindowInMinutes goes with the FLEXIBLE time window, and only with it.",
        )
