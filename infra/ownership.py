"""What the program makes once and then leaves to somebody else.

A component names such a property in `ignore_changes`; here stands who owns it from then on, and why. A
drift report lists these apart, since a change of theirs is work done and not a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Owner:
    """Who changes a property once it is made, and what for."""

    name: str
    reason: str


_OPERATORS = Owner(
    "operators",
    "whoever is on call changes the values of the flags (docs/decisions/0006-who-owns-the-flag-values.md)",
)
OWNERS: Mapping[tuple[str, str], Owner] = {
    ("aws:lb/listenerRule:ListenerRule", "actions"): Owner(
        "release",
        "ECS shifts traffic between the target groups (docs/decisions/0001-who-owns-the-weights.md)",
    ),
    ("aws:ecs/service:Service", "desiredCount"): Owner(
        "autoscaling", "Application Auto Scaling follows the load"
    ),
    ("aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion", "content"): _OPERATORS,
    **{
        ("aws:appconfig/deployment:Deployment", name): _OPERATORS
        for name in ("configurationVersion", "deploymentStrategyId", "description", "kmsKeyIdentifier")
    },
}
