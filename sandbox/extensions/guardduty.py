"""GuardDuty: one detector a region, its tags, and all of its features."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.guardduty.exceptions import DetectorNotFoundException
from moto.guardduty.models import Detector, GuardDutyBackend
from moto.guardduty.responses import GuardDutyResponse
from moto.guardduty.urls import url_paths

from sandbox.extensions.registry import adds, replaces

url_paths["{0}/tags/(?P<resource_arn>.+)$"] = GuardDutyResponse.dispatch

# GuardDuty user guide, "GuardDuty features": what a detector that is made by the API has on, and their parts.
_ON = (
    "CLOUD_TRAIL",
    "DNS_LOGS",
    "FLOW_LOGS",
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
)
_PARTS_BY_FEATURE_OFF = {
    "EKS_RUNTIME_MONITORING": ("EKS_ADDON_MANAGEMENT",),
    "RUNTIME_MONITORING": (
        "EKS_ADDON_MANAGEMENT",
        "ECS_FARGATE_AGENT_MANAGEMENT",
        "EC2_AGENT_MANAGEMENT",
    ),
}


@replaces(GuardDutyBackend, "create_detector")
def _refuse_second(original: Callable[..., str], self: GuardDutyBackend, *args: Any, **kwargs: Any) -> str:
    """A region has one detector."""
    if self.detectors:
        raise _Refused("a detector already exists for the current account.")
    return original(self, *args, **kwargs)


@replaces(GuardDutyBackend, "delete_detector")
def _refuse_missing(original: Callable[..., None], self: GuardDutyBackend, detector_id: str) -> None:
    """What is not there cannot be deleted."""
    self.get_detector(detector_id)
    original(self, detector_id)


@replaces(Detector, "__init__")
def _begin_with_all_features(
    original: Callable[..., None], self: Detector, *args: Any, **kwargs: Any
) -> None:
    """A detector has each feature, most of them on, but for what it is told."""
    original(self, *args, **kwargs)
    told = self.features
    self.features = [{"name": name, "status": "ENABLED"} for name in _ON]
    for name, parts in _PARTS_BY_FEATURE_OFF.items():
        off = [{"name": part, "status": "DISABLED"} for part in parts]
        self.features.append({"name": name, "status": "DISABLED", "additionalConfiguration": off})
    _tell(self, told)


@replaces(Detector, "update")
def _change_features_told(
    original: Callable[..., None],
    self: Detector,
    enable: bool,
    finding_publishing_frequency: str,
    data_sources: dict[str, Any],
    features: list[dict[str, Any]] | None,
) -> None:
    """UpdateDetector changes the features that it names; moto forgets all others."""
    original(self, enable, finding_publishing_frequency, data_sources, None)
    _tell(self, features or [])


@adds(GuardDutyResponse, "tag_resource")
def _tag(self: GuardDutyResponse) -> str:
    """TagResource, of a detector."""
    _tags(self).update(self._get_param("tags"))
    return "{}"


@adds(GuardDutyResponse, "untag_resource")
def _untag(self: GuardDutyResponse) -> str:
    """UntagResource, of a detector."""
    for key in self.querystring["tagKeys"]:
        _tags(self).pop(key, None)
    return "{}"


@adds(GuardDutyResponse, "list_tags_for_resource")
def _list_tags(self: GuardDutyResponse) -> str:
    """ListTagsForResource, of a detector."""
    return json.dumps({"tags": _tags(self)})


class _Refused(DetectorNotFoundException):
    def __init__(self, reason: str) -> None:
        JsonRESTError.__init__(self, "InvalidInputException", f"The request is rejected because {reason}")


def _tags(response: GuardDutyResponse) -> dict[str, str]:
    return response.guardduty_backend.get_detector(unquote(response.path).rpartition("/")[2]).tags


def _tell(detector: Detector, told: list[dict[str, Any]]) -> None:
    """Change the features, and the parts of them, that are told; the others stay."""
    for feature in told:
        kept = _named(detector.features, feature)
        kept["status"] = feature["status"]
        for part in feature.get("additionalConfiguration") or ():
            _named(kept.setdefault("additionalConfiguration", []), part)["status"] = part["status"]


def _named(entries: list[dict[str, Any]], told: dict[str, Any]) -> dict[str, Any]:
    found = next((entry for entry in entries if entry["name"] == told["name"]), None)
    if found is None:
        found = {"name": told["name"]}
        entries.append(found)
    return found
