"""EventBridge Scheduler: schedules and their groups."""

from __future__ import annotations

import json
from typing import Any

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

_GROUP = {"Name": "id"}
_SCHEDULE = {"GroupName": "groupName", "Name": "name"}
_GONE = frozenset({"ResourceNotFoundException"})
_ENABLED = Codec(
    encode=lambda wanted: "ENABLED" if wanted else "DISABLED", decode=lambda word: word == "ENABLED"
)


def _written_tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


def _read_tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in tags}


def _message(name: str) -> str:
    return json.dumps({"schema_version": 1, "kind": "schedule", "name": name}, separators=(",", ":"))


SCHEDULE_GROUP = ResourceType(
    token="aws:scheduler/scheduleGroup:ScheduleGroup",
    service="scheduler",
    create=Call(operation="create_schedule_group"),
    id="{name}",
    read=Call(operation="get_schedule_group", identify=_GROUP),
    delete=Call(operation="delete_schedule_group", identify=_GROUP),
    list=Call(operation="list_schedule_groups", result="ScheduleGroups[?Name!='default'].Name"),
    auto_name=AutoName(limit=64),
    tags=Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceArn", read="list_tags_for_resource"
    ),
    gone=_GONE,
    gone_when="State=='DELETING'",
    example=Example(
        inputs=lambda need: {"name": "example", "tags": {"Service": "example"}},
        update=lambda need: {"tags": {"Service": "other", "Owner": "platform"}},
        replace=lambda need: {"name": "other"},
    ),
)


def _parse_id(physical_id: str) -> Properties:
    return dict(zip(("groupName", "name"), physical_id.split("/", 1), strict=True))


def _identity(schedule: Any) -> Properties:
    return {"id": f"{schedule['GroupName']}/{schedule['Name']}"}


SCHEDULE = ResourceType(
    token="aws:scheduler/schedule:Schedule",
    service="scheduler",
    create=Call(operation="create_schedule"),
    id="{groupName}/{name}",
    read=Call(operation="get_schedule", identify=_SCHEDULE),
    updates=(Call(operation="update_schedule", identify=_SCHEDULE, whole=True),),
    delete=Call(operation="delete_schedule", identify=_SCHEDULE),
    list=Call(operation="list_schedules", result="Schedules", decode=_identity),
    parse_id=_parse_id,
    names={
        "target.ecsParameters.capacityProviderStrategies": "CapacityProviderStrategy",
        "target.ecsParameters.networkConfiguration": "NetworkConfiguration.awsvpcConfiguration",
        "target.ecsParameters.networkConfiguration.assignPublicIp": Field("AssignPublicIp", _ENABLED),
        "target.ecsParameters.placementStrategies": "PlacementStrategy",
        "target.ecsParameters.tags": Field("Tags", Codec(encode=_written_tags, decode=_read_tags)),
        "target.sagemakerPipelineParameters.pipelineParameters": "PipelineParameterList",
    },
    defaults={
        "actionAfterCompletion": "NONE",
        "groupName": "default",
        "scheduleExpressionTimezone": "UTC",
        "state": "ENABLED",
    },
    auto_name=AutoName(limit=64),
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "digest",
            "groupName": need("aws:scheduler/scheduleGroup:ScheduleGroup", "name"),
            "description": "sends the digest",
            "scheduleExpression": "cron(0 7 * * ? *)",
            "scheduleExpressionTimezone": "Europe/Berlin",
            "flexibleTimeWindow": {"mode": "OFF"},
            "kmsKeyArn": need("aws:kms/key:Key", "arn"),
            "target": {
                "arn": need("aws:sqs/queue:Queue", "arn"),
                "roleArn": need("aws:iam/role:Role", "arn"),
                "input": _message("digest"),
                "deadLetterConfig": {"arn": need("aws:sqs/queue:Queue", "arn", name="schedules-failures")},
                "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 5},
            },
        },
        update=lambda need: {
            "description": "sends no digest",
            "scheduleExpression": "rate(2 hours)",
            "scheduleExpressionTimezone": "UTC",
            "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15},
            "kmsKeyArn": need("aws:kms/key:Key", "arn", description="another"),
            "state": "DISABLED",
            "startDate": "2099-01-01T00:00:00Z",
            "target": {
                "arn": need("aws:ecs/cluster:Cluster", "arn"),
                "roleArn": need("aws:iam/role:Role", "arn"),
                "ecsParameters": {
                    "taskDefinitionArn": need("aws:ecs/taskDefinition:TaskDefinition", "arn"),
                    "launchType": "FARGATE",
                    "taskCount": 1,
                    "enableEcsManagedTags": True,
                    "networkConfiguration": {
                        "subnets": [need("aws:ec2/subnet:Subnet", "id")],
                        "assignPublicIp": False,
                    },
                    "tags": {"Service": "example"},
                },
            },
        },
        replace=lambda need: {"name": "other", "groupName": "default"},
    ),
)
