"""The hook that ECS calls during a deployment. First version: it writes each call down and lets it pass.

ECS rolls back when the answer is missing or not understood, so a call that this code cannot read, or
cannot write down, is answered FAILED on purpose and with a reason in the log.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# How long the record of a release is kept: a year, and the weeks in which somebody asks about its start.
_RECORD_DAYS = 400
_DAY_SECONDS = 86_400
# A hook that waits holds up a release. Three tries of these take less than the function is given.
_CALL = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
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


# ECS calls these again when it rolls back, and names no stage for it: only the weights tell (ECS developer
# guide, "Lambda hooks for Amazon ECS service deployments").
_WEIGHTS_BY_STAGE_OF_ROLLBACK = {
    "TEST_TRAFFIC_SHIFT": "testTrafficWeights",
    "PRODUCTION_TRAFFIC_SHIFT": "productionTrafficWeights",
}


def handler(event: Any, context: Any) -> dict[str, str]:
    """Answer `{"hookStatus": "SUCCEEDED"}` at a known stage once the call is in the record of releases.

    FAILED for a call that is malformed, and for one that could not be written down; but never for a
    rollback, which must not be stopped for want of a record.
    """
    faults = find_faults(event)
    if faults:
        _log("hook_refused", faults=faults)
        return {"hookStatus": "FAILED"}
    details = event["executionDetails"]
    rolls_back = is_rollback(event)
    seen = {
        "execution_id": event["executionId"],
        "stage": event["lifecycleStage"],
        "deployment": event["resourceArn"],
        "service": details["serviceArn"],
        "target_revision": details["targetServiceRevisionArn"],
        "test_weights_percent": details.get("testTrafficWeights", {}),
        "production_weights_percent": details.get("productionTrafficWeights", {}),
        "rollback": rolls_back,
    }
    _log("hook_called", **seen)
    reason = _write_down(seen)
    if reason:
        _log("record_failed", execution_id=seen["execution_id"], stage=seen["stage"], reason=reason)
        if not rolls_back:
            return {"hookStatus": "FAILED"}
    return {"hookStatus": "SUCCEEDED"}


def is_rollback(event: Mapping[str, Any]) -> bool:
    """Whether ECS is taking a release back: its revision has nothing left, and another has it all."""
    key = _WEIGHTS_BY_STAGE_OF_ROLLBACK.get(event["lifecycleStage"])
    details = event["executionDetails"]
    weights = details.get(key, {}) if key else {}
    return 100 in weights.values() and weights.get(details["targetServiceRevisionArn"], 0) == 0


def record_of(seen: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A call as DynamoDB keeps it: one partition for each deployment, one record for each call.

    A call that comes twice has the same key. A rollback is a call of its own, whatever id it comes with.
    """
    call = "rollback" if seen["rollback"] else "hook"
    texts = {
        "pk": f"deployment#{seen['deployment']}",
        "sk": f"{call}#{seen['stage']}#{seen['execution_id']}",
        "recorded_at": now.isoformat(timespec="seconds"),
        "service": seen["service"],
        "stage": seen["stage"],
        "target_revision": seen["target_revision"],
        "test_weights_percent": json.dumps(seen["test_weights_percent"], sort_keys=True),
        "production_weights_percent": json.dumps(seen["production_weights_percent"], sort_keys=True),
    }
    expires_at = int(now.timestamp()) + _RECORD_DAYS * _DAY_SECONDS
    return {
        **{key: {"S": text} for key, text in texts.items()},
        "rollback": {"BOOL": seen["rollback"]},
        "expires_at": {"N": str(expires_at)},
    }


def _write_down(seen: Mapping[str, Any]) -> str | None:
    """Why the call could not be written down, in words; None when it is in the table, be it from before."""
    table = os.environ.get("RELEASE_TABLE")
    if not table:
        return "RELEASE_TABLE is not set; it must name the table of releases"
    try:
        boto3.client("dynamodb", config=_CALL).put_item(
            TableName=table,
            Item=record_of(seen, datetime.now(UTC)),
            ConditionExpression="attribute_not_exists(pk)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return None
        return f"{table}: {error}"
    except BotoCoreError as error:
        return f"{table}: {error}"
    return None


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
