from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ADVANCED = {
    "Name": "objects",
    "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ],
}
BASIC: dict[str, Any] = {
    "ReadWriteType": "WriteOnly",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def make_bucket(client: Callable[[str], Any], *actions: str) -> None:
    """A bucket named `trails`, in which CloudTrail may do these actions."""
    s3 = client("s3")
    s3.create_bucket(Bucket="trails", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": actions,
        "Resource": "arn:aws:s3:::trails/*",
    }
    if actions:
        s3.put_bucket_policy(Bucket="trails", Policy=json.dumps({"Statement": [statement]}))


def make_trail(client: Callable[[str], Any], name: str = "trail", **changes: Any) -> Any:
    return client("cloudtrail").create_trail(Name=name, S3BucketName="trails", **changes)["TrailARN"]


@pytest.fixture
def bucket(client: Callable[[str], Any]) -> None:
    make_bucket(client, "s3:GetBucketAcl", "s3:PutObject")


def test_trails_are_found_by_name(client: Callable[[str], Any], bucket: None) -> None:
    make_trail(client, "one")
    arn = make_trail(client, "two")
    for wanted in ("two", arn):
        trails = client("cloudtrail").describe_trails(trailNameList=[wanted])["trailList"]
        assert [trail["Name"] for trail in trails] == ["two"]


@pytest.mark.parametrize("actions", [[], ["s3:PutObject"]], ids=["none", "half"])
def test_a_bucket_that_cloudtrail_may_not_write_to_is_refused(
    client: Callable[[str], Any], actions: list[str]
) -> None:
    make_bucket(client, *actions)
    with pytest.raises(ClientError, match="InsufficientS3BucketPolicyException"):
        make_trail(client)
    assert client("cloudtrail").describe_trails()["trailList"] == []


def test_a_trail_is_made_once(client: Callable[[str], Any], bucket: None) -> None:
    make_trail(client)
    with pytest.raises(ClientError, match="TrailAlreadyExistsException"):
        make_trail(client)


def test_a_trail_is_deleted_by_its_arn(client: Callable[[str], Any], bucket: None) -> None:
    cloudtrail, arn = client("cloudtrail"), make_trail(client)
    cloudtrail.delete_trail(Name=arn)
    assert cloudtrail.describe_trails()["trailList"] == []
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        cloudtrail.delete_trail(Name=arn)


def test_a_new_trail_selects_all_management_events(client: Callable[[str], Any], bucket: None) -> None:
    cloudtrail, arn = client("cloudtrail"), make_trail(client)
    [selector] = cloudtrail.get_event_selectors(TrailName=arn)["EventSelectors"]
    assert (selector["ReadWriteType"], selector["IncludeManagementEvents"]) == ("All", True)
    with pytest.raises(ClientError, match="InsightNotEnabledException"):
        cloudtrail.get_insight_selectors(TrailName=arn)


def test_selectors_of_one_kind_take_the_place_of_the_other(
    client: Callable[[str], Any], bucket: None
) -> None:
    cloudtrail, arn = client("cloudtrail"), make_trail(client)
    for sent in ({"AdvancedEventSelectors": [ADVANCED]}, {"EventSelectors": [BASIC]}):
        cloudtrail.put_event_selectors(TrailName=arn, **sent)
        answer = cloudtrail.get_event_selectors(TrailName=arn)
        assert {name: value for name, value in answer.items() if "Selectors" in name and value} == sent
        assert cloudtrail.get_trail(Name=arn)["Trail"]["HasCustomEventSelectors"] is True


def test_insight_selectors_are_said_as_a_whole(client: Callable[[str], Any], bucket: None) -> None:
    cloudtrail, arn = client("cloudtrail"), make_trail(client)
    for kind in ("ApiCallRateInsight", "ApiErrorRateInsight"):
        cloudtrail.put_insight_selectors(TrailName=arn, InsightSelectors=[{"InsightType": kind}])
    answer = cloudtrail.get_insight_selectors(TrailName=arn)
    assert answer["InsightSelectors"] == [{"InsightType": "ApiErrorRateInsight"}]
    assert cloudtrail.get_trail(Name=arn)["Trail"]["HasInsightSelectors"] is True


def test_what_is_taken_off_a_trail_is_not_shown(client: Callable[[str], Any], bucket: None) -> None:
    key = "arn:aws:kms:eu-west-1:111111111111:key/1"
    cloudtrail, arn = client("cloudtrail"), make_trail(client, KmsKeyId=key)
    assert cloudtrail.get_trail(Name=arn)["Trail"]["KmsKeyId"] == key
    cloudtrail.update_trail(Name=arn, KmsKeyId="")
    assert "KmsKeyId" not in cloudtrail.get_trail(Name=arn)["Trail"]
