"""Application Auto Scaling: scheduled actions of targets that exist, at times that exist."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

from sandbox.extensions.records import ApiError
from sandbox.extensions.registry import replaces
from sandbox.extensions.schedule_expressions import is_time_zone, problem_with


@replaces(ApplicationAutoscalingBackend, "put_scheduled_action")
def _put_action(original: Callable[..., None], self: ApplicationAutoscalingBackend, **wish: Any) -> None:
    """A scheduled action has a target, an expression and a time zone that exist; moto asks for none."""
    dimension, resource_id = wish["scalable_dimension"], wish["resource_id"]
    if resource_id not in self.targets.get(dimension, {}):
        raise ApiError(
            "ObjectNotFoundException",
            f"No scalable target registered for namespace: {wish['service_namespace']}, "
            f"resource ID: {resource_id}, scalable dimension: {dimension}",
        )
    if wish["schedule"] and (problem := problem_with(wish["schedule"])):
        raise AWSValidationException(f"Invalid schedule expression {wish['schedule']}: {problem}")
    if wish["timezone"] and not is_time_zone(wish["timezone"]):
        raise AWSValidationException(f"Invalid time zone {wish['timezone']}")
    original(self, **wish)


@replaces(ApplicationAutoscalingBackend, "delete_scheduled_action")
def _delete_action(original: Callable[..., None], self: ApplicationAutoscalingBackend, **wish: Any) -> None:
    """A scheduled action that is not there is an ObjectNotFoundException."""
    before = len(self.scheduled_actions)
    with suppress(AWSValidationException):
        original(self, **wish)
    if len(self.scheduled_actions) == before:
        raise ApiError("ObjectNotFoundException", f"No scheduled action {wish['scheduled_action_name']}")


@replaces(ApplicationAutoscalingBackend, "deregister_scalable_target")
def _deregister(
    original: Callable[..., None],
    self: ApplicationAutoscalingBackend,
    namespace: str,
    r_id: str,
    dimension: str,
) -> None:
    """A target goes with its scheduled actions."""
    original(self, namespace, r_id, dimension)
    self.scheduled_actions[:] = [
        action
        for action in self.scheduled_actions
        if (action.resource_id, action.scalable_dimension) != (r_id, dimension)
    ]
