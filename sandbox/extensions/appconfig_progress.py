"""How far an AppConfig deployment is: it grows by its strategy, bakes, and is complete, by the clock.

Nothing watches an environment's alarms yet; a deployment goes back only when it is stopped. `share_percent`
says how much of the clients would get the new configuration, for whoever comes to hand it out.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from moto.core.utils import utcnow

from sandbox.extensions.records import Record

IN_PROGRESS = frozenset({"DEPLOYING", "BAKING"})
"""The states of a deployment that has not ended."""


def deployments_of(found: Record) -> list[dict[str, Any]]:
    """The deployments of an environment as they are now, the oldest first."""
    kept: list[dict[str, Any]] = vars(found).setdefault("deployments", [])
    for deployment in kept:
        _advance(deployment)
    is_going = any(deployment["State"] in IN_PROGRESS for deployment in kept)
    if kept and kept[-1]["State"] in IN_PROGRESS | {"COMPLETE"}:
        found.shown["State"] = "DEPLOYING" if is_going else "READY_FOR_DEPLOYMENT"
    return kept


def share_percent(deployment: dict[str, Any], elapsed_minutes: float) -> float:
    """How many percent of the clients get the configuration, so many minutes after the start.

    AppConfig user guide, "Working with deployment strategies": in equal steps, or doubled at each.
    """
    growth, duration = deployment["GrowthFactor"], deployment["DeploymentDurationInMinutes"]
    if elapsed_minutes >= duration:
        return 100.0
    is_linear = deployment["GrowthType"] == "LINEAR"
    steps = math.ceil(100 / growth) if is_linear else math.ceil(math.log2(100 / growth)) or 1
    step = int(elapsed_minutes / (duration / steps))
    return float(min(100.0, growth * (step + 1) if is_linear else growth * 2**step))


def _advance(deployment: dict[str, Any]) -> None:
    """Bring a deployment to what the clock says."""
    if deployment["State"] not in IN_PROGRESS:
        return
    elapsed_minutes = (utcnow() - deployment["StartedAt"]).total_seconds() / 60
    grown, baked = deployment["DeploymentDurationInMinutes"], deployment["FinalBakeTimeInMinutes"]
    deployment["PercentageComplete"] = share_percent(deployment, elapsed_minutes)
    if elapsed_minutes < grown:
        return
    log_event(deployment, "BAKE_TIME_STARTED", deployment["StartedAt"] + timedelta(minutes=grown))
    deployment["State"] = "BAKING"
    if elapsed_minutes >= grown + baked:
        ended = deployment["StartedAt"] + timedelta(minutes=grown + baked)
        log_event(deployment, "DEPLOYMENT_COMPLETED", ended)
        deployment |= {"State": "COMPLETE", "CompletedAt": ended}


def log_event(deployment: dict[str, Any], event: str, at: datetime, by: str = "APPCONFIG") -> None:
    """Write down that something happened to a deployment; `by` is whoever brought it about."""
    if all(known["EventType"] != event for known in deployment["EventLog"]):
        # AppConfig shows the newest event first
        deployment["EventLog"].insert(0, {"EventType": event, "TriggeredBy": by, "OccurredAt": at})
