from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def guardduty(client: Callable[[str], Any]) -> Any:
    return client("guardduty")


def features(guardduty: Any, detector_id: str) -> dict[str, Any]:
    """Status by feature, and by `feature/part`."""
    found = {}
    for feature in guardduty.get_detector(DetectorId=detector_id)["Features"]:
        found[feature["Name"]] = feature["Status"]
        for part in feature.get("AdditionalConfiguration", []):
            found[f"{feature['Name']}/{part['Name']}"] = part["Status"]
    return found


def test_a_region_has_one_detector(guardduty: Any) -> None:
    detector_id = guardduty.create_detector(Enable=True)["DetectorId"]
    with pytest.raises(ClientError, match="already exists"):
        guardduty.create_detector(Enable=True)
    guardduty.delete_detector(DetectorId=detector_id)
    with pytest.raises(ClientError, match="not owned"):
        guardduty.delete_detector(DetectorId=detector_id)


def test_a_detector_begins_with_all_features(guardduty: Any) -> None:
    told = [{"Name": "EBS_MALWARE_PROTECTION", "Status": "DISABLED"}]
    detector_id = guardduty.create_detector(Enable=True, Features=told)["DetectorId"]
    shown = features(guardduty, detector_id)
    assert shown["S3_DATA_EVENTS"] == "ENABLED"
    assert shown["EBS_MALWARE_PROTECTION"] == "DISABLED"
    assert shown["RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT"] == "DISABLED"


def test_an_update_leaves_the_features_that_it_does_not_name(guardduty: Any) -> None:
    off = [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]
    detector_id = guardduty.create_detector(Enable=True, Features=off)["DetectorId"]
    before = features(guardduty, detector_id)
    part = {"Name": "ECS_FARGATE_AGENT_MANAGEMENT", "Status": "ENABLED"}
    told = {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": [part]}
    guardduty.update_detector(DetectorId=detector_id, Features=[told])
    changed = {"RUNTIME_MONITORING", "RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT"}
    assert features(guardduty, detector_id) == before | dict.fromkeys(changed, "ENABLED")


def test_a_detector_has_tags(guardduty: Any) -> None:
    detector_id = guardduty.create_detector(Enable=True, Tags={"a": "b"})["DetectorId"]
    arn = f"arn:aws:guardduty:eu-west-1:111111111111:detector/{detector_id}"
    guardduty.tag_resource(ResourceArn=arn, Tags={"c": "d"})
    assert guardduty.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "b", "c": "d"}
    guardduty.untag_resource(ResourceArn=arn, TagKeys=["a", "c"])
    assert guardduty.list_tags_for_resource(ResourceArn=arn)["Tags"] == {}
