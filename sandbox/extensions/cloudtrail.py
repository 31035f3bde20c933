"""CloudTrail: trails by name and ARN, what they select, and a bucket that they may write to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError
from moto.s3.models import s3_backends

from sandbox.extensions.registry import replaces

# API reference of CloudTrail, PutEventSelectors: what a trail selects that nobody has told anything.
_ALL_MANAGEMENT_EVENTS = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


@replaces(CloudTrailResponse, "describe_trails")
def _filter_by_name(original: Callable[[Any], str], self: CloudTrailResponse) -> str:
    """DescribeTrails returns the trails in trailNameList, by name or ARN."""
    answer = json.loads(original(self))
    wanted = self._get_param("trailNameList")
    if wanted:
        answer["trailList"] = [
            trail for trail in answer["trailList"] if trail["Name"] in wanted or trail["TrailARN"] in wanted
        ]
    return json.dumps(answer)


@replaces(CloudTrailBackend, "create_trail")
def _refuse_what_cannot_log(
    original: Callable[..., Trail], self: CloudTrailBackend, name: str, bucket_name: str, *args: Any
) -> Trail:
    """A name is taken once, and the bucket's policy must let CloudTrail write: neither is checked by moto."""
    if name in self.trails:
        raise JsonRESTError(
            "TrailAlreadyExistsException", f"Trail {name} already exists for customer: {self.account_id}"
        )
    trail = original(self, name, bucket_name, *args)
    if not _may_write(self, bucket_name):
        del self.trails[name]
        raise JsonRESTError(
            "InsufficientS3BucketPolicyException",
            f"Incorrect S3 bucket policy is detected for bucket: {bucket_name}",
        )
    return trail


@replaces(CloudTrailBackend, "delete_trail")
def _delete_by_arn(original: Callable[..., None], self: CloudTrailBackend, name: str) -> None:
    """DeleteTrail takes an ARN too, and tells when there is no such trail."""
    original(self, self.get_trail(name).trail_name)


@replaces(Trail, "put_event_selectors")
def _select_one_way(
    original: Callable[..., None],
    self: Trail,
    event_selectors: list[dict[str, Any]] | None,
    advanced_event_selectors: list[dict[str, Any]] | None,
) -> None:
    """A trail has basic selectors or advanced ones: those of one kind take the place of the others."""
    del original
    self.event_selectors = event_selectors or []
    self.advanced_event_selectors = advanced_event_selectors or []


@replaces(Trail, "get_event_selectors")
def _select_all_management_events(original: Callable[..., Any], self: Trail) -> Any:
    """A trail that nobody told anything selects all management events."""
    basic, advanced = original(self)
    return basic or ([] if advanced else [_ALL_MANAGEMENT_EVENTS]), advanced


@replaces(Trail, "put_insight_selectors")
def _replace_insight_selectors(
    original: Callable[..., None], self: Trail, insight_selectors: list[dict[str, str]]
) -> None:
    """PutInsightSelectors says all of them; moto adds to those that are there."""
    del original
    self.insight_selectors = insight_selectors


@replaces(CloudTrailBackend, "get_insight_selectors")
def _refuse_without_insights(original: Callable[..., Any], self: CloudTrailBackend, trail_name: str) -> Any:
    """A trail without insights has no selectors to show."""
    arn, selectors = original(self, trail_name)
    if not selectors:
        raise JsonRESTError("InsightNotEnabledException", f"Trail {arn} does not have Insights enabled.")
    return arn, selectors


@replaces(Trail, "description")
def _describe(
    original: Callable[..., dict[str, Any]], self: Trail, include_region: bool = False
) -> dict[str, Any]:
    """Trails say whether they select anything of their own, and leave out what was taken away."""
    described = original(self, include_region) | {
        "HasCustomEventSelectors": bool(self.event_selectors or self.advanced_event_selectors),
        "HasInsightSelectors": bool(self.insight_selectors),
    }
    return {name: value for name, value in described.items() if value not in ("", None)}


def _may_write(backend: CloudTrailBackend, bucket_name: str) -> bool:
    """Whether the bucket's policy has CloudTrail look at the bucket and put objects there."""
    policy = s3_backends[backend.account_id][backend.partition].get_bucket(bucket_name).policy
    allowed: set[str] = set()
    for statement in json.loads(policy or '{"Statement": []}')["Statement"]:
        principal = statement.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement["Effect"] == "Allow" and "cloudtrail.amazonaws.com" in _listed(services):
            allowed.update(_listed(statement["Action"]))
    return {"s3:GetBucketAcl", "s3:PutObject"} <= allowed or bool({"s3:*", "*"} & allowed)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
