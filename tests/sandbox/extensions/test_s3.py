from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

BUCKET = "extension-bucket"


def make_bucket(client: Callable[[str], Any]) -> Any:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return s3


def policy(**changes: Any) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | changes]})


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("delete_bucket_intelligent_tiering_configuration", {"Id": "a"}),
        ("delete_bucket_metrics_configuration", {"Id": "a"}),
        ("delete_bucket_analytics_configuration", {"Id": "a"}),
        ("delete_bucket_inventory_configuration", {"Id": "a"}),
        ("delete_bucket_metadata_table_configuration", {}),
        ("delete_bucket_metadata_configuration", {}),
        (
            "put_bucket_metrics_configuration",
            {"Id": "a", "MetricsConfiguration": {"Id": "a"}},
        ),
        (
            "put_bucket_intelligent_tiering_configuration",
            {
                "Id": "a",
                "IntelligentTieringConfiguration": {
                    "Id": "a",
                    "Status": "Enabled",
                    "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
                },
            },
        ),
        ("list_bucket_metrics_configurations", {}),
        ("get_bucket_analytics_configuration", {"Id": "a"}),
    ],
)
def test_what_moto_does_not_know_is_refused_and_leaves_the_bucket(
    client: Callable[[str], Any], call: str, arguments: dict[str, Any]
) -> None:
    s3 = make_bucket(client)
    with pytest.raises(ClientError) as refused:
        getattr(s3, call)(Bucket=BUCKET, **arguments)
    assert refused.value.response["Error"]["Code"] == "NotImplemented"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    s3.head_bucket(Bucket=BUCKET)


def test_who_pays_reads_back(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "BucketOwner"
    s3.put_bucket_request_payment(Bucket=BUCKET, RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "Requester"


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Principal": {"AWS": "arn:aws:iam::222222222222:root"}},
    ],
    ids=["with a condition", "for another account"],
)
def test_a_policy_that_does_not_concern_a_call_does_not_refuse_it(
    client: Callable[[str], Any], changes: dict[str, Any]
) -> None:
    s3 = make_bucket(client)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(**changes))
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"b")
    assert s3.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"b"


def test_a_policy_that_is_no_policy_is_refused(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    with pytest.raises(ClientError, match="MalformedPolicy"):
        s3.put_bucket_policy(Bucket=BUCKET, Policy="no json")


def test_a_public_policy_is_refused_where_public_policies_are_blocked(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration={"BlockPublicPolicy": True})
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(Effect="Allow"))


def test_a_lifecycle_reads_back_whole(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    rules: list[dict[str, Any]] = [
        {
            "ID": "old",
            "Status": "Enabled",
            "Filter": {
                "And": {"Prefix": "logs/", "ObjectSizeGreaterThan": 500, "Tags": [{"Key": "a", "Value": "b"}]}
            },
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
        },
        {
            "ID": "small",
            "Status": "Disabled",
            "Filter": {"ObjectSizeLessThan": 1000},
            "Expiration": {"Days": 10},
        },
        {
            "ID": "all",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"] == rules


def test_events_that_go_to_eventbridge_read_back(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    configuration: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=configuration)
    assert s3.get_bucket_notification_configuration(Bucket=BUCKET)["EventBridgeConfiguration"] == {}
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration={})
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=BUCKET)
