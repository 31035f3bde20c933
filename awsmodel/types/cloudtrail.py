"""CloudTrail: who did what in the account."""

from __future__ import annotations

import json
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Need, Params, ResourceType, Tags

_TRAIL = {"Name": "id"}
_OF_LOGS = frozenset({"cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"})
_SELECTORS = frozenset({"eventSelectors", "advancedEventSelectors"})
# what CloudTrail selects where nobody said otherwise: API reference, PutEventSelectors
_ALL_MANAGEMENT_EVENTS = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}


def _logs(known: Properties) -> Params:
    """AWS takes the group and the role together only."""
    return {
        "CloudWatchLogsLogGroupArn": known.get("cloudWatchLogsGroupArn") or "",
        "CloudWatchLogsRoleArn": known.get("cloudWatchLogsRoleArn") or "",
    }


def _selected(known: Properties) -> Params:
    chosen = known.get("eventSelectors") or known.get("advancedEventSelectors")
    return {} if chosen else {"EventSelectors": [_ALL_MANAGEMENT_EVENTS]}


def _chosen(answer: Any, known: Properties) -> Any:
    """The selectors that somebody chose: a trail without any shows those that it begins with."""
    chosen = [
        each
        for each in answer.get("EventSelectors") or ()
        if {**_ALL_MANAGEMENT_EVENTS, **{name: value for name, value in each.items() if value}}
        != _ALL_MANAGEMENT_EVENTS
    ]
    return {
        "EventSelectors": chosen or None,
        "AdvancedEventSelectors": answer.get("AdvancedEventSelectors") or None,
    }


def _bucket(need: Need, **changes: Any) -> Any:
    """A bucket that CloudTrail may write to: user guide, "Amazon S3 bucket policy for CloudTrail"."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                "Resource": ["arn:aws:s3:::*"],
            }
        ],
    }
    bucket = need("aws:s3/bucket:Bucket", "id", **changes)
    return need("aws:s3/bucketPolicy:BucketPolicy", "bucket", bucket=bucket, policy=json.dumps(policy))


TRAIL = ResourceType(
    token="aws:cloudtrail/trail:Trail",
    service="cloudtrail",
    create=Call(operation="create_trail"),
    id="TrailARN",
    read=Call(
        operation="describe_trails",
        identify={"trailNameList": "id"},
        result="trailList[0]",
    ),
    more_reads=(
        Call(operation="get_trail_status", identify=_TRAIL, properties=frozenset({"enableLogging"})),
        Call(
            operation="get_event_selectors",
            identify={"TrailName": "id"},
            properties=_SELECTORS,
            pick=_chosen,
        ),
        Call(
            operation="get_insight_selectors",
            identify={"TrailName": "id"},
            properties=frozenset({"insightSelectors"}),
            unless=frozenset({"InsightNotEnabledException"}),
        ),
    ),
    updates=(
        Call(
            operation="update_trail",
            identify=_TRAIL,
            properties=frozenset(
                {
                    "enableLogFileValidation",
                    "includeGlobalServiceEvents",
                    "isMultiRegionTrail",
                    "isOrganizationTrail",
                    "kmsKeyId",
                    "s3BucketName",
                    "s3KeyPrefix",
                    "snsTopicName",
                }
            ),
        ),
        Call(operation="update_trail", identify=_TRAIL, properties=_OF_LOGS, build=_logs),
        Call(
            operation="put_event_selectors",
            identify={"TrailName": "id"},
            properties=_SELECTORS,
            whole=True,
            build=_selected,
        ),
        Call(
            operation="put_insight_selectors",
            identify={"TrailName": "id"},
            properties=frozenset({"insightSelectors"}),
        ),
        Call(
            operation="start_logging",
            identify=_TRAIL,
            properties=frozenset({"enableLogging"}),
            build=lambda known: {} if known.get("enableLogging") else None,
        ),
        Call(
            operation="stop_logging",
            identify=_TRAIL,
            properties=frozenset({"enableLogging"}),
            build=lambda known: None if known.get("enableLogging") else {},
        ),
    ),
    delete=Call(operation="delete_trail", identify=_TRAIL),
    # without the trails of other regions that reach into this one
    list=Call(
        operation="describe_trails", fixed={"includeShadowTrails": False}, result="trailList[].TrailARN"
    ),
    names={
        "advancedEventSelectors.fieldSelectors.endsWiths": "EndsWith",
        "advancedEventSelectors.fieldSelectors.notEndsWiths": "NotEndsWith",
        "advancedEventSelectors.fieldSelectors.notStartsWiths": "NotStartsWith",
        "advancedEventSelectors.fieldSelectors.startsWiths": "StartsWith",
        "arn": "TrailARN",
        "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
        "enableLogFileValidation": "EnableLogFileValidation|LogFileValidationEnabled",
        "enableLogging": "IsLogging",
    },
    defaults={
        "enableLogFileValidation": False,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
    },
    auto_name=AutoName(limit=128),
    tags=Tags(
        tag="add_tags", untag="remove_tags", target="ResourceId", untag_keys="TagsList", read="list_tags"
    ),
    gone=frozenset({"TrailNotFoundException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "s3BucketName": _bucket(need),
            "s3KeyPrefix": "trail",
            "isMultiRegionTrail": True,
            "enableLogFileValidation": True,
            "kmsKeyId": need("aws:kms/key:Key", "arn"),
            "cloudWatchLogsGroupArn": need("aws:cloudwatch/logGroup:LogGroup", "arn") + ":*",
            "cloudWatchLogsRoleArn": need("aws:iam/role:Role", "arn"),
            "snsTopicName": need("aws:sns/topic:Topic", "name"),
            "eventSelectors": [
                {
                    "readWriteType": "WriteOnly",
                    "includeManagementEvents": True,
                    "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
                }
            ],
            "insightSelectors": [{"insightType": "ApiCallRateInsight"}],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "s3KeyPrefix": "other",
            "isMultiRegionTrail": False,
            "enableLogFileValidation": False,
            "enableLogging": False,
            "kmsKeyId": need("aws:kms/key:Key", "arn", description="another"),
            "eventSelectors": None,
            "advancedEventSelectors": [
                {
                    "name": "writes to objects",
                    "fieldSelectors": [
                        {"field": "eventCategory", "equals": ["Data"]},
                        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                        {"field": "resources.ARN", "startsWiths": ["arn:aws:s3:::example/"]},
                    ],
                }
            ],
            "insightSelectors": [{"insightType": "ApiErrorRateInsight"}],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "another"},
    ),
)
