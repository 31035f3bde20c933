"""EventBridge: rules over events and times, and what they set off."""

from __future__ import annotations

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Need, ResourceType, Tags

_BUS = {"EventBusName": "eventBusName"}
_IS_GONE = frozenset({"ResourceNotFoundException"})
_FORCE_REASON = "a switch of the delete; AWS does not know it"
_PUBLIC = Codec(
    encode=lambda wanted: "ENABLED" if wanted else "DISABLED", decode=lambda word: word == "ENABLED"
)


def _on_bus(known: Properties, name: str) -> str:
    """The name, after that of its bus where that is not the default."""
    bus = known.get("eventBusName") or "default"
    return name if bus == "default" else f"{bus}/{name}"


def _rule(physical_id: str) -> Properties:
    bus, _, name = physical_id.rpartition("/")
    return {"eventBusName": bus or "default", "name": name}


def _target(physical_id: str) -> Properties:
    rule, _, target_id = physical_id.rpartition("/")
    found = _rule(rule)
    return {"eventBusName": found["eventBusName"], "rule": found["name"], "targetId": target_id}


EVENT_RULE = ResourceType(
    token="aws:cloudwatch/eventRule:EventRule",
    service="events",
    create=Call(operation="put_rule"),
    id=lambda known: _on_bus(known, known["name"]),
    parse_id=_rule,
    read=Call(operation="describe_rule", identify={"Name": "name", **_BUS}),
    updates=(Call(operation="put_rule", identify={"Name": "name", **_BUS}, whole=True),),
    delete=Call(
        operation="delete_rule",
        identify={"Name": "name", **_BUS},
        build=lambda known: {"Force": True} if known.get("forceDestroy") else {},
    ),
    # those of the default bus
    list=Call(operation="list_rules", result="Rules[].Name"),
    defaults={"eventBusName": "default", "forceDestroy": False, "state": "ENABLED"},
    auto_name=AutoName(limit=64),
    tags=Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceARN", read="list_tags_for_resource"
    ),
    unreadable={"forceDestroy": _FORCE_REASON},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "description": "an alarm changed its state",
            "eventPattern": '{"source":["aws.cloudwatch"]}',
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "description": "a task stopped",
            "eventPattern": '{"source":["aws.ecs"],"detail-type":["ECS Task State Change"]}',
            "scheduleExpression": "rate(1 hour)",
            "roleArn": need("aws:iam/role:Role", "arn"),
            "state": "DISABLED",
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "another"},
    ),
)

_OF_TARGETS = {
    "appsyncTarget": "AppSyncParameters",
    "batchTarget": "BatchParameters",
    "ecsTarget": "EcsParameters",
    "httpTarget": "HttpParameters",
    "kinesisTarget": "KinesisParameters",
    "redshiftTarget": "RedshiftDataParameters",
    "runCommandTargets": "RunCommandParameters.RunCommandTargets",
    "sagemakerPipelineTarget": "SageMakerPipelineParameters",
    "sqsTarget": "SqsParameters",
}
_TARGET = frozenset(
    {
        *_OF_TARGETS,
        "arn",
        "deadLetterConfig",
        "input",
        "inputPath",
        "inputTransformer",
        "retryPolicy",
        "roleArn",
        "targetId",
    }
)
_OF_A_RULE = {"Rule": "rule", **_BUS}


def _task(need: Need) -> Properties:
    """A task for each event; what an event says goes to its container."""
    return {
        "arn": need("aws:ecs/cluster:Cluster", "arn"),
        "roleArn": need("aws:iam/role:Role", "arn"),
        "inputTransformer": {
            "inputPaths": {"what": "$.detail-type"},
            "inputTemplate": '{"containerOverrides":[{"name":"app","command":["<what>"]}]}',
        },
        "retryPolicy": {"maximumEventAgeInSeconds": 120, "maximumRetryAttempts": 1},
        "deadLetterConfig": {"arn": need("aws:sqs/queue:Queue", "arn", name="failures")},
        "ecsTarget": {
            "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111111111111:task-definition/example:1",
            "taskCount": 1,
            "launchType": "FARGATE",
            "platformVersion": "1.4.0",
            "propagateTags": "TASK_DEFINITION",
            "networkConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]},
            "tags": {"Service": "example"},
        },
    }


EVENT_TARGET = ResourceType(
    token="aws:cloudwatch/eventTarget:EventTarget",
    service="events",
    create=Call(
        operation="put_targets",
        inside="Targets",
        identify=_OF_A_RULE,
        properties=_TARGET | {"eventBusName", "rule"},
    ),
    # the documented import id
    id=lambda known: _on_bus(known, f"{known['rule']}/{known['targetId']}"),
    parse_id=_target,
    read=Call(
        operation="list_targets_by_rule",
        identify=_OF_A_RULE,
        result="Targets[]",
        pick=lambda targets, known: next(
            (each for each in targets if each["Id"] == _target(known["id"])["targetId"]), None
        ),
    ),
    updates=(
        Call(operation="put_targets", inside="Targets", identify=_OF_A_RULE, properties=_TARGET, whole=True),
    ),
    delete=Call(
        operation="remove_targets",
        identify={**_OF_A_RULE, "Ids": "targetId"},
        build=lambda known: {"Force": True} if known.get("forceDestroy") else {},
    ),
    names={
        **_OF_TARGETS,
        "batchTarget.arraySize": "ArrayProperties.Size",
        "batchTarget.jobAttempts": "RetryStrategy.Attempts",
        "ecsTarget.capacityProviderStrategies": "CapacityProviderStrategy",
        "ecsTarget.networkConfiguration": "NetworkConfiguration.awsvpcConfiguration",
        "ecsTarget.networkConfiguration.assignPublicIp": Field("AssignPublicIp", _PUBLIC),
        "ecsTarget.orderedPlacementStrategies": "PlacementStrategy",
        "inputTransformer.inputPaths": "InputPathsMap",
        "redshiftTarget.secretsManagerArn": "SecretManagerArn",
        "sagemakerPipelineTarget.pipelineParameterLists": "PipelineParameterList",
        "targetId": "Id",
    },
    defaults={"eventBusName": "default", "forceDestroy": False},
    auto_name=AutoName(property="targetId", limit=64),
    unreadable={"forceDestroy": _FORCE_REASON},
    replace_on=frozenset({"targetId"}),
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "rule": need("aws:cloudwatch/eventRule:EventRule", "name"),
            "targetId": "queue",
            "arn": need("aws:sqs/queue:Queue", "arn"),
            "inputTransformer": {
                "inputPaths": {"alarm": "$.detail.alarmName"},
                "inputTemplate": '{"alarm":"<alarm>"}',
            },
            "deadLetterConfig": {"arn": need("aws:sqs/queue:Queue", "arn", name="undelivered")},
            "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 4},
        },
        update=_task,
        replace=lambda need: {
            "rule": need("aws:cloudwatch/eventRule:EventRule", "name", name="another"),
            "targetId": "other",
        },
    ),
)
