"""The hook that ECS calls during a deployment. First version: it reads the call, logs it and lets it pass.

ECS rolls back when the answer is missing or not understood, so a call that this code cannot read is
answered FAILED on purpose and with a reason in the log.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

# The stages that a lifecycle hook can name (ECS API, DeploymentLifecycleHookStage).
STAGES = (
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
)


def handler(event: Any, context: Any) -> dict[str, str]:
    """Answer `{"hookStatus": "SUCCEEDED"}` at a known stage, and FAILED for a call that is malformed."""
    faults = find_faults(event)
    if faults:
        _log("hook_refused", faults=faults)
        return {"hookStatus": "FAILED"}
    details = event["executionDetails"]
    _log(
        "hook_called",
        execution_id=event["executionId"],
        stage=event["lifecycleStage"],
        deployment=event["resourceArn"],
        service=details["serviceArn"],
        target_revision=details["targetServiceRevisionArn"],
        test_weights_percent=details.get("testTrafficWeights", {}),
        production_weights_percent=details.get("productionTrafficWeights", {}),
    )
    return {"hookStatus": "SUCCEEDED"}


def find_faults(event: Any) -> list[str]:
    """All that is wrong with a call, in words; nothing when it is one that ECS makes."""
    if not isinstance(event, Mapping):
        return [f"the event is a {type(event).__name__}, not an object"]
    faults = [_text(event, key) for key in ("executionId", "lifecycleStage", "resourceArn")]
    stage = event.get("lifecycleStage")
    if isinstance(stage, str) and stage not in STAGES:
        faults.append(f"lifecycleStage {stage!r} is none of {', '.join(STAGES)}")
    if not isinstance(event.get("hookDetails") or {}, Mapping):
        faults.append("hookDetails is not an object")
    details = event.get("executionDetails")
    if not isinstance(details, Mapping):
        return [*filter(None, faults), "executionDetails is missing or not an object"]
    faults += [_text(details, key) for key in ("serviceArn", "targetServiceRevisionArn")]
    faults += [_weights(details, key) for key in ("testTrafficWeights", "productionTrafficWeights")]
    return [*filter(None, faults)]


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    return None if isinstance(value, str) and value else f"{key} is missing or not a text"


def _weights(details: Mapping[str, Any], key: str) -> str | None:
    weights = details.get(key, {})
    if not isinstance(weights, Mapping):
        return f"{key} is not an object"
    for weight in weights.values():
        # bool is a number to Python, and not a weight; NaN fails the comparison.
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 100:
            return f"{key} holds a weight that is not a number from 0 to 100"
    return None


def _log(event: str, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()
