"""SQS: attributes that moto loses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from sandbox.extensions.registry import replaces


@replaces(Queue, "_set_attributes")
def _keep_policy(
    original: Callable[..., None], self: Any, attributes: dict[str, Any], now: float | None = None
) -> None:
    """Who sets another attribute leaves the policy as it is; moto removes it."""
    policy = getattr(self, "_policy_json", None)
    original(self, attributes, now)
    if "Policy" not in attributes and policy is not None:
        self._policy_json = policy


@replaces(SQSBackend, "get_queue_attributes")
def _return_all(
    original: Callable[..., dict[str, Any]], self: Any, queue_name: str, attribute_names: list[str]
) -> dict[str, Any]:
    """A queue shows who may use it as a dead-letter queue, and one kind of encryption at a time."""
    known = [name for name in attribute_names if name != "RedriveAllowPolicy"]
    attributes = original(self, queue_name, known)
    allowed = getattr(self.get_queue(queue_name), "redrive_allow_policy", None)
    if allowed and (known != attribute_names or "All" in attribute_names):
        attributes["RedriveAllowPolicy"] = allowed
    if attributes.get("KmsMasterKeyId") and "SqsManagedSseEnabled" in attributes:
        attributes["SqsManagedSseEnabled"] = "false"
    return attributes
