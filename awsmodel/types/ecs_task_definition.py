"""ECS task definitions: each change is a new revision."""

from __future__ import annotations

import json
from typing import Any

from awsmodel.names import JSON_TEXT, Field
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.ecs_cluster import ecs_tags

# ECS API reference, ContainerDefinition, PortMapping and HealthCheck: what AWS fills in
_DEFAULTS: Params = {
    "cpu": 0,
    "essential": True,
    "protocol": "tcp",
    "interval": 30,
    "timeout": 5,
    "retries": 3,
}
# lists whose order says nothing, by what tells their items apart
_UNORDERED = {
    "dependsOn": "containerName",
    "environment": "name",
    "environmentFiles": "value",
    "mountPoints": "containerPath",
    "portMappings": "containerPort",
    "secrets": "name",
    "ulimits": "name",
}


def _canonical(containers: str) -> Any:
    """Container definitions without what AWS adds and without an order that says nothing.

    The order of a command is kept. A text that is no JSON stays as it is: AWS says what is wrong with it.
    """
    try:
        return sorted(
            (_plain(container) for container in json.loads(containers)), key=lambda one: str(one.get("name"))
        )
    except (ValueError, TypeError, AttributeError):
        return containers


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {}
    for name, inner in value.items():
        inner = _plain(inner)
        if inner in (None, [], {}, "") or _DEFAULTS.get(name) == inner:
            continue
        if name == "hostPort" and inner in (0, value.get("containerPort")):
            continue
        if name in _UNORDERED and isinstance(inner, list):
            inner = sorted(inner, key=lambda item: str(item.get(_UNORDERED[name])))
        plain[name] = inner
    return plain


TASK_DEFINITION = ResourceType(
    token="aws:ecs/taskDefinition:TaskDefinition",
    service="ecs",
    create=Call(operation="register_task_definition"),
    id="taskDefinition.family",
    read=Call(
        operation="describe_task_definition", identify={"taskDefinition": "arn"}, result="taskDefinition"
    ),
    delete=Call(
        operation="deregister_task_definition",
        identify={"taskDefinition": "arn"},
        build=lambda known: None if known.get("skipDestroy") else {},
    ),
    list=Call(operation="list_task_definition_families", fixed={"status": "ACTIVE"}, result="families"),
    # imported by its ARN; the family alone means its newest revision
    parse_id=lambda identity: {"arn": identity},
    names={
        "arn": "taskDefinitionArn",
        "containerDefinitions": Field("containerDefinitions", JSON_TEXT),
        "volumes.configureAtLaunch": "configuredAtLaunch",
        "volumes.hostPath": "host.sourcePath",
    },
    canonical={"containerDefinitions": _canonical},
    defaults={"skipDestroy": False},
    tags=ecs_tags(read="list_tags_for_resource"),
    unreadable={"skipDestroy": "AWS does not know it: it says what a destroy does"},
    not_modelled={"trackLatest": "the state follows the revision that the program made"},
    derive=lambda known, scope: {
        "id": known["family"],
        "arnWithoutRevision": known["arn"].rpartition(":")[0],
    },
    gone=frozenset({"ClientException"}),
    gone_when="status!='ACTIVE'",
    example=Example(
        inputs=lambda need: {
            "family": "example",
            "cpu": "256",
            "memory": "512",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "executionRoleArn": need("aws:iam/role:Role", "arn"),
            "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
            "ephemeralStorage": {"sizeInGib": 30},
            "volumes": [{"name": "scratch"}],
            "containerDefinitions": json.dumps(
                [
                    {
                        "name": "app",
                        "image": f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:{'0' * 64}",
                        "command": ["serve", "--port", "8080"],
                        "portMappings": [{"containerPort": 8080}],
                        "readonlyRootFilesystem": True,
                        "user": "10001",
                        "environment": [
                            {"name": "RELEASE_ID", "value": "1"},
                            {"name": "ENV", "value": "dev"},
                        ],
                        "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/tmp"}],  # noqa: S108
                        "healthCheck": {"command": ["CMD", "healthy"], "interval": 15},
                        "logConfiguration": {
                            "logDriver": "awslogs",
                            "options": {"awslogs-group": "app", "awslogs-region": "eu-west-1"},
                        },
                    }
                ]
            ),
        },
        update=lambda need: {"tags": {"Owner": "platform"}},
        replace=lambda need: {"memory": "1024"},
    ),
)
